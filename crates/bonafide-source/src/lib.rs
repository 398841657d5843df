//! Where bytes come from, and where outputs go.
//!
//! Local files only in this release. Other sources (hub caches, HTTP, OCI,
//! object stores) get one module each beside `signature`.

mod document;
mod output;
mod place;
mod signature;

pub use document::{DocumentError, read_document};
pub use output::{OutputError, write_atomically};
pub use place::name_below;
pub use signature::{SignatureFile, find_signatures};
