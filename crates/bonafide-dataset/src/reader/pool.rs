//! The same for every element of a list, on several threads.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::DatasetError;

/// Results in the order of the list, or the error of the first element that has one.
pub(super) fn each<T: Sync, R: Send>(
    list: &[T],
    workers: NonZeroUsize,
    work: impl Fn(&T) -> Result<R, DatasetError> + Sync,
) -> Result<Vec<R>, DatasetError> {
    let next = AtomicUsize::new(0);
    let stop = AtomicUsize::new(usize::MAX);
    let done: Mutex<Vec<(usize, Result<R, DatasetError>)>> = Mutex::new(Vec::new());
    let run = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number > stop.load(Ordering::Acquire) {
                break;
            }
            let Some(element) = list.get(number) else {
                break;
            };
            let result = work(element);
            if result.is_err() {
                stop.fetch_min(number, Ordering::AcqRel);
            }
            match done.lock() {
                Ok(mut done) => done.push((number, result)),
                Err(poisoned) => poisoned.into_inner().push((number, result)),
            }
        }
    };
    let threads = workers.get().min(list.len());
    if threads <= 1 {
        run();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(run);
            }
        });
    }
    let mut done = match done.into_inner() {
        Ok(done) => done,
        Err(poisoned) => poisoned.into_inner(),
    };
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}
