//! Sigstore bundles: certificates of a minute, transparency logs, timestamps.
//!
//! The one place that speaks to the `sigstore-*` crates; none of their types
//! leaves it. They check the certificate path, its signed certificate timestamp,
//! inclusion proofs, checkpoints, promises and RFC 3161 tokens. What they leave
//! open is closed here and in [`crate::bundle`]; the list, and why not the older
//! `sigstore` crate, is in `docs/decisions/`.
//!
//! They are told to accept any identity: whom to believe is decided afterwards,
//! with patterns that they do not have.

mod evidence;
mod failure;
mod log;
mod subject;

use std::fmt;
use std::sync::Arc;

use bonafide_core::Digest;
use jiff::Timestamp;
use sigstore_trust_root::{TrustedRoot, TsaAuthority};
use sigstore_types::{DerPublicKey, SignatureBytes, TimestampToken};
use sigstore_verify::{
    Policy, PublicKeyVerificationPolicy, VerificationPolicy, VerificationResult, Verifier,
};

use evidence::{claims, support, time_source};
pub(crate) use failure::Failure;
use log::{check_clock, check_tree_sizes, demand_log};
use subject::artifact;
pub(crate) use subject::{message_by_key, message_digest};

use crate::bundle::Bundle;
use crate::certificate::Certificate;
use crate::identity::Identity;
use crate::key::sha256;
use crate::path;
use crate::rejection::{Rejection, Untrusted, excerpt};
use crate::time::{TimeSource, TrustedTime};
use crate::trust::LeafPurpose;
use crate::trusted_root::{self, EMBEDDED_TRUSTED_ROOT, TrustedRootError};
use crate::verified::Support;

/// How much a transparency log has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogDemand {
    /// Every entry with an inclusion proof and a signed checkpoint.
    #[default]
    InclusionProof,
    /// A promise (signed entry timestamp) is enough, as bundles of version 0.1 may have.
    InclusionPromise,
}

/// Why a trusted root cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// Not a trusted root, nor a configuration that holds one.
    #[error(transparent)]
    Malformed(#[from] TrustedRootError),
    /// A key or certificate in it that cannot be used.
    #[error("trusted root cannot be used: {detail}")]
    Unusable {
        /// What the library says.
        detail: String,
    },
}

/// The authorities and logs of one Sigstore deployment, checked and ready.
#[derive(Clone)]
pub struct SigstoreRoot {
    label: String,
    digest: Digest,
    inner: Arc<Inner>,
}

struct Inner {
    root: TrustedRoot,
    /// Certificates of its identity authorities, to name the issuers of a leaf.
    authorities: Vec<Certificate>,
    verifier: Verifier,
    timestamp_authorities: Vec<(String, TsaAuthority)>,
}

impl fmt::Debug for SigstoreRoot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigstoreRoot")
            .field("label", &self.label)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

impl SigstoreRoot {
    /// Reads a `trusted_root.json`, or a client trust configuration that holds one.
    pub fn from_json(label: &str, json: &[u8]) -> Result<Self, RootError> {
        // Our own reading first: it knows limits and refuses repeated names.
        trusted_root::summarize(json)?;
        let inner = trusted_root::unwrap_trust_config(json)?;
        let text = std::str::from_utf8(&inner).map_err(|error| RootError::Unusable {
            detail: error.to_string(),
        })?;
        let unusable = |detail: String| RootError::Unusable {
            detail: excerpt(&detail, 300),
        };
        let root = TrustedRoot::from_json(text).map_err(|error| unusable(error.to_string()))?;
        let verifier = Verifier::new(&root).map_err(|error| unusable(error.to_string()))?;
        let timestamp_authorities = root
            .timestamp_authorities
            .iter()
            .filter_map(timestamp_authority)
            .collect();
        Ok(Self {
            label: label.to_owned(),
            digest: sha256(json),
            inner: Arc::new(Inner {
                authorities: authorities(&root)?,
                root,
                verifier,
                timestamp_authorities,
            }),
        })
    }

    /// The root of the public-good instance, as this release embeds it.
    pub fn embedded(label: &str) -> Result<Self, RootError> {
        Self::from_json(label, EMBEDDED_TRUSTED_ROOT.as_bytes())
    }

    /// The root of the staging instance, which is for trying things out.
    pub fn staging() -> Result<Self, RootError> {
        let json = sigstore_trust_root::SIGSTORE_STAGING_TRUSTED_ROOT;
        Self::from_json("staging", json.as_bytes())
    }

    /// What the policy or the user calls it.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// SHA-256 of the file it was read from.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The certificates above a leaf, nearest first, for deny-lists. Whether the
    /// path holds is not asked here.
    pub(crate) fn issuers(&self, leaf: &Certificate) -> Vec<&Certificate> {
        let mut issuers: Vec<&Certificate> = Vec::new();
        let mut current = leaf;
        while issuers.len() < path::MAX_DEPTH {
            let above = self.inner.authorities.iter().find(|authority| {
                !issuers.contains(authority)
                    && current.is_issued_by_name_of(authority)
                    && current.is_signed_by(authority)
            });
            let Some(above) = above else {
                break;
            };
            issuers.push(above);
            current = above;
        }
        issuers
    }

    /// Verifies a keyless bundle completely, but for who signed it.
    pub(crate) fn keyless(
        &self,
        bundle: &Bundle,
        leaf: &Certificate,
        demand: LogDemand,
        now: Timestamp,
    ) -> Result<Keyless, Failure> {
        demand_log(bundle, demand)?;
        let parsed = parse(bundle)?;
        let artifact = artifact(bundle)?;
        let policy = VerificationPolicy::any_identity();
        let result = self
            .inner
            .verifier
            .verify(artifact, &parsed, &policy)
            .map_err(|error| failure::of_library(error, &time_source(bundle)))
            .map_err(|failure| self.unless_foreign(failure, leaf))?;
        // The library can be told to skip these; it was not, and says so itself.
        if !(result.certificate_verified() && result.sct_verified() && result.tlog_verified()) {
            return Err(Failure::Rejected(Rejection::LogEntry {
                detail: "the library did not check all of it".to_owned(),
            }));
        }
        check_tree_sizes(&parsed)?;
        self.check_times(bundle, &parsed, &policy, &result, now)?;
        // The library looks for code signing alone, not for the right to sign at all.
        if let Some(defect) = path::leaf_defect(leaf, LeafPurpose::CodeSigning) {
            return Err(Failure::Certificate(defect));
        }
        // The library takes the first of several names; a deny-list may mean the second.
        if leaf.alternative_names.len() != 1 {
            return Err(Failure::Rejected(Rejection::SeveralIdentities {
                found: leaf.alternative_names.len(),
            }));
        }
        let certificate = result.certificate().ok_or(Failure::NoIdentity)?;
        let (Some(issuer), Some(subject)) = (result.issuer(), result.identity()) else {
            return Err(Failure::NoIdentity);
        };
        Ok(Keyless {
            identity: Identity {
                issuer: issuer.to_owned(),
                subject: subject.as_str().to_owned(),
                claims: claims(&certificate.ci_claims),
            },
            key: sha256(certificate.public_key.as_bytes()),
            support: support(bundle, &result),
        })
    }

    /// The library looks at logs and timestamps before it looks at the authority, so it
    /// calls wrong what another deployment made. Without an authority in common, its
    /// logs are none of ours to judge.
    fn unless_foreign(&self, failure: Failure, leaf: &Certificate) -> Failure {
        let by_trusted_key = matches!(
            failure,
            Failure::Rejected(
                Rejection::InclusionPromise { .. }
                    | Rejection::Checkpoint { .. }
                    | Rejection::Timestamp { .. }
                    | Rejection::SignedCertificateTimestamp { .. }
            )
        );
        let mut authorities = self.inner.authorities.iter();
        if !by_trusted_key || authorities.any(|authority| leaf.is_signed_by(authority)) {
            return failure;
        }
        Failure::Untrusted(Untrusted::UnknownSigstoreAuthority {
            detail: format!("its issuer is \"{}\"", leaf.issuer()),
        })
    }

    /// What the library does not hold the proven times against: the clock of this
    /// run, and the periods in which logs were in use. It looks at the period of the
    /// log that promised an entry, but not of the one that signed its checkpoint.
    fn check_times(
        &self,
        bundle: &Bundle,
        parsed: &sigstore_types::Bundle,
        policy: &dyn Policy,
        result: &VerificationResult,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let times = result.verified_timestamps();
        check_clock(times, now)?;
        let in_use = |log: &sigstore_trust_root::TransparencyLog| {
            let window = log.public_key.valid_for;
            times
                .iter()
                .all(|time| window.is_none_or(|window| window.contains(*time)))
        };
        // Its own reading of the checkpoints says which logs signed them: another
        // reader could be shown other lines.
        let signed_by = |log: &sigstore_trust_root::TransparencyLog| {
            let id = log.log_id.key_id.as_bytes();
            let entries = parsed.verification_material.tlog_entries.iter();
            entries
                .filter_map(|entry| entry.inclusion_proof.as_ref())
                .filter_map(|proof| proof.checkpoint.checkpoint())
                .flat_map(|checkpoint| checkpoint.signatures())
                .any(|signature| id.starts_with(signature.key_id.as_bytes()))
        };
        let mut logs = self.inner.root.tlogs.iter();
        if !logs.any(|log| signed_by(log) && !in_use(log)) {
            return Ok(());
        }
        // Another log may have signed as well; then it holds without this one.
        let mut root = self.inner.root.clone();
        root.tlogs.retain(in_use);
        let verifier = Verifier::new(&root)
            .map_err(|error| failure::of_library(error, &time_source(bundle)))?;
        verifier
            .verify(artifact(bundle)?, parsed, policy)
            .map(|_| ())
            .map_err(|_| {
                Failure::Rejected(Rejection::Checkpoint {
                    detail: "its log was not in use when the signature was made".to_owned(),
                })
            })
    }

    /// Verifies the log entries and timestamps beside a signature by a plain key,
    /// and once more the signature.
    pub(crate) fn managed_key(
        &self,
        bundle: &Bundle,
        key: &[u8],
        demand: LogDemand,
        now: Timestamp,
    ) -> Result<Support, Failure> {
        if !bundle.log_entries.is_empty() {
            demand_log(bundle, demand)?;
        }
        let parsed = parse(bundle)?;
        let policy = PublicKeyVerificationPolicy::new(DerPublicKey::from_bytes(key));
        let policy = if bundle.log_entries.is_empty() {
            // Only timestamps: there is no log to ask.
            policy.skip_tlog_unsafe()
        } else {
            policy
        };
        let result = self
            .inner
            .verifier
            .verify(artifact(bundle)?, &parsed, &policy)
            .map_err(|error| failure::of_library(error, &time_source(bundle)))?;
        check_tree_sizes(&parsed)?;
        self.check_times(bundle, &parsed, &policy, &result, now)?;
        Ok(support(bundle, &result))
    }

    /// The times that RFC 3161 tokens over a signature prove. Every token has to
    /// be of an authority of this root.
    pub(crate) fn timestamps(
        &self,
        tokens: &[Vec<u8>],
        signature: &[u8],
        now: Timestamp,
    ) -> Result<Vec<TrustedTime>, Failure> {
        let times = tokens
            .iter()
            .map(|token| self.timestamp(token, signature).map_err(Failure::Rejected))
            .collect::<Result<Vec<_>, _>>()?;
        let proven: Vec<Timestamp> = times.iter().map(|time| time.time).collect();
        check_clock(&proven, now)?;
        Ok(times)
    }

    fn timestamp(&self, token: &[u8], signature: &[u8]) -> Result<TrustedTime, Rejection> {
        let token = TimestampToken::from_bytes(token);
        let signature = SignatureBytes::from_bytes(signature);
        let mut last = "no timestamp authority is trusted".to_owned();
        for (name, authority) in &self.inner.timestamp_authorities {
            match sigstore_verify::tsa::verify_timestamp_for_authority(
                &token, &signature, authority,
            ) {
                Ok(time) => {
                    return Ok(TrustedTime {
                        time,
                        source: TimeSource::TimestampAuthority { name: name.clone() },
                    });
                }
                Err(error) => last = error.to_string(),
            }
        }
        Err(Rejection::Timestamp {
            detail: excerpt(&last, 200),
        })
    }
}

fn authorities(root: &TrustedRoot) -> Result<Vec<Certificate>, RootError> {
    root.certificate_authorities
        .iter()
        .flat_map(|authority| &authority.cert_chain.certificates)
        .map(|entry| {
            // One that we cannot read could not be held against lists that deny it.
            Certificate::from_der(entry.raw_bytes.as_bytes()).map_err(|error| RootError::Unusable {
                detail: excerpt(&error.to_string(), 300),
            })
        })
        .collect()
}

/// An authority as the unit in which tokens are verified: chain and window together.
fn timestamp_authority(
    authority: &sigstore_trust_root::TimestampAuthority,
) -> Option<(String, TsaAuthority)> {
    let chain = authority.cert_chain.certificates.as_slice();
    let (leaf, intermediates, root) = match chain {
        [] => return None,
        [root] => (root, &[][..], root),
        [leaf, intermediates @ .., root] => (leaf, intermediates, root),
    };
    let name = authority
        .uri
        .clone()
        .unwrap_or_else(|| "without a name".to_owned());
    Some((
        excerpt(&name, 200),
        TsaAuthority::new(
            leaf.raw_bytes.clone(),
            intermediates
                .iter()
                .map(|certificate| certificate.raw_bytes.clone())
                .collect(),
            root.raw_bytes.clone(),
            authority.valid_for,
        ),
    ))
}

/// A keyless signature that holds, whoever made it.
pub(crate) struct Keyless {
    pub(crate) identity: Identity,
    /// SHA-256 of the DER `SubjectPublicKeyInfo` of the leaf.
    pub(crate) key: Digest,
    pub(crate) support: Support,
}

fn parse(bundle: &Bundle) -> Result<sigstore_types::Bundle, Failure> {
    sigstore_types::Bundle::from_json(&bundle.normalized).map_err(|error| {
        Failure::Rejected(Rejection::Malformed {
            document: "bundle",
            detail: excerpt(&error.to_string(), 200),
        })
    })
}
