//! What is in records and shards that no reader of them sees.

use serde::{Deserialize, Serialize};

use crate::Sample;

/// Records and files that hide something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct HiddenPayloads {
    /// Records that were looked at.
    pub records: u64,
    /// What was found, by kind, in the order of the kinds.
    pub found: Vec<HiddenPayload>,
    /// Columns whose values are of a type that is not looked into.
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

/// What a record or file may hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayloadKind {
    /// Characters of Unicode's tag block, which spell text that nobody sees.
    TagCharacters,
    /// Variation selectors in a row, which can carry bytes.
    VariationSelectors,
    /// Characters without width inside words.
    ZeroWidth,
    /// Characters that change the direction of text.
    Bidirectional,
    /// Control characters and terminal sequences.
    Control,
    /// Markup that a page does not show: comments, hidden elements, white on white.
    HiddenMarkup,
    /// Active content: scripts, event handlers, frames.
    ActiveMarkup,
    /// Bytes in a record that are not what their column or name says.
    OtherFileType,
    /// A file or column that points outside of the dataset.
    ExternalLink,
}
