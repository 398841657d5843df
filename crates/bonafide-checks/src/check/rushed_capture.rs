//! `rushed-capture`: many records were changed right before the capture.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};
use bonafide_dataset::content::{Capture, ContentIndex};
use bonafide_dataset::{Analysis, Examination};
use serde::Deserialize;

use super::share::Share;
use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{listed, percent, share};

pub(super) const CHECK: Check = Check {
    slug: "rushed-capture",
    title: "Many records were changed right before the capture",
    severity: Severity::Medium,
    threats: &[ThreatId("DAT-03")],
    demands: "Every record says when it was captured or last changed, at most the share `most-share` of them within \
        `window-hours` (1, 24, 168 or 720) before the latest, none more than `max-age-days` ago, and with \
        `revisions` every one says which revision it is.",
    rationale: "Whoever knows when a source is captured edits it right before, so that moderation comes too late.",
    cannot_prove: "That the times are true, or that older edits are good. A source that was captured at once has \
        all its records in one hour: set the window by how the dataset is made.",
    remediation: "Capture in random order or with delay, keep revisions, and leave out what is too new.",
    standing: Standing::OnDemand,
    needs: &[Need::Records(Analysis::Content)],
    parameters: &[
        Parameter {
            name: "window-hours",
            kind: "1, 24, 168 or 720",
            default: "24",
            effect: "how long before the latest time counts",
        },
        Parameter {
            name: "most-share",
            kind: "number from 0 to 1",
            default: "0.1",
            effect: "if more of the records are from the window, that is a finding",
        },
        Parameter {
            name: "max-age-days",
            kind: "whole number",
            default: "no limit",
            effect: "if the latest record is older, that is a finding",
        },
        Parameter {
            name: "revisions",
            kind: "true or false",
            default: "false",
            effect: "a record without a revision is a finding",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    window_hours: Window,
    most_share: Share,
    max_age_days: Option<u32>,
    revisions: bool,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            window_hours: Window(24),
            most_share: Share::percent(10),
            max_age_days: None,
            revisions: false,
        }
    }
}

/// One of the windows that are counted, in hours.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u64")]
struct Window(u64);

impl TryFrom<u64> for Window {
    type Error = String;

    fn try_from(hours: u64) -> Result<Self, Self::Error> {
        match hours {
            1 | 24 | 168 | 720 => Ok(Self(hours)),
            _ => Err(format!("{hours} is not one of 1, 24, 168 and 720")),
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let mut timed = false;
    let judgement = facts.over_records(
        |examination| &examination.content,
        |_: &Examination, index: &ContentIndex| {
            timed = index.capture.is_some();
            parameters.judge(index, facts.now.as_second())
        },
    );
    if judgement.outcome == Outcome::Pass && !timed {
        let reason = "no column says when records were captured";
        return Outcome::Inconclusive(reason.to_owned()).into();
    }
    judgement
}

impl Parameters {
    fn judge(&self, index: &ContentIndex, now: i64) -> Vec<Finding> {
        let mut messages = Vec::new();
        if let Some(capture) = &index.capture {
            messages.extend(self.of_times(capture, now));
        }
        if self.revisions {
            match &index.without_revision {
                None => messages.push("no column says which revision a record is".to_owned()),
                Some(without) if without.total > 0 => messages.push(format!(
                    "{} records do not say which revision they are: {}",
                    without.total,
                    listed(without, 5, Clone::clone)
                )),
                Some(_) => {}
            }
        }
        let findings = messages.into_iter();
        findings
            .map(|message| Finding::new(Subject::Artifact, message))
            .collect()
    }

    fn of_times(&self, capture: &Capture, now: i64) -> Vec<String> {
        let mut messages = Vec::new();
        let Window(hours) = self.window_hours;
        let counted = capture.before_latest.iter();
        let inside = counted
            .filter(|(seconds, _)| *seconds == hours * 3_600)
            .map(|(_, records)| *records)
            .sum();
        if self
            .most_share
            .is_exceeded_by(share(inside, capture.records))
        {
            messages.push(format!(
                "{inside} of {} records ({}) are from the last {hours} hours before the latest, by `{}`",
                capture.records,
                percent(inside, capture.records),
                capture.column
            ));
        }
        if capture.unknown.total > 0 {
            messages.push(format!(
                "{} records have no time in `{}`: {}",
                capture.unknown.total,
                capture.column,
                listed(&capture.unknown, 5, Clone::clone)
            ));
        }
        if let Some(days) = self.max_age_days
            && now.saturating_sub(capture.latest) > i64::from(days) * 86_400
        {
            messages.push(format!("the latest record is more than {days} days old"));
        }
        messages
    }
}
