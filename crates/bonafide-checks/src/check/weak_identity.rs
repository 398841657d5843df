//! `weak-identity`: a model or dataset is named by something that can move.

use bonafide_bom::listing::Expectation;
use bonafide_bom::purl::Revision;
use bonafide_core::{Finding, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "weak-identity",
    title: "Model or dataset is named by something that can move",
    severity: Severity::Medium,
    threats: &[ThreatId("BOM-02"), ThreatId("DAT-02"), ThreatId("SRC-02")],
    demands: "Every model and dataset that a document lists is identified by digests, or by a whole commit (40 or \
        64 hexadecimal digits) of its repository: not by a branch, a tag, a version or the first digits of a \
        commit alone.",
    rationale: "A branch names other bytes tomorrow, and the first digits of a commit can be made to fit another \
        one.",
    cannot_prove: "That a commit is what its repository really holds: commits are SHA-1, and nothing here asks \
        the repository.",
    remediation: "Have the digests or the whole commit written into the document.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_document() {
        return outcome.into();
    }
    let mut findings = Vec::new();
    for document in &facts.documents {
        for pin in &document.listing.revisions {
            // Bytes that are here and were compared need no name.
            let proven = pin.expectation == Expectation::Here && document.is_about_the_artifact();
            if proven || pin.expectation == Expectation::Elsewhere || pin.revision.is_pinned() {
                continue;
            }
            let how = match &pin.revision {
                Revision::Abbreviated(_) => "only by the first digits of a commit",
                Revision::Mutable(_) => "only by a branch or tag",
                Revision::Release(_) => "only by a version",
                _ => "neither by digest nor by revision",
            };
            findings.push(Finding::new(
                document.subject(),
                format!("{}: identifies `{}` {how}", pin.pointer, pin.label),
            ));
        }
    }
    facts.over_documents(findings, None).into()
}
