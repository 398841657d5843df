//! What is wrong, why it matters and how to fix it; and what could not be decided.

use bonafide_core::{CheckResult, Finding, Level, Report};

use super::Page;
use crate::account::{
    SEVERITIES, Threats, concerns, cut, follows, identity, rules, severity_word, undecided,
    visible, weight,
};
use crate::style::{BOLD, CYAN, RED, YELLOW};

/// Most findings of a control that are shown.
const MOST_FINDINGS: usize = 10;

/// Most characters of a sentence out of the artifact.
const MOST_CHARACTERS: usize = 1_000;

impl Page {
    /// Every control with findings, by severity.
    pub(super) fn findings(&mut self, report: &Report) {
        let threats = Threats::of(report);
        let concerns = concerns(report);
        for severity in SEVERITIES {
            let mut group = concerns
                .iter()
                .map(|(_, check)| *check)
                .filter(|check| check.severity == severity)
                .peekable();
            if group.peek().is_none() {
                continue;
            }
            let word = severity_word(severity);
            self.heading(&format!("Findings of {word} severity"));
            for check in group {
                self.concern(check, &threats);
            }
        }
    }

    /// What a control found, once with its reason and remedy, whatever the number.
    fn concern(&mut self, check: &CheckResult, threats: &Threats<'_>) {
        let style = match check.level {
            Level::Deny => RED,
            Level::Warn => YELLOW,
            Level::Audit => CYAN,
        };
        let word = follows(check.level);
        let label = self.paint(style, &format!("{word}[{}]", visible(&check.control)));
        let title = self.paint(BOLD, &visible(&check.title));
        self.line("");
        self.line(&format!("{label} {title}"));
        let mut hint = None;
        for finding in check.findings.iter().take(MOST_FINDINGS) {
            self.finding(finding, &mut hint);
        }
        let more = check.findings.len().saturating_sub(MOST_FINDINGS);
        self.more("  ", more, "finding");
        let (rules, more) = rules(&check.findings);
        for rule in rules {
            self.paragraph("rule", &format!("{}: {}", rule.slug, rule.title));
            self.paragraph("  why", rule.rationale);
            self.paragraph("  fix", rule.remediation);
        }
        self.more("  ", more, "rule");
        self.paragraph("why", &check.rationale);
        self.paragraph("fix", &check.remediation);
        self.paragraph(
            "control",
            &format!(
                "{} ({}), severity {}",
                identity(check),
                weight(check),
                check.severity
            ),
        );
        if !check.threats.is_empty() {
            let named: Vec<String> = check
                .threats
                .iter()
                .map(|threat| threats.named(threat.0))
                .collect();
            self.paragraph("threats", &named.join("; "));
        }
    }

    /// A hint that is the same as before is not repeated.
    fn finding<'r>(&mut self, finding: &'r Finding, last: &mut Option<&'r str>) {
        self.line(&format!(
            "  {}: {}",
            finding.subject,
            cut(&finding.message, MOST_CHARACTERS)
        ));
        if let Some(expected) = &finding.expected {
            self.line(&format!("    expected  {expected}"));
        }
        if let Some(measured) = &finding.measured {
            self.line(&format!("    measured  {measured}"));
        }
        if let Some(hint) = finding.hint.as_deref().filter(|hint| Some(*hint) != *last) {
            self.paragraph("  hint", &cut(hint, MOST_CHARACTERS));
            *last = Some(hint);
        }
    }

    /// Controls that could not be carried out.
    pub(super) fn undecided(&mut self, report: &Report) {
        for (reason, checks) in undecided(report) {
            let label = self.paint(YELLOW, "undecided");
            self.line("");
            self.line(&format!("{label} {}", cut(reason, MOST_CHARACTERS)));
            let named = |wanted: fn(&CheckResult) -> bool| {
                let checks = checks.iter().filter(|(_, check)| wanted(check));
                let names: Vec<_> = checks.map(|(_, check)| visible(&check.control)).collect();
                names.join(", ")
            };
            let weighty = named(|check| check.level == Level::Deny);
            if !weighty.is_empty() {
                self.paragraph("controls", &weighty);
            }
            let others = named(|check| check.level != Level::Deny);
            if !others.is_empty() {
                self.paragraph("controls that do not deny", &others);
            }
        }
    }

    /// What is wrong with policy and waivers without making them unusable.
    pub(super) fn warnings(&mut self, report: &Report) {
        const MOST: usize = 50;
        if report.warnings.is_empty() {
            return;
        }
        self.heading("Warnings");
        for warning in report.warnings.iter().take(MOST) {
            let label = self.paint(YELLOW, "warning");
            self.line(&format!("  {label} {}", cut(warning, MOST_CHARACTERS)));
        }
        self.more("  ", report.warnings.len().saturating_sub(MOST), "warning");
    }
}
