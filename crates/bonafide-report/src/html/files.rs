//! What is in the files: how many are clean, and what the others show.

use bonafide_core::{InspectedFile, Report};

use super::findings::{MOST_CHARACTERS, MOST_OF_A_NAME, chip};
use super::markup::Markup;
use crate::account::cut;
use crate::human_bytes;

/// Most files, and most findings of one, that are shown.
const MOST_FILES: usize = 200;
const MOST_FINDINGS: usize = 20;

pub(super) fn section(report: &Report) -> Markup {
    const TITLES: [&str; 2] = ["format", "files"];
    let mut page = Markup::new();
    let Some(inspection) = &report.inspection else {
        return page;
    };
    if !inspection.clean.is_empty() {
        page.open_table("Read to the end, and nothing found", &TITLES);
        for (title, count) in &inspection.clean {
            let mut files = Markup::new();
            files.number(*count);
            page.row(None, &TITLES, &[Markup::of(title), files]);
        }
        page.close_table();
    }
    for file in inspection.files.iter().take(MOST_FILES) {
        card(&mut page, file);
    }
    let more = inspection.files.len().saturating_sub(MOST_FILES);
    page.more(more, "file");
    page
}

fn card(page: &mut Markup, file: &InspectedFile) {
    page.ours("<article class=\"card\"><header><h3>");
    page.code(&cut(&file.name.to_string(), MOST_OF_A_NAME));
    page.ours("</h3><p class=\"labels\"><span class=\"label\">");
    page.text(file.title.unwrap_or("unknown format"))
        .ours("</span> <span class=\"label\">");
    page.text(&human_bytes(file.size))
        .ours("</span> <span class=\"label\">");
    page.ours(file.coverage.word())
        .ours("</span></p></header>\n");
    page.list(file.findings.iter().take(MOST_FINDINGS).map(|finding| {
        let mut item = Markup::new();
        chip(&mut item, finding.rule.severity);
        item.ours(" ").sentences(&finding.message, MOST_CHARACTERS);
        item.ours(" <span class=\"small\">").code(finding.rule.slug);
        if !finding.part.is_empty() {
            item.ours(" in ").code(&cut(&finding.part, MOST_OF_A_NAME));
        }
        if let Some(start) = finding.start {
            item.ours(" at byte ").number(start);
        }
        item.ours("</span>");
        item
    }));
    let listed = file.findings.len().saturating_sub(MOST_FINDINGS);
    let omitted = file.omitted.values().copied().fold(0, u64::saturating_add);
    let more = listed.saturating_add(usize::try_from(omitted).unwrap_or(usize::MAX));
    page.more(more, "finding");
    if let Some(digest) = &file.digest {
        page.ours("<p class=\"small\">")
            .code(&digest.to_string())
            .ours("</p>");
    }
    page.ours("</article>\n");
}
