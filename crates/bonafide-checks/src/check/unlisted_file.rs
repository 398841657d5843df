//! `unlisted-file`: file was added after signing.

use bonafide_core::{Finding, Severity, Subject, ThreatId};

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
    if let Some(outcome) = facts.without_manifest() {
        return outcome.into();
    }
    let mut excused = Vec::new();
    let mut findings = Vec::new();
    for gap in facts.survey.uncovered() {
        if gap.reason != GapReason::Unlisted {
            continue;
        }
        if parameters.allow.excuses(&gap.name) {
            excused.push(gap.name.clone());
        } else {
            findings.push(Finding::new(
                Subject::File(gap.name.clone()),
                "is not listed by any verified signature",
            ));
        }
    }
    Judgement {
        outcome: facts.over_the_tree(findings),
        excused,
    }
}
