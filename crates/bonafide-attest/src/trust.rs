//! Whom we believe: public keys and certificate authorities, each by a name
//! that the policy or the user gave it, and what takes belief away again.

use std::sync::Arc;

use bonafide_core::{Algorithm, Digest};

use crate::certificate::{Certificate, CertificateError};
use crate::deny_list::{Denial, DenyList};
use crate::identity::{IdentityPattern, TextPattern};
use crate::key::{KeyError, PublicKey};
use crate::rejection::Untrusted;
use crate::revocation::{GivenList, RevocationDemand, RevocationList, RevocationListError};
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
    /// A revocation list file.
    #[error(transparent)]
    RevocationList(#[from] RevocationListError),
}

/// What a signing certificate has to say about its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeafPurpose {
    /// It names code signing as an extended key usage.
    #[default]
    CodeSigning,
    /// It names code signing, or no extended key usage at all.
    AnyWhenAbsent,
}

/// Which signatures in a CycloneDX document count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DocumentSignatures {
    /// Those of the standard: JSON Signature Format.
    #[default]
    Jsf,
    /// Those that cdxgen writes as well, which name no key that could be believed.
    JsfOrCdxgen,
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
    /// Names that leaves have to have one of; empty means any.
    pub(crate) names: Vec<TextPattern>,
}

impl TrustedAuthority {
    /// True when the authority is trusted for what the leaf is called.
    fn is_trusted_for(&self, leaf: &Certificate) -> bool {
        self.names.is_empty()
            || leaf
                .full_names()
                .iter()
                .any(|name| self.names.iter().any(|pattern| pattern.matches(name)))
    }
}

/// Keys and authorities whose signatures count.
#[derive(Debug, Clone, Default)]
pub struct TrustStore {
    pub(crate) keys: Vec<TrustedKey>,
    pub(crate) authorities: Vec<TrustedAuthority>,
    /// Help to find a path; trusted for nothing.
    pub(crate) intermediates: Vec<Certificate>,
    /// Keys that are known by their SHA-256 alone, and have to come with the signature.
    pub(crate) fingerprints: Vec<(String, Digest)>,
    /// Sigstore deployments.
    pub(crate) roots: Vec<SigstoreRoot>,
    /// Whom of those that such a deployment vouches for.
    pub(crate) identities: Vec<IdentityPattern>,
    pub(crate) log_demand: LogDemand,
    pub(crate) leaf_purpose: LeafPurpose,
    pub(crate) document_signatures: DocumentSignatures,
    pub(crate) revocation_lists: Vec<GivenList>,
    pub(crate) revocation_demand: RevocationDemand,
    pub(crate) deny: Vec<DenyList>,
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

    /// Trusts the public key whose DER `SubjectPublicKeyInfo` has this SHA-256. It can
    /// verify only what carries the key: old OMS bundles and signed documents.
    pub fn add_fingerprint(&mut self, label: &str, fingerprint: Digest) {
        self.fingerprints.push((label.to_owned(), fingerprint));
    }

    /// A key that came with a signature, if it is trusted by its fingerprint.
    pub(crate) fn pinned(&self, der: &[u8]) -> Option<TrustedKey> {
        let key = PublicKey::from_der(der).ok()?;
        let found = key.fingerprint();
        let (label, _) = self
            .fingerprints
            .iter()
            .find(|(_, fingerprint)| *fingerprint == found)?;
        Some(TrustedKey {
            label: label.clone(),
            key,
        })
    }

    /// Trusts the self-signed certificates of a PEM file as authorities; the
    /// others only help to build paths, as OpenSSL treats them.
    pub fn add_authorities(&mut self, label: &str, pem: &[u8]) -> Result<(), TrustError> {
        self.add_authorities_for(label, pem, &[])
    }

    /// The same, for leaves with one of these names only: alternative names as
    /// `email:…`, `uri:…` or `dns:…`, or the subject as `subject:…` (RFC 4514 text).
    /// An empty list means any name.
    pub fn add_authorities_for(
        &mut self,
        label: &str,
        pem: &[u8],
        names: &[TextPattern],
    ) -> Result<(), TrustError> {
        for certificate in Certificate::from_pem(pem)? {
            if certificate.is_self_signed() {
                self.authorities.push(TrustedAuthority {
                    label: label.to_owned(),
                    certificate,
                    names: names.to_vec(),
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

    /// The entry that trusts the authority at the end of a path for this leaf: one
    /// authority may be trusted under several labels, for different names.
    pub(crate) fn entry_for(
        &self,
        authority: &TrustedAuthority,
        leaf: &Certificate,
    ) -> Result<&TrustedAuthority, Untrusted> {
        self.authorities
            .iter()
            .filter(|entry| entry.certificate == authority.certificate)
            .find(|entry| entry.is_trusted_for(leaf))
            .ok_or_else(|| Untrusted::UnknownName {
                subject: leaf.subject(),
                authority: authority.label.clone(),
            })
    }

    /// True when certificates were given, but none of an authority.
    #[must_use]
    pub fn has_only_intermediates(&self) -> bool {
        self.authorities.is_empty() && !self.intermediates.is_empty()
    }

    /// True when no signature could ever be trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
            && self.fingerprints.is_empty()
            && self.authorities.is_empty()
            && self.identities.is_empty()
    }

    /// Says what signing certificates have to say about their purpose.
    pub const fn set_leaf_purpose(&mut self, purpose: LeafPurpose) {
        self.leaf_purpose = purpose;
    }

    /// Says which signatures in documents count.
    pub const fn accept_document_signatures(&mut self, accepted: DocumentSignatures) {
        self.document_signatures = accepted;
    }

    /// Says for which certificates a revocation list has to be there.
    pub const fn set_revocation_demand(&mut self, demand: RevocationDemand) {
        self.revocation_demand = demand;
    }

    /// Takes the revocation lists of a file (DER or PEM). They are not trusted: each
    /// counts for the issuer in a path whose key signed it, while it is not stale and
    /// not older than `max_age_days`. Returns what was read.
    ///
    /// # Errors
    ///
    /// The file is no list, or too large. Lists that cannot be used are no error
    /// here, but certificates of their issuers are then refused.
    pub fn add_revocation_lists(
        &mut self,
        label: &str,
        bytes: &[u8],
        max_age_days: Option<u32>,
    ) -> Result<Vec<Arc<RevocationList>>, TrustError> {
        let lists: Vec<Arc<RevocationList>> = RevocationList::read(bytes)?
            .into_iter()
            .map(Arc::new)
            .collect();
        self.revocation_lists
            .extend(lists.iter().map(|list| GivenList {
                label: label.to_owned(),
                list: Arc::clone(list),
                max_age_days,
            }));
        Ok(lists)
    }

    /// Denies what is on the list, in addition to what is denied already.
    pub fn add_deny_list(&mut self, list: DenyList) {
        self.deny.push(list);
    }

    /// True when a deny-list is in force.
    #[must_use]
    pub const fn has_deny_lists(&self) -> bool {
        !self.deny.is_empty()
    }

    /// Algorithms of the digests by which deny-lists name files.
    #[must_use]
    pub fn denied_algorithms(&self) -> Vec<Algorithm> {
        let mut algorithms: Vec<Algorithm> =
            self.deny.iter().flat_map(DenyList::algorithms).collect();
        algorithms.sort();
        algorithms.dedup();
        algorithms
    }

    /// The entry that denies a public key, if one does.
    #[must_use]
    pub fn denial_of_key(&self, key: &PublicKey) -> Option<Denial> {
        let fingerprint = key.fingerprint();
        self.deny
            .iter()
            .find_map(|list| list.denies_key(&fingerprint))
    }

    /// The entry that denies a certificate of a path, its key or one of its names,
    /// if one does. Give every certificate of the path: leaf, intermediates, authority.
    #[must_use]
    pub fn denial_of_certificate_path<'a>(
        &self,
        path: impl IntoIterator<Item = &'a Certificate>,
    ) -> Option<Denial> {
        path.into_iter().find_map(|certificate| {
            self.deny
                .iter()
                .find_map(|list| list.denies_any_of(certificate))
        })
    }

    /// The entry that denies an identity, if one does.
    #[must_use]
    pub fn denial_of_identity(&self, issuer: &str, subject: &str) -> Option<Denial> {
        self.deny
            .iter()
            .find_map(|list| list.denies_identity(issuer, subject))
    }

    /// The entry that denies a file or artifact, if one does.
    #[must_use]
    pub fn denial_of_digest(&self, digest: &Digest) -> Option<Denial> {
        self.deny.iter().find_map(|list| list.denies_digest(digest))
    }
}
