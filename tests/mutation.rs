//! A bundle in which any one bit differs never verifies.

use bonafide_attest::{Conclusion, TrustStore, examine};
use jiff::Timestamp;

use crate::harness::fixture;

fn trust() -> TrustStore {
    let mut trust = TrustStore::new();
    let pem = |name: &str| std::fs::read(fixture("supply-chain/keys").join(name)).unwrap();
    trust
        .add_key("publisher", &pem("publisher.pub.pem"))
        .unwrap();
    trust.add_key("data", &pem("data.pub.pem")).unwrap();
    trust
        .add_authorities("authority", &pem("ca-root.pem"))
        .unwrap();
    trust
}

#[test]
fn no_single_bit_of_a_bundle_can_change() {
    let trust = trust();
    let now: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    for name in [
        "digits-classifier",
        "digits-classifier-finetuned",
        "digits-dataset",
    ] {
        let bundle = std::fs::read(fixture("supply-chain").join(name).join("model.sig")).unwrap();
        assert!(
            matches!(
                examine(&bundle, &trust, now)[0].conclusion,
                Conclusion::Verified(_)
            ),
            "{name}"
        );
        for position in 0..bundle.len() {
            let mut mutant = bundle.clone();
            // Another bit at each byte, so that all eight are tried all over the file.
            mutant[position] ^= 1 << (position % 8);
            let examination = &examine(&mutant, &trust, now)[0];
            assert!(
                !matches!(examination.conclusion, Conclusion::Verified(_)),
                "{name}: byte {position} ({:?} -> {:?})",
                char::from(bundle[position]),
                char::from(mutant[position]),
            );
        }
    }
}

#[test]
fn no_truncated_bundle_verifies() {
    let trust = trust();
    let now: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    let bundle = std::fs::read(fixture("supply-chain/digits-classifier/model.sig")).unwrap();
    let end = bundle.iter().rposition(|byte| *byte == b'}').unwrap();
    for length in 0..end {
        let examination = &examine(&bundle[..length], &trust, now)[0];
        assert!(
            matches!(examination.conclusion, Conclusion::Rejected(_)),
            "{length}"
        );
    }
}

/// The clock decides, at both ends and to the second.
#[test]
fn certificates_hold_from_their_first_to_their_last_second() {
    let trust = trust();
    let bundle = std::fs::read(fixture(
        "supply-chain/digits-classifier-finetuned/model.sig",
    ))
    .unwrap();
    let table = [
        ("2025-12-31T23:59:59Z", false),
        ("2026-01-01T00:00:00Z", true),
        ("2099-12-31T23:59:59Z", true),
        ("2100-01-01T00:00:00Z", false),
    ];
    for (now, holds) in table {
        let conclusion = &examine(&bundle, &trust, now.parse().unwrap())[0].conclusion;
        assert_eq!(
            matches!(conclusion, Conclusion::Verified(_)),
            holds,
            "{now}: {conclusion:?}"
        );
        let by_validity = matches!(conclusion, Conclusion::CertificateNotValid(_));
        assert_eq!(by_validity, !holds, "{now}");
    }
}
