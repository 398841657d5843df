//! What `sign` writes, `verify` accepts; keys are made here and thrown away.

use std::path::{Path, PathBuf};
use std::process::Command;

use bonafide_attest::{Conclusion, PublicKey, Rejection, TrustStore, examine};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{bonafide, checks_with, findings, fixture, flip, verify};

fn openssl(arguments: &[&str], directory: &Path) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn openssl_is_here() -> bool {
    let here = Command::new("openssl").arg("version").output().is_ok();
    if !here {
        eprintln!("skipped: no openssl to make keys with");
    }
    here
}

/// A directory with a key pair on the curve, and a model.
fn stage(curve: &str) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let option = format!("ec_paramgen_curve:{curve}");
    openssl(
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            &option,
            "-out",
            "key.pem",
        ],
        place.path(),
    );
    openssl(
        &["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"],
        place.path(),
    );
    let model = place.path().join("model");
    std::fs::create_dir_all(model.join("a")).unwrap();
    std::fs::write(model.join("weights.bin"), vec![7; 300_000]).unwrap();
    std::fs::write(model.join("a/x.bin"), b"x").unwrap();
    std::fs::write(model.join("a-b.txt"), b"").unwrap();
    std::fs::write(model.join("naïve: 😀.txt"), b"unicode").unwrap();
    (place, model)
}

fn path(directory: &Path, name: &str) -> String {
    directory.join(name).display().to_string()
}

#[test]
fn every_curve_hash_and_serialization_round_trips() {
    if !openssl_is_here() {
        return;
    }
    for curve in ["P-256", "P-384", "P-521"] {
        let (place, model) = stage(curve);
        for hash in ["sha256", "blake2b-512", "blake3"] {
            for shards in [None, Some("1000"), Some("300000"), Some("1MiB")] {
                let target = model.display().to_string();
                let key = path(place.path(), "key.pem");
                let mut arguments = vec![
                    "sign",
                    "key",
                    &target,
                    "--private-key",
                    &key,
                    "--hash",
                    hash,
                ];
                if let Some(size) = shards {
                    arguments.extend(["--shard-size", size]);
                    // Shards do not cover empty files.
                    std::fs::write(model.join("a-b.txt"), b"not empty").unwrap();
                }
                let run = bonafide(&arguments);
                assert_eq!(run.code, 0, "{run:?}");
                let (code, report) = verify([&target, "--key", &path(place.path(), "public.pem")]);
                assert_eq!(code, 0, "{curve} {hash} {shards:?}: {report:#}");
                assert!(checks_with(&report, "fail").is_empty(), "{report:#}");

                flip(&model.join("weights.bin"));
                let (code, report) = verify([&target, "--key", &path(place.path(), "public.pem")]);
                assert_eq!(code, 1, "{curve} {hash} {shards:?}");
                assert_eq!(findings(&report, "digest-mismatch"), ["weights.bin"]);
                flip(&model.join("weights.bin"));

                // Bytes beyond the last shard are noticed as well.
                let mut longer = std::fs::read(model.join("weights.bin")).unwrap();
                longer.push(0);
                std::fs::write(model.join("weights.bin"), &longer).unwrap();
                let (code, _) = verify([&target, "--key", &path(place.path(), "public.pem")]);
                assert_eq!(code, 1, "{curve} {hash} {shards:?}: appended byte");
                longer.pop();
                std::fs::write(model.join("weights.bin"), &longer).unwrap();
            }
        }
    }
}

#[test]
fn a_single_file_is_signed_beside_itself() {
    if !openssl_is_here() {
        return;
    }
    let (place, model) = stage("P-256");
    let file = path(&model, "weights.bin");
    let run = bonafide([
        "sign",
        "key",
        &file,
        "--private-key",
        &path(place.path(), "key.pem"),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(model.join("weights.bin.sig").is_file());
    let (code, report) = verify([&file, "--key", &path(place.path(), "public.pem")]);
    assert_eq!(code, 0, "{report:#}");
    flip(&model.join("weights.bin"));
    let (code, _) = verify([&file, "--key", &path(place.path(), "public.pem")]);
    assert_eq!(code, 1);
}

#[test]
fn a_certificate_chain_signs_and_the_root_stays_out_of_the_bundle() {
    if !openssl_is_here() {
        return;
    }
    let (place, model) = stage("P-384");
    let here = place.path();
    openssl(
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=root",
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
        ],
        here,
    );
    openssl(
        &[
            "req",
            "-new",
            "-key",
            "key.pem",
            "-subj",
            "/CN=signer",
            "-out",
            "leaf.csr",
        ],
        here,
    );
    std::fs::write(here.join("leaf.ext"), "keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\nbasicConstraints=critical,CA:FALSE\n").unwrap();
    openssl(
        &[
            "x509",
            "-req",
            "-in",
            "leaf.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "20",
            "-extfile",
            "leaf.ext",
            "-out",
            "leaf.pem",
        ],
        here,
    );
    let target = model.display().to_string();
    let run = bonafide([
        "sign",
        "certificate",
        &target,
        "--private-key",
        &path(here, "key.pem"),
        "--signing-certificate",
        &path(here, "leaf.pem"),
        "--certificate-chain",
        &path(here, "root.pem"),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let bundle: Value =
        serde_json::from_slice(&std::fs::read(model.join("model.sig")).unwrap()).unwrap();
    let chain = &bundle["verificationMaterial"]["x509CertificateChain"]["certificates"];
    assert_eq!(chain.as_array().unwrap().len(), 1);
    let (code, report) = verify([&target, "--certificate-chain", &path(here, "root.pem")]);
    assert_eq!(code, 0, "{report:#}");

    // A certificate for another key is refused before anything is written.
    openssl(
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
            "-out",
            "other.pem",
        ],
        here,
    );
    let before = std::fs::read(model.join("model.sig")).unwrap();
    let run = bonafide([
        "sign",
        "certificate",
        &target,
        "--private-key",
        &path(here, "other.pem"),
        "--signing-certificate",
        &path(here, "leaf.pem"),
    ]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("another key"), "{run:?}");
    assert_eq!(std::fs::read(model.join("model.sig")).unwrap(), before);
}

/// A team without an authority of its own pins the one certificate it signs with.
#[test]
fn a_self_signed_certificate_is_trusted_when_it_is_named() {
    if !openssl_is_here() {
        return;
    }
    let (place, model) = stage("P-256");
    let here = place.path();
    let request = [
        "req",
        "-x509",
        "-key",
        "key.pem",
        "-days",
        "30",
        "-subj",
        "/CN=team",
        "-out",
        "team.pem",
        "-addext",
        "keyUsage=critical,digitalSignature",
        "-addext",
        "extendedKeyUsage=codeSigning",
    ];
    openssl(&request, here);
    let root = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=team",
        "-keyout",
        "root.key",
        "-out",
        "root.pem",
    ];
    openssl(&root, here);
    let target = model.display().to_string();
    let (key, certificate) = (path(here, "key.pem"), path(here, "team.pem"));
    // The root is left out of a bundle, but a leaf that is its own root stays in.
    let run = bonafide([
        "sign",
        "certificate",
        &target,
        "--private-key",
        &key,
        "--signing-certificate",
        &certificate,
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let (code, report) = verify([&target, "--certificate-chain", &certificate]);
    assert_eq!(code, 0, "{report:#}");
    let (code, report) = verify([&target, "--certificate-chain", &path(here, "root.pem")]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["untrusted-signer"]);
}

#[test]
fn what_a_verifier_would_deny_is_not_signed() {
    if !openssl_is_here() {
        return;
    }
    let (place, model) = stage("P-256");
    let key = path(place.path(), "key.pem");
    let target = model.display().to_string();
    std::os::unix::fs::symlink("weights.bin", model.join("link")).unwrap();
    let run = bonafide(["sign", "key", &target, "--private-key", &key]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`link`"), "{run:?}");
    assert!(!model.join("model.sig").exists());

    // Left out by name, and named by the verifier.
    let run = bonafide([
        "sign",
        "key",
        &target,
        "--private-key",
        &key,
        "--exclude",
        "link",
        "--exclude",
        "a",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("not covered: a/x.bin"), "{run:?}");
    let (code, report) = verify([&target, "--key", &path(place.path(), "public.pem")]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report, "uncovered-file"), ["a/x.bin", "link"]);

    let empty = place.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let run = bonafide([
        "sign",
        "key",
        &empty.display().to_string(),
        "--private-key",
        &key,
    ]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("nothing to sign"), "{run:?}");
}

#[test]
fn unusable_keys_are_explained() {
    if !openssl_is_here() {
        return;
    }
    let (place, model) = stage("P-256");
    let here = place.path();
    openssl(
        &["genpkey", "-algorithm", "x25519", "-out", "x25519.pem"],
        here,
    );
    openssl(
        &[
            "pkcs8",
            "-topk8",
            "-in",
            "key.pem",
            "-passout",
            "pass:x",
            "-out",
            "encrypted.pem",
        ],
        here,
    );
    std::fs::write(here.join("text.pem"), "not a key").unwrap();
    let target = model.display().to_string();
    for (name, expected) in [
        (
            "x25519.pem",
            "not a P-256, P-384, P-521 or Ed25519 private key",
        ),
        ("encrypted.pem", "private key is encrypted"),
        ("public.pem", "PEM block is `PUBLIC KEY`"),
        ("text.pem", "not a PEM file"),
        ("absent.pem", "cannot be read"),
    ] {
        let run = bonafide(["sign", "key", &target, "--private-key", &path(here, name)]);
        assert_eq!(run.code, 2, "{name}: {run:?}");
        assert!(
            run.stderr.contains(expected) && run.stderr.contains(name),
            "{name}: {run:?}"
        );
    }
    let run = bonafide(["verify", &target, "--key", &path(here, "key.pem")]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("this is a private key"), "{run:?}");
}

/// What is there already is replaced only if it is a signature.
#[test]
fn signing_overwrites_nothing_but_signatures() {
    if !openssl_is_here() {
        return;
    }
    let (place, model) = stage("P-256");
    let (target, key) = (model.display().to_string(), path(place.path(), "key.pem"));
    for output in [path(&model, "weights.bin"), key.clone()] {
        let before = std::fs::read(&output).unwrap();
        let run = bonafide([
            "sign",
            "key",
            &target,
            "--private-key",
            &key,
            "--signature",
            &output,
        ]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("not overwritten"), "{run:?}");
        assert_eq!(std::fs::read(&output).unwrap(), before);
    }
    for _ in 0..2 {
        let run = bonafide(["sign", "key", &target, "--private-key", &key]);
        assert_eq!(run.code, 0, "{run:?}");
    }
}

/// `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 | openssl pkey -pubout`
const RSA: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2yLpYbgYjR+pkfLebdHb
gQkFgD0zWOMrJqj+qrDfDY6FGL5SjI0EKRGMwQqDc9QS5TUE00CPVEzbPpPfR0ED
+Vc6341WISfpnZquvH39BhwSgBQZKD0BUdUysWQLZeIKY1qjBi6BrdfCc+JWrzNx
i6y0moP2F3T7n+z2i0JDzzAbqLbMBCSfvZ/aXFgItGkUIz37gPVhPL8dMLoqblrr
i07NtXG0MPfblwZgKzjI0mEw2bHTGHVE+AMCU8a0PyFLCoyIpqIjYNEa68iKNdxe
82U6sa3JIpZwkAFjFY0Ucmo9eEcmGzlA3Ay2rNDc/S4xh2BpT5OGwn8msmW2fXdc
KwIDAQAB
-----END PUBLIC KEY-----
";

/// A trusted RSA key may sign attestations, but OMS v1.0 registers none for models.
#[test]
fn rsa_keys_sign_no_models() {
    let rsa = PublicKey::from_pem(RSA.as_bytes()).unwrap();
    let text = std::fs::read(fixture("supply-chain/digits-classifier/model.sig")).unwrap();
    let mut bundle: Value = serde_json::from_slice(&text).unwrap();
    let mut trust = TrustStore::new();
    trust.add_key("rsa", RSA.as_bytes()).unwrap();
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let material = |hint: &str| serde_json::json!({ "publicKey": { "hint": hint } });
    for hint in [rsa.hint(), rsa.fingerprint().hex(), String::new()] {
        bundle["verificationMaterial"] = material(&hint);
        let conclusion = examine(bundle.to_string().as_bytes(), &trust, now)[0]
            .conclusion
            .clone();
        assert!(
            matches!(&conclusion, Conclusion::Rejected(Rejection::KeyKind { kind }) if *kind == rsa.kind()),
            "{hint}: {conclusion:?}"
        );
    }
    // It does not get in the way of a key that may sign.
    let publisher = std::fs::read(fixture("supply-chain/keys/publisher.pub.pem")).unwrap();
    trust.add_key("publisher", &publisher).unwrap();
    let conclusion = examine(bundle.to_string().as_bytes(), &trust, now)[0]
        .conclusion
        .clone();
    assert!(
        matches!(conclusion, Conclusion::Verified(_)),
        "{conclusion:?}"
    );
}
