//! Records that point to content elsewhere: its hashes, and when it was captured.
//!
//! An index of addresses without hashes can be poisoned by whoever owns an address later,
//! and a snapshot whose time is known by whoever edits just before it (Carlini et al.,
//! arXiv 2302.10149). Whether an edit is malicious is not in the data; how much of it was
//! made shortly before the latest capture is.

mod at_hand;
mod hash;
mod index;
mod tar;
mod time;

use serde::{Deserialize, Serialize};

use crate::Sample;

pub use index::find;

/// How an index of content is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentOptions {
    /// Most records of each kind that are named.
    pub shown: usize,
    /// Lengths of the parts before the latest capture, in seconds.
    pub windows: Vec<u64>,
}

impl Default for ContentOptions {
    /// Twenty records; an hour, a day, a week and 30 days.
    fn default() -> Self {
        Self {
            shown: 20,
            windows: vec![3_600, 86_400, 7 * 86_400, 30 * 86_400],
        }
    }
}

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
    /// Records for which several files have the name, so that it cannot be told which is
    /// meant; none of them has the hash by its name.
    #[serde(default)]
    pub ambiguous: u64,
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

#[cfg(test)]
mod tests;
