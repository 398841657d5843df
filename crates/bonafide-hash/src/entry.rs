//! What a walk finds, one value for each name; nothing is left out.

use bonafide_core::{ArtifactName, NameError, RawName};
use rustix::fs::FileType;

use crate::{FileIdentity, ReadFailure};

/// One name below the root of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root, components separated by `/`, as the system gave them.
    pub name: RawName,
    /// The same name, if it is safe to use as one.
    pub parsed: Result<ArtifactName, NameError>,
    /// What bears the name.
    pub kind: EntryKind,
}

/// What bears a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File {
        /// Bytes, when the walk saw it.
        size: u64,
        /// What must still hold when it is read.
        identity: FileIdentity,
    },
    /// A directory that was listed to its end.
    Directory,
    /// A symbolic link, which was not followed.
    Link {
        /// The text of the link.
        target: RawName,
        /// Where that text leads, judged by the listing alone.
        leads_to: LinkEnd,
    },
    /// Neither file, directory nor link.
    Special(SpecialKind),
    /// Something about which we know too little: it could not be inspected, or
    /// it is a directory whose listing is not complete. What was listed of
    /// such a directory has its own entries.
    Unreadable(ReadFailure),
}

/// Where a symbolic link ends. Names are those of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkEnd {
    /// At a regular file of the tree.
    File(RawName),
    /// At a directory of the tree; the name of the root itself is empty.
    Directory(RawName),
    /// At an absolute path, or at one that climbs above the root on its way.
    Outside,
    /// At nothing.
    Broken,
    /// Nowhere: in a circle, or after more links than a kernel would follow (40).
    Loop,
    /// At a fifo, socket or device of the tree.
    Special(RawName),
    /// At, or through, an entry of the tree that could not be read.
    Unreadable(RawName),
}

/// Files that are not made of bytes at rest; they are never opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialKind {
    /// A named pipe.
    Fifo,
    /// A Unix domain socket.
    Socket,
    /// A character device.
    CharacterDevice,
    /// A block device.
    BlockDevice,
    /// Something that this system alone knows.
    Other,
}

impl SpecialKind {
    pub(crate) const fn from_type(file_type: FileType) -> Self {
        match file_type {
            FileType::Fifo => Self::Fifo,
            FileType::Socket => Self::Socket,
            FileType::CharacterDevice => Self::CharacterDevice,
            FileType::BlockDevice => Self::BlockDevice,
            _ => Self::Other,
        }
    }
}
