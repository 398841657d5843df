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

/// True if a pickle without a signature could import something. Digests and numbers are
/// opcodes for a while too, so names have to be there, or an end.
fn imports(bytes: &[u8]) -> bool {
    /// Most bytes that are searched: pickles without a signature import early.
    const MOST: usize = 1 << 20;
    const STOP: u8 = b'.';
    const STACK_GLOBAL: u8 = 0x93;
    const EXTENSIONS: std::ops::RangeInclusive<u8> = 0x82..=0x84;

    let ends = bytes.trim_ascii_end().last() == Some(&STOP);
    let bytes = bytes.get(..MOST).unwrap_or(bytes);
    imports_by_lines(bytes)
        || bytes.contains(&STACK_GLOBAL) && has_names(bytes)
        || ends && bytes.iter().any(|byte| EXTENSIONS.contains(byte))
}

/// True for `cmodule\nname\n`, whatever is in front of it on its line.
fn imports_by_lines(bytes: &[u8]) -> bool {
    let mut before: &[u8] = &[];
    for line in bytes.split(|byte| *byte == b'\n') {
        let module = before
            .iter()
            .rposition(|byte| !is_in_path(byte))
            .map_or(before, |at| before.get(at + 1..).unwrap_or_default());
        let is_path = !line.is_empty() && line.iter().all(is_in_path);
        if is_path && module.iter().any(|byte| matches!(byte, b'c' | b'i')) {
            return true;
        }
        before = line;
    }
    false
}

/// True if two short texts are pushed that could be a module and a name.
fn has_names(bytes: &[u8]) -> bool {
    let text = |at: usize| -> Option<&[u8]> {
        let (length, start) = match bytes.get(at)? {
            0x8c | b'U' => (usize::from(*bytes.get(at + 1)?), at + 2),
            b'X' | b'T' => match bytes.get(at + 1..at + 5)? {
                [length, 0, 0, 0] => (usize::from(*length), at + 5),
                _ => return None,
            },
            b'V' | b'S' => {
                let rest = bytes.get(at + 1..)?;
                let end = rest.iter().take(100).position(|byte| *byte == b'\n')?;
                return Some(rest.get(..end)?.trim_ascii());
            }
            _ => return None,
        };
        bytes.get(start..start + length)
    };
    let is_name = |text: &[u8]| {
        let text = text.strip_prefix(b"'").unwrap_or(text);
        let text = text.strip_suffix(b"'").unwrap_or(text);
        text.len() >= 2 && text.iter().all(is_in_path)
    };
    let names = (0..bytes.len()).filter(|at| text(*at).is_some_and(is_name));
    names.take(2).count() == 2
}

const fn is_in_path(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
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

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use bonafide_core::RawName;

    use super::*;
    use crate::budget::InspectionBudget;
    use crate::inspection::inspect;

    #[test]
    fn words_and_digests_are_not_decoded() {
        for constant in [
            &b"encoder.layer.0.attention.output.dense.weight"[..],
            "ein Wort, viele W\u{f6}rter".as_bytes(),
            "\u{6a21}\u{578b}\u{6587}\u{4ef6}".as_bytes(),
            b"#!/bin/sh",
            b"import os; os.system('true')",
        ] {
            assert!(!could_be_active(constant), "{constant:?}");
        }
        assert!(could_be_active(b"\x80\x04\x8c\x02os\x8c\x06system"));
        assert!(could_be_active(b"cos\nsystem\n(Vtrue\ntR."));
    }

    #[test]
    fn an_import_in_text_has_two_lines() {
        assert!(imports(b"cos\nsystem\n(Vtrue\ntR."));
        assert!(imports(b"(lp0\nI1\nacos\nsystem\n(Vtrue\ntR."));
        assert!(imports(b"(ios\nsystem\n."));
        assert!(!imports(b"(lp0\nI1\naI2\na."));
        assert!(imports(b"(U\x02osU\x06system\x93(U\x04truetR."));
        assert!(imports(b"(Vos\nVsystem\n\x93(Vtrue\ntR."));
        assert!(imports(b"\x82\x07(I1\ntR."));
        assert!(!imports(b"(\x93\x82\x8c\x02..\xff\x00\x8c"));
        assert!(!imports(b"two lines\nof plain text here"));
    }

    #[test]
    fn base64_is_decoded_in_all_its_spellings() {
        let wanted = Some(vec![0xfb, 0xff, 0xfe]);
        for text in ["+//+", "-__-", "+/\n/+\r\n", "+//+=="] {
            assert_eq!(base64(text.as_bytes()), wanted, "{text}");
        }
        assert_eq!(base64(b"+_"), None);
    }

    #[test]
    fn characters_are_bytes_only_if_all_are() {
        let text = "\u{80}\u{4}abc";
        assert_eq!(as_latin1(text.as_bytes()), Some(b"\x80\x04abc".to_vec()));
        for other in ["abc", "\u{80}\u{6a21}", "\u{6a21}"] {
            assert_eq!(as_latin1(other.as_bytes()), None, "{other}");
        }
    }

    /// Damaged files are read to their end, or given up, quickly and without panic.
    #[test]
    fn damage_is_survived() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/models");
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = move |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed >> 16).unwrap() % below.max(1)
        };
        for family in ["payload", "globals"] {
            for entry in std::fs::read_dir(root.join(family)).unwrap() {
                let path = entry.unwrap().path();
                let whole = std::fs::read(&path).unwrap();
                if path.ends_with("expected.toml") || path.ends_with("constant-that-expands.pkl") {
                    continue;
                }
                for round in 0..24 {
                    let mut bytes = whole.clone();
                    match round % 4 {
                        0 => bytes.truncate(random(whole.len())),
                        1 => {
                            for _ in 0..3 {
                                let at = random(bytes.len());
                                bytes[at] ^= 1 << random(8);
                            }
                        }
                        2 => {
                            let at = random(bytes.len());
                            let end = (at + 8).min(bytes.len());
                            bytes[at..end].fill(0xff);
                        }
                        _ => {
                            let at = random(bytes.len());
                            let slice = bytes[at..].to_vec();
                            bytes.extend_from_slice(&slice);
                        }
                    }
                    let begun = Instant::now();
                    let name = RawName::from("x");
                    let found = inspect(&name, &bytes, &InspectionBudget::DEFAULT);
                    assert!(begun.elapsed() < Duration::from_secs(5), "{path:?} {round}");
                    assert_eq!(found.size, bytes.len() as u64);
                }
            }
        }
    }
}
