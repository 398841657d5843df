//! Claims of completeness, against each other and against what is there.

use std::collections::{HashMap, HashSet};

use super::components::{Substance, substances};
use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::{Bom, Text};

pub(super) fn examine(bom: &Bom<'_>, found: &mut Found) {
    if bom.compositions.is_empty() {
        return;
    }
    of_nothing(bom, found);
    contradictions(bom, "assemblies", found);
    contradictions(bom, "dependencies", found);
    without_parts(bom, found);
    without_dependencies(bom, found);
}

/// References of the compositions in one member, with what is said of them and where.
fn listed<'b>(
    bom: &'b Bom<'_>,
    member: &'static str,
) -> impl Iterator<Item = (&'b str, &'b str, Pointer)> {
    let compositions = bom.compositions.iter().enumerate();
    compositions.flat_map(move |(index, composition)| {
        let aggregate = composition.aggregate.as_deref().unwrap_or_default();
        let list: &[Text<'_>] = match member {
            "assemblies" => &composition.assemblies,
            _ => &composition.dependencies,
        };
        list.iter().enumerate().map(move |(place, reference)| {
            let at = Pointer::root().member("compositions").element(index);
            (&**reference, aggregate, at.member(member).element(place))
        })
    })
}

/// A composition says something of something.
fn of_nothing(bom: &Bom<'_>, found: &mut Found) {
    for (index, composition) in bom.compositions.iter().enumerate() {
        let aggregate = composition.aggregate.as_deref().unwrap_or_default();
        let empty = composition.assemblies.is_empty()
            && composition.dependencies.is_empty()
            && composition.vulnerabilities.is_empty();
        if empty && !matches!(aggregate, "unknown" | "not_specified") {
            let at = Pointer::root().member("compositions").element(index);
            let aggregate = quote(aggregate);
            found.add(&at, DefectKind::CompositionOfNothing { aggregate });
        }
    }
}

/// What is complete is not incomplete or unknown as well.
fn contradictions(bom: &Bom<'_>, member: &'static str, found: &mut Found) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for (reference, aggregate, at) in listed(bom, member) {
        let known = *first.entry(reference).or_insert(aggregate);
        if known != aggregate && (known == "complete" || aggregate == "complete") {
            let kind = DefectKind::CompositionContradicts {
                reference: quote(reference),
                first: quote(known),
                second: quote(aggregate),
            };
            found.add(&at, kind);
        }
    }
}

/// Something whose parts are all listed has parts, or is one file with its digest. Programs
/// and libraries are often listed alone; models and data are made of files.
fn without_parts(bom: &Bom<'_>, found: &mut Found) {
    let complete = |(_, aggregate, _): &(&str, &str, Pointer)| *aggregate == "complete";
    let asked: HashMap<&str, Substance> = listed(bom, "assemblies")
        .filter(complete)
        .map(|(reference, ..)| (reference, Substance::default()))
        .collect();
    if asked.is_empty() {
        return;
    }
    let substances = substances(bom, asked);
    for (reference, _, at) in listed(bom, "assemblies").filter(complete) {
        let lacking = substances
            .get(reference)
            .is_some_and(|substance| substance.is_made_of_files && !substance.has_substance);
        if lacking {
            let reference = quote(reference);
            found.add(&at, DefectKind::CompleteWithoutParts { reference });
        }
    }
}

/// What has no needs has an empty entry in the graph, so that this can be told from not
/// having looked.
fn without_dependencies(bom: &Bom<'_>, found: &mut Found) {
    let entries: HashSet<&str> = bom
        .dependencies
        .iter()
        .filter_map(|entry| entry.reference.as_deref())
        .collect();
    for (reference, aggregate, at) in listed(bom, "dependencies") {
        if aggregate == "complete" && !entries.contains(reference) {
            let reference = quote(reference);
            found.add(&at, DefectKind::CompleteWithoutDependencies { reference });
        }
    }
}
