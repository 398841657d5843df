//! `outdated-statement`: attestation is in an old format.

use bonafide_attest::statement::StatementVersion;
use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "outdated-statement",
    title: "Attestation is in an old format",
    severity: Severity::Low,
    threats: &[ThreatId("SIG-08")],
    demands: "Every verified attestation is an in-toto statement of version 1.",
    rationale: "Version 0.1 was superseded in 2023; tools stop reading it, and proof that cannot be read is none.",
    cannot_prove: "Anything about what the statement says.",
    remediation: "Have the attestation made again with a current tool.",
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
        .signatures
        .iter()
        .filter_map(|signature| {
            let statement = signature.verified()?.get().statement()?;
            (statement.version == StatementVersion::V01).then(|| {
                Finding::new(
                    signature.subject(),
                    "is an in-toto statement of version 0.1",
                )
            })
        })
        .collect();
    Outcome::from_findings(findings).into()
}
