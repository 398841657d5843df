//! XGBoost: JSON with a `learner`, and the binary form that it replaced.

use super::{BROKEN_TREE, tree};
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::json::{Document, Node, Value};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const BINARY: Format = Format {
    name: "xgboost-binary",
    title: "XGBoost model in its old binary form",
    extensions: &[],
    effect: Effect::Data,
    depth: Depth::Identified,
    probe: |probe: &Probe<'_>| match probe.head {
        [b'b', b'i', b'n', b'f', _, _, _, _, ..] if probe.size > 136 => Likeness::Certain,
        _ => Likeness::No,
    },
    inspect: |visit: &mut Visit<'_>| -> Result<(), Stop> {
        visit.facts().add_producer("xgboost");
        visit.cover(0..visit.size(), State::Identified);
        Ok(())
    },
};

/// Judges a document if it is a model of XGBoost.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let root = &document.root;
    let Some(booster) = root.at(&["learner", "gradient_booster"]) else {
        return;
    };
    let version: Vec<&str> = root
        .get("version")
        .map(Node::elements)
        .unwrap_or_default()
        .iter()
        .filter_map(|part| match part.value {
            Value::Number(digits) => Some(digits),
            _ => None,
        })
        .collect();
    visit
        .facts()
        .add_producer(&format!("xgboost {}", version.join(".")));
    if let Some(name) = booster.get("name").and_then(Node::text) {
        visit.facts().add_architecture(name);
    }
    if let Some(objective) = root
        .at(&["learner", "objective", "name"])
        .and_then(Node::text)
    {
        visit.facts().add_metadata("objective", objective);
    }
    // `dart` has the trees one level further in.
    let trees = [
        &["model", "trees"] as &[&str],
        &["gbtree", "model", "trees"],
    ]
    .into_iter()
    .find_map(|path| booster.at(path))
    .map(Node::elements)
    .unwrap_or_default();
    visit
        .facts()
        .add_metadata("trees", &trees.len().to_string());
    for (number, node) in trees.iter().enumerate() {
        let (Some(left), Some(right)) = (
            numbers(node, "left_children"),
            numbers(node, "right_children"),
        ) else {
            continue;
        };
        if let Some(fault) = tree::fault(&left, &right) {
            let message = format!("tree {number}: {fault}");
            visit.report(&BROKEN_TREE, Some(node.range.clone()), message);
        }
    }
}

fn numbers(node: &Node<'_>, name: &str) -> Option<Vec<i64>> {
    let elements = node.get(name)?.elements();
    let number = |element: &Node<'_>| match element.value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    };
    // What is no whole number leads nowhere.
    Some(
        elements
            .iter()
            .map(|element| number(element).unwrap_or(i64::MIN))
            .collect(),
    )
}
