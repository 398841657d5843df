//! `link-escape`: symbolic link leaves the artifact.

use bonafide_core::{Finding, Severity, Subject, ThreatId};
use bonafide_hash::{EntryKind, LinkEnd};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "link-escape",
    title: "Symbolic link leaves the artifact",
    severity: Severity::Critical,
    threats: &[ThreatId("SIG-03"), ThreatId("SIG-08")],
    demands: "No symbolic link points at an absolute path or climbs out of the artifact's root.",
    rationale: "Through such a link a loader reads, or runs, files that no signature can cover: \
        another model, a user's secrets, a prepared directory.",
    cannot_prove: "What lies behind the link: it is never opened.",
    remediation: "Remove the link, or replace it by the file that was meant and have the artifact \
        signed again. For a download cache made of links, verify a copy of the files.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let findings = facts
        .tree
        .entries()
        .iter()
        .filter_map(|entry| match &entry.kind {
            EntryKind::Link {
                target,
                leads_to: LinkEnd::Outside,
            } => Some(Finding::new(
                Subject::File(entry.name.clone()),
                format!("is a symbolic link out of the artifact, to `{target}`"),
            )),
            _ => None,
        })
        .collect();
    facts.over_the_tree(findings).into()
}
