//! `excessive-expansion`: file unpacks to far more than it is.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "excessive-expansion",
    title: "File unpacks to far more than it is",
    severity: Severity::Medium,
    threats: &[ThreatId("ART-06")],
    demands: "No file unpacks, or builds objects, out of proportion to its length.",
    rationale: "A few bytes take the memory or the time of the machine that loads them.",
    cannot_prove: "That a loader needs little memory for an honest file.",
    remediation: "Do not load the file.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Expansion)
}
