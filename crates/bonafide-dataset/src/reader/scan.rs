//! Units of all shards, one after the other to whichever worker is free.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::records::{Batch, Visit};

use super::source::{Opened, Wanted};

/// One unit of work.
struct Unit {
    shard: usize,
    unit: usize,
}

/// Reads the wanted columns of all shards.
///
/// Units are handed out in order. After an error no later unit goes on, but the earlier
/// ones do: so the error that is handed back is the same whatever the number of workers.
pub(super) fn scan(
    opened: &[Opened<'_>],
    wanted: &[Option<Wanted>],
    budget: &DatasetBudget,
    workers: NonZeroUsize,
    visit: &Visit<'_>,
) -> Result<(), DatasetError> {
    let mut units = Vec::new();
    for (shard, (opened, wanted)) in opened.iter().zip(wanted).enumerate() {
        if wanted.is_some() {
            units.extend((0..opened.source.units()).map(|unit| Unit { shard, unit }));
        }
    }
    let queue = Queue {
        next: AtomicUsize::new(0),
        stop: AtomicUsize::new(usize::MAX),
        records: AtomicU64::new(0),
        error: Mutex::new(None),
    };
    let work = |worker: usize| {
        loop {
            let number = queue.next.fetch_add(1, Ordering::Relaxed);
            let Some(unit) = units.get(number) else { break };
            if number >= queue.stop.load(Ordering::Acquire) {
                break;
            }
            let (Some(shard), Some(Some(columns))) =
                (opened.get(unit.shard), wanted.get(unit.shard))
            else {
                continue;
            };
            let read = shard
                .source
                .read(unit.unit, columns, &mut |first, records| {
                    if number > queue.stop.load(Ordering::Acquire) {
                        return Err(DatasetError::Cancelled);
                    }
                    if records.num_rows() == 0 {
                        return Ok(());
                    }
                    let count = records.num_rows() as u64;
                    let before = queue.records.fetch_add(count, Ordering::Relaxed);
                    if before.saturating_add(count) > budget.records {
                        return Err(DatasetError::OverBudget {
                            file: shard.name.clone(),
                            at: String::new(),
                            reason: format!(
                                "with it there are more than {} records (records)",
                                budget.records
                            ),
                        });
                    }
                    visit(
                        worker,
                        Batch {
                            shard: unit.shard,
                            first,
                            records,
                        },
                    )
                });
            if let Err(error) = read {
                queue.fail(number, error);
            }
        }
    };
    let threads = workers.get().min(units.len()).max(1);
    if threads == 1 {
        work(0);
    } else {
        let work = &work;
        std::thread::scope(|scope| {
            for worker in 0..threads {
                scope.spawn(move || work(worker));
            }
        });
    }
    match queue.error.into_inner() {
        Ok(None) => Ok(()),
        Ok(Some((_, error))) => Err(error),
        Err(poisoned) => match poisoned.into_inner() {
            Some((_, error)) => Err(error),
            None => Ok(()),
        },
    }
}

struct Queue {
    next: AtomicUsize,
    /// The first unit that failed.
    stop: AtomicUsize,
    /// Read so far.
    records: AtomicU64,
    error: Mutex<Option<(usize, DatasetError)>>,
}

impl Queue {
    fn fail(&self, number: usize, error: DatasetError) {
        let mut kept = match self.error.lock() {
            Ok(kept) => kept,
            Err(poisoned) => poisoned.into_inner(),
        };
        // A unit that stopped because of an earlier one never replaces that one's error.
        if kept.as_ref().is_none_or(|(known, _)| number < *known) {
            *kept = Some((number, error));
            self.stop.fetch_min(number, Ordering::AcqRel);
        }
    }
}
