//! Licences, held against those that the artifact states.

use std::collections::BTreeSet;

use bonafide_core::assessment::Evidence;

use super::said;
use crate::excerpt;
use crate::json::Pointer;
use crate::license::LicenceSet;
use crate::profile::examined::{Examined, Located};
use crate::profile::judged::{Judged, quote};
use crate::view::LicenseChoice;

/// Licence of a component.
pub(in crate::profile) fn of_component(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let place = located.at("licenses");
    let stated = match stated(&located.component.licenses, &place) {
        Ok(stated) => stated,
        Err(judged) => return judged,
    };
    if stated.is_undeclared() {
        return Judged::missing_at(&located.pointer, "no licence is stated");
    }
    let shown = excerpt(&stated.to_string(), 100);
    let card = x.facts(located).and_then(|facts| facts.card.as_ref());
    let in_card = card
        .map(|card| card.licences())
        .filter(|licences| !licences.is_undeclared());
    match in_card {
        Some(other) if names(&other) == names(&stated) => x.consistent(
            format!("{shown}, as the artifact's README says"),
            vec![place],
        ),
        Some(other) => Judged::new(
            Evidence::Contradicted,
            format!(
                "{shown}, but the artifact's README says {}",
                excerpt(&other.to_string(), 100)
            ),
            vec![place],
        ),
        None => x.declared(format!("{shown}; nothing else says so"), vec![place]),
    }
}

fn names(set: &LicenceSet) -> BTreeSet<String> {
    let licences = set.licences().into_iter();
    licences.map(|licence| licence.name.clone()).collect()
}

fn stated(choices: &[LicenseChoice<'_>], place: &Pointer) -> Result<LicenceSet, Judged> {
    let mut sets = Vec::new();
    for (index, choice) in choices.iter().enumerate() {
        if let Some(text) = said(choice.expression.as_deref()) {
            let set = LicenceSet::expression(text).map_err(|error| {
                Judged::new(
                    Evidence::Contradicted,
                    format!("{}: {error}", quote(text)),
                    vec![place.element(index).member("expression")],
                )
            })?;
            sets.push(set);
        }
        let named = choice.license.as_ref();
        let name =
            named.and_then(|known| said(known.id.as_deref()).or(said(known.name.as_deref())));
        if let Some(name) = name {
            sets.push(LicenceSet::text(name));
        } else if let Some(url) = named.and_then(|known| said(known.url.as_deref())) {
            sets.push(LicenceSet::text(url));
        }
    }
    LicenceSet::all(sets).map_err(|error| {
        Judged::new(
            Evidence::Contradicted,
            error.to_string(),
            vec![place.clone()],
        )
    })
}
