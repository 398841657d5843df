//! Sigstore bundles as JSON: the envelope that OMS signatures travel in.
//!
//! Read strictly: an unknown or repeated field outside the signed payload is
//! refused, because nobody could say who put it there. `serde`'s derived
//! readers refuse repeated fields by themselves.

use std::fmt;

use data_encoding::BASE64;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::dsse;
use crate::object::{Few, Object};
use crate::rejection::{Rejection, excerpt};

/// Media types that a Sigstore bundle may carry (sigstore_bundle.proto, `media_type`).
const MEDIA_TYPES: [&str; 4] = [
    "application/vnd.dev.sigstore.bundle.v0.3+json",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
];

/// Most certificates in a chain: twice the longest path.
const MOST_CERTIFICATES: usize = 2 * crate::path::MAX_DEPTH;

/// Most signatures that are counted before a bundle is refused for having more than one.
const MOST_SIGNATURES: usize = 16;

/// How a signature was made, as its shape tells before anything is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// OMS v1.0 with a public key.
    OmsKey,
    /// OMS v1.0 with a certificate chain.
    OmsCertificate,
    /// OMS v1.0 with a Fulcio certificate and a transparency log.
    OmsSigstore,
    /// A Sigstore bundle over a blob.
    SigstoreMessage,
}

impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OmsKey => "OMS v1.0, method key",
            Self::OmsCertificate => "OMS v1.0, method certificate",
            Self::OmsSigstore => "OMS v1.0, method sigstore",
            Self::SigstoreMessage => "Sigstore bundle, message signature",
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct BundleDocument {
    media_type: String,
    verification_material: Object<MaterialDocument>,
    dsse_envelope: Option<Object<EnvelopeDocument>>,
    message_signature: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct MaterialDocument {
    public_key: Option<Object<PublicKeyDocument>>,
    x509_certificate_chain: Option<Object<ChainDocument>>,
    certificate: Option<IgnoredAny>,
    tlog_entries: Option<Vec<IgnoredAny>>,
    timestamp_verification_data: Option<Object<TimestampsDocument>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PublicKeyDocument {
    hint: Option<String>,
    raw_bytes: Option<String>,
    key_details: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChainDocument {
    certificates: Few<Object<CertificateDocument>, MOST_CERTIFICATES>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CertificateDocument {
    raw_bytes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TimestampsDocument {
    rfc3161_timestamps: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EnvelopeDocument {
    payload: String,
    payload_type: String,
    signatures: Few<Object<SignatureDocument>, MOST_SIGNATURES>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureDocument {
    sig: String,
    /// Absent, empty or null (OMS v1.0 §4.1); never used, because it is not signed.
    #[serde(rename = "keyid")]
    _key_id: Option<String>,
}

/// A bundle whose shape is right. Nothing in it is proven yet.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) material: Material,
    /// Present unless the bundle signs a blob.
    pub(crate) envelope: Option<Envelope>,
    pub(crate) log_entries: usize,
    pub(crate) timestamps: usize,
}

#[derive(Debug)]
pub(crate) enum Material {
    Key(KeyMaterial),
    /// DER certificates, in the order of the bundle; never empty.
    Chain(Vec<Vec<u8>>),
    Fulcio,
}

#[derive(Debug)]
pub(crate) struct KeyMaterial {
    /// None when absent or empty.
    pub(crate) hint: Option<String>,
    /// The key of bundles made before release 1.1.0.
    pub(crate) embedded: Option<Vec<u8>>,
    pub(crate) key_details: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Bundle {
    pub(crate) fn scheme(&self) -> Scheme {
        match (&self.envelope, &self.material) {
            (None, _) => Scheme::SigstoreMessage,
            (Some(_), Material::Key(_)) => Scheme::OmsKey,
            (Some(_), Material::Chain(_)) => Scheme::OmsCertificate,
            (Some(_), Material::Fulcio) => Scheme::OmsSigstore,
        }
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Rejection> {
        let Object(document): Object<BundleDocument> =
            serde_json::from_slice(bytes).map_err(|error| Rejection::Malformed {
                document: "bundle",
                detail: excerpt(&error.to_string(), 200),
            })?;
        let Object(material_document) = document.verification_material;
        if !MEDIA_TYPES.contains(&document.media_type.as_str()) {
            return Err(Rejection::MediaType {
                found: excerpt(&document.media_type, 100),
            });
        }
        let log_entries = material_document.tlog_entries.as_ref().map_or(0, Vec::len);
        let timestamps = material_document
            .timestamp_verification_data
            .as_ref()
            .and_then(|Object(data)| data.rfc3161_timestamps.as_ref())
            .map_or(0, Vec::len);
        let material = material(material_document)?;
        let envelope = match (document.dsse_envelope, document.message_signature) {
            (Some(Object(envelope)), None) => Some(open(envelope)?),
            (None, Some(_)) => None,
            (None, None) => return Err(Rejection::Content { found: 0 }),
            (Some(_), Some(_)) => return Err(Rejection::Content { found: 2 }),
        };
        Ok(Self {
            material,
            envelope,
            log_entries,
            timestamps,
        })
    }
}

/// OMS v1.0 §4.1 and §11.1: exactly one of the three, and it says which method was used.
fn material(document: MaterialDocument) -> Result<Material, Rejection> {
    match (
        document.public_key,
        document.x509_certificate_chain,
        document.certificate,
    ) {
        (Some(Object(key)), None, None) => Ok(Material::Key(KeyMaterial {
            hint: key.hint.filter(|hint| !hint.is_empty()),
            embedded: key
                .raw_bytes
                .filter(|bytes| !bytes.is_empty())
                .map(|bytes| decode("publicKey.rawBytes", &bytes))
                .transpose()?,
            key_details: key.key_details,
        })),
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
        (None, None, Some(_)) => Ok(Material::Fulcio),
        (key, chain, certificate) => Err(Rejection::Material {
            found: usize::from(key.is_some())
                + usize::from(chain.is_some())
                + usize::from(certificate.is_some()),
        }),
    }
}

fn open(document: EnvelopeDocument) -> Result<Envelope, Rejection> {
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
