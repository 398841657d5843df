//! `failed-attestation`: attestation says that the artifact failed.

use bonafide_attest::predicate::StatedResult;
use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "failed-attestation",
    title: "Attestation says that the artifact failed",
    severity: Severity::Critical,
    threats: &[ThreatId("SIG-09")],
    demands: "No verified attestation about the artifact (verification summary, test result) states `FAILED`.",
    rationale: "Somebody whom the policy trusts has looked at these bytes and found against them.",
    cannot_prove: "That an artifact without such an attestation would pass: whoever delivers the artifact can \
        take the attestation away. Only a role that demands the positive statement (`role-not-filled`) \
        resists that.",
    remediation: "Do not use the artifact until whoever attested the failure attests a pass of these bytes.",
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
        .filter(|attachment| !attachment.is_loose())
        .filter_map(|attachment| {
            let signature = facts.signatures.get(attachment.signature)?;
            let verified = signature.verified()?;
            let statement = verified.get().statement()?;
            (statement.predicate.result() == Some(StatedResult::Failed)).then(|| {
                Finding::new(
                    signature.subject(),
                    format!("{} says that it failed", verified.signer()),
                )
            })
        })
        .collect();
    Outcome::from_findings(findings).into()
}
