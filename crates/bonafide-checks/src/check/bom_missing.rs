//! `bom-missing`: no bill of materials.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "bom-missing",
    title: "No bill of materials",
    severity: Severity::Medium,
    threats: &[ThreatId("BOM-01")],
    demands: "At least one bill of materials comes with the artifact, can be read, keeps the rules of its \
        format (CycloneDX 1.3 to 1.7, SPDX 3.0.1), and describes this artifact: something that it lists is \
        here and has the digest that it gives.",
    rationale: "Without a list of what belongs to an artifact nobody can say what is missing from it, where \
        its data and its base model come from, or whom a flaw in them concerns.",
    cannot_prove: "That what the document says is true; other checks hold it against bytes and signatures.",
    remediation: "Ask the publisher for an AI-BOM with a digest of each file, or make one with \
        `bonafide bom generate` and have it signed.",
    standing: Standing::OnDemand,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let about = facts.boms().any(|document| {
        let valid = document.bom().is_some_and(|bom| bom.violations.is_empty());
        valid && document.is_about_the_artifact()
    });
    if about {
        return Outcome::Pass.into();
    }
    let mut findings: Vec<Finding> = facts
        .boms()
        .map(|document| {
            let reason = match document.bom() {
                None => "cannot be read",
                Some(bom) if !bom.violations.is_empty() => "does not keep the rules of its format",
                Some(_) => "lists nothing that is here with the digest that it gives",
            };
            Finding::new(document.subject(), reason)
        })
        .collect();
    if findings.is_empty() {
        findings.push(Finding::new(
            Subject::Artifact,
            "comes without a bill of materials",
        ));
    }
    Outcome::from_findings(findings).into()
}
