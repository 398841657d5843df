//! `denied-signer`: signer or artifact is on a deny-list.

use bonafide_attest::Conclusion;
use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "denied-signer",
    title: "Signer or artifact is on a deny-list",
    severity: Severity::Critical,
    threats: &[ThreatId("SIG-05"), ThreatId("SIG-09"), ThreatId("SRC-03")],
    demands: "No signer, certificate of a path, identity or file of the artifact is named by a deny-list in force, nor the artifact itself by its OMS root digest.",
    rationale: "A signature stays valid after its key was stolen, and a model keeps its digest after it was found to be poisoned. A deny-list is how that becomes known to a verifier.",
    cannot_prove: "That what is on no list is good, or that the lists are complete.",
    remediation: "Do not use the artifact. If the entry is wrong, whoever keeps the list has to take it off.",
    standing: Standing::Always,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let Some(denials) = &facts.denials else {
        return Outcome::NotApplicable("no deny-list is in force".to_owned()).into();
    };
    let signers = facts.signatures.iter().filter_map(|signature| {
        let Conclusion::Denied(denial) = &signature.examination.conclusion else {
            return None;
        };
        Some(Finding::new(signature.subject(), denial.to_string()))
    });
    let files = denials
        .files
        .iter()
        .map(|(name, reason)| Finding::new(Subject::File(name.clone()), reason.clone()));
    let artifact = denials
        .artifact
        .iter()
        .map(|reason| Finding::new(Subject::Artifact, reason.clone()));
    let findings: Vec<Finding> = signers.chain(artifact).chain(files).collect();
    match denials.unknown.first() {
        Some(name) if findings.is_empty() => {
            Outcome::Inconclusive(format!("the digest of `{name}` is not known")).into()
        }
        _ => facts.over_the_tree(findings).into(),
    }
}
