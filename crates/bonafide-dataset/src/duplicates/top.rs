//! The greatest few of many.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Keeps the greatest `most` of what it is given, and counts all.
#[derive(Debug, Clone)]
pub(crate) struct Top<T: Ord> {
    total: u64,
    most: usize,
    heap: BinaryHeap<Reverse<T>>,
}

impl<T: Ord> Top<T> {
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            total: 0,
            most,
            heap: BinaryHeap::new(),
        }
    }

    pub(crate) fn add(&mut self, one: T) {
        self.total += 1;
        self.keep(one);
    }

    /// Takes in what another has kept.
    pub(crate) fn merge(&mut self, other: Self) {
        self.total += other.total;
        for Reverse(one) in other.heap {
            self.keep(one);
        }
    }

    /// How many there were, and the greatest of them, greatest first.
    pub(crate) fn finish(self) -> (u64, Vec<T>) {
        let mut kept: Vec<T> = self.heap.into_iter().map(|Reverse(one)| one).collect();
        kept.sort_by(|one, other| other.cmp(one));
        (self.total, kept)
    }

    fn keep(&mut self, one: T) {
        if self.heap.len() < self.most {
            self.heap.push(Reverse(one));
        } else if let Some(mut least) = self.heap.peek_mut()
            && one > least.0
        {
            *least = Reverse(one);
        }
    }
}
