//! How much memory the tables of one analysis hold together.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::DatasetBudget;

/// What may be held in memory, what is, and where the rest goes.
#[derive(Debug)]
pub(crate) struct Ledger {
    limit: u64,
    held: AtomicU64,
    spilled: AtomicU64,
    folder: Option<PathBuf>,
    workers: u64,
}

impl Ledger {
    /// Half of the budget's memory is for rows. The other half is for what each worker
    /// needs to group them, and for the batches that the reader holds.
    pub(crate) fn new(budget: &DatasetBudget, workers: NonZeroUsize) -> Self {
        Self {
            limit: budget.memory / 2,
            held: AtomicU64::new(0),
            spilled: AtomicU64::new(0),
            folder: budget.spill.clone(),
            workers: workers.get() as u64,
        }
    }

    /// Takes so many bytes if they are left.
    pub(crate) fn take(&self, bytes: u64) -> bool {
        let taken = self.held.fetch_add(bytes, Ordering::Relaxed);
        if taken.saturating_add(bytes) <= self.limit {
            return true;
        }
        self.give(bytes);
        false
    }

    /// Gives back what was taken.
    pub(crate) fn give(&self, bytes: u64) {
        self.held.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Says that so many bytes went to disk.
    pub(crate) fn spill(&self, bytes: u64) {
        self.spilled.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes that went to disk so far.
    #[cfg(test)]
    pub(crate) fn spilled(&self) -> u64 {
        self.spilled.load(Ordering::Relaxed)
    }

    /// Bytes that are in memory.
    #[cfg(test)]
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// Where is spilled to.
    pub(crate) fn folder(&self) -> Option<&PathBuf> {
        self.folder.as_ref()
    }

    /// Bytes that one worker may use for its own tables.
    pub(crate) fn share(&self) -> u64 {
        (self.limit / 2 / self.workers).max(64 << 10)
    }
}
