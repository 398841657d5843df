//! Duplicates of one Parquet file, for the benchmark in `benchmarks/datasets`.
//!
//!     duplicates FILE WORKERS MEBIBYTES exact
//!     duplicates FILE WORKERS MEBIBYTES similar|candidates JACCARD PERMUTATIONS
//!
//! Prints what was found as JSON. Columns are `text` and `label`.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bonafide_dataset::duplicates::{self, DuplicateOptions};
use bonafide_dataset::similar::{self, Linked, SimilarOptions};
use bonafide_dataset::{Batch, Columns, DatasetBudget, DatasetError, Records, Roles, Shard, Visit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

/// A Parquet file; each worker reads a group of rows at a time.
struct Parquet {
    path: String,
    metadata: ArrowReaderMetadata,
    shards: Vec<Shard>,
}

impl Parquet {
    fn open(path: &str) -> Result<Self, Box<dyn Error>> {
        let metadata = ArrowReaderMetadata::load(&File::open(path)?, Default::default())?;
        let shard = Shard {
            name: path.into(),
            format: "parquet",
            split: None,
            schema: metadata.schema().clone(),
            declared: None,
        };
        Ok(Self {
            path: path.to_owned(),
            metadata,
            shards: vec![shard],
        })
    }

    fn group(
        &self,
        worker: usize,
        group: usize,
        columns: &Columns,
        visit: &Visit<'_>,
    ) -> Result<(), DatasetError> {
        let wanted: Vec<&str> = self
            .metadata
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .filter(|name| columns.has(name))
            .collect();
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), wanted);
        let groups = self.metadata.metadata().row_groups();
        let rows = |group: &parquet::file::metadata::RowGroupMetaData| group.num_rows();
        let mut first: u64 = groups
            .iter()
            .take(group)
            .map(rows)
            .sum::<i64>()
            .unsigned_abs();
        let file = File::open(&self.path).map_err(|error| self.broken(&error))?;
        let reader =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_projection(mask)
                .with_row_groups(vec![group])
                .with_batch_size(8_192)
                .build()
                .map_err(|error| self.broken(&error))?;
        for records in reader {
            let records = records.map_err(|error| self.broken(&error))?;
            let count = records.num_rows() as u64;
            visit(
                worker,
                Batch {
                    shard: 0,
                    first,
                    records,
                },
            )?;
            first += count;
        }
        Ok(())
    }

    fn broken(&self, error: &dyn Error) -> DatasetError {
        DatasetError::Malformed {
            file: self.path.as_str().into(),
            at: String::new(),
            reason: error.to_string(),
        }
    }
}

impl Records for Parquet {
    fn shards(&self) -> &[Shard] {
        &self.shards
    }

    fn scan(
        &self,
        workers: NonZeroUsize,
        columns: &Columns,
        visit: &Visit<'_>,
    ) -> Result<(), DatasetError> {
        let next = AtomicUsize::new(0);
        let failed = Mutex::new(Ok(()));
        let count = self.metadata.metadata().num_row_groups();
        std::thread::scope(|scope| {
            for worker in 0..workers.get() {
                let (next, failed) = (&next, &failed);
                scope.spawn(move || {
                    loop {
                        let group = next.fetch_add(1, Ordering::Relaxed);
                        if group >= count {
                            return;
                        }
                        if let Err(error) = self.group(worker, group, columns, visit) {
                            *failed.lock().unwrap() = Err(error);
                            return;
                        }
                    }
                });
            }
        });
        failed.into_inner().unwrap()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let argument = |index: usize| {
        arguments
            .get(index)
            .map(String::as_str)
            .ok_or("too few arguments")
    };
    let records = Parquet::open(argument(1)?)?;
    let workers: NonZeroUsize = argument(2)?.parse()?;
    let budget = DatasetBudget {
        memory: argument(3)?.parse::<u64>()? << 20,
        ..DatasetBudget::DEFAULT
    };
    let roles = Roles {
        text: vec!["text".to_owned()],
        label: Some("label".to_owned()),
        ..Roles::default()
    };
    let found = match argument(4)? {
        "exact" => duplicates::find(
            &records,
            &roles,
            &DuplicateOptions::default(),
            workers,
            &budget,
        )?,
        mode => {
            let options = SimilarOptions {
                jaccard: argument(5)?.parse()?,
                permutations: argument(6)?.parse()?,
                linked: match mode {
                    "similar" => Linked::Verified,
                    "candidates" => Linked::Candidates,
                    other => return Err(format!("no mode `{other}`").into()),
                },
                ..SimilarOptions::DEFAULT
            };
            similar::find(&records, &roles, &options, workers, &budget)?
        }
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, &found)?;
    writeln!(out)?;
    Ok(())
}
