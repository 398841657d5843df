//! What an archive of PyTorch is made of.

mod archive;
mod script;
mod storage;
mod tar;

pub(crate) use archive::{Archive, Role, is_marker};
pub(crate) use script::{RULES as SCRIPT_RULES, examine};
pub(crate) use storage::{Expected, RULES as STORAGE_RULES, Storage, Stored};
pub(crate) use tar::TarMembers;
