//! Work that is spread over threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::DatasetError;

/// Calls `work(state, index)` for each index below `count`, once, on `workers` threads,
/// and gives back the state of each. The first error stops all.
pub(crate) fn each<S: Send>(
    workers: NonZeroUsize,
    count: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<(), DatasetError> + Sync,
) -> Result<Vec<S>, DatasetError> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let run = || {
        let mut own = state();
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            if let Err(error) = work(&mut own, index) {
                stop.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(own)
    };
    let helpers = workers.get().min(count).saturating_sub(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..helpers).map(|_| scope.spawn(run)).collect();
        let mut states = vec![run()];
        for thread in threads {
            states.push(match thread.join() {
                Ok(state) => state,
                Err(panic) => std::panic::resume_unwind(panic),
            });
        }
        states.into_iter().collect()
    })
}

/// The state of one worker, which nobody else holds at the time.
pub(crate) fn held<S>(
    states: &[Mutex<S>],
    worker: usize,
) -> Result<MutexGuard<'_, S>, DatasetError> {
    let state = states.get(worker).ok_or_else(|| DatasetError::Document {
        kind: "number of a worker",
        reason: format!("{worker} of {}", states.len()),
    })?;
    Ok(state.lock().unwrap_or_else(PoisonError::into_inner))
}
