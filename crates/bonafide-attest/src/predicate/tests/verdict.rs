//! Verification summaries, simple verification results and test results.

use super::*;

pub(super) const SUMMARY_V1: &str = "https://slsa.dev/verification_summary/v1";
const SUMMARY_V02: &str = "https://slsa.dev/verification_summary/v0.2";
const SVR: &str = "https://in-toto.io/attestation/svr/v0.1";
const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";

pub(super) fn summary_v1() -> Value {
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
