//! Records that are there more than once, their labels and their splits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Sample;

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
}

/// When two records count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// All values but label and key are equal.
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
