//! Labels that a model trained on the rest of the records would not give.

pub mod confident;
pub(crate) mod features;
pub(crate) mod gather;
mod options;
mod outside;
mod probe;
mod rows;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

pub use confident::{Filter, NotProbabilities};
pub use options::LabelOptions;

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::records::{RecordId, Records};
use crate::roles::Roles;
use crate::{Answer, Sample};

/// Labels that deserve a second look (confident learning, Northcutt et al. 2021).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DoubtfulLabels {
    /// Records that have a label and something to judge it by.
    pub records: u64,
    /// Labels that occur.
    pub classes: u64,
    /// Records that were left out, with why.
    pub left_out: Vec<(String, u64)>,
    /// Share of records whose given label the probe predicts out of fold, from 0 to 1. The
    /// lower, the less its doubts say.
    pub agreement: f64,
    /// The doubtful ones, most doubtful first.
    pub doubtful: Sample<DoubtfulLabel>,
}

/// A label that deserves a second look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DoubtfulLabel {
    /// The record.
    pub record: String,
    /// The label that it has.
    pub given: String,
    /// The label that the probe would give.
    pub suggested: String,
    /// Out-of-fold probability of the given label, from 0 to 1.
    pub self_confidence: f64,
}

/// What [`find`] found, and what [`crate::triggers::find`] needs of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelFindings {
    /// The labels that deserve a second look.
    pub doubtful: DoubtfulLabels,
    /// Labels that occur, ordered.
    pub classes: Vec<String>,
    /// Every record that was judged, ordered by record.
    pub judged: Vec<JudgedRecord>,
}

/// What the probe says of one record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedRecord {
    /// The record.
    pub record: RecordId,
    /// Number of the label that it has.
    pub given: u32,
    /// Number of the most probable other label.
    pub suggested: u32,
    /// Out-of-fold probability of the given label, from 0 to 1.
    pub self_confidence: f32,
    /// True if the probe takes no other label for more probable.
    pub agrees: bool,
    /// True if confident learning takes its label for doubtful.
    pub doubtful: bool,
}

/// Which labels are doubtful, by a linear probe that did not see the record.
///
/// Text is judged by hashed tokens weighted by rarity, numbers (also lists, and bytes that
/// are not an encoded image) by their standardised values. What does not fit into the
/// budget is sampled by record number, and [`DoubtfulLabels::left_out`] says so.
pub fn find(
    records: &dyn Records,
    roles: &Roles,
    options: &LabelOptions,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Answer<LabelFindings>, DatasetError> {
    let no = |why: &str| Ok(Answer::Inconclusive(why.to_owned()));
    if roles.label.is_none() {
        return no("no column has the label");
    }
    if roles.text.is_empty() && roles.features.is_empty() && roles.bytes.is_none() {
        return no("no column has text or numbers to judge labels by");
    }
    let Some(mut gathered) = gather::gather(records, roles, options, workers, budget.memory / 2)?
    else {
        let most = options.classes;
        return no(&format!("more than {most} different labels"));
    };
    let folds = options.folds.clamp(2, 50);
    let least = options.least_of_class.max(folds);
    let classes = gathered.classes.len().max(2) as u64;
    gathered.thin(|rows, values| {
        // Probabilities, and what finds issues in them.
        let memory = rows.saturating_mul(classes.saturating_mul(16).saturating_add(128));
        let passes = options.passes.max(1) as u64;
        let probes = classes.saturating_mul(folds as u64).saturating_mul(passes);
        memory <= budget.memory / 2 && values.saturating_mul(probes) <= options.work
    });
    gathered.leave_small(least);
    gathered.say_sampled();
    if gathered.classes.len() < 2 {
        let said: Vec<String> = gathered
            .left_out
            .iter()
            .map(|(why, records)| format!("{records} records {why}"))
            .collect();
        let left = match said.is_empty() {
            true => String::new(),
            false => format!("; left out: {}", said.join(", ")),
        };
        let classes = gathered.classes.len();
        return no(&format!(
            "labels can be judged from two classes of {least} records on, there are {classes}{left}"
        ));
    }
    match outside::judge(gathered, options, folds, workers) {
        Ok(judged) => Ok(Answer::Known(judged.findings(records, options.shown))),
        Err(error) => no(&format!("the probe gave no probabilities: {error}")),
    }
}
