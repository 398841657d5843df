//! How large the objects of a pickle would be if what is shared were not, and what is kept
//! of those that matter.

use super::value::{Kind, Value};

/// Most containers that are followed in one pickle.
const MOST_NODES: usize = 1 << 24;

/// Most values that are kept of tuples, small dictionaries and calls.
const MOST_DETAILS: usize = 1 << 20;

/// A container.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Values in it, those of shared ones counted each time.
    weight: f32,
    /// Containers in containers.
    depth: u32,
    /// Where its details start; none at 0.
    detail: u32,
}

/// All containers of a pickle.
pub(crate) struct Graph {
    nodes: Vec<Node>,
    details: Vec<Value>,
    heaviest: f32,
    deepest: u32,
}

impl Graph {
    pub(crate) fn new() -> Self {
        let one = Node {
            weight: 1.0,
            depth: 1,
            detail: 0,
        };
        Self {
            // The first stands for all that are not followed.
            nodes: vec![one],
            details: vec![Value::VACANT],
            heaviest: 1.0,
            deepest: 1,
        }
    }

    /// A new container of `kind` with these in it.
    pub(crate) fn create(&mut self, kind: Kind, items: &[Value]) -> Value {
        if self.nodes.len() >= MOST_NODES {
            return Value::of(kind, 0);
        }
        let index = u32::try_from(self.nodes.len()).unwrap_or(0);
        self.nodes.push(Node {
            weight: 1.0,
            depth: 1,
            detail: 0,
        });
        let value = Value::of(kind, index);
        self.extend(value, items);
        value
    }

    /// Adds to a container.
    pub(crate) fn extend(&mut self, container: Value, items: &[Value]) {
        if !container.is_container() || container.index() == 0 {
            return;
        }
        let (mut weight, mut depth) = (items.len() as f32, 0);
        for item in items {
            if item.is_container()
                && let Some(node) = self.nodes.get(item.index() as usize)
            {
                weight += node.weight;
                depth = depth.max(node.depth);
            }
        }
        if let Some(node) = self.nodes.get_mut(container.index() as usize) {
            node.weight += weight;
            node.depth = node.depth.max(depth.saturating_add(1));
            self.heaviest = self.heaviest.max(node.weight);
            self.deepest = self.deepest.max(node.depth);
        }
    }

    /// Keeps some values with a container.
    pub(crate) fn keep(&mut self, container: Value, values: &[Value]) {
        if self.details.len() + values.len() >= MOST_DETAILS || container.index() == 0 {
            return;
        }
        let start = u32::try_from(self.details.len()).unwrap_or(0);
        let Ok(count) = i64::try_from(values.len()) else {
            return;
        };
        if let Some(node) = self.nodes.get_mut(container.index() as usize) {
            node.detail = start;
            self.details.push(Value::number(count));
            self.details.extend_from_slice(values);
        }
    }

    /// Keeps values in addition to those that are kept, `most` in all: if there are more,
    /// nothing is known of any of them.
    pub(crate) fn keep_more(&mut self, container: Value, values: &[Value], most: usize) {
        let before = self.kept(container).unwrap_or_default();
        let all = if before.len() + values.len() > most {
            vec![Value::VACANT; most + 1]
        } else {
            [before, values].concat()
        };
        self.keep(container, &all);
    }

    /// How many containers there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What was kept with a container; none for others.
    pub(crate) fn kept(&self, container: Value) -> Option<&[Value]> {
        if !container.is_container() {
            return None;
        }
        let start = self.nodes.get(container.index() as usize)?.detail as usize;
        if start == 0 {
            return None;
        }
        let count = usize::try_from(self.details.get(start)?.known()?).ok()?;
        self.details.get(start + 1..start + 1 + count)
    }

    /// Values in the heaviest container, shared ones counted each time.
    pub(crate) fn heaviest(&self) -> f32 {
        self.heaviest
    }

    /// Most containers in containers.
    pub(crate) fn deepest(&self) -> u32 {
        self.deepest
    }
}
