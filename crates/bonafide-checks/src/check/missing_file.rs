//! `missing-file`: signed file is missing.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use super::unsigned::{Parameters, WITHOUT_SIGNATURE};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;
use crate::survey::Place;

pub(super) const CHECK: Check = Check {
    slug: "missing-file",
    title: "Signed file is missing",
    severity: Severity::High,
    threats: &[ThreatId("SIG-02")],
    demands: "Every file that a verified signature lists is there, as a regular file (or as a link \
        to one inside the artifact, where the signer followed links).",
    rationale: "A removed file changes what a loader does: without its configuration or tokenizer a \
        model behaves differently, or falls back to a default from elsewhere.",
    cannot_prove: "Why it is missing.",
    remediation: "Fetch the artifact again and completely. Files may not be left out or replaced by \
        links after signing.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[WITHOUT_SIGNATURE],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_manifest() {
        return parameters.without_signature.instead_of(outcome).into();
    }
    let mut findings: Vec<Finding> = Vec::new();
    for resource in facts
        .survey
        .bindings
        .iter()
        .flat_map(|binding| &binding.resources)
    {
        if let Place::Missing(absence) = &resource.place {
            let finding = Finding::new(Subject::File(resource.name.clone()), absence.to_string());
            // A file has as many resources as shards.
            if findings.last() != Some(&finding) {
                findings.push(finding);
            }
        }
    }
    Outcome::from_findings(findings).into()
}
