//! `unlisted-file`: file was added after signing.

use bonafide_core::{Severity, ThreatId};

use super::allowance::{ALLOW, Parameters};
use crate::declaration::{Check, Judgement, prepare};
use crate::facts::Facts;
use crate::survey::GapReason;

pub(super) const CHECK: Check = Check {
    slug: "unlisted-file",
    title: "File was added after signing",
    severity: Severity::High,
    threats: &[ThreatId("SIG-03")],
    demands: "Every file of the artifact is listed by a verified signature, or left out by name \
        (see `uncovered-file`), or is a signature file itself. Links to files count as \
        files.",
    rationale: "Loaders import what they find beside the weights. A file that nobody signed can hold \
        code, or shadow a file that was signed.",
    cannot_prove: "That a loader would really use the file.",
    remediation: "Remove the file, or have the artifact signed again with it. A file that you want to \
        keep unsigned can be named in `allow` of this check in your policy.",
    parameters: &[ALLOW],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    parameters.judge(facts, |reason| {
        (*reason == GapReason::Unlisted)
            .then(|| "is not listed by any verified signature".to_owned())
    })
}
