//! `missing-lineage`: nothing says what the artifact comes from.

use bonafide_core::{EdgeGrade, Finding, Outcome, RawName, Scope, Severity, Subject, ThreatId};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "missing-lineage",
    title: "Nothing says what the artifact comes from",
    severity: Severity::Medium,
    threats: &[ThreatId("LIN-01")],
    demands: "Something says what the artifact was made from: a base model, data, parents of a merge. With \
        `proven`, every such link is proven: by a statement of a trusted signer whose material is the parent \
        that was measured (`--parent`). With `roots`, everything that the artifact comes from in the end is \
        named there; with `most-depth`, no chain of links is longer.",
    rationale: "A flaw or a back door of a base model or of data goes on to what is made from it.",
    cannot_prove: "That there were no parents besides: what was never recorded cannot be found.",
    remediation: "Ask the publisher for signed provenance (SLSA) whose materials are the base model and the data \
        by digest, and give the parents with `--parent`.",
    standing: Standing::OnDemand,
    needs: &[],
    parameters: &[
        Parameter {
            name: "proven",
            kind: "true or false",
            default: "false",
            effect: "links that are only claimed are findings",
        },
        Parameter {
            name: "roots",
            kind: "list of identifiers",
            default: "any",
            effect: "artifacts that a lineage may begin with, as `bonafide lineage` prints their identifiers",
        },
        Parameter {
            name: "most-depth",
            kind: "whole number",
            default: "no limit",
            effect: "longest chain of links from the artifact to a root",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    proven: bool,
    roots: Option<Vec<String>>,
    most_depth: Option<usize>,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let graph = &facts.lineage.graph;
    let analysis = graph.analyse(Scope::Ancestry);
    if analysis.is_bare() {
        return Outcome::from_findings(vec![Finding::new(
            Subject::Artifact,
            "nothing says what it was made from",
        )])
        .into();
    }
    let mut findings = Vec::new();
    if parameters.proven {
        let unproven = graph
            .edges()
            .iter()
            .filter(|edge| edge.relation().is_ancestry() && edge.grade() != EdgeGrade::Proven);
        for edge in unproven {
            let (Some(child), Some(parent)) = (graph.node(edge.child()), graph.node(edge.parent()))
            else {
                continue;
            };
            findings.push(Finding::new(
                Subject::Ancestor(RawName::from(parent.id())),
                format!(
                    "that {} {} it is {}, not proven",
                    RawName::from(child.label()),
                    edge.relation().words(),
                    edge.grade().word()
                ),
            ));
        }
    }
    if let Some(roots) = &parameters.roots {
        for root in analysis.roots.iter().filter_map(|root| graph.node(*root)) {
            let named = roots
                .iter()
                .any(|name| name == root.id() || root.identifiers.contains(name));
            if !named {
                findings.push(Finding::new(
                    Subject::Ancestor(RawName::from(root.id())),
                    "is where the lineage begins, and no root that the policy names",
                ));
            }
        }
    }
    if let Some(most) = parameters
        .most_depth
        .filter(|most| analysis.longest > *most)
    {
        findings.push(Finding::new(
            Subject::Artifact,
            format!(
                "its lineage is {} links long, more than {most}",
                analysis.longest
            ),
        ));
    }
    match facts.lineage.incomplete() {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason).into(),
        _ => Outcome::from_findings(findings).into(),
    }
}
