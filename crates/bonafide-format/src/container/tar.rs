//! tar: POSIX ustar and pax, GNU, and the oldest.

use std::collections::HashSet;
use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::container::decode::{is_zero, zeros};
use crate::container::names::{Link, LinkKind, Names};
use crate::container::rules::SPECIAL;
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::pytorch;
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const TAR: Format = Format {
    name: "tar",
    title: "tar archive",
    extensions: &["tar", "nemo"],
    effect: Effect::Container,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&DUPLICATE, &SIZE];

const DUPLICATE: Rule = Rule {
    slug: "tar-duplicate",
    title: "Name that is twice in a tar archive",
    hazard: Hazard::Hidden,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "One reader takes the first, another the last: what a reviewer saw need not be what is loaded.",
    remediation: "Ask for an archive in which every name is there once.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[694, 436],
    cve: &[],
    atlas: &["AML.T0076"],
};

const SIZE: Rule = Rule {
    slug: "tar-size-mismatch",
    title: "Two lengths of one member of a tar archive",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Readers that go by one of them see other members than those that go by the other.",
    remediation: "Do not unpack the file.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-01")],
    cwe: &[843, 436],
    cve: &["CVE-2025-62518"],
    atlas: &["AML.T0076"],
};

const BLOCK: u64 = 512;

/// Longest record of long names or attributes that is read.
const LONGEST_RECORD: u64 = 1 << 20;

type Block = [u8; 512];

fn probe(probe: &Probe<'_>) -> Likeness {
    let Some(block) = probe.head.first_chunk::<512>() else {
        return Likeness::No;
    };
    // A checksum over printed numbers that fits is as good as a signature.
    if has_checksum(block) && block.first().is_some_and(|byte| *byte != 0) {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

/// A field of a header.
fn field(block: &Block, range: Range<usize>) -> &[u8] {
    block.get(range).unwrap_or_default()
}

/// Text up to the first NUL.
fn text(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0);
    bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default()
}

/// A number in octal digits, or in base 256 if the first bit is set.
fn number(bytes: &[u8]) -> Option<u64> {
    if let [first @ 0x80..=0xff, rest @ ..] = bytes {
        return rest
            .iter()
            .try_fold(u64::from(first & 0x7f), |number, byte| {
                Some(number.checked_mul(256)? | u64::from(*byte))
            });
    }
    let digits = text(bytes).trim_ascii();
    digits.iter().try_fold(0_u64, |number, digit| match digit {
        b'0'..=b'7' => number.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// The sum of all bytes, its own field taken as spaces. Old writers took bytes as signed.
fn has_checksum(block: &Block) -> bool {
    let stored = field(block, 148..156);
    let Some(announced) = number(stored).and_then(|sum| i64::try_from(sum).ok()) else {
        return false;
    };
    let spaces = 8 * i64::from(b' ');
    let unsigned = |bytes: &[u8]| bytes.iter().map(|byte| i64::from(*byte)).sum::<i64>();
    let signed = |bytes: &[u8]| {
        let signed = bytes.iter().map(|byte| i64::from(byte.cast_signed()));
        signed.sum::<i64>()
    };
    announced == unsigned(block) - unsigned(stored) + spaces
        || announced == signed(block) - signed(stored) + spaces
}

/// What records in front of a member say of it.
#[derive(Default)]
struct Ahead {
    name: Option<String>,
    target: Option<String>,
    size: Option<u64>,
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let source = visit.source();
    let mut names = Names::default();
    let mut seen = HashSet::new();
    let mut ahead = Ahead::default();
    let mut torch = pytorch::TarMembers::default();
    let mut at = 0;
    while at < visit.size() {
        visit.work(512)?;
        let mut block = [0; 512];
        if visit.size() - at < BLOCK {
            // Not even a header: whatever it is, it is not of the archive.
            break;
        }
        source.read_at(at, &mut block)?;
        if block.iter().all(|byte| *byte == 0) {
            let run = zeros(source, at..visit.size());
            visit.cover(at..at + run / BLOCK * BLOCK, State::Scanned);
            break;
        }
        if !has_checksum(&block) {
            return Err(Stop::malformed(at, "the checksum of a header does not fit"));
        }
        let header = at..at + BLOCK;
        let size = number(field(&block, 124..136));
        let size = size.ok_or_else(|| Stop::malformed(at + 124, "a length is not a number"))?;
        let kind = field(&block, 156..157).first().copied().unwrap_or_default();
        let data = at + BLOCK;
        let is_record = matches!(kind, b'x' | b'g' | b'X' | b'L' | b'K');
        let length = if is_record {
            size
        } else {
            content_length(visit, &header, kind, size, ahead.size)
        };
        let left = visit.size() - data;
        if length > left {
            let kept = data..visit.size();
            visit.cover(header, State::Scanned);
            if !is_record {
                let name = ahead.name.take().unwrap_or_else(|| name_of(&block));
                visit.part(&name, kept.clone());
                visit.cover(kept, State::Scanned);
            }
            let message = format!("{length} bytes are announced and {left} are left");
            return Err(Stop::malformed(at, message));
        }
        let end = data + length;
        let next = end.next_multiple_of(BLOCK).min(visit.size());
        visit.cover(header.clone(), State::Scanned);
        if is_zero(source, end..next) {
            visit.cover(end..next, State::Scanned);
        }
        at = next;
        if is_record {
            visit.cover(data..end, State::Scanned);
            record(visit, kind, data..end, &mut ahead)?;
            continue;
        }
        let said = std::mem::take(&mut ahead);
        let name = said.name.unwrap_or_else(|| name_of(&block));
        let target = said
            .target
            .unwrap_or_else(|| lossy(field(&block, 157..257)));
        names.check(visit, &name, &header);
        if seen.len() < 1_000_000 && kind != b'5' && !seen.insert(name.clone()) {
            let message = format!("`{}` is there twice", excerpt(&name, 200));
            visit.report_about(&DUPLICATE, Some(header.clone()), &name, message);
        }
        match kind {
            b'1' | b'2' => {
                let kind = if kind == b'2' {
                    LinkKind::Symbolic
                } else {
                    LinkKind::Hard
                };
                let link = Link {
                    kind,
                    name: &name,
                    target: &target,
                };
                names.link(visit, &link, &header);
            }
            b'3' | b'4' | b'6' => {
                let message = format!("`{}` is a device or a pipe", excerpt(&name, 200));
                visit.report_about(&SPECIAL, Some(header.clone()), &name, message);
            }
            _ => {}
        }
        if length > 0 {
            torch.add(&name);
            visit.part(&name, data..end);
            let state = if kind == b'S' {
                State::Unsupported("a sparse member".to_owned())
            } else {
                State::Scanned
            };
            visit.cover(data..end, state);
        }
    }
    torch.finish(visit);
    Ok(())
}

/// Bytes after the header. Links and folders have none, whatever they announce; but what
/// POSIX wants and what readers do differ, so what is announced is taken.
fn content_length(
    visit: &mut Visit<'_>,
    header: &Range<u64>,
    kind: u8,
    size: u64,
    ahead: Option<u64>,
) -> u64 {
    /// What eleven octal digits hold.
    const LARGEST: u64 = (1 << 33) - 1;

    let Some(ahead) = ahead else {
        return match kind {
            b'1'..=b'6' => 0,
            _ => size,
        };
    };
    if ahead != size && ahead <= LARGEST {
        let message = format!("the header says {size} bytes, the record before it {ahead}");
        visit.report(&SIZE, Some(header.clone()), message);
    }
    ahead
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(text(bytes)).into_owned()
}

fn name_of(block: &Block) -> String {
    let name = lossy(field(block, 0..100));
    let prefix = text(field(block, 345..500));
    // GNU keeps times where POSIX has the prefix.
    let is_posix = field(block, 257..263) == b"ustar\0";
    if is_posix && !prefix.is_empty() {
        format!("{}/{name}", lossy(prefix))
    } else {
        name
    }
}

/// Reads a record that says something of the next member.
fn record(
    visit: &mut Visit<'_>,
    kind: u8,
    range: Range<u64>,
    ahead: &mut Ahead,
) -> Result<(), Stop> {
    let at = range.start;
    if range.end - range.start > LONGEST_RECORD {
        return Err(Stop::Exhausted {
            what: "bytes of a record",
            limit: LONGEST_RECORD,
        });
    }
    let bytes = visit.read(range)?;
    match kind {
        b'L' => ahead.name = Some(lossy(&bytes)),
        b'K' => ahead.target = Some(lossy(&bytes)),
        b'x' | b'X' => {
            for (key, value) in attributes(&bytes).ok_or_else(|| {
                Stop::malformed(at, "an extended header is not made of its records")
            })? {
                // A NUL in a name would be an end for one reader, and not for another.
                let value_text = String::from_utf8_lossy(value).into_owned();
                match key {
                    b"path" | b"GNU.sparse.name" => ahead.name = Some(value_text),
                    b"linkpath" => ahead.target = Some(value_text),
                    b"size" => {
                        let size = value_text.parse();
                        ahead.size = Some(
                            size.map_err(|_| Stop::malformed(at, "a length is not a number"))?,
                        );
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Records of `length key=value\n`; none if they are not.
fn attributes(mut bytes: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let mut found = Vec::new();
    while !bytes.is_empty() && bytes.first() != Some(&0) {
        let space = bytes.iter().position(|byte| *byte == b' ')?;
        let length: usize = str::from_utf8(bytes.get(..space)?).ok()?.parse().ok()?;
        let pair = bytes.get(space + 1..length.checked_sub(1)?)?;
        if bytes.get(length - 1) != Some(&b'\n') {
            return None;
        }
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        found.push((pair.get(..equals)?, pair.get(equals + 1..)?));
        bytes = bytes.get(length..)?;
    }
    Some(found)
}
