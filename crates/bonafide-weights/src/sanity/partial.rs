//! What is known of a tensor when part of its bytes have been seen, in any order.

use std::collections::BTreeMap;

use super::kernel::{Eye, Glance, first, starts_with_zero};
use super::layout::Extent;

/// What some of the bytes of a tensor show. Parts can be joined in any order.
#[derive(Debug, Clone, Default)]
pub(super) struct Partial {
    /// Bytes that were seen.
    pub(super) seen: u64,
    glance: Glance,
    /// Bits of a number, for comparison.
    sample: Option<u64>,
    /// Rows that are zero throughout.
    dead: u64,
    /// Rows that were seen in part: how many of their elements were there, all zero.
    rows: BTreeMap<u64, u64>,
    /// Parts of elements, by where they start in the tensor.
    fragments: BTreeMap<u64, Vec<u8>>,
}

/// What all bytes of a tensor show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) glance: Glance,
    /// The bits of each number, if all are the same.
    pub(super) constant: Option<u64>,
    pub(super) dead: u64,
}

impl Partial {
    /// Takes whole elements, the first of which is the one of this number.
    pub(super) fn elements(&mut self, eye: Eye, extent: &Extent, number: u64, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.seen += bytes.len() as u64;
        let sample = *self
            .sample
            .get_or_insert_with(|| first(extent.element, bytes).unwrap_or(0));
        let glance = eye.glance(extent.element, bytes, sample);
        self.glance.add(glance);
        if let Some(row) = extent.row {
            self.look_at_rows(eye, extent, row, number, bytes);
        }
    }

    /// Most rows are not dead, and most of those start with a number that is not zero.
    fn look_at_rows(&mut self, eye: Eye, extent: &Extent, row: u64, number: u64, bytes: &[u8]) {
        let width = extent.element.bytes();
        let mut at = number;
        let mut rest = bytes;
        while !rest.is_empty() {
            let left = row - at % row;
            let length = usize::try_from(left).ok();
            let length = length.and_then(|left| left.checked_mul(width));
            let (this, behind) = length
                .and_then(|length| rest.split_at_checked(length))
                .unwrap_or((rest, &[]));
            if starts_with_zero(extent.element, this) && eye.is_zero(extent.element, this) {
                self.add_row(row, at / row, (this.len() / width) as u64);
            }
            at += left;
            rest = behind;
        }
    }

    /// Takes down that some elements of a row are zero.
    fn add_row(&mut self, length: u64, row: u64, elements: u64) {
        if elements == length {
            self.dead += 1;
            return;
        }
        let sum = self.rows.entry(row).or_default();
        *sum += elements;
        if *sum == length {
            self.rows.remove(&row);
            self.dead += 1;
        }
    }

    /// Takes a part of an element, by where it starts in the tensor.
    pub(super) fn fragment(&mut self, at: u64, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.fragments.insert(at, bytes.to_vec());
        }
    }

    /// Joins another part.
    pub(super) fn add(&mut self, other: Self, row: Option<u64>) {
        self.seen += other.seen;
        self.glance.add(other.glance);
        match (self.sample, other.sample) {
            (Some(own), Some(theirs)) => self.glance.varies |= own != theirs,
            (None, theirs) => self.sample = theirs,
            (Some(_), None) => {}
        }
        self.dead += other.dead;
        for (number, elements) in other.rows {
            self.add_row(row.unwrap_or(u64::MAX), number, elements);
        }
        self.fragments.extend(other.fragments);
    }

    /// What all parts show together; none if some bytes were not seen.
    pub(super) fn finish(mut self, eye: Eye, extent: &Extent) -> Option<Whole> {
        let width = extent.element.bytes();
        let mut element: Vec<u8> = Vec::new();
        let mut start = 0;
        for (at, bytes) in std::mem::take(&mut self.fragments) {
            if element.is_empty() {
                start = at;
            }
            if start + element.len() as u64 != at {
                return None;
            }
            element.extend_from_slice(&bytes);
            if element.len() >= width {
                if element.len() != width || !start.is_multiple_of(width as u64) {
                    return None;
                }
                self.elements(eye, extent, start / width as u64, &element);
                element.clear();
            }
        }
        if self.seen != extent.range.end - extent.range.start {
            return None;
        }
        let constant = self.sample.filter(|_| !self.glance.varies);
        Some(Whole {
            glance: self.glance,
            constant,
            dead: self.dead,
        })
    }
}

impl Glance {
    fn add(&mut self, other: Self) {
        self.largest = self.largest.max(other.largest);
        self.varies |= other.varies;
        self.not_a_number += other.not_a_number;
        self.infinite += other.infinite;
    }
}
