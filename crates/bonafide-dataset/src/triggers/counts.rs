//! How many records have which feature, in bounded memory.
//!
//! A first pass counts the features of the basis by a hash of few bits, so that features
//! of too few records never get an entry of their own. The second counts the rest exactly,
//! the third how many records outside the basis have them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::features::hashes;
use super::{Basis, Candidate, Search, TriggerCandidates, TriggerOptions};
use crate::Sample;
use crate::error::DatasetError;
use crate::labels::features::{Judged, mixed};

/// Where a record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// The class that it is said to be of; zero if there are none.
    pub(super) class: u32,
    /// True if it is of the basis.
    pub(super) inside: bool,
}

/// A feature of a class.
pub(super) type Key = (u32, u64);

/// Records that have a feature.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) inside: u32,
    pub(super) outside: AtomicU32,
}

/// Records of a class.
#[derive(Debug, Default)]
pub(super) struct Size {
    pub(super) inside: AtomicU64,
    pub(super) outside: AtomicU64,
}

/// Features of the basis, with how many records have them.
pub(super) struct Counts {
    pub(super) sizes: Vec<Size>,
    pub(super) features: HashMap<Key, Count>,
    least_inside: u32,
}

/// Tables are split, so that workers seldom wait for each other.
const PARTS: usize = 64;
/// Bytes of an entry of the table, with what hash tables leave empty.
const ENTRY: u64 = 64;

fn cell(key: Key, cells: usize) -> usize {
    let mask = cells as u64 - 1;
    usize::try_from(mixed(key.1 ^ mixed(u64::from(key.0) + 1)) & mask).unwrap_or_default()
}

impl Counts {
    pub(super) fn of(search: &Search<'_>, classes: usize) -> Result<Self, DatasetError> {
        let sizes: Vec<Size> = (0..classes).map(|_| Size::default()).collect();
        // A quarter of the memory for the first pass, at most 64 MiB.
        let cells = (search.memory / 16).clamp(1 << 10, 1 << 24);
        let cells = usize::try_from(cells).unwrap_or(1 << 10);
        let cells = (cells / 2 + 1).next_power_of_two();
        let sketch: Vec<AtomicU32> = (0..cells).map(|_| AtomicU32::new(0)).collect();
        search.each(
            |position, _, _| {
                if let Some(size) = sizes.get(position.class as usize) {
                    let count = if position.inside {
                        &size.inside
                    } else {
                        &size.outside
                    };
                    count.fetch_add(1, Ordering::Relaxed);
                }
                position.inside
            },
            |position, features| {
                for feature in features {
                    if let Some(count) = sketch.get(cell((position.class, *feature), cells)) {
                        // Far from overflow: no class has as many records in memory-bound runs,
                        // and a count that wrapped would only lose a feature.
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                }
            },
        )?;
        let most = usize::try_from(search.memory / 4 / ENTRY).unwrap_or(usize::MAX);
        let least_inside = least(&sketch, most, search.options.least_inside.max(1));
        let parts: Vec<Mutex<HashMap<Key, Count>>> = (0..PARTS).map(|_| Mutex::default()).collect();
        search.each(
            |position, _, _| position.inside,
            |position, features| {
                for feature in features {
                    let key = (position.class, *feature);
                    let place = cell(key, cells);
                    let often = sketch
                        .get(place)
                        .map_or(0, |count| count.load(Ordering::Relaxed));
                    if often < least_inside {
                        continue;
                    }
                    if let Some(part) = parts.get(place % PARTS) {
                        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
                        let count = part.entry(key).or_default();
                        count.inside = count.inside.saturating_add(1);
                    }
                }
            },
        )?;
        let mut features = HashMap::new();
        for part in parts {
            let part = part.into_inner().unwrap_or_else(PoisonError::into_inner);
            // Some only shared a cell of the first pass with others.
            features.extend(
                part.into_iter()
                    .filter(|(_, count)| count.inside >= least_inside),
            );
        }
        if !features.is_empty() {
            search.each(
                |position, _, _| !position.inside,
                |position, of| {
                    for feature in of {
                        if let Some(count) = features.get(&(position.class, *feature)) {
                            count.outside.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                },
            )?;
        }
        Ok(Self {
            sizes,
            features,
            least_inside,
        })
    }

    /// Records that were looked at.
    pub(super) fn records(&self) -> u64 {
        self.inside() + self.outside()
    }

    fn inside(&self) -> u64 {
        let sizes = self.sizes.iter();
        sizes.map(|size| size.inside.load(Ordering::Relaxed)).sum()
    }

    /// Records outside the basis.
    pub(super) fn outside(&self) -> u64 {
        let sizes = self.sizes.iter();
        sizes.map(|size| size.outside.load(Ordering::Relaxed)).sum()
    }

    /// Log-likelihood ratio of a feature; zero if it is not over-represented.
    pub(super) fn score(&self, key: &Key, count: &Count) -> f64 {
        let Some(size) = self.sizes.get(key.0 as usize) else {
            return 0.0;
        };
        likelihood_ratio(
            u64::from(count.inside),
            size.inside.load(Ordering::Relaxed),
            u64::from(count.outside.load(Ordering::Relaxed)),
            size.outside.load(Ordering::Relaxed),
        )
    }

    /// As it is reported.
    pub(super) fn result(
        &self,
        basis: Basis,
        options: &TriggerOptions,
        candidates: Vec<Candidate>,
    ) -> TriggerCandidates {
        TriggerCandidates {
            basis,
            records: self.records(),
            suspected: self.inside(),
            features: self.features.len() as u64,
            least_inside: u64::from(self.least_inside),
            threshold: options.threshold,
            candidates: Sample::of(candidates, options.shown),
        }
    }
}

/// The least count, from `least` on, that at most `most` cells reach.
fn least(sketch: &[AtomicU32], most: usize, least: u32) -> u32 {
    let mut counts: Vec<u32> = sketch
        .iter()
        .map(|count| count.load(Ordering::Relaxed))
        .filter(|count| *count >= least)
        .collect();
    if counts.len() <= most {
        return least;
    }
    let (_, first_over, _) = counts.select_nth_unstable_by(most, |a, b| b.cmp(a));
    first_over.saturating_add(1)
}

/// G² of a table of two by two (Dunning, "Accurate methods for the statistics of surprise
/// and coincidence", Computational Linguistics 19, 1993): `has` of `inside` records against
/// `has_outside` of `outside`. Zero unless the share inside is the higher one.
pub(super) fn likelihood_ratio(has: u64, inside: u64, has_outside: u64, outside: u64) -> f64 {
    let (a, b) = (has as f64, inside.saturating_sub(has) as f64);
    let (c, d) = (
        has_outside as f64,
        outside.saturating_sub(has_outside) as f64,
    );
    let all = a + b + c + d;
    if a * (c + d) <= c * (a + b) {
        return 0.0;
    }
    let term = |seen: f64, row: f64, column: f64| match seen > 0.0 {
        true => seen * (seen * all / (row * column)).ln(),
        false => 0.0,
    };
    let sum = term(a, a + b, a + c)
        + term(b, a + b, b + d)
        + term(c, c + d, a + c)
        + term(d, c + d, b + d);
    (2.0 * sum).max(0.0)
}

impl Search<'_> {
    /// Goes through all records; `with` is called with the features of those that `wanted`
    /// takes.
    pub(super) fn each(
        &self,
        wanted: impl Fn(Position, &Judged<'_>, usize) -> bool + Sync,
        with: impl Fn(Position, &[u64]) + Sync,
    ) -> Result<(), DatasetError> {
        self.records.scan(self.workers, &self.columns, &|_, batch| {
            let positions = (self.place)(&batch);
            let judged = Judged::of(&batch.records, self.roles);
            for (index, position) in positions.into_iter().enumerate() {
                let Some(position) = position else { continue };
                if wanted(position, &judged, index) {
                    with(position, &hashes(&judged, index, self.options));
                }
            }
            Ok(())
        })
    }
}
