//! Tensors in other files: whether those are there, and hold what they should.

use std::collections::BTreeMap;

use bonafide_core::excerpt;

use crate::coverage::{Ledger, State};
use crate::defect::Defect;
use crate::inspection::FileInspection;
use crate::relation::Misfit;

/// Name of a file in the folder of another one.
fn beside(name: &str, location: &str) -> String {
    let location = location
        .split('/')
        .filter(|part| !matches!(*part, "" | "."));
    let folder = name.rsplit_once('/').map(|(folder, _)| folder);
    folder
        .into_iter()
        .chain(location)
        .collect::<Vec<_>>()
        .join("/")
}

/// Reports files that are not there, or too short.
pub(crate) fn absent(files: &[FileInspection]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    if files.iter().all(|file| file.links.external.is_empty()) {
        return misfits;
    }
    let sizes: BTreeMap<String, u64> = files
        .iter()
        .map(|file| (file.name.to_string(), file.size))
        .collect();
    for file in files {
        let name = file.name.to_string();
        for external in &file.links.external {
            let wanted = beside(&name, &external.location);
            let end = external.ranges.last().map_or(0, |range| range.end);
            let shown = excerpt(&external.location, 120);
            let message = match sizes.get(&wanted) {
                None => format!("`{shown}` is not in the artifact"),
                Some(size) if *size < end => {
                    format!("`{shown}` has {size} bytes, {end} are wanted")
                }
                Some(_) => continue,
            };
            misfits.push(Misfit {
                file: file.name.clone(),
                defect: Defect {
                    rule: external.rule,
                    body: String::new(),
                    range: None,
                    about: Some(shown),
                    message,
                },
            });
        }
    }
    misfits
}

/// Takes the bytes that tensors are in for what they are: numbers. Only in files that no
/// reader knew; the rest of them stays unknown.
pub(crate) fn explain(files: &mut [FileInspection]) {
    let mut explained: BTreeMap<String, Ledger> = BTreeMap::new();
    for file in files.iter() {
        let name = file.name.to_string();
        for external in &file.links.external {
            let ledger = explained
                .entry(beside(&name, &external.location))
                .or_default();
            for range in &external.ranges {
                ledger.claim(range.clone(), &State::Data);
            }
        }
    }
    if explained.is_empty() {
        return;
    }
    for file in files {
        let Some(claims) = explained.remove(&file.name.to_string()) else {
            continue;
        };
        let [body] = file.bodies.as_mut_slice() else {
            continue;
        };
        if body.format.is_some() {
            continue;
        }
        let mut ledger = Ledger::default();
        for claim in claims.into_spans() {
            ledger.claim(
                claim.range.start..claim.range.end.min(body.size),
                &claim.state,
            );
        }
        for span in std::mem::take(&mut body.spans) {
            ledger.claim(span.range, &span.state);
        }
        body.spans = ledger.into_spans();
    }
}
