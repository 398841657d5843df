//! Where everything is: heights within columns, the ways of links as curves.

use super::layers::{Layers, Link, Slot, mean, real};

/// Width of a card.
pub(super) const CARD_WIDTH: f64 = 248.0;
/// Room between columns: links and their labels.
pub(super) const GUTTER: f64 = 256.0;
/// Most cards that are drawn large.
const FEW: usize = 24;
/// Height of a place where a link passes a column, with its label.
const BEND_HEIGHT: f64 = 40.0;
/// Room next to such a place.
const BEND_GAP: f64 = 10.0;
/// Length of an arrowhead.
pub(super) const ARROW: f64 = 11.0;
/// Rounds of moving columns towards their neighbours.
const ROUNDS: usize = 16;

/// How much is written on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Density {
    /// Everything that is worth it.
    Ample,
    /// The most important, so that many cards remain one picture.
    Dense,
}

impl Density {
    pub(super) const fn of(cards: usize) -> Self {
        if cards > FEW {
            Self::Dense
        } else {
            Self::Ample
        }
    }

    /// Height of a card.
    pub(super) const fn card_height(self) -> f64 {
        match self {
            Self::Ample => 112.0,
            Self::Dense => 82.0,
        }
    }

    /// Room between two cards of a column.
    const fn gap(self) -> f64 {
        match self {
            Self::Ample => 26.0,
            Self::Dense => 14.0,
        }
    }

    fn height(self, slot: Slot) -> f64 {
        match slot {
            Slot::Card(_) => self.card_height(),
            Slot::Bend(_) => BEND_HEIGHT,
        }
    }

    /// How far the middles of two neighbours in a column have to be apart.
    fn distance(self, upper: Slot, lower: Slot) -> f64 {
        let gap = match (upper, lower) {
            (Slot::Card(_), Slot::Card(_)) => self.gap(),
            _ => BEND_GAP,
        };
        f64::midpoint(self.height(upper), self.height(lower)) + gap
    }
}

/// A place on the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The curve of a link, from child to parent.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// Pieces between columns, and straight ones across them.
    pub(super) pieces: Vec<(Point, Point)>,
    /// From a card to itself.
    pub(super) is_loop: bool,
    /// Against the direction of all others: it closes a cycle.
    pub(super) is_turned: bool,
    /// Links that end on the same side of the child, and of the parent: where
    /// there are fewer, there is more room for a label.
    pub(super) crowd: [usize; 2],
}

/// Places of all cards and links.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Upper left corner of every card.
    pub(super) cards: Vec<Point>,
    pub(super) density: Density,
    /// The way of every link.
    pub(super) routes: Vec<Route>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Layout {
    pub(super) fn new(cards: usize, links: &[Link]) -> Self {
        let layers = Layers::new(cards, links);
        let density = Density::of(cards);
        let middles = heights(&layers, density);
        let lefts: Vec<f64> = layers
            .column
            .iter()
            .map(|column| real(*column) * (CARD_WIDTH + GUTTER))
            .collect();
        let at = |slot: usize| Point {
            x: lefts.get(slot).copied().unwrap_or(0.0),
            y: middles.get(slot).copied().unwrap_or(0.0),
        };
        let routes = routes(&layers, links, density, &at);
        let cards: Vec<Point> = (0..cards)
            .map(|card| Point {
                x: at(card).x,
                y: at(card).y - density.card_height() / 2.0,
            })
            .collect();
        let count = real(layers.columns.len().max(1));
        let has_loop = routes.iter().any(|route| route.is_loop);
        let bottom = layers
            .slots
            .iter()
            .zip(&middles)
            .map(|(slot, middle)| middle + density.height(*slot) / 2.0)
            .fold(0.0, f64::max);
        Self {
            cards,
            density,
            routes,
            width: count * CARD_WIDTH
                + (count - 1.0) * GUTTER
                + if has_loop { GUTTER } else { 0.0 },
            height: bottom,
        }
    }
}

/// The middle of every slot: as near as can be to the mean of its neighbours.
fn heights(layers: &Layers, density: Density) -> Vec<f64> {
    let (left, right) = layers.neighbours();
    let mut middles = vec![0.0; layers.slots.len()];
    for list in &layers.columns {
        place(layers, density, list, &[], &mut middles);
    }
    for round in 0..ROUNDS {
        let rightwards = round % 2 == 0;
        let count = layers.columns.len();
        for step in 0..count {
            let number = if rightwards { step } else { count - 1 - step };
            let Some(list) = layers.columns.get(number) else {
                continue;
            };
            // In the end both sides count, so that children sit amid their parents.
            let both = round + 2 >= ROUNDS;
            let (ahead, behind) = if rightwards {
                (&left, &right)
            } else {
                (&right, &left)
            };
            let wishes: Vec<Option<f64>> = list
                .iter()
                .map(|slot| {
                    let of = |side: &[Vec<usize>]| -> Vec<f64> {
                        let near = side.get(*slot).map_or(&[][..], Vec::as_slice);
                        near.iter()
                            .filter_map(|other| middles.get(*other).copied())
                            .collect()
                    };
                    let ahead = of(ahead);
                    if both || ahead.is_empty() {
                        mean(ahead.into_iter().chain(of(behind)))
                    } else {
                        mean(ahead.into_iter())
                    }
                })
                .collect();
            place(layers, density, list, &wishes, &mut middles);
        }
    }
    let top = layers
        .slots
        .iter()
        .zip(&middles)
        .map(|(slot, middle)| middle - density.height(*slot) / 2.0)
        .fold(f64::INFINITY, f64::min);
    let top = if top.is_finite() { top } else { 0.0 };
    middles
        .into_iter()
        .map(|middle| ((middle - top) * 2.0).round() / 2.0)
        .collect()
}

/// Puts the slots of one column where they want to be, without changing their
/// order; without a wish it wants to stay. Least squares under that order, which pooling neighbours that
/// want to pass each other solves (Ayer et al., Ann. Math. Stat. 26, 1955).
fn place(
    layers: &Layers,
    density: Density,
    list: &[usize],
    wishes: &[Option<f64>],
    middles: &mut [f64],
) {
    let kind = |slot: usize| layers.slots.get(slot).copied().unwrap_or(Slot::Card(0));
    // How far below the first one each slot is when all stand close.
    let mut offsets = Vec::with_capacity(list.len());
    let mut offset = 0.0;
    let mut upper = None;
    for slot in list {
        if let Some(upper) = upper {
            offset += density.distance(kind(upper), kind(*slot));
        }
        offsets.push(offset);
        upper = Some(*slot);
    }
    // Sum of wishes and number of slots of each pool.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (number, (slot, offset)) in list.iter().zip(&offsets).enumerate() {
        let now = middles.get(*slot).copied().unwrap_or(0.0);
        let wish = wishes.get(number).copied().flatten().unwrap_or(now);
        let mut pool = (wish - offset, 1);
        while let Some(last) = pools.last().copied() {
            if last.0 / real(last.1) <= pool.0 / real(pool.1) {
                break;
            }
            pools.pop();
            pool = (pool.0 + last.0, pool.1 + last.1);
        }
        pools.push(pool);
    }
    let wanted = pools
        .iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(sum / real(*count), *count));
    for ((slot, offset), wanted) in list.iter().zip(&offsets).zip(wanted) {
        if let Some(middle) = middles.get_mut(*slot) {
            *middle = wanted + offset;
        }
    }
}

/// Which side of a card a link ends at.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// The curves: ends spread over the sides of cards in the order of what they lead to.
fn routes(
    layers: &Layers,
    links: &[Link],
    density: Density,
    at: &impl Fn(usize) -> Point,
) -> Vec<Route> {
    let cards = layers
        .slots
        .iter()
        .filter(|slot| matches!(slot, Slot::Card(_)))
        .count();
    // Per card and side: links with the height of what is next on their way.
    let mut ends: Vec<[Vec<(f64, usize)>; 2]> = vec![[Vec::new(), Vec::new()]; cards];
    for (link, way) in layers.ways.iter().enumerate() {
        if let [first, second, ..] = way.as_slice()
            && let Some([_, right]) = ends.get_mut(*first)
        {
            right.push((at(*second).y, link));
        }
        if let [.., second, last] = way.as_slice()
            && let Some([left, _]) = ends.get_mut(*last)
        {
            left.push((at(*second).y, link));
        }
    }
    let mut ports: [Vec<f64>; 2] = [vec![0.0; links.len()], vec![0.0; links.len()]];
    for (card, sides) in ends.iter_mut().enumerate() {
        for (list, ports) in sides.iter_mut().zip(&mut ports) {
            list.sort_by(|one, other| one.0.total_cmp(&other.0));
            let spread = (density.card_height() - 28.0).min(22.0 * (real(list.len()) - 1.0));
            let step = spread / (real(list.len()) - 1.0).max(1.0);
            for (number, (_, link)) in list.iter().enumerate() {
                if let Some(port) = ports.get_mut(*link) {
                    *port = at(card).y - spread / 2.0 + step * real(number);
                }
            }
        }
    }
    let port = |side: Side, link: usize| -> f64 {
        let [left, right] = &ports;
        let list = if side == Side::Left { left } else { right };
        list.get(link).copied().unwrap_or(0.0)
    };
    layers
        .ways
        .iter()
        .zip(links)
        .enumerate()
        .map(|(link, (way, (child, _)))| {
            let is_turned = layers.turned.get(link).copied().unwrap_or(false);
            let mut pieces = Vec::new();
            if let [first, between @ .., last] = way.as_slice() {
                let mut from = Point {
                    x: at(*first).x + CARD_WIDTH,
                    y: port(Side::Right, link),
                };
                for bend in between {
                    let here = at(*bend);
                    let over = Point {
                        x: here.x + CARD_WIDTH,
                        y: here.y,
                    };
                    pieces.push((from, here));
                    pieces.push((here, over));
                    from = over;
                }
                let end = Point {
                    x: at(*last).x,
                    y: port(Side::Left, link),
                };
                pieces.push((from, end));
            } else {
                let card = at(*child);
                let x = card.x + CARD_WIDTH;
                let start = Point {
                    x,
                    y: card.y - 14.0,
                };
                let end = Point {
                    x,
                    y: card.y + 14.0,
                };
                pieces.push((start, end));
            }
            let count = |card: Option<&usize>, side: usize| {
                let sides = card.and_then(|card| ends.get(*card));
                sides.and_then(|sides| sides.get(side)).map_or(0, Vec::len)
            };
            let mut crowd = [count(way.first(), 1), count(way.last(), 0)];
            if is_turned {
                crowd.reverse();
                pieces = pieces
                    .into_iter()
                    .rev()
                    .map(|(from, to)| (to, from))
                    .collect();
            }
            Route {
                pieces,
                is_loop: way.is_empty(),
                is_turned,
                crowd,
            }
        })
        .collect()
}
