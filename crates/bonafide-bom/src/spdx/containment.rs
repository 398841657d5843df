//! Which component stands inside of which.

use std::collections::{HashMap, HashSet, VecDeque};

use super::MOST_CONTAINMENT;
use super::defect::{Found, SpdxDefectKind};
use super::graph::Graph;

/// The components as trees. SPDX has a graph: what several components contain stands in the
/// first of them.
#[derive(Debug, Default)]
pub(super) struct Containment {
    /// Those that stand in no other, in the order of the document.
    pub(super) outermost: Vec<usize>,
    /// What stands in each.
    pub(super) inner: HashMap<usize, Vec<usize>>,
    /// Other components that contain one.
    pub(super) besides: HashMap<usize, Vec<usize>>,
}

impl Containment {
    /// The trees of `components`. `subject` stands in no other.
    pub(super) fn of(
        components: &[usize],
        contains: &[(usize, usize)],
        subject: Option<usize>,
        graph: &Graph<'_>,
        found: &mut Found,
    ) -> Self {
        let known: HashSet<usize> = components.iter().copied().collect();
        let mut outer: HashMap<usize, usize> = HashMap::new();
        let mut claimed: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut planned = Self::default();
        let mut seen = HashSet::new();
        for &(parent, child) in contains {
            if !known.contains(&parent) || !known.contains(&child) || !seen.insert((parent, child))
            {
                continue;
            }
            if subject == Some(child) || outer.contains_key(&child) {
                planned.besides.entry(child).or_default().push(parent);
            } else {
                outer.insert(child, parent);
                claimed.entry(parent).or_default().push(child);
            }
        }
        let mut placed = HashSet::new();
        let free = components.iter().filter(|index| !outer.contains_key(index));
        for index in free {
            planned.tree(*index, &claimed, &mut placed, graph, found);
        }
        // What is left is in circles. Each is cut open at its first element.
        for index in components {
            if !placed.contains(index) {
                if let Some(parent) = outer.get(index) {
                    planned.besides.entry(*index).or_default().push(*parent);
                }
                planned.tree(*index, &claimed, &mut placed, graph, found);
            }
        }
        let order: HashMap<usize, usize> = components.iter().copied().zip(0..).collect();
        planned.outermost.sort_by_key(|index| order.get(index));
        planned
    }

    /// The tree of a component; what is too deep starts one of its own.
    fn tree(
        &mut self,
        top: usize,
        claimed: &HashMap<usize, Vec<usize>>,
        placed: &mut HashSet<usize>,
        graph: &Graph<'_>,
        found: &mut Found,
    ) {
        if !placed.insert(top) {
            return;
        }
        self.outermost.push(top);
        let mut queue = VecDeque::from([(top, 1)]);
        while let Some((index, depth)) = queue.pop_front() {
            for &child in claimed.get(&index).into_iter().flatten() {
                if !placed.insert(child) {
                    continue;
                }
                if depth < MOST_CONTAINMENT {
                    self.inner.entry(index).or_default().push(child);
                    queue.push_back((child, depth + 1));
                } else {
                    if let Some(element) = graph.get(child) {
                        let limit = MOST_CONTAINMENT;
                        found.add(&element.pointer, SpdxDefectKind::DeepContainment { limit });
                    }
                    self.besides.entry(child).or_default().push(index);
                    self.outermost.push(child);
                    queue.push_back((child, 1));
                }
            }
        }
    }
}
