//! Constants that hold something else: a pickle in a byte string, a program in base64.
//!
//! Most constants are names, numbers and text, and there can be millions. So each step
//! looks at a few bytes first, and decodes only what could be something. Text that merely
//! speaks of a command is text.

use std::io::Read;
use std::ops::Range;

use bonafide_core::{Severity, ThreatId};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

use crate::format::{Effect, Likeness};
use crate::route;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&NESTED_PAYLOAD, &NESTED_PICKLE, &UNREAD];

const NESTED_PAYLOAD: Rule = Rule {
    slug: "nested-payload",
    title: "Code inside of a constant",
    hazard: Hazard::Hidden,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "A model has no use for a program or for encoded pickles among its values. Whatever unpacks it runs it.",
    remediation: "Do not load the file. Ask for the weights as safetensors.",
    threats: &[ThreatId("ART-01")],
    cwe: &[506, 502],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const NESTED_PICKLE: Rule = Rule {
    slug: "nested-pickle",
    title: "Pickle inside of a constant",
    hazard: Hazard::Hidden,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Something has to unpickle it again, out of sight of those that look at the outer one only.",
    remediation: "Look at what the inner pickle imports; it is inspected as a part of its own.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const UNREAD: Rule = Rule {
    slug: "payload-not-read",
    title: "Constant that could not be unpacked to its end",
    hazard: Hazard::Expansion,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "It unpacks to more than the limit, or is nested too often, so what is in it is not known.",
    remediation: "Raise the limit, or find out what the constant is for.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[409],
    cve: &[],
    atlas: &[],
};

/// The shortest pickle that does something has about this many bytes.
const SHORTEST: usize = 12;

/// The shortest text that is decoded.
const SHORTEST_TEXT: usize = 24;

/// Most encodings inside each other.
const MOST_LAYERS: usize = 5;

/// Most bytes that a constant is unpacked to.
const MOST_UNPACKED: u64 = 32 << 20;

/// Bytes written as text, a character for each: what protocols 0 to 2 do with all bytes.
const LATIN_1: &str = "latin-1";

/// A constant, and what it was wrapped in.
struct Layers {
    range: Range<u64>,
    encodings: Vec<&'static str>,
}

/// Looks into a constant (bytes or text) found at `range`: as it is, and decoded.
pub(crate) fn examine(visit: &mut Visit<'_>, constant: &[u8], range: Range<u64>) {
    let mut layers = Layers {
        range,
        encodings: Vec::new(),
    };
    look(visit, constant, &mut layers);
}

fn look(visit: &mut Visit<'_>, bytes: &[u8], layers: &mut Layers) {
    if bytes.len() < SHORTEST {
        return;
    }
    if let Some(compression) = Compression::of(bytes) {
        decoded(visit, layers, compression.name(), |visit| {
            unpack(visit, compression, bytes)
        });
        return;
    }
    if could_be_active(bytes)
        && let Some((format, likeness)) = route::active_format(bytes)
        && (likeness == Likeness::Certain || imports(bytes))
    {
        found(visit, bytes, format, likeness, layers);
        return;
    }
    if let Some(narrow) = as_latin1(bytes) {
        decoded(visit, layers, LATIN_1, |_| Some(Unpacked::whole(narrow)));
    } else if bytes.len() >= SHORTEST_TEXT {
        if is_hex(bytes) {
            decoded(visit, layers, "hex", |_| {
                HEXLOWER_PERMISSIVE.decode(bytes).ok().map(Unpacked::whole)
            });
        }
        if is_base64(bytes) {
            decoded(visit, layers, "base64", |_| {
                base64(bytes).map(Unpacked::whole)
            });
        }
    }
}

/// Bytes that came out of an encoding.
struct Unpacked {
    bytes: Vec<u8>,
    /// Whether they are all.
    end: End,
}

#[derive(PartialEq, Eq)]
enum End {
    Reached,
    CutOff,
}

impl Unpacked {
    fn whole(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            end: End::Reached,
        }
    }
}

/// Decodes, and looks at what comes out.
fn decoded(
    visit: &mut Visit<'_>,
    layers: &mut Layers,
    encoding: &'static str,
    decode: impl FnOnce(&mut Visit<'_>) -> Option<Unpacked>,
) {
    if layers.encodings.len() >= MOST_LAYERS {
        unread(visit, layers, "is wrapped too often");
        return;
    }
    let Some(unpacked) = decode(visit) else {
        return;
    };
    layers.encodings.push(encoding);
    if unpacked.end == End::CutOff {
        unread(visit, layers, "unpacks to more than the limit");
    }
    look(visit, &unpacked.bytes, layers);
    layers.encodings.pop();
}

fn unread(visit: &mut Visit<'_>, layers: &Layers, why: &str) {
    let message = format!("the constant at {} {why}", layers.range.start);
    visit.report(&UNREAD, Some(layers.range.clone()), message);
}

fn found(
    visit: &mut Visit<'_>,
    bytes: &[u8],
    format: &'static crate::format::Format,
    likeness: Likeness,
    layers: &Layers,
) {
    let name = match layers.encodings.as_slice() {
        [] => format!("constant at {}", layers.range.start),
        encodings => format!(
            "constant at {} ({})",
            layers.range.start,
            encodings.join(", ")
        ),
    };
    let is_plain = layers.encodings.iter().all(|known| *known == LATIN_1);
    let rule = match (format.effect, format.name) {
        (Effect::Code, "pickle") if is_plain => Some(&NESTED_PICKLE),
        // A script that nobody decodes is a text like others.
        (Effect::Code, "script") if is_plain => None,
        (Effect::Code, _) => Some(&NESTED_PAYLOAD),
        _ => None,
    };
    if let Some(rule) = rule.filter(|_| likeness == Likeness::Certain) {
        let message = format!("the {name} is {}", format.title);
        visit.report(rule, Some(layers.range.clone()), message);
    }
    visit.member(&name, &bytes);
}

/// False for what cannot start, or be, anything that runs: a look at a few bytes.
fn could_be_active(bytes: &[u8]) -> bool {
    /// Bytes that are looked at.
    const START: usize = 64;
    /// Where tar archives have their signature.
    const TAR: Range<usize> = 257..262;

    if bytes.get(TAR) == Some(b"ustar") {
        return true;
    }
    let start = bytes.get(..START).unwrap_or(bytes);
    if start.starts_with(b"#!") {
        return start.contains(&b'\n') || bytes.len() > START;
    }
    let is_control = |byte: &u8| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f;
    let is_text = !start.iter().any(is_control)
        && match std::str::from_utf8(start) {
            Ok(_) => true,
            Err(error) => error.error_len().is_none(),
        };
    !is_text
}

/// True if there is something like a pickle's import in text: `cmodule\nname\n`.
fn imports(bytes: &[u8]) -> bool {
    /// Most bytes that are searched: pickles without a signature import early.
    const MOST: usize = 1 << 20;

    let is_path = |line: &[u8]| {
        !line.is_empty()
            && line
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
    };
    let bytes = bytes.get(..MOST).unwrap_or(bytes);
    // Opcodes that take their names from the stack, or from the registry of extensions.
    if bytes.iter().any(|byte| matches!(byte, 0x93 | 0x82..=0x84)) {
        return true;
    }
    let mut before: &[u8] = &[];
    for line in bytes.split(|byte| *byte == b'\n') {
        let module = before
            .iter()
            .rposition(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')))
            .map_or(before, |at| before.get(at + 1..).unwrap_or_default());
        if is_path(line) && module.iter().any(|byte| matches!(byte, b'c' | b'i')) {
            return true;
        }
        before = line;
    }
    false
}

/// The bytes of a text that has one character for each.
fn as_latin1(bytes: &[u8]) -> Option<Vec<u8>> {
    let lead = bytes.iter().find(|byte| **byte >= 0x80)?;
    if !matches!(lead, 0xc2 | 0xc3) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    text.chars()
        .map(|letter| u8::try_from(letter).ok())
        .collect()
}

fn is_hex(bytes: &[u8]) -> bool {
    bytes.len().is_multiple_of(2) && bytes.iter().all(u8::is_ascii_hexdigit)
}

/// True if all letters are of the alphabet of base64, or of the one for addresses.
fn is_base64(bytes: &[u8]) -> bool {
    let is_letter = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\n' | b'\r')
    };
    bytes.iter().all(is_letter)
}

fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut letters: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    while letters.last() == Some(&b'=') {
        letters.pop();
    }
    // A last letter alone encodes nothing; decoders leave it out.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    let mut lenient = if letters.iter().any(|byte| matches!(byte, b'-' | b'_')) {
        BASE64URL_NOPAD.specification()
    } else {
        BASE64_NOPAD.specification()
    };
    lenient.check_trailing_bits = false;
    lenient.encoding().ok()?.decode(&letters).ok()
}

/// Compressed streams that have no directory.
#[derive(Clone, Copy)]
enum Compression {
    Zlib,
    Gzip,
    Bzip2,
    Xz,
    Lzma,
}

impl Compression {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x5d, 0, 0, _, _, ..] => Some(Self::Lzma),
            [0x78, level @ (0x01 | 0x5e | 0x9c | 0xda), ..]
                if (0x78_00 + u16::from(*level)) % 31 == 0 =>
            {
                Some(Self::Zlib)
            }
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Zlib => "zlib",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma => "lzma",
        }
    }
}

/// Unpacks as far as it goes: damage ends it, and what came before counts.
fn unpack(visit: &mut Visit<'_>, compression: Compression, bytes: &[u8]) -> Option<Unpacked> {
    /// Memory that an lzma stream may ask for, in KiB.
    const DICTIONARY: u32 = 64 << 10;

    let limit = MOST_UNPACKED.min(visit.budget().unpacked_body);
    let mut reader: Box<dyn Read + '_> = match compression {
        Compression::Zlib => Box::new(flate2::read::ZlibDecoder::new(bytes)),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
        Compression::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(bytes)),
        Compression::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(bytes, true, DICTIONARY)),
        Compression::Lzma => {
            Box::new(lzma_rust2::LzmaReader::new_mem_limit(bytes, DICTIONARY, None).ok()?)
        }
    };
    let mut unpacked = Vec::new();
    let mut chunk = [0; 16 << 10];
    let mut end = End::Reached;
    loop {
        match reader.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(length) => {
                if visit.unpack(length as u64).is_err() || unpacked.len() as u64 > limit {
                    end = End::CutOff;
                    break;
                }
                unpacked.extend_from_slice(chunk.get(..length).unwrap_or_default());
            }
        }
    }
    (!unpacked.is_empty()).then_some(Unpacked {
        bytes: unpacked,
        end,
    })
}
