//! GGUF: keys and values, descriptions of tensors, numbers (specification in `ggml/docs`,
//! versions 1 to 3, either order of bytes).

mod keys;
mod reader;
mod rules;
mod tensors;
mod types;

use std::ops::Range;

use self::keys::Keys;
use self::reader::{Order, Reader};
pub(crate) use self::rules::RULES;
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const GGUF: Format = Format {
    name: "gguf",
    title: "GGUF",
    extensions: &["gguf"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// One file of a model that is split over several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Split {
    /// Which one it is, from 0.
    pub(crate) number: u64,
    /// How many there are.
    pub(crate) count: u64,
    /// How many tensors they have together, if the file says so.
    pub(crate) tensors: Option<u64>,
    /// How many are in this one.
    pub(crate) here: u64,
}

/// Most keys and most tensors. The largest models have about 2,000 tensors; converters
/// write about 50 keys.
const MOST: u64 = 1 << 20;

fn probe(probe: &Probe<'_>) -> Likeness {
    if probe.head.starts_with(b"GGUF") {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

/// Says that something is against the specification, though it can be read.
fn not_allowed(visit: &mut Visit<'_>, range: Range<u64>, what: &str) {
    visit.report(&rules::VALUE, Some(range), format!("the file has {what}"));
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(4);
    let version = cursor.u32()?;
    // A version that is a multiple of 65,536 was written in the other order of bytes.
    let (order, version) = if version.trailing_zeros() >= 16 {
        (Order::Big, version.swap_bytes())
    } else {
        (Order::Little, version)
    };
    match version {
        1..=3 => {}
        0 => return Err(Stop::malformed(4, "there is no version 0")),
        _ => return Err(Stop::unsupported(format!("version {version} of GGUF"))),
    }
    let mut reader = Reader {
        cursor,
        order,
        version,
    };
    let (tensors, keys) = if version == 1 {
        (8 + 4, 4 + 4 + 1)
    } else {
        (8 + 4 + 4 + 8, 8 + 4 + 1)
    };
    let tensors = limited(reader.count("tensors", tensors)?, "tensors")?;
    let count = limited(reader.count("keys", keys)?, "keys")?;
    let mut keys = Keys::default();
    for _ in 0..count {
        let start = reader.cursor.position();
        keys.read(visit, &mut reader)?;
        visit.cover(start..reader.cursor.position(), State::Scanned);
    }
    visit.cover(0..reader.cursor.position(), State::Scanned);
    keys.finish(visit, tensors);
    tensors::read(visit, &mut reader, tensors, &keys)
}

fn limited(count: u64, what: &'static str) -> Result<u64, Stop> {
    if count > MOST {
        return Err(Stop::Exhausted { what, limit: MOST });
    }
    Ok(count)
}

#[cfg(test)]
mod tests;
