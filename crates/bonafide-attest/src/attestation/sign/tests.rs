//! What a statement and its envelope look like, and what is not signed.

use serde_json::{Value, json};

use super::*;
use crate::key::{
    PublicKey,
    fixtures::{ED25519_PRIVATE, P256_PRIVATE},
};

const TYPE: &str = "https://example.com/evaluation/v1";

fn subject(name: &str, content: &[u8]) -> Subject {
    Subject {
        name: name.to_owned(),
        digest: crate::key::sha256(content),
    }
}

fn statement(predicate_type: &str, predicate: &str) -> Result<Statement, AttestError> {
    let subjects = vec![subject("b", b"2"), subject("a/x", b"1")];
    Statement::new(subjects, predicate_type, predicate.as_bytes())
}

#[test]
fn the_statement_is_sorted_and_keeps_the_predicate_as_it_is() {
    let predicate = " {\"z\": 1.50, \"a\": [1e2, 12345678901234567890123, \"\\u00e9\"]}\n";
    let statement = statement(TYPE, predicate).unwrap();
    assert_eq!(statement.subjects(), 2);
    // The digests are those of `printf 1 | sha256sum` and `printf 2 | sha256sum`.
    let expected = "{\"_type\":\"https://in-toto.io/Statement/v1\",\
        \"predicate\":{\"z\": 1.50, \"a\": [1e2, 12345678901234567890123, \"\\u00e9\"]},\
        \"predicateType\":\"https://example.com/evaluation/v1\",\
        \"subject\":[\
        {\"digest\":{\"sha256\":\"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\"},\"name\":\"a/x\"},\
        {\"digest\":{\"sha256\":\"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35\"},\"name\":\"b\"}]}";
    assert_eq!(std::str::from_utf8(statement.payload()), Ok(expected));
}

#[test]
fn envelopes_verify_over_the_pre_authentication_encoding() {
    let statement = statement(TYPE, "{}").unwrap();
    for pem in [ED25519_PRIVATE, P256_PRIVATE] {
        let key = SigningKey::from_pem(pem.as_bytes(), None).unwrap();
        let bytes = sign(&statement, &key).unwrap();
        assert!(is_envelope(&bytes));
        let envelope: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
        let decode = |value: &Value| BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap();
        let payload = decode(&envelope["payload"]);
        assert_eq!(payload, statement.payload());
        let signatures = envelope["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 1);
        let public: &PublicKey = key.public();
        assert_eq!(signatures[0]["keyid"], public.fingerprint().hex());
        // DSSE v1.0, written out.
        let message = [
            format!("DSSEv1 28 application/vnd.in-toto+json {} ", payload.len()).as_bytes(),
            &payload,
        ]
        .concat();
        let signature = decode(&signatures[0]["sig"]);
        assert!(public.verifies(&message, &signature));
        assert!(public.verifies_dsse(&message, &signature));
        assert!(!public.verifies(&payload, &signature));
    }
}

#[test]
fn ed25519_attestations_are_reproducible() {
    let key = SigningKey::from_pem(ED25519_PRIVATE.as_bytes(), None).unwrap();
    let statement = statement(TYPE, "{\"a\":1}").unwrap();
    assert_eq!(sign(&statement, &key), sign(&statement, &key));
}

#[test]
fn predicates_have_to_mean_one_thing() {
    for (predicate, expected) in [
        ("", "EOF"),
        ("[]", "no JSON object"),
        ("\"text\"", "no JSON object"),
        ("{} {}", "trailing characters"),
        ("{\"a\":1,\"a\":1}", "`a` comes twice"),
        (
            "{\"a\":[{\"b\":{\"c\":1,\"\\u0063\":2}}]}",
            "`c` comes twice",
        ),
        ("{\"a\":\"\\ud800\"}", "hex escape"),
        ("{\"a\":1e999}", "number out of range"),
        ("{\"a\u{1b}\":1}", "control character"),
    ] {
        match statement(TYPE, predicate) {
            Err(AttestError::Predicate { detail }) => {
                let detail = detail.to_lowercase();
                assert!(detail.contains(&expected.to_lowercase()), "{detail}");
            }
            other => panic!("{predicate}: {other:?}"),
        }
    }
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    assert!(matches!(
        statement(TYPE, &deep),
        Err(AttestError::Predicate { .. })
    ));
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(MOST_PREDICATE_BYTES));
    assert!(matches!(
        statement(TYPE, &large),
        Err(AttestError::PredicateSize { .. })
    ));
    assert!(matches!(
        Statement::new(vec![subject("a", b"")], TYPE, b"{\"a\":\"\xff\"}"),
        Err(AttestError::Predicate { .. })
    ));
}

#[test]
fn predicate_types_are_absolute_uris() {
    for good in [
        "https://slsa.dev/provenance/v9",
        "https://example.com",
        "urn:example:evaluation",
        "https://in-toto.io/attestation/vulns#v0.1",
        "https://example.com/%C3%A9?a=b",
    ] {
        assert!(statement(good, "{}").is_ok(), "{good}");
    }
    for bad in [
        "",
        "evaluation",
        "/evaluation/v1",
        "https:",
        "https://",
        "1https://example.com",
        ":x",
        "https://example.com/a b",
        "https://example.com/\u{e9}",
        "https://example.com/%zz",
        "https://example.com/%1",
        "https://example.com/\n",
        "https://example.com/\"",
    ] {
        assert!(
            matches!(statement(bad, "{}"), Err(AttestError::PredicateType { .. })),
            "{bad}"
        );
    }
    for own in [
        "https://model_signing/signature/v1.0",
        "https://model_signing/Digests/v0.1",
    ] {
        assert_eq!(
            statement(own, "{\"unused\":\"\"}"),
            Err(AttestError::ModelSignature {
                predicate_type: own
            })
        );
    }
}

/// What bonafide signs, bonafide reads.
#[test]
fn what_no_verifier_would_read_is_not_signed() {
    const RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
    let passed = "{\"result\":\"PASSED\",\"configuration\":[]}";
    assert!(statement(RESULT, passed).is_ok());
    for (predicate_type, predicate) in [
        ("https://slsa.dev/provenance/v1", "{\"a\":1}"),
        (RESULT, "{\"result\":\"FINE\",\"configuration\":[]}"),
        (RESULT, "{\"configuration\":[]}"),
    ] {
        assert!(
            matches!(
                statement(predicate_type, predicate),
                Err(AttestError::Rejected(StatementError::Predicate { .. }))
            ),
            "{predicate_type}: {predicate}"
        );
    }
    // The predicate alone is small enough, the statement is not.
    let filling = MOST_PREDICATE_BYTES - "{\"a\":\"\"}".len();
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(filling));
    assert!(matches!(
        statement(TYPE, &large),
        Err(AttestError::Rejected(StatementError::Size { .. }))
    ));
    let long = format!("https://example.com/{}", "x".repeat(1_024));
    assert!(matches!(
        statement(&long, "{}"),
        Err(AttestError::Rejected(StatementError::PredicateType(_)))
    ));
}

#[test]
fn subjects_are_there_and_distinct() {
    assert_eq!(
        Statement::new(Vec::new(), TYPE, b"{}"),
        Err(AttestError::NoSubjects)
    );
    let long = "x".repeat(5_000);
    for (names, expected) in [
        (vec![""], "is empty"),
        (vec!["a", "b", "a"], "is used twice"),
        (vec!["a\nb"], "has control characters"),
        (vec![long.as_str()], "is too long"),
    ] {
        let subjects = names.iter().map(|name| subject(name, b"")).collect();
        match Statement::new(subjects, TYPE, b"{}") {
            Err(AttestError::SubjectName { reason, .. }) => assert_eq!(reason, expected),
            other => panic!("{names:?}: {other:?}"),
        }
    }
    let blake3 = Digest::new(Algorithm::Blake3, &[0; 32]).unwrap();
    let subject = Subject {
        name: "a".to_owned(),
        digest: blake3,
    };
    assert_eq!(
        Statement::new(vec![subject], TYPE, b"{}"),
        Err(AttestError::Hash {
            algorithm: Algorithm::Blake3
        })
    );
}

/// What may be overwritten: an envelope, and nothing that only looks like one.
#[test]
fn envelopes_are_told_from_other_files() {
    let good = json!({
        "payload": "e30=",
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"keyid": "", "sig": "AA=="}],
    });
    assert!(is_envelope(good.to_string().as_bytes()));
    for (field, value) in [
        ("payload", json!("not base64")),
        ("payloadType", json!("text/plain")),
        ("signatures", json!([])),
        ("signatures", json!([[]])),
        ("more", json!(1)),
    ] {
        let mut other = good.clone();
        other[field] = value;
        assert!(!is_envelope(other.to_string().as_bytes()), "{other}");
    }
    for text in ["", "{}", "[]", "weights"] {
        assert!(!is_envelope(text.as_bytes()), "{text}");
    }
}
