//! `unbound-attestation`: attestation is about something else.

use bonafide_core::{Finding, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "unbound-attestation",
    title: "Attestation is about something else",
    severity: Severity::High,
    threats: &[ThreatId("SIG-07"), ThreatId("OPS-01")],
    demands: "Every verified attestation has a subject whose digest is that of a file of the artifact, or its OMS root digest. An empty file is no tie: all of them have one digest.",
    rationale: "An attestation is valid wherever it is copied to. One about another model looks like proof about this one.",
    cannot_prove: "That the statement is true, or about more than the files that it names: a licence that two models share ties it to both. A role can demand that it is about every file.",
    remediation: "Remove the attestation, or get the one that belongs to this artifact. If files were changed after it was made, it has to be made again.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_attestation() {
        return outcome.into();
    }
    let findings = facts
        .survey
        .attachments
        .iter()
        .filter(|attachment| attachment.is_loose())
        .filter_map(|attachment| facts.signatures.get(attachment.signature))
        .filter(|signature| signature.attests())
        .map(|signature| {
            Finding::new(
                signature.subject(),
                "no subject has the digest of a file of the artifact",
            )
        })
        .collect();
    facts.over_the_tree(findings).into()
}
