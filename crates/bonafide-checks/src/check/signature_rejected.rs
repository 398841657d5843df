//! `signature-rejected`: signature is invalid or malformed.

use bonafide_attest::Conclusion;
use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use super::unsigned::{Parameters, WITHOUT_SIGNATURE};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "signature-rejected",
    title: "Signature is invalid or malformed",
    severity: Severity::Critical,
    threats: &[
        ThreatId("SIG-02"),
        ThreatId("SIG-03"),
        ThreatId("SIG-07"),
        ThreatId("SIG-06"),
    ],
    demands: "Every signature file is a well-formed bundle whose signature verifies, and whose \
        statement says only what a model signature may say: no exclusion of everything, no \
        globs, no names outside the root, no resource twice, a root digest that fits.",
    rationale: "A signature that does not verify was made for other content, or was tampered with \
        after signing. A statement that excludes everything proves nothing and looks like \
        proof.",
    cannot_prove: "Anything about a signature that was removed altogether: whoever delivers the artifact can \
        take a rejected one away. Only a role that demands the signature (`role-not-filled`) resists \
        that. Nor that a plain key meant a statement when it signed the bytes of one as a file.",
    remediation: "Fetch the artifact and its signature again from the publisher. If the fault stays, \
        the publisher has to sign again.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[WITHOUT_SIGNATURE],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_signature() {
        return parameters.without_signature.instead_of(outcome).into();
    }
    let findings: Vec<Finding> = facts
        .signatures
        .iter()
        .filter_map(|signature| match &signature.examination.conclusion {
            Conclusion::Rejected(rejection) => {
                Some(Finding::new(signature.subject(), rejection.to_string()))
            }
            _ => None,
        })
        .collect();
    if findings.is_empty() && facts.survey.bindings.is_empty() {
        // Nothing is rejected, but nothing is shown to hold either.
        let unsupported =
            facts
                .signatures
                .iter()
                .find_map(|signature| match &signature.examination.conclusion {
                    Conclusion::Unsupported(reason) => Some(reason.to_string()),
                    _ => None,
                });
        if let Some(reason) = unsupported {
            return Outcome::Inconclusive(reason).into();
        }
    }
    Outcome::from_findings(findings).into()
}
