//! `unsafe-template`: chat template does more than lay out messages.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "unsafe-template",
    title: "Chat template does more than lay out messages",
    severity: Severity::High,
    threats: &[ThreatId("ART-03")],
    demands: "Every chat template can be read, reaches for no attribute outside of its messages, and adds no \
        text of its own that depends on what a message says.",
    rationale: "A template runs on every conversation, and can add instructions that neither user nor developer \
        sees.",
    cannot_prove: "That an unusual but clean template is harmless, or what its words mean to the model.",
    remediation: "Compare the template with the one of the base model, and restore it.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Template)
}
