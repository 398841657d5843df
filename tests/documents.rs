//! Bills of materials that carry their own signature (JSF), from `fixtures/jsf` through the
//! command to a verdict.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::attesting::{P256, P256_PUBLIC};
use crate::harness::{baseline_with, bonafide, checks_with, findings, fixture, verify};

const KEYS: [&str; 5] = ["es256", "es384", "es512", "rsa", "ed25519"];

fn keys(names: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| {
            [
                "--key".to_owned(),
                format!("fixtures/jsf/keys/{name}.pub.pem"),
            ]
        })
        .collect()
}

fn verify_with(target: &str, names: &[&str], more: &[&str]) -> (i32, Value) {
    let more = more.iter().map(|text| (*text).to_owned());
    verify(
        std::iter::once(target.to_owned())
            .chain(keys(names))
            .chain(more),
    )
}

fn index(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(fixture("jsf").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// One signer is enough, whichever it is; all of them are named.
#[test]
fn a_signed_document_is_a_signature_of_itself() {
    let mut partly = Vec::new();
    for case in index("good.json") {
        let name = text(&case["file"]);
        let target = format!("fixtures/jsf/good/{name}");
        let signers: Vec<&str> = case["keys"].as_array().unwrap().iter().map(text).collect();
        if name == "certificate-path.json" {
            // Its key is no authority: a path is not judged by the key at its end.
            let (code, report) = verify_with(&target, &signers, &[]);
            assert_eq!(code, 1, "{report:#}");
            assert_eq!(checks_with(&report, "fail"), ["untrusted-signer"]);
            continue;
        }
        let excludes = name.contains("excludes");
        for trusted in signers
            .iter()
            .map(std::slice::from_ref)
            .chain([&signers[..]])
        {
            let (code, report) = verify_with(&target, trusted, &[]);
            let signature = &report["signatures"][0];
            assert_eq!(
                signature["state"], "verified",
                "{name} {trusted:?}: {report:#}"
            );
            assert!(
                text(&signature["content"]).starts_with("CycloneDX 1."),
                "{name}"
            );
            let cosigners = signature["cosigners"].as_array().map_or(0, Vec::len);
            assert_eq!(1 + cosigners, trusted.len(), "{name} {trusted:?}");
            assert_eq!(code, i32::from(excludes), "{name} {trusted:?}: {report:#}");
        }
        if excludes {
            let (_, report) = verify_with(&target, &signers, &[]);
            assert_eq!(checks_with(&report, "fail"), ["uncovered-file"], "{name}");
            assert_eq!(findings(&report, "uncovered-file"), [name]);
            let shown = report["signatures"][0]["gaps"].to_string();
            assert!(
                shown.contains("leaves out `vulnerabilities`, `dependencies`"),
                "{shown}"
            );
            partly.push(name.to_owned());
        }
        let (code, report) = verify_with(&target, &["stranger"], &[]);
        assert_eq!(code, 1, "{name}: {report:#}");
        let state = text(&report["signatures"][0]["state"]);
        assert_ne!(state, "verified", "{name}: {report:#}");
    }
    assert_eq!(
        partly,
        [
            "excludes.json",
            "multiple-excludes.json",
            "chain-excludes.json"
        ]
    );
}

/// The policy, never the signer, excuses what is left out.
#[test]
fn properties_that_are_left_out_can_be_excused_by_name() {
    let place = tempfile::tempdir().unwrap();
    let policy = place.path().join("policy.toml");
    let target = "fixtures/jsf/good/excludes.json";
    for (allow, expected) in [("excludes.json", 0), ("other.json", 1)] {
        let text = baseline_with("").replace(
            "check = \"uncovered-file\"\nlevel = \"deny\"\n",
            &format!("check = \"uncovered-file\"\nlevel = \"deny\"\nallow = [\"{allow}\"]\n"),
        );
        assert!(text.contains("allow ="));
        std::fs::write(&policy, text).unwrap();
        let more = ["--policy", policy.to_str().unwrap()];
        let (code, report) = verify_with(target, &["es256"], &more);
        assert_eq!(code, expected, "{report:#}");
        let check = report["checks"]
            .as_array()
            .unwrap()
            .iter()
            .find(|check| check["check"] == "uncovered-file")
            .unwrap();
        let excused = check["excused"].as_array().map_or(0, Vec::len);
        assert_eq!(excused, 1 - usize::try_from(expected).unwrap(), "{check:#}");
    }
}

#[test]
fn every_tampered_document_is_refused() {
    let cases = index("tampered.json");
    assert!(cases.len() >= 18, "{}", cases.len());
    for case in cases {
        let name = text(&case["file"]);
        let target = format!("fixtures/jsf/tampered/{name}");
        let (code, report) = verify_with(&target, &KEYS, &[]);
        assert_eq!(code, 1, "{name}: {report:#}");
        assert_ne!(report["signatures"][0]["state"], "verified", "{name}");
        let failed = checks_with(&report, "fail");
        // Without a word about the key, a wrong signature cannot be told from a stranger's.
        assert!(
            failed == ["signature-rejected"] || failed == ["untrusted-signer"],
            "{name}: {failed:?}"
        );
        let signers: Vec<&str> = case["keys"].as_array().unwrap().iter().map(text).collect();
        let (code, report) = verify_with(&target, &signers, &[]);
        assert_eq!(code, 1, "{name}: {report:#}");
    }
}

struct Stage {
    place: TempDir,
    model: PathBuf,
}

impl Stage {
    /// A model with a bill of materials.
    fn new(document: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let model = place.path().join("model");
        std::fs::create_dir(&model).unwrap();
        std::fs::write(model.join("weights.bin"), b"2").unwrap();
        std::fs::write(place.path().join("key.pem"), P256).unwrap();
        std::fs::write(place.path().join("key.pub.pem"), P256_PUBLIC).unwrap();
        let stage = Self { place, model };
        stage.document(document);
        stage
    }

    fn document(&self, document: &str) {
        let from = fixture("jsf").join(document);
        std::fs::write(
            self.model.join("bom.cdx.json"),
            std::fs::read(from).unwrap(),
        )
        .unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.place.path().join(name).display().to_string()
    }

    /// Signs the model, the document in it included.
    fn sign(&self) {
        let key = self.path("key.pem");
        let run = bonafide(["sign", "key", &self.path("model"), "--private-key", &key]);
        assert_eq!(run.code, 0, "{run:?}");
    }

    fn verify(&self, names: &[&str]) -> (i32, Value) {
        let key = self.path("key.pub.pem");
        // What the document says of bytes is not the question here.
        let other = self.path("other.cdx.json");
        let empty = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}"#;
        std::fs::write(&other, empty).unwrap();
        let more = ["--key", &*key, "--bom", &*other];
        verify_with(&self.path("model"), names, &more)
    }
}

fn state<'a>(report: &'a Value, ending: &str) -> &'a str {
    let mut signatures = report["signatures"].as_array().unwrap().iter();
    let found = signatures
        .find(|signature| text(&signature["source"]).ends_with(ending))
        .unwrap_or_else(|| panic!("{ending}: {report:#}"));
    text(&found["state"])
}

#[test]
fn a_signed_document_in_a_signed_model_has_two_signatures() {
    let stage = Stage::new("good/es256.json");
    stage.sign();
    let (code, report) = stage.verify(&["es256"]);
    assert_eq!(code, 0, "{report:#}");
    assert!(checks_with(&report, "fail").is_empty(), "{report:#}");
    for ending in ["model.sig", "bom.cdx.json"] {
        assert_eq!(state(&report, ending), "verified", "{ending}");
    }
    // Whoever signed the document need not be trusted: the model's signature lists it.
    let (code, report) = stage.verify(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(state(&report, "bom.cdx.json"), "untrusted");

    // A change after signing shows twice.
    stage.document("tampered/version-es256.json");
    let (code, report) = stage.verify(&["es256"]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(
        checks_with(&report, "fail"),
        ["signature-rejected", "digest-mismatch"]
    );
    assert_eq!(findings(&report, "digest-mismatch"), ["bom.cdx.json"]);
    // A change before signing shows once.
    stage.sign();
    let (code, report) = stage.verify(&["es256"]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["signature-rejected"]);

    // What the document's signature leaves out, the model's covers.
    let stage = Stage::new("good/excludes.json");
    stage.sign();
    let (code, report) = stage.verify(&["es256"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(state(&report, "bom.cdx.json"), "verified");
}

/// A document is a signature of itself alone, and only as far as it is signed.
#[test]
fn a_signed_document_covers_nothing_but_itself() {
    let stage = Stage::new("good/es256.json");
    let (code, report) = stage.verify(&["es256"]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(findings(&report, "unlisted-file"), ["weights.bin"]);

    // Added after signing, it is a file like any other: it may be an old one, or that of
    // another model.
    std::fs::remove_file(stage.model.join("bom.cdx.json")).unwrap();
    stage.sign();
    stage.document("good/es256.json");
    for document in ["good/es256.json", "good/excludes.json"] {
        stage.document(document);
        for keys in [&["es256"][..], &[]] {
            let (code, report) = stage.verify(keys);
            assert_eq!(code, 1, "{report:#}");
            assert_eq!(findings(&report, "unlisted-file"), ["bom.cdx.json"]);
        }
    }
}

/// Algorithms that take no public key would make anybody a signer.
#[test]
fn algorithms_without_a_public_key_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("bom.cdx.json");
    let target = path.display().to_string();
    let good = std::fs::read(fixture("jsf/good/es256.json")).unwrap();
    let good: Value = serde_json::from_slice(&good).unwrap();
    type Change = fn(&mut Value);
    let table: [(&str, Change); 7] = [
        ("HS256", |document| {
            document["signature"]["algorithm"] = json!("HS256");
        }),
        ("HS256 without the key", |document| {
            document["signature"]["algorithm"] = json!("HS256");
            document["signature"]
                .as_object_mut()
                .unwrap()
                .remove("publicKey");
        }),
        ("none", |document| {
            document["signature"]["algorithm"] = json!("none");
        }),
        ("none without value", |document| {
            document["signature"] = json!({"algorithm": "none", "value": ""});
        }),
        ("a private algorithm", |document| {
            document["signature"]["algorithm"] = json!("https://example.com/algorithm");
        }),
        ("another curve's algorithm", |document| {
            document["signature"]["algorithm"] = json!("ES384");
        }),
        ("no algorithm", |document| {
            document["signature"]
                .as_object_mut()
                .unwrap()
                .remove("algorithm");
        }),
    ];
    for (name, change) in table {
        let mut document = good.clone();
        change(&mut document);
        std::fs::write(&path, serde_json::to_vec(&document).unwrap()).unwrap();
        let (code, report) = verify_with(&target, &KEYS, &[]);
        assert_eq!(code, 1, "{name}: {report:#}");
        assert_eq!(
            checks_with(&report, "fail"),
            ["signature-rejected"],
            "{name}: {report:#}"
        );
    }
    // The same way of writing with nothing changed is good.
    std::fs::write(&path, serde_json::to_vec(&good).unwrap()).unwrap();
    assert_eq!(verify_with(&target, &KEYS, &[]).0, 0);
}

/// A key that comes with the document counts if the policy knows its fingerprint.
#[test]
fn a_key_can_be_known_by_its_fingerprint() {
    let document = fixture("jsf/good/es256.json").display().to_string();
    let key = fixture("jsf/keys/es256.pub.pem").display().to_string();
    let (code, report) = verify([&document, "--key", &key]);
    assert_eq!(code, 0, "{report:#}");
    let signer = report["signatures"][0]["signer"].as_str().unwrap();
    let (_, fingerprint) = signer.split_once("sha256:").unwrap();
    let fingerprint = fingerprint.trim_end_matches(')');

    let place = tempfile::tempdir().unwrap();
    let policy = place.path().join("policy.toml");
    let other = "0".repeat(64);
    for (fingerprint, expected) in [(fingerprint, 0), (&*other, 1)] {
        let trust = format!("keys = [{{ name = \"maker\", sha256 = \"{fingerprint}\" }}]\n");
        std::fs::write(&policy, crate::harness::baseline_with(&trust)).unwrap();
        let policy = policy.display().to_string();
        let (code, report) = verify([&document, "--policy", &policy]);
        assert_eq!(code, expected, "{report:#}");
    }
    // One that does not come with it cannot be known.
    let trust = format!("keys = [{{ name = \"maker\", sha256 = \"{fingerprint}\" }}]\n");
    std::fs::write(&policy, crate::harness::baseline_with(&trust)).unwrap();
    let bare = fixture("jsf/good/bare.json").display().to_string();
    let (code, report) = verify([&bare, "--policy", &policy.display().to_string()]);
    assert_ne!(code, 0, "{report:#}");
}
