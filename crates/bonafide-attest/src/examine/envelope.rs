//! DSSE envelopes without a bundle, by plain keys, one or several.

use bonafide_core::Claimed;

use super::{Conclusion, Examination, statement};
use crate::content::{Content, Format, Method, Scheme};
use crate::dsse;
use crate::envelope::{RawEnvelope, RawSignature};
use crate::rejection::{Rejection, Untrusted, excerpt};
use crate::trust::TrustStore;
use crate::verified::{Signer, Support, Verified};

/// DSSE v1.0, verification: whoever of the trusted signed it, counts; signatures of
/// others do not, and do not harm.
pub(super) fn examine(envelope: &RawEnvelope, trust: &TrustStore) -> Examination {
    let scheme = Scheme {
        format: Format::Envelope,
        method: Method::Key,
    };
    let mut examination = Examination::new(Some(scheme), Some(envelope.line));
    let ids: Vec<String> = envelope
        .signatures
        .iter()
        .filter_map(|signature| signature.key_id.as_deref())
        .map(|id| format!("key with id {}", excerpt(id, 140)))
        .collect();
    if !ids.is_empty() {
        examination.claimed_signer = Some(Claimed::by_document(ids.join(", ")));
    }
    examination.conclusion = match signers(envelope, trust) {
        Err(conclusion) => conclusion,
        Ok((signer, cosigners)) => {
            examination.strangers = strangers(envelope, trust);
            match statement(&envelope.payload) {
                Err(conclusion) => conclusion,
                // Its rules for keys and signatures are those of bundles (OMS v1.0 §4).
                Ok(Content::Model(_)) => Conclusion::Rejected(Rejection::ModelInEnvelope),
                Ok(content) => Conclusion::Verified(Box::new(Verified::new(
                    content,
                    signer,
                    cosigners,
                    Support::default(),
                ))),
            }
        }
    };
    examination
}

/// Signatures that no trusted key has made.
fn strangers(envelope: &RawEnvelope, trust: &TrustStore) -> usize {
    let message = dsse::pre_authentication_encoding(&envelope.payload_type, &envelope.payload);
    let is_strange = |signature: &&RawSignature| {
        !trust
            .keys
            .iter()
            .any(|trusted| trusted.key.verifies_dsse(&message, &signature.signature))
    };
    envelope.signatures.iter().filter(is_strange).count()
}

fn signers(
    envelope: &RawEnvelope,
    trust: &TrustStore,
) -> Result<(Signer, Vec<Signer>), Conclusion> {
    if trust.keys.is_empty() {
        return Err(Conclusion::Untrusted(Untrusted::NoKeys));
    }
    envelope
        .statement()
        .map_err(|error| Conclusion::Rejected(Rejection::from(error)))?;
    let message = dsse::pre_authentication_encoding(&envelope.payload_type, &envelope.payload);
    let mut signers: Vec<Signer> = Vec::new();
    let mut denied = None;
    for trusted in &trust.keys {
        let signed = envelope
            .signatures
            .iter()
            .any(|signature| trusted.key.verifies_dsse(&message, &signature.signature));
        if !signed {
            continue;
        }
        match trust.denial_of_key(&trusted.key) {
            Some(denial) => denied = denied.or(Some(denial)),
            None => signers.push(Signer::Key {
                label: trusted.label.clone(),
                fingerprint: trusted.key.fingerprint(),
            }),
        }
    }
    // Whoever is denied takes the whole envelope along: a statement that such a
    // signer helped to make is not one to rely on.
    if let Some(denial) = denied {
        return Err(Conclusion::Denied(denial));
    }
    if !signers.is_empty() {
        let first = signers.remove(0);
        return Ok((first, signers));
    }
    // The id is not signed; it tells only which complaint is the useful one.
    let hinted = trust.keys.iter().find(|trusted| {
        envelope
            .signatures
            .iter()
            .filter_map(|signature| signature.key_id.as_deref())
            .any(|id| trusted.key.answers_to(id))
    });
    Err(match hinted {
        Some(trusted) => Conclusion::Rejected(Rejection::SignatureInvalid {
            key: format!("key \"{}\"", trusted.label),
        }),
        None => {
            let id = envelope
                .signatures
                .iter()
                .find_map(|signature| signature.key_id.as_deref())
                .filter(|id| !id.is_empty());
            Conclusion::Untrusted(
                id.map_or(Untrusted::UnnamedKey, |id| Untrusted::UnknownKey {
                    hint: excerpt(id, 140),
                }),
            )
        }
    })
}
