//! Merkle trees as in RFC 6962 §2.1 and RFC 9162 §2.1.

use sha2::{Digest as _, Sha256};

use super::encoding::domain;

/// A node of a tree, or a leaf.
pub(super) type Hash = [u8; 32];

/// Nodes on the way from a leaf to the root of the largest tree that can be.
pub(super) const LONGEST_PATH: usize = 64;

/// The node above two others.
pub(super) fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [domain::NODE; 65];
    if let Some(place) = bytes.get_mut(1..33) {
        place.copy_from_slice(left);
    }
    if let Some(place) = bytes.get_mut(33..) {
        place.copy_from_slice(right);
    }
    Sha256::digest(bytes).into()
}

/// A tree that grows to the right. Holds one node for each bit of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tree {
    /// Roots of perfect trees from left to right, with the number of their leaves, each
    /// larger than the next.
    perfect: Vec<(u64, Hash)>,
}

impl Tree {
    /// Adds a leaf.
    pub(super) fn push(&mut self, leaf: Hash) {
        self.push_perfect(1, leaf);
    }

    /// Adds a perfect tree of so many leaves, a power of two that the size so far is a
    /// multiple of.
    fn push_perfect(&mut self, leaves: u64, root: Hash) {
        let mut added = (leaves, root);
        while let Some((before, left)) = self.perfect.last() {
            if *before != added.0 {
                break;
            }
            added = (added.0.saturating_mul(2), node(left, &added.1));
            self.perfect.pop();
        }
        self.perfect.push(added);
    }

    /// Adds all leaves of another tree, which is no larger than the smallest perfect part of
    /// this one.
    pub(super) fn append(&mut self, other: &Self) {
        for (leaves, root) in &other.perfect {
            self.push_perfect(*leaves, *root);
        }
    }

    /// The root.
    pub(super) fn root(&self) -> Hash {
        let mut parts = self.perfect.iter().rev().map(|(_, root)| *root);
        match parts.next() {
            Some(last) => parts.fold(last, |right, left| node(&left, &right)),
            None => Sha256::digest([]).into(),
        }
    }

    /// The root over leaves.
    pub(super) fn root_of(leaves: impl IntoIterator<Item = Hash>) -> Hash {
        let mut tree = Self::default();
        for leaf in leaves {
            tree.push(leaf);
        }
        tree.root()
    }
}

/// The largest power of two below `size`, which is at least two.
const fn split(size: u64) -> u64 {
    let largest = 1 << (u64::BITS - 1 - (size - 1).leading_zeros());
    debug_assert!(largest < size);
    largest
}

/// Ranges of leaves whose roots are the audit path of a leaf, from the leaf up.
pub(super) fn path_ranges(index: u64, size: u64) -> Vec<(u64, u64)> {
    let mut ranges = Vec::new();
    let (mut start, mut end) = (0, size);
    if index >= size {
        return ranges;
    }
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((start, middle));
            start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The root that a leaf and its audit path give (RFC 9162 §2.1.3.2); none if the path
/// cannot be one of a tree of this size.
pub(super) fn root_of_path(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut first, mut last) = (index, size - 1);
    let mut root = leaf;
    for part in path {
        if last == 0 {
            return None;
        }
        if first & 1 == 1 || first == last {
            root = node(part, &root);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            root = node(&root, part);
        }
        first >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}
