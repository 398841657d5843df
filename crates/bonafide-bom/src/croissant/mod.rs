//! Croissant: metadata of datasets for machine learning, by MLCommons.
//!
//! Versions 1.0 and 1.1 are read; 0.8 is read too, and named as old. A document is
//! JSON-LD, but it is read as JSON: prefixes and terms of its own `@context` are
//! resolved, contexts elsewhere are not fetched, and no graph is built. What a document
//! can say in several ways (`@type` as text or list, one value or a list, a reference as
//! text or object) is read alike in each.
//!
//! [`read`] gives what the document claims, [`Croissant::defects`] what is wrong with
//! it, [`Croissant::listing`] the files that can be held against bytes, and
//! [`Croissant::match_sets`] the files that its patterns cover.
//!
//! Source: Croissant Format Specification 1.0 and 1.1; where it is silent, what
//! `mlcroissant` 1.1.1 does, the library that datasets are loaded with.

mod agreement;
mod containment;
mod content_url;
mod context;
mod dataset;
mod declared;
mod defect;
mod error;
mod examination;
mod hash;
mod listing;
mod pattern;
mod reader;
mod record_set;
mod resource;
mod sets;
mod size;

#[cfg(test)]
mod tests;

pub use agreement::{BillAgreement, Disagreement};
pub use content_url::{Location, Revision, UnusableUrl};
pub use dataset::{Activity, Creator, Croissant, Derivation, FormatVersion, Licence, Statement};
pub use declared::{DeclaredColumn, DeclaredRecordSets};
pub use defect::{Defect, Gravity, HashMember, LocatedDefect};
pub use error::CroissantError;
pub use hash::{HashText, NotAHash, Notation};
pub use listing::{Candidate, CandidateKind, ListedFile, Unchecked};
pub use pattern::Pattern;
pub use reader::{Recognition, read, recognise};
pub use record_set::{Extract, Field, RecordSet, Reference, ReferenceKind};
pub use resource::{Container, ContentUrl, FileObject, FileSet, Hash, Resource};
pub use sets::{SetCoverage, SetOutcome, SetUnchecked};
pub use size::ContentSize;

/// Most bytes of a document; for [`crate::json::admit`].
pub const MOST_BYTES: usize = 64 << 20;
/// Most files and file sets of one document.
pub const MOST_RESOURCES: usize = 100_000;
/// Most values of all lists together: fields, containers, patterns, licences and such.
pub const MOST_VALUES: usize = 1_000_000;
/// Most containers inside each other. Two (an archive in a repository) are usual.
pub const MOST_CONTAINMENT: usize = 16;
/// Most fields inside each other.
pub const MOST_FIELD_DEPTH: usize = 8;
