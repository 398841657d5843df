//! What is kept of each record next to its key: place, label, split.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::census::{Census, Counter};
use super::row::{mark, place};
use crate::{Batch, DatasetError, RecordId, Records, TextColumn};

/// A column of this name says which split a record is in, before its shard does.
pub(crate) const SPLIT: &str = "split";

/// Splits that can be told apart.
const SPLITS: usize = 254;

/// Tells whether each record of a batch was added since the earlier version.
pub type Added<'a> = &'a (dyn Fn(&Batch) -> Vec<bool> + Sync);

/// Reads labels and splits of batches.
pub(crate) struct Marks<'m> {
    label: Option<&'m str>,
    added: Option<Added<'m>>,
    splits: Splits,
}

/// Names of splits, numbered from one.
#[derive(Debug, Default)]
pub(crate) struct Splits {
    shards: Vec<u8>,
    names: Mutex<Vec<String>>,
}

impl<'m> Marks<'m> {
    pub(crate) fn new(
        records: &dyn Records,
        label: Option<&'m str>,
        added: Option<Added<'m>>,
    ) -> Self {
        let mut splits = Splits::default();
        for shard in records.shards() {
            let number = shard.split.as_deref().map_or(0, |name| splits.number(name));
            splits.shards.push(number);
        }
        Self {
            label,
            added,
            splits,
        }
    }

    /// Place and mark of each record of a batch.
    pub(crate) fn of(
        &self,
        census: &Census<'_>,
        counter: &mut Counter,
        batch: &Batch,
    ) -> Result<Vec<(u64, u64)>, DatasetError> {
        let count = batch.records.num_rows();
        let added = self.added.map(|added| added(batch)).unwrap_or_default();
        let shard = u32::try_from(batch.shard).unwrap_or(u32::MAX);
        let mut places = Vec::with_capacity(count);
        for (index, record) in (0..count).zip(batch.first..) {
            let added = added.get(index).copied().unwrap_or(false);
            places.push(place(RecordId { shard, record }, added)?);
        }
        let labels = match self
            .label
            .and_then(|label| batch.records.column_by_name(label))
        {
            Some(column) => census.count(counter, column, &places)?,
            None => vec![0; count],
        };
        let splits = self.splits.of(batch);
        Ok(places
            .into_iter()
            .zip(labels)
            .zip(splits)
            .map(|((place, label), split)| (place, mark(label, split)))
            .collect())
    }

    /// The names of the splits; none if there are too many to tell apart.
    pub(crate) fn splits(self) -> Option<Vec<String>> {
        let names = self
            .splits
            .names
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        (names.len() <= SPLITS).then_some(names)
    }
}

impl Splits {
    fn number(&self, name: &str) -> u8 {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let index = match names.iter().position(|known| known == name) {
            Some(index) => index,
            None => {
                if names.len() <= SPLITS {
                    names.push(name.to_owned());
                }
                names.len() - 1
            }
        };
        u8::try_from(index + 1).unwrap_or(u8::MAX)
    }

    fn of(&self, batch: &Batch) -> Vec<u8> {
        let shard = self.shards.get(batch.shard).copied().unwrap_or(0);
        let count = batch.records.num_rows();
        let Some(column) = batch.records.column_by_name(SPLIT).and_then(TextColumn::of) else {
            return vec![shard; count];
        };
        let mut known = BTreeMap::new();
        (0..count)
            .map(|index| match column.get(index) {
                None => shard,
                Some(name) => match known.get(name.as_ref()) {
                    Some(number) => *number,
                    None => {
                        let number = self.number(&name);
                        known.insert(name.into_owned(), number);
                        number
                    }
                },
            })
            .collect()
    }
}
