//! `ancestor-not-approved`: the artifact comes from something that the policy does not know.

use bonafide_core::{
    Finding, LineageNode, NodeKind, Outcome, RawName, Scope, Severity, Subject, ThreatId, Verdict,
};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::globs::Globs;
use crate::lineage::Given;

pub(super) const CHECK: Check = Check {
    slug: "ancestor-not-approved",
    title: "Artifact comes from something that is not approved",
    severity: Severity::High,
    threats: &[
        ThreatId("LIN-04"),
        ThreatId("LIN-02"),
        ThreatId("LIC-01"),
        ThreatId("SRC-01"),
    ],
    demands: "Every model and dataset that the artifact comes from is approved: its identifier is in `approved`, \
        or one of its digests is in `digests` (an identifier is a claim, a digest is not). A parent that was \
        given (`--parent`) is allowed by the same policy; with `beside`, one that was found beside is, too.",
    rationale: "An artifact is no better than what it was made from.",
    cannot_prove: "That an approved identifier is what was really used, unless the link is proven.",
    remediation: "Have the ancestor looked at and added to the policy, or do not use the artifact.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[
        Parameter {
            name: "approved",
            kind: "list of globs",
            default: "any",
            effect: "identifiers of ancestors, as `bonafide lineage` prints them",
        },
        Parameter {
            name: "digests",
            kind: "list of digests (`sha256:…`)",
            default: "none",
            effect: "digests of ancestors",
        },
        Parameter {
            name: "beside",
            kind: "true or false",
            default: "false",
            effect: "parents that were found beside and are not allowed are findings",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    approved: Option<Globs>,
    digests: Vec<bonafide_core::Digest>,
    beside: bool,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_lineage() {
        return outcome.into();
    }
    let graph = &facts.lineage.graph;
    let analysis = graph.analyse(Scope::Ancestry);
    let mut findings = Vec::new();
    let mut undecided = facts.lineage.incomplete();
    for (index, node) in graph.numbered_nodes() {
        let is_ancestor = index != graph.subject() && analysis.depth(index).is_some();
        if !is_ancestor || node.kind == NodeKind::Software {
            continue;
        }
        let subject = || Subject::Ancestor(RawName::from(node.id()));
        // Whoever wants to hide it leaves it away, so that its presence shows no guilt.
        let is_judged = parameters.beside || !facts.lineage.is_bystander(index);
        match node.verdict.filter(|_| is_judged) {
            Some(Verdict::Deny) => {
                findings.push(Finding::new(subject(), "is denied by the same policy"));
            }
            Some(Verdict::Undecided | Verdict::NothingToVerify) => {
                undecided.get_or_insert(format!(
                    "the policy cannot decide about `{}`",
                    RawName::from(node.id())
                ));
            }
            _ => {}
        }
        if !parameters.allows(node) {
            findings.push(Finding::new(subject(), "is not approved"));
        }
    }
    // What the user gave counts, also where nothing says that the artifact comes from it.
    for member in &facts.lineage.members {
        let linked = member
            .node
            .is_some_and(|node| analysis.depth(node).is_some());
        if member.given == Given::Named && !linked && member.verdict == Some(Verdict::Deny) {
            findings.push(Finding::new(
                Subject::Ancestor(member.name.clone()),
                "was given as a parent, and is denied by the same policy",
            ));
        }
    }
    let judged = graph
        .numbered_nodes()
        .any(|(index, node)| index != graph.subject() && node.verdict.is_some());
    let asked = parameters.approved.is_some() || !parameters.digests.is_empty();
    match undecided {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason).into(),
        _ if findings.is_empty() && !asked && !judged => Outcome::NotApplicable(
            "the policy lists no approved ancestors, and none is here to be judged".to_owned(),
        )
        .into(),
        _ => Outcome::from_findings(findings).into(),
    }
}

impl Parameters {
    fn allows(&self, node: &LineageNode) -> bool {
        if self.approved.is_none() && self.digests.is_empty() {
            return true;
        }
        let by_name = self.approved.as_ref().is_some_and(|approved| {
            std::iter::once(node.id())
                .chain(node.identifiers.iter().map(String::as_str))
                .any(|name| approved.matches(&RawName::from(name)))
        });
        by_name
            || node
                .digests()
                .any(|known| self.digests.contains(&known.digest))
    }
}
