//! Why a document is not read at all.

use crate::json::Pointer;

/// Why there is no [`Croissant`](super::Croissant).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CroissantError {
    /// Neither `@type` nor a namespace says that this is a Croissant dataset.
    #[error("not a Croissant dataset")]
    NotCroissant,
    /// JSON-LD in flattened form (JSON-LD 1.1 §4.4). Its parts hang together only
    /// through references, and are not put together here.
    #[error("flattened JSON-LD (`@graph`) is not read")]
    Flattened,
    /// More than [`MOST_RESOURCES`](super::MOST_RESOURCES) files and file sets.
    #[error("more than {limit} files and file sets in `distribution`")]
    Resources {
        /// Most of them.
        limit: usize,
    },
    /// More than [`MOST_VALUES`](super::MOST_VALUES) values.
    #[error("more than {limit} values in the lists of the document, at {pointer}")]
    Values {
        /// Most of them.
        limit: usize,
        /// Where the limit was passed.
        pointer: Pointer,
    },
    /// More than [`MOST_FIELD_DEPTH`](super::MOST_FIELD_DEPTH) fields inside each other.
    #[error("fields are nested deeper than {limit}, at {pointer}")]
    FieldDepth {
        /// Most of them.
        limit: usize,
        /// Where the limit was passed.
        pointer: Pointer,
    },
}
