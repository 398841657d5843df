//! `undeclared-dataset`: something says that data was used which no document declares.

use bonafide_core::{Finding, NodeKind, Outcome, RawName, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "undeclared-dataset",
    title: "Data was used that no bill of materials declares",
    severity: Severity::High,
    threats: &[ThreatId("LIN-01"), ThreatId("DAT-01")],
    demands: "Every dataset that signed provenance, the model card or the configuration names as the model's is \
        named by a bill of materials too.",
    rationale: "Data that the publisher's own records name and its declaration leaves out is where poison would be.",
    cannot_prove: "That there is no data which nothing names.",
    remediation: "Have the dataset written into the document, or the record corrected.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_bom() {
        return outcome.into();
    }
    let graph = &facts.lineage.graph;
    let declared = |sources: &[bonafide_core::Mention]| {
        sources.iter().any(|mention| {
            facts
                .boms()
                .any(|document| document.source == mention.source)
        })
    };
    let subject = graph.subject();
    let findings = graph
        .edges()
        .iter()
        .filter(|edge| edge.child() == subject)
        .filter_map(|edge| {
            let node = graph.node(edge.parent())?;
            let undeclared = node.kind == NodeKind::Dataset && !declared(&node.sources);
            let source = edge.evidence().first()?;
            undeclared.then(|| {
                Finding::new(
                    Subject::Ancestor(RawName::from(node.id())),
                    format!("is named by {}, and by no bill of materials", source.source),
                )
            })
        })
        .collect();
    match facts.lineage.incomplete() {
        Some(reason) => facts.over_documents(findings, Some(reason)).into(),
        None => Outcome::from_findings(findings).into(),
    }
}
