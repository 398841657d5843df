//! Signatures by a certificate that chains to a trusted authority.

use bonafide_core::Claimed;
use jiff::Timestamp;

use super::{Caution, Conclusion, Examination, Proof, is_signed, of_sigstore};
use crate::bundle::{Bundle, SignedContent};
use crate::certificate::Certificate;
use crate::key::KeyKind;
use crate::path::{self, PathFailure};
use crate::rejection::{Rejection, Unsupported, Untrusted, excerpt};
use crate::time::{Moment, TrustedTime};
use crate::trust::TrustStore;
use crate::verified::{Signer, Support};

/// OMS v1.0 §8.2, method `certificate`.
pub(super) fn prove(
    bundle: &Bundle,
    chain: &[Vec<u8>],
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
) -> Result<Proof, Conclusion> {
    if !bundle.log_entries.is_empty() {
        return Err(Conclusion::Unsupported(Unsupported::LogEntries));
    }
    let SignedContent::Envelope(envelope) = &bundle.content else {
        return Err(Conclusion::Rejected(Rejection::UnsupportedContent {
            detail: "a message signature by a certificate that no log has recorded".to_owned(),
        }));
    };
    let mut certificates = Vec::new();
    for (index, der) in chain.iter().enumerate() {
        let certificate = Certificate::from_der(der)
            .map_err(|error| unreadable(index, excerpt(&error.to_string(), 200)))?;
        certificates.push(certificate);
    }
    let Some((leaf, offered)) = certificates.split_first() else {
        return Err(Conclusion::Rejected(Rejection::Material { found: 0 }));
    };
    let subject = leaf.subject();
    let claim = format!("certificate \"{subject}\"");
    examination.claimed_signer = Some(Claimed::by_document(claim));
    let key = leaf
        .public_key()
        .map_err(|error| unreadable(0, excerpt(&error.to_string(), 200)))?;
    if matches!(key.kind(), KeyKind::Rsa { .. }) {
        return Err(Conclusion::Rejected(Rejection::KeyKind {
            kind: key.kind(),
        }));
    }
    let signed = is_signed(
        envelope,
        |message, signature| key.verifies(message, signature),
        |message, signature| {
            key.verifies(message, signature) || key.verifies_with_sha256(message, signature)
        },
    );
    if !signed {
        return Err(Conclusion::Rejected(Rejection::SignatureInvalid {
            key: format!("the key of certificate \"{subject}\""),
        }));
    }
    let times = times(bundle, &envelope.signature, trust, now)?;
    let judged_at = if times.is_empty() {
        vec![TrustedTime::by_clock(now)]
    } else {
        times.clone()
    };
    let mut found = None;
    // At every time, not only the earliest: one authority that dates back must not
    // be able to vouch for a certificate by itself.
    for time in &judged_at {
        let moment = Moment {
            signed: time.clone(),
            now,
        };
        let path = path::build(leaf, offered, trust, moment).map_err(|failure| match failure {
            PathFailure::Untrusted(reason) => Conclusion::Untrusted(reason),
            PathFailure::Defect(defect) => Conclusion::CertificateNotValid(defect),
        })?;
        found = Some(path);
    }
    let Some(path) = found else {
        return Err(Conclusion::Untrusted(Untrusted::NoRoot));
    };
    let authority = std::iter::once(&path.authority.certificate);
    let certificates = std::iter::once(leaf)
        .chain(path.intermediates.iter().copied())
        .chain(authority);
    if let Some(denial) = trust
        .denial_of_certificate_path(certificates)
        .or_else(|| trust.denial_of_key(&key))
    {
        return Err(Conclusion::Denied(denial));
    }
    let entry = trust
        .entry_for(path.authority, leaf)
        .map_err(Conclusion::Untrusted)?;
    note_cautions(leaf, examination);
    let unused_certificates = offered
        .iter()
        .filter(|certificate| !path.intermediates.contains(certificate))
        .count();
    Ok(Proof {
        signer: Signer::Certificate {
            subject,
            names: leaf.names().to_vec(),
            fingerprint: leaf.fingerprint(),
            key: key.fingerprint(),
            authority: entry.label.clone(),
            authority_fingerprint: entry.certificate.fingerprint(),
        },
        cosigners: Vec::new(),
        support: Support { times, log: None },
        unused_certificates,
        key: Some(key.kind()),
    })
}

/// The times that the tokens in the bundle prove; each has to hold.
fn times(
    bundle: &Bundle,
    signature: &[u8],
    trust: &TrustStore,
    now: Timestamp,
) -> Result<Vec<TrustedTime>, Conclusion> {
    if bundle.timestamps.is_empty() {
        return Ok(Vec::new());
    }
    let mut failure = None;
    for root in &trust.roots {
        match root.timestamps(&bundle.timestamps, signature, now) {
            Ok(times) => return Ok(times),
            Err(found) => failure = failure.or(Some(found)),
        }
    }
    Err(failure.map_or(Conclusion::Untrusted(Untrusted::NoRoot), of_sigstore))
}

pub(super) fn note_cautions(leaf: &Certificate, examination: &mut Examination) {
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
        examination.cautions.push(Caution::Unrestricted { subject });
    }
}

fn unreadable(index: usize, detail: String) -> Conclusion {
    Conclusion::Rejected(Rejection::UnreadableMaterial {
        what: format!("certificate {}", index + 1),
        detail,
    })
}
