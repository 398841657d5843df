//! Real bundles of the reference tool and the vectors of the specification.
//!
//! They are not part of this repository; `fixtures/vectors.toml` says where they
//! come from. Without them these tests say so, and pass.

use std::path::{Path, PathBuf};

use crate::harness::{checks_with, copy, findings, flip, vectors, verify};

/// A bundle, the model it signs, and how to trust its signer.
struct Vector {
    name: String,
    model: PathBuf,
    bundle: PathBuf,
    trust: Vec<String>,
    single_file: bool,
}

fn key(vectors: &Path) -> Vec<String> {
    let path = vectors.join("oms-reference/keys/signing-key-pub.pem");
    vec!["--key".to_owned(), path.display().to_string()]
}

fn authority(vectors: &Path) -> Vec<String> {
    let path = vectors.join("oms-reference/keys/ca-cert.pem");
    vec!["--certificate-chain".to_owned(), path.display().to_string()]
}

/// Who signed the keyless ones; the embedded trusted root vouches for them.
const IDENTITY: [&str; 2] = [
    "stefanb@us.ibm.com",
    "https://sigstore.verify.ibm.com/oauth2",
];

fn identity(subject: &str, issuer: &str) -> Vec<String> {
    ["--identity", subject, "--issuer", issuer]
        .map(str::to_owned)
        .to_vec()
}

fn all(vectors: &Path) -> Vec<Vector> {
    let mut table = Vec::new();
    let [subject, issuer] = IDENTITY;
    for version in ["v0.2.0", "v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0"] {
        for (method, trust) in [
            ("elliptic-key", key(vectors)),
            ("certificate", authority(vectors)),
            ("sigstore", identity(subject, issuer)),
        ] {
            // Release 0.2.0 is there with a certificate alone.
            if version == "v0.2.0" && method != "certificate" {
                continue;
            }
            let name = format!("{version}-{method}");
            let model = vectors.join("oms-reference").join(&name);
            table.push(Vector {
                bundle: model.join("model.sig"),
                single_file: !model.join("signme-2").exists(),
                model,
                name,
                trust,
            });
        }
    }
    for (method, folder, trust) in [
        ("key", "v1.1.0-elliptic-key", key(vectors)),
        ("certificate", "v1.1.0-elliptic-key", authority(vectors)),
        ("sigstore", "v1.1.0-sigstore", identity(subject, issuer)),
    ] {
        table.push(Vector {
            name: format!("specification {method}"),
            model: vectors.join("oms-reference").join(folder),
            bundle: vectors.join(format!(
                "oms-spec/test-vectors/v1.0/valid/{method}.bundle.json"
            )),
            trust,
            single_file: false,
        });
    }
    table
}

/// Some models hold a file that their signer left out; the policy of this test
/// says that this one is known, as a team would have to.
const POLICY: &str = r#"
[policy]
name = "vectors"
version = "1.0.0"
[[control]]
check = "unsigned-artifact"
level = "deny"
[[control]]
check = "signature-rejected"
level = "deny"
[[control]]
check = "untrusted-signer"
level = "deny"
[[control]]
check = "certificate-not-valid"
level = "deny"
[[control]]
check = "digest-mismatch"
level = "deny"
[[control]]
check = "missing-file"
level = "deny"
[[control]]
check = "unlisted-file"
level = "deny"
allow = ["ignore-me"]
[[control]]
check = "uncovered-file"
level = "deny"
allow = ["ignore-me"]
[[control]]
check = "nonconforming-bundle"
level = "warn"
[[control]]
check = "certificate-authority-leaf"
level = "warn"
"#;

/// A copy of the model with its bundle in it, and the policy beside it.
fn stage(vector: &Vector) -> (tempfile::TempDir, PathBuf, Vec<String>) {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    copy(&vector.model, &model);
    std::fs::write(
        model.join("model.sig"),
        std::fs::read(&vector.bundle).unwrap(),
    )
    .unwrap();
    let policy = place.path().join("policy.toml");
    std::fs::write(&policy, POLICY).unwrap();
    let mut arguments = vec![
        model.display().to_string(),
        "--policy".to_owned(),
        policy.display().to_string(),
    ];
    arguments.extend(vector.trust.iter().cloned());
    (place, model, arguments)
}

#[test]
fn real_bundles_verify() {
    let Some(vectors) = vectors() else { return };
    let table = all(&vectors);
    assert_eq!(table.len(), 16);
    for vector in &table {
        let (_place, model, arguments) = stage(vector);
        let (code, report) = verify(&arguments);
        assert_eq!(code, 0, "{}: {report:#}", vector.name);
        let authority_leaf = vector.name.contains("certificate");
        let expected: &[&str] = match (authority_leaf, vector.single_file) {
            (true, _) if vector.name.starts_with("v0.2.0") => {
                &["nonconforming-bundle", "certificate-authority-leaf"]
            }
            (true, _) => &["certificate-authority-leaf"],
            (false, true) => &["nonconforming-bundle"],
            (false, false) => &[],
        };
        assert_eq!(checks_with(&report, "fail"), expected, "{}", vector.name);
        // A single-file model verifies by its file as well, with the bundle beside it.
        if vector.single_file {
            let mut arguments = arguments.clone();
            arguments[0] = model.join("signme-1").display().to_string();
            let (code, report) = verify(&arguments);
            assert_eq!(code, 0, "{}: {report:#}", vector.name);
        }
    }
}

#[test]
fn each_changed_file_of_each_real_bundle_is_denied_by_the_right_check() {
    let Some(vectors) = vectors() else { return };
    for vector in &all(&vectors) {
        let signed: &[&str] = if vector.single_file {
            &["signme-1"]
        } else {
            &["signme-1", "signme-2"]
        };
        for file in signed {
            let (_place, model, arguments) = stage(vector);
            flip(&model.join(file));
            let (code, report) = verify(&arguments);
            assert_eq!(code, 1, "{} {file}", vector.name);
            assert_eq!(
                findings(&report, "digest-mismatch"),
                [*file],
                "{}",
                vector.name
            );

            let (_place, model, arguments) = stage(vector);
            std::fs::remove_file(model.join(file)).unwrap();
            let (code, report) = verify(&arguments);
            assert_eq!(code, 1, "{} {file}", vector.name);
            let missing = if vector.single_file { "." } else { file };
            assert_eq!(
                findings(&report, "missing-file"),
                [missing],
                "{}: {report:#}",
                vector.name
            );
        }

        let (_place, model, arguments) = stage(vector);
        flip(&model.join("model.sig"));
        let (code, report) = verify(&arguments);
        assert_eq!(code, 1, "{}", vector.name);
        // The flipped bit may be in the statement, or in an intermediate certificate,
        // which then is nobody's.
        let by_signature = ["signature-rejected", "untrusted-signer"];
        let failed = checks_with(&report, "fail");
        assert!(
            failed.len() == 1 && by_signature.contains(&failed[0].as_str()),
            "{}: {failed:?}",
            vector.name
        );

        let (_place, model, arguments) = stage(vector);
        std::fs::remove_file(model.join("model.sig")).unwrap();
        let (code, report) = verify(&arguments);
        assert_eq!(code, 1, "{}", vector.name);
        assert!(
            checks_with(&report, "fail").contains(&"unsigned-artifact".to_owned()),
            "{}",
            vector.name
        );

        let (_place, model, arguments) = stage(vector);
        std::fs::write(model.join("added.py"), "print('hello')\n").unwrap();
        let (code, report) = verify(&arguments);
        assert_eq!(code, 1, "{}", vector.name);
        let by = if vector.single_file {
            "missing-file"
        } else {
            "unlisted-file"
        };
        assert!(
            checks_with(&report, "fail").contains(&by.to_owned()),
            "{}: {report:#}",
            vector.name
        );
        assert!(
            findings(&report, "unlisted-file").contains(&"added.py".to_owned()),
            "{}",
            vector.name
        );
    }
}

#[test]
fn invalid_vectors_of_the_specification_are_rejected() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("oms-spec/test-vectors/v1.0");
    let table = [
        ("invalid/empty.bundle.json", "signature-rejected"),
        ("invalid/missing-envelope.bundle.json", "signature-rejected"),
        (
            "invalid/missing-tlog-entries.bundle.json",
            "signature-rejected",
        ),
        (
            "invalid/missing-verification-material.bundle.json",
            "signature-rejected",
        ),
        (
            "invalid-payload/wrong-predicate.bundle.json",
            "signature-rejected",
        ),
    ];
    let model = vectors.join("oms-reference/v1.1.0-elliptic-key");
    for (bundle, check) in table {
        let bundle = folder.join(bundle).display().to_string();
        let mut arguments = key(&vectors);
        arguments.extend([
            model.display().to_string(),
            "--signature".to_owned(),
            bundle.clone(),
        ]);
        let (code, report) = verify(arguments);
        assert_eq!(code, 1, "{bundle}: {report:#}");
        assert_eq!(findings(&report, check), [bundle.as_str()]);
    }
}

/// The certificates of one CA, the key of one publisher and the identity of one
/// signer: whoever else is trusted instead, none of the real bundles is by them.
#[test]
fn each_real_bundle_is_refused_for_every_other_signer() {
    let Some(vectors) = vectors() else { return };
    let foreign = crate::harness::fixture("supply-chain/keys");
    let foreign = |file: &str| foreign.join(file).display().to_string();
    let [subject, issuer] = IDENTITY;
    for vector in &all(&vectors) {
        let others: Vec<(Vec<String>, &str)> = match vector.trust[0].as_str() {
            "--key" => vec![(
                vec!["--key".to_owned(), foreign("publisher.pub.pem")],
                "key",
            )],
            "--certificate-chain" => vec![(
                vec!["--certificate-chain".to_owned(), foreign("ca-root.pem")],
                "certificate",
            )],
            _ => vec![
                (identity("evil@us.ibm.com", issuer), "identity"),
                (identity(&format!("x{subject}"), issuer), "identity"),
                (identity(subject, "https://accounts.google.com"), "identity"),
                (identity(subject, &format!("{issuer}/")), "identity"),
            ],
        };
        for (trust, category) in others {
            let (_place, _model, mut arguments) = stage(vector);
            arguments.truncate(3);
            arguments.extend(trust);
            let (code, report) = verify(&arguments);
            assert_eq!(code, 1, "{}: {report:#}", vector.name);
            let signature = &report["signatures"][0];
            assert_eq!(signature["state"], "untrusted", "{}", vector.name);
            let found = signature["category"].as_str().unwrap();
            // A bundle that carries its key says which; one with a hint only hints.
            assert_eq!(found, category, "{}", vector.name);
        }
    }
}
