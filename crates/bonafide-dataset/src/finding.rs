//! What an analysis answers.

use serde::{Deserialize, Serialize};

/// The answer of an analysis that may not be able to give one. What could not be looked
/// at is never the same as what was looked at and is clean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "result")]
pub enum Answer<T> {
    /// It was carried out.
    Known(T),
    /// The data does not let it: no label, one class, too few records.
    Inconclusive(String),
}

impl<T> Answer<T> {
    /// The result, if there is one.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(result) => Some(result),
            Self::Inconclusive(_) => None,
        }
    }
}

/// At most so many of something, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sample<T> {
    /// How many there are.
    pub total: u64,
    /// The first of them, in the order that the owner says.
    pub shown: Vec<T>,
}

impl<T> Sample<T> {
    /// The first `most` of all.
    pub fn of(mut all: Vec<T>, most: usize) -> Self {
        let total = all.len() as u64;
        all.truncate(most);
        Self { total, shown: all }
    }
}

impl<T> Default for Sample<T> {
    fn default() -> Self {
        Self {
            total: 0,
            shown: Vec::new(),
        }
    }
}
