//! Every control with its outcome.

use bonafide_core::{CheckResult, Level, Report};

use super::findings::{chip, finding};
use super::markup::Markup;
use crate::account::{cut, outcome, remarks, weight};

/// Most controls that are shown, and most findings out of scope and excused files of one.
const MOST: usize = 2_000;
const MOST_OF_A_CONTROL: usize = 20;

const TITLES: [&str; 6] = [
    "control",
    "outcome",
    "weighs",
    "severity",
    "what has to hold",
    "remarks",
];

pub(super) fn section(report: &Report) -> Markup {
    let mut page = Markup::new();
    page.open_table("Every control of the run", &TITLES);
    for (number, check) in report.checks.iter().enumerate().take(MOST) {
        row(&mut page, number, check);
    }
    page.close_table();
    page.more(report.checks.len().saturating_sub(MOST), "control");
    page
}

fn row(page: &mut Markup, number: usize, check: &CheckResult) {
    let mut control = Markup::named(&cut(&check.control, 200));
    if check.control != check.check {
        control.ours("<br/>check ").code(&cut(&check.check, 200));
    }
    let (class, mark) = match check.outcome {
        "pass" if !check.waived.is_empty() => ("waived", "≈"),
        "pass" => ("good", "✓"),
        "fail" if check.level == Level::Deny => ("bad", "✗"),
        "fail" => ("doubt", "!"),
        "inconclusive" => ("doubt", "?"),
        _ => ("none", "–"),
    };
    let mut known = Markup::new();
    known
        .ours("<span class=\"outcome ")
        .ours(class)
        .ours("\"><span aria-hidden=\"true\">");
    known
        .ours(mark)
        .ours("</span> ")
        .ours(outcome(check))
        .ours("</span>");
    let mut severity = Markup::new();
    chip(&mut severity, check.severity);
    let mut demands = Markup::new();
    demands.sentences(
        if check.demands.is_empty() {
            &check.title
        } else {
            &check.demands
        },
        600,
    );
    let cells = [
        control,
        known,
        Markup::of(weight(check)),
        severity,
        demands,
        about(number, check),
    ];
    page.row(Some(("control", number)), &TITLES, &cells);
}

fn about(number: usize, check: &CheckResult) -> Markup {
    let mut page = Markup::new();
    page.list(remarks(check).iter().map(|remark| {
        let mut item = Markup::new();
        item.sentences(remark, 400);
        item
    }));
    if check.outcome == "fail" {
        page.link("finding", number, "read them");
    }
    if check.outcome == "inconclusive" {
        let reason = check.reason.as_deref().unwrap_or("no reason is given");
        page.sentences(reason, 400);
    }
    if !check.out_of_scope.is_empty() {
        page.ours("<details><summary>out of scope</summary>\n");
        let findings = check.out_of_scope.iter().take(MOST_OF_A_CONTROL);
        page.list(findings.map(finding));
        let more = check.out_of_scope.len().saturating_sub(MOST_OF_A_CONTROL);
        page.more(more, "finding").ours("</details>\n");
    }
    if !check.excused.is_empty() {
        page.ours("<details><summary>excused by the policy</summary>\n");
        let excused = check.excused.iter().take(MOST_OF_A_CONTROL);
        page.list(excused.map(|name| Markup::named(&cut(&name.to_string(), 300))));
        let more = check.excused.len().saturating_sub(MOST_OF_A_CONTROL);
        page.more(more, "file").ours("</details>\n");
    }
    page
}
