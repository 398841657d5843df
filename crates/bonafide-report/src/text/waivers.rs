//! Waived findings, and the waivers that say so: somebody answers for each, until a day.

use bonafide_core::{CheckResult, Finding, Report, WaiverState, WaiverSummary};

use super::Page;
use crate::account::{counted, cut, remaining, visible, waived_by, waived_by_nobody, waiver_state};
use crate::style::{BOLD, CYAN, YELLOW};

/// Most waivers, and most findings of one, that are shown.
const MOST_WAIVERS: usize = 50;
const MOST_FINDINGS: usize = 10;

impl Page {
    pub(super) fn waivers(&mut self, report: &Report) {
        let waived = waived_by(report);
        if report.waivers.is_empty() && waived.is_empty() {
            return;
        }
        self.heading("Waivers");
        for waiver in report.waivers.iter().take(MOST_WAIVERS) {
            self.waiver(waiver);
            let findings = waived.get(waiver.id.as_str());
            self.waived(findings.map_or(&[][..], Vec::as_slice));
        }
        let more = report.waivers.len().saturating_sub(MOST_WAIVERS);
        self.more("  ", more, "waiver");
        for id in waived_by_nobody(report, &waived) {
            self.line(&format!("  {}, which is not described", visible(id)));
            self.waived(waived.get(id).map_or(&[][..], Vec::as_slice));
        }
    }

    fn waiver(&mut self, waiver: &WaiverSummary) {
        let style = match waiver.state {
            WaiverState::Used => CYAN,
            WaiverState::Unused | WaiverState::Expired => YELLOW,
        };
        let state = self.paint(style, waiver_state(waiver.state));
        let id = self.paint(BOLD, &visible(&waiver.id));
        self.line(&format!(
            "  {id}: {state}, {} (until {})",
            remaining(waiver.days_left),
            visible(&waiver.until)
        ));
        self.paragraph(
            "  waives",
            &format!(
                "{} of control {}, about {}",
                counted(waiver.findings, "finding"),
                waiver.control,
                waiver.subject
            ),
        );
        self.paragraph("  reason", &cut(&waiver.reason, 2_000));
        self.paragraph(
            "  owner",
            &format!("{}, approved by {}", waiver.owner, waiver.approved_by),
        );
        self.paragraph("  stands in", &waiver.source);
    }

    fn waived(&mut self, findings: &[(&CheckResult, &Finding)]) {
        for (check, finding) in findings.iter().take(MOST_FINDINGS) {
            self.line(&format!(
                "    waived[{}] {}: {}",
                visible(&check.control),
                finding.subject,
                cut(&finding.message, 1_000)
            ));
        }
        let more = findings.len().saturating_sub(MOST_FINDINGS);
        self.more("    ", more, "finding");
    }
}
