//! JUnit XML, as every pipeline shows it.
//!
//! There is no standard. What is written is valid against `junit-10.xsd`, which comes from
//! Jenkins and is shipped with pytest, and so is read nearly everywhere. A suite is a thing that
//! controls are about, a case is a control and that thing.

use std::collections::BTreeMap;

use bonafide_core::{CheckResult, Level, Report, Subject, Verdict};
use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite, XmlString};

use crate::RenderError;
use crate::entry::{Entry, bounded, entries};
use crate::location::target_name;

/// Most messages in the body of a case.
const MOST_MESSAGES: usize = 20;

pub(crate) fn render(report: &Report) -> Result<String, RenderError> {
    let mut suites: BTreeMap<&Subject, Vec<TestCase>> = BTreeMap::new();
    let whole = &Subject::Artifact;
    suites.entry(whole).or_default().push(verdict(report));
    for check in &report.checks {
        let entries = entries(check);
        for entry in &entries {
            let case = found(report, check, entry);
            suites.entry(entry.subject).or_default().push(case);
        }
        if entries.is_empty() || check.outcome == "inconclusive" {
            suites
                .entry(whole)
                .or_default()
                .push(without_finding(check));
        }
    }
    let mut document = quick_junit::Report::new("bonafide");
    for (place, (subject, cases)) in suites.into_iter().enumerate() {
        let name = match subject {
            Subject::Artifact => target_name(report),
            subject => subject.to_string(),
        };
        let mut suite = TestSuite::new(text(&bounded(&name, 1000)));
        // The clock that validity was judged by; no other is told.
        let time = text(&report.evaluated_at.to_string());
        suite.extra.insert(XmlString::new("timestamp"), time);
        if place == 0 {
            suite.add_properties(properties(report));
        }
        suite.add_test_cases(cases);
        document.add_test_suite(suite);
    }
    let skipped = document.skipped;
    let written = document.to_string()?;
    // The schema knows this attribute at a suite, not at all suites together. It is the first
    // of its kind in the document, and no text of others stands before it.
    Ok(written.replacen(&format!(" skipped=\"{skipped}\""), "", 1))
}

/// The verdict as a case of its own, so that nothing is green that was not allowed: not every
/// reason is the finding of a control.
fn verdict(report: &Report) -> TestCase {
    let message = bounded(&report.reasons.join("; "), 2000);
    let status = match report.verdict {
        Verdict::Allow => TestCaseStatus::success(),
        Verdict::Deny => non_success(NonSuccessKind::Failure, "deny", &message),
        Verdict::Undecided => non_success(NonSuccessKind::Error, "undecided", &message),
        Verdict::NothingToVerify => {
            non_success(NonSuccessKind::Error, "nothing-to-verify", &message)
        }
    };
    case("verdict", "bonafide", status)
}

/// A control that has findings about something.
fn found(report: &Report, check: &CheckResult, entry: &Entry<'_>) -> TestCase {
    let name = match entry.rule {
        Some(rule) => format!("{}: {}", check.title, rule.title),
        None => check.title.to_string(),
    };
    let message = entry.messages(1);
    let status = match (entry.waiver, check.level) {
        (Some(id), _) => {
            let waiver = report.waivers.iter().find(|waiver| waiver.id == id);
            let until = waiver.map_or_else(String::new, |waiver| {
                format!(
                    " until {} ({}): {}",
                    waiver.until, waiver.owner, waiver.reason
                )
            });
            skipped("waived", &format!("waived by {id}{until}; {message}"))
        }
        (None, Level::Deny) => {
            let mut status = non_success(NonSuccessKind::Failure, "deny", &message);
            status.set_description(text(&description(check, entry)));
            status
        }
        (None, Level::Warn) => skipped("warn", &format!("warning: {message}")),
        (None, Level::Audit) => skipped("audit", &format!("for information: {message}")),
    };
    case(&name, &check.control, status)
}

/// A control without findings.
fn without_finding(check: &CheckResult) -> TestCase {
    let reason = bounded(
        check.reason.as_deref().unwrap_or("no reason is given"),
        2000,
    );
    let status = match (check.outcome, check.level) {
        ("pass", _) => TestCaseStatus::success(),
        ("not-applicable", _) => skipped("not-applicable", &format!("does not apply: {reason}")),
        (_, Level::Deny) => non_success(NonSuccessKind::Error, "inconclusive", &reason),
        (_, _) => skipped("inconclusive", &format!("could not be checked: {reason}")),
    };
    case(&check.title, &check.control, status)
}

/// What a person needs who looks at the failure.
fn description(check: &CheckResult, entry: &Entry<'_>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for finding in entry.findings.iter().take(MOST_MESSAGES) {
        lines.push(format!(
            "{}: {}",
            finding.subject,
            bounded(&finding.message, 400)
        ));
        for (word, digest) in [
            ("expected", finding.expected),
            ("measured", finding.measured),
        ] {
            if let Some(digest) = digest {
                lines.push(format!("  {word} {digest}"));
            }
        }
    }
    let more = entry.findings.len().saturating_sub(MOST_MESSAGES);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    let remedy = entry
        .rule
        .map_or(&*check.remediation, |rule| rule.remediation);
    let mut hints = entry.hints();
    if hints.is_empty() {
        hints.push(remedy);
    }
    for hint in hints {
        lines.push(format!("how to fix it: {hint}"));
    }
    let threats: Vec<String> = check.threats.iter().map(ToString::to_string).collect();
    lines.push(format!(
        "check {}, severity {}, threats {}",
        check.check,
        entry.severity(check),
        threats.join(", ")
    ));
    lines.join("\n")
}

/// What the verdict rests on.
fn properties(report: &Report) -> Vec<Property> {
    let mut properties = vec![
        ("verdict", report.verdict.to_string()),
        ("mode", report.mode.to_string()),
        (
            "tool",
            format!("{} {}", report.tool.name, report.tool.version),
        ),
        ("evaluated-at", report.evaluated_at.to_string()),
        (
            "policy",
            format!("{} {}", report.policy.name, report.policy.version),
        ),
        ("policy-digest", report.policy.digest.to_string()),
        ("target", report.artifact.target.to_string()),
    ];
    if let Some(digest) = report.tool.digest {
        properties.push(("tool-digest", digest.to_string()));
    }
    if let Some(root) = report.artifact.root {
        properties.push(("artifact-root", root.to_string()));
    }
    for material in &report.policy.material {
        properties.push((
            "trust-material",
            format!("{} {}", material.digest, material.source),
        ));
    }
    for warning in report.warnings.iter().take(MOST_MESSAGES) {
        properties.push(("warning", bounded(warning, 1000)));
    }
    let pairs = properties.into_iter();
    pairs
        .map(|(name, value)| Property::new(name, text(&value)))
        .collect()
}

fn case(name: &str, control: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(text(&bounded(name, 500)), status);
    case.set_classname(text(&bounded(control, 500)));
    case
}

fn non_success(kind: NonSuccessKind, reason: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(reason).set_message(text(message));
    status
}

fn skipped(reason: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_type(reason).set_message(text(message));
    status
}

/// Text without what XML 1.0 cannot hold at all (production 2): other characters are escaped by
/// whoever writes them. Line breaks stay.
fn text(text: &str) -> XmlString {
    let shown = text.chars().map(|character| match character {
        '\n' => '\n',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        character if character.is_control() => '\u{fffd}',
        character => character,
    });
    XmlString::new(shown.collect::<String>())
}
