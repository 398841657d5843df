//! Whom we believe: public keys and certificate authorities, each by a name
//! that the policy or the user gave it.

use crate::certificate::{Certificate, CertificateError};
use crate::identity::IdentityPattern;
use crate::key::{KeyError, PublicKey};
use crate::sigstore::{LogDemand, RootError, SigstoreRoot};

/// Why trust material was refused. Nothing of a refused file is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// A key file.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A certificate file.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A trusted root.
    #[error(transparent)]
    Root(#[from] RootError),
}

#[derive(Debug, Clone)]
pub(crate) struct TrustedKey {
    pub(crate) label: String,
    pub(crate) key: PublicKey,
}

#[derive(Debug, Clone)]
pub(crate) struct TrustedAuthority {
    pub(crate) label: String,
    pub(crate) certificate: Certificate,
}

/// Keys and authorities whose signatures count.
#[derive(Debug, Clone, Default)]
pub struct TrustStore {
    pub(crate) keys: Vec<TrustedKey>,
    pub(crate) authorities: Vec<TrustedAuthority>,
    /// Help to find a path; trusted for nothing.
    pub(crate) intermediates: Vec<Certificate>,
    /// Sigstore deployments.
    pub(crate) roots: Vec<SigstoreRoot>,
    /// Whom of those that such a deployment vouches for.
    pub(crate) identities: Vec<IdentityPattern>,
    pub(crate) log_demand: LogDemand,
}

impl TrustStore {
    /// A store that trusts nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the one public key of a PEM file.
    pub fn add_key(&mut self, label: &str, pem: &[u8]) -> Result<(), TrustError> {
        let key = PublicKey::from_pem(pem)?;
        self.keys.push(TrustedKey {
            label: label.to_owned(),
            key,
        });
        Ok(())
    }

    /// Trusts the self-signed certificates of a PEM file as authorities; the
    /// others only help to build paths, as OpenSSL treats them.
    pub fn add_authorities(&mut self, label: &str, pem: &[u8]) -> Result<(), TrustError> {
        for certificate in Certificate::from_pem(pem)? {
            if certificate.is_self_signed() {
                self.authorities.push(TrustedAuthority {
                    label: label.to_owned(),
                    certificate,
                });
            } else {
                self.intermediates.push(certificate);
            }
        }
        Ok(())
    }

    /// Trusts the authorities and logs of a Sigstore deployment. Whoever they vouch
    /// for still has to match an identity.
    pub fn add_root(&mut self, root: SigstoreRoot) {
        self.roots.push(root);
    }

    /// Trusts signers by identity, under any of the trusted roots.
    pub fn add_identity(&mut self, pattern: IdentityPattern) {
        self.identities.push(pattern);
    }

    /// Sets what a transparency log has to prove; an inclusion proof otherwise.
    pub const fn demand_log(&mut self, demand: LogDemand) {
        self.log_demand = demand;
    }

    /// True when somebody is trusted by identity.
    #[must_use]
    pub const fn trusts_identities(&self) -> bool {
        !self.identities.is_empty()
    }

    /// The trusted roots, in the order in which they are tried.
    #[must_use]
    pub fn roots(&self) -> &[SigstoreRoot] {
        &self.roots
    }

    /// True when certificates were given, but none of an authority.
    #[must_use]
    pub fn has_only_intermediates(&self) -> bool {
        self.authorities.is_empty() && !self.intermediates.is_empty()
    }

    /// True when no signature could ever be trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.authorities.is_empty() && self.identities.is_empty()
    }
}
