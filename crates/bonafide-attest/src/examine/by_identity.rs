//! Keyless signatures: a certificate of a minute, and logs that say which minute.

use bonafide_core::Claimed;
use jiff::Timestamp;

use super::{Conclusion, Examination, Proof, is_signed, of_sigstore, statement};
use crate::bundle::{Bundle, SignedContent};
use crate::certificate::Certificate;
use crate::identity::{Identity, IdentityPattern};
use crate::path::CertificateDefect;
use crate::rejection::{Rejection, Untrusted, excerpt};
use crate::revocation::{Lookup, RevocationDemand};
use crate::sigstore::{Failure, Keyless, SigstoreRoot};
use crate::time::{Moment, TrustedTime};
use crate::trust::TrustStore;
use crate::verified::{Signer, Support};

/// Verifies the bundle under one of the trusted roots, then asks who signed it.
pub(super) fn prove(
    bundle: &Bundle,
    leaf: &[u8],
    trust: &TrustStore,
    now: Timestamp,
    examination: &mut Examination,
) -> Result<Proof, Conclusion> {
    let leaf = Certificate::from_der(leaf).map_err(|error| {
        Conclusion::Rejected(Rejection::UnreadableMaterial {
            what: "certificate 1".to_owned(),
            detail: excerpt(&error.to_string(), 200),
        })
    })?;
    let names = leaf.names();
    let claim = if names.is_empty() {
        format!("certificate \"{}\"", leaf.subject())
    } else {
        format!("certificate for {}", names.join(", "))
    };
    examination.claimed_signer = Some(Claimed::by_document(claim));
    let (root, keyless) = under_some_root(bundle, &leaf, trust, now)
        .map_err(|conclusion| explain(bundle, &leaf, conclusion))?;
    let identity = keyless.identity;
    if trust.has_deny_lists() {
        let issuers = root.issuers(&leaf);
        let denial = trust
            .denial_of_identity(&identity.issuer, &identity.subject)
            .or_else(|| trust.denial_of_certificate_path(std::iter::once(&leaf).chain(issuers)));
        if let Some(denial) = denial {
            return Err(Conclusion::Denied(denial));
        }
    }
    let Some(pattern) = signer(trust, root, &identity) else {
        return Err(Conclusion::Untrusted(Untrusted::UnknownIdentity {
            subject: excerpt(&identity.subject, 300),
            issuer: excerpt(&identity.issuer, 300),
        }));
    };
    if let Some(defect) = revocation(&leaf, root, trust, &keyless.support, now) {
        return Err(Conclusion::CertificateNotValid(defect));
    }
    Ok(Proof {
        signer: Signer::Identity {
            label: pattern.label.clone(),
            identity,
            root: root.label().to_owned(),
            key: keyless.key,
        },
        cosigners: Vec::new(),
        support: keyless.support,
        unused_certificates: 0,
        key: None,
    })
}

/// A root that does not know authority or log says nothing about a bundle that
/// another root knows; any other failure is the one to report. The same deployment may
/// be trusted under two labels, so a root that may vouch for the signer comes first.
fn under_some_root<'a>(
    bundle: &Bundle,
    leaf: &Certificate,
    trust: &'a TrustStore,
    now: Timestamp,
) -> Result<(&'a SigstoreRoot, Keyless), Conclusion> {
    let mut failure: Option<Failure> = None;
    let mut of_nobody = None;
    for root in &trust.roots {
        match root.keyless(bundle, leaf, trust.log_demand, now) {
            Ok(keyless) if signer(trust, root, &keyless.identity).is_some() => {
                return Ok((root, keyless));
            }
            Ok(keyless) => of_nobody = of_nobody.or(Some((root, keyless))),
            Err(found) => {
                let better = match &failure {
                    None => true,
                    Some(Failure::Untrusted(_)) => !matches!(found, Failure::Untrusted(_)),
                    Some(_) => false,
                };
                if better {
                    failure = Some(found);
                }
            }
        }
    }
    of_nobody.ok_or_else(|| failure.map_or(Conclusion::Untrusted(Untrusted::NoRoot), of_sigstore))
}

/// The trusted signer whom an identity means, if this root may vouch for it.
fn signer<'a>(
    trust: &'a TrustStore,
    root: &SigstoreRoot,
    identity: &Identity,
) -> Option<&'a IdentityPattern> {
    trust
        .identities
        .iter()
        .find(|pattern| pattern.trusts_root(root.label()) && pattern.matches(identity))
}

/// What revocation lists have against the leaf or an authority above it. No list is
/// demanded: the leaf lives for minutes instead, and the trusted root says from when
/// to when an authority is in use.
fn revocation(
    leaf: &Certificate,
    root: &SigstoreRoot,
    trust: &TrustStore,
    support: &Support,
    now: Timestamp,
) -> Option<CertificateDefect> {
    if trust.revocation_lists.is_empty() {
        return None;
    }
    // All of them lie within the minutes of the leaf.
    let signed = support.times.iter().min_by_key(|known| known.time);
    let moment = Moment {
        signed: signed.cloned().unwrap_or(TrustedTime::by_clock(now)),
        now,
    };
    let demand = RevocationDemand::WhenConfigured;
    let mut lists = Lookup::new(&trust.revocation_lists, demand, &moment);
    let issuers = root.issuers(leaf);
    let path: Vec<&Certificate> = std::iter::once(leaf)
        .chain(issuers.iter().copied())
        .collect();
    // From the authority down, as in any path.
    path.iter()
        .zip(&issuers)
        .rev()
        .find_map(|(certificate, issuer)| lists.defect(certificate, issuer))
}

/// The library wants a subject of the statement before it verifies the signature over
/// it. Of a payload that it cannot read, the first thing to say is whether anybody
/// signed it, and the second what is wrong with it.
fn explain(bundle: &Bundle, leaf: &Certificate, conclusion: Conclusion) -> Conclusion {
    let is_unread = matches!(
        conclusion,
        Conclusion::Rejected(Rejection::Malformed { .. } | Rejection::Subject { .. })
    );
    let (true, SignedContent::Envelope(envelope), Ok(key)) =
        (is_unread, &bundle.content, leaf.public_key())
    else {
        return conclusion;
    };
    let signed = is_signed(
        envelope,
        |message, signature| key.verifies_dsse(message, signature),
        |message, signature| key.verifies_dsse(message, signature),
    );
    if !signed {
        return Conclusion::Rejected(Rejection::SignatureInvalid {
            key: "the signer's key".to_owned(),
        });
    }
    statement(&envelope.payload).err().unwrap_or(conclusion)
}
