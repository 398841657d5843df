//! Why there is no new trust material, in words.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use bonafide_core::RawName;
use jiff::Timestamp;

use super::address::Address;
use crate::document::DocumentError;

/// Why an update failed. Nothing was handed out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TufError {
    /// Nothing is fetched from such an address.
    #[error("`{address}`: trust material cannot be fetched from there: {reason}")]
    Address {
        /// As given, cut and escaped.
        address: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The root to start from is none.
    #[error("the root to start from cannot be trusted: {detail}")]
    InitialRoot {
        /// What the parser or the signatures say.
        detail: String,
    },
    /// This machine cannot speak to any server.
    #[error("{what} cannot be set up: {detail}")]
    Setup {
        /// What could not be made.
        what: &'static str,
        /// Why.
        detail: String,
    },
    /// A file of the cache is there and cannot be read.
    #[error("versions seen before cannot be read")]
    CacheUnreadable(#[source] DocumentError),
    /// The cache cannot be written.
    #[error("{}: cannot be remembered there", RawName::from(path.as_path()))]
    CacheUnwritable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It took too long.
    #[error("{address}: not done after {seconds} s, while waiting for `{file}`")]
    TimedOut {
        /// The repository.
        address: String,
        /// The limit in seconds.
        seconds: u64,
        /// What was asked for last.
        file: String,
    },
    /// A document could not be fetched.
    #[error("{address}: cannot be fetched: {detail}")]
    Unreachable {
        /// The repository.
        address: String,
        /// Which document, and why.
        detail: String,
    },
    /// The repository answered, and its answer must not be trusted.
    #[error("{address}: its trust material is refused")]
    Refused {
        /// The repository.
        address: String,
        /// Why.
        source: Refusal,
    },
}

/// Why metadata or a target is not trusted (TUF 1.0 §5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It held only until then.
    #[error("{role} has expired at {expires}")]
    Expired {
        /// Which document.
        role: String,
        /// When.
        expires: Timestamp,
    },
    /// Older than what was seen before.
    #[error("{role} goes back from version {seen} to {offered}")]
    Rollback {
        /// Which document.
        role: String,
        /// The version seen before.
        seen: u64,
        /// The version offered now.
        offered: u64,
    },
    /// The next root is not the next one.
    #[error("root goes from version {seen} to {offered}, not to the next one")]
    RootVersion {
        /// The trusted version.
        seen: u64,
        /// The version offered.
        offered: u64,
    },
    /// Too few of the right keys have signed.
    #[error("{role} has {found} valid signatures of the {threshold} that it needs")]
    Signatures {
        /// Which document.
        role: String,
        /// Valid signatures of different keys.
        found: usize,
        /// How many there must be.
        threshold: usize,
    },
    /// Not what the document above it states.
    #[error("content is not what was signed: {detail}")]
    Mismatch {
        /// Which document, and what differs.
        detail: String,
    },
    /// Not metadata, or of a kind that nobody can check.
    #[error("malformed: {detail}")]
    Malformed {
        /// What is wrong.
        detail: String,
    },
    /// The repository has no trusted root.
    #[error("no target `{name}` is listed")]
    NoTarget {
        /// Its name.
        name: String,
    },
}

/// Puts a failure of the library into our words.
pub(super) fn explain(error: sigstore_tuf::Error, address: &Address) -> TufError {
    use sigstore_tuf::Error as Library;
    let address = address.to_string();
    let source = match error {
        Library::Transport { .. } => {
            return TufError::Unreachable {
                address,
                detail: in_words(&error).replacen("transport error: ", "", 1),
            };
        }
        Library::Expired { role, expires } => Refusal::Expired {
            role: printable(&role),
            expires,
        },
        Library::Rollback { role, trusted, new } => Refusal::Rollback {
            role: printable(&role),
            seen: trusted,
            offered: new,
        },
        Library::BadRootVersion { trusted, new } => Refusal::RootVersion {
            seen: trusted,
            offered: new,
        },
        Library::ThresholdNotMet {
            role,
            found,
            threshold,
        } => Refusal::Signatures {
            role: printable(&role),
            found,
            threshold,
        },
        Library::IntegrityMismatch(detail) => Refusal::Mismatch {
            detail: printable(&detail),
        },
        Library::TargetNotFound(name) => Refusal::NoTarget {
            name: printable(&name),
        },
        other => Refusal::Malformed {
            detail: in_words(&other),
        },
    };
    TufError::Refused { address, source }
}

/// An error with its causes, printable.
pub(super) fn in_words(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        // Some libraries end with the words of the cause.
        if !words.ends_with(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = inner.source();
    }
    printable(&words)
}

/// Text from outside, cut and with its control characters escaped.
pub(super) fn printable(text: &str) -> String {
    let cut: String = text.chars().take(400).collect();
    RawName::from(&*cut).to_string()
}

impl TufError {
    /// What the user can do about it, where that is not obvious.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Address { .. } => Some("give the https:// address of a TUF repository"),
            Self::InitialRoot { .. } => Some(
                "`--root` takes a `root.json` of the repository, got from somebody whom you trust",
            ),
            Self::Setup { .. } => {
                Some("https needs the certificate authorities of the system (`ca-certificates`)")
            }
            Self::CacheUnreadable(_) => Some(
                "look at it, then remove the cache; versions seen before are forgotten with it",
            ),
            Self::CacheUnwritable { .. } => Some("name a directory of yours with `--cache`"),
            Self::TimedOut { .. } => Some("try again later, or allow more with `--timeout`"),
            Self::Unreachable { .. } => Some(
                "check address and network; verifying needs neither and goes on with the root it has",
            ),
            Self::Refused { source, .. } => Some(match source {
                Refusal::Expired { .. } => {
                    "check the clock of this machine; if it is right, updates are being held back"
                }
                Refusal::Rollback { .. } => {
                    "somebody may be replaying old trust material; ask who runs the repository"
                }
                Refusal::Signatures { .. } | Refusal::RootVersion { .. } => {
                    "if the keys have changed on purpose, get a newer `root.json` and pass it with `--root`"
                }
                Refusal::Mismatch { .. } | Refusal::Malformed { .. } => {
                    "it was damaged or changed on its way or at the server; try again from another network"
                }
                Refusal::NoTarget { .. } => "this is no Sigstore repository",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped_and_cut() {
        let address = Address::parse("https://example.test").unwrap();
        let error = sigstore_tuf::Error::Malformed(format!("\u{1b}[2J{}", "x".repeat(10_000)));
        let TufError::Refused { source, .. } = explain(error, &address) else {
            panic!()
        };
        let words = source.to_string();
        assert!(!words.contains('\u{1b}'), "{words}");
        assert!(words.len() < 600);
    }

    #[test]
    fn a_cause_is_said_once() {
        let inner = io::Error::other("refused");
        let outer = sigstore_tuf::Error::transport_with_source("GET x failed", inner);
        assert_eq!(in_words(&outer), "transport error: GET x failed: refused");
    }
}
