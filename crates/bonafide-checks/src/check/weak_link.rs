//! `weak-link`: attestation names the artifact by its root digest alone.

use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "weak-link",
    title: "Attestation names the artifact by its root digest alone",
    severity: Severity::Medium,
    threats: &[ThreatId("SIG-08")],
    demands: "Every verified attestation about the artifact names a file of it by its own digest.",
    rationale: "The OMS root digest hashes the digests of files and not their names: files can trade names, as far as their order stays, and the root digest stays the same.",
    cannot_prove: "Anything about attestations that name files.",
    remediation: "Have the attestation made with one subject for each file, as `bonafide attest` makes it.",
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
        .filter(|attachment| attachment.ties == 0)
        .filter_map(|attachment| {
            let root = attachment.root?;
            let signature = facts.signatures.get(attachment.signature)?;
            Some(Finding::new(
                signature.subject(),
                format!("is about the root digest {root}, which hashes no names"),
            ))
        })
        .collect();
    Outcome::from_findings(findings).into()
}
