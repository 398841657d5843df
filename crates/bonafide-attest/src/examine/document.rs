//! CycloneDX documents that carry their own signature (JSF).

use bonafide_core::Claimed;
use jiff::Timestamp;

use super::{Conclusion, Examination};
use crate::certificate::Certificate;
use crate::content::{Content, DocumentDeviation, Format, Method, Scheme, SignedBom};
use crate::deny_list::Denial;
use crate::jsf::{DocumentSignature, SignedDocument};
use crate::path::{self, PathFailure};
use crate::rejection::{Rejection, Untrusted, excerpt};
use crate::trust::{DocumentSignatures, TrustStore, TrustedKey};
use crate::verified::{Signer, Support, Verified};

/// Examines a document. Whoever of its signers is trusted, counts; the others do
/// not, and do not harm.
pub(super) fn examine(bytes: &[u8], trust: &TrustStore, now: Timestamp) -> Examination {
    let mut examination = Examination::new(
        Some(Scheme {
            format: Format::Document,
            method: Method::Key,
        }),
        None,
    );
    examination.conclusion = match SignedDocument::parse(bytes) {
        Err(error) => Conclusion::Rejected(Rejection::Document(error)),
        Ok(document) => {
            examination.claimed_signer = claim(&document).map(Claimed::by_document);
            if document
                .signatures()
                .iter()
                .any(|signature| !signature.certificate_path().is_empty())
                && let Some(scheme) = &mut examination.scheme
            {
                scheme.method = Method::Certificate;
            }
            let mut deviations = Vec::new();
            match signers(&document, trust, now, &mut examination, &mut deviations) {
                Err(conclusion) => conclusion,
                Ok((signer, cosigners)) => {
                    if !deviations.is_empty() {
                        // Names beside a known signer that anybody can have written.
                        examination.claimed_signer = None;
                    }
                    let content = Content::Document(content(&document, deviations));
                    let support = Support::default();
                    let verified = Verified::new(content, signer, cosigners, support);
                    Conclusion::Verified(Box::new(verified))
                }
            }
        }
    };
    examination
}

fn content(document: &SignedDocument, deviations: Vec<DocumentDeviation>) -> SignedBom {
    let names = document.excludes().iter();
    SignedBom {
        specification: excerpt(document.spec_version(), 20),
        serial_number: document.serial_number().map(|number| excerpt(number, 100)),
        excludes: names.map(|name| excerpt(name, 100)).collect(),
        nested_signatures: document.nested_signatures(),
        deviations,
    }
}

fn claim(document: &SignedDocument) -> Option<String> {
    let ids: Vec<String> = document
        .signatures()
        .iter()
        .filter_map(DocumentSignature::key_id)
        .map(|id| format!("key with id {}", excerpt(id, 140)))
        .collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

fn signers(
    document: &SignedDocument,
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
    deviations: &mut Vec<DocumentDeviation>,
) -> Result<(Signer, Vec<Signer>), Conclusion> {
    let mut signers: Vec<Signer> = Vec::new();
    let mut reason = None;
    for signature in document.signatures() {
        let outcome = match signature.certificate_path() {
            [] => by_any_key(signature, trust, deviations),
            _ => by_certificate(signature, trust, now, examination),
        };
        match outcome {
            Ok(signer) => {
                // Signatures can be repeated; signers count once.
                if !signers.iter().any(|known| known.is_same_as(&signer)) {
                    signers.push(signer);
                }
            }
            // A signature of somebody who is known, and wrong, spoils the document.
            Err(
                refusal @ (Conclusion::Rejected(_)
                | Conclusion::Denied(_)
                | Conclusion::CertificateNotValid(_)),
            ) => {
                return Err(refusal);
            }
            Err(refusal) => {
                examination.strangers += 1;
                reason = reason.or(Some(refusal));
            }
        }
    }
    if signers.is_empty() {
        return Err(reason.unwrap_or(Conclusion::Untrusted(Untrusted::NoKeys)));
    }
    let first = signers.remove(0);
    Ok((first, signers))
}

fn by_any_key(
    signature: &DocumentSignature,
    trust: &TrustStore,
    deviations: &mut Vec<DocumentDeviation>,
) -> Result<Signer, Conclusion> {
    let refusal = match by_meant_key(signature, trust) {
        Err(refusal @ (Conclusion::Rejected(_) | Conclusion::Untrusted(_))) => refusal,
        other => return other,
    };
    // Whom the document names is not signed in the dialect, so every trusted key is tried.
    let pinned = signature.embedded_key().and_then(|key| trust.pinned(key));
    let Some(trusted) = trust
        .keys
        .iter()
        .chain(&pinned)
        .find(|trusted| signature.verifies_in_cdxgen_dialect(trusted.key.der()))
    else {
        return Err(refusal);
    };
    refuse(trust.denial_of_key(&trusted.key))?;
    let key = format!("key \"{}\"", trusted.label);
    match trust.document_signatures {
        DocumentSignatures::Jsf => Err(Conclusion::Rejected(Rejection::CdxgenDialect { key })),
        DocumentSignatures::JsfOrCdxgen => {
            deviations.push(DocumentDeviation::CdxgenDialect {
                key,
                key_id: signature.key_id().map(|id| excerpt(id, 140)),
            });
            Ok(signer(trusted))
        }
    }
}

/// By the key that the document means, or by any trusted one if it means none.
fn by_meant_key(signature: &DocumentSignature, trust: &TrustStore) -> Result<Signer, Conclusion> {
    if let Some(pinned) = signature.embedded_key().and_then(|key| trust.pinned(key)) {
        return by_key(signature, &[pinned], true, trust);
    }
    if trust.keys.is_empty() {
        return Err(Conclusion::Untrusted(Untrusted::NoKeys));
    }
    let named = trust.keys.iter().find(|trusted| {
        signature
            .embedded_key()
            .is_some_and(|key| key == trusted.key.der())
            || signature
                .key_id()
                .is_some_and(|id| id == trusted.label || trusted.key.answers_to(id))
    });
    let candidates = match (named, signature.embedded_key()) {
        (Some(named), _) => std::slice::from_ref(named),
        // A key in the document that is not trusted is nobody's.
        (None, Some(_)) => &[],
        (None, None) => trust.keys.as_slice(),
    };
    by_key(signature, candidates, named.is_some(), trust)
}

/// `named` says that the document means the (one) key.
fn by_key(
    signature: &DocumentSignature,
    candidates: &[TrustedKey],
    named: bool,
    trust: &TrustStore,
) -> Result<Signer, Conclusion> {
    let Some(trusted) = candidates
        .iter()
        .find(|trusted| signature.verifies(trusted.key.der()))
    else {
        return Err(match candidates.first() {
            Some(trusted) if named => Conclusion::Rejected(Rejection::SignatureInvalid {
                key: format!("key \"{}\"", trusted.label),
            }),
            _ => Conclusion::Untrusted(unknown(signature)),
        });
    };
    refuse(trust.denial_of_key(&trusted.key))?;
    Ok(signer(trusted))
}

fn signer(trusted: &TrustedKey) -> Signer {
    Signer::Key {
        label: trusted.label.clone(),
        fingerprint: trusted.key.fingerprint(),
    }
}

/// What there is to tell whose signature it says it is.
fn unknown(signature: &DocumentSignature) -> Untrusted {
    match (signature.key_id(), signature.embedded_key()) {
        (None, Some(key)) => Untrusted::UnknownEmbeddedKey {
            fingerprint: crate::key::sha256(key),
        },
        (Some(id), _) if !id.is_empty() => Untrusted::UnknownKey {
            hint: excerpt(id, 140),
        },
        _ => Untrusted::UnnamedKey,
    }
}

fn by_certificate(
    signature: &DocumentSignature,
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
) -> Result<Signer, Conclusion> {
    let certificates = signature
        .certificate_path()
        .iter()
        .enumerate()
        .map(|(index, der)| {
            Certificate::from_der(der).map_err(|error| {
                Conclusion::Rejected(Rejection::UnreadableMaterial {
                    what: format!("certificate {}", index + 1),
                    detail: excerpt(&error.to_string(), 200),
                })
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let Some((leaf, offered)) = certificates.split_first() else {
        return Err(Conclusion::Untrusted(Untrusted::NoKeys));
    };
    let path = path::build(leaf, offered, trust, now).map_err(|failure| match failure {
        PathFailure::Untrusted(reason) => Conclusion::Untrusted(reason),
        PathFailure::Defect(defect) => Conclusion::CertificateNotValid(defect),
    })?;
    let key = leaf.public_key().map_err(|error| {
        Conclusion::Rejected(Rejection::UnreadableMaterial {
            what: "certificate 1".to_owned(),
            detail: excerpt(&error.to_string(), 200),
        })
    })?;
    if !signature.verifies(key.der()) {
        return Err(Conclusion::Rejected(Rejection::SignatureInvalid {
            key: format!("the key of certificate \"{}\"", leaf.subject()),
        }));
    }
    let authority = std::iter::once(&path.authority.certificate);
    let whole = std::iter::once(leaf)
        .chain(path.intermediates.iter().copied())
        .chain(authority);
    refuse(trust.denial_of_certificate_path(whole))?;
    refuse(trust.denial_of_key(&key))?;
    super::by_certificate::note_cautions(leaf, examination);
    let entry = trust
        .entry_for(path.authority, leaf)
        .map_err(Conclusion::Untrusted)?;
    Ok(Signer::Certificate {
        subject: leaf.subject(),
        names: leaf.names().to_vec(),
        fingerprint: leaf.fingerprint(),
        key: key.fingerprint(),
        authority: entry.label.clone(),
        authority_fingerprint: entry.certificate.fingerprint(),
    })
}

fn refuse(denial: Option<Denial>) -> Result<(), Conclusion> {
    denial.map_or(Ok(()), |denial| Err(Conclusion::Denied(denial)))
}

#[cfg(test)]
mod tests;
