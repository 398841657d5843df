//! FlatBuffers: tables that point to tables, read in place, every pointer checked.
//!
//! A table starts with the distance to its list of offsets; strings and vectors start with
//! their length. What a schema leads to is claimed. Small gaps between that are alignment
//! and options of operators; larger ones stay unclaimed.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::coverage::State;
use crate::stop::Stop;
use crate::visit::Visit;

/// Deepest nesting of tables; the reference verifier stops at the same.
const DEEPEST: u32 = 64;

/// Longest gap that alignment and small tables explain.
const LONGEST_GAP: u64 = 1024;

/// Longest text that is looked at.
const LONGEST_TEXT: u64 = 4096;

/// Bytes of a page of the cache, and how many pages there are.
const PAGE: u64 = 4096;
const PAGES: u64 = 64;

/// What a field of a table holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A number in the table itself, or nothing that is followed.
    Number,
    Text,
    /// A vector of numbers of this many bytes.
    Numbers(u64),
    Table(&'static Schema),
    Tables(&'static Schema),
}

/// Fields of a table, in order.
#[derive(Debug)]
pub(crate) struct Schema(pub(crate) &'static [Kind]);

/// A table of which only the place is known.
pub(crate) static OPAQUE: Schema = Schema(&[]);

/// A table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    at: u64,
    offsets: u64,
    offsets_length: u64,
    length: u64,
}

/// Reads one buffer.
pub(crate) struct Buffer<'r, 'v> {
    pub(crate) visit: &'r mut Visit<'v>,
    pages: Vec<(u64, Vec<u8>)>,
    claims: Vec<Range<u64>>,
    seen: BTreeSet<u64>,
}

impl<'r, 'v> Buffer<'r, 'v> {
    pub(crate) fn new(visit: &'r mut Visit<'v>) -> Self {
        Self {
            visit,
            pages: vec![(u64::MAX, Vec::new()); usize::try_from(PAGES).unwrap_or(1)],
            // The place of the root, and the identifier.
            claims: Vec::from([Range { start: 0, end: 8 }]),
            seen: BTreeSet::new(),
        }
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> Result<[u8; N], Stop> {
        let mut array = [0; N];
        for (place, byte) in (at..).zip(array.iter_mut()) {
            *byte = self.byte(place)?;
        }
        Ok(array)
    }

    fn byte(&mut self, at: u64) -> Result<u8, Stop> {
        let outside = || Stop::malformed(at, "something is said to be behind the end");
        let page = at / PAGE;
        let size = self.visit.size();
        let slot = usize::try_from(page % PAGES).unwrap_or(0);
        if at >= size {
            return Err(outside());
        }
        let source = self.visit.source();
        let (held, bytes) = self.pages.get_mut(slot).ok_or_else(outside)?;
        if *held != page {
            let start = page * PAGE;
            let length = size.saturating_sub(start).min(PAGE);
            bytes.clear();
            bytes.resize(usize::try_from(length).unwrap_or(0), 0);
            *held = u64::MAX;
            source.read_at(start, bytes)?;
            *held = page;
        }
        let place = usize::try_from(at % PAGE).unwrap_or(0);
        bytes.get(place).copied().ok_or_else(outside)
    }

    fn u16(&mut self, at: u64) -> Result<u64, Stop> {
        Ok(u64::from(u16::from_le_bytes(self.bytes(at)?)))
    }

    fn u32(&mut self, at: u64) -> Result<u64, Stop> {
        Ok(u64::from(u32::from_le_bytes(self.bytes(at)?)))
    }

    /// The table that everything else hangs on.
    pub(crate) fn root(&mut self) -> Result<Table, Stop> {
        let at = self.u32(0)?;
        self.table(at)
    }

    fn table(&mut self, at: u64) -> Result<Table, Stop> {
        self.visit.work(1)?;
        let size = self.visit.size();
        let wrong = || Stop::malformed(at, "a table does not fit");
        let back = i64::from(i32::from_le_bytes(self.bytes(at)?));
        let offsets = i64::try_from(at)
            .ok()
            .and_then(|at| at.checked_sub(back))
            .and_then(|offsets| u64::try_from(offsets).ok())
            .ok_or_else(wrong)?;
        let offsets_length = self.u16(offsets)?;
        let length = self.u16(offsets + 2)?;
        if offsets_length < 4
            || offsets_length % 2 != 0
            || length < 4
            || offsets + offsets_length > size
            || at + length > size
        {
            return Err(wrong());
        }
        self.claims.push(offsets..offsets + offsets_length);
        self.claims.push(at..at + length);
        Ok(Table {
            at,
            offsets,
            offsets_length,
            length,
        })
    }

    /// Where a field is; none if the table leaves it out.
    fn field(&mut self, table: Table, index: u64) -> Result<Option<u64>, Stop> {
        let slot = 4 + index * 2;
        if slot + 2 > table.offsets_length {
            return Ok(None);
        }
        match self.u16(table.offsets + slot)? {
            0 => Ok(None),
            offset if offset < table.length => Ok(Some(table.at + offset)),
            _ => Err(Stop::malformed(table.at, "a field is outside of its table")),
        }
    }

    pub(crate) fn number<const N: usize>(&mut self, table: Table, index: u64) -> Result<u64, Stop> {
        let Some(at) = self.field(table, index)? else {
            return Ok(0);
        };
        let bytes: [u8; N] = self.bytes(at)?;
        let shifted = bytes.iter().rev();
        Ok(shifted.fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn target(&mut self, at: u64) -> Result<u64, Stop> {
        let distance = self.u32(at)?;
        if distance == 0 {
            return Err(Stop::malformed(at, "a pointer leads to itself"));
        }
        Ok(at + distance)
    }

    /// Where the elements of a vector are.
    pub(crate) fn vector(
        &mut self,
        table: Table,
        index: u64,
        width: u64,
    ) -> Result<Option<Range<u64>>, Stop> {
        match self.field(table, index)? {
            Some(at) => self.vector_at(at, width).map(Some),
            None => Ok(None),
        }
    }

    fn vector_at(&mut self, at: u64, width: u64) -> Result<Range<u64>, Stop> {
        let start = self.target(at)?;
        let count = self.u32(start)?;
        let end = start + 4 + count * width;
        if end > self.visit.size() {
            return Err(Stop::malformed(start, "a vector ends behind the end"));
        }
        self.claims.push(start..end);
        Ok(start + 4..end)
    }

    pub(crate) fn text(&mut self, table: Table, index: u64) -> Result<Option<String>, Stop> {
        let Some(range) = self.vector(table, index, 1)? else {
            return Ok(None);
        };
        self.claims
            .push(range.end..(range.end + 1).min(self.visit.size()));
        let end = range.end.min(range.start + LONGEST_TEXT);
        let bytes = self.visit.read(range.start..end)?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    pub(crate) fn child(&mut self, table: Table, index: u64) -> Result<Option<Table>, Stop> {
        let Some(at) = self.field(table, index)? else {
            return Ok(None);
        };
        let at = self.target(at)?;
        self.table(at).map(Some)
    }

    /// The tables of a vector.
    pub(crate) fn children(&mut self, table: Table, index: u64) -> Result<Vec<Table>, Stop> {
        let Some(range) = self.vector(table, index, 4)? else {
            return Ok(Vec::new());
        };
        self.visit.work((range.end - range.start) / 4)?;
        let mut tables = Vec::new();
        for at in range.step_by(4) {
            let at = self.target(at)?;
            tables.push(self.table(at)?);
        }
        Ok(tables)
    }

    /// Numbers of four bytes.
    pub(crate) fn numbers(&mut self, table: Table, index: u64) -> Result<Vec<u64>, Stop> {
        const MOST: usize = 64;
        let Some(range) = self.vector(table, index, 4)? else {
            return Ok(Vec::new());
        };
        range.step_by(4).take(MOST).map(|at| self.u32(at)).collect()
    }

    /// Claims all that a schema leads to.
    pub(crate) fn walk(&mut self, table: Table, schema: &Schema) -> Result<(), Stop> {
        self.walk_at(table, schema, 0)
    }

    fn walk_at(&mut self, table: Table, schema: &Schema, depth: u32) -> Result<(), Stop> {
        if depth > DEEPEST {
            return Err(Stop::malformed(table.at, "tables are nested too deeply"));
        }
        if !self.seen.insert(table.at) {
            return Ok(());
        }
        for (index, kind) in (0..).zip(schema.0) {
            match kind {
                Kind::Number => {}
                Kind::Text => {
                    self.text(table, index)?;
                }
                Kind::Numbers(width) => {
                    self.vector(table, index, *width)?;
                }
                Kind::Table(schema) => {
                    if let Some(child) = self.child(table, index)? {
                        self.walk_at(child, schema, depth + 1)?;
                    }
                }
                Kind::Tables(schema) => {
                    for child in self.children(table, index)? {
                        self.walk_at(child, schema, depth + 1)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Claims bytes that something outside of the tables says are there.
    pub(crate) fn data(&mut self, range: Range<u64>) {
        self.visit.cover(range.clone(), State::Data);
        self.claims.push(range);
    }

    /// Tells the visit what was read; where it ends.
    pub(crate) fn settle(&mut self) -> u64 {
        let size = self.visit.size();
        let mut claims = std::mem::take(&mut self.claims);
        claims.sort_by_key(|range| range.start);
        let mut start = 0;
        let mut end = 0;
        for claim in claims {
            if claim.start > end + LONGEST_GAP {
                self.visit.cover(start..end, State::Scanned);
                start = claim.start;
            }
            end = end.max(claim.end.min(size));
        }
        self.visit.cover(start..end, State::Scanned);
        end
    }
}
