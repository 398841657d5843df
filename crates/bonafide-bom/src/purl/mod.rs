//! Package URLs (ECMA-427, "purl") and the addresses that say the same: which
//! repository, at which revision, with which digests.
//!
//! The parser is ours and strict (`docs/decisions/0011-package-urls.md`). What it gives is a claim of the
//! document that holds the text.

mod checksum;
mod escape;
mod hub;
mod package;
mod parse;
mod revision;
mod vcs;

pub use checksum::{Checksum, ChecksumError};
pub use hub::{HubKind, HubReference, HubReferenceError, HubRepository};
pub use package::PackageUrl;
pub use parse::{MOST_BYTES, Part, Purl, PurlError};
pub use revision::Revision;
pub use vcs::{VcsReference, VcsReferenceError};
