//! A page of its own: the picture, and tables of everything behind it.
//!
//! It is well-formed XML as well, so that any reader can take it apart.

use std::fmt::Write as _;

use bonafide_core::lineage::{LineageEdge, LineageNode, NodeIndex};

use super::markup::{escaped, foreign};
use super::scene::{Scene, known, state};
use super::svg;
use super::words::{graded, pin, testimony, visible};

const STYLE: &str = "<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: #1f2328; background: #ffffff; }
main { padding: 0 32px 48px; }
.picture { overflow: auto; border-bottom: 1px solid #d1d9e0; }
.picture svg { display: block; margin: 0 auto; }
h2 { font-size: 18px; margin: 32px 0 10px; }
.table { overflow-x: auto; }
table { border-collapse: collapse; min-width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-bottom: 1px solid #d1d9e0; overflow-wrap: anywhere; min-width: 7em; }
th { font-size: 12px; color: #59636e; }
ul { margin: 0; padding: 0 0 0 1.1em; }
code { font: 12px ui-monospace, 'SF Mono', Menlo, monospace; }
.grade { font-weight: 700; white-space: nowrap; }
.proven { color: #157a43; } .contradicted, .deny { color: #b3261e; } .unknown { color: #7a4f00; } .claimed { color: #59636e; }
@media (prefers-color-scheme: dark) {
body { color: #e6edf3; background: #0d1117; }
.picture, th, td { border-color: #30363d; }
th, .claimed { color: #9198a1; }
.proven { color: #4ac585; } .contradicted, .deny { color: #f4776d; } .unknown { color: #eec36b; }
}
</style>
";

pub(super) fn render(scene: &Scene<'_>) -> String {
    let lineage = scene.lineage;
    let title = format!("Lineage of {}", scene.name(lineage.subject(), 120));
    let mut page =
        String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n",
    );
    let _ = writeln!(page, "<title>{}</title>", escaped(&title));
    page.push_str(STYLE);
    page.push_str("</head>\n<body>\n<div class=\"picture\">\n");
    page.push_str(&svg::render(scene));
    page.push_str("</div>\n<main>\n");
    let remarks = scene.remarks();
    if !remarks.is_empty() {
        page.push_str("<h2 id=\"mind\">Mind</h2>\n");
        page.push_str(&list(remarks.iter().map(|remark| escaped(remark))));
    }
    page.push_str("<h2 id=\"links\">Links</h2>\n<div class=\"table\"><table>\n");
    head(
        &mut page,
        &["known", "artifact", "relation", "comes from", "evidence"],
    );
    for (number, edge) in lineage.edges().iter().enumerate() {
        edge_row(&mut page, scene, number, edge);
    }
    page.push_str("</tbody></table></div>\n<h2 id=\"artifacts\">Artifacts</h2>\n<div class=\"table\"><table>\n");
    head(
        &mut page,
        &[
            "artifact", "known", "verdict", "digests", "licences", "times", "named in",
        ],
    );
    for (index, node) in lineage.numbered_nodes() {
        node_row(&mut page, scene, index, node);
    }
    page.push_str("</tbody></table></div>\n</main>\n</body>\n</html>\n");
    page
}

fn head(page: &mut String, titles: &[&str]) {
    page.push_str("<thead><tr>");
    for title in titles {
        let _ = write!(page, "<th scope=\"col\">{title}</th>");
    }
    page.push_str("</tr></thead><tbody>\n");
}

/// A list, or nothing where there is nothing; the items are markup.
fn list(items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("<li>{item}</li>\n")).collect();
    if items.is_empty() {
        return String::new();
    }
    format!("<ul>\n{items}</ul>\n")
}

/// The name of an artifact, kept from reordering what stands next to it.
fn name(scene: &Scene<'_>, index: NodeIndex) -> String {
    let Some(node) = scene.lineage.node(index) else {
        return String::new();
    };
    format!(
        "<a href=\"#artifact-{}\"><bdi>{}</bdi></a>",
        index.get(),
        foreign(node.label())
    )
}

fn edge_row(page: &mut String, scene: &Scene<'_>, number: usize, edge: &LineageEdge) {
    let mark = match edge.grade().word() {
        "proven" => "✓ ",
        "contradicted" => "✗ ",
        "unknown" => "? ",
        _ => "",
    };
    let mut evidence: Vec<String> = edge
        .evidence()
        .iter()
        .map(|evidence| escaped(&testimony(evidence)))
        .collect();
    if edge.omitted() > 0 {
        evidence.push(format!("and {} more", edge.omitted()));
    }
    let _ = writeln!(
        page,
        "<tr id=\"link-{number}\"><td class=\"grade {}\">{mark}{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        edge.grade().word(),
        escaped(&known(edge)),
        name(scene, edge.child()),
        edge.relation(),
        name(scene, edge.parent()),
        list(evidence.into_iter()),
    );
}

fn node_row(page: &mut String, scene: &Scene<'_>, index: NodeIndex, node: &LineageNode) {
    let mut about = format!(
        "<strong><bdi>{}</bdi></strong><br/>{}",
        foreign(node.label()),
        scene.role(index).word()
    );
    if let Some(version) = &node.version {
        let _ = write!(about, ", version <bdi>{}</bdi>", foreign(version));
    }
    let _ = write!(about, "<br/><code>{}</code>", foreign(node.id()));
    for identifier in node.identifiers.iter().filter(|known| *known != node.id()) {
        let _ = write!(about, "<br/><code>{}</code>", foreign(identifier));
    }
    let mut how = escaped(&state(node));
    let _ = write!(how, "<br/>referred to by {}", escaped(&pin(&node.pin)));
    if scene.is_circular(index) {
        how.push_str("<br/>part of a cycle");
    }
    if scene.shape.depth(index).is_none() {
        how.push_str("<br/>has no link to the subject");
    }
    if node.omitted() > 0 {
        let _ = write!(how, "<br/>{} more entries left out", node.omitted());
    }
    let digests = list(
        node.digests()
            .map(|known| format!("<code>{}</code> ({})", known.digest, graded(known.grade))),
    );
    let times = list(node.times.iter().map(|time| {
        format!(
            "{} {} ({}, {})",
            time.event.word(),
            time.time,
            graded(time.grade),
            foreign(&time.source)
        )
    }));
    let mentions = list(node.sources.iter().map(|mention| {
        let source = escaped(&visible(&mention.source));
        match &mention.pointer {
            Some(pointer) => format!("{source} at <code>{}</code>", foreign(pointer)),
            None => source,
        }
    }));
    let verdict = node
        .verdict
        .map_or_else(|| "not verified".to_owned(), |verdict| verdict.to_string());
    let _ = writeln!(
        page,
        "<tr id=\"artifact-{}\"><td>{about}</td><td>{how}</td><td class=\"{}\">{verdict}</td><td>{digests}</td><td>{}</td><td>{times}</td><td>{mentions}</td></tr>",
        index.get(),
        if node.verdict == Some(bonafide_core::Verdict::Deny) {
            "grade deny"
        } else {
            ""
        },
        list(node.licences.iter().map(|licence| foreign(licence))),
    );
}
