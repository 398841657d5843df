//! GGUF models in several files.

use std::collections::{BTreeMap, BTreeSet};

use bonafide_core::{Severity, ThreatId};

use super::{Misfit, misfit};
use crate::inspection::FileInspection;
use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[&SPLIT];

const SPLIT: Rule = Rule {
    slug: "gguf-split",
    title: "Files of a split model that do not fit each other",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Some of the weights were not examined, or belong to another model.",
    remediation: "Examine the model with all of its files, as they are at its origin.",
    threats: &[ThreatId("MDL-04"), ThreatId("ART-06")],
    cwe: &[1284],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

/// What is in front of `-00001-of-00003.gguf`: loaders find the other files by it.
fn model(name: &[u8]) -> &[u8] {
    let without = |name: &[u8]| {
        let rest = name.strip_suffix(b".gguf")?;
        let digits = |bytes: &[u8]| bytes.len() == 5 && bytes.iter().all(u8::is_ascii_digit);
        let (rest, count) = rest.split_at_checked(rest.len().checked_sub(5)?)?;
        let rest = rest.strip_suffix(b"-of-")?;
        let (rest, number) = rest.split_at_checked(rest.len().checked_sub(5)?)?;
        (digits(count) && digits(number) && rest.ends_with(b"-")).then_some(rest.len())
    };
    without(name)
        .and_then(|end| name.get(..end))
        .unwrap_or(name)
}

/// Holds the files of each model against each other.
pub(super) fn relate(files: &[FileInspection]) -> Vec<Misfit> {
    let mut models: BTreeMap<&[u8], Vec<(&FileInspection, crate::tensor::Split)>> = BTreeMap::new();
    for file in files {
        if let Some(split) = file.links.split.filter(|split| split.count > 1) {
            models
                .entry(model(file.name.as_bytes()))
                .or_default()
                .push((file, split));
        }
    }
    let mut misfits = Vec::new();
    for parts in models.values() {
        let Some((first, split)) = parts.first() else {
            continue;
        };
        let mut report = |message: String| {
            misfits.push(misfit(&first.name, &SPLIT, None, message));
        };
        let counts: BTreeSet<u64> = parts.iter().map(|(_, split)| split.count).collect();
        if counts.len() > 1 {
            report(format!("the files say that there are {counts:?} of them"));
            continue;
        }
        let numbers: BTreeSet<u64> = parts
            .iter()
            .map(|(_, split)| split.number)
            .filter(|number| *number < split.count)
            .collect();
        let distinct = numbers.len() as u64;
        if distinct < parts.len() as u64 {
            report("two files are the same part, or one that cannot be".to_owned());
        }
        if distinct < split.count {
            report(format!(
                "{} of {} files are missing",
                split.count - distinct,
                split.count
            ));
            continue;
        }
        let here = parts
            .iter()
            .map(|(_, split)| split.here)
            .fold(0_u64, u64::saturating_add);
        if let Some(wanted) = parts.iter().find_map(|(_, split)| split.tensors)
            && wanted != here
        {
            report(format!(
                "the files should have {wanted} tensors, and have {here}"
            ));
        }
    }
    misfits
}

#[cfg(test)]
mod tests {
    use super::model;

    #[test]
    fn files_of_a_model_share_what_is_in_front_of_their_numbers() {
        assert_eq!(model(b"a/m-00001-of-00003.gguf"), b"a/m-");
        for name in [
            &b"m.gguf"[..],
            b"m-0001-of-00003.gguf",
            b"-of-",
            b"",
            b"00001-of-00003.gguf",
        ] {
            assert_eq!(model(name), name);
        }
    }
}
