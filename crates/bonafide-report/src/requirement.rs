//! The provisions that a run speaks to: those of the standards that the policy names, or else the
//! checks themselves.

use std::borrow::Cow;

use bonafide_core::{CheckResult, Report, RequirementClass, RequirementStanding};

/// A collection of provisions.
pub(crate) struct Standard<'report> {
    pub(crate) id: &'report str,
    pub(crate) name: &'report str,
    pub(crate) version: &'report str,
    pub(crate) owner: &'report str,
    pub(crate) requirements: Vec<Requirement<'report>>,
}

/// A provision, and what the run is for it.
pub(crate) struct Requirement<'report> {
    pub(crate) id: &'report str,
    pub(crate) title: &'report str,
    pub(crate) assertion: &'report str,
    pub(crate) class: RequirementClass,
    pub(crate) standing: RequirementStanding,
    pub(crate) reason: Cow<'report, str>,
    pub(crate) limit: &'report str,
    /// Controls that speak to it, as far as the report has them.
    pub(crate) controls: Vec<&'report CheckResult>,
}

/// How many controls speak to a provision, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    /// Passed without a waiver.
    pub(crate) passed: usize,
    /// Have findings.
    pub(crate) failed: usize,
    /// Could not be carried out.
    pub(crate) undecided: usize,
    /// Passed because somebody answers for what was found.
    pub(crate) waived: usize,
}

impl Count {
    /// Controls that apply.
    pub(crate) const fn applicable(self) -> usize {
        self.passed + self.failed + self.undecided + self.waived
    }

    /// Controls that were carried out.
    pub(crate) const fn carried_out(self) -> usize {
        self.passed + self.failed + self.waived
    }
}

/// The controls of a list that say something of the artifact.
pub(crate) fn applicable<'report>(
    controls: &[&'report CheckResult],
) -> impl Iterator<Item = &'report CheckResult> {
    controls
        .iter()
        .copied()
        .filter(|check| check.outcome != "not-applicable")
}

/// Counts what controls say.
pub(crate) fn count(controls: &[&CheckResult]) -> Count {
    let mut count = Count::default();
    for check in applicable(controls) {
        match check.outcome {
            "fail" => count.failed += 1,
            "pass" if check.waived.is_empty() => count.passed += 1,
            "pass" => count.waived += 1,
            _ => count.undecided += 1,
        }
    }
    count
}

/// The standards of a report; never empty.
pub(crate) fn standards(report: &Report) -> Vec<Standard<'_>> {
    if report.standards.is_empty() {
        return vec![checks_as_standard(report)];
    }
    let standards = report.standards.iter().map(|standard| Standard {
        id: &standard.id,
        name: &standard.name,
        version: &standard.version,
        owner: &standard.owner,
        requirements: standard
            .requirements
            .iter()
            .map(|requirement| Requirement {
                id: &requirement.id,
                title: &requirement.title,
                assertion: &requirement.assertion,
                class: requirement.class,
                standing: requirement.standing,
                reason: Cow::Borrowed(&requirement.reason),
                limit: &requirement.limit,
                controls: report
                    .checks
                    .iter()
                    .filter(|check| requirement.controls.contains(&check.control))
                    .collect(),
            })
            .collect(),
    });
    standards.collect()
}

fn checks_as_standard(report: &Report) -> Standard<'_> {
    let requirements = report.checks.iter().map(|check| {
        let count = count(&[check]);
        let (standing, reason) = if count.failed > 0 {
            (RequirementStanding::Contradicted, "it has findings".into())
        } else if count.undecided > 0 {
            let reason = check.reason.as_deref().unwrap_or("no reason is given");
            (
                RequirementStanding::Undecided,
                format!("it could not be carried out: {reason}").into(),
            )
        } else if count.waived > 0 {
            (
                RequirementStanding::Waived,
                "its findings are waived".into(),
            )
        } else if count.passed > 0 {
            (RequirementStanding::Supported, "it has no findings".into())
        } else {
            let reason = check.reason.as_deref().unwrap_or("no reason is given");
            (
                RequirementStanding::NoEvidence,
                format!("it does not apply: {reason}").into(),
            )
        };
        Requirement {
            id: &check.control,
            title: &check.title,
            assertion: &check.demands,
            class: RequirementClass::Automated,
            standing,
            reason,
            limit: &check.cannot_prove,
            controls: vec![check],
        }
    });
    Standard {
        id: "bonafide-checks",
        name: "Checks of bonafide, as the policy demands them",
        version: report.tool.version,
        owner: "The bonafide authors",
        requirements: requirements.collect(),
    }
}

/// The word for a class.
pub(crate) const fn class_words(class: RequirementClass) -> &'static str {
    match class {
        RequirementClass::Automated => "shown by controls",
        RequirementClass::Attestation => {
            "shown by a signed statement that is bound to the artifact"
        }
        RequirementClass::Document => "shown by a document that a person has to read",
        RequirementClass::Outside => "not shown by this tool",
    }
}

/// What a run is for a provision.
pub(crate) const fn standing_words(standing: RequirementStanding) -> &'static str {
    match standing {
        RequirementStanding::Supported => "the controls that speak to it are evidence for it",
        RequirementStanding::Contradicted => "a control that speaks to it has findings",
        RequirementStanding::Undecided => "a control that speaks to it could not be carried out",
        RequirementStanding::Waived => "findings that speak to it are waived",
        RequirementStanding::NoEvidence => "no control speaks to it here",
    }
}
