//! `departs-from-base`: tokenizer or chat template is not that of the base model.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;
use crate::lineage::{Given, Member};
use crate::model::Language;

pub(super) const CHECK: Check = Check {
    slug: "departs-from-base",
    title: "Tokenizer or chat template is not that of the base model",
    severity: Severity::Medium,
    threats: &[ThreatId("ART-03"), ThreatId("ART-04")],
    demands: "Where a model that the artifact is made from is at hand (`--parent`, or a folder beside), the artifact's \
        tokenizer and each of its chat templates are those of that model.",
    rationale: "Two tokens that were swapped, or a sentence that was put into a template, are seen by nothing but the \
        comparison with what they were before.",
    cannot_prove: "That a change is meant badly: fine-tuning often brings a template of its own.",
    remediation: "Compare the two, and accept the change or restore what the base model has.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let graph = &facts.lineage.graph;
    let is_base = |member: &&Member| {
        let linked = member.node.is_some_and(|node| {
            let mut edges = graph.edges().iter();
            edges.any(|edge| {
                edge.child() == graph.subject()
                    && edge.parent() == node
                    && edge.relation().is_ancestry()
            })
        });
        (linked || member.given == Given::Named) && member.failure.is_none()
    };
    let own = Language::of(&facts.models);
    let mut compared = 0;
    let mut findings = Vec::new();
    for member in facts.lineage.members.iter().filter(is_base) {
        let base = &member.language;
        let mut differs = |what: String| {
            let message = format!("{what} is not that of `{}`", member.name);
            findings.push(Finding::new(Subject::Artifact, message));
        };
        if !own.tokenizers.is_empty() && !base.tokenizers.is_empty() {
            compared += 1;
            if own.tokenizers != base.tokenizers {
                differs("the tokenizer".to_owned());
            }
        }
        for (variant, digests) in &own.templates {
            // One that the base does not have adds to what it says.
            if !base.templates.is_empty() {
                compared += 1;
                if base.templates.get(variant) != Some(digests) {
                    differs(format!("the chat template `{variant}`"));
                }
            }
        }
    }
    if compared == 0 {
        let reason = "no base model with a tokenizer or template is at hand";
        return Outcome::NotApplicable(reason.to_owned()).into();
    }
    Outcome::from_findings(findings).into()
}
