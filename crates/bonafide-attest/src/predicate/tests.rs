//! Each predicate by an example after its specification, and each way in which it can be wrong.

use bonafide_core::{Algorithm, RawName};
use serde_json::{Value, json};

use super::*;

const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const COMMIT: &str = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";

const PROVENANCE_V1: &str = "https://slsa.dev/provenance/v1";
const PROVENANCE_V02: &str = "https://slsa.dev/provenance/v0.2";
const SUMMARY_V1: &str = "https://slsa.dev/verification_summary/v1";
const SUMMARY_V02: &str = "https://slsa.dev/verification_summary/v0.2";
const SVR: &str = "https://in-toto.io/attestation/svr/v0.1";
const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
const SCAI: &str = "https://in-toto.io/attestation/scai/attribute-report/v0.2";

fn provenance_v1() -> Value {
    json!({
        "buildDefinition": {
            "buildType": "https://ml.example/training-run/v1",
            "externalParameters": {"recipe": "configs/tiny.yaml"},
            "internalParameters": {"pool": "gpu-8"},
            "resolvedDependencies": [
                {"uri": "git+https://ml.example/recipes@refs/heads/main", "digest": {"gitCommit": COMMIT}},
                {"name": "corpus", "uri": "https://data.example/corpus.tar", "digest": {"sha256": HEX},
                 "downloadLocation": "https://mirror.example/c", "mediaType": "application/x-tar"},
            ],
        },
        "runDetails": {
            "builder": {"id": "https://ml.example/builder@v3", "version": {"runner": "3.1"}},
            "metadata": {"invocationId": "run-17", "startedOn": "2025-02-01T08:00:00Z",
                         "finishedOn": "2025-02-01T09:30:00.5Z"},
        },
    })
}

fn provenance_v02() -> Value {
    json!({
        "builder": {"id": "https://ml.example/builder@v2"},
        "buildType": "https://ml.example/convert@v1",
        "invocation": {"configSource": {
            "uri": "git+https://ml.example/recipes", "digest": {"sha1": COMMIT}, "entryPoint": "convert.yaml"}},
        "metadata": {"buildInvocationId": "5", "buildStartedOn": "2023-05-05T00:00:00Z",
                     "buildFinishedOn": null, "reproducible": false},
        "materials": [{"uri": "git+https://ml.example/recipes", "digest": {"sha256": COMMIT}}],
    })
}

fn summary_v1() -> Value {
    json!({
        "verifier": {"id": "https://verify.example/gate", "version": {"gate": "2.0"}},
        "timeVerified": "2025-03-03T03:03:03Z",
        "resourceUri": "pkg:huggingface/acme/tiny@main",
        "policy": {"uri": "https://verify.example/policy", "digest": {"sha256": HEX}},
        "inputAttestations": [{"uri": "https://verify.example/in", "digest": {"sha512": HEX.repeat(2)}}],
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3", "ACME_EVALUATED"],
        "dependencyLevels": {"SLSA_BUILD_LEVEL_1": 4, "SLSA_BUILD_LEVEL_2": "2"},
        "slsaVersion": "1.1",
    })
}

fn summary_v02() -> Value {
    json!({
        "verifier": {"id": "https://verify.example/gate"},
        "time_verified": "2022-03-03T03:03:03Z",
        "resource_uri": "https://files.example/tiny.bin",
        "policy": {"uri": "https://verify.example/policy"},
        "verification_result": "FAILED",
        "policy_level": "FAILED",
        "dependency_levels": {},
    })
}

fn svr() -> Value {
    json!({
        "verifier": {"id": "https://scan.example/v4", "policy": {"uri": "x"}},
        "timeCreated": "2025-04-12T23:20:50.52Z",
        "properties": ["ACME_NO_PICKLE", "SLSA_BUILD_LEVEL_2"],
    })
}

fn test_result() -> Value {
    json!({
        "result": "WARNED",
        "configuration": [{"name": "suite.yaml", "digest": {"gitBlob": COMMIT}}],
        "url": "https://ci.example/runs/9",
        "passedTests": ["mmlu", "gsm8k"],
        "warnedTests": ["toxicity"],
    })
}

fn scai() -> Value {
    json!({
        "attributes": [
            {"attribute": "TRAINED_IN_ENCLAVE", "conditions": {"mode": "sgx"},
             "target": {"name": "weights", "digest": {"blake3": HEX}},
             "evidence": {"uri": "https://evidence.example/quote", "digest": {"sha256": HEX}}},
            {"attribute": "REPRODUCIBLE"},
        ],
        "producer": {"uri": "https://ml.example/enclave"},
    })
}

fn cyclonedx() -> Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {"component": {"type": "machine-learning-model", "name": "tiny"}},
        "components": [],
    })
}

fn spdx3() -> Value {
    json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {"type": "ai_AIPackage", "spdxId": "urn:p", "name": "not the document"},
            {"type": "CreationInfo", "specVersion": "3.0.1"},
            {"type": "SpdxDocument", "spdxId": "urn:d", "name": "tiny bill"},
        ],
    })
}

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
fn slsa_provenance_v1() {
    let Ok(Predicate::SlsaProvenanceV1(read)) = read(PROVENANCE_V1, provenance_v1()) else {
        panic!()
    };
    assert_eq!(read.builder, "https://ml.example/builder@v3");
    assert_eq!(
        read.builder_versions,
        [("runner".to_owned(), "3.1".to_owned())]
    );
    assert_eq!(read.build_type, "https://ml.example/training-run/v1");
    assert_eq!(read.invocation.as_deref(), Some("run-17"));
    assert_eq!(read.started, Some(seconds("2025-02-01T08:00:00Z")));
    assert_eq!(read.finished, Some(seconds("2025-02-01T09:30:00.5Z")));
    assert_eq!(
        read.external_parameters(),
        Some(&json!({"recipe": "configs/tiny.yaml"}))
    );
    let [git, corpus] = read.resolved_dependencies.as_slice() else {
        panic!()
    };
    assert_eq!(
        git.digests,
        [SubjectDigest::Unknown {
            name: "gitCommit".to_owned(),
            value: COMMIT.to_owned()
        }]
    );
    assert_eq!(corpus.digests[0].known().unwrap().hex(), HEX);
    assert_eq!(corpus.name, Some(RawName::from("corpus")));
    assert_eq!(
        corpus.download_location.as_deref(),
        Some("https://mirror.example/c")
    );
    assert_eq!(corpus.media_type.as_deref(), Some("application/x-tar"));
    assert_eq!(read.raw, provenance_v1());
}

#[test]
fn slsa_provenance_v1_without_what_is_optional() {
    let least = json!({
        "buildDefinition": {"buildType": "t", "externalParameters": null, "resolvedDependencies": null},
        "runDetails": {"builder": {"id": "b"}, "metadata": null, "extension_field": [1]},
    });
    let Ok(Predicate::SlsaProvenanceV1(read)) = read(PROVENANCE_V1, least) else {
        panic!()
    };
    assert_eq!(
        (read.started, read.finished, read.invocation),
        (None, None, None)
    );
    assert_eq!(read.resolved_dependencies, []);
}

#[test]
fn slsa_provenance_v1_demands_builder_and_build_type() {
    let missing = |pointer: &str, value: Value, field: &str| {
        let found = refused(PROVENANCE_V1, provenance_v1(), pointer, value);
        assert_eq!(found, (field.to_owned(), FieldDefect::Missing));
    };
    missing("/buildDefinition", json!(null), "buildDefinition");
    missing(
        "/buildDefinition/buildType",
        json!(""),
        "buildDefinition.buildType",
    );
    missing("/runDetails", json!(null), "runDetails");
    missing("/runDetails/builder", json!(null), "runDetails.builder");
    missing(
        "/runDetails/builder/id",
        json!(null),
        "runDetails.builder.id",
    );
    let kind = |pointer: &str, value: Value, field: &str, expected: &'static str| {
        let found = refused(PROVENANCE_V1, provenance_v1(), pointer, value);
        assert_eq!(found, (field.to_owned(), FieldDefect::Kind { expected }));
    };
    kind(
        "/runDetails/builder/id",
        json!(["b"]),
        "runDetails.builder.id",
        "a string",
    );
    kind(
        "/runDetails/builder",
        json!("b"),
        "runDetails.builder",
        "an object",
    );
    kind(
        "/buildDefinition/externalParameters",
        json!([]),
        "buildDefinition.externalParameters",
        "an object",
    );
    kind(
        "/buildDefinition/resolvedDependencies",
        json!({}),
        "buildDefinition.resolvedDependencies",
        "a list",
    );
    kind(
        "/buildDefinition/resolvedDependencies/1",
        json!("x"),
        "buildDefinition.resolvedDependencies[1]",
        "an object",
    );
    kind(
        "/buildDefinition/resolvedDependencies/1/digest/sha256",
        json!(7),
        "buildDefinition.resolvedDependencies[1].digest.sha256",
        "a string",
    );
    kind(
        "/runDetails/builder/version",
        json!({"a": 1}),
        "runDetails.builder.version.a",
        "a string",
    );
    let (field, defect) = refused(
        PROVENANCE_V1,
        provenance_v1(),
        "/runDetails/metadata/startedOn",
        json!("yesterday\u{7}"),
    );
    assert_eq!(field, "runDetails.metadata.startedOn");
    let found = "yesterday\\u{7}".to_owned();
    assert_eq!(defect, FieldDefect::Time { found });
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
fn slsa_provenance_v02() {
    let Ok(Predicate::SlsaProvenanceV02(read)) = read(PROVENANCE_V02, provenance_v02()) else {
        panic!()
    };
    assert_eq!(read.builder, "https://ml.example/builder@v2");
    assert_eq!(read.build_type, "https://ml.example/convert@v1");
    assert_eq!(read.invocation.as_deref(), Some("5"));
    assert_eq!(read.started, Some(seconds("2023-05-05T00:00:00Z")));
    assert_eq!(read.finished, None);
    let configuration = read.configuration.unwrap();
    assert_eq!(
        configuration.entry_point,
        Some(RawName::from("convert.yaml"))
    );
    assert_eq!(
        configuration.digests,
        [SubjectDigest::Weak {
            name: "sha1".to_owned(),
            value: COMMIT.to_owned()
        }]
    );
    // A Git commit under the name of SHA-256, as one builder writes it: kept, and of no use.
    assert_eq!(
        read.materials[0].digests,
        [SubjectDigest::Unknown {
            name: "sha256".to_owned(),
            value: COMMIT.to_owned()
        }]
    );
    let least = super::read(
        PROVENANCE_V02,
        json!({"builder": {"id": "b"}, "buildType": "t"}),
    );
    assert!(least.is_ok());
    for (pointer, value, field) in [
        ("/builder", json!(null), "builder"),
        ("/builder/id", json!(""), "builder.id"),
        ("/buildType", json!(null), "buildType"),
        ("/invocation", json!([]), "invocation"),
        (
            "/invocation/configSource",
            json!("x"),
            "invocation.configSource",
        ),
        (
            "/invocation/configSource/uri",
            json!(1),
            "invocation.configSource.uri",
        ),
        (
            "/metadata/buildStartedOn",
            json!(1683244800),
            "metadata.buildStartedOn",
        ),
        (
            "/metadata/buildFinishedOn",
            json!("2023-05-05"),
            "metadata.buildFinishedOn",
        ),
        ("/materials", json!("x"), "materials"),
        ("/materials/0/uri", json!({}), "materials[0].uri"),
        ("/materials/0/digest", json!("x"), "materials[0].digest"),
    ] {
        assert_eq!(
            refused(PROVENANCE_V02, provenance_v02(), pointer, value).0,
            field
        );
    }
}

#[test]
fn verification_summary_v1() {
    let predicate = read(SUMMARY_V1, summary_v1()).unwrap();
    assert_eq!(predicate.result(), Some(StatedResult::Passed));
    assert_eq!(predicate.raw(), Some(&summary_v1()));
    let Predicate::VerificationSummary(read) = predicate else {
        panic!()
    };
    assert_eq!(read.version, VerificationSummaryVersion::V1);
    assert_eq!(read.verifier, "https://verify.example/gate");
    assert_eq!(read.resource_uri, "pkg:huggingface/acme/tiny@main");
    assert_eq!(
        read.policy.uri.as_deref(),
        Some("https://verify.example/policy")
    );
    assert_eq!(read.time_verified, Some(seconds("2025-03-03T03:03:03Z")));
    assert_eq!(
        read.verified_levels,
        ["SLSA_BUILD_LEVEL_3", "ACME_EVALUATED"]
    );
    let digest = read.input_attestations[0].digests[0].known().unwrap();
    assert_eq!(digest.algorithm(), Algorithm::Sha512);
    let mut levels = read.dependency_levels.unwrap();
    levels.sort();
    assert_eq!(
        levels,
        [
            ("SLSA_BUILD_LEVEL_1".to_owned(), 4),
            ("SLSA_BUILD_LEVEL_2".to_owned(), 2)
        ]
    );
    assert_eq!(read.slsa_version.as_deref(), Some("1.1"));
    // None is not the same as an empty list of dependencies.
    for (value, expected) in [(json!(null), None), (json!({}), Some(vec![]))] {
        let Predicate::VerificationSummary(read) =
            accepted(SUMMARY_V1, summary_v1(), "/dependencyLevels", value)
        else {
            panic!()
        };
        assert_eq!(read.dependency_levels, expected);
    }
}

#[test]
fn verification_summaries_pass_or_fail_and_nothing_else() {
    for word in [
        "passed", "PASSED ", "WARNED", "OK", "PASS", "true", "\u{430}",
    ] {
        let (field, defect) = refused(SUMMARY_V1, summary_v1(), "/verificationResult", json!(word));
        assert_eq!(field, "verificationResult");
        assert!(matches!(defect, FieldDefect::Word { .. }));
        let (field, _) = refused(
            SUMMARY_V02,
            summary_v02(),
            "/verification_result",
            json!(word),
        );
        assert_eq!(field, "verification_result");
    }
    for (pointer, value, field) in [
        ("/verificationResult", json!(true), "verificationResult"),
        ("/verificationResult", json!(null), "verificationResult"),
        ("/verifier/id", json!(null), "verifier.id"),
        ("/timeVerified", json!("2025"), "timeVerified"),
        ("/resourceUri", json!(""), "resourceUri"),
        ("/policy", json!(null), "policy"),
        ("/policy/uri", json!(null), "policy.uri"),
        ("/inputAttestations", json!({}), "inputAttestations"),
        ("/verifiedLevels", json!(null), "verifiedLevels"),
        (
            "/verifiedLevels",
            json!("SLSA_BUILD_LEVEL_3"),
            "verifiedLevels",
        ),
        ("/verifiedLevels/1", json!(3), "verifiedLevels[1]"),
        ("/dependencyLevels/x", json!(-1), "dependencyLevels.x"),
        ("/dependencyLevels/x", json!(1.5), "dependencyLevels.x"),
        ("/dependencyLevels/x", json!("+1"), "dependencyLevels.x"),
        ("/dependencyLevels/x", json!(""), "dependencyLevels.x"),
        (
            "/dependencyLevels/x",
            json!("18446744073709551616"),
            "dependencyLevels.x",
        ),
        ("/slsaVersion", json!(1.0), "slsaVersion"),
    ] {
        assert_eq!(refused(SUMMARY_V1, summary_v1(), pointer, value).0, field);
    }
    // Passed and failed at once.
    let other = "verificationResult";
    assert_eq!(
        refused(
            SUMMARY_V1,
            summary_v1(),
            "/verifiedLevels/1",
            json!("FAILED")
        ),
        (
            "verifiedLevels".to_owned(),
            FieldDefect::Contradiction { other }
        )
    );
    assert_eq!(
        refused(
            SUMMARY_V02,
            summary_v02(),
            "/verification_result",
            json!("PASSED")
        )
        .0,
        "policy_level"
    );
}

#[test]
fn verification_summary_v02() {
    let predicate = read(SUMMARY_V02, summary_v02()).unwrap();
    assert_eq!(predicate.result(), Some(StatedResult::Failed));
    let Predicate::VerificationSummary(read) = predicate else {
        panic!()
    };
    assert_eq!(read.version, VerificationSummaryVersion::V02);
    assert_eq!(read.verified_levels, ["FAILED"]);
    assert_eq!(read.resource_uri, "https://files.example/tiny.bin");
    for (pointer, field) in [
        ("/time_verified", "time_verified"),
        ("/resource_uri", "resource_uri"),
        ("/policy_level", "policy_level"),
        ("/verifier", "verifier"),
    ] {
        let found = refused(SUMMARY_V02, summary_v02(), pointer, json!(null));
        assert_eq!(found, (field.to_owned(), FieldDefect::Missing));
    }
    // The two editions do not read each other's names.
    assert!(super::read(SUMMARY_V1, summary_v02()).is_err());
    assert!(super::read(SUMMARY_V02, summary_v1()).is_err());
}

#[test]
fn simple_verification_result() {
    let predicate = read(SVR, svr()).unwrap();
    assert_eq!(predicate.result(), None);
    let Predicate::SimpleVerificationResult(read) = &predicate else {
        panic!()
    };
    assert_eq!(read.verifier, "https://scan.example/v4");
    assert_eq!(read.time_created, seconds("2025-04-12T23:20:50.52Z"));
    assert_eq!(read.properties, ["ACME_NO_PICKLE", "SLSA_BUILD_LEVEL_2"]);
    for (pointer, value, field) in [
        ("/verifier", json!("x"), "verifier"),
        ("/verifier/id", json!(""), "verifier.id"),
        ("/timeCreated", json!(null), "timeCreated"),
        ("/timeCreated", json!(""), "timeCreated"),
        ("/timeCreated", json!("2025-04-12T23:20:50"), "timeCreated"),
        ("/properties", json!(null), "properties"),
        ("/properties", json!({"A": true}), "properties"),
        ("/properties/0", json!(null), "properties[0]"),
    ] {
        assert_eq!(refused(SVR, svr(), pointer, value).0, field);
    }
}

#[test]
fn test_results() {
    let predicate = read(TEST_RESULT, test_result()).unwrap();
    assert_eq!(predicate.result(), Some(StatedResult::Warned));
    let Predicate::TestResult(read) = &predicate else {
        panic!()
    };
    assert_eq!(read.passed, ["mmlu", "gsm8k"]);
    assert_eq!(read.warned, ["toxicity"]);
    assert_eq!(read.failed, Vec::<String>::new());
    assert_eq!(read.url.as_deref(), Some("https://ci.example/runs/9"));
    assert_eq!(
        read.configuration[0].name,
        Some(RawName::from("suite.yaml"))
    );
    for (word, expected) in [
        ("PASSED", StatedResult::Passed),
        ("FAILED", StatedResult::Failed),
    ] {
        let predicate = accepted(TEST_RESULT, test_result(), "/result", json!(word));
        assert_eq!(predicate.result(), Some(expected));
    }
    for (pointer, value, field) in [
        ("/result", json!("passed"), "result"),
        ("/result", json!(null), "result"),
        ("/configuration", json!(null), "configuration"),
        ("/configuration", json!({}), "configuration"),
        ("/configuration/0", json!("suite.yaml"), "configuration[0]"),
        ("/url", json!(["x"]), "url"),
        ("/passedTests", json!("mmlu"), "passedTests"),
        ("/warnedTests/0", json!({}), "warnedTests[0]"),
        ("/failedTests", json!(0), "failedTests"),
    ] {
        assert_eq!(refused(TEST_RESULT, test_result(), pointer, value).0, field);
    }
}

#[test]
fn attribute_reports() {
    for predicate_type in [
        SCAI,
        &SCAI.replace("v0.2", "v0.3"),
        &SCAI.replace("/v0.2", ""),
    ] {
        let Ok(Predicate::Scai(read)) = read(predicate_type, scai()) else {
            panic!()
        };
        let [enclave, reproducible] = read.attributes.as_slice() else {
            panic!()
        };
        assert_eq!(enclave.attribute, "TRAINED_IN_ENCLAVE");
        assert_eq!(enclave.conditions, Some(json!({"mode": "sgx"})));
        let target = enclave.target.as_ref().unwrap();
        assert_eq!(
            target.digests[0].known().unwrap().algorithm(),
            Algorithm::Blake3
        );
        assert!(enclave.evidence.is_some());
        assert_eq!(
            (&reproducible.target, &reproducible.evidence),
            (&None, &None)
        );
        assert_eq!(
            read.producer.unwrap().uri.as_deref(),
            Some("https://ml.example/enclave")
        );
    }
    for (pointer, value, field) in [
        ("/attributes", json!(null), "attributes"),
        ("/attributes", json!([]), "attributes"),
        ("/attributes", json!({}), "attributes"),
        ("/attributes/1", json!("REPRODUCIBLE"), "attributes[1]"),
        (
            "/attributes/1/attribute",
            json!(""),
            "attributes[1].attribute",
        ),
        (
            "/attributes/0/conditions",
            json!("x"),
            "attributes[0].conditions",
        ),
        ("/attributes/0/target", json!([]), "attributes[0].target"),
        (
            "/attributes/0/evidence/uri",
            json!(1),
            "attributes[0].evidence.uri",
        ),
        ("/producer", json!("x"), "producer"),
    ] {
        assert_eq!(refused(SCAI, scai(), pointer, value).0, field);
    }
}

#[test]
fn cyclonedx_bills() {
    for predicate_type in [
        "https://cyclonedx.org/bom",
        "https://cyclonedx.org/bom/v1.6",
        "https://cyclonedx.org/bom/1.6",
    ] {
        let Ok(Predicate::CycloneDx(read)) = read(predicate_type, cyclonedx()) else {
            panic!("{predicate_type}")
        };
        assert_eq!(read.specification.as_deref(), Some("1.6"));
        assert_eq!(
            read.serial_number.as_deref(),
            Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79")
        );
        assert_eq!(read.name.as_deref(), Some("tiny"));
        assert_eq!(read.raw, cyclonedx());
    }
    let predicate_type = "https://cyclonedx.org/bom";
    for (pointer, value, field) in [
        ("/bomFormat", json!("SPDX"), "bomFormat"),
        ("/bomFormat", json!(1), "bomFormat"),
        ("/specVersion", json!(1.6), "specVersion"),
        ("/serialNumber", json!([]), "serialNumber"),
        ("/metadata", json!([]), "metadata"),
        ("/metadata/component", json!("tiny"), "metadata.component"),
        (
            "/metadata/component/name",
            json!(1),
            "metadata.component.name",
        ),
    ] {
        assert_eq!(
            refused(predicate_type, cyclonedx(), pointer, value).0,
            field
        );
    }
}

#[test]
fn spdx_bills() {
    let version_2 = json!({
        "SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.3", "name": "tiny",
        "documentNamespace": "https://spdx.example/tiny-1",
    });
    let version_3 = (spdx3(), ["3.0.1", "urn:d", "tiny bill"]);
    let version_2 = (
        version_2,
        ["SPDX-2.3", "https://spdx.example/tiny-1", "tiny"],
    );
    for predicate_type in [
        "https://spdx.dev/Document",
        "https://spdx.dev/Document/v2.3",
        "https://spdx.dev/Document/v3",
    ] {
        for (bill, [specification, serial_number, name]) in [&version_2, &version_3] {
            let Ok(Predicate::Spdx(read)) = read(predicate_type, bill.clone()) else {
                panic!("{predicate_type}")
            };
            assert_eq!(read.specification.as_deref(), Some(*specification));
            assert_eq!(read.serial_number.as_deref(), Some(*serial_number));
            assert_eq!(read.name.as_deref(), Some(*name));
            assert_eq!(&read.raw, bill);
        }
    }
    let predicate_type = "https://spdx.dev/Document";
    for (predicate, pointer, value, field) in [
        (version_2.0.clone(), "/spdxVersion", json!(2), "spdxVersion"),
        (version_2.0.clone(), "/name", json!([]), "name"),
        (
            version_2.0.clone(),
            "/documentNamespace",
            json!({}),
            "documentNamespace",
        ),
        (spdx3(), "/@graph", json!({}), "@graph"),
        (
            spdx3(),
            "/@graph/1/specVersion",
            json!(3),
            "@graph[1].specVersion",
        ),
        (spdx3(), "/@graph/2/name", json!(3), "@graph[2].name"),
    ] {
        assert_eq!(refused(predicate_type, predicate, pointer, value).0, field);
    }
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
        json!({"sha256": HEX, "sha384": &longer[..96], "sha512": longer, "blake2b": longer, "blake3": HEX}),
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
