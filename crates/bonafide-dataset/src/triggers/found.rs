//! Candidates as they are reported: what says the same twice is said once.

use std::collections::BTreeSet;

use super::shortlist::REMEMBERED;
use super::{Candidate, FeatureKind, Search};
use crate::Sample;
use crate::records::RecordId;

/// A feature that stood the close look.
pub(super) struct Found {
    pub(super) feature: String,
    pub(super) kind: FeatureKind,
    pub(super) label: Option<String>,
    pub(super) score: f64,
    pub(super) inside: u64,
    pub(super) outside: u64,
    /// The first records of the basis that have it.
    pub(super) records: BTreeSet<RecordId>,
}

/// Numbers of one patch that are named.
const NAMED: usize = 8;

/// Highest score first, then by feature. A phrase is left out if a token or a shorter
/// phrase in it says as much; numbers that the same records have are one patch.
pub(super) fn reported(mut found: Vec<Found>, search: &Search<'_>) -> Vec<Candidate> {
    found.sort_by(|a, b| {
        let score = b.score.total_cmp(&a.score);
        score
            .then(a.kind.cmp(&b.kind))
            .then_with(|| a.feature.cmp(&b.feature))
    });
    let mut kept: Vec<(Found, Vec<String>)> = Vec::new();
    for next in found {
        if next.kind == FeatureKind::Patch {
            let same = kept
                .iter_mut()
                .find(|(first, _)| first.is_one_patch_with(&next));
            match same {
                Some((_, others)) => others.push(next.feature),
                None => kept.push((next, Vec::new())),
            }
        } else if !kept.iter().any(|(first, _)| first.says_all_of(&next)) {
            kept.push((next, Vec::new()));
        }
    }
    kept.into_iter()
        .map(|(found, others)| found.candidate(others, search))
        .collect()
}

impl Found {
    /// True if both are numbers, and nearly the same records of the basis have them.
    fn is_one_patch_with(&self, other: &Self) -> bool {
        if self.kind != FeatureKind::Patch || self.label != other.label {
            return false;
        }
        // Of those that have many records only the first are known; up to the last that
        // both know they can be compared.
        let last = |records: &BTreeSet<RecordId>| match records.len() < REMEMBERED {
            true => None,
            false => records.last().copied(),
        };
        let end = match (last(&self.records), last(&other.records)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let within = |record: &&RecordId| end.is_none_or(|end| **record <= end);
        let mine = self.records.iter().filter(within);
        let both = mine
            .clone()
            .filter(|record| other.records.contains(record))
            .count();
        let union = mine.count() + other.records.iter().filter(within).count() - both;
        both * 5 >= union * 4
    }

    /// True if this is a part of the other phrase, found in as many records.
    fn says_all_of(&self, other: &Self) -> bool {
        let inner: Vec<&str> = self.feature.split(' ').collect();
        let outer: Vec<&str> = other.feature.split(' ').collect();
        self.kind != FeatureKind::Patch
            && self.label == other.label
            && inner.len() < outer.len()
            && outer.windows(inner.len()).any(|window| window == inner)
    }

    fn candidate(self, others: Vec<String>, search: &Search<'_>) -> Candidate {
        let mut feature = self.feature;
        for other in others.iter().take(NAMED - 1) {
            feature.push_str(", ");
            feature.push_str(other);
        }
        if let Some(more @ 1..) = others.len().checked_sub(NAMED - 1) {
            feature.push_str(&format!(" and {more} more"));
        }
        let records = self.records.iter().take(search.options.shown);
        Candidate {
            feature,
            kind: self.kind,
            label: self.label.map(|label| bonafide_core::excerpt(&label, 120)),
            score: self.score,
            inside: self.inside,
            outside: self.outside,
            examples: Sample {
                total: self.inside,
                shown: records.map(|record| search.records.name(*record)).collect(),
            },
        }
    }
}
