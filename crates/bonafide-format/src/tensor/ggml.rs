//! The formats of ggml before GGUF: told apart, not read.

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const GGML: Format = Format {
    name: "ggml",
    title: "GGML, GGMF, GGJT or GGLA, which came before GGUF",
    extensions: &["ggml", "ggjt"],
    effect: Effect::Data,
    depth: Depth::Identified,
    probe,
    inspect,
};

/// The magic number is written as a little-endian word, so it reads backwards.
fn probe(probe: &Probe<'_>) -> Likeness {
    let Some((magic, rest)) = probe.head.split_first_chunk::<4>() else {
        return Likeness::No;
    };
    let Some(word) = rest.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)) else {
        return Likeness::No;
    };
    let known = match magic {
        // The size of the vocabulary follows.
        b"lmgg" => (1..1 << 24).contains(&word),
        // The version follows.
        b"fmgg" | b"tjgg" | b"algg" => (1..=16).contains(&word),
        _ => false,
    };
    if known {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

#[allow(clippy::unnecessary_wraps, reason = "what every format has")]
fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}
