//! From a leaf to a trusted authority: RFC 5280 §6, for signing certificates.
//!
//! Our own, because the maintained path builder (`rustls-webpki`) refuses a
//! leaf with `CA:TRUE`, which the official OMS vectors have, and ignores
//! KeyUsage; the decision and its evidence are in `docs/decisions/`.
//!
//! Validity is judged at one time for every certificate of the path, the
//! authority included: that of the signature, as far as it is known. Revocation
//! is judged by the lists of the trust store; nobody revokes the authority, and
//! a trusted certificate that signs by itself is one.

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5280, rfc5912};
use jiff::Timestamp;

use crate::certificate::Certificate;
use crate::name_constraints::{self, Verdict};
use crate::rejection::Untrusted;
use crate::revocation::{Lookup, RevocationGap, RevocationReason};
use crate::time::{Moment, TrustedTime};
use crate::trust::{LeafPurpose, TrustStore, TrustedAuthority};

/// Longest path, leaf and authority included.
pub const MAX_DEPTH: usize = 8;

/// Most signatures checked while looking for a path: a bundle with many
/// look-alike certificates must not cost more than this.
const MAX_SIGNATURE_CHECKS: usize = 64;

/// Why a certificate that chains to a trusted authority is still no good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateDefect {
    /// Its time is over.
    #[error("certificate \"{subject}\" expired at {not_after} (judged at {judged})")]
    Expired {
        /// Whose.
        subject: String,
        /// Last second of validity.
        not_after: Timestamp,
        /// The time it was judged by.
        judged: TrustedTime,
    },
    /// Its time has not come.
    #[error("certificate \"{subject}\" is not valid before {not_before} (judged at {judged})")]
    NotYetValid {
        /// Whose.
        subject: String,
        /// First second of validity.
        not_before: Timestamp,
        /// The time it was judged by.
        judged: TrustedTime,
    },
    /// ExtendedKeyUsage is present and does not name code signing.
    #[error("certificate \"{subject}\" is for other purposes than code signing ({found})")]
    WrongPurpose {
        /// Whose.
        subject: String,
        /// What it is for.
        found: String,
    },
    /// Without ExtendedKeyUsage, where the trust store demands one.
    #[error(
        "certificate \"{subject}\" does not say that it is for code signing (it has no extended key usage)"
    )]
    NoPurpose {
        /// Whose.
        subject: String,
    },
    /// KeyUsage lacks digitalSignature.
    #[error("certificate \"{subject}\" does not allow digital signatures")]
    NoDigitalSignature {
        /// Whose.
        subject: String,
    },
    /// An issuer that is no certificate authority.
    #[error("certificate \"{subject}\" issued another one, but is not a certificate authority")]
    NotAnAuthority {
        /// Whose.
        subject: String,
    },
    /// More intermediates than the authority allows.
    #[error(
        "certificate \"{subject}\" allows {allowed} intermediate certificates below it, the path has {found}"
    )]
    PathTooLong {
        /// Whose constraint.
        subject: String,
        /// `pathLenConstraint`.
        allowed: u8,
        /// What the path has.
        found: usize,
    },
    /// Its issuer took it back.
    #[error(
        "certificate \"{subject}\" (serial number {serial}) was revoked at {date}, reason {reason} (judged at {judged})"
    )]
    Revoked {
        /// Whose.
        subject: String,
        /// Serial number in hexadecimal.
        serial: String,
        /// When it was revoked.
        date: Timestamp,
        /// Why.
        reason: RevocationReason,
        /// The time it was judged by.
        judged: TrustedTime,
    },
    /// It may have been revoked.
    #[error("whether certificate \"{subject}\" was revoked is not known: {reason}")]
    RevocationUnknown {
        /// Whose.
        subject: String,
        /// Why it is not known.
        reason: RevocationGap,
    },
    /// It has a name that an authority above it may not certify.
    #[error(
        "certificate \"{subject}\" has the name \"{name}\", which the name constraints of \"{authority}\" do not allow"
    )]
    NameNotAllowed {
        /// Whose.
        subject: String,
        /// The name, with its kind in front.
        name: String,
        /// Whose constraints.
        authority: String,
    },
    /// An extension that we would have to evaluate and do not.
    #[error(
        "certificate \"{subject}\" has the extension {oid}, which must not be ignored and is not supported"
    )]
    UnsupportedExtension {
        /// Whose.
        subject: String,
        /// The extension.
        oid: String,
    },
}

/// A path that holds.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    pub(crate) authority: &'a TrustedAuthority,
    /// Intermediates between leaf and authority, leaf's issuer first.
    pub(crate) intermediates: Vec<&'a Certificate>,
}

#[derive(Debug)]
pub(crate) enum PathFailure {
    Untrusted(Untrusted),
    Defect(CertificateDefect),
}

/// Finds a path from `leaf` through `offered` (and the store's intermediates)
/// to an authority of the store that is free of defects at the given moment (a
/// timestamp alone is that of the clock). When every path has a defect, that of
/// the first path is returned.
pub(crate) fn build<'a>(
    leaf: &'a Certificate,
    offered: &'a [Certificate],
    store: &'a TrustStore,
    moment: impl Into<Moment>,
) -> Result<Path<'a>, PathFailure> {
    let moment = moment.into();
    let mut search = Search {
        leaf,
        offered,
        store,
        moment: &moment,
        revocation: Lookup::new(&store.revocation_lists, store.revocation_demand, &moment),
        checks_left: MAX_SIGNATURE_CHECKS,
        first_defect: None,
        furthest_issuer: leaf.issuer(),
        furthest: 0,
    };
    match search.extend(&mut Vec::new()) {
        Some(path) => Ok(path),
        None => Err(match search.first_defect {
            Some(defect) => PathFailure::Defect(defect),
            None => PathFailure::Untrusted(Untrusted::UnknownAuthority {
                subject: leaf.subject(),
                issuer: search.furthest_issuer,
            }),
        }),
    }
}

struct Search<'a, 'm> {
    leaf: &'a Certificate,
    offered: &'a [Certificate],
    store: &'a TrustStore,
    moment: &'m Moment,
    revocation: Lookup<'a, 'm>,
    checks_left: usize,
    first_defect: Option<CertificateDefect>,
    furthest_issuer: String,
    furthest: usize,
}

impl<'a> Search<'a, '_> {
    /// Depth-first over issuers; recursion is bounded by [`MAX_DEPTH`].
    fn extend(&mut self, intermediates: &mut Vec<&'a Certificate>) -> Option<Path<'a>> {
        let last = intermediates.last().copied().unwrap_or(self.leaf);
        if intermediates.len() > self.furthest {
            self.furthest = intermediates.len();
            self.furthest_issuer = last.issuer();
        }
        let store = self.store;
        for authority in &store.authorities {
            // A trusted certificate may sign by itself: whoever trusts it has pinned it.
            let pinned = authority.certificate == *self.leaf;
            let reached = if pinned {
                intermediates.is_empty()
            } else {
                self.issued(last, &authority.certificate)
            };
            if reached {
                let defect = if pinned {
                    self.pinned_defect()
                } else {
                    self.defect(intermediates, &authority.certificate)
                };
                match defect {
                    None => {
                        return Some(Path {
                            authority,
                            intermediates: intermediates.clone(),
                        });
                    }
                    Some(defect) => {
                        self.first_defect.get_or_insert(defect);
                    }
                }
            }
        }
        // Leaf, the intermediate to be added, and an authority.
        if intermediates.len() + 3 > MAX_DEPTH {
            return None;
        }
        for candidate in self.offered.iter().chain(&store.intermediates) {
            let used = candidate == self.leaf || intermediates.contains(&candidate);
            if !used && self.issued(last, candidate) {
                intermediates.push(candidate);
                let found = self.extend(intermediates);
                intermediates.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    fn issued(&mut self, certificate: &Certificate, issuer: &Certificate) -> bool {
        if !certificate.is_issued_by_name_of(issuer) || self.checks_left == 0 {
            return false;
        }
        self.checks_left -= 1;
        certificate.is_signed_by(issuer)
    }

    /// First defect of a trusted certificate that signs by itself.
    fn pinned_defect(&self) -> Option<CertificateDefect> {
        validity_defect(self.leaf, &self.moment.signed)
            .or_else(|| unevaluated(self.leaf))
            .or_else(|| leaf_defect(self.leaf, self.store.leaf_purpose))
    }

    /// First defect of a path whose signatures hold (RFC 5280 §6.1.3 and §6.1.4).
    fn defect(
        &mut self,
        intermediates: &[&'a Certificate],
        authority: &'a Certificate,
    ) -> Option<CertificateDefect> {
        let leaf = self.leaf;
        let path: Vec<&'a Certificate> = std::iter::once(leaf)
            .chain(intermediates.iter().copied())
            .chain(std::iter::once(authority))
            .collect();
        let issuers = || path.iter().copied().skip(1);
        path.iter()
            .find_map(|certificate| {
                validity_defect(certificate, &self.moment.signed)
                    .or_else(|| unevaluated(certificate))
            })
            .or_else(|| leaf_defect(leaf, self.store.leaf_purpose))
            .or_else(|| {
                issuers().enumerate().find_map(|(position, issuer)| {
                    // Self-issued certificates do not count (RFC 5280 §4.2.1.9).
                    let below = intermediates
                        .iter()
                        .take(position)
                        .filter(|certificate| !certificate.is_self_issued())
                        .count();
                    issuer_defect(issuer, below)
                })
            })
            .or_else(|| issuers().find_map(purpose_defect))
            .or_else(|| constraint_defect(&path))
            // From the authority down: the word of a revoked issuer is worth nothing.
            .or_else(|| {
                path.iter()
                    .zip(issuers())
                    .rev()
                    .find_map(|(certificate, issuer)| self.revocation.defect(certificate, issuer))
            })
    }
}

fn validity_defect(certificate: &Certificate, judged: &TrustedTime) -> Option<CertificateDefect> {
    let (not_before, not_after) = certificate.validity();
    let now = judged.time;
    // Validity ends with the last whole second that the certificate names.
    if now.as_second() > not_after.as_second() {
        return Some(CertificateDefect::Expired {
            subject: certificate.subject(),
            not_after,
            judged: judged.clone(),
        });
    }
    (now < not_before).then(|| CertificateDefect::NotYetValid {
        subject: certificate.subject(),
        not_before,
        judged: judged.clone(),
    })
}

fn unevaluated(certificate: &Certificate) -> Option<CertificateDefect> {
    certificate
        .unevaluated
        .first()
        .map(|oid| CertificateDefect::UnsupportedExtension {
            subject: certificate.subject(),
            oid: oid.to_string(),
        })
}

pub(crate) fn leaf_defect(leaf: &Certificate, purpose: LeafPurpose) -> Option<CertificateDefect> {
    // Without KeyUsage the key is unrestricted by RFC 5280. Code signing as an
    // extended key usage says that it may sign; where that is absent too, nothing
    // does, and the reference tool refuses such a leaf as we do.
    if !leaf.key_uses.digital_signature
        && (leaf.key_uses.restricted || leaf.extended_uses.is_none())
    {
        return Some(CertificateDefect::NoDigitalSignature {
            subject: leaf.subject(),
        });
    }
    let Some(uses) = leaf.extended_uses.as_ref() else {
        return (purpose == LeafPurpose::CodeSigning).then(|| CertificateDefect::NoPurpose {
            subject: leaf.subject(),
        });
    };
    (!uses.contains(&rfc5280::ID_KP_CODE_SIGNING)).then(|| CertificateDefect::WrongPurpose {
        subject: leaf.subject(),
        found: uses.iter().map(use_name).collect::<Vec<_>>().join(", "),
    })
}

fn issuer_defect(issuer: &Certificate, below: usize) -> Option<CertificateDefect> {
    let constraints = issuer.constraints.as_ref();
    let may_sign = !issuer.key_uses.restricted || issuer.key_uses.certificate_signing;
    if !may_sign || !constraints.is_some_and(|constraints| constraints.ca) {
        return Some(CertificateDefect::NotAnAuthority {
            subject: issuer.subject(),
        });
    }
    let allowed = constraints?.path_len_constraint?;
    (below > usize::from(allowed)).then(|| CertificateDefect::PathTooLong {
        subject: issuer.subject(),
        allowed,
        found: below,
    })
}

/// Every constraint holds for all certificates below, self-issued intermediates
/// left out (RFC 5280 §6.1.3 b and c).
fn constraint_defect(path: &[&Certificate]) -> Option<CertificateDefect> {
    path.iter().enumerate().find_map(|(position, authority)| {
        let constraints = authority.name_constraints.as_ref()?;
        let below = path.iter().take(position).enumerate();
        below
            .filter(|(index, certificate)| *index == 0 || !certificate.is_self_issued())
            .find_map(
                |(_, certificate)| match name_constraints::judge(constraints, certificate) {
                    Verdict::Allowed => None,
                    Verdict::Refused(name) => Some(CertificateDefect::NameNotAllowed {
                        subject: certificate.subject(),
                        name,
                        authority: authority.subject(),
                    }),
                    Verdict::TooMany => Some(CertificateDefect::UnsupportedExtension {
                        subject: authority.subject(),
                        oid: name_constraints::OID.to_string(),
                    }),
                },
            )
    })
}

/// An issuer that names purposes passes on no others (the practice of
/// every certificate library, CA/Browser Forum baseline §7.1.2).
fn purpose_defect(issuer: &Certificate) -> Option<CertificateDefect> {
    let uses = issuer.extended_uses.as_ref()?;
    let passes_on = uses.iter().any(|purpose| {
        *purpose == rfc5280::ID_KP_CODE_SIGNING || *purpose == rfc5280::ANY_EXTENDED_KEY_USAGE
    });
    (!passes_on).then(|| CertificateDefect::WrongPurpose {
        subject: issuer.subject(),
        found: uses.iter().map(use_name).collect::<Vec<_>>().join(", "),
    })
}

fn use_name(oid: &ObjectIdentifier) -> String {
    match *oid {
        rfc5912::ID_KP_SERVER_AUTH => "serverAuth".to_owned(),
        rfc5912::ID_KP_CLIENT_AUTH => "clientAuth".to_owned(),
        rfc5280::ID_KP_EMAIL_PROTECTION => "emailProtection".to_owned(),
        rfc5280::ID_KP_TIME_STAMPING => "timeStamping".to_owned(),
        rfc5280::ANY_EXTENDED_KEY_USAGE => "anyExtendedKeyUsage".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
