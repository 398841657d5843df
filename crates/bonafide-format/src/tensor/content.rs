//! What should not be at the start of a tensor: programs, pickles that import, archives.
//!
//! Weights are never executed, so a program in them waits for something else that cuts it
//! out. Only starts are looked at, so that a file of any size costs as little as its header.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&PAYLOAD];

pub(crate) const PAYLOAD: Rule = Rule {
    slug: "payload-in-tensor",
    title: "Tensor whose numbers are a program, a pickle or an archive",
    hazard: Hazard::Hidden,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Weights do not look like this by chance. It is carried past scanners of files, for a loader \
        or a second stage that takes it out.",
    remediation: "Do not load the file. Ask for the tensor's origin.",
    threats: &[ThreatId("ART-01"), ThreatId("MDL-04")],
    cwe: &[506],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

/// Enough to rule nearly every tensor out.
const GLANCE: usize = 64;

/// Enough for the header of a program, or for the imports of a pickle.
const LOOK: u64 = 64 << 10;

/// Most payloads of a body that are inspected themselves.
const MOST: usize = 16;

/// Looks at the starts of tensors, which must come in order and are skipped where they
/// overlap: so no byte is read twice.
#[derive(Debug, Default)]
pub(crate) struct Examiner {
    reached: u64,
    found: usize,
}

impl Examiner {
    /// Looks at the start of one tensor.
    pub(crate) fn examine(&mut self, visit: &mut Visit<'_>, name: &str, range: Range<u64>) {
        if range.start < self.reached || range.end <= range.start || self.found >= MOST {
            return;
        }
        self.reached = range.end;
        let Some(kind) = look(visit, &range) else {
            return;
        };
        self.found += 1;
        let message = format!("tensor `{}` starts with {kind}", excerpt(name, 80));
        visit.report_about(&PAYLOAD, Some(range.clone()), name, message);
        visit.part(&format!("tensor {}", excerpt(name, 80)), range);
    }
}

fn look(visit: &Visit<'_>, range: &Range<u64>) -> Option<&'static str> {
    let length = range.end.min(visit.size()).saturating_sub(range.start);
    let mut glance = [0_u8; GLANCE];
    let short = usize::try_from(length).unwrap_or(GLANCE).min(GLANCE);
    let glance = glance.get_mut(..short)?;
    visit.source().read_at(range.start, glance).ok()?;
    if !may_start(glance) {
        return None;
    }
    let head = visit
        .read(range.start..range.start + length.min(LOOK))
        .ok()?;
    identify(&head)
}

/// What the numbers of a tensor start with that are at hand.
pub(crate) fn start_of(head: &[u8]) -> Option<&'static str> {
    if may_start(head) {
        identify(head)
    } else {
        None
    }
}

/// False for nearly all numbers, and never for what [`identify`] knows.
fn may_start(head: &[u8]) -> bool {
    matches!(
        head,
        [b'M', b'Z', ..]
            | [b'P', b'K', 3, 4, ..]
            | [0x80, 2..=5, ..]
            | [b'c' | b'(', ..]
            | [b'#', b'!', ..]
            | [b'7', b'z', 0xbc, 0xaf, ..]
    ) || crate::executable::identify(head).is_some()
}

fn identify(head: &[u8]) -> Option<&'static str> {
    if let Some(program) = crate::executable::identify(head) {
        return Some(program);
    }
    match head {
        [b'P', b'K', 3, 4, rest @ ..] if is_local_header(rest) => Some("a zip archive"),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some("a 7z archive"),
        [b'#', b'!', rest @ ..] if is_interpreter(rest) => Some("a script"),
        [0x80 | b'c' | b'(', ..] if imports(head) => Some("a pickle that imports"),
        _ => None,
    }
}

/// The rest of a zip local header (APPNOTE 4.3.7) makes sense.
fn is_local_header(rest: &[u8]) -> bool {
    let word = |at: usize| match rest.get(at..at + 2) {
        Some([low, high]) => u16::from_le_bytes([*low, *high]),
        _ => u16::MAX,
    };
    let name = usize::from(word(22));
    word(0) & 0xff <= 63
        && matches!(word(4), 0 | 8 | 9 | 12 | 14 | 93 | 95 | 99)
        && (1..4096).contains(&name)
        && rest
            .get(26..)
            .is_some_and(|text| text.iter().take(name).all(|byte| *byte >= 0x20))
}

fn is_interpreter(rest: &[u8]) -> bool {
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.trim_ascii_start();
    line.starts_with(b"/")
        && line.len() < 128
        && line.iter().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// Whether a pickle starts here that imports something. Numbers do not decode as opcodes
/// for long, and never name a module: so what passes is one.
fn imports(head: &[u8]) -> bool {
    let mut rest = head;
    let mut texts = 0_usize;
    let mut imported = false;
    loop {
        let Some((opcode, after)) = rest.split_first() else {
            return imported;
        };
        rest = after;
        let skip = match opcode {
            b'.' => return imported,
            // GLOBAL and INST: two lines.
            b'c' | b'i' => {
                let Some(after) = line(rest, is_name).and_then(|rest| line(rest, is_name)) else {
                    return false;
                };
                imported = true;
                rest = after;
                0
            }
            // STACK_GLOBAL: two texts before it.
            0x93 => {
                if texts < 2 {
                    return false;
                }
                imported = true;
                0
            }
            // Lines: INT, LONG, FLOAT, STRING, UNICODE, GET, PUT, PERSID.
            b'I' | b'L' | b'F' | b'S' | b'V' | b'g' | b'p' | b'P' => {
                let Some(after) = line(rest, |_| true) else {
                    return imported;
                };
                texts += usize::from(matches!(opcode, b'S' | b'V'));
                rest = after;
                0
            }
            // SHORT_BINUNICODE and SHORT_BINSTRING.
            0x8c | b'U' => {
                let Some((length, after)) = rest.split_first() else {
                    return imported;
                };
                let length = usize::from(*length);
                texts += usize::from(after.get(..length).is_some_and(is_name));
                rest = after;
                length
            }
            // SHORT_BINBYTES, LONG1.
            b'C' | 0x8a => match rest.split_first() {
                Some((length, after)) => {
                    rest = after;
                    usize::from(*length)
                }
                None => return imported,
            },
            // BINUNICODE, BINSTRING, BINBYTES, LONG4.
            b'X' | b'T' | b'B' | 0x8b => {
                let Some((length, after)) = rest.split_first_chunk() else {
                    return imported;
                };
                let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
                texts += usize::from(after.get(..length).is_some_and(is_name));
                rest = after;
                length
            }
            // BINUNICODE8, BINBYTES8, BYTEARRAY8.
            0x8d | 0x8e | 0x96 => {
                let Some((length, after)) = rest.split_first_chunk() else {
                    return imported;
                };
                rest = after;
                usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX)
            }
            0x80 | b'K' | b'h' | b'q' | 0x82 => 1,
            b'M' | 0x83 => 2,
            b'J' | b'j' | b'r' | 0x84 => 4,
            b'G' | 0x95 => 8,
            b'('
            | b'0'
            | b'1'
            | b'2'
            | b'N'
            | b'Q'
            | b'R'
            | b'a'
            | b'b'
            | b'd'
            | b'}'
            | b'e'
            | b'l'
            | b']'
            | b'o'
            | b's'
            | b't'
            | b')'
            | b'u'
            | 0x81
            | 0x85..=0x89
            | 0x8f..=0x92
            | 0x94
            | 0x97
            | 0x98 => 0,
            _ => return false,
        };
        match rest.get(skip..) {
            Some(after) => rest = after,
            // Cut off by the look: what was read counts.
            None => return imported,
        }
    }
}

/// What comes after a line that is `good`.
fn line(bytes: &[u8], good: fn(&[u8]) -> bool) -> Option<&[u8]> {
    let end = memchr::memchr(b'\n', bytes)?;
    let (text, rest) = bytes.split_at_checked(end)?;
    good(text).then_some(rest.get(1..).unwrap_or_default())
}

/// A module or a name in one: `os`, `numpy.core.multiarray`.
fn is_name(text: &[u8]) -> bool {
    !text.is_empty()
        && text.len() < 256
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'<' | b'>'))
        && !text.first().is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pickles_that_import_are_told_from_numbers() {
        assert_eq!(
            identify(b"cos\nsystem\n(S'true'\ntR."),
            Some("a pickle that imports")
        );
        assert_eq!(
            identify(
                b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94."
            ),
            Some("a pickle that imports")
        );
        // Cut off in the middle of a long text.
        assert_eq!(
            identify(b"\x80\x02cos\nsystem\nX\xff\xff\x00\x00aaaa"),
            Some("a pickle that imports")
        );
        // Only data.
        assert_eq!(identify(b"\x80\x02]q\x00(K\x01K\x02e."), None);
        assert_eq!(identify(b"\x80\x02\x93."), None);
        assert_eq!(identify(b"could\nbe text of any kind\n"), None);
    }

    #[test]
    fn numbers_never_look_like_a_payload() {
        // Every start that is looked at, followed by numbers of a simple generator.
        let mut state = 1_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for start in [
            &b"\x80\x02"[..],
            b"\x80\x04",
            b"c",
            b"(",
            b"PK\x03\x04",
            b"#!",
            b"MZ",
        ] {
            for _ in 0..20_000 {
                let mut head = start.to_vec();
                (0..16).for_each(|_| head.extend(next().to_le_bytes()));
                assert_eq!(identify(&head), None, "{head:?}");
            }
        }
    }
}
