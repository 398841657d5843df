//! Duplicates of one Parquet file, for the benchmark in `benchmarks/datasets`.
//!
//!     duplicates FILE WORKERS MEBIBYTES exact
//!     duplicates FILE WORKERS MEBIBYTES similar|candidates JACCARD PERMUTATIONS [SHOWN]
//!
//!     duplicates FILE WORKERS MEBIBYTES signatures PERMUTATIONS affine|mersenne
//!     duplicates FILE WORKERS MEBIBYTES sign PERMUTATIONS
//!     duplicates FILE WORKERS MEBIBYTES bands JACCARD PERMUTATIONS
//!
//! Prints what was found as JSON. Columns are `text` and `label`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use bonafide_dataset::duplicates::{self, DuplicateOptions};
use bonafide_dataset::similar::{self, Family, Linked, Signer, SimilarOptions};
use bonafide_dataset::{
    Batch, Columns, DatasetBudget, DatasetError, Records, Roles, Shard, TextColumn, Visit,
};
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
                            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Err(error);
                            return;
                        }
                    }
                });
            }
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner)
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
    let mut out = std::io::stdout().lock();
    let found = match argument(4)? {
        "bands" => {
            let bands = similar::bands(argument(5)?.parse()?, argument(6)?.parse()?);
            writeln!(out, "[{}, {}]", bands.bands, bands.rows)?;
            return Ok(());
        }
        "sign" => {
            let options = SimilarOptions {
                permutations: argument(5)?.parse()?,
                ..SimilarOptions::DEFAULT
            };
            let sum = AtomicU32::new(0);
            sign(&records, &options, &|_, signature| {
                let least = signature.and_then(|signature| signature.first().copied());
                sum.fetch_xor(least.unwrap_or(0), Ordering::Relaxed);
            })?;
            writeln!(out, "{}", sum.into_inner())?;
            return Ok(());
        }
        "signatures" => {
            let options = SimilarOptions {
                permutations: argument(5)?.parse()?,
                family: match argument(6)? {
                    "affine" => Family::Affine,
                    "mersenne" => Family::Mersenne,
                    other => return Err(format!("no family `{other}`").into()),
                },
                ..SimilarOptions::DEFAULT
            };
            return signatures(&records, &options, &mut out);
        }
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
                shown: usize::try_from(argument(7).unwrap_or("50").parse::<u64>()?)?,
                members: usize::try_from(argument(7).unwrap_or("20").parse::<u64>()?)?,
                ..SimilarOptions::DEFAULT
            };
            similar::find(&records, &roles, &options, workers, &budget)?
        }
    };
    serde_json::to_writer(&mut out, &found)?;
    writeln!(out)?;
    Ok(())
}

/// Reads all texts on one thread and gives each with its signature.
fn sign(
    records: &Parquet,
    options: &SimilarOptions<'_>,
    take: &(dyn Fn(u64, Option<&[u32]>) + Sync),
) -> Result<(), Box<dyn Error>> {
    let signer = Mutex::new(Signer::new(options).ok_or("no such signature")?);
    let columns = Columns::Named(vec!["text".to_owned()]);
    records.scan(NonZeroUsize::MIN, &columns, &|_, batch| {
        let column = batch
            .records
            .column_by_name("text")
            .and_then(TextColumn::of);
        let mut signer = signer.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, record) in (0..batch.records.num_rows()).zip(batch.first..) {
            let text = column.as_ref().and_then(|column| column.get(index));
            take(record, text.and_then(|text| signer.sign(&text)));
        }
        Ok(())
    })?;
    Ok(())
}

/// One signature in each line, in the order of the records.
fn signatures(
    records: &Parquet,
    options: &SimilarOptions<'_>,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let all = Mutex::new(BTreeMap::new());
    sign(records, options, &|record, signature| {
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(record, signature.map(<[u32]>::to_vec));
    })?;
    for signature in all
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .into_values()
    {
        serde_json::to_writer(&mut *out, &signature)?;
        writeln!(out)?;
    }
    Ok(())
}
