//! The memo of one pickle.

use std::collections::HashMap;

use super::value::Value;
use crate::stop::Stop;

/// Most entries: half a gigabyte of memory.
const MOST: usize = 1 << 26;

/// Most entries that are far from all others.
const MOST_SPARSE: usize = 1 << 22;

/// Values by their numbers. Numbers without gaps cost eight bytes each, others more.
#[derive(Default)]
pub(crate) struct Memo {
    dense: Vec<Value>,
    sparse: HashMap<u64, Value>,
    /// How many there are: the number that MEMOIZE takes next.
    count: usize,
}

impl Memo {
    pub(crate) fn get(&self, index: u64) -> Option<Value> {
        let dense = usize::try_from(index).ok().and_then(|index| {
            let value = self.dense.get(index)?;
            (*value != Value::VACANT).then_some(*value)
        });
        match dense {
            None if !self.sparse.is_empty() => self.sparse.get(&index).copied(),
            found => found,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn push(&mut self, value: Value) -> Result<(), Stop> {
        self.put(self.count as u64, value)
    }

    pub(crate) fn put(&mut self, index: u64, value: Value) -> Result<(), Stop> {
        match usize::try_from(index) {
            Ok(place) if place == self.dense.len() && place < MOST && self.sparse.is_empty() => {
                self.dense.push(value);
                self.count += 1;
            }
            // Room for gaps as long as all that is there, so that memory follows the file.
            Ok(place) if place < MOST && place < self.count * 2 + 1024 => {
                if place >= self.dense.len() {
                    self.dense.resize(place + 1, Value::VACANT);
                }
                let known = self.sparse.remove(&index).is_some();
                if let Some(slot) = self.dense.get_mut(place) {
                    if *slot == Value::VACANT && !known {
                        self.count += 1;
                    }
                    *slot = value;
                }
            }
            _ => {
                if self.sparse.len() >= MOST_SPARSE {
                    return Err(Stop::Exhausted {
                        what: "entries of a memo that are far from each other",
                        limit: MOST_SPARSE as u64,
                    });
                }
                if self.sparse.insert(index, value).is_none() {
                    self.count += 1;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memo_counts_what_is_in_it() {
        let mut memo = Memo::default();
        memo.put(5, Value::NONE).unwrap();
        memo.put(u64::from(u32::MAX), Value::SCALAR).unwrap();
        memo.push(Value::BYTES).unwrap();
        assert_eq!(memo.get(2), Some(Value::BYTES));
        assert_eq!(memo.get(5), Some(Value::NONE));
        assert_eq!(memo.get(u64::from(u32::MAX)), Some(Value::SCALAR));
        assert_eq!(memo.get(3), None);
        // A number that is far at first, and near later.
        memo.put(3000, Value::SCALAR).unwrap();
        for index in 6..4000 {
            if index != 3000 {
                memo.put(index, Value::NONE).unwrap();
            }
        }
        assert_eq!(memo.get(3000), Some(Value::SCALAR));
        assert_eq!(memo.get(2999), Some(Value::NONE));
        memo.put(3000, Value::BYTES).unwrap();
        assert_eq!(memo.get(3000), Some(Value::BYTES));
    }
}
