//! Looks at files that nothing else reads.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::collector::{Collector, Stream};
use super::{Sanity, judge};
use crate::file::WeightFile;

/// Bytes that are read at a time: what stays in a core's second-level cache.
pub(super) const PIECE: usize = 256 << 10;

/// Bytes that one worker takes from a file before it looks for other work.
const SHARE: u64 = 64 << 20;

/// Looks at the numbers of all tensors. The result does not depend on the number of workers.
///
/// Memory: 256 KiB for each worker, and about 200 bytes for each tensor.
#[must_use]
pub fn scan(files: &[WeightFile<'_>], workers: NonZeroUsize) -> Sanity {
    let collector = Collector::new(files);
    let shares = shares(&collector);
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let work = || {
        let mut buffer = vec![0; PIECE];
        while let Some((number, range)) = shares.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (Some(file), Some(stream)) =
                (files.get(*number), collector.stream(*number, range.clone()))
            else {
                continue;
            };
            if let Err(why) = pass(file, range.clone(), stream, &mut buffer) {
                let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                failures.push((*number, range.start, why));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers.get().min(shares.len()) {
            let worker = thread::Builder::new().name("numbers".into());
            // Where no more threads are to be had, the others do the work.
            if worker.spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut failures = failures
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    failures.sort();
    judge::judge(&collector, files, &failures)
}

/// Runs of bytes with tensors, the parts of long ones on their own.
fn shares(collector: &Collector) -> Vec<(usize, Range<u64>)> {
    let mut shares = Vec::new();
    for (number, file) in collector.files.iter().enumerate() {
        let mut open: Option<Range<u64>> = None;
        for extent in &file.layout.extents {
            let mut range = extent.range.clone();
            // Small ones with little between them are read together.
            if let Some(before) = open.take() {
                if range.start - before.end <= PIECE as u64 && range.end - before.start <= SHARE {
                    range.start = before.start;
                } else {
                    shares.push((number, before));
                }
            }
            while range.end - range.start > SHARE {
                let middle = range.start + SHARE;
                shares.push((number, range.start..middle));
                range.start = middle;
            }
            open = Some(range);
        }
        shares.extend(open.map(|range| (number, range)));
    }
    shares
}

fn pass(
    file: &WeightFile<'_>,
    range: Range<u64>,
    mut stream: Stream<'_>,
    buffer: &mut [u8],
) -> Result<(), String> {
    let mut at = range.start;
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
        let length = left.min(buffer.len());
        let piece = buffer.get_mut(..length).unwrap_or_default();
        let read = file.source.read_at(at, piece);
        read.map_err(|error| format!("{error} (at {at})"))?;
        stream.feed(at, piece);
        at += length as u64;
    }
    stream.finish();
    Ok(())
}
