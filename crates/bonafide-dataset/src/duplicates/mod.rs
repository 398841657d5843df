//! Records that are there more than once, their labels and their splits.
//!
//! Every record becomes one row of 32 bytes: a key of its values, where it is, its label
//! and its split. The rows are partitioned by the key and grouped partition by partition,
//! in memory or from disk, so memory is bounded whatever the number of records; only
//! clusters that are shown are read once more for their members.

mod canonical;
mod census;
mod clusters;
mod exact;
mod groups;
mod key;
mod marks;
mod outcome;
mod row;
#[cfg(test)]
mod tests;
mod top;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Sample;

pub use exact::{Compared, DuplicateOptions, find};
pub use marks::Added;

pub(crate) use census::{Census, Counter};
pub(crate) use clusters::Extent;
pub(crate) use key::{Domain, Keyed, spread};
pub(crate) use marks::{Marks, SPLIT};
pub(crate) use outcome::{Gathered, unusable_label};

/// Records that are equal, or nearly so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Duplicates {
    /// Records that were compared.
    pub records: u64,
    /// How they were compared.
    pub likeness: Likeness,
    /// Clusters of two or more.
    pub clusters: u64,
    /// Records that are in such clusters.
    pub clustered: u64,
    /// The largest of them, largest first, then by their first member.
    pub largest: Sample<Cluster>,
    /// Those with more than one label, largest first.
    pub conflicts: Sample<Cluster>,
    /// Those in more than one split, largest first.
    pub leaks: Sample<Cluster>,
    /// Records by label, as far as there are labels: at most a thousand labels, those with
    /// most records.
    pub labels: BTreeMap<String, u64>,
    /// Against an earlier version: clusters by how many of their members were added since,
    /// most first; none if no earlier version was given.
    pub growth: Option<Sample<Cluster>>,
    /// Records without anything to compare: all values are null, or there is no text to
    /// take shingles of. The former are equal to each other; the latter are in no
    /// cluster.
    #[serde(default)]
    pub empty: u64,
    /// Groups of candidates that were too many to compare each with each. Always zero for
    /// records that are equal.
    #[serde(default)]
    pub crowded: u64,
}

/// When two records count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// All values but label, key and split are equal, or those of the text columns.
    Equal,
    /// The Jaccard similarity of their shingles is estimated to be at least this.
    Similar {
        /// The threshold.
        jaccard: f64,
        /// Permutations of the MinHash.
        permutations: u32,
    },
}

/// Records that are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cluster {
    /// The members, ordered by shard and number.
    pub members: Sample<String>,
    /// How many members have each label.
    pub labels: BTreeMap<String, u64>,
    /// How many members are in each split.
    pub splits: BTreeMap<String, u64>,
    /// How many members were added since the earlier version, if one was given.
    pub added: Option<u64>,
}
