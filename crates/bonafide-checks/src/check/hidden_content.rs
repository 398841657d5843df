//! `hidden-content`: something lies where the format has no place for it.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "hidden-content",
    title: "Something lies where the format has no place for it",
    severity: Severity::High,
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    demands: "Every byte of every file belongs to something that its format knows: nothing is appended, \
        between entries, or inside of a tensor that is no number.",
    rationale: "Loaders never look there, and scanners that follow the format do not either.",
    cannot_prove: "That numbers of a tensor do not hide bits of something else.",
    remediation: "Convert the model anew with the tool that wrote it, and compare the tensors.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Hidden)
}
