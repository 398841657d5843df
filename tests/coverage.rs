//! A pass means that one verified signature covers every file, or that the policy
//! excuses it by name; whatever else lies in the tree, and however a policy is cut.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::harness::{checks_with, copy, findings, fixture, verify};

const KEY: [&str; 2] = ["--key", "fixtures/supply-chain/keys/publisher.pub.pem"];

fn stage() -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &model);
    (place, model)
}

fn baseline(model: &Path) -> (i32, serde_json::Value) {
    verify([model.to_str().unwrap(), KEY[0], KEY[1]])
}

/// Every check of the baseline at level `deny`, save those given another level (or none).
fn with_levels(
    place: &Path,
    model: &Path,
    levels: &[(&str, Option<&str>)],
) -> (i32, serde_json::Value) {
    let mut text = "[policy]\nname = \"p\"\nversion = \"1.0.0\"\n".to_owned();
    let checks = [
        "unsigned-artifact",
        "signature-rejected",
        "untrusted-signer",
        "certificate-not-valid",
        "digest-mismatch",
        "missing-file",
        "unlisted-file",
        "uncovered-file",
        "unsafe-name",
        "link-escape",
        "special-file",
        "weak-digest",
    ];
    for check in checks {
        let level = levels
            .iter()
            .find(|(name, _)| *name == check)
            .map_or(Some("deny"), |(_, level)| *level);
        if let Some(level) = level {
            text.push_str(&format!(
                "[[control]]\ncheck = \"{check}\"\nlevel = \"{level}\"\n"
            ));
        }
    }
    let policy = place.join("policy.toml");
    std::fs::write(&policy, text).unwrap();
    verify([
        model.to_str().unwrap(),
        "--policy",
        policy.to_str().unwrap(),
        KEY[0],
        KEY[1],
    ])
}

/// Whatever has the name of a signature file, and is none that is verified, may
/// hold anything: it counts as any other file.
#[test]
fn a_file_is_not_excused_because_it_is_taken_for_a_signature() {
    let unsupported = r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{}},"messageSignature":{"payload":"anything"}}"#;
    let foreign =
        std::fs::read_to_string(fixture("supply-chain/tampered/swapped-signer/model.sig")).unwrap();
    for (name, content) in [
        ("tokenizer.sigstore.json", unsupported),
        ("x.sigstore", foreign.as_str()),
    ] {
        let (_place, model) = stage();
        std::fs::write(model.join(name), content).unwrap();
        let (code, report) = baseline(&model);
        assert_eq!(code, 1, "{name}: {report:#}");
        assert_eq!(findings(&report, "unlisted-file"), [name]);
    }
    let (place, model) = stage();
    std::fs::write(model.join("junk.sigstore"), "import os\n").unwrap();
    for level in [Some("warn"), None] {
        let (code, report) = with_levels(place.path(), &model, &[("signature-rejected", level)]);
        assert_eq!(code, 1, "{report:#}");
        assert_eq!(findings(&report, "unlisted-file"), ["junk.sigstore"]);
    }
}

/// A part of another artifact, with its own good signature by the same signer.
#[test]
fn covers_of_several_signatures_are_not_added_up() {
    let (_place, model) = stage();
    // Another link of the chain: its signer is trusted, and signed these very bytes.
    let donor = fixture("supply-chain/digits-dataset");
    std::fs::copy(donor.join("digits.csv"), model.join("digits.csv")).unwrap();
    std::fs::copy(donor.join("model.sig"), model.join("digits.sigstore.json")).unwrap();
    let (code, report) = verify([
        model.to_str().unwrap(),
        KEY[0],
        KEY[1],
        "--key",
        "fixtures/supply-chain/keys/data.pub.pem",
    ]);
    assert_eq!(code, 1);
    assert!(
        findings(&report, "unlisted-file").contains(&"digits.csv".to_owned()),
        "{report:#}"
    );
}

#[test]
fn taking_the_signature_away_never_turns_a_denial_into_a_pass() {
    let (place, model) = stage();
    std::fs::remove_file(model.join("model.sig")).unwrap();
    std::fs::write(model.join("evil.py"), "x").unwrap();
    for level in [Some("warn"), Some("audit"), None] {
        let (code, report) = with_levels(place.path(), &model, &[("unsigned-artifact", level)]);
        assert_eq!(code, 2, "{level:?}: {report:#}");
    }
    // A policy that demands nothing of the kind is obeyed, and the report says what that means.
    let policy = place.path().join("policy.toml");
    std::fs::write(
        &policy,
        "[policy]\nname = \"p\"\nversion = \"1.0.0\"\n[[control]]\ncheck = \"unsafe-name\"\nlevel = \"deny\"\n",
    )
    .unwrap();
    let (code, report) = verify([
        model.to_str().unwrap(),
        "--policy",
        policy.to_str().unwrap(),
    ]);
    assert_eq!(code, 0);
    let reasons = report["reasons"].to_string();
    assert!(reasons.contains("no signature is verified"), "{reasons}");
    assert!(reasons.contains("unsigned-artifact"), "{reasons}");
}

/// With one check at `warn`, no other one may go blind.
#[test]
fn a_lenient_level_opens_no_other_door() {
    let (place, model) = stage();
    std::fs::remove_file(model.join("model.safetensors")).unwrap();
    symlink("config.json", model.join("model.safetensors")).unwrap();
    let (code, report) = with_levels(place.path(), &model, &[("missing-file", Some("warn"))]);
    assert_eq!(code, 2, "{report:#}");
    assert!(checks_with(&report, "inconclusive").contains(&"digest-mismatch".to_owned()));

    let (place, model) = stage();
    symlink("/etc/passwd", model.join("evil.py")).unwrap();
    let (code, report) = with_levels(place.path(), &model, &[("link-escape", Some("warn"))]);
    assert_eq!(code, 2, "{report:#}");
    assert!(checks_with(&report, "inconclusive").contains(&"unlisted-file".to_owned()));

    for target in ["nowhere", "."] {
        let (place, model) = stage();
        symlink(target, model.join("evil.py")).unwrap();
        let (code, report) = with_levels(place.path(), &model, &[("special-file", Some("warn"))]);
        assert_eq!(code, 2, "{target}: {report:#}");
    }
}

/// Globs of `allow` keep to what they say.
#[test]
fn an_allowance_does_not_reach_into_other_directories() {
    let (place, model) = stage();
    std::fs::create_dir(model.join("docs")).unwrap();
    std::fs::write(model.join("docs/evil.py"), "x").unwrap();
    let run = |allow: &str| {
        let policy = place.path().join("policy.toml");
        let text = format!(
            "[policy]\nname = \"p\"\nversion = \"1.0.0\"\n[[control]]\ncheck = \"unlisted-file\"\nlevel = \"deny\"\nallow = [{allow:?}]\n"
        );
        std::fs::write(&policy, text).unwrap();
        let output = crate::harness::bonafide([
            "verify",
            model.to_str().unwrap(),
            "--policy",
            policy.to_str().unwrap(),
            KEY[0],
            KEY[1],
            "-q",
        ]);
        output.code
    };
    assert_eq!(run("*"), 1);
    assert_eq!(run("docs?evil.py"), 1);
    assert_eq!(run("docs"), 1);
    assert_eq!(run("docs/*.py"), 0);
    assert_eq!(run("docs/**"), 0);
    for refused in ["docs[!x]evil.py", "", &"?".repeat(200_000)] {
        assert_eq!(run(refused), 2);
    }
}

/// One file, signed without a name, under another name.
#[test]
fn a_renamed_single_file_is_reported_and_the_gate_denies_it() {
    let model = fixture("checks/renamed-file/fail/model/weights.bin");
    let key = fixture("checks/keys/signer-p256.pub.pem");
    let (code, report) = verify([model.to_str().unwrap(), "--key", key.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert_eq!(findings(&report, "renamed-file"), ["weights.bin"]);
}

/// Small bundles that once took minutes or gigabytes.
#[test]
fn bundles_made_to_be_slow_are_refused_quickly() {
    let certificate = |length: usize| {
        let material = format!("{{\"rawBytes\":\"{}\"}}", "A".repeat(length));
        format!("{{\"certificates\":[{material}]}}")
    };
    let many = format!(
        "{{\"certificates\":[{}]}}",
        vec!["{\"rawBytes\":\"AAAA\"}"; 1_000_000].join(",")
    );
    for chain in [certificate(4_000_000), many] {
        let (_place, model) = stage();
        let bundle = format!(
            "{{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{{\"x509CertificateChain\":{chain}}},\
             \"dsseEnvelope\":{{\"payload\":\"e30=\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{{\"sig\":\"AAAA\"}}]}}}}"
        );
        std::fs::write(model.join("model.sig"), bundle).unwrap();
        let started = std::time::Instant::now();
        let (code, report) = baseline(&model);
        assert_eq!(code, 1);
        assert_eq!(
            checks_with(&report, "fail"),
            ["signature-rejected"],
            "{report:#}"
        );
        assert!(started.elapsed() < std::time::Duration::from_secs(30));
    }
}

/// A target that is reached through a link has its signature beside it as well.
#[test]
fn a_signature_beside_the_target_is_found_through_a_link() {
    let (place, model) = stage();
    std::fs::rename(model.join("model.sig"), place.path().join("model.sig")).unwrap();
    let far = place.path().join("far");
    std::fs::create_dir(&far).unwrap();
    symlink("../model", far.join("linked")).unwrap();
    for target in [model.clone(), far.join("linked"), far.join("linked/.")] {
        let (code, report) = baseline(&target);
        assert_eq!(code, 0, "{}: {report:#}", target.display());
    }
}
