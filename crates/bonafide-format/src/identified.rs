//! Formats that are told apart and not read: what is in them is not known, and that is said.

use bonafide_core::{Severity, ThreatId};

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&ENGINE, &LUA];

const ENGINE: Rule = Rule {
    slug: "compiled-engine",
    title: "Model that is a compiled program",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "It is made for one device and holds machine code and calls of plug-ins, which the runtime runs as \
        they are. Nothing in here can read it.",
    remediation: "Build the engine from a model that can be examined.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const LUA: Rule = Rule {
    slug: "torch7-lua-bytecode",
    title: "Torch 7 file with a compiled Lua function",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Lua does not verify bytecode. A function out of a file is called with the rights of the process.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 94],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Declares a format that is only told apart.
const fn named(
    name: &'static str,
    title: &'static str,
    extensions: &'static [&'static str],
    effect: Effect,
    probe: fn(&Probe<'_>) -> Likeness,
    inspect: fn(&mut Visit<'_>) -> Result<(), Stop>,
) -> Format {
    Format {
        name,
        title,
        extensions,
        effect,
        depth: Depth::Identified,
        probe,
        inspect,
    }
}

pub(crate) const TENSORRT: Format = named(
    "tensorrt",
    "TensorRT engine",
    &["plan", "engine", "trt"],
    Effect::Code,
    |probe| starts(probe, &[b"ptrt", b"ftrt"]),
    engine,
);
pub(crate) const RKNN: Format = named(
    "rknn",
    "RKNN model",
    &["rknn"],
    Effect::Graph,
    |probe| starts(probe, &[b"RKNN"]),
    engine,
);
pub(crate) const MXNET: Format = named(
    "mxnet-parameters",
    "MXNet parameters",
    &["params"],
    Effect::Data,
    // kMXAPINDArrayListMagic, and a word that is kept free.
    |probe| starts(probe, &[b"\x12\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0"]),
    identified,
);
pub(crate) const CNTK: Format = named(
    "cntk",
    "CNTK model",
    &["cntk"],
    Effect::Graph,
    // `BCN`, which begins a network, in characters of two bytes.
    |probe| starts(probe, &[b"B\0C\0N\0\0\0"]),
    identified,
);
pub(crate) const TORCH7: Format = named(
    "torch7",
    "Torch 7",
    &["t7"],
    Effect::Code,
    // An object of index 1 whose class is written in version 1.
    |probe| {
        starts(
            probe,
            &[b"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1", b"4\n1\n3\nV 1\n"],
        )
    },
    torch7,
);
pub(crate) const ORT: Format = named(
    "onnx-runtime",
    "ONNX Runtime model",
    &["ort"],
    Effect::Graph,
    |probe| match probe.head.get(4..8) {
        Some(b"ORTM") => Likeness::Certain,
        _ => Likeness::No,
    },
    identified,
);

pub(crate) const FASTTEXT: Format = named(
    "fasttext",
    "fastText model",
    &["ftz"],
    Effect::Data,
    // FASTTEXT_FILEFORMAT_MAGIC_INT32, 793712314, and the version of the format.
    |probe| match probe.head {
        [0xba, 0x16, 0x4f, 0x2f, 1..=32, 0, 0, 0, ..] => Likeness::Certain,
        _ => Likeness::No,
    },
    identified,
);

fn starts(probe: &Probe<'_>, signatures: &[&[u8]]) -> Likeness {
    if signatures.iter().any(|start| probe.head.starts_with(start)) {
        return Likeness::Certain;
    }
    Likeness::No
}

fn identified(visit: &mut Visit<'_>) -> Result<(), Stop> {
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}

fn engine(visit: &mut Visit<'_>) -> Result<(), Stop> {
    visit.report(&ENGINE, None, "what it runs is compiled");
    identified(visit)
}

/// Looks for compiled functions, of Lua and of LuaJIT.
fn torch7(visit: &mut Visit<'_>) -> Result<(), Stop> {
    const CHUNK: usize = 256 << 10;
    /// Longest start of bytecode, less one.
    const OVERLAP: usize = 4;

    let mut cursor = visit.cursor(0);
    let finder = memchr::memmem::Finder::new(b"\x1bL");
    while cursor.remaining() > OVERLAP as u64 {
        let at = cursor.position();
        let length = usize::try_from(cursor.remaining())
            .unwrap_or(CHUNK)
            .min(CHUNK);
        let bytes = cursor.peek(length)?;
        let found = finder
            .find_iter(bytes)
            .find(|place| match bytes.get(place + 2..place + 5) {
                // The version: LuaJIT 1 or 2, Lua 5.1 to 5.4.
                Some([b'J', 1 | 2, _] | [b'u', b'a', 0x51..=0x54]) => true,
                _ => false,
            });
        if let Some(place) = found {
            let place = at + place as u64;
            visit.report(
                &LUA,
                Some(place..place + 4),
                "a compiled Lua function is in the file",
            );
            break;
        }
        cursor.skip((length.saturating_sub(OVERLAP).max(1)) as u64)?;
    }
    identified(visit)
}
