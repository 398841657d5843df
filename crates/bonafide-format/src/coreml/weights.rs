//! The numbers of a Core ML program, in the file beside it (`weights/weight.bin`): a header
//! of 64 bytes, then each tensor with 64 bytes in front of it (MIL's storage format).

use bonafide_core::excerpt;

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

pub(crate) const WEIGHTS: Format = Format {
    name: "coreml-weights",
    title: "Core ML weights",
    extensions: &[],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// Length of both headers; all that is in the file starts at a multiple of it.
const BLOCK: u64 = 64;

/// What the header of a tensor starts with.
const SENTINEL: u32 = 0xdead_beef;

fn probe(probe: &Probe<'_>) -> Likeness {
    let word = |at: usize| probe.head.get(at..).and_then(|rest| rest.first_chunk());
    let reserved = probe.head.get(8..64);
    match (word(4), reserved, word(64)) {
        (Some([2, 0, 0, 0]), Some(reserved), Some(sentinel))
            if reserved.iter().all(|byte| *byte == 0)
                && u32::from_le_bytes(*sentinel) == SENTINEL =>
        {
            Likeness::Certain
        }
        _ => Likeness::No,
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(0);
    let count = cursor.u32()?;
    visit.cover(0..BLOCK, State::Scanned);
    let mut content = Examiner::default();
    let mut at = BLOCK;
    for number in 0..count {
        visit.work(1)?;
        cursor.seek(at);
        let sentinel = cursor.u32()?;
        let _kind = cursor.u32()?;
        let (length, start) = (cursor.u64()?, cursor.u64()?);
        if sentinel != SENTINEL {
            let message = format!("tensor {number} of {count} is not where it should be");
            return Err(Stop::malformed(at, excerpt(&message, 100)));
        }
        let end = start
            .checked_add(length)
            .filter(|end| *end <= visit.size() && start >= at + BLOCK);
        let Some(end) = end else {
            let message = format!("tensor {number} is said to have {length} bytes at {start}");
            return Err(Stop::malformed(at, message));
        };
        visit.cover(at..at + BLOCK, State::Scanned);
        visit.cover(start..end, State::Data);
        content.examine(visit, &format!("at {start}"), start..end);
        at = end.next_multiple_of(BLOCK);
    }
    Ok(())
}
