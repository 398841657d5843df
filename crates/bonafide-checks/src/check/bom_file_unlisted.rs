//! `bom-file-unlisted`: the document does not mention a file.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};
use serde::Deserialize;

use super::allowance::ALLOW;
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::document::DocumentFacts;
use crate::facts::Facts;
use crate::globs::Globs;

pub(super) const CHECK: Check = Check {
    slug: "bom-file-unlisted",
    title: "File is not in the bill of materials",
    severity: Severity::High,
    threats: &[ThreatId("BOM-02"), ThreatId("SIG-03")],
    demands: "One bill of materials lists every file of the artifact, apart from documents of this kind and \
        verified signature files.",
    rationale: "Loaders import what they find beside the weights. A file that the document does not know was \
        added by somebody else than its author, or its author did not look.",
    cannot_prove: "That a loader would use the file.",
    remediation: "Remove the file, or have it listed. A file that may stay unlisted can be named in `allow` of \
        this check in your policy.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[ALLOW],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    allow: Globs,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_bom() {
        return outcome.into();
    }
    if !facts.boms().any(DocumentFacts::describes_the_artifact) {
        return Outcome::NotApplicable("the artifact is the document itself".to_owned()).into();
    }
    // The covers of several are not added up: each could be of another artifact.
    let widest = facts
        .boms()
        .filter(|document| lists_files(document))
        .min_by_key(|document| document.inventory.unlisted.len());
    let Some(document) = widest else {
        return Outcome::Inconclusive(
            "no bill of materials lists files, so it is not known which belong to the artifact"
                .to_owned(),
        )
        .into();
    };
    let (excused, unlisted): (Vec<_>, Vec<_>) = document
        .inventory
        .unlisted
        .iter()
        .cloned()
        .partition(|name| parameters.allow.matches(name));
    let findings: Vec<Finding> = unlisted
        .into_iter()
        .map(|name| {
            Finding::new(
                Subject::File(name),
                format!("is not listed by {}", document.source),
            )
        })
        .collect();
    let undecided = document
        .inventory
        .unlistable
        .iter()
        .find(|name| !parameters.allow.matches(name))
        .map(|name| format!("`{name}` is no regular file, so no document can list it"));
    let outcome = match undecided {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason),
        _ => facts.over_the_tree(findings),
    };
    Judgement { outcome, excused }
}

/// True if the document means any file of the artifact.
fn lists_files(document: &DocumentFacts<'_>) -> bool {
    let mut presences = document.inventory.presences.iter();
    presences.any(|presence| presence.file().is_some()) || document.is_about_the_artifact()
}
