//! `duplicate-flooding`: many copies of a record were added.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};
use bonafide_dataset::duplicates::{Cluster, Duplicates};
use bonafide_dataset::{Analysis, Examination, Sample};
use serde::Deserialize;

use super::share::Share;
use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{about_record, listed, percent, share};

pub(super) const CHECK: Check = Check {
    slug: "duplicate-flooding",
    title: "Many copies of a record were added",
    severity: Severity::Medium,
    threats: &[ThreatId("DAT-07")],
    demands: "Since the earlier version that `--previous` names, no group of equal or nearly equal records grew by \
        more than `most-added`. Without an earlier version, no group is larger than `most-copies`, if that is \
        set, and no larger share of the records than `most-share`, if that is set, is in groups.",
    rationale: "Copies give a record more weight than its curator meant. Most datasets have natural duplicates \
        (a seventh of a corpus of mails, where that was measured), so growth says more than presence.",
    cannot_prove: "Anything about paraphrases: at one word in twenty changed, most copies are no longer near.",
    remediation: "Look at the groups, and remove the copies.",
    standing: Standing::OnDemand,
    needs: &[
        Need::Records(Analysis::Duplicates),
        Need::Records(Analysis::Similar),
    ],
    parameters: &[
        Parameter {
            name: "most-added",
            kind: "whole number",
            default: "10",
            effect: "a group that grew by more is a finding",
        },
        Parameter {
            name: "most-copies",
            kind: "whole number",
            default: "no limit",
            effect: "a larger group is a finding",
        },
        Parameter {
            name: "most-share",
            kind: "number from 0 to 1",
            default: "no limit",
            effect: "if more of the records are in groups, that is a finding",
        },
        Parameter {
            name: "similar",
            kind: "true or false",
            default: "true",
            effect: "nearly equal records are grouped, not only equal ones",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most_added: u64,
    most_copies: Option<u64>,
    most_share: Option<Share>,
    similar: bool,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            most_added: 10,
            most_copies: None,
            most_share: None,
            similar: true,
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let mut judged = false;
    let judge = |_: &Examination, found: &Duplicates| {
        judged = found.growth.is_some()
            || parameters.most_copies.is_some()
            || parameters.most_share.is_some();
        parameters.judge(found)
    };
    let judgement = if parameters.similar {
        facts.over_records(|examination| &examination.similar, judge)
    } else {
        facts.over_records(|examination| &examination.duplicates, judge)
    };
    if judgement.outcome == Outcome::Pass && !judged {
        let reason = "there is no earlier version to compare with (`--previous`), and no limit in the policy";
        return Outcome::Inconclusive(reason.to_owned()).into();
    }
    judgement
}

impl Parameters {
    fn judge(&self, found: &Duplicates) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(growth) = &found.growth {
            let grown = |cluster: &&Cluster| cluster.added.unwrap_or(0) > self.most_added;
            for cluster in growth.shown.iter().filter(grown) {
                let added = cluster.added.unwrap_or(0);
                findings.extend(finding(cluster, &format!(", {added} of them added")));
            }
        }
        if let Some(most) = self.most_copies {
            let large = |cluster: &&Cluster| cluster.members.total > most;
            let shown: &Sample<Cluster> = &found.largest;
            for cluster in shown.shown.iter().filter(large) {
                findings.extend(finding(cluster, ""));
            }
        }
        if let Some(most) = self.most_share
            && most.is_exceeded_by(share(found.clustered, found.records))
        {
            let message = format!(
                "{} of {} records ({}) are in {} groups of copies",
                found.clustered,
                found.records,
                percent(found.clustered, found.records),
                found.clusters
            );
            findings.push(Finding::new(Subject::Artifact, message));
        }
        findings
    }
}

fn finding(cluster: &Cluster, added: &str) -> Option<Finding> {
    let first = cluster.members.shown.first()?;
    let message = format!(
        "{} copies of a record{added}: {}",
        cluster.members.total,
        listed(&cluster.members, 5, Clone::clone)
    );
    Some(about_record(first, message))
}
