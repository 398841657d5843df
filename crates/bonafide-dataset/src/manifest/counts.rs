//! How many records have each value of a column.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::encoding::{domain, tag};
use super::merkle::Hash;
use crate::column::TextColumn;
use crate::shift::Population;

/// Canonical forms longer than this are counted by their hash, and shown cut.
const LONGEST: usize = 256;

/// Bytes of memory that a value may take, roughly.
pub(super) const BYTES_OF_VALUE: u64 = 1_024;

/// Hash of a value as a label: by its canonical form, and the first 16 bytes of it.
pub(super) fn hash_of(value: &[u8]) -> (Hash, [u8; 16]) {
    let hash: Hash = Sha256::new_with_prefix([domain::LABEL])
        .chain_update(value)
        .finalize()
        .into();
    let mut short = [0; 16];
    for (place, byte) in short.iter_mut().zip(hash) {
        *place = byte;
    }
    (hash, short)
}

/// Counts of one column, from all workers. Where there are more values than fit, those with
/// the smallest hashes stay, so that it does not matter in which order they come; the
/// counts of those that stay are exact.
#[derive(Debug)]
pub(super) struct Counter {
    column: String,
    most: usize,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    values: BTreeMap<Hash, (String, u64)>,
    others: u64,
    null: u64,
}

/// Counts of one batch.
#[derive(Debug, Default)]
pub(super) struct BatchCounts {
    values: HashMap<Vec<u8>, Seen>,
    null: u64,
}

#[derive(Debug)]
struct Seen {
    hash: Hash,
    short: [u8; 16],
    text: String,
    records: u64,
}

impl BatchCounts {
    /// Counts records of a batch that has no such column.
    pub(super) fn add_absent(&mut self, records: u64) {
        self.null += records;
    }

    /// Counts a value by its canonical form; gives the hash of it as a label.
    pub(super) fn add(
        &mut self,
        value: &[u8],
        text: Option<&TextColumn<'_>>,
        row: usize,
    ) -> [u8; 16] {
        if value == [tag::NULL] {
            self.null += 1;
            return hash_of(value).1;
        }
        if let Some(seen) = self.values.get_mut(value) {
            seen.records += 1;
            return seen.short;
        }
        let (hash, short) = hash_of(value);
        let key = match value.len() > LONGEST {
            // No canonical form starts like this.
            true => [&[u8::MAX], hash.as_slice()].concat(),
            false => value.to_vec(),
        };
        let seen = self.values.entry(key).or_insert_with(|| Seen {
            hash,
            short,
            text: shown(text.and_then(|text| text.get(row)).as_deref(), &hash),
            records: 0,
        });
        seen.records += 1;
        short
    }
}

/// The text of a value; cut with its hash if it is long, and only the hash if it has none.
fn shown(text: Option<&str>, hash: &Hash) -> String {
    let (short, _) = hash.split_at(8);
    match text {
        Some(text) if text.len() <= LONGEST => text.to_owned(),
        Some(text) => {
            let end = text.floor_char_boundary(LONGEST / 2);
            let start = text.get(..end).unwrap_or_default();
            format!(
                "{start}… ({} bytes, {})",
                text.len(),
                HEXLOWER.encode(short)
            )
        }
        None => format!("value {}", HEXLOWER.encode(short)),
    }
}

/// The values that are listed, and by which label hashes they are known.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) population: Population,
    pub(super) by_hash: HashMap<[u8; 16], String>,
}

impl Counter {
    /// Of a column, at most so many values at a time.
    pub(super) fn new(column: String, most: usize) -> Self {
        Self {
            column,
            most,
            counted: Mutex::default(),
        }
    }

    /// The column.
    pub(super) fn column(&self) -> &str {
        &self.column
    }

    /// Adds what a batch had.
    pub(super) fn add(&self, batch: BatchCounts) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.null += batch.null;
        for seen in batch.values.into_values() {
            if let Some((_, records)) = counted.values.get_mut(&seen.hash) {
                *records += seen.records;
                continue;
            }
            let full = counted.values.len() >= self.most;
            let beyond = counted.values.last_key_value();
            if full && beyond.is_some_and(|(largest, _)| *largest < seen.hash) {
                counted.others += seen.records;
                continue;
            }
            counted.values.insert(seen.hash, (seen.text, seen.records));
            if full && let Some((_, (_, records))) = counted.values.pop_last() {
                counted.others += records;
            }
        }
    }

    /// The values with most records, at most so many of them.
    pub(super) fn finish(self, listed: usize) -> Counts {
        let counted = self
            .counted
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        for (text, records) in counted.values.values() {
            *totals.entry(text).or_default() += records;
        }
        let mut order: Vec<(&str, u64)> = totals.into_iter().collect();
        order.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
        let others = order
            .iter()
            .skip(listed)
            .map(|(_, records)| records)
            .sum::<u64>();
        order.truncate(listed);
        let values: BTreeMap<String, u64> = order
            .into_iter()
            .map(|(text, records)| (text.to_owned(), records))
            .collect();
        let by_hash = counted
            .values
            .iter()
            .filter(|(_, (text, _))| values.contains_key(text))
            .filter_map(|(hash, (text, _))| Some((*hash.first_chunk()?, text.clone())))
            .collect();
        Counts {
            population: Population {
                column: self.column,
                values,
                others: counted.others + others,
                null: counted.null,
            },
            by_hash,
        }
    }
}
