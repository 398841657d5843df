//! Why an analysis could not be carried out.

use bonafide_core::{RawName, ReadError};

/// The tool could not do its work. What is wrong with a dataset that could be read is in
/// the result of an analysis, never here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// A file could not be read.
    #[error("cannot read `{file}`: {error}")]
    Read {
        /// Which.
        file: RawName,
        /// Why.
        error: ReadError,
    },
    /// A file is not what its format allows.
    #[error("`{file}`{} is malformed: {reason}", place(.at))]
    Malformed {
        /// Which.
        file: RawName,
        /// Where: `line 3`, `row group 2`, `byte 96`; empty if nobody knows.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// A file asks for more than the budget has.
    #[error("`{file}`{} needs more than is allowed: {reason}", place(.at))]
    OverBudget {
        /// Which.
        file: RawName,
        /// Where, as above.
        at: String,
        /// What would be needed, what is allowed, and which member of the budget says so.
        reason: String,
    },
    /// Nothing in there is a dataset that we read.
    #[error("no file in it is a dataset that can be read{}", examples(.skipped))]
    NoRecords {
        /// Files that were looked at, with why each is none; at most ten.
        skipped: Vec<(RawName, String)>,
    },
    /// A column that was asked for is not there.
    #[error("there is no column `{name}`; there are {}", .columns.join(", "))]
    NoSuchColumn {
        /// What was asked for.
        name: String,
        /// What there is; at most a hundred.
        columns: Vec<String>,
    },
    /// Disk to spill to could not be had.
    #[error("cannot spill to disk: {reason}; set a folder with room, or more memory")]
    Spill {
        /// Why.
        reason: String,
    },
    /// A document of ours (manifest, proof) is none.
    #[error("not a usable {kind}: {reason}")]
    Document {
        /// What it should be: `record manifest`, `inclusion proof`.
        kind: &'static str,
        /// Why it is not.
        reason: String,
    },
    /// The caller asked to stop.
    #[error("interrupted")]
    Cancelled,
}

fn place(at: &str) -> String {
    match at {
        "" => String::new(),
        at => format!(" ({at})"),
    }
}

fn examples(skipped: &[(RawName, String)]) -> String {
    let said: Vec<String> = skipped
        .iter()
        .map(|(name, reason)| format!("`{name}`: {reason}"))
        .collect();
    match said.is_empty() {
        true => String::new(),
        false => format!(" ({})", said.join("; ")),
    }
}
