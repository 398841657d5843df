//! Licence expressions.

use bonafide_bom::license::{Licence, LicenceSet, MOST_ALTERNATIVES, MOST_TOGETHER, conflicts};

use super::shown;

/// Any text as an expression, as a name, as the words of a field.
///
/// - What is read is printed, and the printed form says the same.
/// - There are never more alternatives than may be.
/// - A refusal can be printed.
pub fn licence(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let named = Licence::named(text);
    shown::licence(&named.to_string());
    let _ = named.says_nothing();
    let free = LicenceSet::text(text);
    is_fit(&free);
    let set = match LicenceSet::expression(text) {
        Ok(set) => set,
        Err(error) => return shown::text(&error.to_string()),
    };
    is_fit(&set);
    assert!(!set.alternatives.is_empty(), "an expression of nothing");
    // Printed names are cut: what is longer is not the same any more.
    let is_whole = set.licences().iter().all(|licence| {
        licence.name.chars().count() < 90
            && licence
                .exception
                .as_ref()
                .is_none_or(|exception| exception.chars().count() < 90)
    });
    if is_whole {
        let again = LicenceSet::expression(&set.to_string());
        match again {
            Ok(again) => assert_eq!(again, set, "printed as another"),
            // The printed form has brackets and is spread out, so it may be too long.
            Err(error) => assert!(
                set.to_string().len() > bonafide_bom::license::MOST_BYTES,
                "printed, but refused: {set}: {error}"
            ),
        }
    }
}

fn is_fit(set: &LicenceSet) {
    assert!(set.alternatives.len() <= MOST_ALTERNATIVES);
    assert!(
        set.alternatives
            .iter()
            .all(|all| all.len() <= MOST_TOGETHER)
    );
    shown::licence(&set.to_string());
    assert_eq!(set.terms().count(), set.alternatives.len());
    let other = LicenceSet::one(Licence::named("llama3.1"));
    for (parent, child) in [(set, &other), (&other, set), (set, &LicenceSet::none())] {
        for conflict in conflicts(parent, child) {
            shown::licence(&conflict.to_string());
        }
    }
}
