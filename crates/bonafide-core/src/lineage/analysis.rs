//! What the shape of the graph says: cycles, depth, roots, order, ages.
//!
//! Work grows with nodes plus edges (times a logarithm for the order), and
//! every walk keeps its own stack: documents decide how deep a graph is.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use serde::Serialize;

use super::{
    EdgeGrade, EdgeIndex, Lineage, LineageEdge, LineageNode, NodeIndex, NodeTime, TimeEvent,
};

/// Which edges count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every one.
    All,
    /// Only those whose parent went into the making of the child
    /// ([`super::Relation::is_ancestry`]).
    Ancestry,
}

/// A child that is older than what it was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgeConflict {
    /// The edge between them.
    pub edge: EdgeIndex,
    /// The time of the child.
    pub child: NodeTime,
    /// The later time of the parent.
    pub parent: NodeTime,
}

/// The shape of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineageAnalysis {
    /// Groups of artifacts of which each comes from each other one, or a single
    /// one that comes from itself. Sorted by id.
    pub cycles: Vec<Vec<NodeIndex>>,
    /// Artifacts that the subject comes from and that come from nothing
    /// themselves; the subject where it comes from nothing. Sorted by id.
    pub roots: Vec<NodeIndex>,
    /// Artifacts that the subject does not come from. Sorted by id.
    pub unreachable: Vec<NodeIndex>,
    /// Children before parents, equals by id; a cycle stands together. Does not
    /// depend on the order in which the graph was built.
    pub order: Vec<NodeIndex>,
    /// Longest way from the subject, in links; a cycle counts as one artifact.
    pub longest: usize,
    /// Ancestors that are younger than their children, by edge; only edges of ancestry.
    pub ages: Vec<AgeConflict>,
    depths: Vec<Option<usize>>,
    nearest: Vec<Option<NodeIndex>>,
    proven: Vec<bool>,
}

impl LineageAnalysis {
    /// Whether proven links alone lead from the subject to an artifact; the
    /// subject itself is where they begin.
    #[must_use]
    pub fn is_proven(&self, index: NodeIndex) -> bool {
        self.proven.get(index.0).copied().unwrap_or(false)
    }

    /// The longest way from the subject to an artifact, in links; none where there is no way.
    #[must_use]
    pub fn depth(&self, index: NodeIndex) -> Option<usize> {
        self.depths.get(index.0).copied().flatten()
    }

    /// A shortest way from the subject to an artifact, both included; empty where there is none.
    #[must_use]
    pub fn path(&self, index: NodeIndex) -> Vec<NodeIndex> {
        if self.depth(index).is_none() {
            return Vec::new();
        }
        let mut path = vec![index];
        let mut at = index;
        while let Some(child) = self.nearest.get(at.0).copied().flatten() {
            path.push(child);
            at = child;
        }
        path.reverse();
        path
    }

    /// Whether the subject comes from nothing at all.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.longest == 0 && self.cycles.is_empty()
    }
}

impl Lineage {
    /// Finds cycles, depth, roots and order over the edges in scope.
    #[must_use]
    pub fn analyse(&self, scope: Scope) -> LineageAnalysis {
        let ranks = self.ranks();
        let parents = self.parents(scope, &ranks, None);
        let group = components(&parents);
        let members = members(&group, &ranks);
        let cycles = cycles(&members, &parents, &ranks);
        let nearest = nearest_child(&parents, self.subject());
        let reached = |index: usize| {
            index == self.subject().0 || nearest.get(index).is_some_and(Option::is_some)
        };
        let order = order(&parents, &group, &members, &ranks);
        let depths = depths(&order, &parents, &group, &members, self.subject());
        let by_rank = |mut indexes: Vec<NodeIndex>| {
            indexes.sort_by_key(|index| ranks.get(index.0));
            indexes
        };
        let roots = parents
            .iter()
            .enumerate()
            .filter(|(index, above)| above.is_empty() && reached(*index))
            .map(|(index, _)| NodeIndex(index));
        let unreachable = (0..parents.len())
            .filter(|index| !reached(*index))
            .map(NodeIndex);
        let sure = self.parents(scope, &ranks, Some(EdgeGrade::Proven));
        let proven = nearest_child(&sure, self.subject())
            .into_iter()
            .enumerate()
            .map(|(index, child)| child.is_some() || index == self.subject().0)
            .collect();
        LineageAnalysis {
            cycles,
            roots: by_rank(roots.collect()),
            unreachable: by_rank(unreachable.collect()),
            longest: depths.iter().flatten().copied().max().unwrap_or(0),
            order,
            ages: self.ages(),
            depths,
            nearest,
            proven,
        }
    }

    /// The place of every node when they are sorted by id.
    fn ranks(&self) -> Vec<usize> {
        let mut sorted: Vec<usize> = (0..self.nodes().len()).collect();
        sorted.sort_by_key(|index| self.nodes().get(*index).map(LineageNode::id));
        let mut ranks = vec![0; sorted.len()];
        for (rank, index) in sorted.into_iter().enumerate() {
            if let Some(place) = ranks.get_mut(index) {
                *place = rank;
            }
        }
        ranks
    }

    /// The parents of every node, each once, by id; over edges of one grade, or all.
    fn parents(&self, scope: Scope, ranks: &[usize], grade: Option<EdgeGrade>) -> Vec<Vec<usize>> {
        let mut parents = vec![Vec::new(); self.nodes().len()];
        for edge in self.edges() {
            if scope == Scope::Ancestry && !edge.relation().is_ancestry() {
                continue;
            }
            if grade.is_some_and(|grade| edge.grade() != grade) {
                continue;
            }
            if let Some(list) = parents.get_mut(edge.child().0) {
                list.push(edge.parent().0);
            }
        }
        for list in &mut parents {
            list.sort_by_key(|index| ranks.get(*index));
            list.dedup();
        }
        parents
    }

    fn ages(&self) -> Vec<AgeConflict> {
        self.numbered_edges()
            .filter(|(_, edge)| edge.relation().is_ancestry())
            .filter_map(|(index, edge)| self.age(index, edge))
            .collect()
    }

    /// Nothing is made, nor published, of what is not yet built. Where nobody
    /// says when the parent was built, its publication stands for that, and only
    /// against the publication of the child: insiders have it earlier.
    fn age(&self, index: EdgeIndex, edge: &LineageEdge) -> Option<AgeConflict> {
        let child = self.node(edge.child())?;
        let parent = self.node(edge.parent())?;
        let built = known(parent, TimeEvent::Built, Bound::Earliest);
        let pairs = match built {
            Some(built) => [
                known(child, TimeEvent::Built, Bound::Latest).zip(Some(built)),
                known(child, TimeEvent::Published, Bound::Latest).zip(Some(built)),
            ],
            None => [
                None,
                known(child, TimeEvent::Published, Bound::Latest).zip(known(
                    parent,
                    TimeEvent::Published,
                    Bound::Earliest,
                )),
            ],
        };
        let (child, parent) = pairs
            .into_iter()
            .flatten()
            .find(|(child, parent)| child.time < parent.time)?;
        Some(AgeConflict {
            edge: index,
            child: child.clone(),
            parent: parent.clone(),
        })
    }
}

#[derive(Clone, Copy)]
enum Bound {
    Earliest,
    Latest,
}

/// The time of an event that the best grade of evidence gives; of several, the
/// one that is kinder to the graph.
fn known(node: &LineageNode, event: TimeEvent, bound: Bound) -> Option<&NodeTime> {
    let times = || node.times.iter().filter(|time| time.event == event);
    let best = times().map(|time| time.grade).max()?;
    let times = times().filter(|time| time.grade == best);
    match bound {
        Bound::Earliest => times.min_by_key(|time| time.time),
        Bound::Latest => times.max_by_key(|time| time.time),
    }
}

/// Strongly connected components by Tarjan's algorithm (SIAM J. Comput. 1,
/// 1972), with a stack of our own: the number of each node's component.
/// A component gets its number after every component above it.
fn components(parents: &[Vec<usize>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    struct Visit {
        /// When the node was first seen, or [`NEW`].
        seen: usize,
        /// The earliest node on the stack that it leads back to.
        low: usize,
        /// Its component, or [`NEW`] while that is open.
        group: usize,
    }
    let mut visits: Vec<Visit> = parents
        .iter()
        .map(|_| Visit {
            seen: NEW,
            low: NEW,
            group: NEW,
        })
        .collect();
    let mut clock = 0;
    let mut groups = 0;
    let mut open: Vec<usize> = Vec::new();
    // A node and how many of its parents were followed.
    let mut walk: Vec<(usize, usize)> = Vec::new();
    for start in 0..parents.len() {
        if visits.get(start).is_none_or(|visit| visit.seen != NEW) {
            continue;
        }
        walk.push((start, 0));
        while let Some((node, followed)) = walk.pop() {
            if followed == 0
                && let Some(visit) = visits.get_mut(node)
            {
                visit.seen = clock;
                visit.low = clock;
                clock += 1;
                open.push(node);
            }
            if let Some(parent) = parents.get(node).and_then(|above| above.get(followed)) {
                walk.push((node, followed + 1));
                let Some(visit) = visits.get(*parent) else {
                    continue;
                };
                let (seen, closed) = (visit.seen, visit.group != NEW);
                if seen == NEW {
                    walk.push((*parent, 0));
                } else if !closed && let Some(visit) = visits.get_mut(node) {
                    visit.low = visit.low.min(seen);
                }
                continue;
            }
            // All parents were followed: the component is complete, or the node
            // before this one on the way learns how far back it leads.
            let Some((low, seen)) = visits.get(node).map(|visit| (visit.low, visit.seen)) else {
                continue;
            };
            if low == seen {
                while let Some(member) = open.pop() {
                    if let Some(visit) = visits.get_mut(member) {
                        visit.group = groups;
                    }
                    if member == node {
                        break;
                    }
                }
                groups += 1;
            }
            if let Some((before, _)) = walk.last()
                && let Some(visit) = visits.get_mut(*before)
            {
                visit.low = visit.low.min(low);
            }
        }
    }
    visits.into_iter().map(|visit| visit.group).collect()
}

/// The nodes of each component, by id.
fn members(group: &[usize], ranks: &[usize]) -> Vec<Vec<usize>> {
    let count = group.iter().max().map_or(0, |last| last + 1);
    let mut members = vec![Vec::new(); count];
    for (index, group) in group.iter().enumerate() {
        if let Some(list) = members.get_mut(*group) {
            list.push(index);
        }
    }
    for list in &mut members {
        list.sort_by_key(|index| ranks.get(*index));
    }
    members
}

fn cycles(members: &[Vec<usize>], parents: &[Vec<usize>], ranks: &[usize]) -> Vec<Vec<NodeIndex>> {
    let circular = |list: &Vec<usize>| match list.as_slice() {
        [single] => parents
            .get(*single)
            .is_some_and(|above| above.contains(single)),
        list => list.len() > 1,
    };
    let mut cycles: Vec<Vec<NodeIndex>> = members
        .iter()
        .filter(|list| circular(list))
        .map(|list| list.iter().copied().map(NodeIndex).collect())
        .collect();
    cycles.sort_by_key(|list: &Vec<NodeIndex>| list.first().and_then(|index| ranks.get(index.0)));
    cycles
}

/// The child through which each node is first reached, breadth first.
fn nearest_child(parents: &[Vec<usize>], subject: NodeIndex) -> Vec<Option<NodeIndex>> {
    let mut nearest = vec![None; parents.len()];
    let mut queue = VecDeque::from([subject.0]);
    while let Some(node) = queue.pop_front() {
        for parent in parents.get(node).into_iter().flatten() {
            if let Some(place @ None) = nearest.get_mut(*parent)
                && *parent != subject.0
            {
                *place = Some(NodeIndex(node));
                queue.push_back(*parent);
            }
        }
    }
    nearest
}

/// Kahn's algorithm over the components, smallest id first.
fn order(
    parents: &[Vec<usize>],
    group: &[usize],
    members: &[Vec<usize>],
    ranks: &[usize],
) -> Vec<NodeIndex> {
    let mut children = vec![0_usize; members.len()];
    let above = |list: &[usize]| -> Vec<usize> {
        list.iter()
            .filter_map(|index| parents.get(*index))
            .flatten()
            .filter_map(|parent| group.get(*parent).copied())
            .collect()
    };
    for list in members {
        for parent in above(list) {
            if let Some(count) = children.get_mut(parent) {
                *count += 1;
            }
        }
    }
    // Links within a component do not hold it back.
    for (number, list) in members.iter().enumerate() {
        let inner = above(list).into_iter().filter(|to| *to == number).count();
        if let Some(count) = children.get_mut(number) {
            *count -= inner;
        }
    }
    let key = |number: usize| {
        let first = members.get(number).and_then(|list| list.first());
        Reverse((first.and_then(|index| ranks.get(*index)).copied(), number))
    };
    let mut ready: BinaryHeap<_> = children
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0)
        .map(|(number, _)| key(number))
        .collect();
    let mut order = Vec::with_capacity(parents.len());
    while let Some(Reverse((_, number))) = ready.pop() {
        let Some(list) = members.get(number) else {
            continue;
        };
        order.extend(list.iter().copied().map(NodeIndex));
        for parent in above(list).into_iter().filter(|to| *to != number) {
            if let Some(count) = children.get_mut(parent) {
                *count -= 1;
                if *count == 0 {
                    ready.push(key(parent));
                }
            }
        }
    }
    order
}

/// The longest way from the subject, children before parents.
fn depths(
    order: &[NodeIndex],
    parents: &[Vec<usize>],
    group: &[usize],
    members: &[Vec<usize>],
    subject: NodeIndex,
) -> Vec<Option<usize>> {
    let mut groups: Vec<Option<usize>> = vec![None; members.len()];
    if let Some(first) = group
        .get(subject.0)
        .and_then(|number| groups.get_mut(*number))
    {
        *first = Some(0);
    }
    for index in order {
        let Some(number) = group.get(index.0).copied() else {
            continue;
        };
        let Some(depth) = groups.get(number).copied().flatten() else {
            continue;
        };
        for parent in parents.get(index.0).into_iter().flatten() {
            let Some(above) = group.get(*parent).copied().filter(|above| *above != number) else {
                continue;
            };
            if let Some(place) = groups.get_mut(above) {
                *place = (*place).max(Some(depth + 1));
            }
        }
    }
    group
        .iter()
        .map(|number| groups.get(*number).copied().flatten())
        .collect()
}
