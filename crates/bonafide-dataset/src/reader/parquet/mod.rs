//! Parquet: row groups are the units of work.

mod chunk;
mod footer;
mod pages;
#[cfg(test)]
mod tests;
mod thrift;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::guard::guarded;
use super::input::Input;
use super::source::{BATCH_BYTES, Emit, MOST_BATCH_BYTES, Opened, Source, Wanted, batch_of};
use chunk::{Chunks, read_error};
pub(super) use footer::MAGIC;

/// One file.
struct ParquetFile<'f> {
    input: Input<'f>,
    budget: DatasetBudget,
    schema: SchemaRef,
    /// Number of the first record of each row group.
    firsts: Vec<u64>,
    /// Kept while the file is read, and not longer: there may be a hundred thousand files.
    footer: Mutex<Option<Arc<Footer>>>,
}

struct Footer {
    metadata: ArrowReaderMetadata,
    finished: AtomicUsize,
    /// Bytes that its records took in memory so far.
    decoded: AtomicU64,
}

/// Reads the footer of a file.
pub(super) fn open<'f>(
    input: Input<'f>,
    split: Option<String>,
    budget: &DatasetBudget,
) -> Result<Opened<'f>, DatasetError> {
    let metadata = footer::read(&input, budget)?;
    let mut firsts = Vec::new();
    let mut rows = 0_u64;
    for group in metadata.metadata().row_groups() {
        firsts.push(rows);
        rows = rows.saturating_add(u64::try_from(group.num_rows()).unwrap_or(0));
    }
    // Metadata of the writer would make equal schemas differ.
    let schema = Arc::new(Schema::new(metadata.schema().fields().clone()));
    if schema.fields().is_empty() {
        return Err(input.malformed("footer", "it has no columns"));
    }
    Ok(Opened {
        name: input.name.clone(),
        format: "parquet",
        split,
        schema: Arc::clone(&schema),
        declared: Some(rows),
        source: Box::new(ParquetFile {
            input,
            budget: budget.clone(),
            schema,
            firsts,
            footer: Mutex::new(None),
        }),
    })
}

impl ParquetFile<'_> {
    /// The footer, decoded again if nobody reads the file now.
    fn footer(&self, unit: usize) -> Result<Arc<Footer>, DatasetError> {
        let mut kept = match self.footer.lock() {
            Ok(kept) => kept,
            Err(poisoned) => poisoned.into_inner(),
        };
        // The first unit begins a scan, and counts from nothing.
        if let Some(footer) = kept.as_ref().filter(|_| unit > 0) {
            return Ok(Arc::clone(footer));
        }
        let metadata = footer::read(&self.input, &self.budget)?;
        let same = metadata.schema().fields() == self.schema.fields()
            && metadata.metadata().num_row_groups() == self.firsts.len();
        if !same {
            return Err(self
                .input
                .malformed("footer", "it changed while it was read"));
        }
        let footer = Arc::new(Footer {
            metadata,
            finished: AtomicUsize::new(0),
            decoded: AtomicU64::new(0),
        });
        *kept = Some(Arc::clone(&footer));
        Ok(footer)
    }

    fn finish(&self, footer: &Footer) {
        if footer.finished.fetch_add(1, Ordering::Relaxed) + 1 >= self.firsts.len()
            && let Ok(mut kept) = self.footer.lock()
        {
            *kept = None;
        }
    }

    /// How many records a batch may have, from what the headers of all its pages say.
    fn batch_size(
        &self,
        unit: usize,
        footer: &Footer,
        mask: &ProjectionMask,
        bytes: &crate::files::FileBytes,
    ) -> Result<usize, DatasetError> {
        let Some(group) = footer.metadata.metadata().row_groups().get(unit) else {
            return Ok(1);
        };
        let rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let mut average = 0_u64;
        let mut most = 0_u64;
        let mut decoded = 0_u64;
        for (number, column) in group.columns().iter().enumerate() {
            if !mask.leaf_included(number) {
                continue;
            }
            let at = format!("row group {unit}, column {}", column.column_path());
            let chunk = pages::walk(&self.input, bytes, column, rows, &at, &self.budget)?;
            let values = u64::try_from(column.num_values()).unwrap_or(0);
            let per_row = values.div_ceil(rows.max(1));
            decoded = decoded.saturating_add(chunk.decoded.max(chunk.unpacked));
            average = average.saturating_add(chunk.unpacked.div_ceil(rows.max(1)));
            let longest = chunk.densest.max(chunk.longest_repeated);
            most = most.saturating_add(longest.saturating_mul(per_row));
        }
        self.charge(unit, footer, &footer.decoded, decoded, false)?;
        let fitting = (BATCH_BYTES / average.max(1)).min(MOST_BATCH_BYTES / most.max(1));
        let fitting = usize::try_from(fitting).unwrap_or(usize::MAX);
        Ok(fitting.min(self.budget.batch_records).max(1))
    }

    /// Adds what was decoded to what the file became so far; or only looks.
    fn charge(
        &self,
        unit: usize,
        footer: &Footer,
        counter: &AtomicU64,
        bytes: u64,
        keep: bool,
    ) -> Result<(), DatasetError> {
        let before = match keep {
            true => counter.fetch_add(bytes, Ordering::Relaxed),
            false => counter.load(Ordering::Relaxed),
        };
        let most = footer::most_bytes(&self.input, &self.budget);
        if before.saturating_add(bytes) > most {
            let groups = footer.metadata.metadata().num_row_groups();
            let reason = format!(
                "its {groups} row groups become more than {most} bytes in memory (expansion, \
                 expanded_bytes)"
            );
            return Err(self.input.over(format!("row group {unit}"), reason));
        }
        Ok(())
    }

    fn failed(&self, unit: usize, error: &(dyn std::error::Error + 'static)) -> DatasetError {
        match read_error(error) {
            Some(error) => self.input.unread(error),
            None => {
                let at = format!("row group {unit}");
                self.input.malformed(at, error.to_string())
            }
        }
    }
}

impl Source for ParquetFile<'_> {
    fn units(&self) -> usize {
        self.firsts.len()
    }

    fn read(&self, unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError> {
        let footer = self.footer(unit)?;
        let at = || format!("row group {unit}");
        let bytes = self.input.open()?;
        let parquet_schema = footer.metadata.parquet_schema();
        let mask = ProjectionMask::roots(parquet_schema, wanted.columns.iter().copied());
        let batch_size = self.batch_size(unit, &footer, &mask, &bytes)?;
        let chunks = Chunks::new(&self.input, &bytes);
        let built = guarded(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(chunks, footer.metadata.clone())
                .with_row_groups(vec![unit])
                .with_projection(mask)
                .with_batch_size(batch_size)
                .build()
        });
        let mut reader = match built {
            Ok(Ok(reader)) => reader,
            Ok(Err(error)) => return Err(self.failed(unit, &error)),
            Err(reason) => return Err(self.input.malformed(at(), reason)),
        };
        let first = self.firsts.get(unit).copied().unwrap_or(0);
        let groups = footer.metadata.metadata().row_groups();
        let declared = groups.get(unit).map_or(0, |group| group.num_rows());
        let declared = u64::try_from(declared).unwrap_or(0);
        let mut rows = 0_u64;
        loop {
            let batch = match guarded(|| reader.next()) {
                Ok(Some(Ok(batch))) => batch,
                Ok(Some(Err(error))) => return Err(self.failed(unit, &error)),
                Ok(None) => break,
                Err(reason) => return Err(self.input.malformed(at(), reason)),
            };
            let count = batch.num_rows() as u64;
            if rows + count > declared {
                let reason = format!("{declared} rows are declared, it has more");
                return Err(self.input.malformed(at(), reason));
            }
            let size = batch.get_array_memory_size() as u64;
            self.charge(unit, &footer, &footer.decoded, size, true)?;
            let batch = batch_of(&wanted.schema, batch.columns().to_vec(), batch.num_rows())
                .map_err(|reason| self.input.malformed(at(), reason))?;
            emit(first + rows, batch)?;
            rows += count;
        }
        if rows != declared {
            let reason = format!("{declared} rows are declared, it has {rows}");
            return Err(self.input.malformed(at(), reason));
        }
        self.finish(&footer);
        Ok(())
    }
}
