//! What is in records and shards that no reader of them sees.
//!
//! [`find`] looks into every text and every value of bytes of every record, nested ones
//! and those in JSON text too; [`find_in_files`] looks at the files themselves. Both are
//! exact about what they look for, and say nothing of instructions in plain words.

mod bytes;
mod column;
mod container;
mod control;
mod direction;
mod files;
mod invisible;
mod json;
mod kind;
mod link;
mod markup;
mod media;
mod places;
mod polyglot;
mod records;
mod script;
mod text;
mod visible;

use serde::{Deserialize, Serialize};

use crate::Sample;

pub(crate) use column::bytes_at;
pub use files::find_in_files;
pub use kind::PayloadKind;
pub use records::find;

/// How hidden payloads are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadOptions {
    /// Most records and files of each kind that are named.
    pub shown: usize,
    /// Kinds that are not looked for.
    pub ignored: Vec<PayloadKind>,
}

impl Default for PayloadOptions {
    /// A hundred of each kind, and every kind.
    fn default() -> Self {
        Self {
            shown: 100,
            ignored: Vec::new(),
        }
    }
}

/// Records and files that hide something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct HiddenPayloads {
    /// Records that were looked at; files, if it is about files.
    pub records: u64,
    /// What was found, by kind, in the order of the kinds.
    pub found: Vec<HiddenPayload>,
    /// Columns whose values are of a type that is not looked into, and files that could
    /// not be, with why.
    pub unexamined: Vec<String>,
}

/// Records that hide one kind of thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct HiddenPayload {
    /// What is hidden.
    pub kind: PayloadKind,
    /// In which records, with a short excerpt in which nothing is hidden any more.
    pub records: Sample<(String, String)>,
}

#[cfg(test)]
mod tests;
