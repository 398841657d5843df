//! The verdict, by word and by shape; and in numbers what there is to read.

use bonafide_core::{Report, SignatureState, Verdict};

use super::markup::Markup;
use crate::account::{
    consequence, cut, findings_by_severity, out_of_scope, sentence, tally, waived,
};
use crate::human_bytes;

/// Most reasons that are shown.
const MOST_REASONS: usize = 50;

pub(super) fn banner(report: &Report) -> Markup {
    let mut page = Markup::new();
    let (class, shape) = match report.verdict {
        Verdict::Allow => (
            "allow",
            "<circle cx=\"32\" cy=\"32\" r=\"28\"/><path d=\"M18 33L28 43L46 23\"/>",
        ),
        Verdict::Deny => (
            "deny",
            "<path class=\"solid\" d=\"M20 4H44L60 20V44L44 60H20L4 44V20Z\"/><path d=\"M22 22L42 42M42 22L22 42\"/>",
        ),
        Verdict::Undecided => (
            "undecided",
            "<path class=\"solid\" d=\"M32 3L61 32L32 61L3 32Z\"/><path d=\"M25 26C25 16 40 16 40 26C40 32 32 32 32 38M32 45V46\"/>",
        ),
        Verdict::NothingToVerify => (
            "nothing",
            "<rect x=\"6\" y=\"6\" width=\"52\" height=\"52\" rx=\"8\"/><path d=\"M20 32H44\"/>",
        ),
    };
    page.ours("<header class=\"banner ")
        .ours(class)
        .ours("\">\n<div class=\"inner\">\n");
    page.ours("<p class=\"brand\">bonafide · verification report</p>\n<div class=\"verdict\">");
    page.ours("<svg class=\"shape\" viewBox=\"0 0 64 64\" width=\"64\" height=\"64\" aria-hidden=\"true\">")
        .ours(shape)
        .ours("</svg>\n<div><p class=\"word\">")
        .text(&report.verdict.to_string())
        .ours("</p>\n<h1><bdi>")
        .text(&cut(&report.artifact.target.to_string(), 300))
        .ours("</bdi></h1>\n<p class=\"means\">")
        .ours(sentence(report.verdict));
    if let Some(consequence) = consequence(report) {
        page.ours(" <strong class=\"consequence\">")
            .text(&capital(&consequence))
            .ours(".</strong>");
    }
    page.ours("</p></div></div>\n<dl class=\"facts\">\n");
    let mut policy = Markup::of(&cut(&report.policy.name, 100));
    policy.ours(" ").text(&cut(&report.policy.version, 60));
    page.entry("policy", &policy);
    page.entry("mode", &Markup::of(&report.mode.to_string()));
    page.entry("judged at", &Markup::of(&report.evaluated_at.to_string()));
    page.entry("exit code", &Markup::of(&report.exit_code().to_string()));
    if let Some(purl) = &report.artifact.purl {
        page.entry("given as", &Markup::named(&cut(purl, 300)));
    }
    page.ours("</dl>\n</div>\n</header>\n");
    page
}

/// The first letter of a sentence of ours.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Reasons, and how much there is of everything.
pub(super) fn summary(report: &Report) -> Markup {
    let mut page = Markup::new();
    page.ours(
        "<section id=\"why\" aria-labelledby=\"title-why\">\n<h2 id=\"title-why\">Why</h2>\n",
    );
    let reasons = report.reasons.iter().take(MOST_REASONS);
    page.ours("<div class=\"reasons\">")
        .list(reasons.map(|reason| {
            let mut item = Markup::new();
            item.sentences(reason, 1_000);
            item
        }));
    page.ours("</div>");
    page.more(report.reasons.len().saturating_sub(MOST_REASONS), "reason");
    page.ours("<ul class=\"tiles\">\n");
    let by_severity = findings_by_severity(report);
    let total: usize = by_severity.iter().map(|(count, _)| count).sum();
    let mut about = tally(by_severity);
    let beside = tally([
        (waived(report), "waived"),
        (out_of_scope(report), "out of scope"),
    ]);
    if !beside.is_empty() {
        about = if about.is_empty() {
            beside
        } else {
            format!("{about}; {beside}")
        };
    }
    tile(
        &mut page,
        "#findings",
        &total.to_string(),
        "findings",
        &about,
    );
    let of = |outcome: &str| {
        let checks = report.checks.iter();
        checks.filter(|check| check.outcome == outcome).count()
    };
    let outcomes = tally([
        (of("pass"), "passed"),
        (of("fail"), "failed"),
        (of("inconclusive"), "undecided"),
        (of("not-applicable"), "not applicable"),
    ]);
    let controls = report.checks.len().to_string();
    tile(&mut page, "#controls", &controls, "controls", &outcomes);
    let verified = report.signatures.iter();
    let verified = verified
        .filter(|known| known.state == SignatureState::Verified)
        .count();
    let count = report.signatures.len();
    let (number, noun, about) = match count {
        0 => ("0".to_owned(), "signatures", "none was found"),
        1 => (verified.to_string(), "of 1 signature", "verified"),
        _ => (format!("{verified} of {count}"), "signatures", "verified"),
    };
    tile(&mut page, "#signatures", &number, noun, about);
    let artifact = &report.artifact;
    let about = format!(
        "{}, {} hashed",
        human_bytes(artifact.bytes),
        human_bytes(artifact.bytes_hashed)
    );
    tile(
        &mut page,
        "#evidence",
        &artifact.files.to_string(),
        "files",
        &about,
    );
    page.ours("</ul>\n</section>\n");
    page
}

fn tile(page: &mut Markup, link: &'static str, number: &str, noun: &'static str, about: &str) {
    page.ours("<li><a href=\"")
        .ours(link)
        .ours("\"><span class=\"number\">")
        .text(number);
    page.ours("</span> <span class=\"noun\">")
        .ours(noun)
        .ours("</span></a>");
    page.ours("<span class=\"about\">")
        .text(about)
        .ours("</span></li>\n");
}
