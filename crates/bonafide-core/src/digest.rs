//! Digests are bytes; text is only how they are read and printed.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Length in bytes of the longest digest that we know (SHA-512, BLAKE2b-512).
const LONGEST: usize = 64;

/// A hash function that bonafide computes.
///
/// Only the collision-resistant functions, with at least 256 bits of output, have
/// a text form and can prove anything. The two weak ones are computed for one
/// purpose: bytes with *another* MD5 or SHA-1 than a document says are not the bytes
/// that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256 (FIPS 180-4), 32 bytes.
    Sha256,
    /// SHA-384 (FIPS 180-4), 48 bytes.
    Sha384,
    /// SHA-512 (FIPS 180-4), 64 bytes.
    Sha512,
    /// BLAKE2b with 64 bytes of output (RFC 7693).
    Blake2b512,
    /// BLAKE3 with its default 32 bytes of output.
    Blake3,
    /// SHA3-256 (FIPS 202), 32 bytes.
    Sha3_256,
    /// SHA3-384 (FIPS 202), 48 bytes.
    Sha3_384,
    /// SHA3-512 (FIPS 202), 64 bytes.
    Sha3_512,
    /// BLAKE2b with 32 bytes of output (RFC 7693).
    Blake2b256,
    /// BLAKE2b with 48 bytes of output (RFC 7693).
    Blake2b384,
    /// SHA-1, 20 bytes; collisions are made. See [`Algorithm::WEAK`].
    Sha1,
    /// MD5 (RFC 1321), 16 bytes; collisions are made. See [`Algorithm::WEAK`].
    Md5,
}

impl Algorithm {
    /// Every algorithm that can prove something, in the order in which they are documented.
    pub const ALL: [Self; 10] = [
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Blake2b512,
        Self::Blake3,
        Self::Sha3_256,
        Self::Sha3_384,
        Self::Sha3_512,
        Self::Blake2b256,
        Self::Blake2b384,
    ];

    /// Algorithms that can only disprove. They have no text form that is read, so that
    /// none gets in where a digest is to be believed.
    pub const WEAK: [Self; 2] = [Self::Sha1, Self::Md5];

    /// True when nobody can make two inputs with one digest.
    #[must_use]
    pub const fn is_strong(self) -> bool {
        !matches!(self, Self::Sha1 | Self::Md5)
    }

    /// Length of a digest in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 | Self::Blake3 | Self::Sha3_256 | Self::Blake2b256 => 32,
            Self::Sha384 | Self::Sha3_384 | Self::Blake2b384 => 48,
            Self::Sha512 | Self::Blake2b512 | Self::Sha3_512 => 64,
            Self::Sha1 => 20,
            Self::Md5 => 16,
        }
    }

    /// The name used in text: `sha256`, `blake2b-512`, `sha3-256`, …
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Blake2b512 => "blake2b-512",
            Self::Blake3 => "blake3",
            Self::Sha3_256 => "sha3-256",
            Self::Sha3_384 => "sha3-384",
            Self::Sha3_512 => "sha3-512",
            Self::Blake2b256 => "blake2b-256",
            Self::Blake2b384 => "blake2b-384",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == text)
            .ok_or_else(|| DigestError::UnknownAlgorithm {
                name: text.chars().take(40).collect(),
            })
    }
}

/// The output of a hash function together with the function's name.
///
/// Text form: `sha256:<lower-case hex>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    /// Left-aligned; bytes past the algorithm's length are zero.
    bytes: [u8; LONGEST],
}

/// Why bytes or text are not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// The name is none of [`Algorithm::ALL`].
    #[error("unknown digest algorithm `{name}`")]
    UnknownAlgorithm {
        /// The name as found, cut to 40 characters.
        name: String,
    },
    /// The number of bytes does not fit the algorithm.
    #[error("a {algorithm} digest has {expected} bytes, not {found}")]
    WrongLength {
        /// The algorithm that was named.
        algorithm: Algorithm,
        /// Bytes that its digests have.
        expected: usize,
        /// Bytes that were given.
        found: usize,
    },
    /// Not lower-case hexadecimal.
    #[error("digest is not lower-case hexadecimal at character {position}")]
    NotHexadecimal {
        /// Offset of the first bad character.
        position: usize,
    },
    /// The text has no `algorithm:` in front.
    #[error("digest has no `algorithm:` in front")]
    NoAlgorithm,
}

impl Digest {
    /// Takes exactly [`Algorithm::length`] bytes.
    pub fn new(algorithm: Algorithm, digest: &[u8]) -> Result<Self, DigestError> {
        let mut bytes = [0; LONGEST];
        match bytes.get_mut(..digest.len()) {
            Some(prefix) if digest.len() == algorithm.length() => prefix.copy_from_slice(digest),
            _ => {
                return Err(DigestError::WrongLength {
                    algorithm,
                    expected: algorithm.length(),
                    found: digest.len(),
                });
            }
        }
        Ok(Self { algorithm, bytes })
    }

    /// A SHA-256 digest; 32 bytes by its type, so this cannot fail.
    #[must_use]
    pub fn sha256(digest: [u8; 32]) -> Self {
        let mut bytes = [0; LONGEST];
        let (prefix, _) = bytes.split_at_mut(32);
        prefix.copy_from_slice(&digest);
        Self {
            algorithm: Algorithm::Sha256,
            bytes,
        }
    }

    /// Takes lower-case hexadecimal of exactly the right length; nothing is guessed.
    pub fn from_hex(algorithm: Algorithm, hex: &str) -> Result<Self, DigestError> {
        let bytes = HEXLOWER.decode(hex.as_bytes()).map_err(|error| {
            if error.kind == data_encoding::DecodeKind::Length {
                DigestError::WrongLength {
                    algorithm,
                    expected: algorithm.length(),
                    found: hex.len() / 2,
                }
            } else {
                DigestError::NotHexadecimal {
                    position: error.position,
                }
            }
        })?;
        Self::new(algorithm, &bytes)
    }

    /// The hash function.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The raw digest, [`Algorithm::length`] bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.algorithm.length()).unwrap_or(&[])
    }

    /// Lower-case hexadecimal without the algorithm.
    #[must_use]
    pub fn hex(&self) -> String {
        HEXLOWER.encode(self.bytes())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.algorithm, self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (algorithm, hex) = text.split_once(':').ok_or(DigestError::NoAlgorithm)?;
        Self::from_hex(algorithm.parse()?, hex)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_for_every_algorithm() {
        for algorithm in Algorithm::ALL {
            let digest = Digest::new(algorithm, &vec![0xa5; algorithm.length()]).expect("length");
            assert_eq!(digest.to_string().parse(), Ok(digest));
            assert_eq!(digest.bytes().len(), algorithm.length());
        }
    }

    #[test]
    fn refuses_what_it_would_have_to_guess() {
        let hex = "ab".repeat(32);
        assert!(matches!(
            Digest::from_hex(Algorithm::Sha256, &hex.to_uppercase()),
            Err(DigestError::NotHexadecimal { position: 0 })
        ));
        assert!(matches!(
            Digest::from_hex(Algorithm::Sha384, &hex),
            Err(DigestError::WrongLength {
                expected: 48,
                found: 32,
                ..
            })
        ));
        assert_eq!(hex.parse::<Digest>(), Err(DigestError::NoAlgorithm));
        for algorithm in Algorithm::WEAK {
            let weak = Digest::new(algorithm, &vec![1; algorithm.length()]).expect("length");
            assert!(weak.to_string().parse::<Digest>().is_err());
            assert!(!algorithm.is_strong() && !Algorithm::ALL.contains(&algorithm));
        }
    }
}
