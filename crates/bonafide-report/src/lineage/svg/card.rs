//! The card of an artifact.

use std::fmt::Write as _;

use bonafide_core::lineage::{LineageNode, NodeIndex, NodeKind};
use bonafide_core::{Grade, Verdict};

use crate::lineage::layout::{CARD_WIDTH, Density, Point};
use crate::lineage::lettering::{BOLD, fitted, number, width};
use crate::lineage::markup::escaped;
use crate::lineage::scene::{Scene, state};
use crate::lineage::words::{graded, pin, short, shown, visible};

/// Room between the edge of a card and its text.
const PADDING: f64 = 14.0;
/// Room for a line of text.
const ROOM: f64 = CARD_WIDTH - 2.0 * PADDING;
/// Most entries of a list in a tooltip.
const LISTED: usize = 8;

pub(super) fn write(
    text: &mut String,
    scene: &Scene<'_>,
    index: NodeIndex,
    corner: Point,
    density: Density,
) {
    let Some(node) = scene.lineage.node(index) else {
        return;
    };
    let is_subject = index == scene.lineage.subject();
    let is_proven = if is_subject {
        !node.signers().is_empty()
    } else {
        scene.shape.is_proven(index)
    };
    let class = match node.grade() {
        Grade::Claimed => "claimed",
        Grade::Verified | Grade::Measured if is_proven => "proven",
        Grade::Verified | Grade::Measured => "known",
    };
    let denied = if node.verdict == Some(Verdict::Deny) {
        " l-card-denied"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "<g class=\"l-node\" transform=\"translate({} {})\"><title>{}</title>\
         <rect class=\"l-card l-card-{class}{denied}\" width=\"{}\" height=\"{}\" rx=\"10\"/>",
        number(corner.x),
        number(corner.y),
        escaped(&title(scene, index, node)),
        number(CARD_WIDTH),
        number(density.card_height()),
    );
    text.push_str("<g clip-path=\"url(#lineage-card)\">\n");
    first_line(text, scene, index, node, density);
    let name = shown(node.label(), 200);
    // Names that do not fit get smaller letters first.
    let (class, size) = if width(&name, BOLD * 15.0) <= ROOM {
        ("l-name", 15.0)
    } else {
        ("l-name l-long", 12.5)
    };
    let name = fitted(&name, BOLD * size, ROOM);
    let small = |words: &str| fitted(words, 11.5, ROOM);
    let last = match density {
        Density::Ample => {
            line(text, class, PADDING, 48.0, &name);
            line(text, "l-small", PADDING, 67.0, &small(&particulars(node)));
            line(text, "l-small", PADDING, 84.0, &small(&vouched(node)));
            101.0
        }
        Density::Dense => {
            line(text, class, PADDING, 42.0, &name);
            line(text, "l-small", PADDING, 58.0, &small(&particulars(node)));
            73.0
        }
    };
    let digest = node
        .best_digest()
        .map_or_else(|| "no digest".to_owned(), |digest| short(&digest));
    line(text, "l-mono", PADDING, last, &digest);
    if let Some(verdict) = node.verdict {
        let class = match verdict {
            Verdict::Allow => "l-state l-ok",
            Verdict::Deny => "l-state l-bad",
            Verdict::Undecided | Verdict::NothingToVerify => "l-state l-doubt",
        };
        let words = match verdict {
            Verdict::Allow => "✓ ALLOW".to_owned(),
            Verdict::Deny => "✗ DENY".to_owned(),
            other => fitted(&other.to_string(), 11.0, 84.0),
        };
        right(text, class, last, &words);
    }
    text.push_str("</g>\n");
    if is_subject {
        text.push_str(
            "<rect class=\"l-flag-box\" x=\"14\" y=\"-10\" width=\"72\" height=\"18\" rx=\"4\"/>\
             <text class=\"l-flag\" x=\"50\" y=\"3\" text-anchor=\"middle\">SUBJECT</text>\n",
        );
    }
    text.push_str("</g>\n");
}

fn line(text: &mut String, class: &str, x: f64, y: f64, words: &str) {
    let _ = writeln!(
        text,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
        number(x),
        number(y),
        escaped(words)
    );
}

fn right(text: &mut String, class: &str, y: f64, words: &str) {
    let _ = writeln!(
        text,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
        number(CARD_WIDTH - PADDING),
        number(y),
        escaped(words)
    );
}

/// What it is, and how it is known.
fn first_line(
    text: &mut String,
    scene: &Scene<'_>,
    index: NodeIndex,
    node: &LineageNode,
    density: Density,
) {
    let y = match density {
        Density::Ample => 25.0,
        Density::Dense => 21.0,
    };
    let _ = writeln!(
        text,
        "<path class=\"l-icon\" transform=\"translate(14 {})\" d=\"{}\"/>",
        number(y - 12.0),
        icon(node.kind)
    );
    let (class, words) = match node.grade() {
        Grade::Measured => ("l-state l-ok", "✓ measured"),
        Grade::Verified => ("l-state l-ok", "✓ signed"),
        Grade::Claimed => ("l-small", "claimed"),
    };
    right(text, class, y, words);
    let mut role = scene.role(index).word().to_uppercase();
    if scene.is_circular(index) {
        role.push_str(" ↺");
    } else if scene.shape.depth(index).is_none() {
        role.push_str(" · APART");
    }
    let room = ROOM - 24.0 - width(words, BOLD * 11.0) - 6.0;
    line(
        text,
        "l-role",
        PADDING + 23.0,
        y,
        &fitted(&role, BOLD * 11.0, room),
    );
}

/// Version and licences.
fn particulars(node: &LineageNode) -> String {
    let version = node.version.as_deref().map(|version| shown(version, 60));
    let licences = if node.licences.is_empty() {
        "no licence".to_owned()
    } else {
        shown(&node.licences.join(", "), 120)
    };
    version
        .into_iter()
        .chain([licences])
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Who vouches for it, or where it is spoken of.
fn vouched(node: &LineageNode) -> String {
    let signers: Vec<String> = node
        .signers()
        .into_iter()
        .map(|name| shown(name, 120))
        .collect();
    if !signers.is_empty() {
        return format!("signed by {}", signers.join(" and by "));
    }
    match (node.grade(), node.sources.first()) {
        (Grade::Measured, _) => "not signed".to_owned(),
        (_, Some(mention)) => format!("named in {}", visible(&mention.source)),
        (_, None) => String::new(),
    }
}

/// Everything that the card has no room for.
fn title(scene: &Scene<'_>, index: NodeIndex, node: &LineageNode) -> String {
    let mut lines = vec![
        format!(
            "{} {}",
            scene.role(index).word(),
            shown(node.label(), 1_000)
        ),
        state(node),
    ];
    lines.extend(
        node.version
            .iter()
            .map(|text| format!("version {}", shown(text, 200))),
    );
    lines.push(format!("id {}", shown(node.id(), 1_000)));
    let known = node.identifiers.iter().filter(|known| *known != node.id());
    lines.extend(
        known
            .take(LISTED)
            .map(|known| format!("known as {}", shown(known, 300))),
    );
    let digests = node.digests().take(LISTED);
    lines.extend(digests.map(|known| format!("{} ({})", known.digest, graded(known.grade))));
    lines.push(format!("referred to by {}", pin(&node.pin)));
    let licences = node.licences.iter().take(LISTED);
    lines.extend(licences.map(|licence| format!("licence {}", shown(licence, 200))));
    lines.extend(node.times.iter().take(LISTED).map(|time| {
        let (event, grade) = (time.event.word(), graded(time.grade));
        format!(
            "{event} {} ({grade}, {})",
            time.time,
            shown(&time.source, 120)
        )
    }));
    lines.extend(node.verdict.map(|verdict| format!("verdict {verdict}")));
    if scene.is_circular(index) {
        lines.push("part of a cycle".to_owned());
    }
    if scene.shape.depth(index).is_none() {
        lines.push("has no link to the subject".to_owned());
    }
    lines.join("\n")
}

/// Lines on a square of 16 by 16.
const fn icon(kind: NodeKind) -> &'static str {
    match kind {
        // Neurons.
        NodeKind::Model => {
            "M3 3.2V3.3M3 12.7V12.8M13 8V8.1M5 4L11 7.2M5 12L11 8.8M5 3A2 2 0 1 1 1 3A2 2 0 1 1 5 3M5 13A2 2 0 1 1 1 13A2 2 0 1 1 5 13M15 8A2 2 0 1 1 11 8A2 2 0 1 1 15 8"
        }
        // A plug.
        NodeKind::Adapter => "M1 8H5M5 3.5V12.5H8A4.5 4.5 0 0 0 8 3.5ZM12 6H15M12 10H15",
        // A drum.
        NodeKind::Dataset => {
            "M2 3.5C2 0.9 14 0.9 14 3.5C14 6.1 2 6.1 2 3.5V12.5C2 15.1 14 15.1 14 12.5V3.5M2 8C2 10.6 14 10.6 14 8"
        }
        // Pieces.
        NodeKind::Tokenizer => "M1 4H5V12H1ZM6.7 4H9.3V12H6.7ZM11 4H15V12H11Z",
        // Braces.
        NodeKind::Template => {
            "M6 1.5C3 1.5 5.5 7 2 8C5.5 9 3 14.5 6 14.5M10 1.5C13 1.5 10.5 7 14 8C10.5 9 13 14.5 10 14.5"
        }
        // Bars.
        NodeKind::Evaluation => "M2 1.5V14.5H14.5M5.5 11.5V8M9 11.5V3.5M12.5 11.5V6",
        // Angle brackets.
        NodeKind::Software => "M5 3.5L1 8L5 12.5M11 3.5L15 8L11 12.5M9.5 2L6.5 14",
        // A question.
        NodeKind::Unknown => "M5 5C5 1 11 1 11 4.8C11 7.6 8 7.4 8 10.2M8 13.5V13.6",
    }
}
