//! Each predicate by an example after its specification, and each way in which it can be wrong.

mod inventory;
mod provenance;
mod verdict;

use bonafide_core::{Algorithm, RawName};
use serde_json::{Value, json};

use super::*;
use provenance::{PROVENANCE_V1, provenance_v1};
use verdict::{SUMMARY_V1, summary_v1};

const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const COMMIT: &str = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";

/// The field and the defect of a predicate after one change.
fn refused(
    predicate_type: &str,
    mut predicate: Value,
    pointer: &str,
    value: Value,
) -> (String, FieldDefect) {
    set(&mut predicate, pointer, value);
    match read(predicate_type, predicate) {
        Err(FieldError { field, defect }) => (field, defect),
        Ok(read) => panic!("{predicate_type} {pointer}: {read:?}"),
    }
}

fn accepted(predicate_type: &str, mut predicate: Value, pointer: &str, value: Value) -> Predicate {
    set(&mut predicate, pointer, value);
    read(predicate_type, predicate).unwrap()
}

/// Sets the member at a JSON pointer, and makes it where there is none.
fn set(predicate: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match predicate.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        object => object[name] = value,
    }
}

fn seconds(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

#[test]
fn lists_and_texts_end() {
    let dependencies = |count: usize| json!(vec![json!({}); count]);
    let pointer = "/buildDefinition/resolvedDependencies";
    accepted(
        PROVENANCE_V1,
        provenance_v1(),
        pointer,
        dependencies(MOST_RESOURCES),
    );
    let (_, defect) = refused(
        PROVENANCE_V1,
        provenance_v1(),
        pointer,
        dependencies(MOST_RESOURCES + 1),
    );
    let entries = MOST_RESOURCES + 1;
    let limit = MOST_RESOURCES;
    assert_eq!(defect, FieldDefect::Count { entries, limit });
    let pointer = "/runDetails/builder/id";
    accepted(
        PROVENANCE_V1,
        provenance_v1(),
        pointer,
        json!("x".repeat(8_192)),
    );
    let (_, defect) = refused(
        PROVENANCE_V1,
        provenance_v1(),
        pointer,
        json!("x".repeat(8_193)),
    );
    let (bytes, limit) = (8_193, 8_192);
    assert_eq!(defect, FieldDefect::Length { bytes, limit });
    let levels = |count: usize| json!(vec!["L"; count]);
    accepted(SUMMARY_V1, summary_v1(), "/verifiedLevels", levels(1_024));
    let (_, defect) = refused(SUMMARY_V1, summary_v1(), "/verifiedLevels", levels(1_025));
    assert!(matches!(defect, FieldDefect::Count { .. }));
    let counts: Value = (0..1_025)
        .map(|n| (n.to_string(), json!(n)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let (_, defect) = refused(SUMMARY_V1, summary_v1(), "/dependencyLevels", counts);
    assert!(matches!(defect, FieldDefect::Count { .. }));
    let versions: Value = (0..1_025)
        .map(|n| (n.to_string(), json!("1")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let (_, defect) = refused(SUMMARY_V1, summary_v1(), "/verifier/version", versions);
    assert!(matches!(defect, FieldDefect::Count { .. }));
}

#[test]
fn types_are_compared_byte_for_byte_and_the_rest_is_opaque() {
    let predicate = json!({"anything": [1, {"x": null}]});
    for predicate_type in [
        "https://slsa.dev/provenance/v1/",
        "https://slsa.dev/provenance/v1.0",
        "https://slsa.dev/provenance/v0.1",
        "http://slsa.dev/provenance/v1",
        "https://slsa.dev/provenance/V1",
        "https://slsa.dev/verification_summary/v0.1",
        "https://in-toto.io/attestation/svr/v0.2",
        "https://cyclonedx.org/bom/",
        "https://cyclonedx.org/bom/v",
        "https://cyclonedx.org/bom/v1.",
        "https://cyclonedx.org/bom/v1.4/x",
        "https://cyclonedx.org/bomber",
        "https://spdx.dev/Documents",
        "https://spdx.dev/Document/v12345678901234567890",
        "https://model_signing/signature/v1.1",
        "x",
    ] {
        let read = read(predicate_type, predicate.clone()).unwrap();
        assert_eq!(
            read,
            Predicate::Opaque(predicate.clone()),
            "{predicate_type}"
        );
        assert_eq!((read.result(), read.raw()), (None, Some(&predicate)));
    }
    let model = read(oms::PREDICATE_TYPE, predicate).unwrap();
    assert_eq!((&model, model.raw()), (&Predicate::Model, None));
}

#[test]
fn digest_sets_name_what_is_usable() {
    let set = |digest: Value, malformed: Malformed| {
        let value = json!({"digest": digest});
        digest_set(&Fields::new(&value, String::new()).unwrap(), malformed)
    };
    let longer = HEX.repeat(2);
    let known = set(
        json!({"sha256": HEX, "sha384": &longer[..96], "sha512": longer, "blake2b": longer, "blake3": HEX,
            "sha3_256": HEX, "sha3_384": &longer[..96], "sha3_512": longer,
            "blake2b-256": HEX, "blake2b-384": &longer[..96]}),
        Malformed::Refuse,
    )
    .unwrap();
    let mut algorithms: Vec<_> = known
        .iter()
        .map(|digest| digest.known().unwrap().algorithm())
        .collect();
    algorithms.sort();
    assert_eq!(algorithms, Algorithm::ALL);
    let rest = set(
        json!({"md5": "x", "sha1": COMMIT, "gitCommit": COMMIT, "SHA256": HEX, "sha512_256": HEX}),
        Malformed::Refuse,
    )
    .unwrap();
    assert!(rest.iter().all(|digest| digest.known().is_none()));
    let weak = rest
        .iter()
        .filter(|digest| matches!(digest, SubjectDigest::Weak { .. }));
    assert_eq!(weak.count(), 2);

    for bad in [
        HEX.to_uppercase(),
        HEX[1..].to_owned(),
        format!("{HEX}00"),
        format!("sha256:{HEX}"),
        "zz".repeat(32),
    ] {
        let found = set(json!({"sha256": bad}), Malformed::Refuse).unwrap_err();
        assert_eq!(found.field, "digest.sha256");
        assert!(matches!(found.defect, FieldDefect::Digest(_)), "{found:?}");
        let kept = set(json!({"sha256": bad}), Malformed::KeepAsUnknown).unwrap();
        assert_eq!(kept[0].known(), None);
    }
    for (value, defect) in [
        (json!(""), FieldDefect::Missing),
        (
            json!(null),
            FieldDefect::Kind {
                expected: "a string",
            },
        ),
        (
            json!([HEX]),
            FieldDefect::Kind {
                expected: "a string",
            },
        ),
    ] {
        for malformed in [Malformed::Refuse, Malformed::KeepAsUnknown] {
            let found = set(json!({"sha256": value}), malformed).unwrap_err();
            assert_eq!(found.defect, defect);
        }
    }
    let twice = set(
        json!({"blake2b": longer, "blake2b-512": longer}),
        Malformed::Refuse,
    );
    assert_eq!(twice.unwrap_err().defect, FieldDefect::RepeatedAlgorithm);
    let long_name = set(json!({"x".repeat(129): "1"}), Malformed::Refuse).unwrap_err();
    let (bytes, limit) = (129, 128);
    assert_eq!(long_name.defect, FieldDefect::Length { bytes, limit });
    let many = |count: usize| -> Value {
        (0..count)
            .map(|n| (format!("x{n}"), json!("1")))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    assert_eq!(set(many(32), Malformed::Refuse).unwrap().len(), 32);
    let (entries, limit) = (33, 32);
    assert_eq!(
        set(many(33), Malformed::Refuse).unwrap_err().defect,
        FieldDefect::Count { entries, limit }
    );
    assert_eq!(set(json!(null), Malformed::Refuse), Ok(vec![]));
    assert!(set(json!([]), Malformed::Refuse).is_err());
}
