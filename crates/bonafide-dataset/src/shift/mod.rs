//! Shares of labels, sources and attributes, against those of an earlier version.
//!
//! A shift is a number to look at: data that grows shifts, and an attacker who adds a few
//! records moves nothing.

mod comparison;
mod counting;
mod gamma;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use comparison::between;
pub use counting::populations;

/// Most values of a column that are listed, and most categories that are compared.
pub const MOST_VALUES: usize = 10_000;

/// How many records have each value of a column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Population {
    /// The column, or `split`.
    pub column: String,
    /// Records by value; those with most records where there are more than fit.
    pub values: BTreeMap<String, u64>,
    /// Records with values that are not listed.
    pub others: u64,
    /// Records without a value.
    pub null: u64,
}

/// How the shares of a column moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Shift {
    /// The column.
    pub column: String,
    /// Population stability index; 0 if nothing moved. By convention 0.1 is some and 0.25
    /// is much.
    pub population_stability_index: f64,
    /// Pearson's chi-square of both versions' counts.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub degrees: u64,
    /// Its p-value, from 0 to 1.
    pub p_value: f64,
    /// Cramér's V, which does not grow with the number of records, from 0 to 1.
    pub cramers_v: f64,
    /// Values whose share moved most: value, share before, share after; at most twenty.
    pub moved: Vec<(String, f64, f64)>,
}

#[cfg(test)]
mod tests;
