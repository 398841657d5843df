//! Python pickles: programs for a small machine that can import and call anything.
//!
//! The opcodes are those of `Lib/pickletools.py` of CPython; what they do is taken from
//! `Modules/_pickle.c` and `Lib/pickle.py`, which differ in details that matter here.

pub(crate) mod globals;
mod graph;
mod imports;
mod machine;
mod memo;
mod opcode;
mod probe;
mod rules;
mod stream;
mod tape;
mod text;
mod value;

pub use imports::imports;
pub(crate) use rules::RULES;
pub use tape::Reading;

use crate::format::{Depth, Effect, Format};

pub(crate) const PICKLE: Format = Format {
    name: "pickle",
    title: "Python pickle",
    // The last three are PyTorch's, whose files were pickles before they were archives.
    extensions: &[
        "pkl", "pickle", "joblib", "dill", "sav", "pt", "pth", "ckpt",
    ],
    effect: Effect::Code,
    depth: Depth::Whole,
    probe: probe::probe,
    inspect: stream::inspect,
};
