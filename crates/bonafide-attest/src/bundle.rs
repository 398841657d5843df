//! Sigstore bundles as JSON: what OMS, Sigstore and in-toto signatures travel in.
//!
//! Read strictly: an unknown or repeated field outside the signed payload is
//! refused, because nobody could say who put it there. `serde`'s derived
//! readers refuse repeated fields by themselves. Every list has an end, so that
//! no bundle can ask for more work than its limits allow.
//!
//! What is handed on to the Sigstore library is written anew from what was read
//! here ([`Bundle::normalized`]): there is one reading of a bundle, ours.

use std::fmt;

use bonafide_core::{Algorithm, Digest};
use data_encoding::BASE64;
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::dsse;
use crate::object::{Few, Object};
use crate::rejection::{Rejection, excerpt};

/// Media types that a Sigstore bundle may carry (sigstore_bundle.proto, `media_type`).
const MEDIA_TYPES: [(&str, BundleVersion); 4] = [
    (
        "application/vnd.dev.sigstore.bundle.v0.3+json",
        BundleVersion::V03,
    ),
    (
        "application/vnd.dev.sigstore.bundle+json;version=0.3",
        BundleVersion::V03,
    ),
    (
        "application/vnd.dev.sigstore.bundle+json;version=0.2",
        BundleVersion::V02,
    ),
    (
        "application/vnd.dev.sigstore.bundle+json;version=0.1",
        BundleVersion::V01,
    ),
];

/// Most certificates in a chain: twice the longest path.
const MOST_CERTIFICATES: usize = 2 * crate::path::MAX_DEPTH;

/// Most transparency-log entries, as other Sigstore clients limit them.
const MOST_LOG_ENTRIES: usize = 32;

/// Most RFC 3161 timestamps, likewise.
const MOST_TIMESTAMPS: usize = 32;

/// Most hashes of an inclusion proof: a tree of 2^64 leaves needs 64, and one
/// more where the proof crosses its right edge.
const MOST_PROOF_HASHES: usize = 65;

/// Most signatures that are counted before a bundle is refused for having more than one.
const MOST_SIGNATURES: usize = 16;

/// Version of the bundle format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BundleVersion {
    V01,
    V02,
    V03,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct BundleDocument {
    media_type: String,
    verification_material: Object<MaterialDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dsse_envelope: Option<Object<EnvelopeDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_signature: Option<Object<MessageDocument>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct MaterialDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<Object<PublicKeyDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x509_certificate_chain: Option<Object<ChainDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Object<CertificateDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tlog_entries: Option<Few<Object<LogEntryDocument>, MOST_LOG_ENTRIES>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp_verification_data: Option<Object<TimestampsDocument>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PublicKeyDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing)]
    raw_bytes: Option<String>,
    #[serde(skip_serializing)]
    key_details: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ChainDocument {
    certificates: Few<Object<CertificateDocument>, MOST_CERTIFICATES>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CertificateDocument {
    raw_bytes: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LogEntryDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    log_index: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_id: Option<Object<LogIdDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind_version: Option<Object<KindVersionDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    integrated_time: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inclusion_promise: Option<Object<PromiseDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inclusion_proof: Option<Object<ProofDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonicalized_body: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LogIdDocument {
    key_id: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct KindVersionDocument {
    kind: String,
    version: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PromiseDocument {
    signed_entry_timestamp: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ProofDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    log_index: Option<Decimal>,
    root_hash: String,
    tree_size: Decimal,
    #[serde(default = "Few::none")]
    hashes: Few<String, MOST_PROOF_HASHES>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<Object<CheckpointDocument>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CheckpointDocument {
    envelope: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TimestampsDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    rfc3161_timestamps: Option<Few<Object<TimestampDocument>, MOST_TIMESTAMPS>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TimestampDocument {
    signed_timestamp: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EnvelopeDocument {
    payload: String,
    payload_type: String,
    signatures: Few<Object<SignatureDocument>, MOST_SIGNATURES>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SignatureDocument {
    sig: String,
    /// Absent, empty or null (OMS v1.0 §4.1); never used, because it is not signed.
    #[serde(rename = "keyid", skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct MessageDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_digest: Option<Object<MessageDigestDocument>>,
    signature: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct MessageDigestDocument {
    algorithm: String,
    digest: String,
}

/// A 64-bit integer as ProtoJSON writes it: digits in a string, or a number.
/// None of the fields it is used for may be negative.
struct Decimal(u64);

impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Decimal;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a non-negative 64-bit integer")
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Decimal, E> {
                // ProtoJSON of an int64: the sign bit has to stay free.
                i64::try_from(value)
                    .map(|_| Decimal(value))
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decimal, E> {
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                match text.parse::<i64>() {
                    Ok(value) if digits => Ok(Decimal(value.unsigned_abs())),
                    _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Digits)
    }
}

/// A bundle whose shape is right. Nothing in it is proven yet.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) version: BundleVersion,
    pub(crate) material: Material,
    pub(crate) content: SignedContent,
    pub(crate) log_entries: Vec<LogEntry>,
    /// RFC 3161 responses in DER, as they stand in the bundle.
    pub(crate) timestamps: Vec<Vec<u8>>,
    /// The same bundle, as we read it, for the Sigstore library.
    pub(crate) normalized: String,
}

#[derive(Debug)]
pub(crate) enum Material {
    Key(KeyMaterial),
    /// DER certificates, in the order of the bundle; never empty.
    Chain(Vec<Vec<u8>>),
    /// The one DER certificate of a keyless signature.
    Certificate(Vec<u8>),
}

#[derive(Debug)]
pub(crate) struct KeyMaterial {
    /// None when absent or empty.
    pub(crate) hint: Option<String>,
    /// The key of bundles made before release 1.1.0.
    pub(crate) embedded: Option<Vec<u8>>,
    pub(crate) key_details: Option<String>,
}

/// What a bundle signs.
#[derive(Debug)]
pub(crate) enum SignedContent {
    Envelope(Envelope),
    Message {
        /// Absent in some bundles; not authenticated by itself.
        digest: Option<Digest>,
        signature: Vec<u8>,
    },
}

#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// What we need to know of a log entry beyond what the library checks.
#[derive(Debug)]
pub(crate) struct LogEntry {
    pub(crate) has_proof: bool,
    /// The entry as it was logged (JSON), if present.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) index: Option<u64>,
    /// When the log took it, in seconds; authenticated only with `has_time`.
    pub(crate) integrated_time: Option<u64>,
    /// Rekor version 1, with a promise: index and time are signed. Version 2 has no
    /// time, and its index is not.
    pub(crate) has_time: bool,
}

impl Bundle {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Rejection> {
        let Object(document): Object<BundleDocument> =
            serde_json::from_slice(bytes).map_err(|error| Rejection::Malformed {
                document: "bundle",
                detail: excerpt(&error.to_string(), 200),
            })?;
        let version = MEDIA_TYPES
            .iter()
            .find(|(name, _)| *name == document.media_type)
            .map(|(_, version)| *version)
            .ok_or_else(|| Rejection::MediaType {
                found: excerpt(&document.media_type, 100),
            })?;
        let content = match (&document.dsse_envelope, &document.message_signature) {
            (Some(Object(envelope)), None) => SignedContent::Envelope(open(envelope)?),
            (None, Some(Object(message))) => SignedContent::Message {
                digest: message_digest(message)?,
                signature: decode("messageSignature.signature", &message.signature)?,
            },
            (None, None) => return Err(Rejection::Content { found: 0 }),
            (Some(_), Some(_)) => return Err(Rejection::Content { found: 2 }),
        };
        let Object(verification) = &document.verification_material;
        let timestamps = verification
            .timestamp_verification_data
            .as_ref()
            .and_then(|Object(data)| data.rfc3161_timestamps.as_ref())
            .map_or(&[][..], |stamps| stamps.0.as_slice())
            .iter()
            .map(|Object(stamp)| decode("signedTimestamp", &stamp.signed_timestamp))
            .collect::<Result<_, _>>()?;
        let log_entries = verification
            .tlog_entries
            .as_ref()
            .map_or(&[][..], |entries| entries.0.as_slice())
            .iter()
            .map(|Object(entry)| log_entry(entry))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            version,
            material: material(verification)?,
            content,
            log_entries,
            timestamps,
            normalized: serde_json::to_string(&document).map_err(|error| Rejection::Malformed {
                document: "bundle",
                detail: excerpt(&error.to_string(), 200),
            })?,
        })
    }
}

fn log_entry(document: &LogEntryDocument) -> Result<LogEntry, Rejection> {
    let kind = document.kind_version.as_ref();
    if let Some(Object(log)) = &document.log_id {
        decode("logId.keyId", &log.key_id)?;
    }
    if let Some(Object(promise)) = &document.inclusion_promise {
        decode("signedEntryTimestamp", &promise.signed_entry_timestamp)?;
    }
    if let Some(Object(proof)) = &document.inclusion_proof {
        decode("inclusionProof.rootHash", &proof.root_hash)?;
        for hash in &proof.hashes.0 {
            decode("inclusionProof.hashes", hash)?;
        }
    }
    Ok(LogEntry {
        has_proof: document.inclusion_proof.is_some(),
        body: document
            .canonicalized_body
            .as_ref()
            .map(|body| decode("canonicalizedBody", body))
            .transpose()?,
        index: document.log_index.as_ref().map(|index| index.0),
        integrated_time: document.integrated_time.as_ref().map(|time| time.0),
        has_time: document.inclusion_promise.is_some()
            && kind.is_some_and(|Object(kind)| {
                matches!(
                    (kind.kind.as_str(), kind.version.as_str()),
                    ("hashedrekord" | "dsse", "0.0.1") | ("intoto", "0.0.2")
                )
            }),
    })
}

/// Names of hash functions in `messageDigest` (sigstore_common.proto, `HashAlgorithm`).
const MESSAGE_HASHES: [(&str, Algorithm); 3] = [
    ("SHA2_256", Algorithm::Sha256),
    ("SHA2_384", Algorithm::Sha384),
    ("SHA2_512", Algorithm::Sha512),
];

fn message_digest(document: &MessageDocument) -> Result<Option<Digest>, Rejection> {
    let Some(Object(digest)) = &document.message_digest else {
        return Ok(None);
    };
    let algorithm = MESSAGE_HASHES
        .iter()
        .find(|(name, _)| *name == digest.algorithm)
        .map(|(_, algorithm)| *algorithm)
        .ok_or_else(|| Rejection::MessageDigest {
            detail: format!("unknown hash `{}`", excerpt(&digest.algorithm, 60)),
        })?;
    let bytes = decode("messageDigest.digest", &digest.digest)?;
    Digest::new(algorithm, &bytes)
        .map(Some)
        .map_err(|error| Rejection::MessageDigest {
            detail: error.to_string(),
        })
}

/// OMS v1.0 §4.1 and §11.1: exactly one of the three, and it says which method was used.
fn material(document: &MaterialDocument) -> Result<Material, Rejection> {
    match (
        &document.public_key,
        &document.x509_certificate_chain,
        &document.certificate,
    ) {
        (Some(Object(key)), None, None) => {
            check_hint("hint", key.hint.as_ref())?;
            check_hint("keyDetails", key.key_details.as_ref())?;
            Ok(Material::Key(KeyMaterial {
                hint: key.hint.clone().filter(|hint| !hint.is_empty()),
                embedded: key
                    .raw_bytes
                    .as_ref()
                    .filter(|bytes| !bytes.is_empty())
                    .map(|bytes| decode("publicKey.rawBytes", bytes))
                    .transpose()?,
                key_details: key.key_details.clone(),
            }))
        }
        (None, Some(Object(chain)), None) => {
            if chain.certificates.0.is_empty() {
                return Err(Rejection::Material { found: 0 });
            }
            chain
                .certificates
                .0
                .iter()
                .map(|Object(certificate)| decode("certificates.rawBytes", &certificate.raw_bytes))
                .collect::<Result<_, _>>()
                .map(Material::Chain)
        }
        (None, None, Some(Object(certificate))) => {
            decode("certificate.rawBytes", &certificate.raw_bytes).map(Material::Certificate)
        }
        (key, chain, certificate) => Err(Rejection::Material {
            found: usize::from(key.is_some())
                + usize::from(chain.is_some())
                + usize::from(certificate.is_some()),
        }),
    }
}

/// Longest hint or key identifier in bytes: nobody signs them, so there must be no
/// room in them for anything else.
pub(crate) const MOST_HINT: usize = 256;

fn check_hint(field: &'static str, hint: Option<&String>) -> Result<(), Rejection> {
    match hint {
        Some(hint) if hint.len() > MOST_HINT => Err(Rejection::Malformed {
            document: "bundle",
            detail: format!("`{field}` has {} bytes, more than {MOST_HINT}", hint.len()),
        }),
        _ => Ok(()),
    }
}

fn open(document: &EnvelopeDocument) -> Result<Envelope, Rejection> {
    // OMS v1.0 §8.2: the type is part of what is signed, so it is checked, not assumed.
    if document.payload_type != dsse::PAYLOAD_TYPE {
        return Err(Rejection::PayloadType {
            found: excerpt(&document.payload_type, 100),
        });
    }
    // sigstore_bundle.proto: "MUST have exactly one signature".
    let [Object(signature)] = document.signatures.0.as_slice() else {
        return Err(Rejection::SignatureCount {
            found: document.signatures.0.len(),
        });
    };
    check_hint("keyid", signature.key_id.as_ref())?;
    Ok(Envelope {
        payload: decode("dsseEnvelope.payload", &document.payload)?,
        signature: decode("dsseEnvelope.signatures.sig", &signature.sig)?,
    })
}

/// Canonical base64 only: stray bits or characters could make two files out of one signature.
fn decode(field: &'static str, text: &str) -> Result<Vec<u8>, Rejection> {
    BASE64
        .decode(text.as_bytes())
        .map_err(|_| Rejection::Base64 { field })
}
