//! Signatures, documents and lineage: who says what, and how that is known.

use bonafide_core::{LineageSummary, Report, SignatureState};

use super::findings::MOST_OF_A_NAME;
use super::markup::Markup;
use crate::Colour;
use crate::account::{
    counted, cut, document, document_state, signature, signature_gaps, signature_state,
};

/// Most files that a signature does not cover, documents, relatives and lines that are shown.
const MOST_GAPS: usize = 200;
const MOST: usize = 200;
const MOST_LINES: usize = 400;

/// Most characters of a line about a signature or a document.
const MOST_OF_A_LINE: usize = 2_000;

/// A state as a mark and words.
fn state(page: &mut Markup, class: &'static str, words: &'static str) {
    let mark = match class {
        "good" => "✓",
        "bad" => "✗",
        _ => "?",
    };
    page.ours("<span class=\"outcome ")
        .ours(class)
        .ours("\"><span aria-hidden=\"true\">");
    page.ours(mark).ours("</span> ").ours(words).ours("</span>");
}

fn lines(page: &mut Markup, lines: &[String], most: usize) {
    page.list(lines.iter().map(|line| {
        let mut item = Markup::new();
        item.sentences(line, most);
        item
    }));
}

pub(super) fn signatures(report: &Report) -> Markup {
    let mut page = Markup::new();
    if report.signatures.is_empty() {
        page.ours("<p>No signature was found.</p>\n");
    }
    for known in report.signatures.iter().take(MOST) {
        page.ours("<article class=\"card\"><header><h3>");
        page.code(&cut(&known.source.to_string(), MOST_OF_A_NAME));
        if let Some(line) = known.line {
            page.ours(", line ").count(line);
        }
        page.ours("</h3>");
        let class = match known.state {
            SignatureState::Verified => "good",
            SignatureState::Unsupported => "doubt",
            _ => "bad",
        };
        state(&mut page, class, signature_state(known.state));
        page.ours("</header>\n");
        lines(
            &mut page,
            &signature(known, report.artifact.files),
            MOST_OF_A_LINE,
        );
        let (gaps, omitted) = signature_gaps(known);
        if !gaps.is_empty() {
            page.ours("<details><summary>");
            page.text(&counted(gaps.len().saturating_add(omitted), "file"));
            page.ours(" that it does not cover</summary>\n");
            lines(
                &mut page,
                gaps.get(..MOST_GAPS).unwrap_or(&gaps),
                MOST_OF_A_NAME,
            );
            let more = gaps.len().saturating_sub(MOST_GAPS).saturating_add(omitted);
            page.more(more, "file").ours("</details>\n");
        }
        page.ours("<p class=\"small\">signature file ")
            .code(&known.digest.to_string());
        page.ours("</p></article>\n");
    }
    page.more(report.signatures.len().saturating_sub(MOST), "signature");
    page
}

pub(super) fn documents(report: &Report) -> Markup {
    let mut page = Markup::new();
    for known in report.documents.iter().take(MOST) {
        page.ours("<article class=\"card\"><header><h3>");
        page.code(&cut(&known.source.to_string(), MOST_OF_A_NAME))
            .ours("</h3>");
        let is_sound = known.reason.is_none() && known.violations == 0;
        state(
            &mut page,
            if is_sound { "good" } else { "bad" },
            document_state(known),
        );
        page.ours("</header>\n");
        lines(&mut page, &document(known), MOST_OF_A_LINE);
        page.ours("<p class=\"small\">document ")
            .code(&known.digest.to_string());
        page.ours("</p></article>\n");
    }
    page.more(report.documents.len().saturating_sub(MOST), "document");
    page
}

pub(super) fn lineage(report: &Report) -> Markup {
    let mut page = Markup::new();
    let Some(lineage) = &report.lineage else {
        return page;
    };
    page.ours("<p>A link is proven where a signed statement names the digest that was measured. ");
    page.ours("Every other link is what a document says.</p>\n");
    page.ours("<div class=\"picture\" role=\"region\" tabindex=\"0\" aria-label=\"Picture of the lineage\">\n");
    page.picture(&crate::lineage::picture(&lineage.graph));
    page.ours("</div>\n<details><summary>The lineage as text</summary>\n<pre role=\"region\" tabindex=\"0\" aria-label=\"Lineage as text\">");
    let tree = crate::lineage::tree(&lineage.graph, Colour::Plain);
    let mut tree = tree.lines();
    for line in tree.by_ref().take(MOST_LINES) {
        page.text(line).ours("\n");
    }
    page.ours("</pre>\n");
    page.more(tree.count(), "line").ours("</details>\n");
    relatives(&mut page, lineage);
    for (title, notes) in [("Not known", &lineage.gaps), ("Not drawn", &lineage.notes)] {
        if !notes.is_empty() {
            page.ours("<h3>").ours(title).ours("</h3>\n");
            lines(
                &mut page,
                notes.get(..MOST).unwrap_or(notes),
                MOST_OF_A_LINE,
            );
            page.more(notes.len().saturating_sub(MOST), "note");
        }
    }
    page
}

/// Artifacts that were examined along with the target.
fn relatives(page: &mut Markup, lineage: &LineageSummary) {
    const TITLES: [&str; 3] = ["artifact", "found", "verdict"];
    if lineage.relatives.is_empty() {
        return;
    }
    page.open_table("Artifacts that were examined as well", &TITLES);
    for relative in lineage.relatives.iter().take(MOST) {
        let verdict = match (relative.verdict, &relative.reason) {
            (_, Some(reason)) => format!("could not be examined: {}", cut(reason, 400)),
            (Some(verdict), None) => verdict.to_string(),
            (None, None) => "not judged".to_owned(),
        };
        let cells = [
            Markup::named(&cut(&relative.name.to_string(), MOST_OF_A_NAME)),
            Markup::of(relative.found),
            Markup::of(&verdict),
        ];
        page.row(None, &TITLES, &cells);
    }
    page.close_table();
    page.more(lineage.relatives.len().saturating_sub(MOST), "artifact");
}
