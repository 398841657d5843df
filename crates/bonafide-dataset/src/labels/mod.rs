//! Labels that a model trained on the rest of the records would not give.

use serde::{Deserialize, Serialize};

use crate::Sample;

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
