//! `cyclic-pedigree`: an artifact is its own ancestor.

use bonafide_core::{Finding, Outcome, RawName, Scope, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "cyclic-pedigree",
    title: "Artifact is its own ancestor",
    severity: Severity::High,
    threats: &[ThreatId("LIN-03")],
    demands: "No artifact of the lineage comes, over any number of links, from itself.",
    rationale: "A circle of origins is a false one: at least one of its links was made up.",
    cannot_prove: "Which of the links is false.",
    remediation: "Have the documents that are named as sources of the links corrected.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_lineage() {
        return outcome.into();
    }
    let graph = &facts.lineage.graph;
    let findings: Vec<Finding> = graph
        .analyse(Scope::Ancestry)
        .cycles
        .iter()
        .filter_map(|cycle| {
            let names: Vec<String> = cycle
                .iter()
                .filter_map(|index| graph.node(*index))
                .take(8)
                .map(|node| RawName::from(node.id()).to_string())
                .collect();
            let first = graph.node(*cycle.first()?)?;
            let message = match cycle.len() {
                1 => "is said to come from itself".to_owned(),
                count => format!(
                    "comes from itself over {count} artifacts: {}",
                    names.join(", ")
                ),
            };
            Some(Finding::new(
                Subject::Ancestor(RawName::from(first.id())),
                message,
            ))
        })
        .collect();
    match facts.lineage.incomplete() {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason).into(),
        _ => Outcome::from_findings(findings).into(),
    }
}
