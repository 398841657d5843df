//! `uncovered-file`: file is left out of the signature.

use bonafide_core::{Severity, ThreatId};

use super::allowance::{ALLOW, Concern, Parameters};
use super::unsigned::WITHOUT_SIGNATURE;
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;
use crate::survey::GapReason;

pub(super) const CHECK: Check = Check {
    slug: "uncovered-file",
    title: "File is left out of the signature",
    severity: Severity::High,
    threats: &[ThreatId("SIG-03")],
    demands: "No file lies outside the cover of the signatures: not in `.git` and the like, which \
        the format leaves out, not under an exclusion that the signer chose, and not as an \
        empty file under shards, which have no digest for it.",
    rationale: "Whoever signs decides what is left out, and whoever tampers can put files there \
        without breaking the signature. The reference tool accepts them silently; here the \
        policy decides.",
    cannot_prove: "That the files are harmful.",
    remediation: "Remove the files (a published model needs no `.git`), or have the artifact signed \
        without the exclusion. A file that you want to keep unsigned can be named in `allow` \
        of this check in your policy.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[ALLOW, WITHOUT_SIGNATURE],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    parameters.judge(facts, |reason| match reason {
        GapReason::Format(_)
        | GapReason::Signer(_)
        | GapReason::PartlySigned(_)
        | GapReason::EmptyUnderShards => {
            Concern::Finding(format!("is not covered by the signature: {reason}"))
        }
        _ => Concern::OfAnother,
    })
}
