//! What a caller asks for, and what comes back.

use std::num::NonZeroUsize;
use std::ops::Range;

use bonafide_core::{Algorithm, Budget, Digest, Measured, RawName, RecordedError};

use crate::{ReadFailure, Tap};

/// One file, or a part of one, to be hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Name of a regular file of the tree.
    pub name: RawName,
    /// The bytes to hash; none for the whole file. A range must lie in the file.
    pub range: Option<Range<u64>>,
    /// At least one, none twice; all are fed from one pass over the bytes.
    pub algorithms: Vec<Algorithm>,
}

impl Job {
    /// A whole file with one algorithm.
    #[must_use]
    pub fn whole(name: RawName, algorithm: Algorithm) -> Self {
        Self {
            name,
            range: None,
            algorithms: vec![algorithm],
        }
    }
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// The job as it was given.
    pub job: Job,
    /// One digest for each algorithm, in the order of the job's; or why there
    /// are none, which says nothing about other jobs.
    pub digests: Result<Vec<Measured<Digest>>, ReadFailure>,
}

/// How to go about it.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Threads that hash and read, the calling one included.
    pub workers: NonZeroUsize,
    /// Caps on what may be read.
    pub budget: &'a Budget,
    /// Who hears about progress and may stop the work.
    pub observer: &'a dyn Observer,
    /// Who else wants the bytes.
    pub tap: Option<&'a dyn Tap>,
}

/// Hears about progress, from several threads at once.
pub trait Observer: Sync {
    /// Called once, before anything is read.
    fn begin(&self, total_bytes: u64, files: u64) {
        let _ = (total_bytes, files);
    }

    /// Called after each piece, at most a mebibyte, has been hashed.
    fn advance(&self, bytes: u64) {
        let _ = bytes;
    }

    /// Asked before each file and each piece; `true` ends the work.
    fn cancelled(&self) -> bool {
        false
    }
}

/// An [`Observer`] that does not care.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

/// Why there are no measurements at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashError {
    /// Decided from the listed sizes, before anything is read.
    #[error("{needed} bytes would have to be read, more than the {limit} allowed")]
    OverBudget {
        /// Bytes that the jobs cover together.
        needed: u64,
        /// [`Budget::bytes`].
        limit: u64,
    },
    /// The observer asked to stop.
    #[error("interrupted")]
    Cancelled,
    /// A job names what the tree does not hold.
    #[error("`{name}` is not in the tree")]
    NoSuchFile {
        /// The name in the job.
        name: RawName,
    },
    /// A job names a directory, link or special file.
    #[error("`{name}` is not a regular file")]
    NotAFile {
        /// The name in the job.
        name: RawName,
    },
    /// A job asks for no digest.
    #[error("no algorithm is given for `{name}`")]
    NoAlgorithm {
        /// The name in the job.
        name: RawName,
    },
    /// A job asks for the same digest twice.
    #[error("{algorithm} is given twice for `{name}`")]
    RepeatedAlgorithm {
        /// The name in the job.
        name: RawName,
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// What an earlier run met, which is replayed.
    #[error(transparent)]
    Recorded(RecordedError),
}
