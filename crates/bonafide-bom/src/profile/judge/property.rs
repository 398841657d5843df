//! Name-value pairs, where the standard has no field.

use bonafide_core::assessment::Evidence;

use super::said;
use crate::json::Pointer;
use crate::profile::examined::{Examined, Located};
use crate::profile::judged::{Judged, quote};
use crate::view::Property;

/// Whether a property has one of the names: written out, or after the last colon.
fn named(property: &Property<'_>, names: &[&str]) -> bool {
    let Some(name) = property.name.as_deref() else {
        return false;
    };
    let short = name.rsplit(':').next().unwrap_or(name);
    names.contains(&name) || names.contains(&short)
}

/// The value of a property of the model, its card or the document.
pub(super) fn find<'x>(
    x: &'x Examined<'_>,
    located: &'x Located<'_>,
    names: &[&str],
) -> Option<(&'x str, Pointer)> {
    let card = located.component.model_card.as_deref();
    let metadata = Pointer::root().member("metadata").member("properties");
    let lists: [(&[Property<'_>], Pointer); 3] = [
        (
            card.map_or(&[][..], |card| &card.properties),
            located.at("modelCard").member("properties"),
        ),
        (&located.component.properties, located.at("properties")),
        (
            x.bom
                .metadata
                .as_deref()
                .map_or(&[][..], |known| &known.properties),
            metadata,
        ),
    ];
    lists.into_iter().find_map(|(list, place)| {
        let mut all = list.iter().enumerate();
        all.find_map(|(index, property)| {
            let value = said(property.value.as_deref())?;
            named(property, names).then(|| (value, place.element(index)))
        })
    })
}

/// A property by its names.
pub(in crate::profile) fn of_model(
    x: &Examined<'_>,
    located: &Located<'_>,
    names: &[&str],
) -> Judged {
    match find(x, located, names) {
        Some((value, place)) => x.declared(quote(value), vec![place]),
        None => Judged::missing_at(&located.pointer, "not stated"),
    }
}

/// What a field says; where it says nothing, a property.
pub(in crate::profile) fn unless(
    x: &Examined<'_>,
    located: &Located<'_>,
    field: impl Fn(&Examined<'_>, &Located<'_>) -> Judged,
    names: &[&str],
) -> Judged {
    let judged = field(x, located);
    if judged.evidence != Evidence::Missing {
        return judged;
    }
    match find(x, located, names) {
        Some((value, place)) => x.declared(quote(value), vec![place]),
        None => judged,
    }
}
