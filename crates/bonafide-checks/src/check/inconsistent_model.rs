//! `inconsistent-model`: parts of the model do not fit each other.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "inconsistent-model",
    title: "Parts of the model do not fit each other",
    severity: Severity::Medium,
    threats: &[ThreatId("MDL-04")],
    demands: "The index fits its shards, the storages their tensors, the vocabulary the embedding, and what \
        one file says of another.",
    rationale: "A shard or table that was swapped shows first as one that does not fit.",
    cannot_prove: "That parts which fit belong together.",
    remediation: "Fetch all files anew, from one revision.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Inconsistent)
}
