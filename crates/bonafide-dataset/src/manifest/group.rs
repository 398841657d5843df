//! Entries with one key, of both sides: which belongs to which.

use std::collections::BTreeMap;

use super::difference::Change;
use super::side::Item;
use crate::error::DatasetError;

/// What becomes of a pair or a single entry.
pub(super) type Tell<'t> =
    dyn FnMut(Change, Option<&Item>, Option<&Item>) -> Result<(), DatasetError> + 't;

/// The split of an entry, as a number; the same number is the same split on both sides.
pub(super) type SplitOf<'s> = dyn Fn(&Item) -> u32 + 's;

/// Matches entries that have one key, ordered by record, side and place. Gives how many are
/// the same in the same split, and tells everything else.
///
/// First equal records of one split are matched, then equal records of different splits,
/// then records with the same content, then the rest in the order of their places: so the
/// answer does not depend on how many are equal, and a copy more or less is one record
/// added or removed.
pub(super) fn settle(
    items: &[Item],
    split_of: &SplitOf<'_>,
    tell: &mut Tell<'_>,
) -> Result<u64, DatasetError> {
    let mut unchanged = 0;
    let (mut old, mut new): (Vec<&Item>, Vec<&Item>) = (Vec::new(), Vec::new());
    for equal in items.chunk_by(|one, next| one.record == next.record) {
        let (left, right, same) = pair_by(equal.iter(), |item| split_of(item), |_, _| Ok(()))?;
        unchanged += same;
        let moved = left.len().min(right.len());
        for (one, other) in left.iter().zip(&right) {
            let change = Change::Moved {
                old: one.id,
                new: other.id,
            };
            tell(change, Some(one), Some(other))?;
        }
        old.extend(left.into_iter().skip(moved));
        new.extend(right.into_iter().skip(moved));
    }
    let rest = old.into_iter().chain(new);
    let (mut left, mut right, _) = pair_by(
        rest,
        |item| item.content,
        |one, other| {
            let change = Change::Relabelled {
                old: one.id,
                new: other.id,
            };
            tell(change, Some(one), Some(other))
        },
    )?;
    left.sort_by_key(|item| item.id);
    right.sort_by_key(|item| item.id);
    let changed = left.len().min(right.len());
    for (one, other) in left.iter().zip(&right) {
        let change = Change::Changed {
            old: one.id,
            new: other.id,
        };
        tell(change, Some(one), Some(other))?;
    }
    for item in left.into_iter().skip(changed) {
        tell(Change::Removed { old: item.id }, Some(item), None)?;
    }
    for item in right.into_iter().skip(changed) {
        tell(Change::Added { new: item.id }, None, Some(item))?;
    }
    Ok(unchanged)
}

/// What is left of both sides, and how many pairs there were.
type Left<'i> = (Vec<&'i Item>, Vec<&'i Item>, u64);

/// Pairs old with new ones for which `by` is the same, in the order of their places.
fn pair_by<'i, K: Ord>(
    items: impl Iterator<Item = &'i Item>,
    by: impl Fn(&Item) -> K,
    mut pair: impl FnMut(&'i Item, &'i Item) -> Result<(), DatasetError>,
) -> Result<Left<'i>, DatasetError> {
    let mut sorted: BTreeMap<K, (Vec<&Item>, Vec<&Item>)> = BTreeMap::new();
    for item in items {
        let (old, new) = sorted.entry(by(item)).or_default();
        match item.is_new {
            false => old.push(item),
            true => new.push(item),
        }
    }
    let (mut left, mut right): (Vec<&Item>, Vec<&Item>) = (Vec::new(), Vec::new());
    let mut pairs = 0;
    for (mut old, mut new) in sorted.into_values() {
        old.sort_by_key(|item| item.id);
        new.sort_by_key(|item| item.id);
        let same = old.len().min(new.len());
        for (one, other) in old.iter().zip(&new) {
            pair(one, other)?;
        }
        pairs += same as u64;
        left.extend(old.into_iter().skip(same));
        right.extend(new.into_iter().skip(same));
    }
    left.sort_by_key(|item| item.id);
    right.sort_by_key(|item| item.id);
    Ok((left, right, pairs))
}
