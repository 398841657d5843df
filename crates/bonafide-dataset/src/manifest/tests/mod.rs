//! What holds of every manifest, list and proof.

#![allow(clippy::cast_possible_truncation)]

mod comparing;
mod differing;
mod hostile;
mod making;
mod proofs;
mod values;
mod vectors;

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use bonafide_core::RawName;

use super::{Manifest, ManifestOptions, make};
use crate::{Batch, Columns, DatasetBudget, DatasetError, Records, Roles, Shard, Visit};

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// A record of the datasets that most tests are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    id: String,
    text: String,
    label: Option<i64>,
}

fn row(id: &str, text: &str, label: i64) -> Row {
    Row {
        id: id.to_owned(),
        text: text.to_owned(),
        label: Some(label),
    }
}

fn rows(count: usize) -> Vec<Row> {
    (0..count)
        .map(|number| {
            row(
                &format!("r{number}"),
                &format!("text {number}"),
                (number % 3) as i64,
            )
        })
        .collect()
}

fn columns(pairs: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(
        pairs.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap()
}

fn batch(rows: &[Row]) -> RecordBatch {
    let ids: StringArray = rows.iter().map(|row| Some(row.id.as_str())).collect();
    let texts: StringArray = rows.iter().map(|row| Some(row.text.as_str())).collect();
    let labels: Int64Array = rows.iter().map(|row| row.label).collect();
    columns(vec![
        ("id", Arc::new(ids) as ArrayRef),
        ("text", Arc::new(texts) as ArrayRef),
        ("label", Arc::new(labels) as ArrayRef),
    ])
}

/// Records whose batches have any size and come in any order on several threads.
struct Shuffled {
    shards: Vec<Shard>,
    batches: Vec<RecordBatch>,
    seed: u64,
}

impl Shuffled {
    fn new(batches: Vec<(&str, Option<&str>, RecordBatch)>, seed: u64) -> Self {
        let shards = batches.iter().map(|(name, split, batch)| Shard {
            name: RawName::from(*name),
            format: "memory",
            split: split.map(str::to_owned),
            schema: batch.schema(),
            declared: None,
        });
        Self {
            shards: shards.collect(),
            batches: batches.into_iter().map(|(_, _, batch)| batch).collect(),
            seed,
        }
    }
}

impl Records for Shuffled {
    fn shards(&self) -> &[Shard] {
        &self.shards
    }

    fn scan(
        &self,
        workers: NonZeroUsize,
        _: &Columns,
        visit: &Visit<'_>,
    ) -> Result<(), DatasetError> {
        let mut numbers = Numbers(self.seed);
        let mut pieces = Vec::new();
        for (shard, whole) in self.batches.iter().enumerate() {
            let mut first = 0;
            while first < whole.num_rows() {
                let most = (whole.num_rows() - first).min(3_000);
                let length = 1 + numbers.below(most);
                pieces.push(Batch {
                    shard,
                    first: first as u64,
                    records: whole.slice(first, length),
                });
                first += length;
            }
        }
        for index in (1..pieces.len()).rev() {
            pieces.swap(index, numbers.below(index + 1));
        }
        std::thread::scope(|scope| {
            let count = workers.get();
            let pieces = &pieces;
            let threads: Vec<_> = (0..count)
                .map(|worker| {
                    scope.spawn(move || {
                        let mine = pieces.iter().skip(worker).step_by(count);
                        mine.cloned().try_for_each(|batch| visit(worker, batch))
                    })
                })
                .collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().unwrap())
        })
    }
}

fn two() -> NonZeroUsize {
    NonZeroUsize::new(2).unwrap()
}

fn roles() -> Roles {
    Roles {
        label: Some("label".to_owned()),
        text: vec!["text".to_owned()],
        ..Roles::default()
    }
}

fn keyed() -> Roles {
    Roles {
        key: Some("id".to_owned()),
        ..roles()
    }
}

/// Manifest and list of what two workers read.
fn made(records: &dyn Records, roles: &Roles) -> (Manifest, Vec<u8>) {
    let mut list = Vec::new();
    let options = ManifestOptions::default();
    let budget = DatasetBudget::DEFAULT;
    let manifest = make(records, roles, &options, two(), &budget, &mut list).unwrap();
    assert_eq!(Manifest::parse(&manifest.to_json()).unwrap(), manifest);
    (manifest, list)
}

/// The same of shards with their splits and rows.
fn made_of(shards: &[(&str, Option<&str>, Vec<Row>)], roles: &Roles) -> (Manifest, Vec<u8>) {
    let batches = shards
        .iter()
        .map(|(name, split, rows)| (*name, *split, batch(rows)));
    made(&Shuffled::new(batches.collect(), 7), roles)
}
