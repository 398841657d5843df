//! The third grade of evidence: said by somebody whose key or identity we checked.

use std::fmt;

use bonafide_core::Digest;

use crate::identity::Identity;
use crate::time::TrustedTime;

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
        /// SHA-256 of the DER `SubjectPublicKeyInfo` of the leaf.
        key: Digest,
        /// What the policy or the user calls the authority.
        authority: String,
        /// SHA-256 of the DER authority, which may be trusted under several labels.
        authority_fingerprint: Digest,
    },
    /// An identity that a Sigstore certificate authority vouches for.
    Identity {
        /// What the policy or the user calls the signer.
        label: String,
        /// Who it is.
        identity: Identity,
        /// What the trusted root is called.
        root: String,
        /// SHA-256 of the DER `SubjectPublicKeyInfo` of the leaf.
        key: Digest,
    },
}

impl Signer {
    /// The name in the policy, or on the command line, by which the signer is trusted.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Key { label, .. } | Self::Identity { label, .. } => label,
            Self::Certificate { authority, .. } => authority,
        }
    }

    /// SHA-256 of the DER `SubjectPublicKeyInfo` that verified the signature.
    #[must_use]
    pub const fn key(&self) -> &Digest {
        match self {
            Self::Key { fingerprint, .. } => fingerprint,
            Self::Certificate { key, .. } | Self::Identity { key, .. } => key,
        }
    }

    /// True when both are one and the same signer, under whatever labels: the same
    /// key, or a name in common. It may call two signers one who are not, because a
    /// threshold must rather be missed than met by one person alone.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        let others = other.names();
        self.key() == other.key() || self.names().iter().any(|name| others.contains(name))
    }

    /// What the signer is called, without case, without the kind of the name, and
    /// without the ref of a workflow: another branch is not another signer.
    fn names(&self) -> Vec<String> {
        let plain = |name: &str| {
            let name = name.to_ascii_lowercase();
            let path = name
                .find("://")
                .and_then(|scheme| Some(scheme + 3 + name.get(scheme + 3..)?.find('/')?));
            let reference = path.and_then(|path| Some(path + name.get(path..)?.find('@')?));
            match reference.and_then(|at| name.get(..at)) {
                Some(workflow) => workflow.to_owned(),
                None => name,
            }
        };
        match self {
            Self::Key { .. } => Vec::new(),
            Self::Identity { identity, .. } => vec![plain(&identity.subject)],
            Self::Certificate {
                subject,
                names,
                authority_fingerprint,
                ..
            } => names
                .iter()
                .map(|name| plain(name.split_once(':').map_or(&**name, |(_, name)| name)))
                .chain([format!(
                    "{authority_fingerprint}: {}",
                    subject.to_ascii_lowercase()
                )])
                .collect(),
        }
    }
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
                key: _,
                authority_fingerprint: _,
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
            Self::Identity {
                label,
                identity,
                root,
                key: _,
            } => write!(
                formatter,
                "identity \"{label}\": {} by {} under trusted root \"{root}\"",
                crate::rejection::excerpt(&identity.subject, 300),
                crate::rejection::excerpt(&identity.issuer, 300),
            ),
        }
    }
}

/// What a transparency log proves about a signature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogEvidence {
    /// Entries whose inclusion was proven.
    pub entries: usize,
    /// Their places in the log, where the log signed them (Rekor version 1 does,
    /// version 2 does not).
    pub indices: Vec<u64>,
}

/// What supports a signature besides the signature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Support {
    /// When it was made, at the latest; empty when only the clock was looked at.
    pub times: Vec<TrustedTime>,
    /// What a transparency log proves; none when no log was asked for or looked at.
    pub log: Option<LogEvidence>,
}

/// A value together with the signers who vouch for it.
///
/// The fields are private and the only constructor is private to this crate:
/// outside, a `Verified<T>` is proof that the signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    signer: Signer,
    cosigners: Vec<Signer>,
    support: Support,
}

impl<T> Verified<T> {
    pub(crate) const fn new(
        value: T,
        signer: Signer,
        cosigners: Vec<Signer>,
        support: Support,
    ) -> Self {
        Self {
            value,
            signer,
            cosigners,
            support,
        }
    }

    /// What was signed.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// Who signed it; the first, if there are several.
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Everybody who signed it and is trusted.
    pub fn signers(&self) -> impl Iterator<Item = &Signer> {
        std::iter::once(&self.signer).chain(&self.cosigners)
    }

    /// What supports the signature.
    pub const fn support(&self) -> &Support {
        &self.support
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> Digest {
        Digest::sha256([byte; 32])
    }

    fn identity(subject: &str, key: u8) -> Signer {
        Signer::Identity {
            label: format!("label {key}"),
            identity: Identity {
                issuer: format!("https://issuer-{key}.test"),
                subject: subject.to_owned(),
                claims: Vec::new(),
            },
            root: "root".to_owned(),
            key: digest(key),
        }
    }

    fn certificate(subject: &str, name: &str, authority: u8, key: u8) -> Signer {
        Signer::Certificate {
            subject: subject.to_owned(),
            names: vec![name.to_owned()],
            fingerprint: digest(key),
            key: digest(key),
            authority: format!("label {key}"),
            authority_fingerprint: digest(authority),
        }
    }

    #[test]
    fn one_person_is_one_signer() {
        let workflow = "https://example.test/w.yml@refs/tags/";
        let same = [
            (identity("a@x.test", 1), identity("A@x.test", 2)),
            (
                identity(&format!("{workflow}v1"), 1),
                identity(&format!("{workflow}v2"), 2),
            ),
            (
                identity(&format!("{workflow}v1"), 1),
                identity(&format!("{workflow}x@y"), 2),
            ),
            (identity("a@x.test", 1), identity("b@x.test", 1)),
            (
                identity("a@x.test", 1),
                certificate("CN=A", "email:A@x.test", 101, 2),
            ),
            (
                certificate("CN=A", "email:a@x.test", 102, 1),
                certificate("CN=B", "email:a@x.test", 103, 2),
            ),
            (
                certificate("CN=A", "email:a@x.test", 101, 1),
                certificate("CN=a", "email:b@x.test", 101, 2),
            ),
        ];
        for (left, right) in &same {
            assert!(
                left.is_same_as(right) && right.is_same_as(left),
                "{left} {right}"
            );
        }
        let different = [
            (identity("a@x.test", 1), identity("b@x.test", 2)),
            (identity("a@x.test", 1), identity("a@y.test", 2)),
            (
                certificate("CN=A", "email:a@x.test", 102, 1),
                certificate("CN=A", "email:b@x.test", 103, 2),
            ),
        ];
        for (left, right) in &different {
            assert!(!left.is_same_as(right), "{left} {right}");
        }
    }
}
