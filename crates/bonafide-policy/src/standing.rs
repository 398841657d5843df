//! What a run is for the provisions that a policy names: evidence, never fulfilment.

use bonafide_core::{
    CheckResult, RequirementClass, RequirementStanding, RequirementSummary, StandardSummary,
};

use crate::policy::Policy;
use crate::standard::Requirement;

/// Every standard of the policy, with its provisions.
pub(crate) fn summaries(policy: &Policy, checks: &[CheckResult]) -> Vec<StandardSummary> {
    policy
        .standards
        .iter()
        .map(|standard| StandardSummary {
            id: standard.id.clone(),
            name: standard.name.clone(),
            version: standard.version.clone(),
            owner: standard.owner.clone(),
            requirements: policy
                .requirements
                .iter()
                .filter(|requirement| requirement.standard == standard.id)
                .map(|requirement| summary(policy, requirement, checks))
                .collect(),
        })
        .collect()
}

fn summary(
    policy: &Policy,
    requirement: &Requirement,
    checks: &[CheckResult],
) -> RequirementSummary {
    let speaks = |check: &CheckResult| {
        let id = &requirement.id;
        let control = policy
            .controls
            .iter()
            .find(|known| known.id == check.control);
        let package = check.check.split_once('.').map(|(package, _)| package);
        let custom = policy
            .custom
            .iter()
            .find(|rules| control.is_none() && Some(rules.package.as_str()) == package);
        requirement.checks.contains(&check.control)
            || requirement.checks.iter().any(|slug| *slug == check.check)
            || control.is_some_and(|control| control.requirements.contains(id))
            || custom.is_some_and(|rules| rules.requirements.contains(id))
    };
    let speaking: Vec<&CheckResult> = checks.iter().filter(|check| speaks(check)).collect();
    let (standing, reason) = judge(&speaking, requirement.class);
    RequirementSummary {
        id: requirement.id.clone(),
        title: requirement.title.clone(),
        assertion: requirement.assertion.clone(),
        class: requirement.class,
        controls: speaking.iter().map(|check| check.control.clone()).collect(),
        standing,
        reason,
        limit: requirement.limit.clone(),
    }
}

/// The worst that a control says, and in one sentence why.
fn judge(checks: &[&CheckResult], class: RequirementClass) -> (RequirementStanding, String) {
    let which = |wanted: &dyn Fn(&CheckResult) -> bool| -> Vec<&str> {
        let checks = checks.iter().filter(|check| wanted(check));
        checks.map(|check| check.control.as_str()).collect()
    };
    let list = |controls: &[&str]| format!("`{}`", controls.join("`, `"));
    let failed = which(&|check| check.outcome == "fail");
    if !failed.is_empty() {
        let findings: usize = checks.iter().map(|check| check.findings.len()).sum();
        let plural = if findings == 1 { "" } else { "s" };
        return (
            RequirementStanding::Contradicted,
            format!("{findings} finding{plural} of {}", list(&failed)),
        );
    }
    let undecided = which(&|check| check.outcome == "inconclusive");
    if !undecided.is_empty() {
        return (
            RequirementStanding::Undecided,
            format!("could not be carried out: {}", list(&undecided)),
        );
    }
    let waived = which(&|check| !check.waived.is_empty());
    if !waived.is_empty() {
        let findings: usize = checks.iter().map(|check| check.waived.len()).sum();
        let plural = if findings == 1 { "" } else { "s" };
        return (
            RequirementStanding::Waived,
            format!("{findings} waived finding{plural} of {}", list(&waived)),
        );
    }
    let passed = which(&|check| check.outcome == "pass");
    if !passed.is_empty() {
        return (
            RequirementStanding::Supported,
            format!("passed: {}", list(&passed)),
        );
    }
    let reason = if checks.is_empty() {
        match class {
            RequirementClass::Document => "a person has to read the document that shows it",
            RequirementClass::Outside => "this tool cannot show it",
            RequirementClass::Automated | RequirementClass::Attestation => {
                "no control of the policy speaks to it"
            }
        }
    } else {
        "no control that speaks to it applies here"
    };
    (RequirementStanding::NoEvidence, reason.to_owned())
}
