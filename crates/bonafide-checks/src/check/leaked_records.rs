//! `leaked-records`: records of one split are in another.

use bonafide_core::{Finding, Severity, ThreatId};
use bonafide_dataset::duplicates::{Cluster, Duplicates};
use bonafide_dataset::{Analysis, Examination, Sample};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{about_record, listed};

pub(super) const CHECK: Check = Check {
    slug: "leaked-records",
    title: "Records of one split are in another",
    severity: Severity::Medium,
    threats: &[ThreatId("DAT-08")],
    demands: "No record of one split (train, validation, test) is equal to one of another, and with `similar`, \
        none is nearly equal.",
    rationale: "What a model has seen in training says nothing about it in a test. Scores that were measured so \
        are too high.",
    cannot_prove: "That the base model has not seen the test data: what it was trained on is not at hand.",
    remediation: "Remove the records from one of the splits, and measure again.",
    standing: Standing::OnDemand,
    needs: &[
        Need::Records(Analysis::Duplicates),
        Need::Records(Analysis::Similar),
    ],
    parameters: &[
        Parameter {
            name: "most",
            kind: "whole number",
            default: "0",
            effect: "so many groups of equal records are let pass",
        },
        Parameter {
            name: "similar",
            kind: "true or false",
            default: "false",
            effect: "nearly equal records count as well",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most: u64,
    similar: bool,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let judge = |_: &Examination, found: &Duplicates| leaks(&found.leaks, parameters.most);
    if parameters.similar {
        return facts.over_records(|examination| &examination.similar, judge);
    }
    facts.over_records(|examination| &examination.duplicates, judge)
}

fn leaks(leaks: &Sample<Cluster>, most: u64) -> Vec<Finding> {
    if leaks.total <= most {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = leaks.shown.iter().filter_map(finding).collect();
    let more = leaks.total.saturating_sub(findings.len() as u64);
    if let (Some(last), true) = (findings.last_mut(), more > 0) {
        last.message.push_str(&format!("; {more} more such groups"));
    }
    findings
}

fn finding(cluster: &Cluster) -> Option<Finding> {
    let first = cluster.members.shown.first()?;
    let splits: Vec<String> = cluster
        .splits
        .iter()
        .map(|(split, count)| format!("`{split}` ({count})"))
        .collect();
    let message = format!(
        "the same record is in the splits {}: {}",
        splits.join(", "),
        listed(&cluster.members, 5, Clone::clone)
    );
    Some(about_record(first, message))
}
