//! `outside-reference`: path in a file leads out of the artifact.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "outside-reference",
    title: "Path in a file leads out of the artifact",
    severity: Severity::High,
    threats: &[ThreatId("ART-05"), ThreatId("ART-06")],
    demands: "No file names a path that leads out of the artifact: external data, links and virtual data sets, \
        members of archives.",
    rationale: "A loader that follows it reads or overwrites files of the machine.",
    cannot_prove: "How a loader resolves paths that look harmless.",
    remediation: "Do not load or unpack the file.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::OutsideReference)
}
