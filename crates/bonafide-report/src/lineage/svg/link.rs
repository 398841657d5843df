//! The line of a link.

use std::fmt::Write as _;

use bonafide_core::lineage::LineageEdge;

use crate::lineage::layout::{ARROW, Point, Route};
use crate::lineage::lettering::number;

/// How far a link from a card to itself stands out.
pub(super) const LOOP: f64 = 54.0;

pub(super) fn write(text: &mut String, edge: &LineageEdge, route: &Route) {
    let grade = edge.grade().word();
    let _ = writeln!(
        text,
        "<path class=\"l-link l-link-{grade}\" d=\"{}\" marker-end=\"url(#lineage-head-{grade})\"/>",
        path(route)
    );
}

fn path(route: &Route) -> String {
    let mut path = String::new();
    let count = route.pieces.len();
    for (place, (from, to)) in route.pieces.iter().enumerate() {
        if place == 0 {
            let _ = write!(path, "M{} {}", number(from.x), number(from.y));
        }
        let mut to = *to;
        if route.is_loop {
            to.x += ARROW;
            let _ = write!(
                path,
                "C{x} {} {x} {} {} {}",
                number(from.y - 12.0),
                number(to.y + 12.0),
                number(to.x),
                number(to.y),
                x = number(from.x + LOOP),
            );
            continue;
        }
        if place + 1 == count {
            // The arrowhead takes the rest.
            to.x -= ARROW.copysign(to.x - from.x);
        }
        if across(*from, to) {
            let _ = write!(path, "H{}", number(to.x));
        } else {
            let middle = number(f64::midpoint(from.x, to.x));
            let _ = write!(
                path,
                "C{middle} {} {middle} {} {} {}",
                number(from.y),
                number(to.y),
                number(to.x),
                number(to.y),
            );
        }
    }
    path
}

fn across(from: Point, to: Point) -> bool {
    (from.y - to.y).abs() < 0.05
}

/// A point of a piece that is drawn as a curve; `share` runs from 0 to 1.
pub(super) fn point(from: Point, to: Point, share: f64) -> Point {
    let rest = 1.0 - share;
    let middle = f64::midpoint(from.x, to.x);
    let bezier = |a: f64, b: f64, c: f64, d: f64| {
        a * rest * rest * rest
            + 3.0 * b * rest * rest * share
            + 3.0 * c * rest * share * share
            + d * share * share * share
    };
    Point {
        x: bezier(from.x, middle, middle, to.x),
        y: bezier(from.y, from.y, to.y, to.y),
    }
}
