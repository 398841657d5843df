//! The graph for Graphviz (<https://graphviz.org/doc/info/lang.html>).

use std::fmt::Write as _;

use bonafide_core::Grade;
use bonafide_core::lineage::{EdgeGrade, LineageEdge, LineageNode, NodeIndex};

use super::scene::{Scene, known, state};
use super::words::{short, shown, testimony};

pub(super) fn render(scene: &Scene<'_>) -> String {
    let mut text = String::from(
        "digraph lineage {\n  graph [charset=\"utf-8\", rankdir=LR];\n  \
         node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n",
    );
    let mut title = vec![
        format!("Lineage of {}", scene.name(scene.lineage.subject(), 80)),
        scene.summary(),
    ];
    title.extend(scene.remarks().into_iter().take(20));
    let _ = writeln!(text, "  label={};", quoted(&title));
    for (index, node) in scene.lineage.numbered_nodes() {
        write_node(&mut text, scene, index, node);
    }
    for edge in scene.lineage.edges() {
        write_edge(&mut text, edge);
    }
    text.push_str("}\n");
    text
}

fn write_node(text: &mut String, scene: &Scene<'_>, index: NodeIndex, node: &LineageNode) {
    let mut lines = vec![scene.role(index).word().to_uppercase()];
    let version = node
        .version
        .iter()
        .map(|text| format!(" {}", shown(text, 40)));
    lines.push(shown(node.label(), 60) + &version.collect::<String>());
    lines.push(state(node));
    lines.extend(node.best_digest().as_ref().map(short));
    if !node.licences.is_empty() {
        lines.push(shown(&node.licences.join(", "), 60));
    }
    lines.extend(node.verdict.map(|verdict| verdict.to_string()));
    let style = match node.grade() {
        Grade::Claimed => "style=dashed, color=\"#59636e\"",
        Grade::Verified | Grade::Measured if scene.shape.is_proven(index) => {
            "style=filled, color=\"#1a7f37\", fillcolor=\"#eaf7ee\", penwidth=2"
        }
        Grade::Verified | Grade::Measured => {
            "style=filled, color=\"#1f2328\", fillcolor=\"#f6f8fa\", penwidth=2"
        }
    };
    let peripheries = if index == scene.lineage.subject() {
        2
    } else {
        1
    };
    let _ = writeln!(
        text,
        "  n{} [label={}, tooltip={}, {style}, peripheries={peripheries}];",
        index.get(),
        quoted(&lines),
        quoted(&[shown(node.id(), 1_000)]),
    );
}

fn write_edge(text: &mut String, edge: &LineageEdge) {
    let (mark, style) = match edge.grade() {
        EdgeGrade::Proven => (
            "✓",
            "style=solid, penwidth=3, color=\"#1a7f37\", fontcolor=\"#1a7f37\"",
        ),
        EdgeGrade::Claimed => ("", "style=dashed, color=\"#59636e\", fontcolor=\"#59636e\""),
        EdgeGrade::Contradicted => (
            "✗",
            "style=bold, color=\"#c8321f\", fontcolor=\"#c8321f\", arrowhead=tee",
        ),
        EdgeGrade::Unknown => (
            "?",
            "style=dotted, penwidth=2, color=\"#9a6700\", fontcolor=\"#9a6700\"",
        ),
    };
    let lines = [
        edge.relation().words().to_owned(),
        format!("{mark} {}", known(edge)).trim_start().to_owned(),
    ];
    let evidence: Vec<String> = edge.evidence().iter().map(testimony).collect();
    let _ = writeln!(
        text,
        "  n{} -> n{} [label={}, tooltip={}, {style}];",
        edge.child().get(),
        edge.parent().get(),
        quoted(&lines),
        quoted(&evidence),
    );
}

/// A quoted string of lines. In it a backslash begins an escape (`\N` is the
/// name of the node), and `&` an HTML entity.
fn quoted(lines: &[String]) -> String {
    let mut text = String::from("\"");
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            text.push_str("\\n");
        }
        for character in line.chars() {
            match character {
                '\\' => text.push_str("\\\\"),
                '"' => text.push_str("\\\""),
                '&' => text.push_str("&amp;"),
                character => text.push(character),
            }
        }
    }
    text.push('"');
    text
}
