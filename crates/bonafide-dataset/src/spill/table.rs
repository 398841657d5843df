//! Rows of whole numbers, partitioned by the first bits of the first.

use std::sync::{Mutex, PoisonError};

use super::{Ledger, SpillFile};
use crate::DatasetError;

/// Partitions of a table: the next eight bits of the hash say which.
pub(crate) const PARTITIONS: usize = 256;

/// Bytes of a full chunk. Each worker fills one for each partition.
const CHUNK: u64 = 8 << 10;

/// Files of a table. More than one, so that workers seldom wait for each other.
const FILES: usize = 4;

/// Levels of partitions: the hash has 64 bits.
const LEVELS: u32 = 8;

/// Rows of `W` numbers each; the first is a hash that is spread evenly.
#[derive(Debug)]
pub(crate) struct Table<'l, const W: usize> {
    ledger: &'l Ledger,
    level: u32,
    chunk: usize,
    partitions: Vec<Mutex<Partition<W>>>,
    files: [SpillFile; FILES],
}

#[derive(Debug)]
struct Partition<const W: usize> {
    rows: u64,
    chunks: Vec<Box<[[u64; W]]>>,
    spilled: Vec<Spilled>,
}

/// Where a chunk is in its file.
#[derive(Debug, Clone, Copy)]
struct Spilled {
    at: u64,
    rows: usize,
}

impl<'l, const W: usize> Table<'l, W> {
    /// An empty table.
    pub(crate) fn new(ledger: &'l Ledger) -> Self {
        Self::at(ledger, 0)
    }

    /// One that parts by the eight bits after those of `level` tables above it; none if
    /// the hash has no bits left.
    pub(crate) fn below(&self) -> Option<Self> {
        let level = self.level + 1;
        (level < LEVELS).then(|| Self::at(self.ledger, level))
    }

    fn at(ledger: &'l Ledger, level: u32) -> Self {
        let width = (W as u64 * 8).max(1);
        // All open chunks together are at most a quarter of what a worker may use.
        let bytes = (ledger.share() / 4 / PARTITIONS as u64).min(CHUNK);
        Self {
            ledger,
            level,
            chunk: usize::try_from(bytes / width).unwrap_or(0).max(4),
            partitions: (0..PARTITIONS)
                .map(|_| {
                    Mutex::new(Partition {
                        rows: 0,
                        chunks: Vec::new(),
                        spilled: Vec::new(),
                    })
                })
                .collect(),
            files: Default::default(),
        }
    }

    /// The partition of a hash.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "eight bits are kept of it on purpose"
    )]
    pub(crate) const fn partition(&self, hash: u64) -> usize {
        (hash >> (56 - 8 * self.level)) as u8 as usize
    }

    /// Something that rows are written with; one for each worker.
    pub(crate) fn writer(&self) -> Writer<W> {
        Writer {
            buffers: vec![Vec::new(); PARTITIONS],
        }
    }

    /// Rows of a partition.
    pub(crate) fn rows(&self, partition: usize) -> u64 {
        self.partitions.get(partition).map_or(0, |partition| {
            partition
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .rows
        })
    }

    /// Rows of all partitions.
    pub(crate) fn all_rows(&self) -> u64 {
        (0..PARTITIONS).map(|partition| self.rows(partition)).sum()
    }

    /// Every row of a partition, in no special order, until `visit` says that it has
    /// seen enough (false). Nobody may write to the partition meanwhile.
    pub(crate) fn read(
        &self,
        partition: usize,
        mut visit: impl FnMut(&[[u64; W]]) -> Result<bool, DatasetError>,
    ) -> Result<(), DatasetError> {
        let (Some(held), Some(file)) = (
            self.partitions.get(partition),
            self.files.get(partition % FILES),
        ) else {
            return Ok(());
        };
        let held = held.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in &held.chunks {
            if !visit(chunk)? {
                return Ok(());
            }
        }
        let (mut bytes, mut rows) = (Vec::new(), Vec::new());
        for spilled in &held.spilled {
            bytes.resize(spilled.rows.saturating_mul(W * 8), 0);
            file.read(spilled.at, &mut bytes)?;
            rows.clear();
            let (words, _) = bytes.as_chunks::<8>();
            let (records, _) = words.as_chunks::<W>();
            rows.extend(records.iter().map(|row| row.map(u64::from_le_bytes)));
            if !visit(&rows)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Forgets the rows of a partition and gives their memory back.
    pub(crate) fn clear(&self, partition: usize) {
        if let Some(held) = self.partitions.get(partition) {
            let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
            self.ledger.give(bytes_of(&held.chunks));
            held.chunks = Vec::new();
            held.spilled = Vec::new();
            held.rows = 0;
        }
    }

    /// Takes over a chunk that a writer has filled.
    fn put(&self, partition: usize, chunk: Vec<[u64; W]>) -> Result<(), DatasetError> {
        let (Some(held), Some(file)) = (
            self.partitions.get(partition),
            self.files.get(partition % FILES),
        ) else {
            return Ok(());
        };
        let rows = chunk.len();
        let bytes = (rows * W * 8) as u64;
        let spilled = match self.ledger.take(bytes) {
            true => None,
            false => {
                let bytes: Vec<u8> = chunk
                    .iter()
                    .flatten()
                    .flat_map(|number| number.to_le_bytes())
                    .collect();
                let at = file.append(self.ledger, &bytes)?;
                Some(Spilled { at, rows })
            }
        };
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        held.rows += rows as u64;
        match spilled {
            Some(spilled) => held.spilled.push(spilled),
            None => held.chunks.push(chunk.into_boxed_slice()),
        }
        Ok(())
    }
}

impl<const W: usize> Drop for Table<'_, W> {
    fn drop(&mut self) {
        for partition in 0..PARTITIONS {
            self.clear(partition);
        }
    }
}

fn bytes_of<const W: usize>(chunks: &[Box<[[u64; W]]>]) -> u64 {
    chunks
        .iter()
        .map(|chunk| (chunk.len() * W * 8) as u64)
        .sum()
}

/// Collects rows by partition and hands over chunks of them.
#[derive(Debug)]
pub(crate) struct Writer<const W: usize> {
    buffers: Vec<Vec<[u64; W]>>,
}

impl<const W: usize> Writer<W> {
    /// Adds a row to the table that this writer is of.
    pub(crate) fn push(&mut self, table: &Table<'_, W>, row: [u64; W]) -> Result<(), DatasetError> {
        let partition = table.partition(row.first().copied().unwrap_or(0));
        let Some(buffer) = self.buffers.get_mut(partition) else {
            return Ok(());
        };
        if buffer.capacity() == 0 {
            buffer.reserve_exact(table.chunk);
        }
        buffer.push(row);
        if buffer.len() < table.chunk {
            return Ok(());
        }
        table.put(partition, std::mem::take(buffer))
    }

    /// Hands over what is left.
    pub(crate) fn finish(self, table: &Table<'_, W>) -> Result<(), DatasetError> {
        for (partition, buffer) in self.buffers.into_iter().enumerate() {
            if !buffer.is_empty() {
                table.put(partition, buffer)?;
            }
        }
        Ok(())
    }
}
