//! LightGBM's text: a head of `key=value`, then trees of arrays on a line each.

use std::collections::BTreeMap;

use super::BROKEN_TREE;
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const LIGHTGBM: Format = Format {
    name: "lightgbm",
    title: "LightGBM model",
    extensions: &[],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe: |probe: &Probe<'_>| {
        if probe.head.starts_with(b"tree\nversion=") || probe.head.starts_with(b"tree\r\nversion=")
        {
            Likeness::Certain
        } else {
            Likeness::No
        }
    },
    inspect,
};

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| Stop::malformed(error.valid_up_to() as u64, "the text is not UTF-8"))?;
    visit.work(bytes.len() as u64)?;
    visit.facts().add_producer("lightgbm");
    visit.facts().add_architecture("gbdt");
    let mut tree: Option<(u64, BTreeMap<&str, &str>)> = None;
    let mut at = 0_u64;
    let mut trees = 0_u64;
    let mut end = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        if trimmed.starts_with("Tree=") || trimmed == "end of trees" {
            if let Some((start, fields)) = tree.take() {
                judge(visit, trees, start, at, &fields);
                trees += 1;
            }
            if trimmed.starts_with("Tree=") {
                tree = Some((at, BTreeMap::new()));
            }
        }
        if let (Some((_, fields)), Some((key, value))) = (&mut tree, trimmed.split_once('=')) {
            fields.insert(key, value);
        } else if let Some((key @ ("objective" | "num_class" | "version"), value)) =
            trimmed.split_once('=')
        {
            visit.facts().add_metadata(key, value);
        }
        at += line.len() as u64;
        // What comes behind the list of what Python put there is no part of the model.
        if trimmed.starts_with("pandas_categorical:") {
            end = Some(at);
            break;
        }
    }
    if let Some((start, fields)) = tree {
        judge(visit, trees, start, at, &fields);
        visit.cover(0..at, State::Scanned);
        return Err(Stop::malformed(at, "the trees have no end"));
    }
    visit.facts().add_metadata("trees", &trees.to_string());
    visit.cover(0..end.unwrap_or(visit.size()), State::Scanned);
    Ok(())
}

/// Children are nodes, or leaves as their complement.
fn judge(visit: &mut Visit<'_>, number: u64, start: u64, end: u64, fields: &BTreeMap<&str, &str>) {
    let Some(fault) = fault(fields) else {
        return;
    };
    let message = format!("tree {number}: {fault}");
    visit.report(&BROKEN_TREE, Some(start..end), message);
}

fn fault(fields: &BTreeMap<&str, &str>) -> Option<String> {
    let numbers = |key: &str| -> Vec<i64> {
        let words = fields
            .get(key)
            .copied()
            .unwrap_or_default()
            .split_ascii_whitespace();
        words.map(|word| word.parse().unwrap_or(i64::MIN)).collect()
    };
    let leaves: usize = fields.get("num_leaves")?.trim().parse().ok()?;
    let nodes = leaves.checked_sub(1)?;
    let (left, right) = (numbers("left_child"), numbers("right_child"));
    if left.len() != right.len() || (left.len() != nodes && !left.is_empty()) {
        return Some(format!(
            "{} and {} children for {leaves} leaves",
            left.len(),
            right.len()
        ));
    }
    let mut seen = vec![false; nodes];
    for child in left.into_iter().chain(right) {
        let is_leaf = child < 0;
        let index = usize::try_from(if is_leaf { !child } else { child }).unwrap_or(usize::MAX);
        if is_leaf {
            if index >= leaves {
                return Some(format!("leaf {index} of {leaves}"));
            }
            continue;
        }
        match seen.get_mut(index) {
            Some(seen) if !*seen && index != 0 => *seen = true,
            Some(_) => return Some(format!("node {index} has more than one parent")),
            None => return Some(format!("node {index} of {nodes}")),
        }
    }
    None
}
