//! What is never accepted, whoever vouches for it: keys, certificates,
//! identities and artifacts that somebody put on a list.
//!
//! A list that has expired, or is older than it lets itself become, cannot be
//! put in force: not to know what is denied now is an error of the run.

use std::collections::HashMap;
use std::fmt;

use bonafide_core::{Algorithm, Digest};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::certificate::Certificate;
use crate::key::sha256;
use crate::rejection::excerpt;

/// A list as it is written. [`DenyList::in_force`] makes it count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenyListDocument {
    /// Its name in reports.
    pub name: String,
    /// The day on which it was made (UTC).
    pub issued: Date,
    /// Last day on which it may be used (UTC).
    pub expires: Date,
    /// Days after which it is too old, whatever `expires` says.
    pub max_age_days: Option<u32>,
    /// What it denies.
    pub entries: Vec<DenyEntry>,
}

/// One thing that is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenyEntry {
    /// What.
    pub target: DeniedTarget,
    /// Why.
    pub reason: String,
    /// Since which day it is on the list.
    pub added: Option<Date>,
    /// Last day on which it is denied; without end if none.
    pub expires: Option<Date>,
}

/// What can be denied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DeniedTarget {
    /// A public key, by the SHA-256 of its DER `SubjectPublicKeyInfo`.
    Key(Digest),
    /// A certificate, by the SHA-256 of its DER form.
    Certificate(Digest),
    /// Somebody, by who says so and what they are called there.
    Identity {
        /// Who says so: an OpenID Connect issuer, or the issuer name of a certificate.
        issuer: String,
        /// The identity, subject or subject alternative name.
        subject: String,
    },
    /// A file or artifact by its digest.
    Digest(Digest),
}

impl DeniedTarget {
    /// The form in which targets are compared.
    fn folded(&self) -> Self {
        match self {
            Self::Identity { issuer, subject } => Self::Identity {
                issuer: issuer.to_ascii_lowercase(),
                subject: subject.to_ascii_lowercase(),
            },
            other => other.clone(),
        }
    }
}

impl fmt::Display for DeniedTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(digest) => write!(formatter, "key {digest}"),
            Self::Certificate(digest) => write!(formatter, "certificate {digest}"),
            Self::Identity { issuer, subject } => write!(
                formatter,
                "identity \"{}\" of issuer \"{}\"",
                excerpt(subject, 300),
                excerpt(issuer, 300)
            ),
            Self::Digest(digest) => write!(formatter, "digest {digest}"),
        }
    }
}

/// Why a list cannot be put in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DenyListError {
    /// Its time is over.
    #[error("deny-list \"{name}\" expired on {expires} (today is {today})")]
    Expired {
        /// Its name.
        name: String,
        /// Its last day.
        expires: Date,
        /// Today (UTC).
        today: Date,
    },
    /// Older than it lets itself become.
    #[error(
        "deny-list \"{name}\" is of {issued}, older than its limit of {max_age_days} days (today is {today})"
    )]
    TooOld {
        /// Its name.
        name: String,
        /// When it was made.
        issued: Date,
        /// What it allows.
        max_age_days: u32,
        /// Today (UTC).
        today: Date,
    },
    /// Made in the future: a clock is wrong, and ages cannot be judged.
    #[error("deny-list \"{name}\" is of {issued}, which has not come (today is {today})")]
    NotYetIssued {
        /// Its name.
        name: String,
        /// When it was made.
        issued: Date,
        /// Today (UTC).
        today: Date,
    },
}

/// Something met an entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// Name of the list.
    pub list: String,
    /// What was denied.
    pub target: DeniedTarget,
    /// Why, as the list says.
    pub reason: String,
    /// Since which day, if the list says.
    pub added: Option<Date>,
}

impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} is on deny-list \"{}\"",
            self.target,
            excerpt(&self.list, 200)
        )?;
        if let Some(added) = self.added {
            write!(formatter, " since {added}")?;
        }
        write!(formatter, ": {}", excerpt(&self.reason, 300))
    }
}

/// A list that is in force on a given day.
#[derive(Debug, Clone)]
pub struct DenyList {
    name: String,
    entries: HashMap<DeniedTarget, DenyEntry>,
    lapsed: Vec<DenyEntry>,
}

impl DenyList {
    /// Puts a list in force on the day of `now`.
    ///
    /// # Errors
    ///
    /// The list has expired, is too old, or comes from the future.
    pub fn in_force(document: DenyListDocument, now: Timestamp) -> Result<Self, DenyListError> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let name = document.name;
        if document.issued > today {
            return Err(DenyListError::NotYetIssued {
                name,
                issued: document.issued,
                today,
            });
        }
        if today > document.expires {
            return Err(DenyListError::Expired {
                name,
                expires: document.expires,
                today,
            });
        }
        if let Some(max_age_days) = document.max_age_days
            && today.duration_since(document.issued).as_hours() / 24 > i64::from(max_age_days)
        {
            return Err(DenyListError::TooOld {
                name,
                issued: document.issued,
                max_age_days,
                today,
            });
        }
        let (lapsed, current): (Vec<DenyEntry>, Vec<DenyEntry>) = document
            .entries
            .into_iter()
            .partition(|entry| entry.expires.is_some_and(|expires| today > expires));
        Ok(Self {
            name,
            entries: current
                .into_iter()
                .map(|entry| (entry.target.folded(), entry))
                .collect(),
            lapsed,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of entries that count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when nothing is denied.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries that no longer count, because their last day is over.
    #[must_use]
    pub fn lapsed(&self) -> &[DenyEntry] {
        &self.lapsed
    }

    /// A key, by the SHA-256 of its DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn denies_key(&self, fingerprint: &Digest) -> Option<Denial> {
        self.find(DeniedTarget::Key(*fingerprint))
    }

    /// A certificate, by the SHA-256 of its DER form. Its key and its names are
    /// not looked at; [`crate::TrustStore::denial_of_certificate_path`] does that.
    #[must_use]
    pub fn denies_certificate(&self, fingerprint: &Digest) -> Option<Denial> {
        self.find(DeniedTarget::Certificate(*fingerprint))
    }

    /// Somebody. Upper and lower case of ASCII letters do not differ here: whoever is
    /// denied must not come back as another spelling.
    #[must_use]
    pub fn denies_identity(&self, issuer: &str, subject: &str) -> Option<Denial> {
        self.find(DeniedTarget::Identity {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
        })
    }

    /// A file or artifact by its digest.
    #[must_use]
    pub fn denies_digest(&self, digest: &Digest) -> Option<Denial> {
        self.find(DeniedTarget::Digest(*digest))
    }

    /// Algorithms of the digests on the list.
    pub(crate) fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.entries.keys().filter_map(|target| match target {
            DeniedTarget::Digest(digest) => Some(digest.algorithm()),
            _ => None,
        })
    }

    /// A certificate by itself, by its key, or by one of its names.
    pub(crate) fn denies_any_of(&self, certificate: &Certificate) -> Option<Denial> {
        self.denies_certificate(&certificate.fingerprint())
            .or_else(|| {
                let mut twins = certificate.twins().into_iter();
                twins.find_map(|twin| self.denies_certificate(&sha256(&twin)))
            })
            .or_else(|| self.denies_key(&certificate.key_fingerprint()?))
            .or_else(|| {
                let (issuers, subjects) = certificate.denial_names();
                issuers.iter().find_map(|issuer| {
                    subjects
                        .iter()
                        .find_map(|subject| self.denies_identity(issuer, subject))
                })
            })
    }

    fn find(&self, target: DeniedTarget) -> Option<Denial> {
        let entry = self.entries.get(&target.folded())?;
        Some(Denial {
            list: self.name.clone(),
            target,
            reason: entry.reason.clone(),
            added: entry.added,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn entry(target: DeniedTarget, expires: Option<&str>) -> DenyEntry {
        DenyEntry {
            target,
            reason: "leaked".to_owned(),
            added: Some(date("2026-02-01")),
            expires: expires.map(date),
        }
    }

    fn document(max_age_days: Option<u32>) -> DenyListDocument {
        let identity = DeniedTarget::Identity {
            issuer: "https://issuer.example".to_owned(),
            subject: "eve@example.com".to_owned(),
        };
        DenyListDocument {
            name: "incidents".to_owned(),
            issued: date("2026-03-01"),
            expires: date("2026-12-31"),
            max_age_days,
            entries: vec![
                entry(DeniedTarget::Key(sha256(b"key")), None),
                entry(DeniedTarget::Certificate(sha256(b"certificate")), None),
                entry(identity, Some("2026-06-30")),
                entry(DeniedTarget::Digest(sha256(b"model")), Some("2026-04-01")),
            ],
        }
    }

    #[test]
    fn each_kind_is_denied_for_its_own_kind_only() {
        let list = DenyList::in_force(document(None), at("2026-03-01T00:00:00Z")).unwrap();
        assert_eq!(
            (list.name(), list.len(), list.is_empty()),
            ("incidents", 4, false)
        );
        let denial = list.denies_key(&sha256(b"key")).unwrap();
        assert_eq!(
            denial.to_string(),
            format!(
                "key {} is on deny-list \"incidents\" since 2026-02-01: leaked",
                sha256(b"key")
            )
        );
        assert_eq!(list.denies_certificate(&sha256(b"key")), None);
        assert_eq!(list.denies_digest(&sha256(b"key")), None);
        assert!(list.denies_certificate(&sha256(b"certificate")).is_some());
        assert!(list.denies_digest(&sha256(b"model")).is_some());
        let issuer = "https://issuer.example";
        assert!(list.denies_identity(issuer, "eve@example.com").is_some());
        assert!(list.denies_identity(issuer, "Eve@Example.com").is_some());
        assert_eq!(list.denies_identity(issuer, "eve@example.org"), None);
        assert_eq!(list.denies_identity("", "eve@example.com"), None);
    }

    #[test]
    fn entries_lapse_after_their_last_day_and_are_still_shown() {
        let in_force = |now| DenyList::in_force(document(None), at(now)).unwrap();
        let on_the_day = in_force("2026-04-01T23:59:59Z");
        assert!(on_the_day.denies_digest(&sha256(b"model")).is_some());
        assert!(on_the_day.lapsed().is_empty());
        let after = in_force("2026-04-02T00:00:00Z");
        assert_eq!(after.denies_digest(&sha256(b"model")), None);
        assert_eq!(after.lapsed().len(), 1);
        assert!(after.denies_key(&sha256(b"key")).is_some());
    }

    #[test]
    fn a_list_out_of_its_time_is_an_error() {
        let error = |days, now| DenyList::in_force(document(days), at(now)).unwrap_err();
        assert!(DenyList::in_force(document(None), at("2026-12-31T23:59:59Z")).is_ok());
        assert!(matches!(
            error(None, "2027-01-01T00:00:00Z"),
            DenyListError::Expired { .. }
        ));
        assert!(matches!(
            error(None, "2026-02-28T23:59:59Z"),
            DenyListError::NotYetIssued { .. }
        ));
        assert!(DenyList::in_force(document(Some(30)), at("2026-03-31T12:00:00Z")).is_ok());
        assert!(matches!(
            error(Some(30), "2026-04-01T00:00:00Z"),
            DenyListError::TooOld {
                max_age_days: 30,
                ..
            }
        ));
    }

    /// Each target denies the good path of the fixtures, by leaf, intermediate or root.
    #[test]
    fn a_path_is_denied_by_any_certificate_key_or_name_in_it() {
        use crate::path::tests::{chain, store};
        let mut path = chain("good");
        path.extend(chain("root"));
        let identity = |issuer: &str, subject: &str| DeniedTarget::Identity {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
        };
        let mut targets = vec![
            identity("CN=Fixture Intermediate CA", "CN=signer.example"),
            identity("CN=Fixture Intermediate CA", "signer@example.com"),
            identity("CN=Fixture Intermediate CA", "email:signer@example.com"),
            identity("CN=Fixture Root CA", "CN=Fixture Intermediate CA"),
        ];
        for certificate in &path {
            targets.push(DeniedTarget::Certificate(certificate.fingerprint()));
            targets.push(DeniedTarget::Key(certificate.key_fingerprint().unwrap()));
        }
        let trust_with = |target: &DeniedTarget| {
            let mut document = document(None);
            document.entries = vec![entry(target.clone(), None)];
            let mut trust = store("root");
            trust.add_deny_list(DenyList::in_force(document, at("2026-06-01T00:00:00Z")).unwrap());
            trust
        };
        for target in &targets {
            let denial = trust_with(target).denial_of_certificate_path(&path);
            assert_eq!(denial.map(|denial| denial.target).as_ref(), Some(target));
        }
        for target in [
            identity("CN=Fixture Root CA", "CN=signer.example"),
            identity("CN=Fixture Intermediate CA", "signer.example"),
            DeniedTarget::Digest(path[0].fingerprint()),
            DeniedTarget::Key(path[0].fingerprint()),
        ] {
            assert_eq!(trust_with(&target).denial_of_certificate_path(&path), None);
        }
        // Another form of the same certificate is the same certificate.
        let trust = trust_with(&DeniedTarget::Certificate(path[0].fingerprint()));
        let held = path[0].twins().into_iter().filter(|twin| {
            let twin = Certificate::from_der(twin).unwrap();
            twin.is_signed_by(&path[1]) && trust.denial_of_certificate_path([&twin]).is_some()
        });
        assert_eq!(held.count(), 1);
        // The same key by itself, as a key.
        let key = path[0].public_key().unwrap();
        let trust = trust_with(&DeniedTarget::Key(key.fingerprint()));
        assert!(trust.denial_of_key(&key).is_some());
        assert_eq!(trust.denial_of_digest(&key.fingerprint()), None);
        assert_eq!(trust.denial_of_identity("", ""), None);
    }
}
