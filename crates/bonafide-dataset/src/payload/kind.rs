//! What a record or file may hide.

use serde::{Deserialize, Serialize};

/// What a record or file may hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

impl PayloadKind {
    /// Every kind, in order.
    pub const ALL: [Self; 9] = [
        Self::TagCharacters,
        Self::VariationSelectors,
        Self::ZeroWidth,
        Self::Bidirectional,
        Self::Control,
        Self::HiddenMarkup,
        Self::ActiveMarkup,
        Self::OtherFileType,
        Self::ExternalLink,
    ];

    /// Its place in [`PayloadKind::ALL`].
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}
