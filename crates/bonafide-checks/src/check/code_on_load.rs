//! `code-on-load`: loading the artifact runs code.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "code-on-load",
    title: "Loading the artifact runs code",
    severity: Severity::Critical,
    threats: &[ThreatId("ART-01")],
    demands: "No file of the artifact makes an ordinary loader import or call anything but names that are \
        known to build data: pickles, marshalled objects and whatever is nested in them.",
    rationale: "A pickle is a program. `torch.load`, `joblib.load` and their kin run it before anybody has seen \
        a weight.",
    cannot_prove: "That an allowed name stays harmless with every version of its library, or that a loader has no \
        fault of its own.",
    remediation: "Ask for the weights as safetensors. Where a name is one of your own, review it and put it into \
        `allow`.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::CodeOnLoad)
}
