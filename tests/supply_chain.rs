//! The demonstration chain verifies, and every tampered twin is denied by name.

use serde::Deserialize;

use crate::check_fixtures::{Create, create};
use crate::harness::{bonafide, checks_with, copy, findings, fixture, verify};

const GATE: [&str; 2] = ["--policy", "policies/registry-gate.toml"];

#[test]
fn every_link_of_the_chain_is_allowed_by_the_registry_gate() {
    for name in [
        "digits-dataset",
        "digits-classifier",
        "digits-classifier-finetuned",
    ] {
        let target = format!("fixtures/supply-chain/{name}");
        let (code, report) = verify([target.as_str(), GATE[0], GATE[1]]);
        assert_eq!(code, 0, "{name}: {report:#}");
        assert_eq!(report["verdict"], "allow");
        assert_eq!(report["signatures"][0]["state"], "verified");
    }
}

#[test]
fn every_tampered_twin_is_denied_and_the_file_is_named() {
    let table = [
        ("outdated-bom", "bom-digest-mismatch", "model.safetensors"),
        ("file-not-in-bom", "bom-file-unlisted", "loader.py"),
        ("directory-symlink", "link-escape", "plugins"),
    ];
    for (name, check, file) in table {
        let target = format!("fixtures/supply-chain/tampered/{name}");
        let (code, report) = verify([target.as_str(), GATE[0], GATE[1]]);
        assert_eq!(code, 1, "{name}: {report:#}");
        assert_eq!(checks_with(&report, "fail"), [check], "{name}");
        assert_eq!(findings(&report, check), [file], "{name}");
    }
}

/// Where the signature does not count, neither does the document under it, and the signature
/// file is a file that no document lists.
#[test]
fn a_signature_that_does_not_count_takes_the_document_with_it() {
    for (name, check) in [
        ("swapped-signer", "untrusted-signer"),
        ("ignore-everything", "signature-rejected"),
    ] {
        let target = format!("fixtures/supply-chain/tampered/{name}");
        let (code, report) = verify([target.as_str(), GATE[0], GATE[1]]);
        assert_eq!(code, 1, "{name}: {report:#}");
        let expected = [check, "bom-unsigned", "bom-file-unlisted"];
        assert_eq!(checks_with(&report, "fail"), expected, "{name}");
        assert_eq!(findings(&report, check), [format!("{target}/model.sig")]);
    }
}

/// Signature and document are about other bytes, and both say so.
#[test]
fn a_flipped_byte_is_seen_by_the_signature_and_by_the_document() {
    let target = "fixtures/supply-chain/tampered/flipped-byte";
    let (code, report) = verify([target, GATE[0], GATE[1]]);
    assert_eq!(code, 1, "{report:#}");
    let both = ["digest-mismatch", "bom-digest-mismatch"];
    assert_eq!(checks_with(&report, "fail"), both);
    for check in both {
        assert_eq!(findings(&report, check), ["model.safetensors"]);
    }
}

#[derive(Deserialize)]
struct Recipe {
    base: String,
    create: Vec<Create>,
}

/// A repository cannot hold a `.git` folder, so this twin is made from its recipe.
#[test]
fn a_script_under_git_is_denied_and_named() {
    let text = std::fs::read_to_string(fixture("supply-chain/tampered/git-hook.toml")).unwrap();
    let recipe: Recipe = toml::from_str(&text).unwrap();
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    copy(&fixture("supply-chain/tampered").join(recipe.base), &model);
    create(&recipe.create, &model);
    let (code, report) = verify([model.to_str().unwrap(), GATE[0], GATE[1]]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(
        checks_with(&report, "fail"),
        ["uncovered-file", "bom-file-unlisted"]
    );
    assert_eq!(findings(&report, "uncovered-file"), [".git/hooks/evil.py"]);
}

/// An authority is trusted for the names that the policy says, and for no others.
#[test]
fn an_authority_counts_for_its_names_only() {
    let model = fixture("supply-chain/digits-classifier-finetuned");
    let authority = fixture("supply-chain/keys/ca-root.pem");
    let place = tempfile::tempdir().unwrap();
    let policy = place.path().join("policy.toml");
    let table = [
        (r#"["dns:digits-demo.example"]"#, None),
        (
            r#"["email:x@y.example", { glob = "uri:https://digits-demo.example/*" }]"#,
            None,
        ),
        (
            r#"[{ regex = "subject:.*CN=digits-demo\\.example" }]"#,
            None,
        ),
        (r#"["dns:digits-demo.example.evil"]"#, Some("identity")),
        (
            r#"[{ glob = "uri:https://digits-demo.example/*/*" }]"#,
            Some("identity"),
        ),
        (r#"["uri:digits-demo.example"]"#, Some("identity")),
    ];
    for (names, category) in table {
        let trust = format!(
            "authorities = [{{ name = \"demonstration\", file = {:?}, names = {names} }}]\n",
            authority.display().to_string()
        );
        std::fs::write(&policy, crate::harness::baseline_with(&trust)).unwrap();
        let (code, report) = verify([
            model.display().to_string(),
            "--policy".to_owned(),
            policy.display().to_string(),
        ]);
        let signature = &report["signatures"][0];
        assert_eq!(code, i32::from(category.is_some()), "{names}: {report:#}");
        assert_eq!(signature["category"].as_str(), category, "{names}");
    }
}

/// What the files of a model say is held against the document; a file that cannot be read for it
/// might have contradicted it.
#[test]
fn a_card_that_cannot_be_read_leaves_a_document_undecided() {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &model);
    for name in ["model.sig", "model.cdx.json"] {
        std::fs::remove_file(model.join(name)).unwrap();
    }
    let document = place.path().join("bom.cdx.json").display().to_string();
    let target = model.display().to_string();
    let check = || {
        let run = bonafide(["bom", "generate", &target, "-o", &document]);
        assert_eq!(run.code, 0, "{run:?}");
        bonafide(["bom", "check", &document, "--model", &target])
    };
    assert_eq!(check().code, 0);
    std::fs::write(model.join("config.json"), "{").unwrap();
    let run = check();
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stdout.contains("`config.json` cannot be compared"),
        "{run:?}"
    );
}
