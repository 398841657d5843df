//! Digests as documents write them.

use std::fmt;

use bonafide_core::{Algorithm, Digest};

use crate::excerpt;
use crate::view::Hash;

/// What a document says that the digest of some bytes is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimedDigest {
    /// A digest that bytes can be held against. It may be a weak one
    /// ([`Algorithm::is_strong`]), which can only disprove.
    Known(Digest),
    /// Of a function that we do not compute.
    NotComputed {
        /// Its name as written, cut.
        algorithm: String,
    },
    /// No digest of the function that is named.
    Malformed {
        /// The function's name as written, cut.
        algorithm: String,
        /// What is there instead, cut.
        content: String,
    },
}

impl ClaimedDigest {
    /// Reads a digest with the algorithm's name of CycloneDX or of any of the other
    /// formats; case and separators of the name do not matter, nor does the case of the
    /// hexadecimal digits.
    #[must_use]
    pub fn of(algorithm: &str, content: &str) -> Self {
        let Some(known) = algorithm_named(algorithm) else {
            return Self::NotComputed {
                algorithm: excerpt(algorithm, 40),
            };
        };
        match Digest::from_hex(known, &content.to_ascii_lowercase()) {
            Ok(digest) => Self::Known(digest),
            Err(_) => Self::Malformed {
                algorithm: excerpt(algorithm, 40),
                content: excerpt(content, 80),
            },
        }
    }

    /// The digest, if bytes can be held against it.
    #[must_use]
    pub const fn known(&self) -> Option<Digest> {
        match self {
            Self::Known(digest) => Some(*digest),
            _ => None,
        }
    }
}

impl From<&Hash<'_>> for ClaimedDigest {
    fn from(hash: &Hash<'_>) -> Self {
        Self::of(
            hash.alg.as_deref().unwrap_or_default(),
            hash.content.as_deref().unwrap_or_default(),
        )
    }
}

impl fmt::Display for ClaimedDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(digest) => fmt::Display::fmt(digest, formatter),
            Self::NotComputed { algorithm } => {
                write!(
                    formatter,
                    "a digest of {algorithm}, which is not computed here"
                )
            }
            Self::Malformed { algorithm, content } => {
                write!(formatter, "`{content}`, which is no digest of {algorithm}")
            }
        }
    }
}

/// The algorithm that a name stands for in any document format.
fn algorithm_named(name: &str) -> Option<Algorithm> {
    let mut plain = [0_u8; 12];
    let mut length = 0;
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        *plain.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(match plain.get(..length)? {
        b"sha256" => Algorithm::Sha256,
        b"sha384" => Algorithm::Sha384,
        b"sha512" => Algorithm::Sha512,
        b"sha3256" => Algorithm::Sha3_256,
        b"sha3384" => Algorithm::Sha3_384,
        b"sha3512" => Algorithm::Sha3_512,
        b"blake2b256" => Algorithm::Blake2b256,
        b"blake2b384" => Algorithm::Blake2b384,
        b"blake2b512" => Algorithm::Blake2b512,
        b"blake3" => Algorithm::Blake3,
        b"sha1" => Algorithm::Sha1,
        b"md5" => Algorithm::Md5,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_names_of_the_formats() {
        for (name, algorithm) in [
            ("SHA-256", Algorithm::Sha256),
            ("sha256", Algorithm::Sha256),
            ("SHA3-512", Algorithm::Sha3_512),
            ("sha3_384", Algorithm::Sha3_384),
            ("BLAKE2b-256", Algorithm::Blake2b256),
            ("BLAKE3", Algorithm::Blake3),
            ("MD5", Algorithm::Md5),
        ] {
            assert_eq!(algorithm_named(name), Some(algorithm), "{name}");
        }
        for name in [
            "Streebog-256",
            "SHA-512/256",
            "sha-224",
            "",
            &"x".repeat(100),
        ] {
            assert_eq!(algorithm_named(name), None, "{name}");
        }
    }

    #[test]
    fn tells_a_digest_from_what_is_none() {
        let known = ClaimedDigest::of("SHA-256", &"AB".repeat(32));
        assert_eq!(known.to_string(), format!("sha256:{}", "ab".repeat(32)));
        for (algorithm, content) in [
            ("SHA-256", "ab"),
            ("SHA-512", &*"ab".repeat(32)),
            ("MD5", "x"),
        ] {
            let claimed = ClaimedDigest::of(algorithm, content);
            assert!(
                matches!(claimed, ClaimedDigest::Malformed { .. }),
                "{claimed}"
            );
        }
    }
}
