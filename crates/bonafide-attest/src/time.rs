//! When something was signed, and how we know.

use std::fmt;

use jiff::Timestamp;

/// A time that validity is judged by, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedTime {
    /// The time.
    pub time: Timestamp,
    /// Who vouches for it.
    pub source: TimeSource,
}

/// Who vouches for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeSource {
    /// Nobody: the clock of the one who verifies.
    Clock,
    /// The transparency log that recorded the signature.
    TransparencyLog,
    /// An RFC 3161 timestamp authority.
    TimestampAuthority {
        /// What the trusted root calls it.
        name: String,
    },
}

impl TrustedTime {
    /// The time of the run, for signatures that carry no better one.
    #[must_use]
    pub const fn by_clock(now: Timestamp) -> Self {
        Self {
            time: now,
            source: TimeSource::Clock,
        }
    }
}

impl fmt::Display for TimeSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock => formatter.write_str("the clock"),
            Self::TransparencyLog => formatter.write_str("the transparency log"),
            Self::TimestampAuthority { name } => {
                write!(formatter, "the timestamp authority \"{name}\"")
            }
        }
    }
}

impl fmt::Display for TrustedTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, by {}", self.time, self.source)
    }
}
