//! Small files that are read into memory whole: keys, policies, bundles.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bonafide_core::{RawName, RecordedError};
use rustix::fs::{Mode, OFlags};

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The file cannot be opened or read.
    #[error("{}: cannot be read", RawName::from(path.as_path()))]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A directory, pipe or device.
    #[error("{}: not a regular file", RawName::from(path.as_path()))]
    NotAFile {
        /// Which path.
        path: PathBuf,
    },
    /// Larger than a document of its kind may be.
    #[error("{}: larger than the limit of {limit} bytes", RawName::from(path.as_path()))]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// More signature files than are ever looked at.
    #[error("{}: comes with {found} signature files, more than {limit}", RawName::from(path.as_path()))]
    TooManySignatures {
        /// The target.
        path: PathBuf,
        /// How many there are.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// What an earlier run met, which is replayed.
    #[error(transparent)]
    Recorded(RecordedError),
}

/// Whether the last component of a path may be a symbolic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastLink {
    /// The user named the path, so a link is what the user meant.
    Followed,
    /// We found the path ourselves.
    Refused,
}

/// Reads a file that the user named; at most `limit` bytes.
pub fn read_document(path: &Path, limit: u64) -> Result<Vec<u8>, DocumentError> {
    read(path, limit, LastLink::Followed)
}

pub(crate) fn read(path: &Path, limit: u64, link: LastLink) -> Result<Vec<u8>, DocumentError> {
    let unreadable = |source: io::Error| DocumentError::Unreadable {
        path: path.to_owned(),
        source,
    };
    // Without NONBLOCK, opening a pipe would wait for a writer for ever.
    let mut flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    if link == LastLink::Refused {
        flags |= OFlags::NOFOLLOW;
    }
    let descriptor =
        rustix::fs::open(path, flags, Mode::empty()).map_err(|error| unreadable(error.into()))?;
    let file = File::from(descriptor);
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(DocumentError::NotAFile {
            path: path.to_owned(),
        });
    }
    let too_large = || DocumentError::TooLarge {
        path: path.to_owned(),
        limit,
    };
    if metadata.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    // The file may have grown since its size was looked at.
    if u64::try_from(bytes.len()).map_or(true, |length| length > limit) {
        return Err(too_large());
    }
    Ok(bytes)
}
