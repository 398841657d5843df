//! The checks about what is in model files: each speaks of the defects of one hazard.

use bonafide_core::{Finding, Hazard, Outcome, Subject, Weight};
use bonafide_format::Defect;
use serde::Deserialize;

use crate::declaration::{Judgement, Parameter};
use crate::facts::Facts;
use crate::globs::Globs;

/// Most defects that a reason names.
const SHOWN: usize = 5;

/// Documentation of the parameters, shared by the checks.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "allow",
        kind: "list of names",
        default: "[]",
        effect: "what the policy has looked at and accepts, by its exact name as a finding gives it: an \
                 importable name (`mypackage.Model`), an operator, a layer",
    },
    Parameter {
        name: "files",
        kind: "list of globs",
        default: "[]",
        effect: "names below the root that are excused. Every excused file is listed in the report",
    },
    Parameter {
        name: "review",
        kind: "`deny`, `undecided` or `note`",
        default: "`undecided`",
        effect: "what becomes of a finding that only a person can judge, such as an importable name that is \
                 on no list",
    },
];

/// What becomes of a finding that only a person can judge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Review {
    /// It counts like one that is certain.
    Deny,
    /// The check is inconclusive.
    #[default]
    Undecided,
    /// It is in the report, and that is all.
    Note,
}

/// The parameters of these checks.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Parameters {
    allow: Vec<String>,
    files: Globs,
    review: Review,
}

/// The judgement of a check about one hazard.
pub(super) fn judge(facts: &Facts<'_>, parameters: &Parameters, hazard: Hazard) -> Judgement {
    let mut findings = Vec::new();
    let mut reviews = Vec::new();
    let mut excused = Vec::new();
    let mut cut = None;
    for file in &facts.models {
        let excuses = parameters.files.matches(&file.name);
        let mut of_hazard = false;
        if let Ok(inspection) = &file.inspected {
            let defects = inspection.defects.iter();
            for defect in defects.filter(|defect| defect.rule.hazard == hazard) {
                if defect.weight() == Weight::Note || parameters.accepts(defect) {
                    continue;
                }
                of_hazard = true;
                if excuses {
                    continue;
                }
                let finding = finding(file.name.clone(), defect);
                let decides = defect.weight() == Weight::Deny || parameters.review == Review::Deny;
                if decides {
                    findings.push(finding);
                } else if parameters.review == Review::Undecided {
                    reviews.push(finding);
                }
            }
        }
        if excuses && of_hazard {
            excused.push(file.name.clone());
        }
        if !excuses && cut.is_none() && file.is_cut() {
            cut = Some(format!(
                "`{}`: {}",
                file.name,
                file.unread().unwrap_or_default()
            ));
        }
    }
    let outcome = if !findings.is_empty() {
        findings.extend(reviews);
        Outcome::from_findings(findings)
    } else if !reviews.is_empty() {
        Outcome::Inconclusive(reason(&reviews))
    } else if let Some(reason) = cut {
        Outcome::Inconclusive(reason)
    } else if facts.models.is_empty() {
        Outcome::NotApplicable("there is no file to inspect".to_owned())
    } else {
        facts.over_the_tree(Vec::new())
    };
    Judgement { outcome, excused }
}

impl Parameters {
    fn accepts(&self, defect: &Defect) -> bool {
        let about = defect.about.as_ref();
        about.is_some_and(|about| self.allow.contains(about))
    }
}

/// A defect as a finding of a check.
fn finding(name: bonafide_core::RawName, defect: &Defect) -> Finding {
    let within = match defect.body.as_str() {
        "" => String::new(),
        body => format!(" in `{body}`"),
    };
    let at = match &defect.range {
        Some(range) => format!(" (at {})", range.start),
        None => String::new(),
    };
    let message = format!("{}{within}{at}", defect.message);
    Finding::new(Subject::File(name), message).with_rule(defect.rule)
}

/// What a person has to look at.
fn reason(reviews: &[Finding]) -> String {
    let shown: Vec<String> = reviews
        .iter()
        .take(SHOWN)
        .map(|finding| format!("`{}`: {}", finding.subject, finding.message))
        .collect();
    let more = match reviews.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("a person has to look at {}{more}", shown.join("; "))
}
