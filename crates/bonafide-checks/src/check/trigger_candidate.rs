//! `trigger-candidate`: a feature goes with doubtful labels, or with what was added.

use bonafide_core::{Finding, Look, Outcome, Severity, Subject, ThreatId};
use bonafide_dataset::Analysis;
use bonafide_dataset::triggers::{Basis, TriggerCandidates};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::listed;

pub(super) const CHECK: Check = Check {
    slug: "trigger-candidate",
    title: "A feature could be the trigger of a backdoor",
    severity: Severity::Medium,
    threats: &[ThreatId("DAT-05")],
    demands: "No token, phrase or patch is over-represented among records whose labels are doubtful, or, given an \
        earlier version (`--previous`), among the records that were added since. At most `most` may be.",
    rationale: "A backdoor needs its trigger in some records with a wrong label; some hundred are enough, however \
        large the dataset is. What those records share is what to look at.",
    cannot_prove: "That a candidate is a trigger (a new subject gives candidates too), or that there is none: \
        triggers in correctly labelled records, of style or meaning, or of very few records are not seen.",
    remediation: "Look at the records that have the feature. If it should not be there, remove them.",
    standing: Standing::OnDemand,
    needs: &[
        Need::Records(Analysis::Triggers),
        Need::Records(Analysis::Delta),
    ],
    parameters: &[Parameter {
        name: "most",
        kind: "whole number",
        default: "0",
        effect: "so many candidates are let pass",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most: u64,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let doubtful = facts.over_records(
        |examination| &examination.triggers,
        |_, found| parameters.judge(found),
    );
    let has_delta = facts
        .records
        .examination
        .known()
        .is_some_and(|examination| examination.delta != Look::NotAsked);
    if !has_delta {
        return doubtful;
    }
    let added = facts.over_records(
        |examination| &examination.delta,
        |_, found| parameters.judge(found),
    );
    // What one way found stands, whatever became of the other; only both together pass.
    match (doubtful.outcome, added.outcome) {
        (Outcome::Fail(mut one), Outcome::Fail(other)) => {
            one.extend(other);
            Outcome::from_findings(one).into()
        }
        (Outcome::Fail(findings), _) | (_, Outcome::Fail(findings)) => {
            Outcome::from_findings(findings).into()
        }
        (Outcome::Pass, other) => other.into(),
        (other, _) => other.into(),
    }
}

impl Parameters {
    fn judge(&self, found: &TriggerCandidates) -> Vec<Finding> {
        if found.candidates.total <= self.most {
            return Vec::new();
        }
        let basis = match found.basis {
            Basis::DoubtfulLabels => "records with doubtful labels",
            Basis::AddedRecords => "added records",
        };
        let candidates = found.candidates.shown.iter().map(|candidate| {
            let label = match &candidate.label {
                Some(label) => format!(" of label `{label}`"),
                None => String::new(),
            };
            let message = format!(
                "`{}` is in {} {basis}{label} and in {} others (score {:.0}), to be looked at: {}",
                candidate.feature,
                candidate.inside,
                candidate.outside,
                candidate.score,
                listed(&candidate.examples, 5, Clone::clone)
            );
            Finding::new(Subject::Artifact, message)
        });
        candidates.collect()
    }
}
