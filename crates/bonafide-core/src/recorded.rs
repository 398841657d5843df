//! Names and errors of an earlier run, as a recording of it holds them.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::RawName;

/// Longest chain of causes that is kept.
const MOST_CAUSES: usize = 8;

/// What an error said, with its causes. Whoever replays a run meets the errors of that
/// run, not those of the machine on which it is replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
#[serde(deny_unknown_fields)]
pub struct RecordedError {
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Box<RecordedError>>,
}

impl RecordedError {
    /// Takes down what an error says.
    #[must_use]
    pub fn of(error: &dyn std::error::Error) -> Self {
        let mut messages = vec![error.to_string()];
        let mut source = error.source();
        while let Some(cause) = source.filter(|_| messages.len() < MOST_CAUSES) {
            messages.push(cause.to_string());
            source = cause.source();
        }
        Self::chain(messages).unwrap_or_else(|| Self::new(String::new()))
    }

    /// An error without a cause.
    #[must_use]
    pub const fn new(message: String) -> Self {
        Self {
            message,
            source: None,
        }
    }

    fn chain(messages: Vec<String>) -> Option<Self> {
        let messages = messages.into_iter().rev();
        messages.fold(None, |source, message| {
            let source = source.map(Box::new);
            Some(Self { message, source })
        })
    }
}

/// A name, byte for byte: as text where it is text, else in hexadecimal. (What a report
/// prints is escaped and cut.)
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RecordedName {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Bytes {
        /// Lower-case hexadecimal.
        hex: String,
    },
}

impl From<&[u8]> for RecordedName {
    fn from(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes {
                hex: HEXLOWER.encode(bytes),
            },
        }
    }
}

impl From<&RawName> for RecordedName {
    fn from(name: &RawName) -> Self {
        Self::from(name.as_bytes())
    }
}

impl RecordedName {
    /// The bytes; none if the hexadecimal is not, or hides what could be said as text.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.clone().into_bytes()),
            Self::Bytes { hex } => HEXLOWER
                .decode(hex.as_bytes())
                .ok()
                .filter(|bytes| std::str::from_utf8(bytes).is_err()),
        }
    }

    /// The name.
    #[must_use]
    pub fn raw(&self) -> Option<RawName> {
        self.bytes().map(RawName::new)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn names_come_back_byte_for_byte() {
        for name in [&b"a"[..], b"a\\n", b"\xff\n", b"", "\u{202e}".as_bytes()] {
            assert_eq!(RecordedName::from(name).bytes().as_deref(), Some(name));
        }
        for hex in ["61", "FF", "f", "xx"] {
            let hex = hex.to_owned();
            assert_eq!(RecordedName::Bytes { hex }.bytes(), None);
        }
    }

    #[test]
    fn causes_are_kept_in_their_order() {
        let inner = RecordedError::new("no such file".to_owned());
        let outer = RecordedError {
            message: "a: cannot be read".to_owned(),
            source: Some(Box::new(inner)),
        };
        let taken = RecordedError::of(&outer);
        assert_eq!(taken, outer);
        assert_eq!(
            taken.source().map(ToString::to_string).as_deref(),
            Some("no such file")
        );
    }
}
