//! The graph as a picture: the subject on the left, what it comes from to the
//! right of it, and every link drawn by how it is known.
//!
//! Nothing is carried by colour alone: proven links are thick and have a check
//! mark and the name of the signer, claimed ones are dashed, contradicted ones
//! have a cross, unknown ones are dotted and have a question mark, and each
//! says so in words. The picture loads nothing and runs nothing.

mod card;
mod label;
mod link;
mod style;

use std::collections::VecDeque;
use std::fmt::Write as _;

use bonafide_core::lineage::{LineageEdge, NodeIndex};

use super::layout::{CARD_WIDTH, Layout, Point};
use super::lettering::{BOLD, fitted, number, width, wrapped};
use super::markup::escaped;
use super::scene::Scene;
use super::words::counted;

pub(super) use style::STYLE;

/// Most artifacts and links of a picture that somebody can still read.
const CARDS: usize = 240;
const LINKS: usize = 720;
/// Longest way from the subject that is drawn.
const DEEPEST: usize = 40;
/// Room around everything.
const MARGIN: f64 = 32.0;
/// Least width, for title and legend.
const NARROWEST: f64 = 900.0;

pub(super) fn render(scene: &Scene<'_>) -> String {
    let drawn = Drawn::new(scene);
    let links: Vec<(usize, usize)> = drawn.links.iter().map(|(ends, _)| *ends).collect();
    let layout = Layout::new(drawn.cards.len(), &links);
    let width = (layout.width + 2.0 * MARGIN).max(NARROWEST);
    let header = header(scene, &drawn, width);
    let body = MARGIN + header.height + 28.0;
    let legend = body + layout.height + 36.0;
    let height = legend + style::LEGEND_HEIGHT + MARGIN;

    let mut text = String::new();
    let title = format!("Lineage of {}", scene.name(scene.lineage.subject(), 120));
    let _ = write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
         aria-labelledby=\"lineage-title lineage-summary\" \
         viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" class=\"lineage\">\n\
         <title id=\"lineage-title\">{}</title>\n<desc id=\"lineage-summary\">{}</desc>\n",
        escaped(&title),
        escaped(&scene.summary()),
        w = number(width),
        h = number(height),
    );
    text.push_str(style::STYLE);
    text.push_str(style::DEFINITIONS);
    // The edge of a card, for what would run over it.
    let _ = writeln!(
        text,
        "<clipPath id=\"lineage-card\"><rect x=\"2\" y=\"2\" width=\"{}\" height=\"{}\" rx=\"8\"/></clipPath>\n</defs>",
        number(CARD_WIDTH - 4.0),
        number(layout.density.card_height() - 4.0)
    );
    let _ = writeln!(
        text,
        "<rect class=\"l-sheet\" width=\"{}\" height=\"{}\"/>",
        number(width),
        number(height)
    );
    text.push_str(&header.text);

    // A narrow graph stands in the middle of its sheet.
    let left = ((width - layout.width) / 2.0).max(MARGIN);
    let _ = writeln!(
        text,
        "<g transform=\"translate({} {})\">",
        number(left),
        number(body)
    );
    for ((_, edge), route) in drawn.links.iter().zip(&layout.routes) {
        link::write(&mut text, edge, route);
    }
    for (index, corner) in drawn.cards.iter().zip(&layout.cards) {
        card::write(&mut text, scene, *index, *corner, layout.density);
    }
    let edges: Vec<&LineageEdge> = drawn.links.iter().map(|(_, edge)| *edge).collect();
    label::write(&mut text, scene, &edges, &layout);
    text.push_str("</g>\n");
    style::legend(
        &mut text,
        Point {
            x: MARGIN,
            y: legend,
        },
    );
    text.push_str("</svg>\n");
    text
}

/// What of the graph is on the picture: everything, or what is nearest to the subject.
struct Drawn<'graph> {
    cards: Vec<NodeIndex>,
    links: Vec<((usize, usize), &'graph LineageEdge)>,
    cards_left_out: usize,
    links_left_out: usize,
}

impl<'graph> Drawn<'graph> {
    fn new(scene: &Scene<'graph>) -> Self {
        let lineage = scene.lineage;
        let links = scene.links();
        let of = |index: NodeIndex| links.get(index.get()).map_or(&[][..], Vec::as_slice);
        // Numbers of cards by number of the node.
        let mut card: Vec<Option<usize>> = vec![None; lineage.nodes().len()];
        let mut cards: Vec<NodeIndex> = Vec::new();
        let mut queue = VecDeque::new();
        let starts = std::iter::once(lineage.subject()).chain(scene.shape.order.iter().copied());
        for start in starts {
            queue.push_back(start);
            while let Some(index) = queue.pop_front() {
                if cards.len() >= CARDS {
                    break;
                }
                if scene
                    .shape
                    .depth(index)
                    .is_some_and(|depth| depth > DEEPEST)
                {
                    continue;
                }
                let Some(place @ None) = card.get_mut(index.get()) else {
                    continue;
                };
                *place = Some(cards.len());
                cards.push(index);
                queue.extend(of(index).iter().map(|edge| edge.parent()));
            }
            if cards.len() >= CARDS {
                break;
            }
        }
        let number = |index: NodeIndex| card.get(index.get()).copied().flatten();
        let links: Vec<((usize, usize), &LineageEdge)> = cards
            .iter()
            .flat_map(|index| of(*index).iter().copied())
            .filter_map(|edge| {
                let ends = number(edge.child()).zip(number(edge.parent()))?;
                Some((ends, edge))
            })
            .take(LINKS)
            .collect();
        Self {
            cards_left_out: lineage.nodes().len() - cards.len(),
            links_left_out: lineage.edges().len() - links.len(),
            cards,
            links,
        }
    }
}

struct Header {
    text: String,
    height: f64,
}

/// Title, numbers, and what must not be overlooked.
fn header(scene: &Scene<'_>, drawn: &Drawn<'_>, width: f64) -> Header {
    const REMARKS: usize = 6;
    let room = width - 2.0 * MARGIN;
    let mut text = String::new();
    let mut y = MARGIN + 18.0;
    let name = scene.name(scene.lineage.subject(), 120);
    let title = fitted(&format!("Lineage of {name}"), BOLD * 22.0, room);
    line(&mut text, "l-title", 0.0, y, &title);
    y += 28.0;
    counts(&mut text, scene, y);
    y += 28.0;
    let mut remarks = scene.remarks();
    let more = remarks.len().saturating_sub(REMARKS);
    remarks.truncate(REMARKS);
    if more > 0 {
        remarks.push(format!(
            "and {} not shown here",
            counted(more, "more remark")
        ));
    }
    if drawn.cards_left_out + drawn.links_left_out > 0 {
        remarks.push(format!(
            "only what is nearest to the subject is drawn: {} and {} are not on this picture",
            counted(drawn.cards_left_out, "artifact"),
            counted(drawn.links_left_out, "link")
        ));
    }
    for remark in remarks {
        for (number, part) in wrapped(&remark, BOLD * 13.0, room - 24.0, 2)
            .iter()
            .enumerate()
        {
            let (words, indent) = match number {
                0 => (format!("! {part}"), 0.0),
                _ => (part.clone(), 10.0),
            };
            line(&mut text, "l-remark", indent, y, &words);
            y += 19.0;
        }
    }
    Header {
        height: y - MARGIN - 10.0,
        text,
    }
}

fn line(text: &mut String, class: &str, x: f64, y: f64, words: &str) {
    let _ = writeln!(
        text,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
        number(MARGIN + x),
        number(y),
        escaped(words)
    );
}

/// How many artifacts and links there are, and how many links of each grade.
fn counts(text: &mut String, scene: &Scene<'_>, y: f64) {
    let nodes = counted(scene.lineage.nodes().len(), "artifact");
    let links = counted(scene.lineage.edges().len(), "link");
    let words = format!("{nodes}, {links}");
    line(text, "l-summary", 0.0, y, &words);
    let mut x = MARGIN + width(&words, 14.0) + 16.0;
    for grade in style::GRADES {
        let count = scene.lineage.count(grade);
        if count == 0 {
            continue;
        }
        let word = grade.word();
        let words = format!("{count} {word}");
        let room = width(&words, BOLD * 12.0) + 42.0;
        let _ = writeln!(
            text,
            "<g transform=\"translate({} {})\"><rect class=\"l-pill l-pill-{word}\" width=\"{}\" height=\"24\" rx=\"12\"/>\
             <g transform=\"translate(17 12)\">{}</g><text class=\"l-says l-on-{word}\" x=\"31\" y=\"16\">{words}</text></g>",
            number(x),
            number(y - 17.0),
            number(room),
            style::mark(grade),
        );
        x += room + 8.0;
    }
}
