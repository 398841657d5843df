//! Walks a tree of files and hashes it at the speed of the machine.
//!
//! The tree is somebody else's: every name, link and byte in it may be chosen
//! to make us read what lies outside, wait for ever, or run out of memory. So
//! this crate keeps four promises, and the rest of bonafide builds on them.
//!
//! 1. Nothing outside the root is opened. Every file is reached from a held
//!    descriptor of the root, and the kernel never follows a link on our behalf.
//!    Links are listed and resolved on paper, over the listing ([`LinkEnd`]). The one
//!    exception is a snapshot of the Hugging Face cache, whose files are the blobs beside it.
//! 2. Nothing is skipped in silence. What cannot be inspected stays in the
//!    listing as [`EntryKind::Unreadable`], with the reason.
//! 3. A digest belongs to one state of one file. The file must be the one that
//!    the walk saw, before and after it was read; otherwise there is a
//!    [`ReadFailure`] and no digest. This holds as far as the system's clock
//!    and `stat` tell the truth: a writer that keeps size and both time stamps
//!    (within the granularity of the file system's clock) goes unseen.
//! 4. Memory is bounded by the [`Budget`](bonafide_core::Budget), whatever the
//!    sizes of the files.
//!
//! Unix only: the promises rest on `openat` and its relatives. Linux uses
//! `openat2`, other systems (and kernels or sandboxes without it) walk the
//! components of a name one by one.
//!
//! [`Tree::open`] lists, [`measure`] hashes.

mod beneath;
mod entry;
mod failure;
mod hasher;
mod identity;
mod job;
mod link;
mod measure;
mod plan;
mod recorded;
mod ring;
mod snapshot;
mod stable;
mod tap;
mod tree;
mod walk;
mod worker;

pub use entry::{Entry, EntryKind, LinkEnd, SpecialKind};
pub use failure::{Change, Operation, ReadFailure};
pub use hasher::{MultiHasher, digest_bytes};
pub use identity::FileIdentity;
pub use job::{HashError, Job, Measurement, Observer, Options, Silent};
pub use measure::measure;
pub use recorded::{RecordedMeasurement, RecordedTree, RecordingDefect};
pub use stable::StableFile;
pub use tap::{Tap, TapStream};
pub use tree::{Tree, TreeError, TreeKind};
