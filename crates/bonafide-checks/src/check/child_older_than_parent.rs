//! `child-older-than-parent`: an artifact was there before what it was made from.

use bonafide_core::{Finding, Outcome, RawName, Scope, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "child-older-than-parent",
    title: "Artifact is older than what it was made from",
    severity: Severity::High,
    threats: &[ThreatId("LIN-03"), ThreatId("LIN-02")],
    demands: "No artifact of the lineage was built before its parent was, as far as both times are said.",
    rationale: "Nothing is made from what does not exist yet. The link, or the parent, is another one.",
    cannot_prove: "That times are true; most of them are claims. Where nothing says when, nothing is compared.",
    remediation: "Ask the publisher which state of the parent was used.",
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
        .ages
        .iter()
        .filter_map(|conflict| {
            let edge = graph.edge(conflict.edge)?;
            let (child, parent) = (graph.node(edge.child())?, graph.node(edge.parent())?);
            Some(Finding::new(
                Subject::Ancestor(RawName::from(parent.id())),
                format!(
                    "was {} at {} ({}), after {}, which was {} at {} ({})",
                    conflict.parent.event.word(),
                    conflict.parent.time,
                    RawName::from(conflict.parent.source.as_str()),
                    RawName::from(child.label()),
                    conflict.child.event.word(),
                    conflict.child.time,
                    RawName::from(conflict.child.source.as_str()),
                ),
            ))
        })
        .collect();
    match facts.lineage.incomplete() {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason).into(),
        _ => Outcome::from_findings(findings).into(),
    }
}
