//! `certificate-authority-leaf`: signing certificate is a certificate authority.

use bonafide_attest::Caution;
use bonafide_core::{Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "certificate-authority-leaf",
    title: "Signing certificate is a certificate authority",
    severity: Severity::Medium,
    threats: &[ThreatId("SIG-05")],
    demands: "The certificate that signed is an end-entity certificate, not one with `CA:TRUE`.",
    rationale: "The key of such a certificate can sign models and also issue certificates for \
        others, so its loss does more harm. The official OMS test vectors are made this way, \
        so it is accepted and reported.",
    cannot_prove: "That the key was misused.",
    remediation: "The publisher should sign with an end-entity certificate.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    facts
        .over_verified(|signature| {
            let cautions = signature.examination.cautions.iter();
            cautions
                .filter(|caution| matches!(caution, Caution::AuthorityLeaf { .. }))
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        })
        .into()
}
