//! The words on a link: what it is, how it is known, and by whom.

use std::fmt::Write as _;

use bonafide_core::lineage::{EdgeGrade, LineageEdge};

use super::link::{LOOP, point};
use super::style::mark;
use crate::lineage::layout::{CARD_WIDTH, GUTTER, Layout, Point, Route};
use crate::lineage::lettering::{BOLD, fitted, number, width};
use crate::lineage::markup::escaped;
use crate::lineage::scene::{Scene, known};
use crate::lineage::words::testimony;

/// Height of a label.
const HEIGHT: f64 = 36.0;
/// Room for words in a label.
const ROOM: f64 = GUTTER - 80.0;
/// Most pieces of evidence in a tooltip.
const LISTED: usize = 8;

struct Label {
    middle: Point,
    width: f64,
}

impl Label {
    fn overlaps(&self, other: &Self) -> f64 {
        let apart = (self.middle.x - other.middle.x).abs();
        let sideways = f64::midpoint(self.width, other.width) + 4.0 - apart;
        let upright = HEIGHT + 3.0 - (self.middle.y - other.middle.y).abs();
        sideways.max(0.0) * upright.max(0.0)
    }
}

/// Labels in the order of the links; each takes the first place on its way that is free.
pub(super) fn write(text: &mut String, scene: &Scene<'_>, edges: &[&LineageEdge], layout: &Layout) {
    let mut placed: Vec<Label> = Vec::new();
    for (edge, route) in edges.iter().zip(&layout.routes) {
        let words = Words::new(edge, route);
        let places = places(route, words.width);
        let mut best: Option<(f64, Label)> = None;
        for middle in places {
            let label = Label {
                middle,
                width: words.width,
            };
            let hidden: f64 = placed.iter().map(|other| label.overlaps(other)).sum();
            if best.as_ref().is_none_or(|(least, _)| hidden < *least) {
                best = Some((hidden, label));
            }
            if hidden <= 0.0 {
                break;
            }
        }
        if let Some((_, label)) = best {
            words.write(text, scene, edge, label.middle);
            placed.push(label);
        }
    }
}

/// Where the middle of a label may be, the best place first.
fn places(route: &Route, width: f64) -> Vec<Point> {
    let mut places = Vec::new();
    if route.is_loop {
        if let Some((from, to)) = route.pieces.first() {
            places.push(Point {
                x: from.x + LOOP - 8.0 + width / 2.0,
                y: f64::midpoint(from.y, to.y),
            });
        }
        return places;
    }
    // Where a link passes a column, room is kept for it.
    for (from, to) in &route.pieces {
        if (from.y - to.y).abs() < 0.05 && ((from.x - to.x).abs() - CARD_WIDTH).abs() < 1.0 {
            places.push(point(*from, *to, 0.5));
        }
    }
    let curves = || {
        route
            .pieces
            .iter()
            .filter(|(from, to)| ((from.x - to.x).abs() - CARD_WIDTH).abs() >= 1.0)
    };
    // Links that fan out are told apart at the far end.
    let shares = match route.crowd {
        [child, parent] if child > parent + 1 => [0.74, 0.66, 0.8, 0.58, 0.5],
        [child, parent] if parent > child + 1 => [0.26, 0.34, 0.2, 0.42, 0.5],
        _ => [0.5, 0.6, 0.4, 0.68, 0.32],
    };
    for share in shares {
        for (from, to) in curves() {
            places.push(inside(point(*from, *to, share), *from, *to, width));
        }
    }
    for (from, to) in curves() {
        for step in 1..=6_i32 {
            for sign in [1.0, -1.0] {
                let mut place = point(*from, *to, 0.5);
                place.y += sign * f64::from(step) * 13.0;
                places.push(place);
            }
        }
    }
    places
}

/// Moved sideways so far that the label covers neither card nor arrowhead.
fn inside(mut place: Point, from: Point, to: Point, width: f64) -> Point {
    let (left, right) = (from.x.min(to.x), from.x.max(to.x));
    let least = left + width / 2.0 + 18.0;
    let most = right - width / 2.0 - 18.0;
    if least <= most {
        place.x = place.x.clamp(least, most);
    }
    place
}

struct Words {
    says: String,
    how: String,
    width: f64,
}

impl Words {
    fn new(edge: &LineageEdge, route: &Route) -> Self {
        let says = if route.is_turned || route.is_loop {
            format!("↺ {}", edge.relation())
        } else {
            edge.relation().words().to_owned()
        };
        let how = match edge.grade() {
            EdgeGrade::Proven => {
                let signers: Vec<&str> = edge.signers().into_iter().collect();
                let signers = crate::lineage::words::shown(&signers.join(", "), 120);
                format!("by {signers}")
            }
            _ => known(edge),
        };
        let says = fitted(&says, BOLD * 11.5, ROOM);
        let how = fitted(&how, 10.5, ROOM);
        let words = width(&says, BOLD * 11.5).max(width(&how, 10.5));
        Self {
            width: words + 43.0,
            says,
            how,
        }
    }

    fn write(&self, text: &mut String, scene: &Scene<'_>, edge: &LineageEdge, middle: Point) {
        let grade = edge.grade();
        let word = grade.word();
        let mut title = format!(
            "{} {} {}: {}",
            scene.name(edge.child(), 120),
            edge.relation(),
            scene.name(edge.parent(), 120),
            known(edge)
        );
        for evidence in edge.evidence().iter().take(LISTED) {
            title.push('\n');
            title.push_str(&testimony(evidence));
        }
        let more = edge.omitted() + edge.evidence().len().saturating_sub(LISTED);
        if more > 0 {
            let _ = write!(title, "\nand {more} more");
        }
        let left = middle.x - self.width / 2.0;
        let _ = writeln!(
            text,
            "<g class=\"l-edge\" transform=\"translate({} {})\"><title>{}</title>\
             <rect class=\"l-pill l-pill-{word}\" width=\"{}\" height=\"{}\" rx=\"9\"/>\
             <g transform=\"translate(17 {})\">{}</g>\
             <text class=\"l-says l-on-{word}\" x=\"33\" y=\"15\">{}</text>\
             <text class=\"l-how l-on-{word}\" x=\"33\" y=\"29\">{}</text></g>",
            number(left),
            number(middle.y - HEIGHT / 2.0),
            escaped(&title),
            number(self.width),
            number(HEIGHT),
            number(HEIGHT / 2.0),
            mark(grade),
            escaped(&self.says),
            escaped(&self.how),
        );
    }
}
