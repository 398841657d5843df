//! `conflicting-labels`: the same record has several labels.

use bonafide_core::{Severity, ThreatId};
use bonafide_dataset::duplicates::{Cluster, Duplicates};
use bonafide_dataset::{Analysis, Examination};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{about_record, listed};

pub(super) const CHECK: Check = Check {
    slug: "conflicting-labels",
    title: "The same record has different labels",
    severity: Severity::Medium,
    threats: &[ThreatId("DAT-04")],
    demands: "Records that are equal in everything but label and key have one label. At most `most` groups of \
        them may not.",
    rationale: "Whoever flips labels leaves behind the copies that he did not find.",
    cannot_prove: "Which of the labels is right, or that anybody meant harm.",
    remediation: "Look at the records, and keep the right label.",
    standing: Standing::OnDemand,
    needs: &[Need::Records(Analysis::Duplicates)],
    parameters: &[Parameter {
        name: "most",
        kind: "whole number",
        default: "0",
        effect: "so many groups are let pass",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most: u64,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    facts.over_records(
        |examination| &examination.duplicates,
        |examination: &Examination, found: &Duplicates| {
            if found.conflicts.total <= parameters.most || examination.roles.label.is_none() {
                return Vec::new();
            }
            let shown = found.conflicts.shown.iter();
            let mut findings: Vec<_> = shown.filter_map(finding).collect();
            let more = found.conflicts.total.saturating_sub(findings.len() as u64);
            if let (Some(last), true) = (findings.last_mut(), more > 0) {
                last.message.push_str(&format!("; {more} more such groups"));
            }
            findings
        },
    )
}

fn finding(cluster: &Cluster) -> Option<bonafide_core::Finding> {
    let first = cluster.members.shown.first()?;
    let labels: Vec<String> = cluster
        .labels
        .iter()
        .map(|(label, count)| format!("`{label}` ({count})"))
        .collect();
    let message = format!(
        "{} equal records have the labels {}: {}",
        cluster.members.total,
        labels.join(", "),
        listed(&cluster.members, 5, Clone::clone)
    );
    Some(about_record(first, message))
}
