//! A layered drawing: which column each card stands in, and in which order.
//!
//! The method is that of Sugiyama, Tagawa and Toda (IEEE Trans. SMC 11, 1981):
//! turn links around that close a cycle, put every card right of everything it
//! is a parent of, let links that skip columns bend through them, and reorder
//! the columns by barycentres as long as fewer links cross.

use std::collections::VecDeque;

/// A link between two cards, child first.
pub(super) type Link = (usize, usize);

/// Most bends; links that would need more than are left go straight.
const BENDS: usize = 4_000;
/// Sweeps over all columns, half of them in each direction.
const SWEEPS: usize = 24;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// A card, by number.
    Card(usize),
    /// A place where a link passes, by number of the link.
    Bend(usize),
}

/// Columns of slots, and the way of every link through them.
#[derive(Debug, Clone)]
pub(super) struct Layers {
    /// From left to right, each from top to bottom; numbers of slots.
    pub(super) columns: Vec<Vec<usize>>,
    /// The first ones are the cards, in their order.
    pub(super) slots: Vec<Slot>,
    /// Column of each slot.
    pub(super) column: Vec<usize>,
    /// For each link the slots that it passes, from left to right, ends
    /// included; empty for a link from a card to itself.
    pub(super) ways: Vec<Vec<usize>>,
    /// Whether the child is the right end of a link: it closes a cycle.
    pub(super) turned: Vec<bool>,
}

impl Layers {
    /// Lays out so many cards; card 0 is the subject.
    pub(super) fn new(cards: usize, links: &[Link]) -> Self {
        let (turned, first_seen) = turn(cards, links);
        let straight: Vec<Link> = links
            .iter()
            .zip(&turned)
            .map(|((child, parent), turned)| {
                if *turned {
                    (*parent, *child)
                } else {
                    (*child, *parent)
                }
            })
            .collect();
        let mut column = columns(cards, &straight);
        let mut slots: Vec<Slot> = (0..cards).map(Slot::Card).collect();
        // Where a slot stands at first: cards as they were met, bends with their right end.
        let mut place = first_seen;
        let mut ways = Vec::with_capacity(links.len());
        let mut bends = 0;
        for (link, (left, right)) in straight.iter().enumerate() {
            if left == right {
                ways.push(Vec::new());
                continue;
            }
            let from = column.get(*left).copied().unwrap_or(0);
            let to = column.get(*right).copied().unwrap_or(0);
            let mut way = vec![*left];
            let needed = to.saturating_sub(from + 1);
            if bends + needed <= BENDS {
                bends += needed;
                for between in from + 1..to {
                    way.push(slots.len());
                    slots.push(Slot::Bend(link));
                    column.push(between);
                    place.push(place.get(*right).copied().unwrap_or(0));
                }
            }
            way.push(*right);
            ways.push(way);
        }
        let count = column.iter().max().map_or(0, |last| last + 1);
        let mut layers = Self {
            columns: vec![Vec::new(); count],
            slots,
            column,
            ways,
            turned,
        };
        for (slot, column) in layers.column.iter().enumerate() {
            if let Some(list) = layers.columns.get_mut(*column) {
                list.push(slot);
            }
        }
        for list in &mut layers.columns {
            list.sort_by_key(|slot| place.get(*slot).copied());
        }
        layers.untangle();
        layers
    }

    /// Pairs of slots in neighbouring columns that a link joins, as neighbours of each slot:
    /// on the left and on the right.
    pub(super) fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let mut left = vec![Vec::new(); self.slots.len()];
        let mut right = vec![Vec::new(); self.slots.len()];
        for way in &self.ways {
            for (from, to) in way.iter().zip(way.iter().skip(1)) {
                // A link without bends over several columns holds nothing in place.
                let near = self.column.get(*from).map(|column| column + 1);
                if near != self.column.get(*to).copied() {
                    continue;
                }
                if let Some(list) = right.get_mut(*from) {
                    list.push(*to);
                }
                if let Some(list) = left.get_mut(*to) {
                    list.push(*from);
                }
            }
        }
        (left, right)
    }

    /// Reorders the columns by the mean place of neighbours, and keeps the best.
    fn untangle(&mut self) {
        let (left, right) = self.neighbours();
        let mut best = self.columns.clone();
        let mut fewest = self.crossings(&right);
        for sweep in 0..SWEEPS {
            if fewest == 0 {
                break;
            }
            let rightwards = sweep % 2 == 0;
            let neighbours = if rightwards { &left } else { &right };
            let mut places = self.places();
            let count = self.columns.len();
            for step in 0..count {
                let number = if rightwards { step } else { count - 1 - step };
                let Some(list) = self.columns.get_mut(number) else {
                    continue;
                };
                let mut keyed: Vec<(f64, usize)> = list
                    .iter()
                    .enumerate()
                    .map(|(here, slot)| {
                        let near = neighbours.get(*slot).map_or(&[][..], Vec::as_slice);
                        let near = near.iter().filter_map(|other| places.get(*other).copied());
                        (mean(near).unwrap_or(real(here)), *slot)
                    })
                    .collect();
                keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
                for (here, (_, slot)) in keyed.iter().enumerate() {
                    if let Some(place) = places.get_mut(*slot) {
                        *place = real(here);
                    }
                }
                *list = keyed.into_iter().map(|(_, slot)| slot).collect();
            }
            let crossings = self.crossings(&right);
            if crossings < fewest {
                fewest = crossings;
                best.clone_from(&self.columns);
            }
        }
        self.columns = best;
    }

    /// Place of every slot in its column.
    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.slots.len()];
        for list in &self.columns {
            for (here, slot) in list.iter().enumerate() {
                if let Some(place) = places.get_mut(*slot) {
                    *place = real(here);
                }
            }
        }
        places
    }

    /// How many pairs of links cross between neighbouring columns: inversions,
    /// counted with a Fenwick tree.
    fn crossings(&self, right: &[Vec<usize>]) -> usize {
        let mut places = vec![0_usize; self.slots.len()];
        for list in &self.columns {
            for (here, slot) in list.iter().enumerate() {
                if let Some(place) = places.get_mut(*slot) {
                    *place = here;
                }
            }
        }
        let mut crossings = 0;
        for (list, next) in self.columns.iter().zip(self.columns.iter().skip(1)) {
            let mut tree = vec![0_usize; next.len() + 1];
            let mut drawn = 0;
            for slot in list {
                let mut ends: Vec<usize> = right
                    .get(*slot)
                    .into_iter()
                    .flatten()
                    .filter_map(|end| places.get(*end).copied())
                    .collect();
                ends.sort_unstable();
                for end in &ends {
                    // Links drawn before that end at this place or above it do not cross.
                    let mut above = 0;
                    let mut at = end + 1;
                    while at > 0 {
                        above += tree.get(at).copied().unwrap_or(0);
                        at &= at - 1;
                    }
                    crossings += drawn - above;
                }
                for end in ends {
                    drawn += 1;
                    let mut at = end + 1;
                    while let Some(count) = tree.get_mut(at) {
                        *count += 1;
                        at += at & at.wrapping_neg();
                    }
                }
            }
        }
        crossings
    }
}

/// Depth first from the subject, then from the rest: which links lead back to
/// a card that the walk stands on, and when each card was first met.
fn turn(cards: usize, links: &[Link]) -> (Vec<bool>, Vec<usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut out = vec![Vec::new(); cards];
    for (link, (child, parent)) in links.iter().enumerate() {
        if let Some(list) = out.get_mut(*child) {
            list.push((link, *parent));
        }
    }
    let mut turned = vec![false; links.len()];
    let mut seen = vec![0; cards];
    let mut states = vec![State::New; cards];
    let mut clock = 0;
    let mut walk: Vec<(usize, usize)> = Vec::new();
    for start in 0..cards {
        if states.get(start) != Some(&State::New) {
            continue;
        }
        walk.push((start, 0));
        while let Some((card, followed)) = walk.pop() {
            if followed == 0 {
                if let Some(state) = states.get_mut(card) {
                    *state = State::Open;
                }
                if let Some(time) = seen.get_mut(card) {
                    *time = clock;
                }
                clock += 1;
            }
            let next = out.get(card).and_then(|list: &Vec<_>| list.get(followed));
            let Some((link, parent)) = next.copied() else {
                if let Some(state) = states.get_mut(card) {
                    *state = State::Done;
                }
                continue;
            };
            walk.push((card, followed + 1));
            match states.get(parent) {
                Some(State::New) => walk.push((parent, 0)),
                Some(State::Open) if parent != card => {
                    if let Some(turned) = turned.get_mut(link) {
                        *turned = true;
                    }
                }
                _ => {}
            }
        }
    }
    (turned, seen)
}

/// The column of every card: right of everything that leads to it. What
/// nothing leads to stands as far right as it can, the subject leftmost.
fn columns(cards: usize, straight: &[Link]) -> Vec<usize> {
    let mut incoming = vec![0_usize; cards];
    let mut out = vec![Vec::new(); cards];
    for (left, right) in straight.iter().filter(|(left, right)| left != right) {
        if let (Some(list), Some(count)) = (out.get_mut(*left), incoming.get_mut(*right)) {
            list.push(*right);
            *count += 1;
        }
    }
    let starts: Vec<usize> = (0..cards)
        .filter(|card| incoming.get(*card) == Some(&0))
        .collect();
    let mut column = vec![0_usize; cards];
    let mut queue: VecDeque<usize> = starts.iter().copied().collect();
    while let Some(card) = queue.pop_front() {
        let next = column.get(card).map_or(0, |own| own + 1);
        for right in out.get(card).into_iter().flatten() {
            if let Some(place) = column.get_mut(*right) {
                *place = (*place).max(next);
            }
            if let Some(count) = incoming.get_mut(*right) {
                *count -= 1;
                if *count == 0 {
                    queue.push_back(*right);
                }
            }
        }
    }
    for start in starts.into_iter().filter(|start| *start != 0) {
        let nearest = out
            .get(start)
            .into_iter()
            .flatten()
            .filter_map(|right| column.get(*right).copied())
            .min();
        if let (Some(place), Some(nearest)) = (column.get_mut(start), nearest) {
            *place = nearest.saturating_sub(1);
        }
    }
    column
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sum = 0.0;
    let mut count = 0_u32;
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}

/// A count as a number to calculate with; exact below 2³².
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_leads_right_through_every_column_between_its_ends() {
        let links = [(0, 1), (1, 2), (2, 3), (0, 3), (3, 1), (4, 2), (2, 2)];
        let layers = Layers::new(6, &links);
        assert_eq!(
            layers.turned,
            [false, false, false, false, true, false, false]
        );
        assert!(layers.ways[6].is_empty());
        for way in &layers.ways {
            for pair in way.windows(2) {
                assert_eq!(layers.column[pair[0]] + 1, layers.column[pair[1]]);
            }
        }
        assert_eq!(&layers.column[..6], [0, 1, 2, 3, 1, 0]);
        let standing: usize = layers.columns.iter().map(Vec::len).sum();
        assert_eq!(standing, layers.slots.len());
    }

    #[test]
    fn untangles_what_can_be_untangled() {
        // 0 leads to 1, 2, 3, and these in turn to 6, 5, 4 and one to two.
        let links = [(0, 1), (0, 2), (0, 3), (1, 6), (2, 5), (3, 4), (1, 5)];
        let layers = Layers::new(7, &links);
        let (_, right) = layers.neighbours();
        assert_eq!(layers.crossings(&right), 0);
    }

    #[test]
    fn counts_crossings_as_a_comparison_of_all_pairs_does() {
        let mut layers = Layers::new(8, &[(0, 4), (0, 7), (1, 5), (2, 4), (3, 6), (1, 7)]);
        layers.columns = vec![vec![0, 1, 2, 3], vec![7, 4, 6, 5]];
        layers.column = vec![0, 0, 0, 0, 1, 1, 1, 1];
        let (_, right) = layers.neighbours();
        let place = |slot: usize| {
            let of = |list: &Vec<usize>| list.iter().position(|other| *other == slot);
            layers.columns.iter().find_map(of).unwrap()
        };
        let mut expected = 0;
        for (number, one) in layers.ways.iter().enumerate() {
            for other in &layers.ways[..number] {
                let starts = place(one[0]).cmp(&place(other[0]));
                let ends = place(one[1]).cmp(&place(other[1]));
                expected += usize::from(starts.is_ne() && ends == starts.reverse());
            }
        }
        assert_eq!(layers.crossings(&right), expected);
        assert_eq!(expected, 3);
    }
}
