//! `shifted-population`: shares of labels, sources or attributes moved.

use bonafide_core::{Finding, Severity, Subject, ThreatId};
use bonafide_dataset::shift::Shift;
use bonafide_dataset::{Analysis, Examination};
use serde::Deserialize;

use super::share::Limit;
use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "shifted-population",
    title: "Shares of labels, sources or attributes moved",
    severity: Severity::Medium,
    threats: &[ThreatId("DAT-09")],
    demands: "Against the earlier version that `--previous` names, the population stability index of each column \
        (label, source, declared attributes, split) is at most `most-psi`.",
    rationale: "A class, source or group that suddenly has a larger share changes what a model learns, record by \
        record correct.",
    cannot_prove: "Whether a shift is meant badly: data follows the world.",
    remediation: "Find out why the shares moved, and record it; or take the version before.",
    standing: Standing::OnDemand,
    needs: &[Need::Records(Analysis::Shift)],
    parameters: &[Parameter {
        name: "most-psi",
        kind: "number",
        default: "0.25",
        effect: "a column with a larger index is a finding",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most_psi: Limit,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            most_psi: Limit::percent(25),
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    facts.over_records(
        |examination| &examination.shift,
        |_: &Examination, shifts: &Vec<Shift>| {
            let moved = |shift: &&Shift| {
                let limit = parameters.most_psi;
                limit.is_exceeded_by(shift.population_stability_index)
            };
            shifts.iter().filter(moved).map(finding).collect()
        },
    )
}

fn finding(shift: &Shift) -> Finding {
    let values: Vec<String> = shift
        .moved
        .iter()
        .take(5)
        .map(|(value, before, after)| {
            format!(
                "`{value}` from {:.1} % to {:.1} %",
                100.0 * before,
                100.0 * after
            )
        })
        .collect();
    let message = format!(
        "shares in `{}` moved (population stability index {:.2}): {}",
        shift.column,
        shift.population_stability_index,
        values.join(", ")
    );
    Finding::new(Subject::Artifact, message)
}
