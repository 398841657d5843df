//! The report as one page for a browser or a printer: for whoever has to be shown why.
//!
//! The page is one file, loads nothing and runs nothing: it has no script, its policy about
//! content allows only the styles in it, by their digests, and every link leads to a place in the
//! page. It is well-formed XML as well, so that any reader can take it apart. Everything that is
//! not ours is escaped by [`markup::Markup`].

mod circumstances;
mod controls;
mod evidence;
mod files;
mod findings;
mod markup;
mod style;
mod threats;
mod verdict;
mod waivers;

use bonafide_core::Report;

use crate::account::{Threats, cut};
use markup::{Markup, style_source};

pub(crate) fn render(report: &Report) -> String {
    let threats = Threats::of(report);
    let sections = [
        ("findings", "Findings", findings::section(report, &threats)),
        ("undecided", "Undecided", findings::undecided(report)),
        ("waivers", "Waivers", waivers::section(report)),
        ("warnings", "Warnings", waivers::warnings(report)),
        ("controls", "Controls", controls::section(report)),
        ("signatures", "Signatures", evidence::signatures(report)),
        ("documents", "Documents", evidence::documents(report)),
        ("lineage", "Lineage", evidence::lineage(report)),
        ("files", "Files", files::section(report)),
        ("threats", "Threats", threats::section(report)),
        ("standards", "Standards", threats::standards(report)),
        ("evidence", "Evidence", circumstances::section(report)),
        ("limits", "Limits", circumstances::limits(report)),
    ];
    let mut page = Markup::new();
    head(&mut page, report);
    page.ours("<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n");
    page.piece(&verdict::banner(report));
    page.ours("<div class=\"layout\">\n<nav aria-label=\"Sections\"><ul>\n");
    for (id, title, section) in &sections {
        if !section.is_empty() {
            page.ours("<li><a href=\"#").ours(id).ours("\">");
            page.ours(title).ours("</a></li>\n");
        }
    }
    page.ours("</ul></nav>\n<main id=\"main\">\n");
    page.piece(&verdict::summary(report));
    for (id, title, section) in &sections {
        if !section.is_empty() {
            page.ours("<section id=\"").ours(id);
            page.ours("\" aria-labelledby=\"title-").ours(id);
            page.ours("\">\n<h2 id=\"title-").ours(id).ours("\">");
            page.ours(title).ours("</h2>\n");
            page.piece(section).ours("</section>\n");
        }
    }
    page.ours("</main>\n</div>\n");
    page.piece(&circumstances::footer(report));
    page.ours("</body>\n</html>\n");
    page.into_string()
}

fn head(page: &mut Markup, report: &Report) {
    // The picture brings a style of its own.
    let drawn = report
        .lineage
        .as_ref()
        .map(|_| crate::lineage::picture_style());
    let mut sources = style_source(style::STYLE);
    if let Some(style) = drawn {
        sources.push(' ');
        sources.push_str(&style_source(style));
    }
    page.ours("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .ours("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .ours("base-uri 'none'; form-action 'none'; style-src ")
        // Base64 and quotes of our own.
        .picture(&sources)
        .ours("\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n")
        .ours("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .ours("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>");
    let target = cut(&report.artifact.target.to_string(), 120);
    page.text(&report.verdict.to_string())
        .ours(": ")
        .text(&target)
        .ours("</title>\n<style>")
        .ours(style::STYLE)
        .ours("</style>\n</head>\n");
}
