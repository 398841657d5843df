//! Where bytes come from, and where outputs go.
//!
//! Artifacts are local files in this release. Other sources (hub caches, HTTP,
//! OCI, object stores) get one module each beside `signature`. The network is
//! reached by `tuf` alone, for trust material, and only with the feature `online`.

mod bom;
mod document;
mod output;
mod place;
mod signature;
#[cfg(feature = "online")]
pub mod tuf;

pub use bom::{BomFile, BomOrigin, find_boms};
pub use document::{DocumentError, read_document};
pub use output::{OutputError, copy_atomically, write_atomically};
pub use place::name_below;
pub use signature::{SignatureFile, SignatureKind, find_signatures};
