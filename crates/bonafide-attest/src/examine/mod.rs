//! One signature file, from bytes to conclusions.
//!
//! The order is that of OMS v1.0 §8, for every scheme: shape, then signature and
//! signer, and only then the statement. Nothing of a statement is used before its
//! signature has been verified under a trusted signer.

mod by_certificate;
mod by_identity;
mod by_key;
mod document;
mod envelope;

use std::fmt;

use bonafide_core::{Claimed, Digest};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::bundle::{Bundle, BundleVersion, Envelope, Material, SignedContent};
use crate::content::{Content, Format, Method, Scheme};
use crate::deny_list::Denial;
use crate::envelope::Document;
use crate::key::KeyKind;
use crate::oms;
use crate::path::CertificateDefect;
use crate::rejection::{Category, Rejection, Unsupported, Untrusted};
use crate::sigstore;
use crate::statement::Statement;
use crate::trust::TrustStore;
use crate::verified::{Signer, Support, Verified};

/// Everything that one signature shows.
#[derive(Debug, Clone)]
pub struct Examination {
    /// How it was made; none when its shape does not tell.
    pub scheme: Option<Scheme>,
    /// Line of the file, where a file holds several signatures, one a line.
    pub line: Option<usize>,
    /// Who is said to have signed, in words; proven only with [`Conclusion::Verified`].
    pub claimed_signer: Option<Claimed<String>>,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// What is unusual about the signer's certificate.
    pub cautions: Vec<Caution>,
    /// Signatures beside the verified ones that nobody whom we trust has made. They do
    /// no harm to what is verified, but what they hold may be anything.
    pub strangers: usize,
}

/// What a signature comes to.
#[derive(Debug, Clone)]
pub enum Conclusion {
    /// Valid, by a trusted signer.
    Verified(Box<Verified<Content>>),
    /// Nobody whom we trust.
    Untrusted(Untrusted),
    /// By a trusted authority, with a certificate that does not hold.
    CertificateNotValid(CertificateDefect),
    /// Valid, by somebody or with something that a deny-list names.
    Denied(Denial),
    /// Wrong or malformed.
    Rejected(Rejection),
    /// Not checked at all, which is never a pass.
    Unsupported(Unsupported),
}

impl Conclusion {
    /// What part of the signature keeps it from being verified.
    #[must_use]
    pub const fn category(&self) -> Option<Category> {
        match self {
            Self::Verified(_) => None,
            Self::Untrusted(reason) => Some(reason.category()),
            Self::CertificateNotValid(_) => Some(Category::Certificate),
            Self::Denied(_) => Some(Category::Denied),
            Self::Rejected(rejection) => Some(rejection.category()),
            Self::Unsupported(_) => Some(Category::Unsupported),
        }
    }
}

impl fmt::Display for Conclusion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verified(_) => formatter.write_str("verified"),
            Self::Untrusted(reason) => reason.fmt(formatter),
            Self::CertificateNotValid(defect) => defect.fmt(formatter),
            Self::Denied(denial) => denial.fmt(formatter),
            Self::Rejected(rejection) => rejection.fmt(formatter),
            Self::Unsupported(reason) => reason.fmt(formatter),
        }
    }
}

/// Something unusual about a certificate that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caution {
    /// The leaf may issue certificates itself (`CA:TRUE`), as in the official test vectors.
    AuthorityLeaf {
        /// Its subject.
        subject: String,
    },
    /// The leaf names no extended key usage: nothing limits it to code signing.
    Unrestricted {
        /// Its subject.
        subject: String,
    },
}

impl fmt::Display for Caution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthorityLeaf { subject } => write!(
                formatter,
                "signing certificate \"{subject}\" is itself a certificate authority"
            ),
            Self::Unrestricted { subject } => write!(
                formatter,
                "signing certificate \"{subject}\" has no extended key usage"
            ),
        }
    }
}

impl Examination {
    fn new(scheme: Option<Scheme>, line: Option<usize>) -> Self {
        Self {
            scheme,
            line,
            claimed_signer: None,
            // Never seen: whoever makes one concludes it.
            conclusion: Conclusion::Rejected(Rejection::Content { found: 0 }),
            cautions: Vec::new(),
            strangers: 0,
        }
    }

    fn rejected(line: Option<usize>, rejection: Rejection) -> Self {
        let mut examination = Self::new(None, line);
        examination.conclusion = Conclusion::Rejected(rejection);
        examination
    }

    /// SHA-256 of the bytes that were examined.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> Digest {
        crate::key::sha256(bytes)
    }
}

/// Who signed, and with what support.
struct Proof {
    signer: Signer,
    cosigners: Vec<Signer>,
    support: Support,
    /// Certificates in the bundle that the path did not need.
    unused_certificates: usize,
    /// What the signer's key is, where OMS says what it may be.
    key: Option<KeyKind>,
}

/// What the first JSON value of a file looks like.
#[derive(Deserialize)]
struct Shape {
    #[serde(rename = "mediaType")]
    media_type: Option<IgnoredAny>,
    #[serde(rename = "payloadType")]
    payload_type: Option<IgnoredAny>,
}

/// Examines the bytes of a signature file, judging time by `now`. A file holds one
/// signature, or one a line; the result is never empty.
#[must_use]
pub fn examine(bytes: &[u8], trust: &TrustStore, now: Timestamp) -> Vec<Examination> {
    if crate::jsf::is_signed_document(bytes) {
        return vec![document::examine(bytes, trust, now)];
    }
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Shape>();
    let several = match values.next() {
        Some(Ok(shape)) if shape.payload_type.is_some() && shape.media_type.is_none() => true,
        // Bundles one a line: there is more behind the first.
        Some(Ok(_)) => values.next().is_some(),
        _ => false,
    };
    if !several {
        return vec![examine_bundle(bytes, None, trust, now)];
    }
    match crate::envelope::read_envelopes(bytes) {
        Err(error) => vec![Examination::rejected(None, Rejection::from(error))],
        Ok(documents) => documents
            .into_iter()
            .map(|document| match document {
                Document::Bundle { line, bytes } => examine_bundle(bytes, Some(line), trust, now),
                Document::Envelope(document) => envelope::examine(&document, trust),
            })
            .collect(),
    }
}

/// True when the bytes have the shape of a signature, whatever it is worth.
#[must_use]
pub fn is_bundle(bytes: &[u8]) -> bool {
    Bundle::parse(bytes).is_ok() || crate::envelope::is_envelope(bytes)
}

fn examine_bundle(
    bytes: &[u8],
    line: Option<usize>,
    trust: &TrustStore,
    now: Timestamp,
) -> Examination {
    let bundle = match Bundle::parse(bytes) {
        Ok(bundle) => bundle,
        Err(rejection) => return Examination::rejected(line, rejection),
    };
    let mut examination = Examination::new(Some(scheme(&bundle)), line);
    examination.conclusion = match conclude(&bundle, trust, now, &mut examination) {
        Ok(verified) => Conclusion::Verified(Box::new(verified)),
        Err(conclusion) => conclusion,
    };
    examination
}

/// A chain with log entries is how Fulcio certificates travelled before version 0.3.
fn is_keyless(bundle: &Bundle) -> bool {
    match bundle.material {
        Material::Certificate(_) => true,
        Material::Chain(_) => {
            bundle.version != BundleVersion::V03 && !bundle.log_entries.is_empty()
        }
        Material::Key(_) => false,
    }
}

fn scheme(bundle: &Bundle) -> Scheme {
    Scheme {
        format: match &bundle.content {
            SignedContent::Envelope(envelope) => Format::of_payload(&envelope.payload),
            SignedContent::Message { .. } => Format::Message,
        },
        method: match bundle.material {
            Material::Key(_) => Method::Key,
            _ if is_keyless(bundle) => Method::Sigstore,
            _ => Method::Certificate,
        },
    }
}

fn conclude(
    bundle: &Bundle,
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
) -> Result<Verified<Content>, Conclusion> {
    let proof = match &bundle.material {
        Material::Key(material) => by_key::prove(bundle, material, trust, now, examination)?,
        Material::Certificate(leaf) => by_identity::prove(bundle, leaf, trust, now, examination)?,
        Material::Chain(chain) if is_keyless(bundle) => {
            let leaf = chain.first().map_or(&[][..], Vec::as_slice);
            by_identity::prove(bundle, leaf, trust, now, examination)?
        }
        Material::Chain(chain) => by_certificate::prove(bundle, chain, trust, now, examination)?,
    };
    let mut content = match &bundle.content {
        SignedContent::Message { .. } => {
            Content::Message(sigstore::message_digest(bundle).map_err(of_sigstore)?)
        }
        SignedContent::Envelope(envelope) => statement(&envelope.payload)?,
    };
    if let Content::Model(manifest) = &mut content {
        note_deviations(manifest, &proof, bundle);
    }
    Ok(Verified::new(
        content,
        proof.signer,
        proof.cosigners,
        proof.support,
    ))
}

/// What a payload says, once it is known who says it.
fn statement(payload: &[u8]) -> Result<Content, Conclusion> {
    match Format::of_payload(payload) {
        Format::Oms => oms::parse(payload).map(Content::Model),
        Format::HistoricalOms => oms::historical::parse(payload).map(Content::Model),
        _ => Statement::parse(payload)
            .map(|statement| Content::Statement(Box::new(statement)))
            .map_err(Rejection::from),
    }
    .map_err(Conclusion::Rejected)
}

fn note_deviations(manifest: &mut oms::OmsManifest, proof: &Proof, bundle: &Bundle) {
    if let Some(kind @ KeyKind::Ed25519) = proof.key {
        manifest
            .deviations
            .push(oms::Deviation::UnregisteredKey { kind });
    }
    if proof.unused_certificates > 0 && !is_keyless(bundle) {
        manifest
            .deviations
            .push(oms::Deviation::UnusedCertificates {
                count: proof.unused_certificates,
            });
    }
}

fn of_sigstore(failure: sigstore::Failure) -> Conclusion {
    match failure {
        sigstore::Failure::Untrusted(reason) => Conclusion::Untrusted(reason),
        sigstore::Failure::Certificate(defect) => Conclusion::CertificateNotValid(defect),
        sigstore::Failure::Rejected(rejection) => Conclusion::Rejected(rejection),
        sigstore::Failure::NoIdentity => Conclusion::Rejected(Rejection::NoIdentity),
    }
}

/// True when the signature is over the payload: in its DSSE encoding or, for the
/// historical format alone, in the one that its release made instead.
fn is_signed(
    envelope: &Envelope,
    verifies: impl Fn(&[u8], &[u8]) -> bool,
    verifies_old: impl Fn(&[u8], &[u8]) -> bool,
) -> bool {
    if Format::of_payload(&envelope.payload) == Format::HistoricalOms {
        let encoding = oms::historical::pre_authentication_encoding(&envelope.payload);
        if verifies_old(&encoding, &envelope.signature) {
            return true;
        }
    }
    let encoding =
        crate::dsse::pre_authentication_encoding(crate::dsse::PAYLOAD_TYPE, &envelope.payload);
    verifies(&encoding, &envelope.signature)
}
