//! Files of datasets, one target for each family of formats.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use bonafide_dataset::{Columns, Dataset, DatasetBudget, InMemory, OpenOptions, Records};

use super::shown;

/// Small, so that a file that claims much is refused before it costs much.
fn budget() -> DatasetBudget {
    DatasetBudget {
        memory: 16 << 20,
        record_bytes: 1 << 20,
        batch_records: 64,
        expanded_bytes: 4 << 20,
        records: 1_000_000,
        columns: 1_000,
        metadata_bytes: 1 << 20,
        ..DatasetBudget::DEFAULT
    }
}

/// For each batch its shard, first record and values.
type Read = BTreeMap<(usize, u64), (u64, String)>;

/// WebDataset shards.
pub fn records_tar(input: &[u8]) {
    named("shard.tar", input);
}

/// Parquet.
pub fn records_parquet(input: &[u8]) {
    named("table.parquet", input);
}

/// Text: tables and JSON.
pub fn records_text(input: &[u8]) {
    for name in ["table.csv", "table.tsv", "lines.jsonl", "array.json"] {
        named(name, input);
    }
}

/// Any bytes as a file of this name.
///
/// - One worker and three give the same records, or the same error.
/// - Records are numbered from zero, without a gap, and each comes once.
/// - A shard has as many records as it declares.
fn named(name: &str, input: &[u8]) {
    let files = InMemory::new([(name, input.to_vec())]);
    let options = OpenOptions {
        budget: budget(),
        workers: NonZeroUsize::MIN,
    };
    let dataset = match Dataset::open(&files, options) {
        Ok(dataset) => dataset,
        Err(error) => return shown::text(&error.to_string()),
    };
    let alone = read(&dataset, 1);
    assert_eq!(alone, read(&dataset, 3));
    let read = match alone {
        Ok(read) => read,
        Err(error) => return shown::text(&error),
    };
    let mut next = BTreeMap::new();
    for ((shard, first), (count, _)) in read {
        let next = next.entry(shard).or_insert(0);
        assert_eq!(*next, first);
        *next += count;
    }
    for (number, shard) in dataset.shards().iter().enumerate() {
        let found = next.get(&number).copied().unwrap_or(0);
        assert_eq!(shard.declared.unwrap_or(found), found);
    }
}

fn read(dataset: &Dataset<'_>, workers: usize) -> Result<Read, String> {
    let read = Mutex::new(Read::new());
    let workers = NonZeroUsize::new(workers).unwrap_or(NonZeroUsize::MIN);
    let scanned = dataset.scan(workers, &Columns::All, &|worker, batch| {
        assert!(worker < workers.get());
        let place = (batch.shard, batch.first);
        let count = batch.records.num_rows() as u64;
        let values = format!("{:?}", batch.records.columns());
        let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(read.insert(place, (count, values)).is_none());
        Ok(())
    });
    match scanned {
        Ok(()) => Ok(read.into_inner().unwrap_or_else(PoisonError::into_inner)),
        Err(error) => Err(error.to_string()),
    }
}
