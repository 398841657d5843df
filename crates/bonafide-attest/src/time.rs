//! The time that a signature is judged by, and how we know it.

use std::fmt;

use jiff::Timestamp;
use x509_cert::time::Time;

use crate::rejection::excerpt;

/// A time together with who says so.
///
/// `Display` gives `2026-06-01T00:00:00Z, by the clock`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedTime {
    /// The time.
    pub time: Timestamp,
    /// Who says so.
    pub source: TimeSource,
}

/// Where a trusted time comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeSource {
    /// The clock of this run. Nothing shows that the signature is older than now.
    Clock,
    /// A transparency log that signed the time of the entry.
    TransparencyLog,
    /// A timestamp authority (RFC 3161).
    TimestampAuthority {
        /// What the policy, the trusted root or the user calls it.
        name: String,
    },
}

impl TimeSource {
    /// True when somebody else signed that the signature existed at this time.
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        !matches!(self, Self::Clock)
    }
}

impl TrustedTime {
    /// A time that only the clock of this run vouches for.
    #[must_use]
    pub const fn by_clock(time: Timestamp) -> Self {
        Self {
            time,
            source: TimeSource::Clock,
        }
    }
}

impl fmt::Display for TrustedTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {}", self.time, self.source)
    }
}

impl fmt::Display for TimeSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock => formatter.write_str("by the clock"),
            Self::TransparencyLog => formatter.write_str("by the transparency log"),
            Self::TimestampAuthority { name } => write!(
                formatter,
                "by a signed timestamp of \"{}\"",
                excerpt(name, 200)
            ),
        }
    }
}

/// The two times that a path is judged by: certificates by the time of the
/// signature, lists of revoked ones by the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// When the signature was made, as far as we know.
    pub(crate) signed: TrustedTime,
    /// The clock of this run.
    pub(crate) now: Timestamp,
}

/// Nothing but a clock.
impl From<Timestamp> for Moment {
    fn from(now: Timestamp) -> Self {
        Self {
            signed: TrustedTime::by_clock(now),
            now,
        }
    }
}

/// A time of an X.509 document; one that is out of range is the end of time.
pub(crate) fn timestamp(time: Time) -> Timestamp {
    i64::try_from(time.to_unix_duration().as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_says_where_it_comes_from() {
        let time: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let table = [
            (TimeSource::Clock, "by the clock"),
            (TimeSource::TransparencyLog, "by the transparency log"),
            (
                TimeSource::TimestampAuthority {
                    name: "tsa\u{7}".to_owned(),
                },
                "by a signed timestamp of \"tsa\\u{7}\"",
            ),
        ];
        for (source, words) in table {
            let authenticated = source != TimeSource::Clock;
            assert_eq!(source.is_authenticated(), authenticated);
            let text = TrustedTime { time, source }.to_string();
            assert_eq!(text, format!("2026-06-01T00:00:00Z, {words}"));
        }
    }
}
