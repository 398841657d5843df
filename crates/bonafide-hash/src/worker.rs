//! What one worker does: take the longest item that is left, hash it, store
//! its digests, until nothing is left.
//!
//! An item is `(file, offset, length, digest slot)` and knows nothing of its
//! neighbours. That is the seam for multi-lane kernels, which hash several
//! independent streams in the lanes of one core's vector registers: such a
//! worker takes as many items as it has lanes, at most its fair share of what
//! is left, opens each as [`StableFile`], fills one small buffer a lane with
//! `read_range`, and takes the next item when a lane runs empty. Only
//! [`work`] would choose between the two; the queue, the slots, the checks on
//! the file and this single-stream path stay as they are.

use std::ops::Range;
use std::time::{Duration, Instant};

use bonafide_core::{Digest, Measured};

use crate::measure::Shared;
use crate::plan::Item;
use crate::stable::StableFile;
use crate::tap::Sink;
use crate::{ReadFailure, ring};

/// Half of a core's second-level cache or less; larger ones are not faster.
pub(crate) const BUFFER: usize = 256 << 10;

/// Whether a reader thread helps depends on the machine and the moment: with
/// all bytes in the page cache, two server processors gave 1.2 and 0.85 times
/// the rate (what one core has written is not always cheap to read for
/// another). So both ways are tried on this many bytes, and the faster one
/// does the rest of the round.
const TRIAL: u64 = 8 << 20;

/// Then the question is asked anew.
const ROUND: u64 = 512 << 20;

/// With less than this left in a round, a trial costs more than it can save.
const WORTH_A_READER: u64 = 3 * TRIAL;

/// Why an item has no digests.
pub(crate) enum Interruption {
    Failed(ReadFailure),
    Cancelled,
}

impl From<ReadFailure> for Interruption {
    fn from(failure: ReadFailure) -> Self {
        Self::Failed(failure)
    }
}

pub(crate) fn work(shared: &Shared<'_>) {
    let mut buffer = vec![0; BUFFER];
    while let Some(item) = shared.take() {
        match hash(shared, item, &mut buffer) {
            Ok(digests) => {
                let digests = digests.into_iter().map(Measured::from_bytes).collect();
                shared.store(item.slot, Ok(digests));
            }
            Err(Interruption::Failed(failure)) => shared.store(item.slot, Err(failure)),
            Err(Interruption::Cancelled) => return,
        }
    }
    shared.readers.add_idle();
}

fn hash(
    shared: &Shared<'_>,
    item: &Item<'_>,
    buffer: &mut [u8],
) -> Result<Vec<Digest>, Interruption> {
    if shared.cancelled() {
        return Err(Interruption::Cancelled);
    }
    let file = StableFile::open(shared.root, item.name, item.identity)?;
    let mut sink = Sink::new(item, shared.tap);
    let length = usize::try_from(item.length).unwrap_or(usize::MAX);
    match buffer.get_mut(..length.saturating_add(1)) {
        Some(buffer) if item.is_whole_file() => {
            file.read_whole(buffer)?;
            sink.update(buffer.get(..length).unwrap_or_default());
            shared.observer.advance(item.length);
        }
        _ => {
            stream(shared, &file, item, &mut sink, buffer)?;
            if item.reaches_end_of_file() {
                file.ensure_end()?;
            }
        }
    }
    file.ensure_unchanged()?;
    Ok(sink.finish())
}

/// Hashes the bytes of an item piece by piece, with a reader thread where that is faster.
fn stream(
    shared: &Shared<'_>,
    file: &StableFile,
    item: &Item<'_>,
    sink: &mut Sink<'_>,
    buffer: &mut [u8],
) -> Result<(), Interruption> {
    let mut position = item.offset;
    while position < item.end() {
        let round = position..item.end().min(position + ROUND);
        let trial = position..round.end.min(position + TRIAL);
        let started = Instant::now();
        in_turn(shared, file, trial.clone(), sink, buffer)?;
        let time_in_turn = started.elapsed();
        position = trial.end;

        if round.end - position >= WORTH_A_READER && shared.readers.take() {
            let outcome = read_ahead(shared, file, position..round.end, sink, time_in_turn);
            shared.readers.put_back();
            position = outcome?;
            in_turn(shared, file, position..round.end, sink, buffer)?;
            position = round.end;
        }
    }
    Ok(())
}

/// Reads ahead for one trial, and for the rest of the range if the trial took
/// less time than `time_in_turn`. Returns how far it came.
fn read_ahead(
    shared: &Shared<'_>,
    file: &StableFile,
    range: Range<u64>,
    sink: &mut Sink<'_>,
    time_in_turn: Duration,
) -> Result<u64, Interruption> {
    let trial = range.start..range.start + TRIAL;
    let started = Instant::now();
    let reached = ring::stream(shared, file, trial.clone(), sink)?;
    if reached == trial.end && started.elapsed() < time_in_turn {
        return ring::stream(shared, file, trial.end..range.end, sink);
    }
    Ok(reached)
}

/// Reads a piece and hashes it, in turn.
fn in_turn(
    shared: &Shared<'_>,
    file: &StableFile,
    range: Range<u64>,
    sink: &mut Sink<'_>,
    buffer: &mut [u8],
) -> Result<(), Interruption> {
    let mut position = range.start;
    while position < range.end {
        if shared.cancelled() {
            return Err(Interruption::Cancelled);
        }
        let count = file.read_range(buffer, position, range.end)?;
        sink.update(buffer.get(..count).unwrap_or_default());
        shared.observer.advance(count as u64);
        position += count as u64;
    }
    Ok(())
}
