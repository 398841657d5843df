//! JSON Lines, and one array of objects.
//!
//! Types are decided over the whole file, in a first pass that also finds places from
//! which it can be read by several workers: deciding after some lines would make the
//! answer depend on where a value of another type is. A member that is missing is null.

mod columns;
mod split;
#[cfg(test)]
mod tests;
mod text;

use std::str;

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::decompress::{Compression, stream};
use super::input::{Input, Sequential};
use super::source::{BATCH_BYTES, Emit, Opened, Source, Wanted, batch_of};
use columns::{Builder, Kind, Names};
use split::{Piece, Splitter};
use text::{JsonText, TWICE};

/// What a file called `.json` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One array of objects, or of nothing.
    Array,
    /// An object on each line.
    Lines,
    /// One array of other things.
    Other,
    /// One object.
    Document,
    /// No array and no object.
    Wrong,
}

/// By the beginning of a file: an object on the first line and another one behind it make
/// lines.
pub(super) fn shape(head: &[u8]) -> Shape {
    let head = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    match head.split_first() {
        Some((b'[', rest)) => match rest.trim_ascii_start().first() {
            Some(b'{' | b']') | None => Shape::Array,
            Some(_) => Shape::Other,
        },
        Some((b'{', _)) => {
            let end = memchr::memchr(b'\n', head).unwrap_or(head.len());
            let (first, rest) = head.split_at_checked(end).unwrap_or((head, &[]));
            let text = str::from_utf8(first).unwrap_or_default();
            let whole = JsonText::new(text).object(&mut |_, _| Ok(())).is_ok();
            match whole && rest.trim_ascii_start().starts_with(b"{") {
                true => Shape::Lines,
                false => Shape::Document,
            }
        }
        _ => Shape::Wrong,
    }
}

/// Workers begin so many bytes apart.
const UNIT_BYTES: u64 = 8 << 20;

/// One file.
struct JsonFile<'f> {
    input: Input<'f>,
    compression: Option<Compression>,
    array: bool,
    budget: DatasetBudget,
    names: Names,
    kinds: Vec<Kind>,
    marks: Vec<Mark>,
    records: u64,
}

/// A record from which reading can begin.
#[derive(Clone, Copy)]
struct Mark {
    offset: u64,
    line: u64,
    record: u64,
}

/// Reads the whole file once.
pub(super) fn open<'f>(
    input: Input<'f>,
    split: Option<String>,
    compression: Option<Compression>,
    array: bool,
    budget: &DatasetBudget,
) -> Result<Opened<'f>, DatasetError> {
    let reader = stream(&input, compression, budget)?;
    let mut pieces = Splitter::new(&input, reader, array, 0, 1, budget);
    let mut names = Names::default();
    // In which record each column was last seen, counted from one.
    let mut last: Vec<u64> = Vec::new();
    let mut records = 0_u64;
    let mut marks: Vec<Mark> = Vec::new();
    while let Some(piece) = pieces.next()? {
        let from = marks.last().map_or(0, |mark| mark.offset);
        let apart = piece.offset.saturating_sub(from) >= UNIT_BYTES;
        if marks.is_empty() || (apart && compression.is_none() && !array) {
            marks.push(Mark {
                offset: piece.offset,
                line: piece.line,
                record: records,
            });
        }
        records += 1;
        let mut guess = 0;
        members(&input, &piece, &mut |name, value| {
            let position = names.add(name, guess, &value);
            last.resize(names.len().max(last.len()), 0);
            guess = position + 1;
            match last.get_mut(position) {
                Some(last) if *last == records => Err(TWICE),
                Some(last) => {
                    *last = records;
                    Ok(())
                }
                None => Ok(()),
            }
        })?;
        let at = || format!("line {}", piece.line);
        if names.len() > budget.columns {
            let reason = format!("more than {} columns (columns)", budget.columns);
            return Err(input.over(at(), reason));
        }
        if names.bytes() > budget.metadata_bytes {
            let most = budget.metadata_bytes;
            let reason = format!("names of more than {most} bytes (metadata_bytes)");
            return Err(input.over(at(), reason));
        }
        if records > budget.records {
            let reason = format!("more than {} records (records)", budget.records);
            return Err(input.over(at(), reason));
        }
    }
    let cells = records.saturating_mul(names.len() as u64);
    let by_ratio = input.size.saturating_mul(budget.expansion);
    let most = by_ratio.max(budget.expanded_bytes);
    if cells > most {
        let columns = names.len();
        let reason = format!(
            "{records} records of {columns} columns in {} bytes; {most} values are allowed \
             (expansion, expanded_bytes)",
            input.size
        );
        return Err(input.over("", reason));
    }
    let schema = names.schema();
    Ok(Opened {
        name: input.name.clone(),
        format: if array { "json" } else { "jsonl" },
        split,
        schema,
        declared: Some(records),
        source: Box::new(JsonFile {
            input,
            compression,
            array,
            budget: budget.clone(),
            kinds: names.kinds(),
            names,
            marks,
            records,
        }),
    })
}

/// Calls `visit` with every member of a record.
fn members(
    input: &Input<'_>,
    piece: &Piece<'_>,
    visit: &mut dyn FnMut(&str, text::Value<'_>) -> Result<(), &'static str>,
) -> Result<(), DatasetError> {
    let at = || format!("line {}", piece.line);
    let Ok(text) = str::from_utf8(piece.bytes) else {
        return Err(input.malformed(at(), "it is not UTF-8"));
    };
    let mut json = JsonText::new(text);
    let read = json.object(&mut |name, value| visit(&name, value));
    read.map_err(|reason| {
        let at = format!("line {}, byte {}", piece.line, json.position() + 1);
        input.malformed(at, reason)
    })
}

/// Columns that are being filled.
struct Rows<'w> {
    wanted: &'w Wanted,
    /// For each column of the file, the one of the batch.
    targets: Vec<Option<usize>>,
    builders: Vec<Builder>,
    /// In which record each column of the file was last filled, counted from one.
    filled: Vec<u64>,
    rows: usize,
    bytes: u64,
}

impl<'w> Rows<'w> {
    fn new(wanted: &'w Wanted, kinds: &[Kind]) -> Self {
        let mut targets = vec![None; kinds.len()];
        let mut builders = Vec::new();
        for position in &wanted.columns {
            if let (Some(target), Some(kind)) = (targets.get_mut(*position), kinds.get(*position)) {
                *target = Some(builders.len());
                builders.push(Builder::new(*kind));
            }
        }
        Self {
            wanted,
            targets,
            builders,
            filled: vec![0; kinds.len()],
            rows: 0,
            bytes: 0,
        }
    }

    fn finish(&mut self) -> Result<arrow_array::RecordBatch, String> {
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        let batch = batch_of(&self.wanted.schema, columns, self.rows);
        self.rows = 0;
        self.bytes = 0;
        batch
    }
}

impl Source for JsonFile<'_> {
    fn units(&self) -> usize {
        self.marks.len()
    }

    fn read(&self, unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError> {
        let Some(mark) = self.marks.get(unit).copied() else {
            return Ok(());
        };
        let end = self
            .marks
            .get(unit + 1)
            .map(|next| (next.offset, next.record));
        let reader: Box<dyn std::io::Read> = match unit {
            0 => stream(&self.input, self.compression, &self.budget)?,
            _ => Box::new(Sequential::open(&self.input, mark.offset)?),
        };
        let (offset, line) = match unit {
            0 => (0, 1),
            _ => (mark.offset, mark.line),
        };
        let mut pieces = Splitter::new(&self.input, reader, self.array, offset, line, &self.budget);
        let mut rows = Rows::new(wanted, &self.kinds);
        // A null that is nowhere in the file takes memory all the same.
        let width = wanted.columns.len() as u64 * 8;
        let mut first = mark.record;
        let mut record = mark.record;
        let last = end.map_or(self.records, |(_, record)| record);
        let changed = || self.input.malformed("", "it changed while it was read");
        while record < last {
            let piece = pieces.next()?.ok_or_else(changed)?;
            record += 1;
            let mut guess = 0;
            members(&self.input, &piece, &mut |name, value| {
                let position = self.names.position(name, guess);
                let position = position.ok_or("it changed while it was read")?;
                guess = position + 1;
                match rows.filled.get_mut(position) {
                    Some(filled) if *filled == record => return Err(TWICE),
                    Some(filled) => *filled = record,
                    None => {}
                }
                let target = rows.targets.get(position).copied().flatten();
                let builder = target.and_then(|target| rows.builders.get_mut(target));
                match builder.is_none_or(|builder| builder.add(&value)) {
                    true => Ok(()),
                    false => Err("it changed while it was read"),
                }
            })?;
            for (position, builder) in wanted.columns.iter().zip(&mut rows.builders) {
                if rows.filled.get(*position) != Some(&record) {
                    builder.null();
                }
            }
            rows.rows += 1;
            rows.bytes += (piece.bytes.len() as u64).saturating_add(width);
            if rows.rows >= self.budget.batch_records || rows.bytes >= BATCH_BYTES {
                let batch = rows
                    .finish()
                    .map_err(|reason| self.input.malformed("", reason))?;
                emit(first, batch)?;
                first = record;
            }
        }
        let more = end.is_none() && pieces.next()?.is_some();
        if more {
            return Err(changed());
        }
        if rows.rows > 0 {
            let batch = rows
                .finish()
                .map_err(|reason| self.input.malformed("", reason))?;
            emit(first, batch)?;
        }
        Ok(())
    }
}
