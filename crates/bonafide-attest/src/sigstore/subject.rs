//! What a bundle is about: the digest that the library is to hold it against.

use bonafide_core::{Algorithm, Digest};
use serde::Deserialize;
use sigstore_types::{Artifact, ArtifactDigest, DerPublicKey, HashAlgorithm, SignatureBytes};
use sigstore_verify::crypto::KeyAlgorithm;

use super::Failure;
use crate::bundle::{Bundle, SignedContent};
use crate::rejection::{Rejection, excerpt};

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

/// The digest that the bundle is about, as it says itself. That the signature is
/// over it is checked by the library; that it is the digest of a file, by whoever
/// binds the result to the artifact.
pub(super) fn artifact(bundle: &Bundle) -> Result<Artifact<'static>, Failure> {
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
pub(super) const fn hash_algorithm(digest: &Digest) -> HashAlgorithm {
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
pub(super) fn first_subject(payload: &[u8]) -> Option<Digest> {
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
