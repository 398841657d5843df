//! By what we know a file again: what `stat` says when the walk sees it must
//! be what `fstat` says of the opened file, before and after reading.

use rustix::fs::Stat;

use crate::Change;

/// Everything about a file that must not change between listing and reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity {
    device: u64,
    inode: u64,
    size: u64,
    modified: Time,
    changed: Time,
}

/// Seconds and nanoseconds.
type Time = (i64, i64);

impl FileIdentity {
    /// The file system that holds the file (`st_dev`).
    #[must_use]
    pub const fn device(&self) -> u64 {
        self.device
    }

    /// Its number there (`st_ino`).
    #[must_use]
    pub const fn inode(&self) -> u64 {
        self.inode
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Of a file in the record of a tree: its size is all that is known.
    pub(crate) const fn recorded(size: u64) -> Self {
        Self {
            device: 0,
            inode: 0,
            size,
            modified: (0, 0),
            changed: (0, 0),
        }
    }

    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_possible_truncation,
        reason = "the types of the fields differ between systems; none is wider than 64 bits"
    )]
    pub(crate) fn from_stat(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: (stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: (stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        }
    }

    /// The most telling difference, if there is one.
    pub(crate) fn change_to(&self, now: &Self) -> Option<Change> {
        if !self.is_same_inode(now) {
            Some(Change::Identity)
        } else if self.size != now.size {
            Some(Change::Size {
                listed: self.size,
                found: now.size,
            })
        } else if self != now {
            Some(Change::Times)
        } else {
            None
        }
    }

    pub(crate) const fn is_same_inode(&self, other: &Self) -> bool {
        self.device == other.device && self.inode == other.inode
    }
}
