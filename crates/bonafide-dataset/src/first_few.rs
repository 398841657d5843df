//! The first few of many, whichever thread found them.

use std::collections::BTreeMap;

use crate::{RecordId, Records, Sample};

/// Counts records, and keeps something of those that come first by [`RecordId`], so that
/// the answer is the same whatever the order in which batches came.
#[derive(Debug, Clone)]
pub(crate) struct FirstFew<T> {
    most: usize,
    total: u64,
    kept: BTreeMap<RecordId, T>,
}

impl<T> FirstFew<T> {
    /// Keeps at most `most`.
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            most,
            total: 0,
            kept: BTreeMap::new(),
        }
    }

    /// Counts a record; what is to be kept of it is made only if it is kept.
    pub(crate) fn add(&mut self, id: RecordId, make: impl FnOnce() -> T) {
        self.total = self.total.saturating_add(1);
        if self.takes(id) {
            self.keep(id, make());
        }
    }

    fn takes(&self, id: RecordId) -> bool {
        self.kept.len() < self.most
            || self
                .kept
                .last_key_value()
                .is_some_and(|(last, _)| id < *last)
    }

    fn keep(&mut self, id: RecordId, kept: T) {
        self.kept.entry(id).or_insert(kept);
        if self.kept.len() > self.most {
            self.kept.pop_last();
        }
    }

    /// Takes in what another thread found.
    pub(crate) fn merge(&mut self, other: Self) {
        self.total = self.total.saturating_add(other.total);
        for (id, kept) in other.kept {
            if self.takes(id) {
                self.keep(id, kept);
            }
        }
    }

    /// How many were counted.
    pub(crate) const fn total(&self) -> u64 {
        self.total
    }

    /// The sample, with records by name.
    pub(crate) fn named<N>(
        self,
        records: &dyn Records,
        name: impl Fn(String, T) -> N,
    ) -> Sample<N> {
        Sample {
            total: self.total,
            shown: self
                .kept
                .into_iter()
                .map(|(id, kept)| name(records.name(id), kept))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(record: u64) -> RecordId {
        RecordId { shard: 0, record }
    }

    #[test]
    fn keeps_the_first_whatever_the_order() {
        let mut one = FirstFew::new(3);
        let mut other = FirstFew::new(3);
        for record in [9, 2, 7, 5] {
            one.add(id(record), || record);
        }
        for record in [8, 1, 6] {
            other.add(id(record), || record);
        }
        one.merge(other);
        assert_eq!(one.total(), 7);
        assert_eq!(one.kept.into_values().collect::<Vec<_>>(), [1, 2, 5]);
    }

    #[test]
    fn keeps_nothing_if_it_may_keep_nothing() {
        let mut none = FirstFew::new(0);
        none.add(id(1), || ());
        assert_eq!((none.total(), none.kept.len()), (1, 0));
    }
}
