//! Functions that a model brings along: which call which, and what they grow to.

use std::collections::BTreeMap;
use std::ops::Range;

use bonafide_core::excerpt;

use crate::onnx::operator::Node;
use crate::onnx::rules;
use crate::visit::Visit;

/// Most functions, and most calls of other operators, that are kept.
const MOST: usize = 100_000;

/// Nodes that a model may have when all functions are put in the place of their calls.
const LARGEST: u64 = 50_000_000;

/// A function.
#[derive(Debug)]
struct Function {
    at: Range<u64>,
    nodes: u64,
    /// What it calls, by domain and name, and how often.
    calls: BTreeMap<(String, String), u64>,
}

/// How far the size of a function has been found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Unseen,
    /// Being found out: meeting it again is a circle.
    Open,
    Known(u64),
}

/// The functions of a model.
#[derive(Debug, Default)]
pub(crate) struct Functions {
    all: Vec<Function>,
    by_name: BTreeMap<(String, String), usize>,
    calls: usize,
}

impl Functions {
    pub(crate) fn open(&mut self, at: Range<u64>) -> usize {
        if self.all.len() < MOST {
            self.all.push(Function {
                at,
                nodes: 0,
                calls: BTreeMap::new(),
            });
        }
        self.all.len().saturating_sub(1)
    }

    pub(crate) fn close(&mut self, index: usize, domain: &str, name: &str) {
        let key = (domain.to_owned(), name.to_owned());
        self.by_name.entry(key).or_insert(index);
    }

    /// Takes down a node of a function.
    pub(crate) fn call(&mut self, index: usize, node: &Node) {
        let Some(function) = self.all.get_mut(index) else {
            return;
        };
        function.nodes += 1;
        let key = (node.domain.clone(), node.operator.clone());
        if let Some(count) = function.calls.get_mut(&key) {
            *count += 1;
        } else if self.calls < MOST {
            self.calls += 1;
            function.calls.insert(key, 1);
        }
    }

    /// True if the model has a function of this name.
    pub(crate) fn has(&self, domain: &str, name: &str) -> bool {
        self.by_name
            .contains_key(&(domain.to_owned(), name.to_owned()))
    }

    /// Reports functions that call themselves, and those that grow too much.
    pub(crate) fn conclude(&self, visit: &mut Visit<'_>) {
        let mut progress = vec![Progress::Unseen; self.all.len()];
        let mut largest = 0;
        for start in 0..self.all.len() {
            let size = self.grow(visit, start, &mut progress);
            if size > LARGEST && largest <= LARGEST {
                let at = self.all.get(start).map(|function| function.at.clone());
                let text = format!("functions grow to more than {LARGEST} nodes");
                visit.report(&rules::FUNCTION_EXPANSION, at, text);
            }
            largest = largest.max(size);
        }
    }

    /// Nodes of a function with all it calls. The stack is in memory, not of calls.
    fn grow(&self, visit: &mut Visit<'_>, start: usize, progress: &mut [Progress]) -> u64 {
        let mut stack = vec![start];
        while let Some(&index) = stack.last() {
            let (Some(function), Some(&state)) = (self.all.get(index), progress.get(index)) else {
                break;
            };
            if let Progress::Known(_) = state {
                stack.pop();
                continue;
            }
            let mut size = function.nodes;
            let mut waits = false;
            for (key, count) in &function.calls {
                let Some(&called) = self.by_name.get(key) else {
                    continue;
                };
                match progress.get(called) {
                    Some(Progress::Known(inner)) => {
                        size = size.saturating_add(inner.saturating_mul(*count));
                    }
                    Some(Progress::Unseen) if state == Progress::Unseen => {
                        stack.push(called);
                        waits = true;
                    }
                    Some(Progress::Open) if state == Progress::Unseen || called == index => {
                        let shown = excerpt(&key.1, 80);
                        let text = format!("function `{shown}` calls itself");
                        visit.report(&rules::FUNCTION_RECURSION, Some(function.at.clone()), text);
                    }
                    _ => {}
                }
            }
            let next = if waits {
                Progress::Open
            } else {
                stack.pop();
                Progress::Known(size)
            };
            if let Some(state) = progress.get_mut(index) {
                *state = next;
            }
        }
        match progress.get(start) {
            Some(Progress::Known(size)) => *size,
            _ => 0,
        }
    }
}
