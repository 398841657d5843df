//! Features that could be the trigger of a backdoor.

use serde::{Deserialize, Serialize};

use crate::Sample;

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
