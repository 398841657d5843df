//! `untrusted-signer`: signer is not trusted.

use bonafide_attest::Conclusion;
use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use super::unsigned::{Parameters, WITHOUT_SIGNATURE};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "untrusted-signer",
    title: "Signer is not trusted",
    severity: Severity::Critical,
    threats: &[ThreatId("SIG-04"), ThreatId("SRC-01")],
    demands: "At least one signature verifies under a key, authority or identity that the \
        policy, or the user on the command line, trusts, and vouches for the bytes: a signature of \
        the model, of a file or of a bill of materials, or SLSA provenance. Other attestations are \
        opinions, and no substitute.",
    rationale: "Anybody can make a valid signature with a key of their own. Only a signer whom you \
        chose beforehand says where the artifact comes from.",
    cannot_prove: "Who really held the key when it was used.",
    remediation: "If you know and trust this signer, add the key, authority or identity to `[trust]` \
        of the policy, or pass it with `--key`, `--certificate-chain` or `--identity`. Take a key \
        from the publisher over another channel, never from the artifact.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[WITHOUT_SIGNATURE],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_signature() {
        return parameters.without_signature.instead_of(outcome).into();
    }
    if !facts.survey.bindings.is_empty() {
        return Outcome::Pass.into();
    }
    let findings: Vec<Finding> = facts
        .signatures
        .iter()
        .filter_map(|signature| match &signature.examination.conclusion {
            Conclusion::Untrusted(reason) => {
                Some(Finding::new(signature.subject(), reason.to_string()))
            }
            _ => None,
        })
        .collect();
    if findings.is_empty() {
        let reason = "no signature holds, so there is no signer to judge".to_owned();
        return Outcome::Inconclusive(reason).into();
    }
    Outcome::from_findings(findings).into()
}
