//! `misleading-extension`: name says another format than the bytes.

use bonafide_core::{Hazard, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "misleading-extension",
    title: "Name says another format than the bytes",
    severity: Severity::High,
    threats: &[ThreatId("ART-01")],
    demands: "No file that can run code bears the extension of a format that cannot.",
    rationale: "Tools and people that go by names take it for data; the loader goes by content.",
    cannot_prove: "Anything about extensions that many formats share, such as `.bin`.",
    remediation: "Do not load the file; give honest files their right extension.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    judge(facts, parameters, Hazard::Masquerade)
}
