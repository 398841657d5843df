//! From a leaf to a trusted authority: RFC 5280 §6, for signing certificates.
//!
//! Our own, because the maintained path builder (`rustls-webpki`) refuses a
//! leaf with `CA:TRUE`, which the official OMS vectors have, and ignores
//! KeyUsage; the decision and its evidence are in `docs/decisions/`.
//!
//! Validity is judged at one given time for every certificate of the path, the
//! authority included. Revocation is not looked at here.

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5280, rfc5912};
use jiff::Timestamp;

use crate::certificate::Certificate;
use crate::rejection::Untrusted;
use crate::trust::{TrustStore, TrustedAuthority};

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
    #[error("certificate \"{subject}\" expired at {not_after} (judged at {now})")]
    Expired {
        /// Whose.
        subject: String,
        /// Last second of validity.
        not_after: Timestamp,
        /// The time it was judged by.
        now: Timestamp,
    },
    /// Its time has not come.
    #[error("certificate \"{subject}\" is not valid before {not_before} (judged at {now})")]
    NotYetValid {
        /// Whose.
        subject: String,
        /// First second of validity.
        not_before: Timestamp,
        /// The time it was judged by.
        now: Timestamp,
    },
    /// ExtendedKeyUsage is present and does not name code signing.
    #[error("certificate \"{subject}\" is for other purposes than code signing ({found})")]
    WrongPurpose {
        /// Whose.
        subject: String,
        /// What it is for.
        found: String,
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
/// to an authority of the store that is free of defects at `now`. When every
/// path has one, the defect of the first path is returned.
pub(crate) fn build<'a>(
    leaf: &'a Certificate,
    offered: &'a [Certificate],
    store: &'a TrustStore,
    now: Timestamp,
) -> Result<Path<'a>, PathFailure> {
    let mut search = Search {
        leaf,
        offered,
        store,
        now,
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

struct Search<'a> {
    leaf: &'a Certificate,
    offered: &'a [Certificate],
    store: &'a TrustStore,
    now: Timestamp,
    checks_left: usize,
    first_defect: Option<CertificateDefect>,
    furthest_issuer: String,
    furthest: usize,
}

impl<'a> Search<'a> {
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
                    pinned_defect(self.leaf, self.now)
                } else {
                    defect(self.leaf, intermediates, &authority.certificate, self.now)
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
}

/// First defect of a trusted certificate that signs by itself.
fn pinned_defect(leaf: &Certificate, now: Timestamp) -> Option<CertificateDefect> {
    validity_defect(leaf, now)
        .or_else(|| unevaluated(leaf))
        .or_else(|| leaf_defect(leaf))
}

/// First defect of a path whose signatures hold (RFC 5280 §6.1.3 and §6.1.4).
fn defect(
    leaf: &Certificate,
    intermediates: &[&Certificate],
    authority: &Certificate,
    now: Timestamp,
) -> Option<CertificateDefect> {
    std::iter::once(leaf)
        .chain(intermediates.iter().copied())
        .chain(std::iter::once(authority))
        .find_map(|certificate| {
            validity_defect(certificate, now).or_else(|| unevaluated(certificate))
        })
        .or_else(|| leaf_defect(leaf))
        .or_else(|| {
            let issuers = intermediates
                .iter()
                .copied()
                .chain(std::iter::once(authority));
            issuers.enumerate().find_map(|(position, issuer)| {
                // Self-issued certificates do not count (RFC 5280 §4.2.1.9).
                let below = intermediates
                    .iter()
                    .take(position)
                    .filter(|certificate| !certificate.is_self_issued())
                    .count();
                issuer_defect(issuer, below)
            })
        })
        .or_else(|| {
            let mut issuers = intermediates
                .iter()
                .copied()
                .chain(std::iter::once(authority));
            issuers.find_map(purpose_defect)
        })
}

fn validity_defect(certificate: &Certificate, now: Timestamp) -> Option<CertificateDefect> {
    let (not_before, not_after) = certificate.validity();
    // Validity ends with the last whole second that the certificate names.
    if now.as_second() > not_after.as_second() {
        return Some(CertificateDefect::Expired {
            subject: certificate.subject(),
            not_after,
            now,
        });
    }
    (now < not_before).then(|| CertificateDefect::NotYetValid {
        subject: certificate.subject(),
        not_before,
        now,
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

pub(crate) fn leaf_defect(leaf: &Certificate) -> Option<CertificateDefect> {
    // Without KeyUsage the key is unrestricted by RFC 5280, but the reference
    // tool refuses such a leaf, and so do we: nothing says that it may sign.
    if !leaf.key_uses.digital_signature
        && (leaf.key_uses.restricted || leaf.extended_uses.is_none())
    {
        return Some(CertificateDefect::NoDigitalSignature {
            subject: leaf.subject(),
        });
    }
    let uses = leaf.extended_uses.as_ref()?;
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
