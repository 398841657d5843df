//! `unlisted-file`: file was added after signing.

use bonafide_core::{Severity, ThreatId};

use super::allowance::{ALLOW, Concern, Parameters};
use super::unsigned::WITHOUT_SIGNATURE;
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;
use crate::survey::GapReason;

pub(super) const CHECK: Check = Check {
    slug: "unlisted-file",
    title: "File was added after signing",
    severity: Severity::High,
    threats: &[ThreatId("SIG-03")],
    demands: "One verified signature lists every file of the artifact, apart from those that \
        it leaves out by name (see `uncovered-file`) and verified signature files. Links to files \
        count as files; a signature file that is not verified counts as any other file.",
    rationale: "Loaders import what they find beside the weights. A file that nobody signed can hold \
        code, or shadow a file that was signed.",
    cannot_prove: "That a loader would really use the file.",
    remediation: "Remove the file, or have the artifact signed again with it. A file that you want to \
        keep unsigned can be named in `allow` of this check in your policy.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[ALLOW, WITHOUT_SIGNATURE],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    parameters.judge(facts, |reason| match reason {
        GapReason::Unlisted => {
            Concern::Finding("is not listed by the verified signature".to_owned())
        }
        GapReason::UnverifiedSignature => Concern::Finding(
            "is taken for a signature, but is not verified: it may hold anything".to_owned(),
        ),
        GapReason::NotAFile | GapReason::DirectoryLink => Concern::Undecided,
        _ => Concern::OfAnother,
    })
}
