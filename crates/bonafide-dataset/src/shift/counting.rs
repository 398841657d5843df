//! How many records have which value.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use super::{MOST_VALUES, Population};
use crate::{
    Batch, Columns, DatasetBudget, DatasetError, Records, Roles, TextColumn, is_text, is_textual,
};

/// Longest value that is a key as it is, in bytes; of longer ones the beginning and a hash.
const LONGEST: usize = 256;
/// What one distinct value may take in memory, in bytes.
const VALUE_BYTES: u64 = 4_096;
/// Most distinct values of a column that are counted.
const MOST_DISTINCT: u64 = 100_000;
/// What is counted besides columns: the split of each record.
const SPLIT: &str = "split";

/// How many records have each label, source and attribute, are in each split, and have
/// texts of which length.
///
/// A column with more distinct values than the budget allows (100,000, or fewer where
/// memory is short) has no population: all its records are `others`. Columns of lists and
/// structures are left out, as they have no single value. Lengths are in bytes, in bins
/// of powers of two, under the name of the column with ` (length)`.
pub fn populations(
    records: &dyn Records,
    roles: &Roles,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Vec<Population>, DatasetError> {
    let counted = columns(records, roles);
    let names: Vec<String> = counted.iter().map(|column| column.name.clone()).collect();
    let asked = Columns::Named(names.clone());
    // A shard without any of the columns is not read if only they are asked for, and its
    // records count too.
    let some_lacks_all = records.shards().iter().any(|shard| {
        let mut fields = shard.schema.fields().iter();
        !fields.any(|field| names.contains(field.name()))
    });
    let asked = if some_lacks_all { Columns::All } else { asked };
    let tables = counted.len().max(1) as u64;
    let distinct = (budget.memory / VALUE_BYTES / tables).clamp(1, MOST_DISTINCT);
    let distinct = usize::try_from(distinct).unwrap_or(usize::MAX);
    let states: Vec<Mutex<State>> = (0..workers.get())
        .map(|_| Mutex::new(State::new(&counted, distinct)))
        .collect();
    records.scan(workers, &asked, &|worker, batch| {
        if let Some(state) = states.get(worker) {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.count(records, &batch, &counted);
        }
        Ok(())
    })?;
    let mut all = State::new(&counted, distinct);
    for state in states {
        all.merge(state.into_inner().unwrap_or_else(PoisonError::into_inner));
    }
    let mut made: Vec<Population> = counted
        .into_iter()
        .zip(all.tables)
        .map(|(column, table)| table.population(column.shown()))
        .collect();
    if !made.iter().any(|population| population.column == SPLIT) {
        made.push(all.splits.population(SPLIT.to_owned()));
    }
    Ok(made)
}

/// A column that is counted.
#[derive(Debug)]
struct Counted {
    name: String,
    /// Its lengths, not its values.
    lengths: bool,
}

impl Counted {
    fn shown(&self) -> String {
        match self.lengths {
            true => format!("{} (length)", self.name),
            false => self.name.clone(),
        }
    }
}

fn columns(records: &dyn Records, roles: &Roles) -> Vec<Counted> {
    let has = |name: &str, fits: fn(&arrow_schema::DataType) -> bool| {
        records
            .shards()
            .iter()
            .filter_map(|shard| shard.schema.field_with_name(name).ok())
            .any(|field| fits(field.data_type()))
    };
    let mut counted: Vec<Counted> = Vec::new();
    let valued = [&roles.label, &roles.source];
    for name in valued.into_iter().flatten().chain(&roles.attributes) {
        if has(name, is_textual) && !counted.iter().any(|known| known.name == *name) {
            counted.push(Counted {
                name: name.clone(),
                lengths: false,
            });
        }
    }
    for name in &roles.text {
        let known = |known: &Counted| known.name == *name && known.lengths;
        if has(name, is_text) && !counted.iter().any(known) {
            counted.push(Counted {
                name: name.clone(),
                lengths: true,
            });
        }
    }
    counted
}

/// Counts of one worker.
#[derive(Debug)]
struct State {
    tables: Vec<Table>,
    splits: Table,
}

impl State {
    fn new(counted: &[Counted], distinct: usize) -> Self {
        Self {
            tables: counted.iter().map(|_| Table::new(distinct)).collect(),
            splits: Table::new(distinct),
        }
    }

    fn count(&mut self, records: &dyn Records, batch: &Batch, counted: &[Counted]) {
        let rows = batch.records.num_rows();
        let split = records
            .shards()
            .get(batch.shard)
            .and_then(|shard| shard.split.as_deref());
        self.splits.add(split, rows as u64);
        for (column, table) in counted.iter().zip(&mut self.tables) {
            let values = batch
                .records
                .column_by_name(&column.name)
                .and_then(TextColumn::of);
            let Some(values) = values else {
                table.add(None, rows as u64);
                continue;
            };
            for row in 0..rows {
                match values.get(row) {
                    Some(value) if column.lengths => table.add(Some(&bin(value.len())), 1),
                    value => table.add(value.as_deref(), 1),
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (table, others) in self.tables.iter_mut().zip(other.tables) {
            table.merge(others);
        }
        self.splits.merge(other.splits);
    }
}

/// The bin of a length, written so that bins sort by length.
fn bin(length: usize) -> String {
    match length.checked_ilog2() {
        None => "0".to_owned(),
        Some(power) => {
            let from = 1_u64 << power;
            format!("2^{power:02} ({from} to {})", from + (from - 1))
        }
    }
}

/// Counts of one column.
#[derive(Debug)]
struct Table {
    counts: HashMap<String, u64>,
    distinct: usize,
    /// There were more distinct values than fit; this many records had one of any.
    overflow: bool,
    valued: u64,
    null: u64,
}

impl Table {
    fn new(distinct: usize) -> Self {
        Self {
            counts: HashMap::new(),
            distinct,
            overflow: false,
            valued: 0,
            null: 0,
        }
    }

    fn add(&mut self, value: Option<&str>, records: u64) {
        let Some(value) = value else {
            self.null = self.null.saturating_add(records);
            return;
        };
        self.valued = self.valued.saturating_add(records);
        if self.overflow {
            return;
        }
        if value.len() <= LONGEST {
            if let Some(count) = self.counts.get_mut(value) {
                *count = count.saturating_add(records);
                return;
            }
            self.put(value.to_owned(), records);
        } else {
            self.put(shortened(value), records);
        }
    }

    /// One column has too many distinct values whether one worker saw them or all
    /// together did, so that the answer does not depend on who saw what.
    fn put(&mut self, value: String, records: u64) {
        let full = self.counts.len() >= self.distinct;
        match self.counts.entry(value) {
            Entry::Occupied(mut known) => {
                let count = known.get_mut();
                *count = count.saturating_add(records);
            }
            Entry::Vacant(_) if full => {
                self.overflow = true;
                self.counts = HashMap::new();
            }
            Entry::Vacant(free) => {
                free.insert(records);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.null = self.null.saturating_add(other.null);
        self.valued = self.valued.saturating_add(other.valued);
        self.overflow |= other.overflow;
        if self.overflow {
            self.counts = HashMap::new();
            return;
        }
        for (value, records) in other.counts {
            if !self.overflow {
                self.put(value, records);
            }
        }
    }

    fn population(self, column: String) -> Population {
        let mut counts: Vec<(String, u64)> = self.counts.into_iter().collect();
        counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        counts.truncate(MOST_VALUES);
        let values: BTreeMap<String, u64> = counts.into_iter().collect();
        let listed = values
            .values()
            .fold(0_u64, |sum, count| sum.saturating_add(*count));
        Population {
            column,
            values,
            others: self.valued.saturating_sub(listed),
            null: self.null,
        }
    }
}

/// The beginning of a long value, with a hash of all of it.
fn shortened(value: &str) -> String {
    let mut end = LONGEST / 2;
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let hash = xxhash_rust::xxh3::xxh3_128(value.as_bytes());
    format!("{}… {hash:032x}", value.get(..end).unwrap_or(""))
}
