//! Entries of records that come in any order, each put in its place on disk.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::{Mutex, PoisonError};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

/// Records of a chunk; a power of two, so that a full chunk is a perfect tree.
pub(super) const CHUNK: u64 = 1_024;

/// A file without a name, where the budget says.
pub(super) fn unnamed(budget: &DatasetBudget) -> Result<File, DatasetError> {
    let file = match &budget.spill {
        Some(folder) => tempfile::tempfile_in(folder),
        None => tempfile::tempfile(),
    };
    file.map_err(|error| failed(&error))
}

/// The disk did not take or give back what was spilled.
pub(super) fn failed(error: &io::Error) -> DatasetError {
    DatasetError::Spill {
        reason: error.to_string(),
    }
}

/// Entries by shard and number of the record. How many records a shard has need not be
/// known before: chunks get their places as they come, and shards with few records leave
/// holes that take no disk.
#[derive(Debug)]
pub(super) struct Spill {
    file: File,
    width: usize,
    chunks: Mutex<Chunks>,
}

#[derive(Debug, Default)]
struct Chunks {
    places: HashMap<(usize, u64), Chunk>,
}

/// Where a chunk is, and how many of its records came.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    place: u64,
    records: u64,
}

impl Spill {
    /// For entries of `width` bytes.
    pub(super) fn new(width: usize, budget: &DatasetBudget) -> Result<Self, DatasetError> {
        Ok(Self {
            file: unnamed(budget)?,
            width,
            chunks: Mutex::default(),
        })
    }

    /// Bytes of a chunk.
    const fn stride(&self) -> u64 {
        CHUNK * self.width as u64
    }

    /// Puts entries of records that are next to each other, from `first` on.
    pub(super) fn put(&self, shard: usize, first: u64, entries: &[u8]) -> Result<(), DatasetError> {
        let mut first = first;
        let mut rest = entries;
        while !rest.is_empty() {
            let (chunk, inside) = (first / CHUNK, first % CHUNK);
            let room = usize::try_from(CHUNK - inside).unwrap_or(usize::MAX);
            let (piece, after) = rest.split_at(rest.len().min(room * self.width));
            let records = (piece.len() / self.width) as u64;
            let place = self.place(shard, chunk, records);
            self.file
                .write_all_at(piece, place + inside * self.width as u64)
                .map_err(|error| failed(&error))?;
            first = first.saturating_add(records);
            rest = after;
        }
        Ok(())
    }

    fn place(&self, shard: usize, chunk: u64, records: u64) -> u64 {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        let next = chunks.places.len() as u64 * self.stride();
        let found = chunks.places.entry((shard, chunk)).or_insert(Chunk {
            place: next,
            records: 0,
        });
        found.records += records;
        found.place
    }

    /// How many records of a chunk came.
    fn chunk(&self, shard: usize, chunk: u64) -> Option<Chunk> {
        let chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        chunks.places.get(&(shard, chunk)).copied()
    }

    /// True if just the first `records` records of a shard came, each once.
    pub(super) fn is_complete(&self, shard: usize, records: u64) -> bool {
        (0..records.div_ceil(CHUNK)).all(|chunk| {
            let expected = CHUNK.min(records - chunk * CHUNK);
            self.chunk(shard, chunk)
                .is_some_and(|chunk| chunk.records == expected)
        })
    }

    /// Reads the entries of a chunk of a shard that has so many records.
    pub(super) fn read(
        &self,
        shard: usize,
        records: u64,
        chunk: u64,
        out: &mut Vec<u8>,
    ) -> Result<(), DatasetError> {
        out.clear();
        let count = CHUNK.min(records.saturating_sub(chunk * CHUNK));
        let Some(found) = self.chunk(shard, chunk) else {
            return Ok(());
        };
        out.resize(usize::try_from(count).unwrap_or(0) * self.width, 0);
        self.file
            .read_exact_at(out, found.place)
            .map_err(|error| failed(&error))
    }
}
