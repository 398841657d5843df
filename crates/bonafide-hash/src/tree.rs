//! A tree that was listed once and is read many times: the descriptor of its
//! root and the sorted list of everything below.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use bonafide_core::{ArtifactName, Budget, RawName, RecordedError};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, open, statat};

use crate::beneath::{DIRECTORY, PASSAGE, Root};
use crate::snapshot::Blobs;
use crate::stable::StableFile;
use crate::{Entry, EntryKind, FileIdentity, ReadFailure, walk};

/// A directory or a single file, listed.
#[derive(Debug)]
pub struct Tree {
    root: Root,
    kind: TreeKind,
    entries: Vec<Entry>,
}

/// What the user pointed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeKind {
    /// A directory with everything below it.
    Directory,
    /// One regular file, which is the only entry.
    File,
}

/// Why there is no tree.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// Nothing bears this path.
    #[error("`{}` does not exist", shown(path))]
    NotFound {
        /// The path as given.
        path: PathBuf,
    },
    /// A fifo, socket or device.
    #[error("`{}` is neither a file nor a directory", shown(path))]
    NotAFileOrDirectory {
        /// The path as given.
        path: PathBuf,
    },
    /// The root could not be opened or listed.
    #[error("cannot read `{}`", shown(path))]
    Io {
        /// The path as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Names came or went in the root while it was being listed.
    #[error("`{}` changed while it was being listed", shown(path))]
    Changed {
        /// The path as given.
        path: PathBuf,
    },
    /// More entries than [`Budget::entries`].
    #[error("the tree has more than {limit} entries")]
    TooManyEntries {
        /// Most entries that are listed.
        limit: u64,
    },
    /// Deeper than [`Budget::depth`].
    #[error("directories are nested more than {limit} deep at `{at}`")]
    TooDeep {
        /// Most levels below the root.
        limit: usize,
        /// The first directory found below that.
        at: RawName,
    },
    /// The names alone would fill the memory.
    #[error("the names in the tree take more than {limit} bytes")]
    NamesTooLong {
        /// Most bytes of names and link targets together.
        limit: u64,
    },
    /// What an earlier run met, which is replayed.
    #[error(transparent)]
    Recorded(RecordedError),
}

fn shown(path: &Path) -> RawName {
    RawName::from(path)
}

impl Tree {
    /// Lists everything below `path`, or `path` alone if it is a file.
    ///
    /// `path` is the user's own word, so links in it are followed. Below it
    /// none are. Entries are sorted by the bytes of their full names.
    pub fn open(path: &Path, budget: &Budget) -> Result<Self, TreeError> {
        let metadata = std::fs::metadata(path).map_err(|error| cannot_read(path, error))?;
        if metadata.is_dir() {
            Self::open_directory(path, budget)
        } else if metadata.is_file() {
            Self::open_file(path)
        } else {
            Err(not_a_file(path))
        }
    }

    /// The listing of an earlier run. No file of it can be opened: what was measured then
    /// has to come from the record of that run.
    #[must_use]
    pub const fn recorded(kind: TreeKind, entries: Vec<Entry>) -> Self {
        Self {
            root: Root::absent(),
            kind,
            entries,
        }
    }

    /// Whether this is a directory or a single file.
    #[must_use]
    pub const fn kind(&self) -> TreeKind {
        self.kind
    }

    /// Everything that was found, sorted by name; the root itself is no entry.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of exactly this name.
    #[must_use]
    pub fn entry(&self, name: &[u8]) -> Option<&Entry> {
        let position = self
            .entries
            .binary_search_by(|entry| entry.name.as_bytes().cmp(name))
            .ok()?;
        self.entries.get(position)
    }

    /// The first regular file, by name, that is this inode, so that a caller
    /// learns whether a path of its own (a signature file, say) lies in the
    /// tree. Hard links to it may follow under later names.
    #[must_use]
    pub fn find_by_identity(&self, device: u64, inode: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| match &entry.kind {
            EntryKind::File { identity, .. } => {
                identity.device() == device && identity.inode() == inode
            }
            _ => false,
        })
    }

    /// Opens a file of the tree, which is the one that was listed.
    pub fn file(&self, name: &RawName) -> Result<StableFile, ReadFailure> {
        match self.entry(name.as_bytes()).map(|entry| &entry.kind) {
            Some(EntryKind::File { identity, .. }) => StableFile::open(&self.root, name, *identity),
            Some(EntryKind::Unreadable(failure)) => Err(failure.clone()),
            _ => Err(ReadFailure::NotAFile),
        }
    }

    /// Reads a small file of the tree into memory, by the same rules as
    /// hashing; one above `cap` bytes is refused before anything is read.
    pub fn read_document(&self, name: &RawName, cap: u64) -> Result<Vec<u8>, ReadFailure> {
        let (size, identity) = match self.entry(name.as_bytes()).map(|entry| &entry.kind) {
            Some(EntryKind::File { size, identity }) => (*size, *identity),
            Some(EntryKind::Unreadable(failure)) => return Err(failure.clone()),
            _ => return Err(ReadFailure::NotAFile),
        };
        let too_large = ReadFailure::TooLarge { size, limit: cap };
        if size > cap {
            return Err(too_large);
        }
        let length = usize::try_from(size).map_err(|_| too_large)?;
        let file = StableFile::open(&self.root, name, identity)?;
        let mut document = vec![0; length.saturating_add(1)];
        file.read_whole(&mut document)?;
        file.ensure_unchanged()?;
        document.truncate(length);
        Ok(document)
    }

    pub(crate) const fn root(&self) -> &Root {
        &self.root
    }

    fn open_directory(path: &Path, budget: &Budget) -> Result<Self, TreeError> {
        let directory = open(path, DIRECTORY, Mode::empty())
            .map_err(|error| cannot_read(path, error.into()))?;
        let mut entries = walk::list(&directory, path, budget)?;
        let blobs = Blobs::adopt(path, &mut entries);
        Ok(Self {
            root: Root::directory(directory, blobs),
            kind: TreeKind::Directory,
            entries,
        })
    }

    /// Holds the parent, so that the file is reached, and checked, in the same
    /// way as every other. Its entry bears the name that the user gave.
    fn open_file(path: &Path) -> Result<Self, TreeError> {
        let resolved = std::fs::canonicalize(path).map_err(|error| cannot_read(path, error))?;
        let (Some(parent), Some(name)) = (resolved.parent(), resolved.file_name()) else {
            return Err(not_a_file(path));
        };
        let failed = |errno: rustix::io::Errno| cannot_read(path, errno.into());
        let directory = open(parent, PASSAGE | OFlags::NOFOLLOW, Mode::empty()).map_err(failed)?;
        let stat = statat(&directory, name, AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(not_a_file(path));
        }
        let identity = FileIdentity::from_stat(&stat);
        let shown_name = path.file_name().map_or(name.as_bytes(), OsStr::as_bytes);
        let entry = Entry {
            name: RawName::new(shown_name),
            parsed: ArtifactName::parse(shown_name),
            kind: EntryKind::File {
                size: identity.size(),
                identity,
            },
        };
        Ok(Self {
            root: Root::single_file(directory, name.as_bytes().into()),
            kind: TreeKind::File,
            entries: vec![entry],
        })
    }
}

fn cannot_read(path: &Path, source: io::Error) -> TreeError {
    let path = path.to_path_buf();
    if source.kind() == io::ErrorKind::NotFound {
        TreeError::NotFound { path }
    } else {
        TreeError::Io { path, source }
    }
}

fn not_a_file(path: &Path) -> TreeError {
    TreeError::NotAFileOrDirectory {
        path: path.to_path_buf(),
    }
}
