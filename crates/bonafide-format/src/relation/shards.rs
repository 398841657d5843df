//! The index of a model in several files (`model.safetensors.index.json`), and the files.

use std::collections::{BTreeMap, HashMap, HashSet};

use bonafide_core::{RawName, Severity, ThreatId, excerpt};

use super::{Misfit, folder, misfit};
use crate::inspection::FileInspection;
use crate::json::{Document, Value};
use crate::path::{OUTSIDE, leads_outside};
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[
    &INVALID,
    &SHARD_MISSING,
    &TENSOR_MISSING,
    &UNLISTED,
    &TWICE,
    &TOTAL,
];

const INVALID: Rule = Rule {
    slug: "index-invalid",
    title: "Index that does not lead from tensors to files",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Loaders open what it names. What is no name of a file leads each of them elsewhere.",
    remediation: "Write the index anew from the files.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

const SHARD_MISSING: Rule = Rule {
    slug: "index-file-missing",
    title: "Index names a file that is not there",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Some of the weights were not examined: a loader fetches the file, or takes one that is put there.",
    remediation: "Examine the model with all of its files.",
    threats: &[ThreatId("MDL-04"), ThreatId("ART-06")],
    cwe: &[1284],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

const TENSOR_MISSING: Rule = Rule {
    slug: "index-tensor-missing",
    title: "Index names a tensor that its file does not have",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "The files are not those that the index was written for; loaders fill the tensor with random numbers.",
    remediation: "Compare the files and the index with their origin.",
    threats: &[ThreatId("MDL-04")],
    cwe: &[1284],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

const UNLISTED: Rule = Rule {
    slug: "index-tensor-unlisted",
    title: "File has a tensor that the index does not name",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Loaders that read whole files take it, others do not: two users run two models.",
    remediation: "Compare the files and the index with their origin.",
    threats: &[ThreatId("MDL-04")],
    cwe: &[436],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

const TWICE: Rule = Rule {
    slug: "index-tensor-twice",
    title: "Tensor is in two files of one model",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Loaders that read whole files take the last, others the one that the index names: two users \
        run two models.",
    remediation: "Compare the files and the index with their origin.",
    threats: &[ThreatId("MDL-04")],
    cwe: &[436],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

const TOTAL: Rule = Rule {
    slug: "index-total-size",
    title: "Size in the index is not that of the tensors",
    hazard: Hazard::Inconsistent,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "Some writers count tensors that are stored once twice. It is also a sign that files were exchanged.",
    remediation: "Compare the files and the index with their origin.",
    threats: &[ThreatId("MDL-04")],
    cwe: &[1284],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

/// Most findings of a rule about one index.
const MOST: usize = 32;

/// What an index says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// Names of files, below the folder of the index.
    files: Vec<String>,
    /// Each tensor, and the number of its file.
    tensors: Vec<(String, usize)>,
    /// Bytes of all tensors.
    total: Option<u64>,
}

/// Recognises an index by its `weight_map`.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let Some(map) = document.root.get("weight_map") else {
        return;
    };
    if !matches!(map.value, Value::Object(_)) {
        let place = Some(map.range.clone());
        visit.report(&INVALID, place, "`weight_map` is not an object");
        return;
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut tensors = Vec::with_capacity(map.members().len());
    for member in map.members() {
        let place = Some(member.value.range.clone());
        let shown = excerpt(&member.name, 80);
        let Some(file) = member.value.text().filter(|file| !file.is_empty()) else {
            let message = format!("the file of `{shown}` is not a name");
            visit.report_about(&INVALID, place, &member.name, message);
            continue;
        };
        let next = numbers.len();
        let number = *numbers.entry(file).or_insert_with(|| {
            if let Some(reason) = leads_outside(file) {
                let message = format!("`{shown}` is in `{}`: {reason}", excerpt(file, 80));
                visit.report_about(&OUTSIDE, place, file, message);
            }
            next
        });
        tensors.push((member.name.clone().into_owned(), number));
    }
    if !visit.path().is_empty() {
        return;
    }
    let mut files = vec![String::new(); numbers.len()];
    for (file, number) in numbers {
        if let Some(slot) = files.get_mut(number) {
            file.clone_into(slot);
        }
    }
    let total = document.root.at(&["metadata", "total_size"]);
    let total = total.and_then(crate::json::Node::unsigned);
    visit.links().index = Some(Index {
        files,
        tensors,
        total,
    });
}

/// Holds every index against the files that it names.
pub(super) fn relate(files: &[FileInspection]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    let by_name: HashMap<&[u8], &FileInspection> = files
        .iter()
        .map(|file| (file.name.as_bytes(), file))
        .collect();
    for file in files {
        if let Some(index) = &file.links.index {
            let found: Vec<Option<&FileInspection>> = index
                .files
                .iter()
                .map(|shard| {
                    let mut name = folder(&file.name).to_vec();
                    name.extend(shard.as_bytes());
                    by_name.get(name.as_slice()).copied()
                })
                .collect();
            compare(&file.name, index, &found, &mut misfits);
        }
    }
    misfits
}

/// The tensors of a file, if all of them are known by the names that loaders use.
fn tensors(file: Option<&FileInspection>) -> Option<&FileInspection> {
    file.filter(|file| {
        file.format() == Some("safetensors")
            && file.facts.tensor_count == file.facts.tensors.len() as u64
    })
}

fn compare(
    name: &RawName,
    index: &Index,
    found: &[Option<&FileInspection>],
    misfits: &mut Vec<Misfit>,
) {
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    let mut report = |rule: &'static Rule, about: &str, message: String| {
        let count = counts.entry(rule.slug).or_default();
        *count += 1;
        if *count <= MOST {
            misfits.push(misfit(name, rule, Some(about), message));
        }
    };
    for (shard, found) in index.files.iter().zip(found) {
        // One that leads outside is reported as that.
        if found.is_none() && leads_outside(shard).is_none() {
            let message = format!("`{}` is not there", excerpt(shard, 80));
            report(&SHARD_MISSING, shard, message);
        }
    }
    // Where each tensor is; the second of two places is reported.
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut held: HashSet<(&str, usize)> = HashSet::new();
    let mut total = Some(0_u64);
    for (number, shard) in found.iter().enumerate() {
        let Some(shard) = tensors(*shard) else {
            total = None;
            continue;
        };
        for tensor in &shard.facts.tensors {
            held.insert((&tensor.name, number));
            if places
                .insert(&tensor.name, number)
                .is_some_and(|other| other != number)
            {
                let message = format!("`{}` is in two files", excerpt(&tensor.name, 80));
                report(&TWICE, &tensor.name, message);
            }
            let bits = crate::tensor::bits(&tensor.dtype);
            let mut factors = tensor.shape.iter().copied().chain(bits);
            let bits = bits.and_then(|_| factors.try_fold(1_u64, u64::checked_mul));
            total = total
                .zip(bits)
                .and_then(|(sum, bits)| sum.checked_add(bits / 8));
        }
    }
    let mut listed: HashSet<&str> = HashSet::new();
    for (tensor, number) in &index.tensors {
        listed.insert(tensor);
        let known = found.get(*number).copied().and_then(tensors).is_some();
        if known && !held.contains(&(tensor.as_str(), *number)) {
            let file = index.files.get(*number).map_or("", String::as_str);
            let (tensor_shown, file) = (excerpt(tensor, 80), excerpt(file, 80));
            report(
                &TENSOR_MISSING,
                tensor,
                format!("`{tensor_shown}` is not in `{file}`"),
            );
        }
    }
    for shard in found.iter().copied().filter_map(tensors) {
        for tensor in &shard.facts.tensors {
            if !listed.contains(tensor.name.as_str()) {
                let message = format!("`{}` is not in the index", excerpt(&tensor.name, 80));
                report(&UNLISTED, &tensor.name, message);
            }
        }
    }
    if let (Some(says), Some(is)) = (index.total, total)
        && says != is
    {
        let message = format!("the index says {says} bytes, the tensors have {is}");
        report(&TOTAL, "total_size", message);
    }
}
