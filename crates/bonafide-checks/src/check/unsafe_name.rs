//! `unsafe-name`: file name can mislead.

use std::collections::HashMap;

use bonafide_core::{ArtifactName, Finding, Severity, Subject, ThreatId};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use crate::declaration::{Check, Judgement, NoParameters, prepare};
use crate::facts::Facts;
use crate::survey::Place;

pub(super) const CHECK: Check = Check {
    slug: "unsafe-name",
    title: "File name can mislead",
    severity: Severity::High,
    threats: &[ThreatId("SIG-08")],
    demands: "Every name, on disk and in a verified signature, is relative, normalized UTF-8 \
        without control characters, backslashes or invisible and reordering characters, and \
        no two names become one when case, Unicode form or look-alike letters are ignored.",
    rationale: "A name with `..` reaches out of the directory; two names that differ only in case \
        overwrite each other on another system; a name with a right-to-left override shows \
        another ending than it has.",
    cannot_prove: "That a loader is fooled by the name.",
    remediation: "Rename the files to plain names and have the artifact signed again.",
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let mut findings = Vec::new();
    for entry in facts.tree.entries() {
        let defect = match &entry.parsed {
            Err(error) => Some(error.to_string()),
            Ok(name) => misleading(name),
        };
        if let Some(message) = defect {
            findings.push(Finding::new(Subject::File(entry.name.clone()), message));
        }
    }
    for resource in facts
        .survey
        .bindings
        .iter()
        .flat_map(|binding| &binding.resources)
    {
        // Names that are also on disk have been judged above.
        if let Place::Unsafe(error) = &resource.place
            && facts.tree.entry(resource.name.as_bytes()).is_none()
        {
            findings.push(Finding::new(
                Subject::File(resource.name.clone()),
                format!("signed {error}"),
            ));
        }
    }
    let names: Vec<&ArtifactName> = facts
        .tree
        .entries()
        .iter()
        .filter_map(|entry| entry.parsed.as_ref().ok())
        .collect();
    findings.extend(collisions(&names));
    facts.over_the_tree(findings).into()
}

fn misleading(name: &ArtifactName) -> Option<String> {
    if let Some((position, character)) = name.invisible_character() {
        return Some(format!(
            "name holds the invisible or reordering character U+{:04X} at byte {position}",
            u32::from(character)
        ));
    }
    name.as_str()
        .contains('\\')
        .then(|| "name holds a backslash, which separates directories on other systems".to_owned())
}

/// Pairs of names that some systems, or some readers, take for one.
fn collisions(names: &[&ArtifactName]) -> Vec<Finding> {
    // Letters of other scripts are looked at only where there are any: most
    // trees are plain ASCII, and ASCII look-alikes (`l` and `1`) are ordinary.
    let foreign = names.iter().any(|name| !name.as_str().is_ascii());
    let mut folded: HashMap<String, &ArtifactName> = HashMap::with_capacity(names.len());
    let mut skeletons: HashMap<String, &ArtifactName> = HashMap::new();
    let mut findings = Vec::new();
    for name in names {
        let fold: String = name.as_str().nfc().collect::<String>().to_lowercase();
        let skeleton = foreign.then(|| skeleton(&fold).collect::<String>());
        if let Some(earlier) = folded.insert(fold, name) {
            findings.push(Finding::new(
                Subject::File(name.to_raw()),
                format!("name differs from `{earlier}` only in case or Unicode form"),
            ));
        } else if let Some(skeleton) = skeleton
            && let Some(earlier) = skeletons.insert(skeleton, name)
            && !(name.as_str().is_ascii() && earlier.as_str().is_ascii())
        {
            findings.push(Finding::new(
                Subject::File(name.to_raw()),
                format!("name looks like `{earlier}`, but is another"),
            ));
        }
    }
    findings
}
