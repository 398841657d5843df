//! The dependency graph, and the order of tasks.

use std::collections::HashMap;

use super::defects::{Found, quote};
use super::graph::cycles;
use super::kind::DefectKind;
use crate::json::{Node, Pointer};
use crate::view::Bom;

pub(super) fn examine(bom: &Bom<'_>, found: &mut Found) {
    let at = Pointer::root().member("dependencies");
    let entries = bom.dependencies.iter().map(|entry| {
        let needs = entry.depends_on.iter().map(|need| &**need).collect();
        (entry.reference.as_deref(), needs)
    });
    let graph = Graph::of(entries.collect());
    graph.repeated(&at, found);
    graph.on_itself(&at, found);
    graph.circles(&at, found, |members, reference| {
        DefectKind::DependencyCycle { members, reference }
    });
    tasks(bom, found);
}

/// The order of the tasks of each workflow.
fn tasks(bom: &Bom<'_>, found: &mut Found) {
    for (formula_index, formula) in bom.formulation.iter().enumerate() {
        for (index, workflow) in formula.workflows.iter().enumerate() {
            let Some(order) = workflow.task_dependencies.as_ref().and_then(Node::list) else {
                continue;
            };
            let at = Pointer::root().member("formulation").element(formula_index);
            let at = at.member("workflows").element(index);
            let at = at.member("taskDependencies");
            let entries = order.iter().map(|entry| {
                let needs = entry.get("dependsOn").and_then(Node::list);
                let needs = needs.unwrap_or_default().iter().filter_map(Node::text);
                (entry.get("ref").and_then(Node::text), needs.collect())
            });
            let graph = Graph::of(entries.collect());
            graph.repeated(&at, found);
            graph.on_itself(&at, found);
            graph.circles(&at, found, |members, reference| DefectKind::TaskCycle {
                members,
                reference,
            });
        }
    }
}

type Entry<'b> = (Option<&'b str>, Vec<&'b str>);

/// Entries as they stand in the document, and the first one of each element.
struct Graph<'b> {
    entries: Vec<Entry<'b>>,
    first: HashMap<&'b str, usize>,
}

impl<'b> Graph<'b> {
    fn of(entries: Vec<Entry<'b>>) -> Self {
        let mut first = HashMap::with_capacity(entries.len());
        for (index, (reference, _)) in entries.iter().enumerate() {
            if let Some(reference) = reference {
                first.entry(*reference).or_insert(index);
            }
        }
        Self { entries, first }
    }

    /// An element has one entry.
    fn repeated(&self, at: &Pointer, found: &mut Found) {
        for (index, (reference, _)) in self.entries.iter().enumerate() {
            if let Some(reference) = reference
                && self.first.get(reference) != Some(&index)
            {
                let reference = quote(reference);
                found.add(
                    &at.element(index),
                    DefectKind::DependencyRepeated { reference },
                );
            }
        }
    }

    /// Nothing needs itself.
    fn on_itself(&self, at: &Pointer, found: &mut Found) {
        for (index, (reference, needs)) in self.entries.iter().enumerate() {
            for (place, need) in needs.iter().enumerate() {
                if Some(*need) == *reference {
                    let at = at.element(index).member("dependsOn").element(place);
                    let reference = quote(need);
                    found.add(&at, DefectKind::DependencyOnItself { reference });
                }
            }
        }
    }

    /// Needs do not go in circles. All entries of an element count together.
    fn circles(&self, at: &Pointer, found: &mut Found, kind: impl Fn(usize, String) -> DefectKind) {
        let mut edges = vec![Vec::new(); self.entries.len()];
        for (reference, needs) in &self.entries {
            let from = reference.and_then(|reference| self.first.get(reference));
            if let Some(list) = from.and_then(|from| edges.get_mut(*from)) {
                list.extend(needs.iter().filter_map(|need| self.first.get(need)));
            }
        }
        for members in cycles(&edges) {
            let Some(index) = members.first().copied() else {
                continue;
            };
            let reference = self
                .entries
                .get(index)
                .and_then(|(reference, _)| *reference);
            let reference = quote(reference.unwrap_or_default());
            found.add(&at.element(index), kind(members.len(), reference));
        }
    }
}
