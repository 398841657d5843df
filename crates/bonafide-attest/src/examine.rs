//! One signature file, from bytes to a conclusion.
//!
//! The order is that of OMS v1.0 §8: shape, then signature and signer, and only
//! then the statement. Nothing of a statement is used before its signature has
//! been verified under a trusted signer.

use std::fmt;

use bonafide_core::{Claimed, Digest};
use jiff::Timestamp;

use crate::bundle::{Bundle, Envelope, KeyMaterial, Material, Scheme};
use crate::certificate::Certificate;
use crate::dsse;
use crate::key::{KeyKind, PublicKey};
use crate::oms::{self, Deviation, OmsManifest};
use crate::path::{self, CertificateDefect, PathFailure};
use crate::rejection::{Rejection, Unsupported, Untrusted, excerpt};
use crate::trust::{TrustStore, TrustedKey};
use crate::verified::{Signer, Verified};

/// Everything that one signature file shows.
#[derive(Debug, Clone)]
pub struct Examination {
    /// How it was made; none when its shape does not tell.
    pub scheme: Option<Scheme>,
    /// Who is said to have signed, in words; proven only with [`Conclusion::Verified`].
    pub claimed_signer: Option<Claimed<String>>,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// What is unusual about the signer's certificate.
    pub cautions: Vec<Caution>,
}

/// What a signature file comes to.
#[derive(Debug, Clone)]
pub enum Conclusion {
    /// Valid, by a trusted signer.
    Verified(Box<Verified<OmsManifest>>),
    /// Nobody whom we trust.
    Untrusted(Untrusted),
    /// By a trusted authority, with a certificate that does not hold.
    CertificateNotValid(CertificateDefect),
    /// Wrong or malformed.
    Rejected(Rejection),
    /// Not checked at all, which is never a pass.
    Unsupported(Unsupported),
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

/// Examines the bytes of a signature file, judging time by `now`.
#[must_use]
pub fn examine(bytes: &[u8], trust: &TrustStore, now: Timestamp) -> Examination {
    let mut examination = Examination {
        scheme: None,
        claimed_signer: None,
        conclusion: Conclusion::Unsupported(Unsupported::Sigstore),
        cautions: Vec::new(),
    };
    examination.conclusion = match Bundle::parse(bytes) {
        Err(rejection) => Conclusion::Rejected(rejection),
        Ok(bundle) => {
            examination.scheme = Some(bundle.scheme());
            match conclude(&bundle, trust, now, &mut examination) {
                Ok(verified) => Conclusion::Verified(Box::new(verified)),
                Err(conclusion) => conclusion,
            }
        }
    };
    examination
}

/// True when the bytes have the shape of a signature bundle, whatever it is worth.
#[must_use]
pub fn is_bundle(bytes: &[u8]) -> bool {
    Bundle::parse(bytes).is_ok()
}

fn conclude(
    bundle: &Bundle,
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
) -> Result<Verified<OmsManifest>, Conclusion> {
    let unsupported = |reason| Err(Conclusion::Unsupported(reason));
    let Some(envelope) = &bundle.envelope else {
        return unsupported(Unsupported::MessageSignature);
    };
    if matches!(bundle.material, Material::Fulcio) {
        return unsupported(Unsupported::Sigstore);
    }
    // Evidence beside a key or certificate that we cannot check must not look checked.
    if bundle.log_entries > 0 {
        return unsupported(Unsupported::LogEntries);
    }
    if bundle.timestamps > 0 {
        return unsupported(Unsupported::Timestamps);
    }
    let message = dsse::pre_authentication_encoding(dsse::PAYLOAD_TYPE, &envelope.payload);
    let (signer, unused_certificates) = match &bundle.material {
        Material::Key(material) => {
            examination.claimed_signer = claimed_key(material).map(Claimed::by_document);
            (by_key(material, envelope, &message, trust)?, 0)
        }
        Material::Chain(chain) => {
            by_certificate(chain, envelope, &message, trust, now, examination)?
        }
        Material::Fulcio => return unsupported(Unsupported::Sigstore),
    };
    let mut manifest = oms::parse(&envelope.payload).map_err(Conclusion::Rejected)?;
    if unused_certificates > 0 {
        manifest.deviations.push(Deviation::UnusedCertificates {
            count: unused_certificates,
        });
    }
    Ok(Verified::new(manifest, signer))
}

fn claimed_key(material: &KeyMaterial) -> Option<String> {
    match (&material.hint, &material.embedded) {
        (Some(hint), _) => Some(format!("key with hint {}", excerpt(hint, 140))),
        (None, Some(_)) => Some("key carried in the bundle".to_owned()),
        (None, None) => None,
    }
}

/// OMS v1.0 §8.2, method `key`: verified with a key that the verifier holds.
/// What the bundle says about the key only selects among those.
fn by_key(
    material: &KeyMaterial,
    envelope: &Envelope,
    message: &[u8],
    trust: &TrustStore,
) -> Result<Signer, Conclusion> {
    if trust.keys.is_empty() {
        return Err(Conclusion::Untrusted(Untrusted::NoKeys));
    }
    let embedded = material.embedded.as_deref().map(embedded_key).transpose()?;
    let mut candidates: Vec<&TrustedKey> = trust
        .keys
        .iter()
        .filter(|trusted| {
            material
                .hint
                .as_ref()
                .is_none_or(|hint| trusted.key.answers_to(hint))
                && embedded.as_ref().is_none_or(|key| *key == trusted.key)
        })
        .collect();
    if candidates.is_empty() {
        let hint = material.hint.as_deref().unwrap_or_default();
        let known = trust
            .keys
            .iter()
            .any(|trusted| trusted.key.answers_to(hint));
        return Err(Conclusion::Untrusted(match embedded {
            Some(key) if hint.is_empty() || known => Untrusted::UnknownEmbeddedKey {
                fingerprint: key.fingerprint(),
            },
            _ => Untrusted::UnknownKey {
                hint: excerpt(hint, 140),
            },
        }));
    }
    let refused = candidates.first().map(|trusted| registered(&trusted.key));
    candidates.retain(|trusted| registered(&trusted.key).is_ok());
    if candidates.is_empty() {
        refused.transpose()?;
    }
    let signer = candidates
        .iter()
        .find(|trusted| trusted.key.verifies(message, &envelope.signature));
    let Some(signer) = signer else {
        let names: Vec<String> = candidates
            .iter()
            .map(|trusted| format!("key \"{}\"", trusted.label))
            .collect();
        return Err(unverifiable(envelope, names.join(", ")));
    };
    if let Some(details) = &material.key_details
        && !signer.key.kind().key_details().contains(&details.as_str())
    {
        return Err(Conclusion::Rejected(Rejection::KeyDetails {
            found: excerpt(details, 100),
            kind: signer.key.kind(),
        }));
    }
    Ok(Signer::Key {
        label: signer.label.clone(),
        fingerprint: signer.key.fingerprint(),
    })
}

/// The OMS algorithm registry has no RSA for the methods `key` and
/// `certificate`. It has no Ed25519 either; that is taken all the same, because
/// there is only one way to use it and signers ask for it.
fn registered(key: &PublicKey) -> Result<(), Conclusion> {
    match key.kind() {
        KeyKind::EllipticCurve(_) | KeyKind::Ed25519 => Ok(()),
        kind @ KeyKind::Rsa { .. } => Err(Conclusion::Rejected(Rejection::KeyKind { kind })),
    }
}

/// `rawBytes` of old bundles is base64 of PEM text; DER is what the field's definition says.
fn embedded_key(bytes: &[u8]) -> Result<PublicKey, Conclusion> {
    let key = if bytes.starts_with(b"-----") {
        PublicKey::from_pem(bytes)
    } else {
        PublicKey::from_der(bytes)
    };
    key.map_err(|error| {
        Conclusion::Rejected(Rejection::UnreadableMaterial {
            what: "public key".to_owned(),
            detail: excerpt(&error.to_string(), 200),
        })
    })
}

/// OMS v1.0 §8.2, method `certificate`. Returns the signer and the number of
/// certificates in the bundle that the path did not need.
fn by_certificate(
    chain: &[Vec<u8>],
    envelope: &Envelope,
    message: &[u8],
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
) -> Result<(Signer, usize), Conclusion> {
    let mut certificates = Vec::new();
    for (index, der) in chain.iter().enumerate() {
        let certificate = Certificate::from_der(der)
            .map_err(|error| unreadable(index, excerpt(&error.to_string(), 200)))?;
        certificates.push(certificate);
    }
    let Some((leaf, offered)) = certificates.split_first() else {
        return Err(Conclusion::Rejected(Rejection::Material { found: 0 }));
    };
    let claim = format!("certificate \"{}\"", leaf.subject());
    examination.claimed_signer = Some(Claimed::by_document(claim));
    let key = leaf
        .public_key()
        .map_err(|error| unreadable(0, excerpt(&error.to_string(), 200)))?;
    registered(&key)?;
    if !key.verifies(message, &envelope.signature) {
        return Err(unverifiable(
            envelope,
            format!("the key of certificate \"{}\"", leaf.subject()),
        ));
    }
    let path = path::build(leaf, offered, trust, now).map_err(|failure| match failure {
        PathFailure::Untrusted(reason) => Conclusion::Untrusted(reason),
        PathFailure::Defect(defect) => Conclusion::CertificateNotValid(defect),
    })?;
    let subject = leaf.subject();
    if leaf
        .constraints
        .as_ref()
        .is_some_and(|constraints| constraints.ca)
    {
        examination.cautions.push(Caution::AuthorityLeaf {
            subject: subject.clone(),
        });
    }
    if leaf.extended_uses.is_none() {
        examination.cautions.push(Caution::Unrestricted {
            subject: subject.clone(),
        });
    }
    let unused = offered
        .iter()
        .filter(|certificate| !path.intermediates.contains(certificate))
        .count();
    let signer = Signer::Certificate {
        subject,
        names: leaf.names().to_vec(),
        fingerprint: leaf.fingerprint(),
        authority: path.authority.label.clone(),
    };
    Ok((signer, unused))
}

fn unreadable(index: usize, detail: String) -> Conclusion {
    Conclusion::Rejected(Rejection::UnreadableMaterial {
        what: format!("certificate {}", index + 1),
        detail,
    })
}

/// A signature that does not verify: wrong, unless the payload claims to be of
/// the format whose encoding we do not speak.
fn unverifiable(envelope: &Envelope, key: String) -> Conclusion {
    if oms::is_historical(&envelope.payload) {
        Conclusion::Unsupported(Unsupported::HistoricalOms)
    } else {
        Conclusion::Rejected(Rejection::SignatureInvalid { key })
    }
}

/// Digest of a signature file, for reports.
impl Examination {
    /// SHA-256 of the bytes that were examined.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> Digest {
        crate::key::sha256(bytes)
    }
}
