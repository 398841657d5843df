//! `bom-invalid`: the document does not keep the rules of its format.

use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

/// Most violations that are listed for one document.
const MOST: usize = 50;

pub(super) const CHECK: Check = Check {
    slug: "bom-invalid",
    title: "Document breaks the rules of its format",
    severity: Severity::Medium,
    threats: &[ThreatId("BOM-01")],
    demands: "Every document that describes the artifact can be read, in one way only (no repeated names, no \
        numbers that readers change, bounded depth and size), and keeps every rule of its format's schema.",
    rationale: "Two tools read a malformed document in two ways, and what one of them checks the other does \
        not see.",
    cannot_prove: "That what a valid document says makes sense; see `bom-inconsistent`.",
    remediation: "Have the document made again. `bonafide bom validate` names every place with line and column.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_document() {
        return outcome.into();
    }
    let mut findings = Vec::new();
    for document in &facts.documents {
        if let Err(error) = &document.content {
            findings.push(Finding::new(document.subject(), error.to_string()));
        }
        let violations = document.bom().map_or(&[][..], |bom| &bom.violations);
        for violation in violations.iter().take(MOST) {
            findings.push(Finding::new(
                document.subject(),
                format!(
                    "{} ({}): expected {}, found {}",
                    violation.position, violation.path, violation.expected, violation.found
                ),
            ));
        }
        if let Some(more) = violations.len().checked_sub(MOST).filter(|more| *more > 0) {
            findings.push(Finding::new(
                document.subject(),
                format!("and {more} more places"),
            ));
        }
    }
    Outcome::from_findings(findings).into()
}
