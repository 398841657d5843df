//! `licence-conflict`: terms that a parent imposes and a child drops.

use bonafide_bom::license::{Conflict, LicenceSet, conflicts};
use bonafide_core::{Finding, LineageNode, Outcome, RawName, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "licence-conflict",
    title: "Licence drops terms of what the artifact comes from",
    severity: Severity::Low,
    threats: &[ThreatId("LIC-01")],
    demands: "No artifact in the lineage is under a licence that drops terms which the licence of a parent, as far \
        as both are stated, asks to keep: non-commercial use, share-alike, restrictions of use, no derived works, \
        notices.",
    rationale: "Whoever ships the child answers for the parent's terms.",
    cannot_prove: "Anything about the law. A finding names words that a lawyer should read; a pass says only that \
        the table of licences here knows of none.",
    remediation: "Show the named pair of licences to a lawyer.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let graph = &facts.lineage.graph;
    let mut pairs = 0;
    let mut unjudged = false;
    let mut findings = Vec::new();
    for edge in graph
        .edges()
        .iter()
        .filter(|edge| edge.relation().is_ancestry())
    {
        let (Some(child), Some(parent)) = (graph.node(edge.child()), graph.node(edge.parent()))
        else {
            continue;
        };
        let (Some(of_child), Some(of_parent)) = (licences(child), licences(parent)) else {
            unjudged = true;
            continue;
        };
        // What is not stated is the business of `licence-undeclared`.
        if of_child.is_undeclared() || of_parent.is_undeclared() {
            continue;
        }
        pairs += 1;
        for conflict in conflicts(&of_parent, &of_child) {
            if !matches!(
                conflict,
                Conflict::ParentUndeclared | Conflict::ChildUndeclared { .. }
            ) {
                findings.push(Finding::new(
                    Subject::Ancestor(RawName::from(parent.id())),
                    format!("{} ({})", conflict, RawName::from(child.label())),
                ));
            }
        }
    }
    if unjudged && findings.is_empty() {
        return Outcome::Inconclusive(
            "an artifact of the lineage states more licences than are judged together".to_owned(),
        )
        .into();
    }
    if pairs == 0
        && let Some(reason) = facts.lineage.incomplete()
    {
        return Outcome::Inconclusive(reason).into();
    }
    if pairs == 0 {
        return Outcome::NotApplicable(
            "no two artifacts of the lineage both state a licence".to_owned(),
        )
        .into();
    }
    match facts.lineage.incomplete() {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason).into(),
        _ => Outcome::from_findings(findings).into(),
    }
}

/// What all sources together say of an artifact's licence; none if that is too much.
fn licences(node: &LineageNode) -> Option<LicenceSet> {
    let stated = node.licences.iter().map(|text| LicenceSet::text(text));
    LicenceSet::all(stated).ok()
}
