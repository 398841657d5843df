//! Attestations and roles, from the files that carry them to a verdict.

mod coverage;

use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use bonafide_attest::PublicKey;
use data_encoding::BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::attesting::{ED25519, ED25519_PUBLIC, P256, P256_PUBLIC};
use crate::harness::{baseline_with, bonafide, checks_with, findings, fixture, flip, verify};

const TYPE: &str = "https://example.com/evaluation/v1";
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
const SUMMARY: &str = "https://slsa.dev/verification_summary/v1";
const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// A model of two files, keys of a publisher (P-256) and an evaluator (Ed25519).
struct Stage {
    place: TempDir,
    model: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let model = place.path().join("model");
        std::fs::create_dir_all(model.join("a")).unwrap();
        std::fs::write(model.join("weights.bin"), b"2").unwrap();
        std::fs::write(model.join("a/x.bin"), b"1").unwrap();
        let stage = Self { place, model };
        for (name, text) in [
            ("publisher.pem", P256),
            ("publisher.pub.pem", P256_PUBLIC),
            ("evaluator.pem", ED25519),
            ("evaluator.pub.pem", ED25519_PUBLIC),
            ("predicate.json", "{\"score\": 1}"),
        ] {
            stage.write(name, text);
        }
        stage
    }

    fn path(&self, name: &str) -> String {
        self.place.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.place.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    fn model(&self) -> String {
        self.model.display().to_string()
    }

    /// Signs the model as the publisher.
    fn sign(&self) {
        let key = self.path("publisher.pem");
        let run = bonafide(["sign", "key", &self.model(), "--private-key", &key]);
        assert_eq!(run.code, 0, "{run:?}");
    }

    /// Attests with the command; the predicate is JSON text.
    fn attest(&self, target: &str, signer: &str, predicate_type: &str, predicate: &str) -> String {
        let predicate = self.write("predicate.json", predicate);
        let key = self.path(&format!("{signer}.pem"));
        let run = bonafide([
            "attest",
            target,
            "--predicate-type",
            predicate_type,
            "--predicate",
            &predicate,
            "--private-key",
            &key,
        ]);
        assert_eq!(run.code, 0, "{run:?}");
        format!("{target}.intoto.json")
    }

    fn verify(&self, target: &str, more: &[&str]) -> (i32, Value) {
        let keys = [
            self.path("publisher.pub.pem"),
            self.path("evaluator.pub.pem"),
        ];
        let fixed = [target, "--key", &keys[0], "--key", &keys[1]];
        verify(fixed.iter().chain(more))
    }

    /// A policy of the two signers and these roles.
    fn policy(&self, roles: &str) -> String {
        let trust = format!(
            "keys = [\n{{ name = \"publisher\", file = \"{}\" }},\n{{ name = \"evaluator\", file = \"{}\" }},\n]\n",
            self.path("publisher.pub.pem"),
            self.path("evaluator.pub.pem")
        );
        self.write("policy.toml", baseline_with(&trust) + roles)
    }
}

/// The public key of one of the two, and a signature over any message.
fn raw_signature(pem: &str, message: &[u8]) -> (&'static str, Vec<u8>) {
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64.decode(text.as_bytes()).unwrap();
    if pem == ED25519 {
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).unwrap();
        (ED25519_PUBLIC, pair.sign(message).as_ref().to_vec())
    } else {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &der).unwrap();
        let signature = pair.sign(&SystemRandom::new(), message).unwrap();
        (P256_PUBLIC, signature.as_ref().to_vec())
    }
}

/// A DSSE envelope of any payload, signed with PEM keys.
fn envelope(payload_type: &str, payload: &[u8], keys: &[&str]) -> Value {
    let message = [
        format!(
            "DSSEv1 {} {payload_type} {} ",
            payload_type.len(),
            payload.len()
        )
        .as_bytes(),
        payload,
    ]
    .concat();
    let signatures: Vec<Value> = keys
        .iter()
        .map(|pem| {
            let (public, signature) = raw_signature(pem, &message);
            let key = PublicKey::from_pem(public.as_bytes()).unwrap();
            json!({"keyid": key.fingerprint().hex(), "sig": BASE64.encode(&signature)})
        })
        .collect();
    json!({
        "payload": BASE64.encode(payload),
        "payloadType": payload_type,
        "signatures": signatures,
    })
}

const IN_TOTO: &str = "application/vnd.in-toto+json";
// `printf 1 | sha256sum`, `printf 2 | sha256sum`
const ONE: &str = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
const TWO: &str = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35";

/// A statement about both files of the model.
fn statement() -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "a/x.bin", "digest": {"sha256": ONE}},
            {"name": "weights.bin", "digest": {"sha256": TWO}},
        ],
        "predicateType": TYPE,
        "predicate": {"score": 1},
    })
}

fn envelope_of(statement: &Value, keys: &[&str]) -> String {
    envelope(IN_TOTO, statement.to_string().as_bytes(), keys).to_string()
}

/// The signature of the report that comes from this file.
fn signature<'a>(report: &'a Value, ending: &str) -> &'a Value {
    let mut found = report["signatures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|signature| signature["source"].as_str().unwrap().ends_with(ending));
    let first = found
        .next()
        .unwrap_or_else(|| panic!("{ending}: {report:#}"));
    assert!(found.next().is_none(), "{ending}: {report:#}");
    first
}

const PROVENANCE_TEXT: &str = r#"{
    "buildDefinition": {"buildType": "https://example.com/build", "externalParameters": {}},
    "runDetails": {"builder": {"id": "https://example.com/builder"}}
}"#;

fn summary(result: &str) -> String {
    json!({
        "verifier": {"id": "https://example.com/verifier"},
        "timeVerified": "2026-06-01T12:00:00Z",
        "resourceUri": "https://example.com/model",
        "policy": {"uri": "https://example.com/policy"},
        "verificationResult": result,
        "verifiedLevels": [],
    })
    .to_string()
}

#[test]
fn an_attestation_beside_a_signed_model_is_verified_and_shown() {
    let stage = Stage::new();
    stage.sign();
    // The signature is a file of the model by now; the attestation need not be about it.
    let output = stage.attest(&stage.model(), "evaluator", TYPE, "{\"score\": 1}");
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 0, "{report:#}");
    assert!(checks_with(&report, "fail").is_empty(), "{report:#}");
    let found = signature(&report, "model.intoto.json");
    assert_eq!(found["state"], "verified");
    assert_eq!(found["content"], TYPE);
    assert_eq!(found["scheme"], "in-toto attestation in DSSE, method key");
    assert_eq!(found["bound-by"], "files");
    assert!(found["signer"].as_str().unwrap().contains("evaluator"));
    assert!(Path::new(&output).exists());

    // A change shows in the signature, and the attestation still is about the other file.
    flip(&stage.model.join("weights.bin"));
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(findings(&report, "digest-mismatch"), ["weights.bin"]);
    flip(&stage.model.join("weights.bin"));

    // An attestation inside the model is no file of it that somebody forgot to sign.
    let inside = stage.model.join("evaluation.intoto.json");
    std::fs::rename(&output, &inside).unwrap();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 0, "{report:#}");
    // One that proves nothing is such a file.
    flip(&inside);
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(
        findings(&report, "unlisted-file"),
        ["evaluation.intoto.json"]
    );
}

#[test]
fn provenance_vouches_for_a_file_and_a_summary_does_not() {
    let stage = Stage::new();
    let file = stage.path("model/weights.bin");
    let output = stage.attest(&file, "evaluator", PROVENANCE, PROVENANCE_TEXT);
    let (code, report) = stage.verify(&file, &[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["signatures"][0]["content"], PROVENANCE);
    // It is about these bytes and no others.
    flip(Path::new(&file));
    let (code, report) = stage.verify(&file, &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["unbound-attestation"]);
    flip(Path::new(&file));
    std::fs::remove_file(output).unwrap();

    for (predicate_type, predicate) in [
        (SUMMARY, summary("PASSED")),
        (
            TEST_RESULT,
            "{\"result\": \"PASSED\", \"configuration\": []}".to_owned(),
        ),
        (TYPE, "{}".to_owned()),
    ] {
        stage.attest(&file, "evaluator", predicate_type, &predicate);
        let (code, report) = stage.verify(&file, &[]);
        assert_eq!(report["signatures"][0]["state"], "verified");
        assert_eq!(
            (code, report["verdict"].as_str()),
            (2, Some("undecided")),
            "{predicate_type}: {report:#}"
        );
    }

    // Of a directory, it has to be about every file.
    let stage = Stage::new();
    let beside = stage.attest(&stage.model(), "evaluator", PROVENANCE, PROVENANCE_TEXT);
    assert_eq!(stage.verify(&stage.model(), &[]).0, 0);
    std::fs::write(stage.model.join("helper.py"), "import os\n").unwrap();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(findings(&report, "unlisted-file"), ["helper.py"]);
    assert!(beside.ends_with("model.intoto.json"));
}

#[test]
fn a_stated_failure_denies_whatever_the_signatures_say() {
    let stage = Stage::new();
    stage.sign();
    stage.attest(&stage.model(), "evaluator", SUMMARY, &summary("FAILED"));
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["failed-attestation"]);
    assert_eq!(
        signature(&report, "model.intoto.json")["stated-result"],
        "failed"
    );
    // Nobody has to believe a stranger.
    let (code, report) = verify([
        stage.model(),
        "--key".into(),
        stage.path("publisher.pub.pem"),
    ]);
    assert_eq!(code, 0, "{report:#}");
}

#[test]
fn several_envelopes_are_lines_and_several_signers_share_an_envelope() {
    let stage = Stage::new();
    stage.sign();
    let other = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "weights.bin", "digest": {"sha256": TWO}}],
        "predicateType": TEST_RESULT,
        "predicate": {"result": "WARNED", "configuration": []},
    });
    let lines = [
        envelope_of(&statement(), &[ED25519]),
        envelope_of(&other, &[ED25519]),
        envelope_of(&statement(), &[P256, ED25519]),
    ];
    stage.write("model.intoto.jsonl", lines.join("\n") + "\n");
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 0, "{report:#}");
    let of_lines: Vec<(u64, &str, u64)> = report["signatures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|signature| signature["source"].as_str().unwrap().ends_with("jsonl"))
        .map(|signature| {
            assert_eq!(signature["state"], "verified", "{report:#}");
            (
                signature["line"].as_u64().unwrap(),
                signature["stated-result"].as_str().unwrap_or("none"),
                signature["covered"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(of_lines, [(1, "none", 2), (2, "warned", 1), (3, "none", 2)]);
    let third = &report["signatures"].as_array().unwrap()[3];
    assert!(third["signer"].as_str().unwrap().contains("publisher"));
    let cosigners = third["cosigners"].as_array().unwrap();
    assert_eq!(cosigners.len(), 1, "{third:#}");
    assert!(cosigners[0].as_str().unwrap().contains("evaluator"));

    // A line that is cut off spoils the file, and says which.
    let text = lines.join("\n");
    stage.write("model.intoto.jsonl", &text[..text.len() - 20]);
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    let reason = signature(&report, "jsonl")["reason"].as_str().unwrap();
    assert!(reason.contains("line 3"), "{reason}");
}

#[test]
fn what_a_stranger_attests_beside_a_signed_model_changes_nothing() {
    let stage = Stage::new();
    stage.sign();
    stage.write("model.intoto.json", envelope_of(&statement(), &[ED25519]));
    let only = [
        stage.model(),
        "--key".into(),
        stage.path("publisher.pub.pem"),
    ];
    let (code, report) = verify(&only);
    assert_eq!(code, 0, "{report:#}");
    let found = signature(&report, "model.intoto.json");
    assert_eq!(
        (&found["state"], &found["category"]),
        (&json!("untrusted"), &json!("key"))
    );
    assert!(checks_with(&report, "fail").is_empty(), "{report:#}");
    // By itself it is not enough.
    std::fs::remove_file(stage.model.join("model.sig")).unwrap();
    let (code, report) = verify(&only);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["untrusted-signer"]);
}

/// Each defect with its category; all are signed by the evaluator unless the defect is there.
#[test]
fn every_defect_has_its_category() {
    let changed = |path: &[&str], value: Value| {
        let mut statement = statement();
        let mut place = &mut statement;
        for step in path {
            place = match step.parse::<usize>() {
                Ok(index) => &mut place[index],
                Err(_) => &mut place[*step],
            };
        }
        *place = value;
        envelope_of(&statement, &[ED25519])
    };
    let without = |name: &str| {
        let mut statement = statement();
        statement.as_object_mut().unwrap().remove(name);
        envelope_of(&statement, &[ED25519])
    };
    let of_envelope = |change: &dyn Fn(&mut Value)| {
        let payload = statement().to_string();
        let mut document = envelope(IN_TOTO, payload.as_bytes(), &[ED25519]);
        change(&mut document);
        document.to_string()
    };
    let summarised = |predicate: Value| {
        let mut statement = statement();
        statement["predicateType"] = json!(SUMMARY);
        statement["predicate"] = predicate;
        envelope_of(&statement, &[ED25519])
    };
    let twice = statement()
        .to_string()
        .replacen('{', "{\"predicate\":{},", 1);
    let table = [
        (
            "payload type",
            envelope("text/plain", statement().to_string().as_bytes(), &[ED25519]).to_string(),
            "payload",
        ),
        (
            "payload type changed after signing",
            of_envelope(&|document| document["payloadType"] = json!("text/plain")),
            "payload",
        ),
        ("no predicate type", without("predicateType"), "predicate"),
        (
            "empty predicate type",
            changed(&["predicateType"], json!("")),
            "predicate",
        ),
        (
            "predicate is a list",
            changed(&["predicate"], json!([])),
            "predicate",
        ),
        ("summary without result", summarised(json!({})), "predicate"),
        ("no statement type", without("_type"), "statement-type"),
        (
            "statement of version 2",
            changed(&["_type"], json!("https://in-toto.io/Statement/v2")),
            "statement-type",
        ),
        ("no subject", without("subject"), "subject"),
        ("empty subject", changed(&["subject"], json!([])), "subject"),
        (
            "upper-case digest",
            changed(
                &["subject", "0", "digest", "sha256"],
                json!(ONE.to_uppercase()),
            ),
            "subject",
        ),
        (
            "short digest",
            changed(&["subject", "0", "digest", "sha256"], json!(&ONE[2..])),
            "subject",
        ),
        (
            "subject without digest",
            changed(&["subject", "0"], json!({"name": "a/x.bin"})),
            "subject",
        ),
        (
            "a member twice",
            envelope(IN_TOTO, twice.as_bytes(), &[ED25519]).to_string(),
            "structure",
        ),
        (
            "payload is text",
            envelope(IN_TOTO, b"hello", &[ED25519]).to_string(),
            "structure",
        ),
        (
            "payload changed after signing",
            of_envelope(&|document| {
                let text = statement()
                    .to_string()
                    .replace("\"score\":1", "\"score\":2");
                document["payload"] = json!(BASE64.encode(text.as_bytes()));
            }),
            "signature",
        ),
        (
            "signature of another",
            of_envelope(&|document| {
                let other = envelope(IN_TOTO, statement().to_string().as_bytes(), &[P256]);
                document["signatures"][0]["sig"] = other["signatures"][0]["sig"].clone();
            }),
            "signature",
        ),
        (
            "no signatures",
            of_envelope(&|document| document["signatures"] = json!([])),
            "structure",
        ),
        (
            "base64 with a line break",
            of_envelope(&|document| {
                let payload = document["payload"].as_str().unwrap().to_owned();
                document["payload"] = json!(format!("{payload}\n"));
            }),
            "structure",
        ),
        ("no envelope", "{}".to_owned(), "structure"),
        ("no JSON", "attested!".to_owned(), "structure"),
    ];
    let stage = Stage::new();
    stage.sign();
    let evaluator = stage.path("evaluator.pub.pem");
    let publisher = stage.path("publisher.pub.pem");
    for (name, text, category) in table {
        stage.write("model.intoto.json", text);
        // The publisher's key comes second, so that no defect is hidden by its signature.
        let (code, report) = verify([&stage.model(), "--key", &evaluator, "--key", &publisher]);
        let found = signature(&report, "model.intoto.json");
        if name == "signature of another" {
            // The publisher did sign this; what the envelope says of its key is a hint.
            assert_eq!((code, &found["state"]), (0, &json!("verified")), "{name}");
            continue;
        }
        assert_eq!(
            (&found["state"], &found["category"]),
            (&json!("rejected"), &json!(category)),
            "{name}: {found:#}"
        );
        assert_eq!(code, 1, "{name}");
        assert_eq!(
            checks_with(&report, "fail"),
            ["signature-rejected"],
            "{name}"
        );
    }

    // A sound statement about another file is no malformed one.
    let other = changed(
        &["subject"],
        json!([{"digest": {"sha256": "0".repeat(64)}}]),
    );
    stage.write("model.intoto.json", other);
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["unbound-attestation"]);
    assert_eq!(
        signature(&report, "model.intoto.json")["bound-by"],
        Value::Null
    );
}

fn role(name: &str, threshold: usize, signers: &str, more: &str) -> String {
    format!(
        "\n[[role]]\nname = \"{name}\"\nthreshold = {threshold}\nsigners = [{signers}]\n{more}\n"
    )
}

#[test]
fn roles_are_filled_by_those_whom_the_policy_names() {
    let stage = Stage::new();
    stage.sign();
    let roles = role(
        "publisher",
        1,
        "\"publisher\"",
        "attests = [\"model-signature\"]",
    ) + &role(
        "evaluator",
        1,
        "\"evaluator\"",
        &format!("attests = [\"{TYPE}\"]\ndistinct-from = [\"publisher\"]"),
    );
    let policy = stage.policy(&roles);
    let judge = || verify([&stage.model(), "--policy", &policy]);
    let (code, report) = judge();
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["role-not-filled"]);

    stage.attest(&stage.model(), "evaluator", TYPE, "{\"score\": 1}");
    let (code, report) = judge();
    assert_eq!(code, 0, "{report:#}");

    // A failed model has no publisher any more, and an evaluator who saw something else.
    flip(&stage.model.join("weights.bin"));
    let (code, report) = judge();
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(
        checks_with(&report, "fail"),
        ["role-not-filled", "digest-mismatch"]
    );
    let check = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["check"] == "role-not-filled")
        .unwrap();
    let messages = check["findings"].to_string();
    assert_eq!(check["findings"].as_array().unwrap().len(), 2, "{messages}");
    assert!(
        messages.contains("what it lists is not what is there"),
        "{messages}"
    );
    assert!(
        messages.contains("it is not about `weights.bin`"),
        "{messages}"
    );
}

/// A role counts signers by the names of the policy, so the command line cannot bring one.
#[test]
fn a_key_of_the_command_line_fills_no_role() {
    let stage = Stage::new();
    stage.sign();
    stage.write("model.intoto.json", envelope_of(&statement(), &[ED25519]));
    // The policy does not know the evaluator's key, and the file of the user has its name.
    let trust = format!(
        "keys = [\n{{ name = \"publisher\", file = \"{}\" }},\n{{ name = \"evaluator\", file = \"{}\" }},\n]\n",
        stage.path("publisher.pub.pem"),
        fixture("checks/keys/evaluator.pub.pem").display(),
    );
    let text = baseline_with(&trust)
        + &role(
            "evaluator",
            1,
            "\"evaluator\"",
            "attests = [\"https://example.com/evaluation/v1\"]",
        );
    let policy = stage.write("policy.toml", text);
    let key = stage.path("evaluator.pub.pem");
    let (code, report) = verify([&stage.model(), "--policy", &policy, "--key", &key]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["role-not-filled"]);

    stage.write("evaluator", ED25519_PUBLIC);
    let run = crate::harness::Run::from(
        crate::harness::command()
            .current_dir(stage.place.path())
            .args(["verify", "model", "--policy", &policy, "--key", "evaluator"])
            .output()
            .unwrap(),
    );
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`evaluator`"), "{run:?}");
}

/// Deny-lists name keys, and what they deny is denied in every form of signature.
#[test]
fn a_denied_key_signs_nothing() {
    let stage = Stage::new();
    stage.sign();
    stage.write(
        "model.intoto.json",
        envelope_of(&statement(), &[P256, ED25519]),
    );
    let list = |pem: &str| {
        let key = PublicKey::from_pem(pem.as_bytes()).unwrap();
        stage.write(
            "deny.toml",
            format!(
                "[deny-list]\nname = \"incidents\"\nissued = 2026-06-01\nexpires = 2098-12-31\n\
                 [[entry]]\nkind = \"key\"\nsha256 = \"{}\"\nreason = \"the key leaked\"\n",
                key.fingerprint().hex()
            ),
        )
    };
    for (denied, states) in [
        (ED25519_PUBLIC, ["verified", "denied"]),
        (P256_PUBLIC, ["denied", "denied"]),
    ] {
        let path = list(denied);
        let (code, report) = stage.verify(&stage.model(), &["--deny-list", &path]);
        assert_eq!(code, 1, "{report:#}");
        assert_eq!(checks_with(&report, "fail"), ["denied-signer"]);
        for (ending, state) in ["model.sig", "model.intoto.json"].iter().zip(states) {
            let found = signature(&report, ending);
            assert_eq!(found["state"], state, "{found:#}");
            if state == "denied" {
                assert_eq!(found["category"], "denied");
                assert!(
                    found["reason"].as_str().unwrap().contains("the key leaked"),
                    "{found:#}"
                );
            }
        }
    }
}

/// All empty files have one digest: it ties nothing to a model, unless there is nothing else.
#[test]
fn an_empty_file_ties_only_what_is_empty() {
    let stage = Stage::new();
    let empty = stage.write("model/empty.txt", "");
    stage.attest(&empty, "evaluator", PROVENANCE, PROVENANCE_TEXT);
    let (code, report) = stage.verify(&empty, &[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["signatures"][0]["bound-by"], "files");

    // The same attestation, put beside a model that has an empty file.
    let from = stage.model.join("empty.txt.intoto.json");
    std::fs::rename(from, stage.place.path().join("model.intoto.json")).unwrap();
    stage.sign();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["unbound-attestation"]);
}
