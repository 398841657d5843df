//! MessagePack, as Flax writes parameters: nested maps, with arrays in extensions
//! (`flax.serialization`).

mod array;

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::State;
use crate::cursor::Cursor;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::payload::examine;
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

pub(crate) const MSGPACK: Format = Format {
    name: "msgpack",
    title: "MessagePack",
    extensions: &["msgpack"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&UNKNOWN_EXTENSION];

const UNKNOWN_EXTENSION: Rule = Rule {
    slug: "msgpack-unknown-extension",
    title: "Extension that Flax does not write",
    hazard: Hazard::Hidden,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "What it means is up to the program that reads it; some unpickle it.",
    remediation: "Find out which program wrote it, and what its reader does with it.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Deepest nesting. The parameters of a model are a dozen deep.
const DEEPEST: usize = 256;

/// Most bytes of a text or a run of bytes that are looked into.
const MOST_EXAMINED: u64 = 16 << 20;

/// Longest name of a tensor that is kept.
const LONGEST_NAME: usize = 240;

/// One value, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Other,
    Number(u64),
    Text(u64),
    Bytes(u64),
    Array(u64),
    Map(u64),
    Extension(i8, u64),
}

/// Reads the head of a value; what is in it comes next.
pub(super) fn value(cursor: &mut Cursor<'_>) -> Result<Value, Stop> {
    let at = cursor.position();
    let first = cursor.byte()?;
    let signed = |byte: u8| i8::from_le_bytes([byte]);
    let short = |cursor: &mut Cursor<'_>| {
        cursor
            .array()
            .map(|bytes| u64::from(u16::from_be_bytes(bytes)))
    };
    let long = |cursor: &mut Cursor<'_>| cursor.u32_be().map(u64::from);
    Ok(match first {
        0x00..=0x7f => Value::Number(u64::from(first)),
        0x80..=0x8f => Value::Map(u64::from(first & 15)),
        0x90..=0x9f => Value::Array(u64::from(first & 15)),
        0xa0..=0xbf => Value::Text(u64::from(first & 31)),
        0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => Value::Other,
        0xc1 => return Err(Stop::malformed(at, "0xc1 starts no value")),
        0xc4 => Value::Bytes(u64::from(cursor.byte()?)),
        0xc5 => Value::Bytes(short(cursor)?),
        0xc6 => Value::Bytes(long(cursor)?),
        0xc7 => {
            let length = u64::from(cursor.byte()?);
            Value::Extension(signed(cursor.byte()?), length)
        }
        0xc8 => {
            let length = short(cursor)?;
            Value::Extension(signed(cursor.byte()?), length)
        }
        0xc9 => {
            let length = long(cursor)?;
            Value::Extension(signed(cursor.byte()?), length)
        }
        0xca | 0xd2 => skipped(cursor, 4)?,
        0xcb | 0xd3 => skipped(cursor, 8)?,
        0xcc => Value::Number(u64::from(cursor.byte()?)),
        0xcd => Value::Number(short(cursor)?),
        0xce => Value::Number(long(cursor)?),
        0xcf => Value::Number(cursor.u64_be()?),
        0xd0 => skipped(cursor, 1)?,
        0xd1 => skipped(cursor, 2)?,
        0xd4..=0xd8 => Value::Extension(signed(cursor.byte()?), 1 << (first - 0xd4)),
        0xd9 => Value::Text(u64::from(cursor.byte()?)),
        0xda => Value::Text(short(cursor)?),
        0xdb => Value::Text(long(cursor)?),
        0xdc => Value::Array(short(cursor)?),
        0xdd => Value::Array(long(cursor)?),
        0xde => Value::Map(short(cursor)?),
        0xdf => Value::Map(long(cursor)?),
    })
}

fn skipped(cursor: &mut Cursor<'_>, length: u64) -> Result<Value, Stop> {
    cursor.skip(length)?;
    Ok(Value::Other)
}

/// A map whose first name is readable, and whose grammar holds as far as the head goes.
fn probe(probe: &Probe<'_>) -> Likeness {
    /// Values that are enough to be sure.
    const ENOUGH: usize = 64;

    let mut cursor = Cursor::new(&probe.head, 0);
    let Ok(Value::Map(count @ 1..)) = value(&mut cursor) else {
        return Likeness::No;
    };
    let Ok(Value::Text(length @ 1..=256)) = value(&mut cursor) else {
        return Likeness::No;
    };
    let Ok(name) = cursor.bytes(usize::try_from(length).unwrap_or(0)) else {
        return Likeness::No;
    };
    if !name.iter().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return Likeness::No;
    }
    let is_whole = probe.size == probe.head.len() as u64;
    let mut left = count.saturating_mul(2) - 1;
    for seen in 0.. {
        if left == 0 || seen == ENOUGH {
            return Likeness::Possible;
        }
        let inside = match value(&mut cursor) {
            Ok(Value::Map(count)) => {
                left = left.saturating_add(count.saturating_mul(2));
                0
            }
            Ok(Value::Array(count)) => {
                left = left.saturating_add(count);
                0
            }
            Ok(Value::Text(length) | Value::Bytes(length) | Value::Extension(_, length)) => length,
            Ok(_) => 0,
            Err(Stop::Malformed { message, .. }) if message.starts_with("0xc1") => {
                return Likeness::No;
            }
            Err(_) if is_whole || seen < 1 => return Likeness::No,
            Err(_) => return Likeness::Possible,
        };
        left -= 1;
        if cursor.skip(inside).is_err() {
            let reaches = inside <= probe.size;
            return if reaches && !is_whole {
                Likeness::Possible
            } else {
                Likeness::No
            };
        }
    }
    Likeness::No
}

/// A map or array that is being read.
struct Level {
    /// Values that are left in it, names included.
    left: u64,
    is_map: bool,
    /// Length of the path without what is in it.
    path: usize,
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(0);
    let read = read(visit, &mut cursor);
    visit.cover(0..cursor.position(), State::Scanned);
    read
}

fn read(visit: &mut Visit<'_>, cursor: &mut Cursor<'_>) -> Result<(), Stop> {
    let mut examiner = Examiner::default();
    let mut levels: Vec<Level> = Vec::new();
    let mut path = String::new();
    let mut is_root = true;
    loop {
        if !std::mem::take(&mut is_root) {
            let Some(level) = levels.last_mut() else {
                return Ok(());
            };
            path.truncate(level.path);
            if level.left == 0 {
                levels.pop();
                continue;
            }
            level.left -= 1;
            if level.is_map {
                level.left -= 1;
                name(visit, cursor, &mut path)?;
            }
        }
        let at = cursor.position();
        visit.work(1)?;
        match value(cursor)? {
            Value::Other | Value::Number(_) => {}
            Value::Map(count) => open(
                &mut levels,
                cursor,
                count.saturating_mul(2),
                true,
                &path,
                at,
            )?,
            Value::Array(count) => open(&mut levels, cursor, count, false, &path, at)?,
            Value::Text(length) | Value::Bytes(length) => {
                let range = run(cursor, length)?;
                constant(visit, range)?;
            }
            Value::Extension(kind, length) => {
                let range = run(cursor, length)?;
                extension(visit, &mut examiner, kind, range, &path)?;
            }
        }
    }
}

fn open(
    levels: &mut Vec<Level>,
    cursor: &Cursor<'_>,
    left: u64,
    is_map: bool,
    path: &str,
    at: u64,
) -> Result<(), Stop> {
    if left > cursor.remaining() {
        return Err(Stop::malformed(
            at,
            format!("{left} values are announced and fewer bytes are left"),
        ));
    }
    if levels.len() >= DEEPEST {
        return Err(Stop::malformed(
            at,
            format!("nested more than {DEEPEST} deep"),
        ));
    }
    levels.push(Level {
        left,
        is_map,
        path: path.len(),
    });
    Ok(())
}

/// A name in a map: text of any length, or another value.
fn name(visit: &mut Visit<'_>, cursor: &mut Cursor<'_>, path: &mut String) -> Result<(), Stop> {
    let at = cursor.position();
    match value(cursor)? {
        Value::Text(length) | Value::Bytes(length) => {
            let range = run(cursor, length)?;
            if length <= LONGEST_NAME as u64 && path.len() < LONGEST_NAME {
                let bytes = visit.read(range)?;
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(&String::from_utf8_lossy(&bytes));
            } else {
                constant(visit, range)?;
            }
            Ok(())
        }
        Value::Other | Value::Number(_) => Ok(()),
        _ => Err(Stop::malformed(at, "a name in a map is not text")),
    }
}

/// The run of bytes that comes next.
fn run(cursor: &mut Cursor<'_>, length: u64) -> Result<Range<u64>, Stop> {
    let start = cursor.position();
    cursor.skip(length)?;
    Ok(start..start + length)
}

fn constant(visit: &mut Visit<'_>, range: Range<u64>) -> Result<(), Stop> {
    let length = range.end - range.start;
    if length < 8 {
        return Ok(());
    }
    if length > MOST_EXAMINED {
        visit.cover(range, State::Data);
        return Ok(());
    }
    let bytes = visit.read(range.clone())?;
    examine(visit, &bytes, range);
    Ok(())
}

fn extension(
    visit: &mut Visit<'_>,
    examiner: &mut Examiner,
    kind: i8,
    range: Range<u64>,
    path: &str,
) -> Result<(), Stop> {
    let is_known = match kind {
        1 | 3 => array::array(visit, examiner, range.clone(), path)?,
        // Two floats in an array; a time.
        2 => range.end - range.start == 19,
        -1 => matches!(range.end - range.start, 4 | 8 | 12),
        _ => false,
    };
    if !is_known {
        let message = format!("an extension of type {kind} in `{}`", excerpt(path, 80));
        visit.report_about(
            &UNKNOWN_EXTENSION,
            Some(range.clone()),
            &kind.to_string(),
            message,
        );
        constant(visit, range)?;
    }
    Ok(())
}
