//! Features that could be the trigger of a backdoor.
//!
//! Three stages for records whose label was changed: those whose label is suspicious; what
//! is over-represented in them against the rest of the class that they are said to be of;
//! without what is common in the class that they look like. For records that were added
//! since an earlier version only the middle stage, against the earlier records. What a
//! trigger does not leave in single tokens, in a few in a row, or in constant numbers at a
//! place (style, syntax, meaning, a patch that moves) is not found.

mod counts;
mod features;
mod found;
mod options;
mod shortlist;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

pub use options::TriggerOptions;

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::labels::{JudgedRecord, LabelFindings, gather};
use crate::records::{Batch, Columns, Records};
use crate::roles::Roles;
use crate::{Answer, Sample};
use counts::{Counts, Position};

/// Features that deserve a look, by one way to find them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TriggerCandidates {
    /// Among which records they are over-represented.
    pub basis: Basis,
    /// Records that were looked at.
    pub records: u64,
    /// Records of the basis: doubtful ones, or added ones.
    pub suspected: u64,
    /// Features that were counted.
    pub features: u64,
    /// Records of the basis that a feature was in to be counted; more than the least that
    /// the options say if there was no memory for all features.
    pub least_inside: u64,
    /// Score from which a feature is a candidate (log-likelihood ratio, G²).
    pub threshold: f64,
    /// Candidates, highest score first, then by feature.
    pub candidates: Sample<Candidate>,
}

/// Among which records a feature is over-represented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Those whose label is doubtful, against the rest of their class.
    DoubtfulLabels,
    /// Those that were added since the earlier version, labels ignored.
    AddedRecords,
}

/// A feature that deserves a look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Candidate {
    /// The feature as it is printed: a token, tokens in a row, `feature 17 = 1`, a patch.
    pub feature: String,
    /// What it is.
    pub kind: FeatureKind,
    /// The label that it goes with, if labels were looked at.
    pub label: Option<String>,
    /// Score.
    pub score: f64,
    /// Records of the basis that have it.
    pub inside: u64,
    /// Other records that have it.
    pub outside: u64,
    /// Records of the basis that have it.
    pub examples: Sample<String>,
}

/// What a feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeatureKind {
    /// One token of a text.
    Token,
    /// Tokens in a row.
    Phrase,
    /// Pixels or numbers that have one constant value.
    Patch,
}

/// Which records of a batch were added since the earlier version, one answer for each.
pub type Added<'a> = dyn Fn(&Batch) -> Vec<bool> + Sync + 'a;

/// A way to look through records, the same for both bases.
struct Search<'a> {
    records: &'a dyn Records,
    roles: &'a Roles,
    columns: Columns,
    options: &'a TriggerOptions,
    workers: NonZeroUsize,
    memory: u64,
    /// Where each record of a batch counts.
    place: &'a (dyn Fn(&Batch) -> Vec<Option<Position>> + Sync),
}

/// Features over-represented in records with a suspicious label against the other records
/// with that label, without those that are common in the class which the records look like.
///
/// A label is suspicious here if it is doubtful or if the probe finds another one more
/// probable: more than what [`LabelFindings::doubtful`] lists.
pub fn find(
    records: &dyn Records,
    roles: &Roles,
    labels: &LabelFindings,
    options: &TriggerOptions,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Answer<TriggerCandidates>, DatasetError> {
    let suspected = |judged: &JudgedRecord| judged.doubtful || !judged.agrees;
    let place = |batch: &Batch| {
        (0..batch.records.num_rows())
            .map(|index| {
                let id = gather::id(batch, index);
                let at = labels
                    .judged
                    .binary_search_by_key(&id, |judged| judged.record);
                let judged = labels.judged.get(at.ok()?)?;
                Some(Position {
                    class: judged.given,
                    inside: suspected(judged),
                })
            })
            .collect()
    };
    let search = Search {
        records,
        roles,
        columns: gather::columns(roles),
        options,
        workers,
        memory: budget.memory,
        place: &place,
    };
    let counts = Counts::of(&search, labels.classes.len())?;
    let looks = looks_like(labels, suspected);
    let candidates = shortlist::candidates(&search, &counts, Some((labels, &looks)))?;
    Ok(Answer::Known(counts.result(
        Basis::DoubtfulLabels,
        options,
        candidates,
    )))
}

/// For each class (row), which share of its suspected records looks like which other class.
fn looks_like(labels: &LabelFindings, suspected: impl Fn(&JudgedRecord) -> bool) -> Vec<Vec<f64>> {
    let classes = labels.classes.len();
    let mut looks = vec![vec![0.0; classes]; classes];
    for judged in labels.judged.iter().filter(|judged| suspected(judged)) {
        let row = looks.get_mut(judged.given as usize);
        if let Some(count) = row.and_then(|row| row.get_mut(judged.suggested as usize)) {
            *count += 1.0;
        }
    }
    for row in &mut looks {
        let all: f64 = row.iter().sum();
        for count in row.iter_mut() {
            *count /= all.max(1.0);
        }
    }
    looks
}

/// Features over-represented in the records that were added since the earlier version,
/// labels ignored.
pub fn added(
    records: &dyn Records,
    roles: &Roles,
    added: &Added<'_>,
    options: &TriggerOptions,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Answer<TriggerCandidates>, DatasetError> {
    let no = |why: &str| Ok(Answer::Inconclusive(why.to_owned()));
    if roles.text.is_empty() && roles.features.is_empty() && roles.bytes.is_none() {
        return no("no column has text or numbers to look at");
    }
    let place = |batch: &Batch| {
        let added = added(batch);
        (0..batch.records.num_rows())
            .map(|index| {
                let inside = *added.get(index)?;
                Some(Position { class: 0, inside })
            })
            .collect()
    };
    let search = Search {
        records,
        roles,
        // Whoever tells which records were added may look at every column.
        columns: Columns::All,
        options,
        workers,
        memory: budget.memory,
        place: &place,
    };
    let counts = Counts::of(&search, 1)?;
    if counts.records() == 0 {
        return no("there are no records");
    }
    if counts.outside() == 0 {
        return no("there is no earlier record to compare the added ones with");
    }
    let candidates = shortlist::candidates(&search, &counts, None)?;
    Ok(Answer::Known(counts.result(
        Basis::AddedRecords,
        options,
        candidates,
    )))
}
