//! Every control with its outcome, and what they show of threats and provisions.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::Style;
use bonafide_core::{Level, Report, RequirementStanding, StandardSummary, ThreatStanding};

use super::Page;
use crate::account::{
    THREAT_STANDINGS, cut, remarks, requirement_class, requirement_standing, tally,
    threat_standing, visible, weight,
};
use crate::style::{BOLD, GREEN, RED, YELLOW};

/// Most provisions of a standard, and most excused files of a control, that are shown.
const MOST: usize = 50;

impl Page {
    pub(super) fn controls(&mut self, report: &Report) {
        self.heading("Checks");
        for check in &report.checks {
            let (style, outcome) = match check.outcome {
                "pass" if !check.waived.is_empty() => (YELLOW, "waived"),
                "pass" => (GREEN, "pass"),
                "fail" if check.level == Level::Deny => (RED, "FAIL"),
                "fail" => (YELLOW, "fail"),
                "inconclusive" => (YELLOW, "undecided"),
                _ => (Style::new(), "n/a"),
            };
            let outcome = self.paint(style, &format!("{outcome:<9}"));
            let control = visible(&check.control);
            let mut line = format!("  {outcome}  {:<12}  {control}", weight(check));
            if check.control != check.check {
                let _ = write!(line, ", check {}", visible(&check.check));
            }
            let remarks = remarks(check);
            if !remarks.is_empty() {
                let _ = write!(line, " ({})", remarks.join("; "));
            }
            self.line(&line);
            for name in check.excused.iter().take(MOST) {
                self.line(&format!("             excused by the policy: {name}"));
            }
            let more = check.excused.len().saturating_sub(MOST);
            self.more("             ", more, "file");
        }
    }

    /// What the run shows of the catalogue, in numbers; what it found by name.
    pub(super) fn threats(&mut self, report: &Report) {
        if report.threats.is_empty() {
            return;
        }
        let of = |standing: ThreatStanding| {
            let threats = report.threats.iter();
            let ids: Vec<&str> = threats
                .filter(|threat| threat.standing == standing)
                .map(|threat| threat.id.as_str())
                .collect();
            ids
        };
        self.heading("Threats");
        for standing in THREAT_STANDINGS {
            let ids = of(standing);
            if !ids.is_empty() {
                let label = threat_standing(standing);
                self.paragraph(&format!("{label} ({})", ids.len()), &ids.join(", "));
            }
        }
        self.line("  a check that passed is evidence; it does not show that a threat is absent");
    }

    /// What the run is evidence for, a short table for each standard that the policy names.
    pub(super) fn standards(&mut self, report: &Report) {
        for standard in &report.standards {
            self.standard(standard);
        }
    }

    fn standard(&mut self, standard: &StandardSummary) {
        self.heading(&format!(
            "{} {} ({})",
            visible(&standard.name),
            visible(&standard.version),
            visible(&standard.owner)
        ));
        let mut counts: BTreeMap<RequirementStanding, usize> = BTreeMap::new();
        for requirement in &standard.requirements {
            *counts.entry(requirement.standing).or_default() += 1;
        }
        let counts = counts
            .into_iter()
            .map(|(standing, count)| (count, requirement_standing(standing)));
        self.line(&format!("  provisions: {}", tally(counts)));
        for requirement in standard.requirements.iter().take(MOST) {
            let style = match requirement.standing {
                RequirementStanding::Supported => GREEN,
                RequirementStanding::Contradicted => RED,
                RequirementStanding::Undecided | RequirementStanding::Waived => YELLOW,
                RequirementStanding::NoEvidence => Style::new(),
            };
            let word = requirement_standing(requirement.standing);
            let word = self.paint(style, &format!("{word:<12}"));
            let id = self.paint(BOLD, &visible(&requirement.id));
            self.line(&format!(
                "  {word}  {:<11}  {id} {}",
                requirement_class(requirement.class),
                visible(&requirement.title)
            ));
            if requirement.standing != RequirementStanding::Supported {
                let reason = cut(&requirement.reason, 500);
                self.line(&format!("                             {reason}"));
            }
        }
        let more = standard.requirements.len().saturating_sub(MOST);
        self.more("  ", more, "provision");
        self.line("  evidence for provisions; whether they are fulfilled is for a person to judge");
    }
}
