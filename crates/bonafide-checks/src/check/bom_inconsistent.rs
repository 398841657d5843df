//! `bom-inconsistent`: the document contradicts itself.

use bonafide_core::{Finding, Severity, ThreatId};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::facts::Facts;

/// Most defects that are listed for one document.
const MOST: usize = 50;

pub(super) const CHECK: Check = Check {
    slug: "bom-inconsistent",
    title: "Document contradicts itself",
    severity: Severity::Medium,
    threats: &[ThreatId("BOM-01"), ThreatId("LIN-03"), ThreatId("DAT-01")],
    demands: "No document that describes the artifact says what cannot be right: references that lead nowhere, \
        digests of the wrong length, times in the future, bounds that miss their value, expired evidence, \
        hashes of a dataset that are no hashes, and so on (`docs/boms.md` lists every rule).",
    rationale: "A schema cannot see these, so tools that stop at the schema pass them, and whoever relies on \
        the document relies on nothing.",
    cannot_prove: "That a document without contradictions is true.",
    remediation: "Correct the named places, or ask the publisher to; they are defects of the document.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[
        Parameter {
            name: "least",
            kind: "`low`, `medium`, `high` or `critical`",
            default: "\"medium\"",
            effect: "defects below this severity are not findings",
        },
        Parameter {
            name: "ignore",
            kind: "list of names of rules",
            default: "[]",
            effect: "rules whose defects are not findings",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    least: Least,
    ignore: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Least {
    Low,
    Medium,
    High,
    Critical,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            least: Least::Medium,
            ignore: Vec::new(),
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_document() {
        return outcome.into();
    }
    let least = match parameters.least {
        Least::Low => Severity::Low,
        Least::Medium => Severity::Medium,
        Least::High => Severity::High,
        Least::Critical => Severity::Critical,
    };
    let mut findings = Vec::new();
    for document in &facts.documents {
        let counted: Vec<_> = document
            .defects
            .iter()
            .filter(|defect| defect.severity >= least)
            .filter(|defect| !parameters.ignore.iter().any(|rule| rule == defect.rule))
            .collect();
        for defect in counted.iter().take(MOST) {
            findings.push(Finding::new(
                document.subject(),
                format!(
                    "{} ({}): {} [{}]",
                    defect.position, defect.pointer, defect.message, defect.rule
                ),
            ));
        }
        if let Some(more) = counted.len().checked_sub(MOST).filter(|more| *more > 0) {
            findings.push(Finding::new(
                document.subject(),
                format!("and {more} more places"),
            ));
        }
    }
    facts.over_documents(findings, None).into()
}
