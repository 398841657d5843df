//! The storages that the pickle of an archive names.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId};

use crate::facts::Order;
use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[&MISMATCH];

pub(crate) const MISMATCH: Rule = Rule {
    slug: "pytorch-storage-mismatch",
    title: "Storage that is not as long as the pickle says",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A loader that believes the pickle reads, or writes, beyond the memory of the tensor.",
    remediation: "Do not load the file, not with `weights_only` either.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[787, 125],
    cve: &["CVE-2026-24747"],
    atlas: &["AML.T0011.000"],
};

/// A storage as a persistent id of the pickle has it: `('storage', class, key, place, n)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Storage {
    /// Name of its class: `FloatStorage`.
    pub(crate) class: String,
    /// Name of its member below `data/`.
    pub(crate) key: String,
    /// How many numbers it holds.
    pub(crate) elements: u64,
}

impl Storage {
    /// Its length in bytes; none if its class is not known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.elements.checked_mul(self.width()?)
    }

    /// Bytes of one of its numbers; none if its class is not known.
    pub(crate) fn width(&self) -> Option<u64> {
        let name = self.class.rsplit('.').next().unwrap_or(&self.class);
        Some(match name {
            "ComplexDoubleStorage" => 16,
            "DoubleStorage" | "LongStorage" | "ComplexFloatStorage" => 8,
            "FloatStorage" | "IntStorage" | "QInt32Storage" => 4,
            "HalfStorage" | "BFloat16Storage" | "ShortStorage" => 2,
            "CharStorage" | "ByteStorage" | "BoolStorage" | "QInt8Storage" | "QUInt8Storage"
            | "QUInt4x2Storage" | "QUInt2x4Storage" | "UntypedStorage" => 1,
            _ => return None,
        })
    }
}

/// What the pickle of an archive names of its storages.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    pub(crate) storages: Vec<Storage>,
    /// Tensors by their place in the list of all, and where in the storages their numbers are.
    pub(crate) tensors: Vec<(usize, Stored)>,
}

/// Where in a storage the numbers of a tensor are, all counted in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// The storage.
    pub(crate) storage: Storage,
    /// The first number.
    pub(crate) offset: u64,
    /// Length in each dimension.
    pub(crate) shape: Vec<u64>,
    /// Steps from one number to the next in each dimension.
    pub(crate) strides: Vec<u64>,
}

impl Stored {
    /// The bytes from the first number to the last, from the start of the storage; none if
    /// they are not in it, or its class is not known or holds several numbers in a byte.
    pub(crate) fn range(&self) -> Option<Range<u64>> {
        if self.storage.class.starts_with("QUInt") || self.shape.len() != self.strides.len() {
            return None;
        }
        let width = self.storage.width()?;
        let mut end = self.offset;
        if !self.shape.contains(&0) {
            for (length, stride) in self.shape.iter().zip(&self.strides) {
                end = end.checked_add((length - 1).checked_mul(*stride)?)?;
            }
            end = end.checked_add(1)?;
        }
        let range = self.offset.checked_mul(width)?..end.checked_mul(width)?;
        (range.end <= self.storage.length()?).then_some(range)
    }

    /// In which order the numbers are.
    pub(crate) fn order(&self) -> Order {
        if is_dense(self.shape.iter().rev(), self.strides.iter().rev()) {
            Order::RowMajor
        } else if is_dense(self.shape.iter(), self.strides.iter()) {
            Order::ColumnMajor
        } else {
            Order::Strided(self.strides.clone())
        }
    }
}

/// Whether numbers lie without gaps, the first of these dimensions fastest. The step of a
/// dimension of length one is never taken, and a tensor without numbers takes none.
fn is_dense<'a>(
    shape: impl Iterator<Item = &'a u64> + Clone,
    strides: impl Iterator<Item = &'a u64>,
) -> bool {
    if shape.clone().any(|length| *length == 0) {
        return true;
    }
    let mut wanted = Some(1_u64);
    shape.zip(strides).all(|(length, stride)| {
        let fits = *length == 1 || wanted == Some(*stride);
        wanted = wanted.and_then(|wanted| wanted.checked_mul(*length));
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(offset: u64, shape: &[u64], strides: &[u64]) -> Stored {
        let storage = Storage {
            class: "FloatStorage".to_owned(),
            key: "0".to_owned(),
            elements: 24,
        };
        Stored {
            storage,
            offset,
            shape: shape.to_vec(),
            strides: strides.to_vec(),
        }
    }

    #[test]
    fn orders_are_told_apart() {
        for (shape, strides, order) in [
            (&[2_u64, 3, 4][..], &[12_u64, 4, 1][..], Order::RowMajor),
            (&[2, 3, 4], &[1, 2, 6], Order::ColumnMajor),
            (&[2, 3], &[4, 1], Order::Strided(vec![4, 1])),
            (&[4, 1, 6], &[6, 99, 1], Order::RowMajor),
            (&[3, 3], &[0, 0], Order::Strided(vec![0, 0])),
            (&[], &[], Order::RowMajor),
            (&[0, 3], &[7, 7], Order::RowMajor),
        ] {
            assert_eq!(stored(0, shape, strides).order(), order, "{shape:?}");
        }
    }

    #[test]
    fn only_what_is_in_the_storage_has_a_range() {
        assert_eq!(stored(4, &[2, 3], &[4, 1]).range(), Some(16..44));
        assert_eq!(stored(0, &[24], &[1]).range(), Some(0..96));
        assert_eq!(stored(24, &[0], &[1]).range(), Some(96..96));
        assert_eq!(stored(1, &[24], &[1]).range(), None);
        assert_eq!(stored(0, &[2], &[u64::MAX]).range(), None);
        assert_eq!(stored(u64::MAX, &[2], &[1]).range(), None);
        assert_eq!(stored(0, &[2, 2], &[1]).range(), None);
    }
}
