//! The qualifier `checksum`: a list of `algorithm:hex` (ECMA-427, known qualifiers).

use std::fmt;

use bonafide_core::{Algorithm, Digest};

/// Most entries in one list.
const MOST: usize = 64;

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Checksum {
    /// A digest that bytes can be held against.
    Digest(Digest),
    /// Of a function that we do not compute: broken (MD5, SHA-1) or unknown.
    NotComputed {
        /// Its name, lower case.
        algorithm: String,
        /// Hexadecimal, lower case.
        hex: String,
    },
}

/// Why the list is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChecksumError {
    /// An entry is not `algorithm:hex`.
    #[error("checksum `{entry}` is not `algorithm:hexadecimal`")]
    Form {
        /// The entry, cut.
        entry: String,
    },
    /// The digest does not fit its function.
    #[error("a {algorithm} checksum has {expected} hexadecimal digits, not {found}")]
    Length {
        /// Name of the function.
        algorithm: String,
        /// Digits that it has.
        expected: usize,
        /// Digits that are there.
        found: usize,
    },
    /// The same function twice.
    #[error("two checksums of the function `{algorithm}`")]
    Repeated {
        /// Its name.
        algorithm: String,
    },
    /// More than a reader takes.
    #[error("more than {MOST} checksums")]
    TooMany,
}

impl Checksum {
    /// Name of the function, lower case.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        match self {
            Self::Digest(digest) => digest.algorithm().name(),
            Self::NotComputed { algorithm, .. } => algorithm,
        }
    }

    /// Reads a list, sorted by the function's name.
    ///
    /// # Errors
    ///
    /// [`ChecksumError`] for the first entry that is none.
    pub fn list(text: &str) -> Result<Vec<Self>, ChecksumError> {
        let mut list: Vec<Self> = Vec::new();
        for entry in text.split(',') {
            if list.len() == MOST {
                return Err(ChecksumError::TooMany);
            }
            let checksum = Self::entry(entry)?;
            let algorithm = checksum.algorithm();
            if list.iter().any(|known| known.algorithm() == algorithm) {
                return Err(ChecksumError::Repeated {
                    algorithm: algorithm.to_owned(),
                });
            }
            list.push(checksum);
        }
        list.sort_by(|one, other| one.algorithm().cmp(other.algorithm()));
        Ok(list)
    }

    fn entry(entry: &str) -> Result<Self, ChecksumError> {
        let form = || ChecksumError::Form {
            entry: crate::excerpt(entry, 100),
        };
        let (name, hex) = entry.trim().split_once(':').ok_or_else(form)?;
        let named = !name.is_empty()
            && name.len() <= 32
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte));
        let hexadecimal = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !named || hex.is_empty() || !hexadecimal || hex.len() % 2 == 1 {
            return Err(form());
        }
        let name = name.to_ascii_lowercase();
        let hex = hex.to_ascii_lowercase();
        let (algorithm, digits) = match name.as_str() {
            "sha256" | "sha-256" => (Some(Algorithm::Sha256), 64),
            "sha384" | "sha-384" => (Some(Algorithm::Sha384), 96),
            "sha512" | "sha-512" => (Some(Algorithm::Sha512), 128),
            "blake2b-512" | "blake2b512" => (Some(Algorithm::Blake2b512), 128),
            "blake3" => (Some(Algorithm::Blake3), 64),
            "md5" => (None, 32),
            "sha1" | "sha-1" => (None, 40),
            _ => (None, hex.len()),
        };
        if hex.len() != digits {
            return Err(ChecksumError::Length {
                algorithm: name,
                expected: digits,
                found: hex.len(),
            });
        }
        match algorithm.map(|algorithm| Digest::from_hex(algorithm, &hex)) {
            Some(Ok(digest)) => Ok(Self::Digest(digest)),
            Some(Err(_)) => Err(form()),
            None => Ok(Self::NotComputed {
                algorithm: name,
                hex,
            }),
        }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(digest) => fmt::Display::fmt(digest, formatter),
            Self::NotComputed { algorithm, hex } => {
                write!(formatter, "{algorithm}:{}", crate::excerpt(hex, 128))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists() {
        let sha256 = "AB".repeat(32);
        let list = Checksum::list(&format!("SHA256:{sha256},md5:{}", "0f".repeat(16))).unwrap();
        assert_eq!(list.len(), 2);
        assert!(matches!(&list[0], Checksum::NotComputed { algorithm, .. } if algorithm == "md5"));
        assert_eq!(list[1].to_string(), format!("sha256:{}", "ab".repeat(32)));
    }

    #[test]
    fn refuses_what_is_no_checksum() {
        for (text, expected) in [
            (String::new(), "is not `algorithm:"),
            ("sha256".to_owned(), "is not `algorithm:"),
            ("sha256:".to_owned(), "is not `algorithm:"),
            ("sha256:xyz".to_owned(), "is not `algorithm:"),
            (":ab".to_owned(), "is not `algorithm:"),
            ("sha256:ab".to_owned(), "has 64 hexadecimal digits, not 2"),
            (format!("sha256:{}", "d4".repeat(16)), "not 32"),
            ("crc32:abc".to_owned(), "is not `algorithm:"),
            ("x:ab,X:cd".to_owned(), "two checksums"),
            (
                (0..65).map(|n| format!("x{n}:ab,")).collect::<String>() + "y:ab",
                "more than 64",
            ),
        ] {
            let error = Checksum::list(&text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
