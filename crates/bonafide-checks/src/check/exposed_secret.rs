//! `exposed-secret`: file holds a credential.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "exposed-secret",
    title: "File holds a credential",
    severity: Severity::High,
    threats: &[ThreatId("SIG-09")],
    demands: "No file holds a private key or a token of a service.",
    rationale: "Whoever has the artifact has the credential, and may change the place that it was published \
        from.",
    cannot_prove: "That there is none in a form that no rule knows.",
    remediation: "Revoke the credential, and publish the artifact without it.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Secret)
}
