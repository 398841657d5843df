//! Records, whatever they were read from: batches of Arrow columns.

use std::num::NonZeroUsize;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bonafide_core::RawName;
use serde::{Deserialize, Serialize};

use crate::error::DatasetError;

/// A part of a dataset that was read from one file, or from one folder of files.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard {
    /// Name of the file or folder below the root; also the first half of [`RecordId`].
    pub name: RawName,
    /// Which format it has: `parquet`, `jsonl`.
    pub format: &'static str,
    /// The split that it belongs to, by its name or folder: `train`, `test`.
    pub split: Option<String>,
    /// Its columns.
    pub schema: SchemaRef,
    /// How many records it declares; none if that shows only when it is read.
    pub declared: Option<u64>,
}

/// Some records of one shard, next to each other.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Number of the shard in [`Records::shards`].
    pub shard: usize,
    /// Number of the first record in its shard, from zero.
    pub first: u64,
    /// The columns that were asked for, as far as the shard has them.
    pub records: RecordBatch,
}

/// One record: shard and number in it, from zero. Printed as `train.parquet#17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId {
    /// Number of the shard.
    pub shard: u32,
    /// Number of the record in the shard.
    pub record: u64,
}

/// Which columns to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Columns {
    /// Every one.
    #[default]
    All,
    /// Top-level columns of these names; a shard that has none of them is not read.
    Named(Vec<String>),
}

impl Columns {
    /// True if a column of this name is asked for.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|named| named == name),
        }
    }
}

/// Takes batches, from several threads at once: `visit(worker, batch)`, where `worker` is
/// below the number of workers and no two threads have the same at a time.
pub type Visit<'v> = dyn Fn(usize, Batch) -> Result<(), DatasetError> + Sync + 'v;

/// Something that records can be read from, as often as wanted.
///
/// Batches of one shard may come in any order and to any worker; whatever depends on the
/// order sorts by [`RecordId`]. Every record comes exactly once, or there is an error.
pub trait Records: Sync {
    /// The shards, ordered by name.
    fn shards(&self) -> &[Shard];

    /// Reads all shards on `workers` threads.
    fn scan(
        &self,
        workers: NonZeroUsize,
        columns: &Columns,
        visit: &Visit<'_>,
    ) -> Result<(), DatasetError>;

    /// The record as it is printed.
    fn name(&self, id: RecordId) -> String {
        let shard = usize::try_from(id.shard).ok();
        match shard.and_then(|shard| self.shards().get(shard)) {
            Some(shard) => format!("{}#{}", shard.name, id.record),
            None => format!("{}#{}", id.shard, id.record),
        }
    }
}

/// Records that are in memory, for callers that have batches already.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    shards: Vec<Shard>,
    batches: Vec<RecordBatch>,
}

impl Memory {
    /// One shard for each batch, in the given order.
    #[must_use]
    pub fn new(batches: Vec<(&str, Option<&str>, RecordBatch)>) -> Self {
        let mut made = Self::default();
        for (name, split, batch) in batches {
            made.shards.push(Shard {
                name: RawName::from(name),
                format: "memory",
                split: split.map(str::to_owned),
                schema: batch.schema(),
                declared: Some(batch.num_rows() as u64),
            });
            made.batches.push(batch);
        }
        made
    }
}

/// Batches of [`Memory`] are this long.
const MEMORY_BATCH: usize = 1_024;

impl Records for Memory {
    fn shards(&self) -> &[Shard] {
        &self.shards
    }

    fn scan(
        &self,
        workers: NonZeroUsize,
        columns: &Columns,
        visit: &Visit<'_>,
    ) -> Result<(), DatasetError> {
        for (shard, batch) in self.batches.iter().enumerate() {
            let wanted: Vec<usize> = batch
                .schema()
                .fields()
                .iter()
                .enumerate()
                .filter(|(_, field)| columns.has(field.name()))
                .map(|(index, _)| index)
                .collect();
            let projected = match batch.project(&wanted) {
                Ok(projected) if !wanted.is_empty() => projected,
                _ => continue,
            };
            let mut first = 0;
            while first < projected.num_rows() {
                let length = MEMORY_BATCH.min(projected.num_rows() - first);
                let records = projected.slice(first, length);
                let worker = (first / MEMORY_BATCH) % workers.get();
                let first_record = first as u64;
                visit(
                    worker,
                    Batch {
                        shard,
                        first: first_record,
                        records,
                    },
                )?;
                first += length;
            }
        }
        Ok(())
    }
}
