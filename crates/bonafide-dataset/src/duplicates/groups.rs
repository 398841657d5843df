//! Rows of a partition, by their key.

use super::row::{Row, label, split, was_added};
use crate::DatasetError;
use crate::spill::{Ledger, PARTITIONS, Table};

/// All rows of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    /// The key.
    pub(crate) key: [u64; 2],
    /// Rows of it, or the sum of their weights.
    pub(crate) count: u64,
    /// The place of the first.
    pub(crate) first: u64,
    /// Those that were added.
    pub(crate) added: u64,
    /// More than one label, records without any not counted.
    pub(crate) conflict: bool,
    /// More than one split, records without any not counted.
    pub(crate) leak: bool,
    label: u64,
    split: u8,
}

/// Which groups are asked for, and what a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    /// Groups of two rows or more.
    Several,
    /// All groups; the last word of a row is its weight.
    Weights,
}

/// Memory that is used again for each partition.
#[derive(Debug)]
pub(crate) struct Groups {
    counting: Counting,
    most: usize,
    /// One row for each key.
    firsts: Vec<Row>,
    /// Number of the group of that key, from one; zero as long as there is one row.
    numbers: Vec<u32>,
    /// Number of the key, from one, at the place that its second word says.
    slots: Vec<u32>,
    groups: Vec<Group>,
}

/// Bytes for each key: row, number, two to four slots, group.
const KEY_BYTES: u64 = 32 + 4 + 16 + 80;

impl Groups {
    pub(crate) fn new(ledger: &Ledger, counting: Counting) -> Self {
        let most = (ledger.share() / KEY_BYTES).min(1 << 30);
        Self {
            counting,
            most: usize::try_from(most).unwrap_or(usize::MAX),
            firsts: Vec::new(),
            numbers: Vec::new(),
            slots: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// Gives each group of a partition to `take`, in no special order.
    pub(crate) fn of(
        &mut self,
        table: &Table<'_, 4>,
        partition: usize,
        take: &mut dyn FnMut(&Group) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        self.clear();
        let mut fits = true;
        table.read(partition, |rows| {
            for row in rows {
                if !self.add(row) {
                    fits = false;
                    return Ok(false);
                }
            }
            Ok(true)
        })?;
        if fits {
            return self.groups.iter().try_for_each(take);
        }
        // Too many keys for one table: part them again, by the next bits.
        let below = table.below().ok_or_else(|| DatasetError::OverBudget {
            file: "records".into(),
            at: String::new(),
            reason: "no memory for the records of one hash; `memory` says so".to_owned(),
        })?;
        let mut writer = below.writer();
        table.read(partition, |rows| {
            rows.iter().try_for_each(|row| writer.push(&below, *row))?;
            Ok(true)
        })?;
        writer.finish(&below)?;
        for partition in 0..PARTITIONS {
            self.of(&below, partition, take)?;
            below.clear(partition);
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.firsts.clear();
        self.numbers.clear();
        self.groups.clear();
        self.slots.clear();
        self.slots.resize(1 << 10, 0);
    }

    /// False if there is no more room.
    fn add(&mut self, row: &Row) -> bool {
        let [high, low, place, last] = *row;
        let Some((slot, known)) = self.find(high, low) else {
            return false;
        };
        if known == 0 {
            return self.begin(slot, row);
        }
        let index = known as usize - 1;
        let (Some(number), Some(first)) = (self.numbers.get_mut(index), self.firsts.get(index))
        else {
            return false;
        };
        if *number == 0 {
            let Ok(next) = u32::try_from(self.groups.len() + 1) else {
                return false;
            };
            *number = next;
            self.groups.push(Group::of(first, self.counting));
        }
        if let Some(group) = self.groups.get_mut(*number as usize - 1) {
            group.add(place, last, self.counting);
        }
        true
    }

    /// The slot of a key, and what is in it.
    fn find(&self, high: u64, low: u64) -> Option<(usize, u32)> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = usize::try_from(low & mask as u64).ok()?;
        loop {
            let known = *self.slots.get(slot)?;
            if known == 0 {
                return Some((slot, 0));
            }
            let [other_high, other_low, ..] = self.firsts.get(known as usize - 1)?;
            if (*other_high, *other_low) == (high, low) {
                return Some((slot, known));
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The first row of a key.
    fn begin(&mut self, slot: usize, row: &Row) -> bool {
        if self.firsts.len() >= self.most {
            return false;
        }
        self.firsts.push(*row);
        let Ok(number) = u32::try_from(self.firsts.len()) else {
            return false;
        };
        if let Some(free) = self.slots.get_mut(slot) {
            *free = number;
        }
        if self.counting == Counting::Weights {
            self.groups.push(Group::of(row, self.counting));
            self.numbers.push(number);
        } else {
            self.numbers.push(0);
        }
        if self.firsts.len() * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        let length = self.slots.len() * 4;
        self.slots.clear();
        self.slots.resize(length, 0);
        let mask = length as u64 - 1;
        for (number, [_, low, ..]) in (1_u32..).zip(&self.firsts) {
            let mut slot = usize::try_from(low & mask).unwrap_or(0);
            while self.slots.get(slot).is_some_and(|known| *known != 0) {
                slot = (slot + 1) & (length - 1);
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = number;
            }
        }
    }
}

impl Group {
    fn of([high, low, place, last]: &Row, counting: Counting) -> Self {
        let weight = counting == Counting::Weights;
        Self {
            key: [*high, *low],
            count: if weight { *last } else { 1 },
            first: *place,
            added: u64::from(was_added(*place)),
            conflict: false,
            leak: false,
            label: if weight { 0 } else { label(*last) },
            split: if weight { 0 } else { split(*last) },
        }
    }

    fn add(&mut self, place: u64, last: u64, counting: Counting) {
        self.first = self.first.min(place);
        if counting == Counting::Weights {
            self.count = self.count.saturating_add(last);
            return;
        }
        self.count += 1;
        self.added += u64::from(was_added(place));
        let (label, split) = (label(last), split(last));
        match self.label {
            0 => self.label = label,
            known => self.conflict |= label != 0 && label != known,
        }
        match self.split {
            0 => self.split = split,
            known => self.leak |= split != 0 && split != known,
        }
    }
}
