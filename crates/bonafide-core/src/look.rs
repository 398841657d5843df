//! What became of a question that is not always asked.

use serde::{Deserialize, Serialize};

/// The answer to a question that costs something, so that it is asked only where somebody
/// wants to know. That nobody asked is never the same as that nothing was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", tag = "state", content = "result")]
pub enum Look<T> {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// It was asked, and could not be answered.
    Unable(String),
    /// What was found.
    Known(T),
}

impl<T> Look<T> {
    /// The answer, if there is one.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(result) => Some(result),
            Self::NotAsked | Self::Unable(_) => None,
        }
    }
}
