//! Links become clusters.

use std::num::NonZeroUsize;

use crate::DatasetError;
use crate::spill::{Ledger, PARTITIONS, Table, each};

/// Bytes of memory for each signature that is linked with another: its key, its number
/// in the forest, and as much again while the keys are sorted.
const LINKED: u64 = 40;

/// Signatures that are linked with others, and the one that stands for each.
struct Forest {
    keys: Vec<[u64; 2]>,
    parents: Vec<usize>,
}

/// The rows of all records, each with the key of its cluster. The memory of `records` is
/// given back on the way.
pub(crate) fn clusters<'l>(
    ledger: &'l Ledger,
    records: &Table<'_, 4>,
    edges: &Table<'_, 4>,
    workers: NonZeroUsize,
) -> Result<Table<'l, 4>, DatasetError> {
    let forest = Forest::of(ledger, edges, workers)?;
    let clusters = Table::new(ledger);
    let state = || clusters.writer();
    let writers = each(workers, PARTITIONS, state, |writer, partition| {
        records.read(partition, |rows| {
            for [high, low, place, mark] in rows {
                let [high, low] = forest.root([*high, *low]);
                writer.push(&clusters, [high, low, *place, *mark])?;
            }
            Ok(true)
        })?;
        records.clear(partition);
        Ok(())
    })?;
    for writer in writers {
        writer.finish(&clusters)?;
    }
    Ok(clusters)
}

impl Forest {
    fn of(
        ledger: &Ledger,
        edges: &Table<'_, 4>,
        workers: NonZeroUsize,
    ) -> Result<Self, DatasetError> {
        let most = ledger.share().saturating_mul(workers.get() as u64) / LINKED;
        let mut keys: Vec<[u64; 2]> = Vec::new();
        let mut sorted = 0;
        for partition in 0..PARTITIONS {
            edges.read(partition, |rows| {
                for [one, two, three, four] in rows {
                    keys.push([*one, *two]);
                    keys.push([*three, *four]);
                }
                // Most are named more than once.
                if keys.len() > sorted * 2 + 4_096 {
                    keys.sort_unstable();
                    keys.dedup();
                    sorted = keys.len();
                }
                match sorted as u64 > most {
                    true => Err(DatasetError::OverBudget {
                        file: "records".into(),
                        at: String::new(),
                        reason: format!(
                            "more than {most} different records are like others, and `memory` \
                             does not allow for more"
                        ),
                    }),
                    false => Ok(true),
                }
            })?;
        }
        keys.sort_unstable();
        keys.dedup();
        let mut forest = Self {
            parents: (0..keys.len()).collect(),
            keys,
        };
        for partition in 0..PARTITIONS {
            edges.read(partition, |rows| {
                for [one, two, three, four] in rows {
                    forest.join([*one, *two], [*three, *four]);
                }
                Ok(true)
            })?;
        }
        Ok(forest)
    }

    fn join(&mut self, one: [u64; 2], other: [u64; 2]) {
        let (Ok(one), Ok(other)) = (
            self.keys.binary_search(&one),
            self.keys.binary_search(&other),
        ) else {
            return;
        };
        let (one, other) = (self.shorten(one), self.shorten(other));
        let (root, below) = (one.min(other), one.max(other));
        if let Some(parent) = self.parents.get_mut(below) {
            *parent = root;
        }
    }

    /// The root of a tree, with every second step of the way taken out.
    fn shorten(&mut self, mut index: usize) -> usize {
        loop {
            let parent = self.parent(index);
            let above = self.parent(parent);
            if parent == index {
                return index;
            }
            if let Some(parent) = self.parents.get_mut(index) {
                *parent = above;
            }
            index = above;
        }
    }

    fn parent(&self, index: usize) -> usize {
        self.parents.get(index).copied().unwrap_or(index)
    }

    /// The key of the cluster that a signature is in: its own if it is linked with none.
    fn root(&self, key: [u64; 2]) -> [u64; 2] {
        let Ok(mut index) = self.keys.binary_search(&key) else {
            return key;
        };
        while self.parent(index) != index {
            index = self.parent(index);
        }
        self.keys.get(index).copied().unwrap_or(key)
    }
}
