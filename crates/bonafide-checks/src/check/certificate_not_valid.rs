//! `certificate-not-valid`: signing certificate does not hold.

use bonafide_attest::{Conclusion, Method};
use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "certificate-not-valid",
    title: "Signing certificate does not hold",
    severity: Severity::High,
    threats: &[ThreatId("SIG-05")],
    demands: "Every certificate of the path from the signing certificate to the trusted authority \
        is within its validity, the issuers are certificate authorities that may issue it, under \
        its names, none was revoked by a list that the policy or the user gives, and the signing \
        certificate allows digital signatures and code signing. A list that is stale or cannot be \
        used counts as a revocation.",
    rationale: "An expired certificate, or one made for web servers, may be in the hands of somebody \
        who was never meant to sign models. Validity is judged at the time of the signature where \
        a log or timestamp authority vouches for it, else by the clock of this run.",
    cannot_prove: "That a certificate was not revoked, where no revocation list of its issuer is given: \
        none is fetched. `[trust] revocation = \"always\"` in the policy demands one of every \
        issuer.",
    remediation: "The publisher has to sign again with a certificate that is valid now and made for \
        code signing.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let certificates = facts.signatures.iter().filter(|signature| {
        signature
            .examination
            .scheme
            .is_some_and(|scheme| matches!(scheme.method, Method::Certificate | Method::Sigstore))
    });
    if certificates.clone().next().is_none() {
        return Outcome::NotApplicable("no signature uses a certificate".to_owned()).into();
    }
    let findings: Vec<Finding> = certificates
        .clone()
        .filter_map(|signature| match &signature.examination.conclusion {
            Conclusion::CertificateNotValid(defect) => {
                Some(Finding::new(signature.subject(), defect.to_string()))
            }
            _ => None,
        })
        .collect();
    if findings.is_empty()
        && !certificates
            .clone()
            .any(|signature| signature.verified().is_some())
    {
        let reason = "no certificate leads to a trusted authority".to_owned();
        return Outcome::Inconclusive(reason).into();
    }
    Outcome::from_findings(findings).into()
}
