//! What is wrong, a card for each control; and what could not be decided.

use bonafide_core::{CheckResult, Confidence, Finding, Level, Report, Severity, Subject};

use super::markup::Markup;
use crate::account::{SEVERITIES, Threats, concerns, counted, cut, rules, severity_word, weight};

/// Findings of a control that are seen at once, and that are shown at all.
const OPEN: usize = 10;
const MOST_OF_A_CONTROL: usize = 100;

/// Most findings and controls of the page. A policy can have any number of rules of its own.
const MOST_FINDINGS: usize = 2_000;
const MOST_CONTROLS: usize = 300;

pub(super) const MOST_CHARACTERS: usize = 1_000;
pub(super) const MOST_OF_A_NAME: usize = 400;

pub(super) fn section(report: &Report, threats: &Threats<'_>) -> Markup {
    let mut page = Markup::new();
    let concerns = concerns(report);
    if concerns.is_empty() {
        page.ours("<p>No control has findings. That is evidence for what the controls look at, ");
        page.ours("and for nothing beyond.</p>\n");
        return page;
    }
    let mut left = MOST_FINDINGS;
    let mut cards = 0;
    for severity in SEVERITIES {
        let mut group = concerns
            .iter()
            .filter(|(_, check)| check.severity == severity)
            .peekable();
        if group.peek().is_none() {
            continue;
        }
        page.ours("<h3 class=\"group\">");
        chip(&mut page, severity);
        page.ours(" severity</h3>\n");
        for (number, check) in group {
            cards += 1;
            if cards > MOST_CONTROLS {
                continue;
            }
            card(&mut page, *number, check, threats, &mut left);
        }
    }
    page.more(cards.saturating_sub(MOST_CONTROLS), "control");
    page
}

/// A severity, as a shape and a word.
pub(super) fn chip(page: &mut Markup, severity: Severity) {
    let (class, shape) = match severity {
        Severity::Critical => ("critical", "◆"),
        Severity::High => ("high", "▲"),
        Severity::Medium => ("medium", "●"),
        Severity::Low => ("low", "○"),
    };
    page.ours("<span class=\"chip ")
        .ours(class)
        .ours("\"><span aria-hidden=\"true\">");
    page.ours(shape)
        .ours("</span> ")
        .ours(severity_word(severity))
        .ours("</span>");
}

fn card(
    page: &mut Markup,
    number: usize,
    check: &CheckResult,
    threats: &Threats<'_>,
    left: &mut usize,
) {
    page.ours("<article class=\"card ")
        .ours(severity_word(check.severity))
        .ours("\"");
    page.id("finding", number).ours(">\n<header><h4>");
    page.sentences(&check.title, 300)
        .ours("</h4>\n<p class=\"labels\">");
    chip(page, check.severity);
    let follows = match (check.demanded, check.level) {
        (true, Level::Deny) => "denies",
        (true, Level::Warn) => "warns",
        (true, Level::Audit) => "is noted",
        (false, _) => "not demanded",
    };
    page.ours(" <span class=\"label\">")
        .ours(follows)
        .ours("</span> <span class=\"label\">");
    page.text(&counted(check.findings.len(), "finding"))
        .ours("</span></p></header>\n");

    let shown = check.findings.len().min(MOST_OF_A_CONTROL).min(*left);
    *left = left.saturating_sub(shown);
    let (open, folded) = check
        .findings
        .get(..shown)
        .unwrap_or_default()
        .split_at(shown.min(OPEN));
    let mut hint = None;
    list(page, open, &mut hint);
    if !folded.is_empty() {
        page.ours("<details><summary>")
            .count(folded.len())
            .ours(" more</summary>\n");
        list(page, folded, &mut hint);
        page.ours("</details>\n");
    }
    page.more(check.findings.len().saturating_sub(shown), "finding");
    advice(page, number, check, threats);
    page.ours("</article>\n");
}

/// A hint that is the same as before is not repeated.
fn list<'r>(page: &mut Markup, findings: &'r [Finding], last: &mut Option<&'r str>) {
    page.ours("<ul class=\"list\">\n");
    for known in findings {
        page.ours("<li>").piece(&bare(known));
        if let Some(advice) = known
            .hint
            .as_deref()
            .filter(|advice| Some(*advice) != *last)
        {
            hint(page, advice);
            *last = Some(advice);
        }
        page.ours("</li>\n");
    }
    page.ours("</ul>\n");
}

/// All of a finding.
pub(super) fn finding(finding: &Finding) -> Markup {
    let mut page = bare(finding);
    if let Some(advice) = &finding.hint {
        hint(&mut page, advice);
    }
    page
}

fn hint(page: &mut Markup, advice: &str) {
    page.ours("<p class=\"hint\"><strong>Hint:</strong> ");
    page.sentences(advice, MOST_CHARACTERS).ours("</p>\n");
}

/// Where, what, and the digests that show it.
fn bare(finding: &Finding) -> Markup {
    let mut page = Markup::new();
    page.ours("<p class=\"where\">");
    match &finding.subject {
        Subject::Artifact => page.ours("the artifact"),
        subject => page.code(&cut(&subject.to_string(), MOST_OF_A_NAME)),
    };
    let kind = match &finding.subject {
        Subject::Artifact => "",
        Subject::File(_) => " <span class=\"kind\">file</span>",
        Subject::Signature(_) => " <span class=\"kind\">signature</span>",
        Subject::Document(_) => " <span class=\"kind\">document</span>",
        Subject::Ancestor(_) => " <span class=\"kind\">ancestor</span>",
    };
    page.ours(kind).ours("</p>\n<p>");
    page.sentences(&finding.message, MOST_CHARACTERS)
        .ours("</p>\n");
    if finding.expected.is_some() || finding.measured.is_some() {
        page.ours("<dl class=\"digests\">");
        if let Some(expected) = &finding.expected {
            page.entry("expected", &Markup::named(&expected.to_string()));
        }
        if let Some(measured) = &finding.measured {
            page.entry("measured", &Markup::named(&measured.to_string()));
        }
        page.ours("</dl>\n");
    }
    page
}

fn advice(page: &mut Markup, number: usize, check: &CheckResult, threats: &Threats<'_>) {
    page.ours("<dl class=\"advice\">\n");
    let sentences = |text: &str| {
        let mut about = Markup::new();
        about.sentences(text, 4_000);
        about
    };
    page.entry("Why it matters", &sentences(&check.rationale));
    page.entry("How to fix it", &sentences(&check.remediation));
    let (rules, more) = rules(&check.findings);
    if !rules.is_empty() {
        let mut about = Markup::new();
        for rule in rules {
            about
                .ours("<div class=\"rule\"><p><strong>")
                .text(rule.title)
                .ours("</strong> ");
            about
                .code(rule.slug)
                .ours("<br/><span class=\"small\">severity ");
            about
                .ours(severity_word(rule.severity))
                .ours(", confidence ");
            about
                .ours(confidence(rule.confidence))
                .ours("</span></p><p>");
            about.sentences(rule.rationale, 2_000).ours("</p><p>");
            about
                .sentences(rule.remediation, 2_000)
                .ours("</p></div>\n");
        }
        about.more(more, "rule");
        page.entry("Rules", &about);
    }
    if !check.cannot_prove.is_empty() {
        page.entry("What a pass does not show", &sentences(&check.cannot_prove));
    }
    let mut control = Markup::new();
    control.link("control", number, &check.control);
    if check.control != check.check {
        control.ours(", check ").code(&check.check);
    }
    control.ours(" (").ours(weight(check)).ours(")");
    page.entry("Control", &control);
    if !check.threats.is_empty() {
        let mut about = Markup::new();
        about.list(check.threats.iter().map(|threat| {
            let mut item = Markup::new();
            match threats.get(threat.0) {
                Some((place, known)) => {
                    item.link("threat", place, threat.0)
                        .ours(" ")
                        .isolated(&known.title);
                }
                None => {
                    item.text(threat.0);
                }
            }
            item
        }));
        page.entry("Threats", &about);
    }
    page.ours("</dl>\n");
}

const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "possible",
        Confidence::Likely => "likely",
        Confidence::Certain => "certain",
    }
}

/// Controls that could not be carried out, those with the same reason together.
pub(super) fn undecided(report: &Report) -> Markup {
    const MOST: usize = 100;
    let mut page = Markup::new();
    let reasons = crate::account::undecided(report);
    if reasons.is_empty() {
        return page;
    }
    page.ours("<p>What could not be checked is no pass. Where a control denies, it leaves the ");
    page.ours("verdict undecided.</p>\n");
    for (reason, checks) in reasons.iter().take(MOST) {
        page.ours("<article class=\"card open\"><header><h3>");
        page.sentences(reason, MOST_CHARACTERS)
            .ours("</h3></header>\n");
        page.list(checks.iter().take(MOST).map(|(number, check)| {
            let mut item = Markup::new();
            item.link("control", *number, &check.control);
            item.ours(" (").ours(weight(check)).ours(")");
            item
        }));
        page.more(checks.len().saturating_sub(MOST), "control");
        page.ours("</article>\n");
    }
    page.more(reasons.len().saturating_sub(MOST), "reason");
    page
}
