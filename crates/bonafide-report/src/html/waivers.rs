//! Waivers with what they waive, and what is wrong with them and with the policy.

use bonafide_core::{CheckResult, Finding, Report, WaiverState, WaiverSummary};

use super::findings::{MOST_CHARACTERS, finding};
use super::markup::Markup;
use crate::account::{counted, cut, remaining, waived_by, waived_by_nobody, waiver_state};

/// Most waivers, and most findings of one, that are shown; and of all of them together.
const MOST: usize = 200;
const MOST_FINDINGS: usize = 2_000;

pub(super) fn section(report: &Report) -> Markup {
    let mut page = Markup::new();
    let waived = waived_by(report);
    if report.waivers.is_empty() && waived.is_empty() {
        return page;
    }
    page.ours(
        "<p>A waived finding does not count until its waiver ends: somebody answers for it.</p>\n",
    );
    let titles = [
        "waiver",
        "holds",
        "what it waives",
        "reason",
        "who answers for it",
    ];
    page.open_table("Waivers that were at hand", &titles);
    for waiver in report.waivers.iter().take(MOST) {
        page.row(None, &titles, &cells(waiver));
    }
    page.close_table();
    page.more(report.waivers.len().saturating_sub(MOST), "waiver");
    let mut left = MOST_FINDINGS;
    for waiver in report.waivers.iter().take(MOST) {
        if let Some(findings) = waived.get(waiver.id.as_str()) {
            list(&mut page, &waiver.id, findings, &mut left);
        }
    }
    for id in waived_by_nobody(report, &waived).into_iter().take(MOST) {
        let findings = waived.get(id).map_or(&[][..], Vec::as_slice);
        list(&mut page, id, findings, &mut left);
    }
    page
}

fn cells(waiver: &WaiverSummary) -> [Markup; 5] {
    let name = |text: &str| Markup::named(&cut(text, 300));
    let mut id = name(&waiver.id);
    id.ours("<br/><span class=\"small\">in ")
        .isolated(&cut(&waiver.source, 300))
        .ours("</span>");
    let (class, mark) = match waiver.state {
        WaiverState::Used => ("waived", "≈"),
        WaiverState::Unused => ("doubt", "!"),
        WaiverState::Expired => ("bad", "✗"),
    };
    let mut holds = Markup::new();
    holds
        .ours("<span class=\"outcome ")
        .ours(class)
        .ours("\"><span aria-hidden=\"true\">");
    holds
        .ours(mark)
        .ours("</span> ")
        .ours(waiver_state(waiver.state));
    holds.ours("</span><br/>");
    holds
        .ours("<strong>")
        .text(&remaining(waiver.days_left))
        .ours("</strong><br/>");
    holds
        .ours("<span class=\"small\">until ")
        .text(&cut(&waiver.until, 40))
        .ours("</span>");
    let mut waives = Markup::new();
    waives
        .text(&counted(waiver.findings, "finding"))
        .ours("<br/>of ");
    waives
        .piece(&name(&waiver.control))
        .ours("<br/>about ")
        .piece(&name(&waiver.subject));
    let mut reason = Markup::new();
    reason.sentences(&waiver.reason, MOST_CHARACTERS);
    let mut who = Markup::new();
    who.isolated(&cut(&waiver.owner, 300))
        .ours("<br/><span class=\"small\">approved by ");
    who.isolated(&cut(&waiver.approved_by, 300)).ours("</span>");
    [id, holds, waives, reason, who]
}

fn list(page: &mut Markup, id: &str, findings: &[(&CheckResult, &Finding)], left: &mut usize) {
    let shown = findings.len().min(MOST).min(*left);
    *left = left.saturating_sub(shown);
    page.ours("<details class=\"card\"><summary>")
        .count(findings.len());
    page.ours(" waived by ")
        .code(&cut(id, 300))
        .ours("</summary>\n<ul class=\"list\">\n");
    for (check, waived) in findings.iter().take(shown) {
        page.ours("<li><p class=\"small\">control ")
            .code(&check.control)
            .ours("</p>");
        page.piece(&finding(waived)).ours("</li>\n");
    }
    page.ours("</ul>\n");
    page.more(findings.len().saturating_sub(shown), "finding");
    page.ours("</details>\n");
}

pub(super) fn warnings(report: &Report) -> Markup {
    let mut page = Markup::new();
    if report.warnings.is_empty() {
        return page;
    }
    page.ours("<div class=\"reasons\">");
    page.list(report.warnings.iter().take(MOST).map(|warning| {
        let mut item = Markup::new();
        item.sentences(warning, MOST_CHARACTERS);
        item
    }));
    page.ours("</div>\n");
    page.more(report.warnings.len().saturating_sub(MOST), "warning");
    page
}
