//! `code-in-repository`: repository brings programs or settings that make loaders run some.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "code-in-repository",
    title: "Repository brings programs or settings that make loaders run some",
    severity: Severity::High,
    threats: &[ThreatId("ART-02")],
    demands: "No configuration asks a loader to run code of the repository or of another one, no document \
        builds objects by name, and no program beside the weights does more at import than define \
        things.",
    rationale: "`trust_remote_code`, `auto_map`, custom pipelines, handlers and agent settings run with the \
        rights of whoever loads the model.",
    cannot_prove: "What a program does when it is called, and settings that no rule knows.",
    remediation: "Remove the setting and the program, or review them, pin the revision, and put their names into \
        `allow`.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::CodeInRepository)
}
