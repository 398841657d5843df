//! `code-in-graph`: graph of the model runs code or reaches files.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "code-in-graph",
    title: "Graph of the model runs code or reaches files",
    severity: Severity::High,
    threats: &[ThreatId("ART-05")],
    demands: "No layer or operator of a model's graph carries a program, calls into the host language, or \
        reads or writes files, and none is of a domain that nobody knows.",
    rationale: "Graphs are run, not only read: a Lambda layer or a custom operator does what its author wants \
        with each input.",
    cannot_prove: "That a graph of ordinary operators has no trigger in it.",
    remediation: "Ask for a model without custom layers, or review them and put their names into `allow`.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::CodeInGraph)
}
