//! Labels: how many records have each, and how each is called.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use arrow_array::ArrayRef;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::groups::{Counting, Groups};
use super::key::{Domain, Keyed, spread};
use super::top::Top;
use crate::spill::{Ledger, PARTITIONS, Table, Writer, each};
use crate::{Columns, DatasetError, Records, TextColumn, is_number, whole_number};

/// Labels that are shown, those with most records.
const SHOWN: usize = 1_000;

/// Longer labels are cut, and told apart by a part of their SHA-256.
const NAME: usize = 120;

/// Counts labels: as many as fit in memory right away, the others by a table.
pub(crate) struct Census<'l> {
    keyed: &'l Keyed,
    most: usize,
    others: Table<'l, 4>,
}

/// What one worker has counted.
pub(crate) struct Counter {
    numbers: HashMap<u64, usize>,
    entries: Vec<Entry>,
    texts: Vec<Option<usize>>,
    integers: Vec<Option<(i128, usize)>>,
    others: Writer<4>,
}

struct Entry {
    label: u64,
    name: String,
    count: u64,
    first: u64,
}

/// All labels that were counted.
pub(crate) struct Counted {
    /// Those with most records: their hash and how many.
    pub(crate) greatest: Vec<(u64, u64)>,
    names: HashMap<u64, String>,
}

/// Places of the small tables before the map.
const RECENT: usize = 256;

impl<'l> Census<'l> {
    pub(crate) fn new(ledger: &'l Ledger, keyed: &'l Keyed) -> Self {
        let most = usize::try_from(ledger.share() / 4 / 512).unwrap_or(usize::MAX);
        Self {
            keyed,
            most: most.clamp(16, 1 << 16),
            others: Table::new(ledger),
        }
    }

    pub(crate) fn counter(&self) -> Counter {
        Counter {
            numbers: HashMap::new(),
            entries: Vec::new(),
            texts: vec![None; RECENT],
            integers: vec![None; RECENT],
            others: self.others.writer(),
        }
    }

    /// The hash of a label: 56 bits, never zero.
    fn hash(&self, text: &str) -> u64 {
        let [label, _] = self.keyed.key(Domain::Label, text.as_bytes());
        (label >> 8).max(1)
    }

    /// Counts the labels of a batch, and gives the hash of each; zero for none.
    pub(crate) fn count(
        &self,
        counter: &mut Counter,
        column: &ArrayRef,
        places: &[u64],
    ) -> Result<Vec<u64>, DatasetError> {
        let mut labels = Vec::with_capacity(places.len());
        let Some(text) = TextColumn::of(column) else {
            return Ok(vec![0; places.len()]);
        };
        let integers = is_number(column.data_type());
        for (index, place) in places.iter().enumerate() {
            let whole = match integers {
                true => whole_number(column, index),
                false => None,
            };
            if let Some(label) = whole.and_then(|whole| counter.again(whole, *place)) {
                labels.push(label);
                continue;
            }
            let Some(text) = text.get(index) else {
                labels.push(0);
                continue;
            };
            let label = self.hash(&text);
            labels.push(label);
            match counter.entry(label, &text, self.most) {
                Some(number) => {
                    counter.add(number, *place);
                    if let Some(whole) = whole {
                        counter.remember(whole, number);
                    }
                }
                None => {
                    let row = [spread(label), label, *place, 1];
                    counter.others.push(&self.others, row)?;
                }
            }
        }
        Ok(labels)
    }

    /// Adds up what the workers have counted.
    pub(crate) fn finish(
        self,
        ledger: &Ledger,
        counters: Vec<Counter>,
        workers: NonZeroUsize,
    ) -> Result<Counted, DatasetError> {
        let mut known: HashMap<u64, (u64, u64)> = HashMap::new();
        let mut names = HashMap::new();
        for counter in counters {
            counter.others.finish(&self.others)?;
            for entry in counter.entries {
                let (count, first) = known.entry(entry.label).or_insert((0, entry.first));
                *count += entry.count;
                *first = entry.first.min(*first);
                names.insert(entry.label, entry.name);
            }
        }
        if self.others.all_rows() == 0 {
            let mut top = Top::new(SHOWN);
            for (label, (count, first)) in known {
                top.add((count, u64::MAX - first, label));
            }
            return Ok(Counted::of(top, names));
        }
        let mut writer = self.others.writer();
        for (label, (count, first)) in known {
            writer.push(&self.others, [spread(label), label, first, count])?;
        }
        writer.finish(&self.others)?;
        Ok(Counted::of(greatest(ledger, &self.others, workers)?, names))
    }

    /// The names of these labels, as far as they are not known yet, by reading the column
    /// once more.
    pub(crate) fn name(
        keyed: &Keyed,
        records: &dyn Records,
        column: &str,
        wanted: &BTreeSet<u64>,
        counted: &mut Counted,
        workers: NonZeroUsize,
    ) -> Result<(), DatasetError> {
        let missing: BTreeSet<u64> = wanted
            .iter()
            .filter(|label| **label != 0 && !counted.names.contains_key(label))
            .copied()
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let found = Mutex::new(HashMap::new());
        let columns = Columns::Named(vec![column.to_owned()]);
        records.scan(workers, &columns, &|_, batch| {
            let Some(column) = batch.records.column_by_name(column) else {
                return Ok(());
            };
            let Some(text) = TextColumn::of(column) else {
                return Ok(());
            };
            for index in 0..batch.records.num_rows() {
                if let Some(text) = text.get(index) {
                    let [label, _] = keyed.key(Domain::Label, text.as_bytes());
                    let label = (label >> 8).max(1);
                    if missing.contains(&label) {
                        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                        found.entry(label).or_insert_with(|| shown(&text));
                    }
                }
            }
            Ok(())
        })?;
        counted
            .names
            .extend(found.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}

/// The labels of a table with the greatest weight, first ones first where it is equal.
pub(crate) fn greatest(
    ledger: &Ledger,
    table: &Table<'_, 4>,
    workers: NonZeroUsize,
) -> Result<Top<(u64, u64, u64)>, DatasetError> {
    let state = || (Groups::new(ledger, Counting::Weights), Top::new(SHOWN));
    let states = each(workers, PARTITIONS, state, |(groups, top), partition| {
        groups.of(table, partition, &mut |group| {
            let [_, label] = group.key;
            top.add((group.count, u64::MAX - group.first, label));
            Ok(())
        })
    })?;
    let mut all = Top::new(SHOWN);
    for (_, top) in states {
        all.merge(top);
    }
    Ok(all)
}

impl Counter {
    /// A whole number that was seen lately.
    fn again(&mut self, whole: i128, place: u64) -> Option<u64> {
        match self.integers.get(recent(whole))? {
            Some((known, number)) if *known == whole => {
                let number = *number;
                self.add(number, place);
                self.entries.get(number).map(|entry| entry.label)
            }
            _ => None,
        }
    }

    fn remember(&mut self, whole: i128, number: usize) {
        if let Some(slot) = self.integers.get_mut(recent(whole)) {
            *slot = Some((whole, number));
        }
    }

    /// The entry of a label; none if there is no room for it.
    fn entry(&mut self, label: u64, text: &str, most: usize) -> Option<usize> {
        let slot = usize::try_from(label % RECENT as u64).unwrap_or(0);
        if let Some(Some(number)) = self.texts.get(slot)
            && let Some(entry) = self.entries.get(*number)
            && entry.label == label
        {
            return Some(*number);
        }
        let number = match self.numbers.get(&label) {
            Some(number) => *number,
            None if self.entries.len() >= most => return None,
            None => {
                self.entries.push(Entry {
                    label,
                    name: shown(text),
                    count: 0,
                    first: u64::MAX,
                });
                self.numbers.insert(label, self.entries.len() - 1);
                self.entries.len() - 1
            }
        };
        if let Some(slot) = self.texts.get_mut(slot) {
            *slot = Some(number);
        }
        Some(number)
    }

    fn add(&mut self, number: usize, place: u64) {
        if let Some(entry) = self.entries.get_mut(number) {
            entry.count += 1;
            entry.first = entry.first.min(place);
        }
    }
}

fn recent(whole: i128) -> usize {
    usize::try_from(whole & (RECENT as i128 - 1)).unwrap_or(0)
}

impl Counted {
    fn of(top: Top<(u64, u64, u64)>, names: HashMap<u64, String>) -> Self {
        let (_, greatest) = top.finish();
        Self {
            greatest: greatest
                .into_iter()
                .map(|(count, _, label)| (label, count))
                .collect(),
            names,
        }
    }

    /// How a label is called.
    pub(crate) fn called(&self, label: u64) -> String {
        self.names.get(&label).cloned().unwrap_or_default()
    }
}

/// A label as it is printed.
fn shown(text: &str) -> String {
    if text.len() <= 2 * NAME {
        return text.to_owned();
    }
    let start: String = text.chars().take(NAME).collect();
    let digest = Sha256::digest(text.as_bytes());
    let digest = HEXLOWER.encode(digest.get(..8).unwrap_or_default());
    format!("{start}… (SHA-256 {digest}…)")
}
