//! `unrestricted-certificate`: signing certificate is not limited to code signing.

use bonafide_attest::Caution;
use bonafide_core::{Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "unrestricted-certificate",
    title: "Signing certificate is not limited to code signing",
    severity: Severity::Medium,
    threats: &[ThreatId("SIG-05")],
    demands: "The certificate that signed names code signing as an extended key usage. One without \
        extended key usage is refused by `certificate-not-valid`, unless the policy says \
        `[trust] leaf-purpose = \"any-when-absent\"`; then it is found here.",
    rationale: "Without extended key usage a certificate is good for anything its authority issues, \
        web servers and mail included, and its holder may never have been meant to sign \
        models.",
    cannot_prove: "That the holder was not meant to sign.",
    remediation: "The publisher should sign with a certificate made for code signing.",
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
                .filter(|caution| matches!(caution, Caution::Unrestricted { .. }))
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        })
        .into()
}
