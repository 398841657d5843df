//! Records, read once: their hashes on disk, and what is counted of them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::counts::{BYTES_OF_VALUE, BatchCounts, Counter, Counts};
use super::encoding::{Schema, Values, encoder};
use super::entry::Layout;
use super::merkle::Hash;
use super::parse::check_name;
use super::rows::{Rows, Scratch, too_long, unencodable};
use super::spill::Spill;
use super::trees;
use crate::budget::DatasetBudget;
use crate::column::TextColumn;
use crate::error::DatasetError;
use crate::records::{Batch, Columns, Records, Shard};
use crate::roles::Roles;
use crate::shift::Population;

/// Records as they were found.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) layout: Layout,
    pub(super) spill: Spill,
    /// Ordered by the bytes of their names.
    pub(super) shards: Vec<MeasuredShard>,
    pub(super) records: u64,
    pub(super) root: Hash,
    pub(super) label: Option<Population>,
    pub(super) splits: Population,
    pub(super) populations: Vec<Population>,
}

/// A shard as it was found.
#[derive(Debug)]
pub(super) struct MeasuredShard {
    /// Its number in [`Records::shards`] and in the spill.
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) split: Option<String>,
    pub(super) format: &'static str,
    pub(super) schema: Schema,
    pub(super) fingerprint: Hash,
    pub(super) records: u64,
    pub(super) root: Hash,
    pub(super) labels: BTreeMap<String, u64>,
}

/// What is shared between workers.
struct Measure<'a> {
    shards: &'a [Shard],
    schemas: &'a [Schema],
    /// Records of each shard.
    counts: Vec<AtomicU64>,
    total: AtomicU64,
    roles: &'a Roles,
    layout: Layout,
    spill: Spill,
    /// The label's first, if there is one.
    counters: Vec<Counter>,
    workers: Vec<Mutex<Worker>>,
    budget: &'a DatasetBudget,
}

/// Buffers of a worker.
#[derive(Debug, Default)]
struct Worker {
    scratch: Scratch,
    value: Vec<u8>,
    entries: Vec<u8>,
}

/// Reads all records. Values beyond `listed` for each column are counted, not listed.
pub(super) fn measure(
    records: &dyn Records,
    roles: &Roles,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
    listed: usize,
) -> Result<Measured, DatasetError> {
    let shards = records.shards();
    let mut names = Vec::with_capacity(shards.len());
    let mut schemas = Vec::with_capacity(shards.len());
    for shard in shards {
        names.push(name_of(shard)?);
        let schema = Schema::of(shard.schema.fields(), budget.columns);
        schemas.push(schema.map_err(|reason| malformed(shard, reason))?);
    }
    let layout = Layout {
        keyed: roles.key.is_some(),
    };
    let counted = counted_columns(roles);
    let most = budget.memory / 8 / BYTES_OF_VALUE / counted.len().max(1) as u64;
    let most = usize::try_from(most.clamp(64, 65_536)).unwrap_or(64);
    let measure = Measure {
        shards,
        schemas: &schemas,
        counts: shards.iter().map(|_| AtomicU64::new(0)).collect(),
        total: AtomicU64::new(0),
        roles,
        layout,
        spill: Spill::new(layout.width(), budget)?,
        counters: counted
            .into_iter()
            .map(|column| Counter::new(column, most))
            .collect(),
        workers: (0..workers.get()).map(|_| Mutex::default()).collect(),
        budget,
    };
    records.scan(workers, &Columns::All, &|worker, batch| {
        measure.take(worker, &batch)
    })?;
    let found: Vec<u64> = measure
        .counts
        .iter()
        .map(|count| count.load(Ordering::Relaxed))
        .collect();
    for ((index, shard), count) in shards.iter().enumerate().zip(&found) {
        if !measure.spill.is_complete(index, *count) {
            let reason = "its reader left records out, or gave some twice".to_owned();
            return Err(malformed(shard, reason));
        }
    }
    let mut counts = measure
        .counters
        .into_iter()
        .map(|counter| counter.finish(listed));
    let label = match roles.label {
        Some(_) => counts.next(),
        None => None,
    };
    let populations = counts.map(|counts| counts.population).collect();
    let spill = measure.spill;
    let trees = trees::grow(&spill, layout, &found, label.as_ref(), workers)?;
    let mut measured = Vec::with_capacity(shards.len());
    let parts = shards.iter().zip(names).zip(schemas).zip(trees);
    for (index, (((shard, name), schema), tree)) in parts.enumerate() {
        measured.push(MeasuredShard {
            index,
            name,
            split: shard.split.clone(),
            format: shard.format,
            fingerprint: schema.fingerprint(),
            schema,
            records: tree.records,
            root: tree.root,
            labels: tree.labels,
        });
    }
    finish(measured, spill, layout, label, populations)
}

/// Orders the shards and adds them up.
fn finish(
    mut shards: Vec<MeasuredShard>,
    spill: Spill,
    layout: Layout,
    label: Option<Counts>,
    populations: Vec<Population>,
) -> Result<Measured, DatasetError> {
    shards.sort_by(|one, other| one.name.cmp(&other.name));
    let mut splits = Population {
        column: "split".to_owned(),
        ..Population::default()
    };
    let mut before: Option<&str> = None;
    for shard in &shards {
        if before == Some(shard.name.as_str()) {
            return Err(DatasetError::Malformed {
                file: shard.name.as_str().into(),
                at: String::new(),
                reason: "two shards have this name".to_owned(),
            });
        }
        before = Some(&shard.name);
        match &shard.split {
            Some(split) => *splits.values.entry(split.clone()).or_default() += shard.records,
            None => splits.null += shard.records,
        }
    }
    let leaves = shards.iter().map(|shard| {
        let split = shard.split.as_deref();
        let (root, schema) = (&shard.root, &shard.fingerprint);
        super::document::shard_leaf(&shard.name, shard.records, root, schema, split)
    });
    Ok(Measured {
        layout,
        spill,
        records: shards.iter().map(|shard| shard.records).sum(),
        root: super::merkle::Tree::root_of(leaves),
        label: label.map(|counts| counts.population),
        splits,
        populations,
        shards,
    })
}

/// Label, source and attributes, each once.
fn counted_columns(roles: &Roles) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    let named = roles.label.iter().chain(&roles.source);
    for column in named.chain(&roles.attributes) {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    columns
}

fn name_of(shard: &Shard) -> Result<String, DatasetError> {
    let name = std::str::from_utf8(shard.name.as_bytes())
        .map_err(|_| "its name is not UTF-8".to_owned())
        .and_then(|name| check_name(name).map(|()| name.to_owned()));
    name.map_err(|reason| malformed(shard, reason))
}

fn malformed(shard: &Shard, reason: String) -> DatasetError {
    DatasetError::Malformed {
        file: shard.name.clone(),
        at: String::new(),
        reason,
    }
}

/// A column whose values are counted, in a batch.
struct Counted<'b> {
    values: Option<Values<'b>>,
    text: Option<TextColumn<'b>>,
    counts: BatchCounts,
}

impl Measure<'_> {
    fn take(&self, worker: usize, batch: &Batch) -> Result<(), DatasetError> {
        let Some(shard) = self.shards.get(batch.shard) else {
            let reason = format!(
                "a reader gave records of shard {}, which is none",
                batch.shard
            );
            return Err(DatasetError::Malformed {
                file: "".into(),
                at: String::new(),
                reason,
            });
        };
        self.admit(shard, batch)?;
        let Some(worker) = self.workers.get(worker) else {
            return Err(malformed(shard, format!("there is no worker {worker}")));
        };
        let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
        let Worker {
            scratch,
            value,
            entries,
        } = &mut *worker;
        let records = &batch.records;
        let rows = Rows::of(records, self.roles).map_err(|kind| unencodable(shard, &kind))?;
        let mut counted = Vec::with_capacity(self.counters.len());
        for counter in &self.counters {
            let column = records.column_by_name(counter.column());
            let values = column.map(encoder).transpose();
            counted.push(Counted {
                values: values.map_err(|kind| unencodable(shard, &kind))?,
                text: column.and_then(TextColumn::of),
                counts: BatchCounts::default(),
            });
        }
        let limit = usize::try_from(self.budget.record_bytes).unwrap_or(usize::MAX);
        let over = |row| too_long(shard, batch, row, self.budget.record_bytes);
        entries.clear();
        for row in 0..records.num_rows() {
            rows.encode(row, scratch, limit).map_err(|_| over(row))?;
            let mut label = [0; 16];
            for (index, column) in counted.iter_mut().enumerate() {
                let Some(values) = &column.values else {
                    column.counts.add_absent(1);
                    continue;
                };
                value.clear();
                values.append(row, value, limit).map_err(|_| over(row))?;
                let hash = column.counts.add(value, column.text.as_ref(), row);
                if index == 0 && self.roles.label.is_some() {
                    label = hash;
                }
            }
            self.layout.append(&scratch.entry(label), entries);
        }
        for (counter, column) in self.counters.iter().zip(counted) {
            counter.add(column.counts);
        }
        self.spill.put(batch.shard, batch.first, entries)
    }

    /// Counts the records of a batch, if it may have them and fits its shard.
    fn admit(&self, shard: &Shard, batch: &Batch) -> Result<(), DatasetError> {
        let count = batch.records.num_rows() as u64;
        if batch.first.checked_add(count).is_none() {
            return Err(malformed(
                shard,
                format!("there is no record {}", batch.first),
            ));
        }
        let total = self.total.fetch_add(count, Ordering::Relaxed);
        if total.saturating_add(count) > self.budget.records {
            return Err(DatasetError::OverBudget {
                file: shard.name.clone(),
                at: format!("record {}", batch.first),
                reason: format!(
                    "a dataset may have {} records (`records`)",
                    self.budget.records
                ),
            });
        }
        if let Some(records) = self.counts.get(batch.shard) {
            records.fetch_add(count, Ordering::Relaxed);
        }
        if batch.records.schema_ref() == &shard.schema {
            return Ok(());
        }
        let fields = batch.records.schema_ref().fields();
        let schema =
            Schema::of(fields, self.budget.columns).map_err(|reason| malformed(shard, reason))?;
        match self.schemas.get(batch.shard) == Some(&schema) {
            true => Ok(()),
            false => Err(malformed(
                shard,
                format!(
                    "records from number {} on have other columns than the shard",
                    batch.first
                ),
            )),
        }
    }
}
