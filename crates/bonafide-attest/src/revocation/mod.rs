//! Which certificates their issuers have taken back (RFC 5280 §5 and §6.3).
//!
//! Only lists that the policy or the user gives count; nothing is fetched. A
//! list that cannot be used never counts as a list without entries.
//!
//! What is listed counts whether the list is fresh or not, for an issuer's word
//! that a certificate is bad does not grow old, and whether it is a whole list or
//! not (delta, partial, indirect, with unknown critical extensions). Freshness and a
//! form that we understand are needed to believe that a certificate is *not* listed.
//! So keeping old lists beside new ones helps: issuers drop entries once a
//! certificate has expired (RFC 5280 §3.3).

mod list;

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

pub use list::{RevocationList, RevocationListError};

use crate::certificate::Certificate;
use crate::path::CertificateDefect;
use crate::time::Moment;
use list::Entry;

/// Why a certificate was revoked (RFC 5280 §5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevocationReason {
    /// No reason is given, or one that RFC 5280 does not know.
    Unspecified,
    /// Somebody else has the key, or may have it.
    KeyCompromise,
    /// Somebody else has the key of the authority, or may have it.
    CaCompromise,
    /// The subject's name or affiliation changed.
    AffiliationChanged,
    /// There is a newer certificate.
    Superseded,
    /// The certificate is no longer needed.
    CessationOfOperation,
    /// On hold: nobody is to rely on it for now.
    CertificateHold,
    /// A right that the certificate stated was taken away.
    PrivilegeWithdrawn,
    /// Attributes that the certificate stated cannot be relied on.
    AaCompromise,
}

impl RevocationReason {
    /// True when what was signed before the revocation is as good as it was.
    /// Not so with an unstated reason, which may be any, nor with a hold, which
    /// says that somebody is still looking.
    const fn spares_the_past(self) -> bool {
        matches!(
            self,
            Self::AffiliationChanged
                | Self::Superseded
                | Self::CessationOfOperation
                | Self::PrivilegeWithdrawn
        )
    }
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        })
    }
}

/// Why a list says nothing about the certificates of an issuer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListDefect {
    /// Not signed by the issuer whose name it bears.
    #[error("it is not signed by the issuer of the certificate")]
    WrongSignature,
    /// The issuer's KeyUsage lacks cRLSign.
    #[error("its issuer's certificate does not allow signing revocation lists")]
    IssuerMayNotSign,
    /// It comes from the future.
    #[error("it was issued at {this_update}, which has not come (now is {now})")]
    NotYetIssued {
        /// When it was issued.
        this_update: Timestamp,
        /// The clock of this run.
        now: Timestamp,
    },
    /// The next one is due.
    #[error("it is stale: the next list was due at {next_update} (now is {now})")]
    Stale {
        /// When the next one was due.
        next_update: Timestamp,
        /// The clock of this run.
        now: Timestamp,
    },
    /// Older than the policy lets it be.
    #[error("it was issued at {this_update}, more than {max_age_days} days ago (now is {now})")]
    TooOld {
        /// When it was issued.
        this_update: Timestamp,
        /// What the policy allows.
        max_age_days: u32,
        /// The clock of this run.
        now: Timestamp,
    },
    /// It does not say when the next one is due, and no age limit is set.
    #[error("it does not say when the next list is due, and no age limit is set for it")]
    NoNextUpdate,
    /// Only changes to another list (RFC 5280 §5.2.4).
    #[error("it is a delta list, which says nothing without its base")]
    Delta,
    /// It holds certificates of several issuers (RFC 5280 §5.2.5 and §5.3.3).
    #[error("it is an indirect list, with certificates of other issuers")]
    Indirect,
    /// It covers some of the issuer's certificates only (RFC 5280 §5.2.5).
    #[error("it covers a part of its issuer's certificates only")]
    Partial,
    /// A critical extension that we do not know (RFC 5280 §5.2).
    #[error("it has the critical extension {oid}, which is not supported")]
    CriticalExtension {
        /// The extension.
        oid: String,
    },
    /// An entry with a critical extension that we do not know (RFC 5280 §5.3).
    #[error("one of its entries has the critical extension {oid}, which is not supported")]
    CriticalEntryExtension {
        /// The extension.
        oid: String,
    },
    /// `removeFromCRL`, which only a delta list may say (RFC 5280 §5.3.1).
    #[error("one of its entries says `removeFromCRL`, which only delta lists may say")]
    RemovalInBaseList,
}

/// Why it is not known whether a certificate was revoked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationGap {
    /// No list of this issuer was given, and one is demanded.
    #[error("no revocation list of its issuer is given")]
    NoList,
    /// None of the issuer's lists can be used.
    #[error("revocation list \"{list}\" cannot be used: {defect}")]
    UnusableList {
        /// What the policy or the user calls the first of them.
        list: String,
        /// What is wrong with it.
        defect: ListDefect,
    },
}

/// For which certificates a revocation list has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RevocationDemand {
    /// For those whose issuer has one in the trust store.
    #[default]
    WhenConfigured,
    /// For every certificate below a trusted authority.
    Always,
}

/// A list of the trust store.
#[derive(Debug, Clone)]
pub(crate) struct GivenList {
    pub(crate) label: String,
    /// Lists are large, and stores are copied.
    pub(crate) list: Arc<RevocationList>,
    pub(crate) max_age_days: Option<u32>,
}

/// Looks certificates up in the lists of a store, and remembers which lists
/// turned out to be genuine: hashing one takes time.
#[derive(Debug)]
pub(crate) struct Lookup<'a, 'm> {
    lists: &'a [GivenList],
    demand: RevocationDemand,
    moment: &'m Moment,
    judged: Vec<(usize, &'a Certificate, bool)>,
}

impl<'a, 'm> Lookup<'a, 'm> {
    pub(crate) const fn new(
        lists: &'a [GivenList],
        demand: RevocationDemand,
        moment: &'m Moment,
    ) -> Self {
        Self {
            lists,
            demand,
            moment,
            judged: Vec::new(),
        }
    }

    /// What the lists have against a certificate that `issuer` signed.
    pub(crate) fn defect(
        &mut self,
        certificate: &Certificate,
        issuer: &'a Certificate,
    ) -> Option<CertificateDefect> {
        let lists = self.lists;
        let mut found: Option<Listed<'_>> = None;
        let mut held: Option<(Timestamp, Listed<'_>)> = None;
        let mut gap = match self.demand {
            RevocationDemand::Always => Some(RevocationGap::NoList),
            RevocationDemand::WhenConfigured => None,
        };
        let mut complete: Option<Timestamp> = None;
        for (index, given) in lists.iter().enumerate() {
            if !given.list.concerns(certificate) {
                continue;
            }
            let issued = given.list.this_update();
            let fresh = freshness(given, self.moment.now);
            let mut entries = given
                .list
                .entries_of(certificate)
                .filter_map(Listed::of)
                .peekable();
            // A large list is hashed only where it matters whose it is.
            let form = given.list.defect().cloned();
            let genuine = if form.is_none() || entries.peek().is_some() {
                self.genuine(index, given, issuer)
            } else {
                Ok(())
            };
            if genuine.is_ok() {
                for entry in entries {
                    // A hold may be lifted, so an old list's word for one can be overtaken.
                    let overtaken = held.as_ref().is_some_and(|(time, _)| *time >= issued);
                    if entry.reason == RevocationReason::CertificateHold && fresh.is_err() {
                        if !overtaken {
                            held = Some((issued, entry));
                        }
                    } else if self.counts(&entry) {
                        found.get_or_insert(entry);
                    }
                }
            }
            match form.map_or(genuine, Err).and(fresh) {
                Ok(()) => complete = complete.max(Some(issued)),
                Err(defect) if !matches!(gap, Some(RevocationGap::UnusableList { .. })) => {
                    gap = Some(RevocationGap::UnusableList {
                        list: given.label.clone(),
                        defect,
                    });
                }
                Err(_) => {}
            }
        }
        // Only a later list can show that a hold was lifted.
        let held = held.filter(|(issued, _)| complete.is_none_or(|newest| newest <= *issued));
        found = found.or(held.map(|(_, entry)| entry));
        if let Some(entry) = found {
            return Some(CertificateDefect::Revoked {
                subject: certificate.subject(),
                serial: entry.entry.serial.to_string(),
                date: entry.entry.date,
                reason: entry.reason,
                judged: self.moment.signed.clone(),
            });
        }
        gap.filter(|_| complete.is_none())
            .map(|reason| CertificateDefect::RevocationUnknown {
                subject: certificate.subject(),
                reason,
            })
    }

    /// Any revocation counts, unless somebody vouches that the signature is older
    /// and the reason says nothing against what was signed before.
    fn counts(&self, listed: &Listed<'_>) -> bool {
        let signed = &self.moment.signed;
        let before = signed.source.is_authenticated() && signed.time < listed.entry.since;
        !(before && listed.reason.spares_the_past())
    }

    /// Signed by the issuer, who may.
    fn genuine(
        &mut self,
        index: usize,
        given: &GivenList,
        issuer: &'a Certificate,
    ) -> Result<(), ListDefect> {
        if issuer.key_uses.restricted && !issuer.key_uses.list_signing {
            return Err(ListDefect::IssuerMayNotSign);
        }
        let known = self
            .judged
            .iter()
            .find(|(number, by, _)| *number == index && *by == issuer)
            .map(|(_, _, genuine)| *genuine);
        let genuine = known.unwrap_or_else(|| {
            let genuine = given.list.is_signed_by(issuer);
            self.judged.push((index, issuer, genuine));
            genuine
        });
        if genuine {
            Ok(())
        } else {
            Err(ListDefect::WrongSignature)
        }
    }
}

/// An entry that takes a certificate back.
struct Listed<'a> {
    entry: &'a Entry,
    reason: RevocationReason,
}

impl<'a> Listed<'a> {
    /// None for `removeFromCRL`: it shows that something was revoked, but not what
    /// holds now, which is for the other lists to say.
    fn of(entry: &'a Entry) -> Option<Self> {
        let reason = entry.reason?;
        Some(Self { entry, reason })
    }
}

/// Lists are judged by the clock, whenever the signature was made.
fn freshness(given: &GivenList, now: Timestamp) -> Result<(), ListDefect> {
    let list = &given.list;
    let this_update = list.this_update();
    if this_update > now {
        return Err(ListDefect::NotYetIssued { this_update, now });
    }
    match list.next_update() {
        Some(next_update) if now > next_update => {
            return Err(ListDefect::Stale { next_update, now });
        }
        None if given.max_age_days.is_none() => return Err(ListDefect::NoNextUpdate),
        _ => {}
    }
    match given.max_age_days {
        Some(max_age_days)
            if now.duration_since(this_update)
                > SignedDuration::from_hours(i64::from(max_age_days) * 24) =>
        {
            Err(ListDefect::TooOld {
                this_update,
                max_age_days,
                now,
            })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
