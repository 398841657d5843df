//! `unvalidated-update`: records were added, and nobody looked at the result.

use bonafide_attest::predicate::StatedResult;
use bonafide_attest::statement::Statement;
use bonafide_attest::{Content, Verified};
use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};
use bonafide_dataset::manifest::PREDICATE_TYPE;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::statements::{SKEW, Types, proven_times, time_of};
use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::SignedRecords;

/// Statements about an evaluation.
const EVALUATIONS: &[&str] = &[
    "https://bonafide.dev/evaluation/v1",
    "https://in-toto.io/attestation/test-result/v0.1",
];

/// Statements about checks that were carried out.
const REPORTS: &[&str] = &[
    "https://slsa.dev/verification_summary/v1",
    "https://in-toto.io/attestation/svr/v0.1",
];

pub(super) const CHECK: Check = Check {
    slug: "unvalidated-update",
    title: "Data was updated, and nobody looked at the result",
    severity: Severity::High,
    threats: &[ThreatId("DAT-11")],
    demands: "A trusted signer vouches for a record manifest that says when it was made and which version was \
        before it, and after that time for an evaluation and a report of checks. None of them states a failure, and \
        none is older than `max-age-days`.",
    rationale: "A model that learns on from feedback or from new records is a new model with each update. What was \
        evaluated before says nothing about it.",
    cannot_prove: "That the evaluation would have seen what was changed.",
    remediation: "Write a manifest of the new version with `bonafide dataset manifest --previous`, check and \
        evaluate it, and sign all three.",
    standing: Standing::OnDemand,
    needs: &[Need::SignedRecords],
    parameters: &[
        Parameter {
            name: "evaluation",
            kind: "URI, or list of them; with `*` it is a glob",
            default: "`https://bonafide.dev/evaluation/v1`, in-toto test results",
            effect: "types of statement that count as an evaluation",
        },
        Parameter {
            name: "report",
            kind: "URI, or list of them; with `*` it is a glob",
            default: "SLSA verification summaries, in-toto simple verification results",
            effect: "types of statement that count as a report of checks",
        },
        Parameter {
            name: "max-age-days",
            kind: "whole number",
            default: "no limit",
            effect: "what is older does not count",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    evaluation: Types,
    report: Types,
    max_age_days: Option<u32>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            evaluation: Types::exactly(EVALUATIONS),
            report: Types::exactly(REPORTS),
            max_age_days: None,
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let problem = match updated(&facts.records.manifests, facts.now) {
        Err(problem) => Some(problem),
        Ok(updated) => parameters.problem(facts, updated),
    };
    let findings = problem.into_iter();
    let findings = findings.map(|problem| Finding::new(Subject::Artifact, problem));
    Outcome::from_findings(findings.collect()).into()
}

/// When the records were last changed, by the latest of the signed manifests.
fn updated(manifests: &[SignedRecords], now: Timestamp) -> Result<Timestamp, String> {
    let mut latest: Option<(Timestamp, &SignedRecords)> = None;
    for manifest in manifests {
        let created = manifest.created;
        let Some(created) = created.and_then(|time| Timestamp::from_second(time).ok()) else {
            return Err("a signed record manifest does not say when it was made".to_owned());
        };
        if created.duration_since(now) > SKEW {
            return Err(format!(
                "a signed record manifest is of {created}, which is in the future"
            ));
        }
        if latest.is_none_or(|(known, _)| known < created) {
            latest = Some((created, manifest));
        }
    }
    match latest {
        None => Err(format!(
            "no trusted signer vouches for a record manifest (`{PREDICATE_TYPE}`)"
        )),
        Some((created, manifest)) if manifest.previous.is_none() => Err(format!(
            "the record manifest of {created} does not say which version was before it"
        )),
        Some((created, _)) => Ok(created),
    }
}

impl Parameters {
    fn problem(&self, facts: &Facts<'_>, updated: Timestamp) -> Option<String> {
        if let Some(problem) = self.too_old(updated, facts.now) {
            return Some(format!("the record manifest is of {updated}, {problem}"));
        }
        let kinds = [
            ("evaluation", &self.evaluation),
            ("report of checks", &self.report),
        ];
        kinds.into_iter().find_map(|(kind, types)| {
            let mut nearest = format!("no trusted signer vouches for an {kind} ({types})");
            if kind.starts_with('r') {
                nearest = format!("no trusted signer vouches for a {kind} ({types})");
            }
            for signature in &facts.signatures {
                let Some(verified) = signature.verified() else {
                    continue;
                };
                let Content::Statement(statement) = verified.get() else {
                    continue;
                };
                if !types.matches(statement) {
                    continue;
                }
                match self.problem_of(verified, statement, updated, facts.now) {
                    None => return None,
                    Some(problem) => {
                        nearest = format!("the {kind} `{}` {problem}", signature.source)
                    }
                }
            }
            Some(nearest)
        })
    }

    fn problem_of(
        &self,
        verified: &Verified<Content>,
        statement: &Statement,
        updated: Timestamp,
        now: Timestamp,
    ) -> Option<String> {
        if statement.predicate.result() == Some(StatedResult::Failed) {
            return Some("states a failure".to_owned());
        }
        let mut times = proven_times(verified);
        times.extend(time_of(&statement.predicate));
        times.extend(stated_time(statement));
        // An old statement that is signed again, or dated anew, is still old.
        let Some(time) = times.iter().min() else {
            return Some("does not say when it was made".to_owned());
        };
        if let Some(time) = times.iter().find(|time| time.duration_since(now) > SKEW) {
            return Some(format!("is of {time}, which is in the future"));
        }
        if *time < updated {
            return Some(format!(
                "is of {time}, before the records were changed at {updated}"
            ));
        }
        let problem = self.too_old(*time, now)?;
        Some(format!("is of {time}, {problem}"))
    }

    fn too_old(&self, time: Timestamp, now: Timestamp) -> Option<String> {
        let days = self.max_age_days?;
        let limit = SignedDuration::from_hours(24 * i64::from(days));
        (now.duration_since(time) > limit).then(|| format!("more than {days} days ago"))
    }
}

/// When a predicate that we know no standard of says that it is from.
fn stated_time(statement: &Statement) -> Option<Timestamp> {
    let predicate = statement.predicate.raw()?;
    let names = [
        "timestamp",
        "evaluated-at",
        "evaluatedAt",
        "time",
        "created",
        "date",
    ];
    names
        .iter()
        .find_map(|name| predicate.get(name)?.as_str()?.parse().ok())
}
