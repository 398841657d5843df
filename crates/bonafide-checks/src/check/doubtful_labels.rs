//! `doubtful-labels`: labels that the rest of the records would not give.

use bonafide_core::{Finding, Severity, Subject, ThreatId};
use bonafide_dataset::labels::DoubtfulLabels;
use bonafide_dataset::{Analysis, Examination};
use serde::Deserialize;

use super::share::Share;
use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{listed, percent, share};

pub(super) const CHECK: Check = Check {
    slug: "doubtful-labels",
    title: "More labels are doubtful than usual",
    severity: Severity::Low,
    threats: &[ThreatId("DAT-04")],
    demands: "At most the share `most-share` of the labels is one that a model trained on the other records would \
        not give (confident learning over out-of-fold probabilities of a linear probe).",
    rationale: "A flipped label seldom fits the records around it. The list is what a person should look at first.",
    cannot_prove: "That a label is wrong, or that the others are right: hard cases look the same, a slice that was \
        flipped as a whole looks consistent, and the probe learns a backdoor with many records.",
    remediation: "Look at the records in the report, most doubtful first, and correct what is wrong. What is usual \
        differs from dataset to dataset: set `most-share` by a version that was reviewed.",
    standing: Standing::OnDemand,
    needs: &[Need::Records(Analysis::Labels)],
    parameters: &[Parameter {
        name: "most-share",
        kind: "number from 0 to 1",
        default: "0.02",
        effect: "if more of the labels are doubtful, that is a finding",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most_share: Share,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            most_share: Share::percent(2),
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    facts.over_records(
        |examination| &examination.labels,
        |_: &Examination, found: &DoubtfulLabels| {
            let doubtful = &found.doubtful;
            let share = share(doubtful.total, found.records);
            if !parameters.most_share.is_exceeded_by(share) {
                return Vec::new();
            }
            let message = format!(
                "{} of {} labels ({}) are doubtful, to be looked at: {}",
                doubtful.total,
                found.records,
                percent(doubtful.total, found.records),
                listed(doubtful, 5, |label| format!(
                    "{} has `{}`, perhaps `{}`",
                    label.record, label.given, label.suggested
                ))
            );
            vec![Finding::new(Subject::Artifact, message)]
        },
    )
}
