//! Records as they are, against a manifest.

use serde::{Deserialize, Serialize};

use super::Difference;
use crate::Sample;

/// How the records that are there stand to a record manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RecordComparison {
    /// Records that the manifest lists.
    pub expected: u64,
    /// Records that are there.
    pub found: u64,
    /// Root over all shards in the manifest, in hexadecimal.
    pub expected_root: String,
    /// The same, measured.
    pub found_root: String,
    /// Shards that are not what the manifest says, ordered by name.
    pub shards: Vec<ShardComparison>,
    /// What else differs, in words: label counts, splits, schema.
    pub differences: Vec<String>,
    /// Which records were added, removed, changed or relabelled; none where the manifest's
    /// record list is not at hand.
    #[serde(default)]
    pub difference: Option<Difference>,
}

impl RecordComparison {
    /// True if every record is the one that the manifest lists, in its place.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.expected == self.found
            && self.expected_root == self.found_root
            && self.shards.is_empty()
            && self.differences.is_empty()
    }
}

/// A shard that is not what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ShardComparison {
    /// Its name.
    pub shard: String,
    /// What is wrong with it.
    pub standing: ShardStanding,
    /// Records that differ, by name; none shown where the manifest's record list is not at
    /// hand.
    pub records: Sample<String>,
}

/// What is wrong with a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShardStanding {
    /// The manifest lists it, and it is not there.
    Missing,
    /// It is there, and the manifest does not list it.
    Unlisted,
    /// Its columns or their types are others.
    OtherSchema,
    /// Its records are others.
    OtherRecords,
}
