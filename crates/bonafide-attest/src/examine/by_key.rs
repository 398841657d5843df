//! Signatures by a plain public key that the verifier holds.

use bonafide_core::Claimed;
use jiff::Timestamp;

use super::{Conclusion, Examination, Proof, is_signed, of_sigstore};
use crate::bundle::{Bundle, KeyMaterial, SignedContent};
use crate::content::Format;
use crate::key::{KeyKind, PublicKey};
use crate::rejection::{Rejection, Unsupported, Untrusted, excerpt};
use crate::sigstore::{self, Failure};
use crate::trust::{TrustStore, TrustedKey};
use crate::verified::{Signer, Support};

/// OMS v1.0 §8.2, method `key`: verified with a key that the verifier holds.
/// What the bundle says about the key only selects among those.
pub(super) fn prove(
    bundle: &Bundle,
    material: &KeyMaterial,
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
) -> Result<Proof, Conclusion> {
    examination.claimed_signer = claim(material).map(Claimed::by_document);
    let embedded = material.embedded.as_deref().map(embedded_key).transpose()?;
    let pinned = embedded.as_ref().and_then(|key| trust.pinned(key.der()));
    let candidates = match &pinned {
        Some(pinned) => of_kind(bundle, vec![pinned])?,
        None => candidates(bundle, material, embedded, trust)?,
    };
    let signer = candidates
        .iter()
        .find(|trusted| is_signed_by(bundle, &trusted.key));
    let Some(signer) = signer else {
        if matches!(bundle.content, SignedContent::Message { .. })
            && candidates
                .iter()
                .all(|trusted| trusted.key.kind() == KeyKind::Ed25519)
        {
            return Err(Conclusion::Unsupported(Unsupported::WholeBlob));
        }
        let names: Vec<String> = candidates
            .iter()
            .map(|trusted| format!("key \"{}\"", trusted.label))
            .collect();
        return Err(Conclusion::Rejected(Rejection::SignatureInvalid {
            key: names.join(", "),
        }));
    };
    if let Some(denial) = trust.denial_of_key(&signer.key) {
        return Err(Conclusion::Denied(denial));
    }
    check_details(material, signer)?;
    Ok(Proof {
        signer: Signer::Key {
            label: signer.label.clone(),
            fingerprint: signer.key.fingerprint(),
        },
        cosigners: Vec::new(),
        support: support(bundle, &signer.key, trust, now)?,
        unused_certificates: 0,
        key: Some(signer.key.kind()),
    })
}

fn claim(material: &KeyMaterial) -> Option<String> {
    match (&material.hint, &material.embedded) {
        (Some(hint), _) => Some(format!("key with hint {}", excerpt(hint, 140))),
        (None, Some(_)) => Some("key carried in the bundle".to_owned()),
        (None, None) => None,
    }
}

/// The trusted keys that the bundle can mean.
fn candidates<'a>(
    bundle: &Bundle,
    material: &KeyMaterial,
    embedded: Option<PublicKey>,
    trust: &'a TrustStore,
) -> Result<Vec<&'a TrustedKey>, Conclusion> {
    if trust.keys.is_empty() {
        return Err(Conclusion::Untrusted(Untrusted::NoKeys));
    }
    let hinted = |trusted: &&TrustedKey| {
        material
            .hint
            .as_ref()
            .is_none_or(|hint| trusted.key.answers_to(hint))
    };
    let same = |trusted: &&TrustedKey| embedded.as_ref().is_none_or(|key| *key == trusted.key);
    let found: Vec<&TrustedKey> = trust.keys.iter().filter(hinted).filter(same).collect();
    if !found.is_empty() {
        return of_kind(bundle, found);
    }
    // Outside of OMS a hint is any text that means something to the signer.
    if !is_model(bundle) && embedded.is_none() {
        return Ok(trust.keys.iter().collect());
    }
    let hint = material.hint.as_deref().unwrap_or_default();
    let known = trust
        .keys
        .iter()
        .any(|trusted| trusted.key.answers_to(hint));
    Err(Conclusion::Untrusted(match embedded {
        Some(key) if hint.is_empty() || known => Untrusted::UnknownEmbeddedKey {
            fingerprint: key.fingerprint(),
        },
        _ if hint.is_empty() => Untrusted::UnnamedKey,
        _ => Untrusted::UnknownKey {
            hint: excerpt(hint, 140),
        },
    }))
}

/// OMS registers no RSA keys; one that is trusted for attestations must not be in the
/// way of a key that may sign.
fn of_kind<'a>(
    bundle: &Bundle,
    mut keys: Vec<&'a TrustedKey>,
) -> Result<Vec<&'a TrustedKey>, Conclusion> {
    let Some(kind) = keys.first().map(|trusted| trusted.key.kind()) else {
        return Ok(keys);
    };
    if is_model(bundle) {
        keys.retain(|trusted| !matches!(trusted.key.kind(), KeyKind::Rsa { .. }));
    }
    if keys.is_empty() {
        return Err(Conclusion::Rejected(Rejection::KeyKind { kind }));
    }
    Ok(keys)
}

fn is_model(bundle: &Bundle) -> bool {
    match &bundle.content {
        SignedContent::Envelope(envelope) => matches!(
            Format::of_payload(&envelope.payload),
            Format::Oms | Format::HistoricalOms
        ),
        SignedContent::Message { .. } => false,
    }
}

fn is_signed_by(bundle: &Bundle, key: &PublicKey) -> bool {
    match &bundle.content {
        SignedContent::Envelope(envelope) => is_signed(
            envelope,
            |message, signature| {
                if is_model(bundle) {
                    key.verifies(message, signature)
                } else {
                    key.verifies_dsse(message, signature)
                }
            },
            |message, signature| {
                key.verifies(message, signature) || key.verifies_with_sha256(message, signature)
            },
        ),
        SignedContent::Message { .. } => sigstore::message_by_key(bundle, key.der()).is_ok(),
    }
}

/// What the bundle says about the kind of key has to be true.
fn check_details(material: &KeyMaterial, signer: &TrustedKey) -> Result<(), Conclusion> {
    let kind = signer.key.kind();
    if let Some(details) = &material.key_details
        && !kind.key_details().contains(&details.as_str())
    {
        return Err(Conclusion::Rejected(Rejection::KeyDetails {
            found: excerpt(details, 100),
            kind,
        }));
    }
    Ok(())
}

/// Evidence beside the signature: all of it has to hold, or it would look checked.
fn support(
    bundle: &Bundle,
    key: &PublicKey,
    trust: &TrustStore,
    now: Timestamp,
) -> Result<Support, Conclusion> {
    if bundle.log_entries.is_empty() && bundle.timestamps.is_empty() {
        return Ok(Support::default());
    }
    if matches!(key.kind(), KeyKind::EllipticCurve(crate::key::Curve::P521)) {
        return Err(Conclusion::Unsupported(Unsupported::LoggedKey {
            kind: key.kind().to_string(),
        }));
    }
    let mut failure: Option<Failure> = None;
    for root in &trust.roots {
        match root.managed_key(bundle, key.der(), trust.log_demand, now) {
            Ok(support) => return Ok(support),
            Err(found) => {
                if matches!(failure, None | Some(Failure::Untrusted(_))) {
                    failure = Some(found);
                }
            }
        }
    }
    Err(failure.map_or(Conclusion::Untrusted(Untrusted::NoRoot), of_sigstore))
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
