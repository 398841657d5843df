//! What every format offers to the scan.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Schema, SchemaRef};
use bonafide_core::RawName;

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::records::Columns;

/// Takes records: the number of the first in its shard, and the columns. An error ends the
/// unit and is handed back as it is.
pub(super) type Emit<'e> = &'e mut dyn FnMut(u64, RecordBatch) -> Result<(), DatasetError>;

/// The records of one shard, in units that can be read at the same time.
pub(super) trait Source: Send + Sync {
    /// How many units there are.
    fn units(&self) -> usize;

    /// Reads one unit from its beginning to its end.
    fn read(&self, unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError>;
}

/// A shard that was found, and what reads it.
pub(super) struct Opened<'f> {
    pub(super) name: RawName,
    pub(super) format: &'static str,
    pub(super) split: Option<String>,
    pub(super) schema: SchemaRef,
    pub(super) declared: Option<u64>,
    pub(super) source: Box<dyn Source + 'f>,
}

/// Which columns of a shard are wanted.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Their positions among the columns of the shard, rising.
    pub(super) columns: Vec<usize>,
    /// They alone.
    pub(super) schema: SchemaRef,
}

impl Wanted {
    /// None if the shard has none of them.
    pub(super) fn of(columns: &Columns, schema: &SchemaRef) -> Option<Self> {
        let positions: Vec<usize> = schema
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, field)| columns.has(field.name()))
            .map(|(position, _)| position)
            .collect();
        if positions.is_empty() && *columns != Columns::All {
            return None;
        }
        let fields: Vec<_> = positions
            .iter()
            .filter_map(|position| schema.fields().get(*position).cloned())
            .collect();
        Some(Self {
            columns: positions,
            schema: Arc::new(Schema::new(fields)),
        })
    }
}

/// Batches are made of about so many bytes, unless one record is longer.
pub(super) const BATCH_BYTES: u64 = 8 << 20;

/// No batch is made of more, unless one record is longer.
pub(super) const MOST_BATCH_BYTES: u64 = 64 << 20;

/// Hands out a batch in pieces of at most so many records, and so large on average.
pub(super) fn emit_sliced(
    first: u64,
    batch: &RecordBatch,
    budget: &DatasetBudget,
    emit: Emit<'_>,
) -> Result<(), DatasetError> {
    let rows = batch.num_rows();
    if rows == 0 {
        return Ok(());
    }
    // Columns share the buffer that they were read into, so only their own part counts.
    let own = |column: &ArrayRef| {
        let size = column.to_data().get_slice_memory_size();
        size.unwrap_or_else(|_| column.get_array_memory_size()) as u64
    };
    let bytes = batch.columns().iter().map(own).sum::<u64>();
    let average = (bytes / rows as u64).max(1);
    let fitting = usize::try_from(BATCH_BYTES / average).unwrap_or(usize::MAX);
    let step = fitting.min(budget.batch_records).max(1);
    let mut start = 0;
    while start < rows {
        let length = step.min(rows - start);
        emit(first + start as u64, batch.slice(start, length))?;
        start += length;
    }
    Ok(())
}

/// A batch of given columns, or of none but a number of records.
pub(super) fn batch_of(
    schema: &SchemaRef,
    columns: Vec<ArrayRef>,
    rows: usize,
) -> Result<RecordBatch, String> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
        .map_err(|error| error.to_string())
}
