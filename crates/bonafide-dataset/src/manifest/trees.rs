//! Merkle trees over what was spilled, on all workers.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::counts::Counts;
use super::entry::Layout;
use super::merkle::{Hash, Tree};
use super::spill::{CHUNK, Spill};
use crate::error::DatasetError;

/// Most labels that all shards together list.
const MOST_LABELS: usize = 1 << 20;

/// What the entries of a shard give.
#[derive(Debug)]
pub(super) struct ShardTree {
    pub(super) records: u64,
    pub(super) root: Hash,
    pub(super) labels: BTreeMap<String, u64>,
}

/// Labels that are listed, by their hashes, and how many there are in each shard.
struct Labels<'a> {
    numbers: BTreeMap<[u8; 16], &'a str>,
    shards: Vec<Mutex<BTreeMap<&'a str, u64>>>,
}

/// Grows the tree of each shard of so many records.
pub(super) fn grow(
    spill: &Spill,
    layout: Layout,
    records: &[u64],
    label: Option<&Counts>,
    workers: NonZeroUsize,
) -> Result<Vec<ShardTree>, DatasetError> {
    let chunks: Vec<(usize, u64)> = records
        .iter()
        .enumerate()
        .flat_map(|(shard, records)| (0..records.div_ceil(CHUNK)).map(move |chunk| (shard, chunk)))
        .collect();
    let labels = Labels {
        numbers: listed(label, records.len()),
        shards: records.iter().map(|_| Mutex::default()).collect(),
    };
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Tree)>, DatasetError> {
        let mut grown = Vec::new();
        let mut piece = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((shard, chunk)) = chunks.get(index).copied() else {
                return Ok(grown);
            };
            let count = records.get(shard).copied().unwrap_or(0);
            spill.read(shard, count, chunk, &mut piece)?;
            grown.push((index, grow_chunk(&piece, layout, shard, &labels)));
        }
    };
    let mut grown = std::thread::scope(|scope| {
        let running: Vec<_> = (1..workers.get().min(chunks.len()))
            .map(|_| scope.spawn(work))
            .collect();
        let mut all = work()?;
        for thread in running {
            match thread.join() {
                Ok(found) => all.extend(found?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, DatasetError>(all)
    })?;
    grown.sort_by_key(|(index, _)| *index);
    let mut trees: Vec<Tree> = records.iter().map(|_| Tree::default()).collect();
    for (index, tree) in grown {
        let shard = chunks.get(index).map_or(0, |(shard, _)| *shard);
        if let Some(whole) = trees.get_mut(shard) {
            whole.append(&tree);
        }
    }
    let parts = trees.into_iter().zip(records).zip(labels.shards);
    Ok(parts
        .map(|((tree, records), labels)| ShardTree {
            records: *records,
            root: tree.root(),
            labels: labels
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner)
                .into_iter()
                .map(|(label, records)| (label.to_owned(), records))
                .collect(),
        })
        .collect())
}

/// The labels with most records, as many as so many shards can list each.
fn listed(label: Option<&Counts>, shards: usize) -> BTreeMap<[u8; 16], &str> {
    let Some(label) = label else {
        return BTreeMap::new();
    };
    let mut order: Vec<(&String, &u64)> = label.population.values.iter().collect();
    order.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    order.truncate(MOST_LABELS / shards.max(1));
    let kept: BTreeMap<&str, ()> = order
        .into_iter()
        .map(|(label, _)| (label.as_str(), ()))
        .collect();
    label
        .by_hash
        .iter()
        .filter_map(|(hash, text)| Some((*hash, *kept.get_key_value(text.as_str())?.0)))
        .collect()
}

fn grow_chunk(piece: &[u8], layout: Layout, shard: usize, labels: &Labels<'_>) -> Tree {
    let mut tree = Tree::default();
    let mut counts: BTreeMap<[u8; 16], u64> = BTreeMap::new();
    for entry in layout.entries(piece) {
        tree.push(entry.record);
        if !labels.numbers.is_empty() {
            *counts.entry(entry.label).or_default() += 1;
        }
    }
    if let Some(totals) = labels.shards.get(shard)
        && !counts.is_empty()
    {
        let mut totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
        for (hash, records) in counts {
            if let Some(label) = labels.numbers.get(&hash) {
                *totals.entry(label).or_default() += records;
            }
        }
    }
    tree
}
