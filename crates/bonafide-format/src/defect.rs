//! One defect: which rule, where, and what exactly.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::rule::{Rule, Weight};

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Defect {
    /// The kind.
    #[serde(deserialize_with = "crate::catalogue::recorded_rule")]
    pub rule: &'static Rule,
    /// Body of the file that it is in: empty for the file itself, else the path of
    /// members, for example `archive/data.pkl`, outermost first, joined by `!`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Bytes of that body, where it can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Range<u64>>,
    /// Exact name of what it is about (a global, an operator, a key), by which a policy
    /// can excuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// One sentence, lower case, no advice; safe to print.
    pub message: String,
}

impl Defect {
    /// What follows from it.
    #[must_use]
    pub const fn weight(&self) -> Weight {
        self.rule.weight()
    }
}
