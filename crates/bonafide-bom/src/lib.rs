//! Documents about models and datasets: what they claim, and where they
//! contradict themselves.
//!
//! A document is admitted ([`json`]: size, depth, repeated names, numbers), held
//! against the rules of its format, and read into one typed view. Nothing here
//! reads a file, a clock or the network, and nothing that a document says is
//! believed: whether it is true is found out elsewhere, from bytes and signatures.

mod claimed_digest;
pub mod croissant;
pub mod difference;
mod document;
pub mod generate;
pub mod grammar;
pub mod json;
pub mod license;
pub mod listing;
pub mod model_card;
pub mod profile;
pub mod purl;
pub mod semantics;
pub mod spdx;
mod version;
pub mod view;
pub mod xml;

pub use bonafide_core::excerpt;
pub use claimed_digest::ClaimedDigest;
pub use document::{
    Contradiction, Described, Document, Format, ReadError, RuleViolation, looks_like_one, read,
};
pub use version::{SpecVersion, UnknownVersion};
