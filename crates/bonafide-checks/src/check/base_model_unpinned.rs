//! `base-model-unpinned`: a base model is named without saying which state of it.

use bonafide_core::{
    Finding, Outcome, RawName, RelationClass, RevisionPin, Severity, Subject, ThreatId,
};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "base-model-unpinned",
    title: "Base model is not pinned",
    severity: Severity::Medium,
    threats: &[ThreatId("LIN-02"), ThreatId("LIN-04"), ThreatId("SRC-02")],
    demands: "Every model that another one is derived from (fine-tuned, adapted, merged, quantised, converted) is \
        named by a digest or by a whole commit, by at least one source.",
    rationale: "A name means whatever lies behind it on the day somebody looks. The base model can be replaced \
        and nobody can tell.",
    cannot_prove: "That the pinned state is what was really used.",
    remediation: "Have the digest or the whole commit of the base model written into the document or the signed \
        provenance.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let graph = &facts.lineage.graph;
    let derived: Vec<_> = graph
        .edges()
        .iter()
        .filter(|edge| edge.relation().class() == RelationClass::Derivation)
        .collect();
    if derived.is_empty()
        && let Some(reason) = facts.lineage.incomplete()
    {
        return Outcome::Inconclusive(reason).into();
    }
    if derived.is_empty() {
        return Outcome::NotApplicable("nothing names a base model".to_owned()).into();
    }
    let findings = derived
        .into_iter()
        .filter_map(|edge| {
            let how = match edge.pin() {
                RevisionPin::Commit(_) | RevisionPin::Digest(_) => return None,
                RevisionPin::Abbreviated(_) => "only by the first digits of a commit",
                RevisionPin::Mutable(_) => "only by a name that can move",
                RevisionPin::None => "without any revision",
            };
            let parent = graph.node(edge.parent())?;
            Some(Finding::new(
                Subject::Ancestor(RawName::from(parent.id())),
                format!("is named {how}"),
            ))
        })
        .collect();
    match facts.lineage.incomplete() {
        Some(reason) => facts.over_documents(findings, Some(reason)).into(),
        None => Outcome::from_findings(findings).into(),
    }
}
