//! The third grade of evidence: said by somebody whose key or identity we checked.

use std::fmt;

use bonafide_core::Digest;

/// Who signed, as proven by a valid signature under trusted material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// The holder of a trusted public key.
    Key {
        /// What the policy or the user calls the key.
        label: String,
        /// SHA-256 of the DER `SubjectPublicKeyInfo`.
        fingerprint: Digest,
    },
    /// The subject of a certificate that chains to a trusted authority.
    Certificate {
        /// Subject of the leaf (RFC 4514 text).
        subject: String,
        /// Subject alternative names of the leaf.
        names: Vec<String>,
        /// SHA-256 of the DER leaf.
        fingerprint: Digest,
        /// What the policy or the user calls the authority.
        authority: String,
    },
}

impl fmt::Display for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { label, fingerprint } => {
                write!(formatter, "key \"{label}\" ({fingerprint})")
            }
            Self::Certificate {
                subject,
                names,
                fingerprint,
                authority,
            } => {
                write!(formatter, "certificate \"{subject}\"")?;
                if !names.is_empty() {
                    write!(formatter, " [{}]", names.join(", "))?;
                }
                write!(
                    formatter,
                    " under authority \"{authority}\" ({fingerprint})"
                )
            }
        }
    }
}

/// A value together with the signer who vouches for it.
///
/// The fields are private and the only constructor is private to this crate:
/// outside, a `Verified<T>` is proof that the signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    signer: Signer,
}

impl<T> Verified<T> {
    pub(crate) const fn new(value: T, signer: Signer) -> Self {
        Self { value, signer }
    }

    /// What was signed.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// Who signed it.
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }
}
