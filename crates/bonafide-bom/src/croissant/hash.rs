//! Hashes as documents write them, and what stands in their place.

use std::fmt;

use bonafide_core::{Algorithm, Digest};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use crate::excerpt;

/// What the member `sha256` or `md5` of a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HashText {
    /// A SHA-256 digest.
    Sha256 {
        /// The digest.
        digest: Digest,
        /// How it was written.
        notation: Notation,
    },
    /// An MD5 digest in the member that is meant for it. It is never compared: anybody
    /// can make two files with the same one.
    Md5 {
        /// Lower-case hexadecimal.
        hexadecimal: String,
        /// How it was written.
        notation: Notation,
    },
    /// Not a digest of the algorithm that the member is named after.
    Not {
        /// What it is instead.
        kind: NotAHash,
        /// As found, cut to 120 characters.
        found: String,
    },
}

/// How the bytes of a digest are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Lower-case hexadecimal, as everybody reads it.
    Hexadecimal,
    /// Hexadecimal with capital letters. `mlcroissant` compares text and refuses it.
    CapitalHexadecimal,
    /// Base64 (RFC 4648 §4), which `mlcroissant` takes too.
    Base64,
}

/// What stands where a hash should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAHash {
    /// A URL; usually the placeholder of generators, that of a bug report.
    Url,
    /// An MD5 digest in the member for SHA-256.
    Md5,
    /// Hexadecimal of another length.
    Length {
        /// How many digits.
        digits: usize,
    },
    /// Nothing: empty text.
    Empty,
    /// Any other text.
    Word,
    /// Not text at all.
    Kind {
        /// The kind of JSON value.
        kind: &'static str,
    },
}

impl fmt::Display for NotAHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url => formatter.write_str("a URL"),
            Self::Md5 => formatter.write_str("as long as an MD5 digest"),
            Self::Length { digits } => write!(formatter, "of {digits} hexadecimal digits"),
            Self::Empty => formatter.write_str("empty"),
            Self::Word => formatter.write_str("some other text"),
            Self::Kind { kind } => formatter.write_str(kind),
        }
    }
}

impl HashText {
    /// Reads the text of the member `sha256`.
    pub(super) fn sha256(text: &str) -> Self {
        match bytes(text, 32) {
            Some((bytes, notation)) => match Digest::new(Algorithm::Sha256, &bytes) {
                Ok(digest) => Self::Sha256 { digest, notation },
                Err(_) => Self::not(text),
            },
            None => Self::not(text),
        }
    }

    /// Reads the text of the member `md5`.
    pub(super) fn md5(text: &str) -> Self {
        match bytes(text, 16) {
            Some((bytes, notation)) => Self::Md5 {
                hexadecimal: data_encoding::HEXLOWER.encode(&bytes),
                notation,
            },
            None => Self::not(text),
        }
    }

    /// True if both are digests of the same bytes, however they are written.
    pub(super) fn names_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sha256 { digest: one, .. }, Self::Sha256 { digest: other, .. }) => one == other,
            (
                Self::Md5 {
                    hexadecimal: one, ..
                },
                Self::Md5 {
                    hexadecimal: other, ..
                },
            ) => one == other,
            _ => self == other,
        }
    }

    /// A value that is not text.
    pub(super) fn of_kind(kind: &'static str) -> Self {
        Self::Not {
            kind: NotAHash::Kind { kind },
            found: String::new(),
        }
    }

    fn not(text: &str) -> Self {
        let hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let kind = match text.len() {
            0 => NotAHash::Empty,
            _ if text.contains("://") => NotAHash::Url,
            32 if hexadecimal => NotAHash::Md5,
            // Words such as `decade` are hexadecimal too; the shortest checksum has 8 digits.
            digits @ 8.. if hexadecimal => NotAHash::Length { digits },
            _ => NotAHash::Word,
        };
        Self::Not {
            kind,
            found: excerpt(text, 120),
        }
    }
}

/// Bytes of exactly that length, in hexadecimal or Base64; the two lengths of text
/// differ, so there is nothing to guess.
fn bytes(text: &str, length: usize) -> Option<(Vec<u8>, Notation)> {
    if text.len() == 2 * length {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        let notation = if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Notation::CapitalHexadecimal
        } else {
            Notation::Hexadecimal
        };
        return Some((bytes, notation));
    }
    if text.len() != length.div_ceil(3) * 4 {
        return None;
    }
    let bytes = BASE64.decode(text.as_bytes()).ok()?;
    (bytes.len() == length).then_some((bytes, Notation::Base64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_digests_in_three_notations() {
        let hexadecimal = "ab".repeat(32);
        let expected = Digest::sha256([0xab; 32]);
        for (text, wanted) in [
            (hexadecimal.clone(), Notation::Hexadecimal),
            (hexadecimal.to_uppercase(), Notation::CapitalHexadecimal),
            (BASE64.encode(&[0xab; 32]), Notation::Base64),
        ] {
            let HashText::Sha256 { digest, notation } = HashText::sha256(&text) else {
                panic!("{text}");
            };
            assert_eq!((digest, notation), (expected, wanted));
        }
        assert!(matches!(
            HashText::md5(&BASE64.encode(&[7; 16])),
            HashText::Md5 { hexadecimal, notation: Notation::Base64 } if hexadecimal == "07".repeat(16)
        ));
    }

    #[test]
    fn says_what_stands_in_its_place() {
        for (text, expected) in [
            (
                "https://github.com/mlcommons/croissant/issues/80",
                NotAHash::Url,
            ),
            ("d41d8cd98f00b204e9800998ecf8427e", NotAHash::Md5),
            (
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                NotAHash::Length { digits: 40 },
            ),
            (&"a".repeat(63), NotAHash::Length { digits: 63 }),
            ("", NotAHash::Empty),
            ("foo", NotAHash::Word),
            ("bad", NotAHash::Word),
            ("sha256", NotAHash::Word),
            (&format!("sha256:{}", "a".repeat(64)), NotAHash::Word),
            (&"g".repeat(64), NotAHash::Word),
            // Base64 of 32 bytes with bits left over, which a strict reader refuses.
            (&format!("{}B=", "A".repeat(42)), NotAHash::Word),
        ] {
            let HashText::Not { kind, .. } = HashText::sha256(text) else {
                panic!("{text}");
            };
            assert_eq!(kind, expected, "{text}");
        }
        assert!(matches!(
            HashText::md5(&"a".repeat(64)),
            HashText::Not {
                kind: NotAHash::Length { digits: 64 },
                ..
            }
        ));
    }
}
