//! Two versions of a column against each other.

use std::collections::BTreeSet;

use super::gamma::upper;
use super::{MOST_VALUES, Population, Shift};

/// Values that are named.
const MOVED: usize = 20;
/// What is added to each count for the population stability index, so that a value that
/// one version lacks counts much, and not infinitely much (the Jeffreys prior).
const SMOOTHING: f64 = 0.5;
/// How records without a value, and those with values that are not listed, are called.
const NULL: &str = "(none)";
const OTHERS: &str = "(others)";

/// How the shares of each column moved, ordered as in `new`; columns that one version
/// lacks, or has no records of, are left out.
///
/// Records without a value are a category of their own. Where one version does not list
/// all values, those that only one lists are put together with the rest. The stability
/// index is over (n+½)/(N+k/2) for counts n of k categories; chi-square is Pearson's for
/// the 2×k table of counts as they are, without Yates' correction.
#[must_use]
pub fn between(old: &[Population], new: &[Population]) -> Vec<Shift> {
    new.iter()
        .filter_map(|new| {
            let old = old.iter().find(|old| old.column == new.column)?;
            shift(old, new)
        })
        .collect()
}

fn shift(old: &Population, new: &Population) -> Option<Shift> {
    let categories = categories(old, new);
    let total = |counts: fn(&(String, u64, u64)) -> u64| {
        categories
            .iter()
            .fold(0_u64, |sum, category| sum.saturating_add(counts(category)))
    };
    let (old_total, new_total) = (total(|of| of.1), total(|of| of.2));
    if old_total == 0 || new_total == 0 {
        return None;
    }
    let (old_records, new_records) = (real(old_total), real(new_total));
    let records = old_records + new_records;
    let half = SMOOTHING * real(categories.len() as u64);
    let mut index = 0.0;
    let mut chi_square = 0.0;
    for (_, before, after) in &categories {
        let (before, after) = (real(*before), real(*after));
        let p = (before + SMOOTHING) / (old_records + half);
        let q = (after + SMOOTHING) / (new_records + half);
        index += (q - p) * (q / p).ln();
        let both = before + after;
        for (found, all) in [(before, old_records), (after, new_records)] {
            let expected = all * (both / records);
            let away = found - expected;
            chi_square += away * away / expected;
        }
    }
    let degrees = categories.len().saturating_sub(1) as u64;
    let mut moved: Vec<(String, f64, f64)> = categories
        .into_iter()
        .map(|(name, before, after)| (name, real(before) / old_records, real(after) / new_records))
        .filter(|(_, before, after)| before != after)
        .collect();
    moved.sort_by(|one, other| {
        let distance = |of: &(String, f64, f64)| (of.1 - of.2).abs();
        distance(other)
            .total_cmp(&distance(one))
            .then_with(|| one.0.cmp(&other.0))
    });
    moved.truncate(MOVED);
    Some(Shift {
        column: new.column.clone(),
        population_stability_index: index,
        chi_square,
        degrees,
        p_value: upper(real(degrees) / 2.0, chi_square / 2.0),
        cramers_v: (chi_square / records).sqrt().min(1.0),
        moved,
    })
}

/// Categories that at least one version has, with the counts of both.
fn categories(old: &Population, new: &Population) -> Vec<(String, u64, u64)> {
    let names: BTreeSet<&String> = old.values.keys().chain(new.values.keys()).collect();
    let capped = old.others > 0 || new.others > 0;
    let (mut old_others, mut new_others) = (old.others, new.others);
    let mut categories = Vec::new();
    for name in names {
        let (before, after) = (old.values.get(name), new.values.get(name));
        // A value that only one version lists may be among the rest of the other.
        let unsure = capped && (before.is_none() || after.is_none());
        let (before, after) = (
            before.copied().unwrap_or_default(),
            after.copied().unwrap_or_default(),
        );
        if unsure || categories.len() >= 2 * MOST_VALUES {
            old_others = old_others.saturating_add(before);
            new_others = new_others.saturating_add(after);
        } else {
            categories.push((name.clone(), before, after));
        }
    }
    categories.push((OTHERS.to_owned(), old_others, new_others));
    categories.push((NULL.to_owned(), old.null, new.null));
    categories.retain(|(_, before, after)| *before > 0 || *after > 0);
    categories
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts above 2^53 are rounded, which no share shows"
)]
const fn real(count: u64) -> f64 {
    count as f64
}
