//! Names that some systems, or some readers, take for others.

use std::collections::HashMap;

use bonafide_core::{ArtifactName, RawName};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

/// The names among `names` that can mislead, each with the reason. Signing refuses
/// them, and the check `unsafe-name` reports them.
///
/// Names are compared within their directory, so every directory has to be among
/// the names for two that become one to be found.
#[must_use]
pub fn misleading<'a>(names: impl Iterator<Item = &'a ArtifactName>) -> Vec<(RawName, String)> {
    let names: Vec<&ArtifactName> = names.collect();
    let mut found: Vec<(RawName, String)> = names
        .iter()
        .filter_map(|name| Some((name.to_raw(), character_defect(name)?)))
        .collect();
    found.extend(collisions(&names));
    found
}

fn character_defect(name: &ArtifactName) -> Option<String> {
    let foreign = (!name.as_str().is_ascii()).then(|| name.invisible_character());
    if let Some((position, character)) = foreign.flatten() {
        return Some(format!(
            "name holds the invisible or reordering character U+{:04X} at byte {position}",
            u32::from(character)
        ));
    }
    name.as_str()
        .contains('\\')
        .then(|| "name holds a backslash, which separates directories on other systems".to_owned())
}

/// A directory, and what a name in it becomes when details are ignored.
type Folded<'a> = (&'a str, String);

fn collisions(names: &[&ArtifactName]) -> Vec<(RawName, String)> {
    // Letters of other scripts are looked at only where there are any: most
    // trees are plain ASCII, and ASCII look-alikes (`l` and `1`) are ordinary.
    let foreign = names.iter().any(|name| !name.as_str().is_ascii());
    let mut folded: HashMap<Folded<'_>, &ArtifactName> = HashMap::with_capacity(names.len());
    let mut skeletons: HashMap<Folded<'_>, &ArtifactName> = HashMap::new();
    let mut found = Vec::new();
    for name in names {
        let (directory, base) = name
            .as_str()
            .rsplit_once('/')
            .unwrap_or(("", name.as_str()));
        let fold = fold(base);
        let skeleton = foreign.then(|| skeleton(&fold).collect::<String>());
        if let Some(earlier) = folded.insert((directory, fold), name) {
            let reason = format!(
                "name differs from `{earlier}` only in case, Unicode form, or dots and spaces at its end"
            );
            found.push((name.to_raw(), reason));
        } else if let Some(skeleton) = skeleton
            && let Some(earlier) = skeletons.insert((directory, skeleton), name)
            && !(name.as_str().is_ascii() && earlier.as_str().is_ascii())
        {
            found.push((
                name.to_raw(),
                format!("name looks like `{earlier}`, but is another"),
            ));
        }
    }
    found
}

/// What case-insensitive, normalizing and trimming file systems make of a name.
fn fold(base: &str) -> String {
    let lower = if base.is_ascii() {
        base.to_ascii_lowercase()
    } else {
        base.nfc().collect::<String>().to_lowercase()
    };
    let trimmed = lower.trim_end_matches(['.', ' ']);
    if trimmed.is_empty() {
        lower
    } else {
        trimmed.to_owned()
    }
}
