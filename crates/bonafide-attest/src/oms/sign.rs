//! Writing OMS v1.0 bundles, exactly as the specification orders.

use std::ops::Range;

use bonafide_core::{Algorithm, Digest};
use data_encoding::BASE64;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{PREDICATE_TYPE, STATEMENT_TYPE, Serialization, by_component};
use crate::certificate::{Certificate, CertificateError};
use crate::dsse;
use crate::key::{KeyError, KeyKind, SigningKey};

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// OMS v1.0 §6.1: an empty model cannot be signed.
    #[error("there is nothing to sign")]
    NothingToSign,
    /// OMS v1.0 registers sha256, blake2b and blake3.
    #[error("OMS v1.0 has no name for {algorithm}, only for sha256, blake2b-512 and blake3")]
    UnregisteredHash {
        /// What was asked for.
        algorithm: Algorithm,
    },
    /// OMS v1.0 registers P-256, P-384 and P-521.
    #[error(
        "OMS v1.0 registers P-256, P-384 and P-521 keys, not {kind}; other verifiers refuse such a signature"
    )]
    UnregisteredKey {
        /// What the key is.
        kind: KeyKind,
    },
    /// The key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The certificate belongs to another key.
    #[error("the signing certificate \"{subject}\" is for another key than the private key given")]
    CertificateKeyMismatch {
        /// Subject of the certificate.
        subject: String,
    },
    /// The statement could not be written as JSON.
    #[error("statement cannot be written: {detail}")]
    Json {
        /// What the writer says.
        detail: String,
    },
}

/// How closely a signature keeps to the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Conformance {
    /// Only what OMS v1.0 and its algorithm registry allow.
    #[default]
    Specification,
    /// Ed25519 keys as well. bonafide verifies such a signature; the reference
    /// tool refuses it.
    Beyond,
}

/// What goes into `verificationMaterial`.
#[derive(Debug)]
pub enum SignatureMaterial {
    /// The public key's hint.
    Key,
    /// A certificate for the key, and the chain above it without the root.
    Certificate {
        /// For the signing key.
        leaf: Box<Certificate>,
        /// Intermediates; self-signed ones are left out of the bundle.
        chain: Vec<Certificate>,
    },
}

/// A file or shard with its digest, ready to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    /// Name of the file.
    pub path: String,
    /// Its bytes, for shards.
    pub range: Option<Range<u64>>,
    /// Its digest.
    pub digest: Digest,
}

impl Unsigned {
    /// `path`, or `path:start:end` for shards (OMS v1.0 §6.3.2).
    #[must_use]
    pub fn name(&self) -> String {
        match &self.range {
            None => self.path.clone(),
            Some(range) => format!("{}:{}:{}", self.path, range.start, range.end),
        }
    }
}

/// What is about to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    name: String,
    serialization: Serialization,
    hash: &'static str,
    excluded: Vec<String>,
    resources: Vec<Unsigned>,
}

impl Manifest {
    /// Sorts the resources by code point and checks that there are any.
    ///
    /// `name` is the base name of the model (for people; never relied on).
    pub fn new(
        name: String,
        serialization: Serialization,
        algorithm: Algorithm,
        mut excluded: Vec<String>,
        mut resources: Vec<Unsigned>,
    ) -> Result<Self, SignError> {
        if resources.is_empty() {
            return Err(SignError::NothingToSign);
        }
        let hash = match algorithm {
            Algorithm::Sha256 => "sha256",
            Algorithm::Blake2b512 => "blake2b",
            Algorithm::Blake3 => "blake3",
            algorithm => return Err(SignError::UnregisteredHash { algorithm }),
        };
        resources.sort_by_cached_key(Unsigned::name);
        excluded.sort();
        excluded.dedup();
        Ok(Self {
            name,
            serialization,
            hash,
            excluded,
            resources,
        })
    }

    /// The OMS root digest: SHA-256 over the raw digests in listed order (§6.5).
    #[must_use]
    pub fn root(&self) -> Digest {
        root(self.resources.iter())
    }

    /// The root digest that the reference tool computes for the same files: it
    /// orders by path component, and the shards of a file by number. None when that makes no difference.
    #[must_use]
    pub fn root_by_component(&self) -> Option<Digest> {
        let mut resources: Vec<&Unsigned> = self.resources.iter().collect();
        let start = |resource: &Unsigned| resource.range.as_ref().map(|range| range.start);
        resources.sort_by(|left, right| {
            by_component(&left.path, &right.path).then(start(left).cmp(&start(right)))
        });
        let other = root(resources.into_iter());
        (other != self.root()).then_some(other)
    }

    /// Number of resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Never true: an empty manifest cannot be made.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    fn statement(&self) -> Result<Vec<u8>, SignError> {
        let statement = StatementDocument {
            statement_type: STATEMENT_TYPE,
            subject: [SubjectDocument {
                name: &self.name,
                digest: RootDocument {
                    sha256: self.root().hex(),
                },
            }],
            predicate_type: PREDICATE_TYPE,
            predicate: PredicateDocument {
                serialization: SerializationDocument {
                    method: match self.serialization {
                        Serialization::Files => "files",
                        Serialization::Shards { .. } => "shards",
                    },
                    hash_type: self.hash,
                    allow_symlinks: false,
                    shard_size: match self.serialization {
                        Serialization::Files => None,
                        Serialization::Shards { size } => Some(size),
                    },
                    ignore_paths: &self.excluded,
                },
                resources: self
                    .resources
                    .iter()
                    .map(|resource| ResourceDocument {
                        name: resource.name(),
                        algorithm: self.hash,
                        digest: resource.digest.hex(),
                    })
                    .collect(),
            },
        };
        json(&statement)
    }
}

/// Signs a manifest; the bundle is JSON text that ends with a newline.
///
/// Two calls differ only in the randomness of ECDSA; with Ed25519 they do not differ.
///
/// # Errors
///
/// A key that the specification does not register, unless `conformance` lets
/// it; a certificate that is not for the key.
pub fn sign(
    manifest: &Manifest,
    key: &SigningKey,
    material: &SignatureMaterial,
    conformance: Conformance,
) -> Result<Vec<u8>, SignError> {
    match (key.public().kind(), conformance) {
        (KeyKind::EllipticCurve(_), _) | (KeyKind::Ed25519, Conformance::Beyond) => {}
        (kind, _) => return Err(SignError::UnregisteredKey { kind }),
    }
    let payload = manifest.statement()?;
    let message = dsse::pre_authentication_encoding(dsse::PAYLOAD_TYPE, &payload);
    let signature = key.sign(&message)?;
    let bundle = BundleDocument {
        media_type: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verification_material: material_document(key, material)?,
        dsse_envelope: EnvelopeDocument {
            payload: BASE64.encode(&payload),
            payload_type: dsse::PAYLOAD_TYPE,
            signatures: [SignatureDocument {
                sig: BASE64.encode(&signature),
                keyid: "",
            }],
        },
    };
    let mut text = json(&bundle)?;
    text.push(b'\n');
    Ok(text)
}

fn material_document(
    key: &SigningKey,
    material: &SignatureMaterial,
) -> Result<MaterialDocument, SignError> {
    let mut document = MaterialDocument {
        public_key: None,
        x509_certificate_chain: None,
        tlog_entries: [],
    };
    match material {
        SignatureMaterial::Key => {
            document.public_key = Some(HintDocument {
                hint: key.public().hint(),
            });
        }
        SignatureMaterial::Certificate { leaf, chain } => {
            if leaf.public_key()? != *key.public() {
                return Err(SignError::CertificateKeyMismatch {
                    subject: leaf.subject(),
                });
            }
            // sigstore_common.proto, X509CertificateChain: no root, and each once.
            let mut certificates = vec![&**leaf];
            for certificate in chain {
                if !certificate.is_self_signed() && !certificates.contains(&certificate) {
                    certificates.push(certificate);
                }
            }
            document.x509_certificate_chain = Some(ChainDocument {
                certificates: certificates
                    .into_iter()
                    .map(|certificate| CertificateDocument {
                        raw_bytes: BASE64.encode(certificate.der()),
                    })
                    .collect(),
            });
        }
    }
    Ok(document)
}

fn root<'a>(resources: impl Iterator<Item = &'a Unsigned>) -> Digest {
    let mut hasher = Sha256::new();
    resources.for_each(|resource| hasher.update(resource.digest.bytes()));
    Digest::sha256(hasher.finalize().into())
}

fn json<T: Serialize>(document: &T) -> Result<Vec<u8>, SignError> {
    serde_json::to_vec(document).map_err(|error| SignError::Json {
        detail: error.to_string(),
    })
}

#[derive(Serialize)]
struct StatementDocument<'a> {
    #[serde(rename = "_type")]
    statement_type: &'a str,
    subject: [SubjectDocument<'a>; 1],
    #[serde(rename = "predicateType")]
    predicate_type: &'a str,
    predicate: PredicateDocument<'a>,
}

#[derive(Serialize)]
struct SubjectDocument<'a> {
    name: &'a str,
    digest: RootDocument,
}

#[derive(Serialize)]
struct RootDocument {
    sha256: String,
}

#[derive(Serialize)]
struct PredicateDocument<'a> {
    serialization: SerializationDocument<'a>,
    resources: Vec<ResourceDocument<'a>>,
}

#[derive(Serialize)]
struct SerializationDocument<'a> {
    method: &'a str,
    hash_type: &'a str,
    allow_symlinks: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard_size: Option<u64>,
    ignore_paths: &'a [String],
}

#[derive(Serialize)]
struct ResourceDocument<'a> {
    name: String,
    algorithm: &'a str,
    digest: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BundleDocument {
    media_type: &'static str,
    verification_material: MaterialDocument,
    dsse_envelope: EnvelopeDocument,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MaterialDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<HintDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x509_certificate_chain: Option<ChainDocument>,
    tlog_entries: [(); 0],
}

#[derive(Serialize)]
struct HintDocument {
    hint: String,
}

#[derive(Serialize)]
struct ChainDocument {
    certificates: Vec<CertificateDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateDocument {
    raw_bytes: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EnvelopeDocument {
    payload: String,
    payload_type: &'static str,
    signatures: [SignatureDocument; 1],
}

#[derive(Serialize)]
struct SignatureDocument {
    sig: String,
    keyid: &'static str,
}
