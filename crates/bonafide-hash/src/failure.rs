//! Why one file or directory could not be read. One such failure never stops
//! the work on the others, so it is plain data that travels with the entry.

use std::io;

use rustix::io::Errno;

/// Why the content of one entry is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadFailure {
    /// The system does not let us.
    #[error("not allowed to {operation} it")]
    Denied {
        /// What was tried.
        operation: Operation,
    },
    /// It was listed, and then it was gone.
    #[error("vanished after it was listed")]
    Vanished,
    /// It is no longer what was listed.
    #[error("changed after it was listed: {what}")]
    Changed {
        /// How it differs.
        what: Change,
    },
    /// The tree holds no regular file of this name.
    #[error("not a regular file")]
    NotAFile,
    /// Larger than the caller takes; not read.
    #[error("has {size} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Bytes that it has.
        size: u64,
        /// Most bytes that the caller takes.
        limit: u64,
    },
    /// A range was asked for that does not lie in the file; not read.
    #[error("bytes {start} to {end} do not lie in its {size} bytes")]
    OutsideFile {
        /// First byte of the range.
        start: u64,
        /// First byte after the range.
        end: u64,
        /// Bytes that the file has.
        size: u64,
    },
    /// The text of a link is longer than any path.
    #[error("link target is longer than {limit} bytes")]
    LinkTooLong {
        /// Longest target that is taken.
        limit: usize,
    },
    /// Anything else that the system reported.
    #[error("cannot {operation} it: {text}")]
    Io {
        /// What was tried.
        operation: Operation,
        /// The kind of error.
        kind: io::ErrorKind,
        /// The number of the error in this system.
        code: i32,
        /// The system's words.
        text: String,
    },
    /// What an earlier run met, in its words.
    #[error("{text}")]
    Recorded {
        /// Those words.
        text: String,
    },
    /// The tree is the listing of an earlier run, whose files are not at hand.
    #[error("only its listing was recorded, not its content")]
    Absent,
}

/// A step of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Asking for type, size and times.
    Inspect,
    /// Opening.
    Open,
    /// Reading the names in a directory.
    List,
    /// Reading the text of a link.
    ReadLink,
    /// Reading bytes.
    Read,
}

impl std::fmt::Display for Operation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Inspect => "inspect",
            Self::Open => "open",
            Self::List => "list",
            Self::ReadLink => "read the link of",
            Self::Read => "read",
        })
    }
}

/// How an entry differs from what was listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Change {
    /// Another kind of thing bears the name, or a directory on the way to it
    /// has become something else (a link, for example).
    #[error("no longer the same kind of file")]
    Kind,
    /// The name belongs to another file.
    #[error("replaced by another file")]
    Identity,
    /// It has grown or shrunk.
    #[error("{listed} bytes were listed, {found} found")]
    Size {
        /// Bytes in the listing.
        listed: u64,
        /// Bytes now; where it grew while it was read, at least so many.
        found: u64,
    },
    /// Written to, or its attributes changed.
    #[error("modified")]
    Times,
    /// Names came or went while a directory was being listed.
    #[error("directory modified while it was being listed")]
    Listing,
}

impl ReadFailure {
    pub(crate) const fn changed(what: Change) -> Self {
        Self::Changed { what }
    }

    /// What an error means for an entry that a listing has just shown to exist.
    pub(crate) fn from_errno(operation: Operation, errno: Errno) -> Self {
        match errno {
            Errno::ACCESS | Errno::PERM => Self::Denied { operation },
            Errno::NOENT => Self::Vanished,
            // A link where a file or directory was; a file where a directory
            // was; a directory where a file was; a socket where a file was.
            Errno::LOOP | Errno::NOTDIR | Errno::ISDIR | Errno::NXIO | Errno::XDEV => {
                Self::changed(Change::Kind)
            }
            Errno::INVAL if operation == Operation::ReadLink => Self::changed(Change::Kind),
            errno => {
                let error = io::Error::from(errno);
                Self::Io {
                    operation,
                    kind: error.kind(),
                    code: errno.raw_os_error(),
                    text: error.to_string(),
                }
            }
        }
    }
}
