//! The verdict: what it is, by what it was reached, and why.

use bonafide_core::{Level, Report, Verdict};

use super::Page;
use crate::account::{
    consequence, counted, cut, findings_by_severity, out_of_scope, tally, visible, waived,
};
use crate::style::{GREEN, RED, YELLOW};

/// Most reasons that are told.
const MOST_REASONS: usize = 20;

impl Page {
    pub(super) fn verdict(&mut self, report: &Report) {
        let style = match report.verdict {
            Verdict::Allow => GREEN,
            Verdict::Deny => RED,
            Verdict::Undecided | Verdict::NothingToVerify => YELLOW,
        };
        let verdict = self.paint(style, &report.verdict.to_string());
        self.line(&format!("{verdict}  {}", report.artifact.target));
        self.line(&format!(
            "  by policy {} {}, mode {}, judged at {}",
            visible(&report.policy.name),
            visible(&report.policy.version),
            report.mode,
            report.evaluated_at
        ));
        if let Some(consequence) = consequence(report) {
            self.line(&format!("  {consequence}"));
        }
        for reason in report.reasons.iter().take(MOST_REASONS) {
            self.line(&format!("  {}", cut(reason, 1_000)));
        }
        let more = report.reasons.len().saturating_sub(MOST_REASONS);
        self.more("  ", more, "reason");
        let warnings = report
            .checks
            .iter()
            .filter(|check| check.level == Level::Warn && check.outcome == "fail")
            .count();
        if warnings > 0 {
            self.line(&format!("  with {}", counted(warnings, "warning")));
        }
        self.counts(report);
    }

    /// How much there is to read.
    fn counts(&mut self, report: &Report) {
        let by_severity = findings_by_severity(report);
        let total = by_severity.iter().map(|(count, _)| count).sum();
        let mut parts = Vec::new();
        if total > 0 {
            let severities = tally(by_severity);
            parts.push(format!("{} ({severities})", counted(total, "finding")));
        }
        let beside = tally([
            (waived(report), "waived"),
            (out_of_scope(report), "out of scope"),
        ]);
        if !beside.is_empty() {
            parts.push(beside);
        }
        if !parts.is_empty() {
            self.line(&format!("  {}", parts.join(", ")));
        }
    }
}
