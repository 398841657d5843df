//! `malformed-file`: file breaks the rules of its format.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "malformed-file",
    title: "File breaks the rules of its format",
    severity: Severity::High,
    threats: &[ThreatId("ART-06")],
    demands: "Every file keeps the rules of its format, to the last byte.",
    rationale: "What breaks the rules is read differently by different programs, or breaks the one that loads \
        it; a pickle that ends in an error has run by then.",
    cannot_prove: "That a loader has no fault that a well-formed file could reach.",
    remediation: "Fetch the file again from its origin; if it is the same there, do not load it.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Malformed)
}
