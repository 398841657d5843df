//! `lineage-contradicted`: sources disagree on where the artifact comes from.

use bonafide_core::{EdgeGrade, Finding, Outcome, RawName, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "lineage-contradicted",
    title: "Sources disagree on where the artifact comes from",
    severity: Severity::High,
    threats: &[ThreatId("LIN-02"), ThreatId("LIN-03"), ThreatId("MDL-06")],
    demands: "No link of the lineage is contradicted: by a parent that was given and has other digests than the \
        document names, by another source that names another state of the same parent, or by signed provenance \
        whose materials leave the parent out or give it another digest.",
    rationale: "The declared base model is not the real one, or somebody wants it to look like another.",
    cannot_prove: "Which source is right.",
    remediation: "Ask the publisher which parent was used, and have the wrong source corrected.",
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
    let mut findings = Vec::new();
    for edge in graph.edges() {
        if edge.grade() != EdgeGrade::Contradicted {
            continue;
        }
        let Some(parent) = graph.node(edge.parent()) else {
            continue;
        };
        for contradiction in edge.contradictions() {
            findings.push(Finding::new(
                Subject::Ancestor(RawName::from(parent.id())),
                format!(
                    "{} ({})",
                    bonafide_bom::excerpt(&contradiction.says, 300),
                    contradiction.source
                ),
            ));
        }
    }
    match facts.lineage.incomplete() {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason).into(),
        _ => Outcome::from_findings(findings).into(),
    }
}
