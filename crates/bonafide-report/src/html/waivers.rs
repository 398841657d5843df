//! Waivers with what they waive, and what is wrong with them and with the policy.

use bonafide_core::{CheckResult, Finding, Report};

use super::findings::{MOST_CHARACTERS, finding};
use super::markup::Markup;
use crate::account::{cut, remaining, waived_by, waived_by_nobody, waiver_state};

/// Most waivers, and most findings of one, that are shown.
const MOST: usize = 200;

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
        "state",
        "holds",
        "control",
        "about",
        "findings",
        "reason",
        "owner",
        "approved by",
        "stands in",
    ];
    page.open_table("Waivers that were at hand", &titles);
    for waiver in report.waivers.iter().take(MOST) {
        let mut holds = Markup::new();
        holds.ours("<strong>").text(&remaining(waiver.days_left));
        holds
            .ours("</strong><br/>until ")
            .text(&cut(&waiver.until, 40));
        let mut reason = Markup::new();
        reason.sentences(&waiver.reason, MOST_CHARACTERS);
        let mut count = Markup::new();
        count.count(waiver.findings);
        let name = |text: &str| Markup::named(&cut(text, 300));
        let person = |text: &str| {
            let mut person = Markup::new();
            person.isolated(&cut(text, 300));
            person
        };
        let cells = [
            name(&waiver.id),
            Markup::of(waiver_state(waiver.state)),
            holds,
            name(&waiver.control),
            name(&waiver.subject),
            count,
            reason,
            person(&waiver.owner),
            person(&waiver.approved_by),
            name(&waiver.source),
        ];
        page.row(None, &titles, &cells);
    }
    page.close_table();
    page.more(report.waivers.len().saturating_sub(MOST), "waiver");
    for waiver in report.waivers.iter().take(MOST) {
        if let Some(findings) = waived.get(waiver.id.as_str()) {
            list(&mut page, &waiver.id, findings);
        }
    }
    for id in waived_by_nobody(report, &waived).into_iter().take(MOST) {
        list(&mut page, id, waived.get(id).map_or(&[][..], Vec::as_slice));
    }
    page
}

fn list(page: &mut Markup, id: &str, findings: &[(&CheckResult, &Finding)]) {
    page.ours("<details class=\"card\"><summary>")
        .count(findings.len());
    page.ours(" waived by ")
        .code(&cut(id, 300))
        .ours("</summary>\n<ul class=\"list\">\n");
    for (check, waived) in findings.iter().take(MOST) {
        page.ours("<li><p class=\"small\">control ")
            .code(&check.control)
            .ours("</p>");
        page.piece(&finding(waived)).ours("</li>\n");
    }
    page.ours("</ul>\n");
    page.more(findings.len().saturating_sub(MOST), "finding");
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
