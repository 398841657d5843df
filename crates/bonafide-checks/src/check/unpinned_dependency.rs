//! `unpinned-dependency`: software is asked for without saying exactly which.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "unpinned-dependency",
    title: "Software is asked for without saying exactly which",
    severity: Severity::Medium,
    threats: &[ThreatId("DEP-01")],
    demands: "What the artifact asks to be installed is named with its exact version, from the usual index, \
        without further sources.",
    rationale: "Whoever can publish a newer version, or the same name elsewhere, decides what runs.",
    cannot_prove: "That a pinned version is harmless.",
    remediation: "Pin versions and hashes, and remove further indexes and direct addresses.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::UnpinnedDependency)
}
