//! What a repository of a model or dataset says about itself: the front matter of its
//! `README.md`, `config.json`, `adapter_config.json`, `tokenizer_config.json`, the recipe
//! of a merge, and where a download cache or a large-file pointer names its origin.
//!
//! All of it is the words of whoever wrote the file; a reader gives what is there, and
//! wraps nothing in certainty. What a type here has no field for stays in its `extra`;
//! what has the wrong shape stays there too, and is listed in `defects`.

mod card;
mod configuration;
mod dataset;
mod fields;
mod front_matter;
mod merge;
mod pointer;
mod snapshot;
mod yaml;

pub use card::{BaseModelRelation, EvaluationResult, Metric, ModelCard};
pub use configuration::{
    AdapterConfiguration, ChatTemplate, ModelConfiguration, NamedTemplate, Quantization,
    TokenizerConfiguration,
};
pub use dataset::{DataFiles, DatasetCard, DatasetConfiguration};
pub use fields::FieldDefect;
pub use merge::{MergeRecipe, MergeRole, MergeSource};
pub use pointer::{LfsPointer, git_lfs_pointer};
pub use snapshot::{HubSnapshot, commit_of_snapshot_path};
pub use yaml::{MOST_BYTES, MOST_DEPTH};

use crate::json::{AdmissionError, Position};

/// Why a file cannot be read as what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelCardError {
    /// The file does not begin with a line `---`.
    #[error("no front matter: the file does not begin with a line `---`")]
    NoFrontMatter,
    /// No second line `---`.
    #[error("front matter without an end: no second line `---` in its first {limit} bytes")]
    Unclosed {
        /// Bytes that were searched at most.
        limit: usize,
    },
    /// Larger than [`MOST_BYTES`].
    #[error("YAML of {size} bytes, more than {limit}")]
    Size {
        /// Its bytes.
        size: usize,
        /// Most bytes.
        limit: usize,
    },
    /// Not UTF-8.
    #[error("not UTF-8 from byte {at} on")]
    Encoding {
        /// Bytes before the first that is none.
        at: usize,
    },
    /// Not YAML 1.2.
    #[error("not YAML: {detail}, {position}")]
    Yaml {
        /// What the parser met.
        detail: String,
        /// Where.
        position: Position,
    },
    /// An anchor or alias, with which a small text becomes a large one.
    #[error("an anchor or alias, which is not read, {position}")]
    Alias {
        /// Where.
        position: Position,
    },
    /// A tag, which asks the reader to make an object of some type.
    #[error("a tag, which is not read, {position}")]
    Tag {
        /// Where.
        position: Position,
    },
    /// A key that is a list or a map.
    #[error("a key that is not text, {position}")]
    Key {
        /// Where.
        position: Position,
    },
    /// The same key twice in one map.
    #[error("`{name}` comes twice in one map, {position}")]
    RepeatedKey {
        /// The key, cut to 100 characters.
        name: String,
        /// Where it comes again.
        position: Position,
    },
    /// More than [`MOST_DEPTH`] maps and lists inside each other.
    #[error("nested deeper than {MOST_DEPTH}, {position}")]
    Depth {
        /// Where.
        position: Position,
    },
    /// A second YAML document after the first.
    #[error("a second YAML document, {position}")]
    Documents {
        /// Where.
        position: Position,
    },
    /// Not a map or object.
    #[error("expected an object, found {found}")]
    Shape {
        /// What is there.
        found: &'static str,
    },
    /// Not JSON that everybody reads alike.
    #[error(transparent)]
    Json(#[from] AdmissionError),
}
