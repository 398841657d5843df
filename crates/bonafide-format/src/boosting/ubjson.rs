//! UBJSON (draft 12), as XGBoost writes it. Keys and strings have lengths; arrays may say
//! their type and length first.

use super::{BROKEN_TREE, tree};
use crate::coverage::State;
use crate::cursor::Cursor;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const UBJSON: Format = Format {
    name: "ubjson",
    title: "UBJSON",
    extensions: &["ubj"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// Deepest nesting.
const DEEPEST: usize = 64;

/// Longest key or value that is kept.
const LONGEST: u64 = 200;

/// An object whose first key has a length in some type of number, and is readable.
fn probe(probe: &Probe<'_>) -> Likeness {
    let mut cursor = Cursor::new(&probe.head, 0);
    if !matches!(cursor.byte(), Ok(b'{')) {
        return Likeness::No;
    }
    let Ok(marker @ (b'i' | b'U' | b'I' | b'l' | b'L')) = cursor.byte() else {
        return Likeness::No;
    };
    let Ok(Some(length @ 1..=200)) = number(&mut cursor, marker) else {
        return Likeness::No;
    };
    let key = cursor.bytes(usize::try_from(length).unwrap_or(0));
    let readable = |key: &[u8]| key.iter().all(|byte| matches!(byte, 0x20..=0x7e));
    let is_key = key.is_ok_and(readable);
    match cursor.byte() {
        Ok(
            b'{' | b'[' | b'S' | b'i' | b'U' | b'I' | b'l' | b'L' | b'd' | b'D' | b'T' | b'F'
            | b'Z',
        ) if is_key => Likeness::Possible,
        _ => Likeness::No,
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(0);
    let mut reader = Reader {
        visit,
        left: Vec::new(),
        trees: 0,
    };
    let read = cursor
        .byte()
        .and_then(|marker| reader.value(&mut cursor, marker, "", 0));
    let trees = reader.trees;
    visit.cover(0..cursor.position(), State::Scanned);
    if trees > 0 {
        visit.facts().add_producer("xgboost");
        visit.facts().add_metadata("trees", &trees.to_string());
    }
    read
}

/// A whole number of this type; none for one that is negative.
fn number(cursor: &mut Cursor<'_>, marker: u8) -> Result<Option<i64>, Stop> {
    let at = cursor.position();
    Ok(Some(match marker {
        b'i' => i64::from(i8::from_be_bytes(cursor.array()?)),
        b'U' => i64::from(cursor.byte()?),
        b'I' => i64::from(i16::from_be_bytes(cursor.array()?)),
        b'l' => i64::from(i32::from_be_bytes(cursor.array()?)),
        b'L' => i64::from_be_bytes(cursor.array()?),
        b'd' => return cursor.skip(4).map(|()| None),
        b'D' => return cursor.skip(8).map(|()| None),
        other => {
            return Err(Stop::malformed(
                at,
                format!("there is no number of type {other:#04x}"),
            ));
        }
    }))
}

fn length(cursor: &mut Cursor<'_>) -> Result<u64, Stop> {
    let at = cursor.position();
    let marker = cursor.byte()?;
    let length = number(cursor, marker)?.and_then(|length| u64::try_from(length).ok());
    length.ok_or_else(|| Stop::malformed(at, "a length is no number of bytes"))
}

struct Reader<'r, 'v> {
    visit: &'r mut Visit<'v>,
    /// Left children of the tree that is being read.
    left: Vec<i64>,
    trees: u64,
}

impl Reader<'_, '_> {
    fn value(
        &mut self,
        cursor: &mut Cursor<'_>,
        marker: u8,
        key: &str,
        depth: usize,
    ) -> Result<(), Stop> {
        let at = cursor.position();
        if depth > DEEPEST {
            return Err(Stop::malformed(
                at,
                format!("nested more than {DEEPEST} deep"),
            ));
        }
        self.visit.work(4)?;
        match marker {
            b'Z' | b'N' | b'T' | b'F' => Ok(()),
            b'C' => cursor.skip(1),
            b'S' | b'H' => {
                let length = length(cursor)?;
                if length > LONGEST {
                    let start = cursor.position();
                    cursor.skip(length)?;
                    if length <= 16 << 20 {
                        let bytes = self.visit.read(start..start + length)?;
                        crate::payload::examine(self.visit, &bytes, start..start + length);
                    }
                    return Ok(());
                }
                let bytes = cursor.bytes(usize::try_from(length).unwrap_or(0))?;
                if key == "name" {
                    let name = String::from_utf8_lossy(bytes).into_owned();
                    self.visit.facts().add_architecture(&name);
                }
                Ok(())
            }
            b'[' => self.array(cursor, key, depth),
            b'{' => self.object(cursor, depth),
            _ => number(cursor, marker).map(drop),
        }
    }

    fn array(&mut self, cursor: &mut Cursor<'_>, key: &str, depth: usize) -> Result<(), Stop> {
        let start = cursor.position();
        let is_children = matches!(key, "left_children" | "right_children");
        let mut children = Vec::new();
        let (kind, count) = head(cursor)?;
        match (kind, count) {
            (Some(kind), Some(count)) => {
                let width = match kind {
                    b'i' | b'U' | b'C' => 1,
                    b'I' => 2,
                    b'l' | b'd' => 4,
                    b'L' | b'D' => 8,
                    _ => return Err(Stop::unsupported("an array of other types than numbers")),
                };
                if count > cursor.remaining() / width {
                    return Err(Stop::malformed(
                        start,
                        format!("{count} numbers are announced and fewer are left"),
                    ));
                }
                if is_children {
                    self.visit.work(count)?;
                    for _ in 0..count {
                        children.push(number(cursor, kind)?.unwrap_or(i64::MIN));
                    }
                } else {
                    cursor.skip(count * width)?;
                }
            }
            (_, count) => {
                let mut left = count.unwrap_or(u64::MAX);
                while left > 0 {
                    let marker = cursor.byte()?;
                    if count.is_none() && marker == b']' {
                        break;
                    }
                    left -= 1;
                    if is_children {
                        self.visit.work(4)?;
                        children.push(number(cursor, marker)?.unwrap_or(i64::MIN));
                    } else {
                        self.value(cursor, marker, "", depth + 1)?;
                    }
                }
            }
        }
        match key {
            // Keys are written in order: the left come first.
            "left_children" => self.left = children,
            "right_children" => {
                if let Some(fault) = tree::fault(&self.left, &children) {
                    let message = format!("tree {}: {fault}", self.trees);
                    let range = start..cursor.position();
                    self.visit.report(&BROKEN_TREE, Some(range), message);
                }
                self.left.clear();
                self.trees += 1;
            }
            _ => {}
        }
        Ok(())
    }

    fn object(&mut self, cursor: &mut Cursor<'_>, depth: usize) -> Result<(), Stop> {
        let (kind, count) = head(cursor)?;
        let mut left = count.unwrap_or(u64::MAX);
        while left > 0 {
            if count.is_none() && cursor.peek(1)? == b"}" {
                cursor.skip(1)?;
                break;
            }
            left -= 1;
            let length = length(cursor)?;
            let key = if length <= LONGEST {
                let bytes = cursor.bytes(usize::try_from(length).unwrap_or(0))?;
                String::from_utf8_lossy(bytes).into_owned()
            } else {
                cursor.skip(length)?;
                String::new()
            };
            let marker = match kind {
                Some(kind) => kind,
                None => cursor.byte()?,
            };
            self.value(cursor, marker, &key, depth + 1)?;
        }
        Ok(())
    }
}

/// Type and number of what comes, as far as they are told first.
fn head(cursor: &mut Cursor<'_>) -> Result<(Option<u8>, Option<u64>), Stop> {
    let mut kind = None;
    let mut count = None;
    if cursor.peek(1)? == b"$" {
        cursor.skip(1)?;
        kind = Some(cursor.byte()?);
    }
    if cursor.peek(1)? == b"#" {
        cursor.skip(1)?;
        count = Some(length(cursor)?);
    }
    if kind.is_some() && count.is_none() {
        return Err(Stop::malformed(
            cursor.position(),
            "a type without a number of values",
        ));
    }
    Ok((kind, count))
}
