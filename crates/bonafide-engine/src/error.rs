//! Why there is no report: the tool could not do its work.

use std::path::{Path, PathBuf};

use bonafide_attest::oms::SignError;
use bonafide_attest::{DenyListError, KeyError, TrustError};
use bonafide_core::RawName;
use bonafide_hash::{HashError, ReadFailure, TreeError};
use bonafide_policy::PolicyError;
use bonafide_source::DocumentError;

/// An error of a whole run. What is wrong with the artifact is never one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A key, policy, certificate or signature file cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The target cannot be listed.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The policy cannot be used.
    #[error("policy cannot be used\n{0}")]
    Policy(Box<PolicyError>),
    /// The policy is not text.
    #[error("{}: policy is not UTF-8 at byte {position}", raw(path))]
    PolicyNotText {
        /// Which file.
        path: PathBuf,
        /// First bad byte.
        position: usize,
    },
    /// The policy trusts only its own signers.
    #[error("policy `{policy}` refuses trusted signers from the command line")]
    TrustRefused {
        /// Name of the policy.
        policy: String,
    },
    /// A trusted key or certificate cannot be used.
    #[error("{}: cannot be trusted", raw(path))]
    Trust {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: TrustError,
    },
    /// A revocation list cannot be read.
    #[error("{}: cannot be used as a revocation list", raw(path))]
    RevocationList {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: TrustError,
    },
    /// A deny-list has mistakes.
    #[error("deny-list cannot be used\n{0}")]
    DenyList(Box<PolicyError>),
    /// A deny-list is not text.
    #[error("{}: deny-list is not UTF-8 at byte {position}", raw(path))]
    DenyListNotText {
        /// Which file.
        path: PathBuf,
        /// First bad byte.
        position: usize,
    },
    /// A deny-list has expired, or is too old: what is denied now is not known.
    #[error("{}: cannot be used", raw(path))]
    DenyListOutOfTime {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: DenyListError,
    },
    /// The output would replace something that is no signature.
    #[error("{}: exists and is no signature, so it is not overwritten", raw(path))]
    WouldOverwrite {
        /// Which file.
        path: PathBuf,
    },
    /// No file of certificates holds an authority.
    #[error(
        "none of the certificate files holds a self-signed certificate, so no authority is trusted"
    )]
    NoAuthority,
    /// Shards so small that their list would fill the memory.
    #[error("shards of {size} bytes would be {shards}, more than {limit}")]
    TooManyShards {
        /// Bytes of a shard.
        size: u64,
        /// How many there would be.
        shards: u64,
        /// How many there may be.
        limit: u64,
    },
    /// A private key cannot be used.
    #[error("{}: cannot be used as a private key", raw(path))]
    Key {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// A signing certificate file does not hold exactly one certificate.
    #[error(
        "{}: holds {found} certificates; exactly one is the signing certificate",
        raw(path)
    )]
    CertificateCount {
        /// Which file.
        path: PathBuf,
        /// How many it holds.
        found: usize,
    },
    /// The bytes could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A file that has to be signed or listed could not be read.
    #[error("`{name}`: {failure}")]
    Unreadable {
        /// Which file.
        name: RawName,
        /// Why.
        failure: ReadFailure,
    },
    /// An entry that must not be signed.
    #[error("`{name}` cannot be signed: {reason}")]
    Unsignable {
        /// Which entry.
        name: RawName,
        /// Why.
        reason: String,
    },
    /// An exclusion that is no plain relative name.
    #[error("`{name}` cannot be left out: {reason}")]
    Exclusion {
        /// As given.
        name: RawName,
        /// Why.
        reason: String,
    },
    /// Nothing was signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl From<PolicyError> for EngineError {
    fn from(error: PolicyError) -> Self {
        Self::Policy(Box::new(error))
    }
}

impl EngineError {
    /// What the user can do about it, where that is not obvious.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Trust {
                source: TrustError::Key(error),
                ..
            }
            | Self::Key { source: error, .. } => key_hint(error),
            Self::TrustRefused { .. } => Some(
                "name the signer in `[trust]` of the policy, or leave out `--key` and `--certificate-chain`"
                    .to_owned(),
            ),
            Self::DenyListOutOfTime { .. } => Some(
                "get the current list; what is denied today cannot be told from this one"
                    .to_owned(),
            ),
            Self::Hash(HashError::OverBudget { .. }) => {
                Some("raise `--max-bytes` if you expect an artifact of this size".to_owned())
            }
            Self::NoAuthority => Some(
                "pass the root as well: an intermediate certificate only helps to reach it"
                    .to_owned(),
            ),
            Self::Exclusion { .. } => Some(
                "names are relative to the target, as in `docs/notes.txt`".to_owned(),
            ),
            Self::WouldOverwrite { .. } => {
                Some("name another file with `--signature`, or remove this one first".to_owned())
            }
            Self::TooManyShards { .. } => Some("choose a larger `--shard-size`".to_owned()),
            Self::Unsignable { .. } => Some(
                "remove it, or leave it out with `--exclude` (a verifier will then report it as not covered)"
                    .to_owned(),
            ),
            Self::Tree(TreeError::NotFound { .. }) => {
                Some("give the path of a model directory or file".to_owned())
            }
            _ => None,
        }
    }
}

fn key_hint(error: &KeyError) -> Option<String> {
    match error {
        KeyError::WrongBlock { found, .. } if found == "CERTIFICATE" => {
            Some("this is a certificate: pass it with `--certificate-chain`".to_owned())
        }
        KeyError::WrongBlock { expected, found } if *expected == "PUBLIC KEY" && found.ends_with("PRIVATE KEY") => {
            Some("this is a private key; make its public half with `openssl pkey -in KEY -pubout`".to_owned())
        }
        KeyError::WrongBlock { expected, found } if *expected == "PRIVATE KEY" && found == "PUBLIC KEY" => {
            Some("this is a public key; signing needs the private one".to_owned())
        }
        KeyError::Encrypted => Some(
            "decrypt it first: `openssl pkey -in KEY -out PLAIN`, and remove the plain copy afterwards".to_owned(),
        ),
        _ => None,
    }
}

/// A path as it is printed.
pub(crate) fn raw(path: &Path) -> RawName {
    RawName::from(path)
}
