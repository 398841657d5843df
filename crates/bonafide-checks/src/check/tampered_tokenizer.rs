//! `tampered-tokenizer`: tokenizer does not give back what goes in.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "tampered-tokenizer",
    title: "Tokenizer does not give back what goes in",
    severity: Severity::High,
    threats: &[ThreatId("ART-04")],
    demands: "Tokens and numbers belong to each other one to one, no normalizer or decoder rewrites words, and \
        what ends a turn is a special token.",
    rationale: "Who changes a table of strings changes what the model is asked and what it says, without \
        touching a weight.",
    cannot_prove: "That two tokens were not swapped, where no reference is at hand.",
    remediation: "Compare the tokenizer with the one of the base model, byte for byte.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Tokenizer)
}
