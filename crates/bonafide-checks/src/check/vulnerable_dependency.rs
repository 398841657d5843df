//! `vulnerable-dependency`: software with a published vulnerability is asked for.

use bonafide_core::{Hazard, Outcome, Severity, ThreatId};

use super::hazard::{PARAMETERS, Parameters, judge};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "vulnerable-dependency",
    title: "Software with a published vulnerability is asked for",
    severity: Severity::High,
    threats: &[ThreatId("DEP-02")],
    demands: "No version that the artifact asks for is named by the advisories that were given \
        (`--advisories`).",
    rationale: "The artifact is loaded by that software.",
    cannot_prove: "Anything newer than the advisories, or software that the artifact does not name.",
    remediation: "Raise the version to one that is fixed.",
    standing: Standing::Optional,
    needs: &[],
    parameters: PARAMETERS,
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let asks = facts.models.iter().any(|file| {
        let inspection = file.inspected.as_ref();
        inspection.is_ok_and(|inspection| !inspection.facts.dependencies.is_empty())
    });
    if !asks {
        return Outcome::NotApplicable("no file asks for software by name".to_owned()).into();
    }
    if facts.advisories.is_none() {
        let reason = "no advisories are given, so what is asked for cannot be held against any";
        return Outcome::Inconclusive(reason.to_owned()).into();
    }
    judge(facts, parameters, Hazard::VulnerableDependency)
}
