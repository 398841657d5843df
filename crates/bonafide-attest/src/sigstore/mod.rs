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

mod failure;

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use bonafide_core::{Algorithm, Digest};
use jiff::Timestamp;
use serde::Deserialize;
use sigstore_trust_root::{TrustedRoot, TsaAuthority};
use sigstore_types::{
    Artifact, ArtifactDigest, DerPublicKey, HashAlgorithm, KindVersion, SignatureBytes,
    TimestampToken,
};
use sigstore_verify::crypto::KeyAlgorithm;
use sigstore_verify::{
    Policy, PublicKeyVerificationPolicy, VerificationPolicy, VerificationResult, Verifier,
};

pub(crate) use failure::Failure;

use crate::bundle::{Bundle, SignedContent};
use crate::certificate::Certificate;
use crate::identity::{Claim, Identity};
use crate::key::sha256;
use crate::path;
use crate::rejection::{Rejection, Untrusted, excerpt};
use crate::time::{TimeSource, TrustedTime};
use crate::trust::LeafPurpose;
use crate::trusted_root::{self, EMBEDDED_TRUSTED_ROOT, TrustedRootError};
use crate::verified::{LogEvidence, Support};

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
                authorities: authorities(&root),
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
        let mut logs = self.inner.root.tlogs.iter();
        let out_of_use = logs.any(|log| {
            let id = log.log_id.key_id.as_bytes();
            let mut hints = bundle
                .log_entries
                .iter()
                .flat_map(|entry| &entry.checkpoint_hints);
            hints.any(|hint| id.starts_with(hint)) && !in_use(log)
        });
        if !out_of_use {
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

fn authorities(root: &TrustedRoot) -> Vec<Certificate> {
    root.certificate_authorities
        .iter()
        .flat_map(|authority| &authority.cert_chain.certificates)
        .filter_map(|entry| Certificate::from_der(entry.raw_bytes.as_bytes()).ok())
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

/// True when a plain key made the signature over the digest that the bundle names.
pub(crate) fn message_by_key(bundle: &Bundle, key: &[u8]) -> Result<(), Failure> {
    let unusable = |error: sigstore_verify::crypto::Error| {
        Failure::Rejected(Rejection::UnsupportedContent {
            detail: excerpt(&error.to_string(), 200),
        })
    };
    let SignedContent::Message { signature, .. } = &bundle.content else {
        return Err(Failure::Rejected(Rejection::Content { found: 0 }));
    };
    let key = DerPublicKey::from_bytes(key);
    let algorithm = KeyAlgorithm::from_spki(&key).map_err(unusable)?;
    let digest = message_digest(bundle)?;
    let scheme = algorithm
        .resolve_signing_scheme(hash_algorithm(&digest))
        .map_err(unusable)?;
    sigstore_verify::crypto::verify_signature_prehashed(
        &key,
        digest.bytes(),
        &SignatureBytes::from_bytes(signature),
        scheme,
    )
    .map_err(|_| {
        Failure::Rejected(Rejection::SignatureInvalid {
            key: "the trusted key".to_owned(),
        })
    })
}

/// A keyless signature that holds, whoever made it.
pub(crate) struct Keyless {
    pub(crate) identity: Identity,
    /// SHA-256 of the DER `SubjectPublicKeyInfo` of the leaf.
    pub(crate) key: Digest,
    pub(crate) support: Support,
}

/// Seconds by which clocks may differ.
const CLOCK_SKEW: i64 = 60;

/// Nothing is signed in the future.
fn check_clock(times: &[Timestamp], now: Timestamp) -> Result<(), Failure> {
    let latest = now.as_second().saturating_add(CLOCK_SKEW);
    match times.iter().find(|time| time.as_second() > latest) {
        Some(time) => Err(Failure::Rejected(Rejection::Timestamp {
            detail: format!("signed at {time}, which is after {now}"),
        })),
        None => Ok(()),
    }
}

/// A log of version 1 writes the size of its tree twice, and signs it only in the
/// checkpoint. Neighbouring sizes can share the path of an entry, so a proof that
/// holds does not show that the other number is true. (Of version 2 the library takes
/// the signed one, and index and root with it.)
fn check_tree_sizes(parsed: &sigstore_types::Bundle) -> Result<(), Failure> {
    let entries = &parsed.verification_material.tlog_entries;
    let contradicts = |proof: &sigstore_types::bundle::InclusionProof| {
        let checkpoint = proof.checkpoint.checkpoint()?;
        let (said, signed) = (proof.tree_size, checkpoint.tree_size());
        (said != signed).then_some((said, signed))
    };
    let found = entries
        .iter()
        .filter(|entry| entry.kind_version != KindVersion::HashedRekordV002)
        .filter_map(|entry| entry.inclusion_proof.as_ref())
        .find_map(contradicts);
    match found {
        Some((said, signed)) => Err(Failure::Rejected(Rejection::InclusionProof {
            detail: format!("it is for a tree of {said}, but the log signed a tree of {signed}"),
        })),
        None => Ok(()),
    }
}

/// What the library would let pass: an entry without proof, or no entry at all.
fn demand_log(bundle: &Bundle, demand: LogDemand) -> Result<(), Failure> {
    if bundle.log_entries.is_empty() {
        return Err(Failure::Rejected(Rejection::NoLogEntry));
    }
    let without = bundle.log_entries.iter().position(|entry| !entry.has_proof);
    match (without, demand) {
        (Some(index), LogDemand::InclusionProof) => {
            Err(Failure::Rejected(Rejection::NoInclusionProof {
                entry: index + 1,
            }))
        }
        _ => Ok(()),
    }
}

fn parse(bundle: &Bundle) -> Result<sigstore_types::Bundle, Failure> {
    sigstore_types::Bundle::from_json(&bundle.normalized).map_err(|error| {
        Failure::Rejected(Rejection::Malformed {
            document: "bundle",
            detail: excerpt(&error.to_string(), 200),
        })
    })
}

/// The digest that the bundle is about, as it says itself. That the signature is
/// over it is checked by the library; that it is the digest of a file, by whoever
/// binds the result to the artifact.
fn artifact(bundle: &Bundle) -> Result<Artifact<'static>, Failure> {
    let digest = match &bundle.content {
        SignedContent::Message { .. } => Some(message_digest(bundle)?),
        SignedContent::Envelope(envelope) => first_subject(&envelope.payload),
    };
    let digest = digest.ok_or_else(|| {
        Failure::Rejected(Rejection::Subject {
            detail: "no subject has a sha256 or sha512 digest".to_owned(),
        })
    })?;
    ArtifactDigest::new(hash_algorithm(&digest), digest.bytes().to_vec())
        .map(Artifact::from)
        .map_err(|error| {
            Failure::Rejected(Rejection::MessageDigest {
                detail: excerpt(&error.to_string(), 200),
            })
        })
}

/// The three algorithms that bundles name; nothing else gets here.
const fn hash_algorithm(digest: &Digest) -> HashAlgorithm {
    match digest.algorithm() {
        Algorithm::Sha384 => HashAlgorithm::Sha2384,
        Algorithm::Sha512 => HashAlgorithm::Sha2512,
        _ => HashAlgorithm::Sha2256,
    }
}

/// The digest of the blob: from the bundle, or else from its log entry.
pub(crate) fn message_digest(bundle: &Bundle) -> Result<Digest, Failure> {
    #[derive(Deserialize)]
    struct Body {
        spec: Spec,
    }
    #[derive(Deserialize)]
    struct Spec {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        hash: Hash,
    }
    #[derive(Deserialize)]
    struct Hash {
        algorithm: String,
        value: String,
    }
    if let SignedContent::Message {
        digest: Some(digest),
        ..
    } = &bundle.content
    {
        return Ok(*digest);
    }
    bundle
        .log_entries
        .iter()
        .filter_map(|entry| entry.body.as_deref())
        .filter_map(|body| serde_json::from_slice::<Body>(body).ok())
        .find_map(|body| {
            let algorithm: Algorithm = body.spec.data.hash.algorithm.parse().ok()?;
            let known = matches!(
                algorithm,
                Algorithm::Sha256 | Algorithm::Sha384 | Algorithm::Sha512
            );
            known.then(|| Digest::from_hex(algorithm, &body.spec.data.hash.value).ok())?
        })
        .ok_or_else(|| {
            Failure::Rejected(Rejection::MessageDigest {
                detail: "neither the bundle nor a log entry names one".to_owned(),
            })
        })
}

/// The library wants one digest that the statement names; which does not matter,
/// because subjects are bound to files later, all of them.
fn first_subject(payload: &[u8]) -> Option<Digest> {
    #[derive(Deserialize)]
    struct Statement {
        subject: Vec<Subject>,
    }
    #[derive(Deserialize)]
    struct Subject {
        #[serde(default)]
        digest: Digests,
    }
    #[derive(Deserialize, Default)]
    struct Digests {
        sha256: Option<String>,
        sha512: Option<String>,
    }
    let statement: Statement = serde_json::from_slice(payload).ok()?;
    statement.subject.iter().find_map(|subject| {
        let of = |algorithm, hex: &Option<String>| {
            Digest::from_hex(algorithm, hex.as_deref().unwrap_or_default()).ok()
        };
        of(Algorithm::Sha256, &subject.digest.sha256)
            .or_else(|| of(Algorithm::Sha512, &subject.digest.sha512))
    })
}

/// Who vouches for the times in a bundle; where both do, the authority, whose time
/// the library looks at as well.
fn time_source(bundle: &Bundle) -> TimeSource {
    if bundle.timestamps.is_empty() {
        TimeSource::TransparencyLog
    } else {
        TimeSource::TimestampAuthority {
            name: "timestamp authority of the trusted root".to_owned(),
        }
    }
}

/// Times and places that were authenticated, and nothing else.
fn support(bundle: &Bundle, result: &VerificationResult) -> Support {
    let logged = |time: &Timestamp| {
        let mut entries = bundle.log_entries.iter().filter(|entry| entry.has_time);
        let seconds = u64::try_from(time.as_second()).ok();
        entries.any(|entry| entry.integrated_time.is_some() && entry.integrated_time == seconds)
    };
    let mut times: Vec<TrustedTime> = result
        .verified_timestamps()
        .iter()
        .map(|time| TrustedTime {
            time: *time,
            source: if logged(time) {
                TimeSource::TransparencyLog
            } else {
                time_source(bundle)
            },
        })
        .collect();
    times.sort_by_key(|time| time.time);
    times.dedup();
    let log = result.tlog_verified().then(|| {
        // An entry that stands there twice proves nothing twice.
        let bodies: HashSet<_> = bundle
            .log_entries
            .iter()
            .map(|entry| entry.body.as_deref())
            .collect();
        let indices: BTreeSet<u64> = bundle
            .log_entries
            .iter()
            .filter(|entry| entry.has_time)
            .filter_map(|entry| entry.index)
            .collect();
        LogEvidence {
            entries: bodies.len(),
            indices: indices.into_iter().collect(),
        }
    });
    Support {
        times,
        log: log.filter(|log| log.entries > 0),
    }
}

fn claims(found: &sigstore_verify::crypto::FulcioCiClaims) -> Vec<(Claim, String)> {
    let old = &found.deprecated_github;
    Claim::ALL
        .into_iter()
        .filter_map(|claim| {
            let value = match claim {
                Claim::BuildSignerUri => found.build_signer_uri.as_ref(),
                Claim::BuildSignerDigest => found.build_signer_digest.as_ref(),
                Claim::RunnerEnvironment => found.runner_environment.as_ref(),
                Claim::SourceRepository => found.source_repository_uri.as_ref(),
                // The three old extensions that hold the same values as their successors.
                Claim::SourceDigest => found
                    .source_repository_digest
                    .as_ref()
                    .or(old.workflow_sha.as_ref()),
                Claim::SourceRef => found
                    .source_repository_ref
                    .as_ref()
                    .or(old.workflow_ref.as_ref()),
                Claim::Trigger => found
                    .build_trigger
                    .as_ref()
                    .or(old.workflow_trigger.as_ref()),
                Claim::SourceRepositoryId => found.source_repository_identifier.as_ref(),
                Claim::SourceOwner => found.source_repository_owner_uri.as_ref(),
                Claim::SourceOwnerId => found.source_repository_owner_identifier.as_ref(),
                Claim::Workflow => found.build_config_uri.as_ref(),
                Claim::WorkflowDigest => found.build_config_digest.as_ref(),
                Claim::RunInvocation => found.run_invocation_uri.as_ref(),
                Claim::SourceVisibility => found.source_repository_visibility_at_signing.as_ref(),
                Claim::DeploymentEnvironment => found.deployment_environment.as_ref(),
            };
            Some((claim, value?.clone()))
        })
        .collect()
}
