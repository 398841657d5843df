//! Paths of `fixtures/certificates`, each with the defect that its name says.

use super::*;
use crate::time::TimeSource;

/// The bytes of a file of `fixtures/certificates`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/../../fixtures/certificates/{name}.pem",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn chain(name: &str) -> Vec<Certificate> {
    Certificate::from_pem(&fixture(name)).unwrap()
}

pub(crate) fn store(root: &str) -> TrustStore {
    let mut store = TrustStore::new();
    store.add_authorities("root", &fixture(root)).unwrap();
    store
}

/// Within the validity of everything that is meant to be valid.
pub(crate) fn june() -> Timestamp {
    at("2026-06-01T00:00:00Z")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// None when a path is found.
pub(crate) fn judge(
    certificates: &[Certificate],
    store: &TrustStore,
    moment: impl Into<Moment>,
) -> Option<CertificateDefect> {
    let (leaf, offered) = certificates.split_first().unwrap();
    match build(leaf, offered, store, moment) {
        Ok(_) => None,
        Err(PathFailure::Defect(defect)) => Some(defect),
        Err(PathFailure::Untrusted(reason)) => panic!("{reason}"),
    }
}

fn judge_path(name: &str) -> Option<CertificateDefect> {
    judge(&chain(name), &store("root"), june())
}

fn leaf() -> String {
    "CN=signer.example".to_owned()
}

#[test]
fn a_good_path_is_found_with_its_intermediates() {
    let certificates = chain("good");
    let store = store("root");
    let (leaf, offered) = certificates.split_first().unwrap();
    let path = build(leaf, offered, &store, june()).unwrap();
    assert_eq!(path.intermediates, offered.iter().collect::<Vec<_>>());
    assert_eq!(path.authority.label, "root");
}

#[test]
fn each_defect_is_named() {
    let table = [
        (
            "no-extended-usage",
            CertificateDefect::NoPurpose { subject: leaf() },
        ),
        (
            "no-usage-bit",
            CertificateDefect::NoDigitalSignature { subject: leaf() },
        ),
        (
            "server-only",
            CertificateDefect::WrongPurpose {
                subject: leaf(),
                found: "serverAuth".to_owned(),
            },
        ),
        (
            "unknown-critical",
            CertificateDefect::UnsupportedExtension {
                subject: leaf(),
                oid: "1.3.6.1.4.1.32473.1".to_owned(),
            },
        ),
        (
            "expired",
            CertificateDefect::Expired {
                subject: leaf(),
                not_after: at("2026-04-30T00:00:00Z"),
                judged: TrustedTime::by_clock(june()),
            },
        ),
        (
            "not-yet-valid",
            CertificateDefect::NotYetValid {
                subject: leaf(),
                not_before: at("2026-07-01T00:00:00Z"),
                judged: TrustedTime::by_clock(june()),
            },
        ),
        (
            "too-long",
            CertificateDefect::PathTooLong {
                subject: "CN=Fixture Short CA".to_owned(),
                allowed: 0,
                found: 1,
            },
        ),
        (
            "not-an-authority",
            CertificateDefect::NotAnAuthority {
                subject: "CN=Fixture Plain".to_owned(),
            },
        ),
    ];
    for (name, defect) in table {
        assert_eq!(judge_path(&format!("paths/{name}")), Some(defect), "{name}");
    }
}

#[test]
fn depth_is_limited() {
    assert_eq!(chain("paths/deepest").len() + 1, MAX_DEPTH);
    assert_eq!(judge_path("paths/deepest"), None);
    let certificates = chain("paths/too-deep");
    let (leaf, offered) = certificates.split_first().unwrap();
    assert!(matches!(
        build(leaf, offered, &store("root"), june()),
        Err(PathFailure::Untrusted(Untrusted::UnknownAuthority { .. }))
    ));
}

#[test]
fn a_purpose_is_demanded_unless_the_store_says_otherwise() {
    let mut relaxed = store("root");
    relaxed.set_leaf_purpose(LeafPurpose::AnyWhenAbsent);
    let without = chain("paths/no-extended-usage");
    assert_eq!(judge(&without, &relaxed, june()), None);
    // The option is about certificates that say nothing, not about those that say otherwise.
    assert!(matches!(
        judge(&chain("paths/server-only"), &relaxed, june()),
        Some(CertificateDefect::WrongPurpose { .. })
    ));
    // A trusted certificate that signs by itself has to say its purpose as well.
    let pinned = store("paths/pinned");
    assert_eq!(judge(&chain("paths/pinned"), &pinned, june()), None);
    let name = "paths/pinned-without-extended-usage";
    let mut pinned = store(name);
    assert_eq!(
        judge(&chain(name), &pinned, june()),
        Some(CertificateDefect::NoPurpose { subject: leaf() })
    );
    pinned.set_leaf_purpose(LeafPurpose::AnyWhenAbsent);
    assert_eq!(judge(&chain(name), &pinned, june()), None);
}

#[test]
fn validity_is_judged_at_the_time_of_the_signature() {
    let certificates = chain("paths/expired");
    let store = store("root");
    let signed = |time, source| Moment {
        signed: TrustedTime {
            time: at(time),
            source,
        },
        now: june(),
    };
    let in_time = signed("2026-04-29T12:00:00Z", TimeSource::TransparencyLog);
    assert_eq!(judge(&certificates, &store, in_time), None);
    let authority = TimeSource::TimestampAuthority {
        name: "example".to_owned(),
    };
    let defect = judge(
        &certificates,
        &store,
        signed("2026-05-01T00:00:00Z", authority),
    );
    assert_eq!(
        defect.unwrap().to_string(),
        "certificate \"CN=signer.example\" expired at 2026-04-30T00:00:00Z \
         (judged at 2026-05-01T00:00:00Z, by a signed timestamp of \"example\")"
    );
}

#[test]
fn pss_signatures_count_with_one_hash_and_a_salt_of_its_length() {
    let store = store("pss/root");
    assert_eq!(store.authorities.len(), 1, "the root is self-signed");
    for name in ["pss/sha256", "pss/sha384", "pss/sha512", "pss/pkcs1"] {
        assert_eq!(judge(&chain(name), &store, june()), None, "{name}");
    }
    let certificates = chain("pss/short-salt");
    assert!(matches!(
        build(&certificates[0], &[], &store, june()),
        Err(PathFailure::Untrusted(Untrusted::UnknownAuthority { .. }))
    ));
}

#[test]
fn constrained_names_are_held_against_every_authority_above() {
    for name in ["good", "good-uri", "good-without-names", "directory-good"] {
        assert_eq!(judge_path(&format!("constrained/{name}")), None, "{name}");
    }
    let mail = "CN=Fixture Constrained CA";
    let directory = "CN=Fixture Directory CA";
    for (case, name, authority) in [
        ("mail-elsewhere", "email:signer@example.org", mail),
        ("mail-excluded", "email:eve@example.com", mail),
        ("mail-in-subject", "email:signer@example.org", mail),
        ("dns-elsewhere", "dns:example.org", mail),
        ("dns-excluded", "dns:a.test.example.com", mail),
        ("uri-elsewhere", "uri:https://example.org/", mail),
        ("uri-excluded", "uri:https://test.example.com/", mail),
        ("uri-without-host", "uri:urn:example:signer", mail),
        ("second-name-elsewhere", "dns:example.org", mail),
        (
            "directory-elsewhere",
            "name:CN=signer.example,O=Other,C=NL",
            directory,
        ),
        (
            "directory-intermediate",
            "name:CN=Fixture Lower CA",
            directory,
        ),
    ] {
        match judge_path(&format!("constrained/{case}")) {
            Some(CertificateDefect::NameNotAllowed {
                name: found,
                authority: by,
                ..
            }) => assert_eq!((found.as_str(), by.as_str()), (name, authority), "{case}"),
            other => panic!("{case}: {other:?}"),
        }
    }
    assert_eq!(
        judge_path("constrained/other-form"),
        Some(CertificateDefect::UnsupportedExtension {
            subject: "CN=Fixture Address CA".to_owned(),
            oid: "2.5.29.30".to_owned(),
        })
    );
}

/// A key with two fingerprints could be denied under one and used under the other.
#[test]
fn a_key_has_one_form_only() {
    assert_eq!(
        Certificate::from_pem(&fixture("paths/compressed-key")).unwrap_err(),
        crate::CertificateError::UnusualKey {
            detail: "the point is not uncompressed"
        }
    );
}

/// Any damage to a certificate or list is found: no byte of one is free to vary.
#[test]
fn no_flipped_byte_of_a_signed_document_goes_unseen() {
    let original = chain("pss/sha256").remove(0);
    let store = store("pss/root");
    for position in 0..original.der().len() {
        let mut bytes = original.der().to_vec();
        bytes[position] ^= 0x01;
        if let Ok(changed) = Certificate::from_der(&bytes) {
            let found = build(&changed, &[], &store, june());
            assert!(found.is_err(), "byte {position}");
        }
    }
}
