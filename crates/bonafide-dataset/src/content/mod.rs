//! Records that point to content elsewhere: its hashes, and when it was captured.

use serde::{Deserialize, Serialize};

use crate::Sample;

/// How far records that point elsewhere are bound to what they point to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ContentIndex {
    /// Records with an address.
    pub addressed: u64,
    /// Of them, without a hash.
    pub without_hash: Sample<String>,
    /// Of them, with a hash that is none (SHA-256 in hexadecimal or base64), as written.
    pub malformed_hash: Sample<(String, String)>,
    /// Content that is at hand and has the hash.
    pub matching: u64,
    /// Content that is at hand and has another hash.
    pub mismatching: Sample<String>,
    /// Records whose content is not at hand.
    pub absent: u64,
    /// Times of capture, if there is such a column.
    pub capture: Option<Capture>,
    /// Records without a revision, if there is such a column.
    pub without_revision: Option<Sample<String>>,
}

/// When records were captured or last changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Capture {
    /// The column.
    pub column: String,
    /// Earliest, in seconds since 1970.
    pub earliest: i64,
    /// Latest.
    pub latest: i64,
    /// Records in the last part of the time, by the length of the part in seconds: an hour,
    /// a day, a week, 30 days before the latest.
    pub before_latest: Vec<(u64, u64)>,
    /// Records that were looked at.
    pub records: u64,
    /// Records without a time, or with one that is none.
    pub unknown: Sample<String>,
}
