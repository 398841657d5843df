//! Reads what records are judged by into memory, within the budget.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::LabelOptions;
use super::features::{self, Judged, NUMBERS, mixed, phrase_hash, token_hash};
use super::rows::{Row, narrow};
use crate::error::DatasetError;
use crate::records::{Batch, Columns, RecordId, Records};
use crate::roles::Roles;

/// Longest label in bytes.
const LABEL_BYTES: usize = 1_024;

/// What was read.
pub(super) struct Gathered {
    /// In the order of their ids; labels are numbers in `classes`.
    pub(super) rows: Vec<Row>,
    /// Labels that occur, ordered.
    pub(super) classes: Vec<String>,
    /// Records that were left out, with why.
    pub(super) left_out: Vec<(String, u64)>,
    /// Records whose key is below this were taken.
    limit: u64,
    sampled_out: u64,
}

/// Why a record is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct LeftOut {
    unlabelled: u64,
    long_label: u64,
    empty: u64,
    too_many_numbers: u64,
}

struct State {
    rows: Vec<Row>,
    bytes: u64,
    labels: HashMap<String, u32>,
    left_out: LeftOut,
    seen: u64,
}

/// Reads the columns that count. None if there are more classes than allowed.
pub(super) fn gather(
    records: &dyn Records,
    roles: &Roles,
    options: &LabelOptions,
    workers: NonZeroUsize,
    memory: u64,
) -> Result<Option<Gathered>, DatasetError> {
    let limit = AtomicU64::new(u64::MAX);
    let too_many = AtomicBool::new(false);
    let state = Mutex::new(State {
        rows: Vec::new(),
        bytes: 0,
        labels: HashMap::new(),
        left_out: LeftOut::default(),
        seen: 0,
    });
    let visit = |_: usize, batch: Batch| {
        let below = limit.load(Ordering::Relaxed);
        let (read, left_out, seen) = read(&batch, roles, options, below);
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.seen += seen;
        state.left_out.add(left_out);
        for (mut row, label) in read {
            let next = u32::try_from(state.labels.len()).unwrap_or(u32::MAX);
            row.label = *state.labels.entry(label).or_insert(next);
            state.bytes += row.bytes();
            state.rows.push(row);
        }
        if state.labels.len() > options.classes {
            too_many.store(true, Ordering::Relaxed);
            return Err(DatasetError::Cancelled);
        }
        // Whatever comes in which order, the greatest limit remains whose records fit.
        while state.bytes > memory && !state.rows.is_empty() {
            let lower = limit.load(Ordering::Relaxed) / 2;
            limit.store(lower, Ordering::Relaxed);
            state.rows.retain(|row| key(row.id) <= lower);
            state.bytes = state.rows.iter().map(Row::bytes).sum();
        }
        // A batch that was read under an older limit.
        let lower = limit.load(Ordering::Relaxed);
        if lower < below {
            state.rows.retain(|row| key(row.id) <= lower);
            state.bytes = state.rows.iter().map(Row::bytes).sum();
        }
        Ok(())
    };
    match records.scan(workers, &columns(roles), &visit) {
        Err(DatasetError::Cancelled) if too_many.load(Ordering::Relaxed) => return Ok(None),
        done => done?,
    }
    let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Some(Gathered::of(state, limit.into_inner())))
}

/// The columns that are read.
pub(crate) fn columns(roles: &Roles) -> Columns {
    let single = roles.label.iter().chain(&roles.bytes);
    let lists = roles.text.iter().chain(&roles.features);
    Columns::Named(lists.chain(single).cloned().collect())
}

/// The record that a row of a batch is.
pub(crate) fn id(batch: &Batch, index: usize) -> RecordId {
    RecordId {
        shard: u32::try_from(batch.shard).unwrap_or(u32::MAX),
        record: batch.first + index as u64,
    }
}

/// By which records are sampled: spread evenly, and the same on every run.
const fn key(id: RecordId) -> u64 {
    mixed(mixed(id.record) ^ id.shard as u64)
}

type Read = (Vec<(Row, String)>, LeftOut, u64);

fn read(batch: &Batch, roles: &Roles, options: &LabelOptions, below: u64) -> Read {
    let judged = Judged::of(&batch.records, roles);
    let mut left_out = LeftOut::default();
    let mut rows = Vec::new();
    let count = batch.records.num_rows();
    for index in 0..count {
        let id = id(batch, index);
        let Some(label) = judged.label(index) else {
            left_out.unlabelled += 1;
            continue;
        };
        if label.len() > LABEL_BYTES {
            left_out.long_label += 1;
            continue;
        }
        if key(id) > below {
            continue;
        }
        let Some(numbers) = judged.numbers(index) else {
            left_out.too_many_numbers += 1;
            continue;
        };
        let tokens = tokens(&judged, index, options);
        if tokens.is_empty() && numbers.is_empty() {
            left_out.empty += 1;
            continue;
        }
        let mut content = 0;
        for &(bucket, value) in &tokens {
            content = mixed(content ^ u64::from(bucket) ^ (u64::from(value.to_bits()) << 32));
        }
        for (place, value) in numbers.iter().enumerate() {
            content = mixed(content ^ features::number_hash(place, *value));
        }
        let row = Row {
            id,
            label: 0,
            content,
            tokens,
            numbers: numbers.into_iter().map(narrow).collect(),
        };
        rows.push((row, label));
    }
    (rows, left_out, count as u64)
}

/// Buckets of tokens, and of two tokens in a row if wanted, with how often each is there.
fn tokens(judged: &Judged<'_>, index: usize, options: &LabelOptions) -> Box<[(u32, f32)]> {
    let mask = (1_u64 << options.buckets.clamp(1, 24)) - 1;
    let mut buckets: Vec<u32> = Vec::new();
    judged.tokens(index, options.tokens, |tokens| {
        let mut before = None;
        for token in tokens {
            let hash = token_hash(token);
            let mut keep = |hash: u64| {
                if let Ok(bucket) = u32::try_from(hash & mask) {
                    buckets.push(bucket);
                }
            };
            keep(hash);
            if options.pairs
                && let Some(before) = before
            {
                keep(phrase_hash(before, hash));
            }
            before = Some(hash);
        }
    });
    buckets.sort_unstable();
    let mut counted: Vec<(u32, f32)> = Vec::new();
    for bucket in buckets {
        match counted.last_mut() {
            Some((last, count)) if *last == bucket => *count += 1.0,
            _ => counted.push((bucket, 1.0)),
        }
    }
    counted.into_boxed_slice()
}

impl LeftOut {
    const fn add(&mut self, other: Self) {
        self.unlabelled += other.unlabelled;
        self.long_label += other.long_label;
        self.empty += other.empty;
        self.too_many_numbers += other.too_many_numbers;
    }
}

impl Gathered {
    fn of(state: State, limit: u64) -> Self {
        let LeftOut {
            unlabelled,
            long_label,
            empty,
            too_many_numbers,
        } = state.left_out;
        let mut gathered = Self {
            sampled_out: 0,
            rows: state.rows,
            classes: Vec::new(),
            left_out: Vec::new(),
            limit,
        };
        gathered.rows.sort_unstable_by_key(|row| row.id);
        // Records under a limit were counted as left out only as far as they were looked at.
        let sampled = limit < u64::MAX;
        if !sampled {
            gathered.leave("nothing to judge the label by", empty);
            let most = format!("more than {NUMBERS} numbers");
            gathered.leave(&most, too_many_numbers);
        }
        gathered.leave("without a label", unlabelled);
        gathered.leave("label longer than 1,024 bytes", long_label);
        gathered.name_classes(state.labels);
        if sampled {
            let labelled = state.seen - unlabelled - long_label;
            gathered.sampled_out = labelled - gathered.rows.len() as u64;
        }
        gathered.keep_common_length();
        gathered
    }

    fn leave(&mut self, why: &str, records: u64) {
        if records > 0 {
            self.left_out.push((why.to_owned(), records));
        }
    }

    /// Numbers labels by their order, whatever came first.
    fn name_classes(&mut self, labels: HashMap<String, u32>) {
        let mut used: Vec<u32> = self.rows.iter().map(|row| row.label).collect();
        used.sort_unstable();
        used.dedup();
        let mut named: Vec<(String, u32)> = labels
            .into_iter()
            .filter(|(_, number)| used.binary_search(number).is_ok())
            .collect();
        named.sort_unstable();
        let numbers: HashMap<u32, u32> = named
            .iter()
            .zip(0..)
            .map(|((_, old), new)| (*old, new))
            .collect();
        for row in &mut self.rows {
            row.label = numbers.get(&row.label).copied().unwrap_or_default();
        }
        self.classes = named.into_iter().map(|(name, _)| name).collect();
    }

    /// Lists and images that are not as long as most cannot be compared with them.
    fn keep_common_length(&mut self) {
        let mut lengths: HashMap<usize, u64> = HashMap::new();
        for row in &self.rows {
            *lengths.entry(row.numbers.len()).or_default() += 1;
        }
        let common = lengths
            .iter()
            .max_by_key(|(length, count)| (**count, usize::MAX - **length));
        let Some((&length, &count)) = common else {
            return;
        };
        let others = self.rows.len() as u64 - count;
        self.rows.retain(|row| row.numbers.len() == length);
        self.leave(
            &format!("not {length} numbers, as most records have"),
            others,
        );
    }

    /// Takes a smaller sample until `fits` of the number of rows and of their values.
    pub(super) fn thin(&mut self, fits: impl Fn(u64, u64) -> bool) {
        loop {
            let values = self
                .rows
                .iter()
                .map(|row| row.tokens.len() + row.numbers.len());
            let values = values.sum::<usize>() as u64;
            if self.rows.is_empty() || fits(self.rows.len() as u64, values) {
                break;
            }
            self.limit /= 2;
            let before = self.rows.len();
            let limit = self.limit;
            self.rows.retain(|row| key(row.id) <= limit);
            self.sampled_out += (before - self.rows.len()) as u64;
        }
    }

    /// Leaves out classes with fewer than `least` records.
    pub(super) fn leave_small(&mut self, least: usize) {
        let mut sizes = vec![0_usize; self.classes.len()];
        for row in &self.rows {
            if let Some(size) = sizes.get_mut(row.label as usize) {
                *size += 1;
            }
        }
        let small = |label: u32| sizes.get(label as usize).is_none_or(|size| *size < least);
        let before = self.rows.len();
        self.rows.retain(|row| !small(row.label));
        let left = (before - self.rows.len()) as u64;
        self.leave(&format!("of a class with fewer than {least} records"), left);
        let mut next = 0;
        let mut numbers = Vec::with_capacity(sizes.len());
        let mut kept = Vec::new();
        for (class, label) in self.classes.drain(..).zip(0..) {
            numbers.push(next);
            if !small(label) {
                next += 1;
                kept.push(class);
            }
        }
        self.classes = kept;
        for row in &mut self.rows {
            row.label = numbers.get(row.label as usize).copied().unwrap_or_default();
        }
    }

    /// Says what the sample left out, after the last [`Gathered::thin`].
    pub(super) fn say_sampled(&mut self) {
        let left = self.sampled_out;
        self.leave("not in the sample that memory and time allow", left);
    }
}
