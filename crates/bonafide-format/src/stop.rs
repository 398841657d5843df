//! Why a reader went no further.

use crate::read::ReadError;

/// Ends the reading of one body. Whoever called the reader makes of it what the report
/// says: a finding for what is malformed, a gap in the coverage for the rest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    /// The bytes are not what the format says.
    #[error("{message} (at {at})")]
    Malformed {
        /// Offset in the body.
        at: u64,
        /// What is wrong.
        message: String,
    },
    /// The bytes could not be had.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It would cost more than the budget allows.
    #[error("more than {limit} {what}")]
    Exhausted {
        /// Of what, in the plural.
        what: &'static str,
        /// How many were allowed.
        limit: u64,
    },
    /// A part of the format, or of this version of it, that is not read here.
    #[error("{what} is not read by this release")]
    Unsupported {
        /// Which.
        what: String,
    },
}

impl Stop {
    /// The bytes at `at` are not what the format says.
    pub(crate) fn malformed(at: u64, message: impl Into<String>) -> Self {
        Self::Malformed {
            at,
            message: message.into(),
        }
    }

    /// A part of the format that is not read.
    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported { what: what.into() }
    }

    /// The same for bytes that start at `offset` of the body.
    pub(crate) fn further(self, offset: u64) -> Self {
        match self {
            Self::Malformed { at, message } => Self::Malformed {
                at: offset.saturating_add(at),
                message,
            },
            other => other,
        }
    }
}
