//! What `attest` writes, and what it refuses; keys of every form sign.

use std::path::{Path, PathBuf};

use bonafide_attest::PublicKey;
use data_encoding::BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Run, bonafide, command};

// The keys are those of `key/fixtures.rs` in bonafide-attest, with their making commands.

pub const ED25519: &str = "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEICUX81H5WlfowyO7Ci3BqaWXiysriHaYOf9TMA4Ksj0I
-----END PRIVATE KEY-----
";

pub const ED25519_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAE64PX07PX79qrGHzZehGLUh1P5+bziFHcoGEE73K+Ps=
-----END PUBLIC KEY-----
";

/// The password is `secret`.
const ED25519_ENCRYPTED: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgbPD1TQlQLIgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIJnQT50iokw2Lpxav1+PWsEQJDm
1R2KhcubdV/ZBKOGSQt5XtrGLeiqIkbq44jIBWTrQBDyvb62+irBjmKcrPzgypGV
RejNNoBAHSs8/8QBcGs=
-----END ENCRYPTED PRIVATE KEY-----
";

pub const P256: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+8ijFD7Yt7IxoVUM
VwwD57aJ2Zacnaj/A2bpe8in0ouhRANCAATufcRlLroVorMh9avw3AYnr8sYA9t3
Jj8KEMog1FVf5znomfVCl3W1Q/u8l72Eboudlo2pFOKs8c9JKl3k7luL
-----END PRIVATE KEY-----
";

pub const P256_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7n3EZS66FaKzIfWr8NwGJ6/LGAPb
dyY/ChDKINRVX+c56Jn1Qpd1tUP7vJe9hG6LnZaNqRTirPHPSSpd5O5biw==
-----END PUBLIC KEY-----
";

/// The password is `secret`.
const P256_SCRYPT: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAiwOYgnlywUKQICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBAD/ANUF4xJF+zLKFRQfBz9BIGQ4/oEz5cg5QBl
wDqyPokcbDF8rOr2WcsXRAl5w0B6fHXZXgbgnAZTIXSBKMfksoSiG12o3+YJTvA5
bCIAYxJfY6YGYPxmkxMdR/xlsvvwvTvw+lEDnjQyGfMcwWm5buZVQV1y1BcwNz0E
6gtY2J/VI/2uHN151FK5zEiubfBwPbJBQoZadnxz49JpCjxdm84n
-----END ENCRYPTED PRIVATE KEY-----
";

/// The password is `secret`.
const P256_LEGACY: &str = "\
-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,E4EAB66A18C91C715B72FA23361BAC2E

0+kJNYtX8kLTPVIMEW7BsNmYY+RAklrlEJt24/a5c3AwxO53160XoXVLUHVgsAgF
tdwMHnrjx0yFzlB2OlCR4FoS7nI+9Y83mSBqmGa6n9bLudUL5012qt4dJj7o/iqQ
Btt7z90whiELYngu43qL/VieONVcGmSmswpW2ppVIrc=
-----END EC PRIVATE KEY-----
";

const TYPE: &str = "https://example.com/evaluation/v1";

/// Keys, a predicate, and a model of two files beside them.
fn stage() -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(place.path().join(name), text).unwrap();
    write("ed25519.pem", ED25519);
    write("ed25519.enc", ED25519_ENCRYPTED);
    write("p256.pem", P256);
    write("p256.enc", P256_SCRYPT);
    write("p256.dek", P256_LEGACY);
    write("password", "secret\n");
    write(
        "predicate.json",
        "{\"score\": 0.50, \"metric\": \"accuracy\"}\n",
    );
    let model = place.path().join("model");
    std::fs::create_dir_all(model.join("a")).unwrap();
    std::fs::write(model.join("weights.bin"), b"2").unwrap();
    std::fs::write(model.join("a/x.bin"), b"1").unwrap();
    (place, model)
}

fn path(directory: &Path, name: &str) -> String {
    directory.join(name).display().to_string()
}

/// `attest` with the usual predicate and a key of the stage.
fn attest(place: &Path, target: &Path, key: &str, more: &[&str]) -> Run {
    let mut command = command();
    command
        .env_remove("BONAFIDE_KEY_PASSWORD")
        .args(["attest", "--predicate-type", TYPE, "--predicate"])
        .arg(place.join("predicate.json"))
        .arg("--private-key")
        .arg(place.join(key))
        .arg(target)
        .args(more);
    let run = Run::from(command.output().unwrap());
    assert!(!run.stderr.contains("panicked"), "{run:?}");
    run
}

/// The statement of an envelope whose one signature this key made.
fn opened(path: &Path, public: &str) -> Value {
    let text = std::fs::read(path).unwrap();
    let envelope: Value = serde_json::from_slice(&text).unwrap();
    let decode = |value: &Value| BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let payload = decode(&envelope["payload"]);
    let message = [
        format!("DSSEv1 28 application/vnd.in-toto+json {} ", payload.len()).as_bytes(),
        &payload,
    ]
    .concat();
    let key = PublicKey::from_pem(public.as_bytes()).unwrap();
    let signature = &envelope["signatures"][0];
    assert!(key.verifies_dsse(&message, &decode(&signature["sig"])));
    assert_eq!(signature["keyid"], key.fingerprint().hex());
    serde_json::from_slice(&payload).unwrap()
}

// `printf 1 | sha256sum`, `printf 2 | sha256sum`
const ONE: &str = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
const TWO: &str = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35";

#[test]
fn a_file_is_attested_beside_itself() {
    let (place, model) = stage();
    let target = model.join("weights.bin");
    let run = attest(place.path(), &target, "p256.pem", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("attested 1 subject\n"), "{run:?}");
    let output = model.join("weights.bin.intoto.json");
    assert_eq!(
        opened(&output, P256_PUBLIC),
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "weights.bin", "digest": {"sha256": TWO}}],
            "predicateType": TYPE,
            "predicate": {"metric": "accuracy", "score": 0.5},
        })
    );

    // A name of the user's choice, in a file of the user's choice.
    let output = place.path().join("attestation.json");
    let options = [
        "--subject-name",
        "pkg:generic/weights@1",
        "--output",
        &path(place.path(), "attestation.json"),
    ];
    let run = attest(place.path(), &target, "ed25519.pem", &options);
    assert_eq!(run.code, 0, "{run:?}");
    let statement = opened(&output, ED25519_PUBLIC);
    assert_eq!(statement["subject"][0]["name"], "pkg:generic/weights@1");
}

#[test]
fn every_file_of_a_directory_is_a_subject() {
    let (place, model) = stage();
    std::fs::create_dir(model.join(".git")).unwrap();
    std::fs::write(model.join(".git/config"), b"").unwrap();
    let run = attest(place.path(), &model, "ed25519.pem", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("not covered: .git/config"), "{run:?}");
    let output = place.path().join("model.intoto.json");
    let subjects = json!([
        {"name": "a/x.bin", "digest": {"sha256": ONE}},
        {"name": "weights.bin", "digest": {"sha256": TWO}},
    ]);
    assert_eq!(opened(&output, ED25519_PUBLIC)["subject"], subjects);

    // Ed25519 has no randomness: the second run writes the same bytes.
    let before = std::fs::read(&output).unwrap();
    let run = attest(place.path(), &model, "ed25519.pem", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(std::fs::read(&output).unwrap(), before);

    // An output in the directory is no subject, nor is what the user leaves out.
    let inside = path(&model, "evaluation.intoto.json");
    for _ in 0..2 {
        let options = ["--output", &inside, "--exclude", "a"];
        let run = attest(place.path(), &model, "ed25519.pem", &options);
        assert_eq!(run.code, 0, "{run:?}");
        let statement = opened(Path::new(&inside), ED25519_PUBLIC);
        assert_eq!(statement["subject"], json!([subjects[1]]));
    }
}

/// `.` has a name too, and its attestation lies beside it, not in it.
#[test]
fn the_current_directory_is_attested_under_its_name() {
    let (place, model) = stage();
    let run = Run::from(
        command()
            .current_dir(&model)
            .args(["attest", ".", "--predicate-type", TYPE, "--predicate"])
            .args(["../predicate.json", "--private-key", "../ed25519.pem"])
            .output()
            .unwrap(),
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(place.path().join("model.intoto.json").is_file());
}

#[test]
fn encrypted_keys_sign_with_their_password() {
    let (place, model) = stage();
    let target = model.join("weights.bin");
    let output = model.join("weights.bin.intoto.json");
    let password = path(place.path(), "password");
    for (key, public) in [("ed25519.enc", ED25519_PUBLIC), ("p256.enc", P256_PUBLIC)] {
        let options = ["--password-file", &password];
        let run = attest(place.path(), &target, key, &options);
        assert_eq!(run.code, 0, "{key}: {run:?}");
        opened(&output, public);
        std::fs::remove_file(&output).unwrap();

        let run = attest(place.path(), &target, key, &[]);
        assert_eq!(run.code, 2, "{key}: {run:?}");
        assert!(run.stderr.contains("private key is encrypted"), "{run:?}");
        assert!(run.stderr.contains("--password-file"), "{run:?}");

        let wrong = path(place.path(), "predicate.json");
        let options = ["--password-file", &wrong];
        let run = attest(place.path(), &target, key, &options);
        assert_eq!(run.code, 2, "{key}: {run:?}");
        assert!(run.stderr.contains("password does not decrypt"), "{run:?}");
        assert!(!output.exists());
    }
    let run = attest(
        place.path(),
        &target,
        "p256.dek",
        &["--password-file", &password],
    );
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("openssl pkcs8 -topk8"), "{run:?}");
}

#[test]
fn the_password_may_be_in_the_environment() {
    let (place, model) = stage();
    for (password, expected) in [("secret", 0), ("other", 2), ("", 2)] {
        let run = Run::from(
            command()
                .env("BONAFIDE_KEY_PASSWORD", password)
                .args(["sign", "key", "--private-key"])
                .arg(place.path().join("p256.enc"))
                .arg(&model)
                .output()
                .unwrap(),
        );
        assert_eq!(run.code, expected, "{password}: {run:?}");
    }
    // A password file is the more precise word.
    let run = Run::from(
        command()
            .env("BONAFIDE_KEY_PASSWORD", "other")
            .args(["sign", "key", "--private-key"])
            .arg(place.path().join("p256.enc"))
            .arg("--password-file")
            .arg(place.path().join("password"))
            .arg(&model)
            .output()
            .unwrap(),
    );
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn what_cannot_be_attested_is_explained() {
    let (place, model) = stage();
    let here = place.path();
    for (name, text, expected) in [
        ("list.json", "[]", "no JSON object"),
        ("twice.json", "{\"a\":1,\"a\":2}", "`a` comes twice"),
        ("text.json", "score", "expected value"),
    ] {
        std::fs::write(here.join("predicate.json"), text).unwrap();
        let run = attest(here, &model, "ed25519.pem", &[]);
        assert_eq!(run.code, 2, "{name}: {run:?}");
        assert!(run.stderr.contains(expected), "{name}: {run:?}");
    }
    std::fs::write(here.join("predicate.json"), "{}").unwrap();
    let predicate = path(here, "predicate.json");
    let key = path(here, "ed25519.pem");
    for (predicate_type, expected) in [
        ("evaluation", "no absolute URI"),
        ("https://model_signing/signature/v1.0", "bonafide sign"),
    ] {
        let run = bonafide([
            "attest",
            &model.display().to_string(),
            "--predicate-type",
            predicate_type,
            "--predicate",
            &predicate,
            "--private-key",
            &key,
        ]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(expected), "{run:?}");
    }
    let run = attest(here, &model, "ed25519.pem", &["--subject-name", "model"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--subject-name"), "{run:?}");

    // Links, a private key or a password among the files, and nothing at all.
    std::os::unix::fs::symlink("weights.bin", model.join("link")).unwrap();
    let run = attest(here, &model, "ed25519.pem", &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`link`"), "{run:?}");
    let output = path(&here.join("model"), "../all.intoto.json");
    std::fs::remove_file(model.join("link")).unwrap();
    for (source, expected) in [("ed25519.pem", "private key"), ("password", "password")] {
        std::fs::copy(here.join(source), model.join(source)).unwrap();
        let (key, password) = (model.join("ed25519.pem"), path(&model, "password"));
        let key = if key.exists() {
            "model/ed25519.pem"
        } else {
            "ed25519.pem"
        };
        let options = ["--password-file", &password, "--output", &output];
        let options = if source == "password" {
            &options[..]
        } else {
            &options[2..]
        };
        let run = attest(here, &model, key, options);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stderr.contains(&format!("it is the {expected}")),
            "{run:?}"
        );
        std::fs::remove_file(model.join(source)).unwrap();
    }
    let empty = here.join("empty");
    std::fs::create_dir(&empty).unwrap();
    let run = attest(here, &empty, "ed25519.pem", &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("nothing to attest"), "{run:?}");
    assert!(!here.join("model.intoto.json").exists());
}

#[test]
fn attesting_overwrites_nothing_but_attestations() {
    let (place, model) = stage();
    for output in ["model/weights.bin", "ed25519.pem", "predicate.json"] {
        let output = path(place.path(), output);
        let before = std::fs::read(&output).unwrap();
        let run = attest(place.path(), &model, "ed25519.pem", &["--output", &output]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("is no attestation"), "{run:?}");
        assert!(run.stderr.contains("--output"), "{run:?}");
        assert_eq!(std::fs::read(&output).unwrap(), before);
    }
}

/// An empty file of a package says something by being there.
#[test]
fn an_empty_file_of_the_target_is_not_overwritten() {
    let (place, model) = stage();
    let here = place.path();
    let empty = model.join("__init__.py");
    std::fs::write(&empty, b"").unwrap();
    let outside = here.join("outside");
    std::fs::write(&outside, b"").unwrap();
    // Names of the target that lead out of it, and the other way round.
    let leading_out = model.join("out.sig");
    std::os::unix::fs::symlink(&outside, &leading_out).unwrap();
    let leading_in = here.join("in.sig");
    std::os::unix::fs::symlink(&empty, &leading_in).unwrap();
    for output in [&empty, &leading_out, &leading_in] {
        let output = output.display().to_string();
        let run = attest(here, &model, "p256.pem", &["--output", &output]);
        assert_eq!(run.code, 2, "{output}: {run:?}");
        assert!(run.stderr.contains("is no attestation"), "{run:?}");
        let (target, key) = (model.display().to_string(), path(here, "p256.pem"));
        let arguments = ["sign", "key", &target, "--private-key", &key];
        let run = bonafide(arguments.iter().chain(&["--signature", &output]));
        assert_eq!(run.code, 2, "{output}: {run:?}");
        assert!(run.stderr.contains("is no signature"), "{run:?}");
    }
    for untouched in [&empty, &outside] {
        assert_eq!(std::fs::read(untouched).unwrap(), b"");
    }
    // The target itself, where it is one empty file.
    let output = empty.display().to_string();
    let run = attest(here, &empty, "p256.pem", &["--output", &output]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(std::fs::read(&empty).unwrap(), b"");

    // An empty file elsewhere, such as `mktemp` makes, takes the attestation.
    std::fs::remove_file(&leading_out).unwrap();
    let output = outside.display().to_string();
    let run = attest(here, &model, "p256.pem", &["--output", &output]);
    assert_eq!(run.code, 0, "{run:?}");
    let statement = opened(&outside, P256_PUBLIC);
    assert_eq!(statement["subject"].as_array().unwrap().len(), 3);
}

/// A hard link is the same file under another name.
#[test]
fn secrets_are_known_under_other_names() {
    let (place, model) = stage();
    let here = place.path();
    let password = path(here, "password");
    for (secret, expected) in [
        ("ed25519.enc", "it is the private key"),
        ("password", "it is the password"),
    ] {
        std::fs::hard_link(here.join(secret), model.join("a/notes.txt")).unwrap();
        let options = ["--password-file", &password];
        let run = attest(here, &model, "ed25519.enc", &options);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("`a/notes.txt`"), "{run:?}");
        assert!(run.stderr.contains(expected), "{run:?}");
        let (target, key) = (model.display().to_string(), path(here, "ed25519.enc"));
        let sign = [
            "sign",
            "key",
            &target,
            "--beyond-spec",
            "--private-key",
            &key,
        ];
        let run = bonafide(sign.iter().chain(&options));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(expected), "{run:?}");
        assert!(!model.join("model.sig").exists());
        // Whoever leaves it out does not publish it.
        let run = attest(
            here,
            &model,
            "ed25519.enc",
            &["--password-file", &password, "--exclude", "a/notes.txt"],
        );
        assert_eq!(run.code, 0, "{run:?}");
        std::fs::remove_file(model.join("a/notes.txt")).unwrap();
    }
    // A link outside that leads to a key among the files.
    std::fs::rename(here.join("p256.pem"), model.join("weights.txt")).unwrap();
    std::os::unix::fs::symlink(model.join("weights.txt"), here.join("p256.pem")).unwrap();
    let run = attest(here, &model, "p256.pem", &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`weights.txt`"), "{run:?}");
}

/// A known type with a predicate of another shape would be rejected by every verifier.
#[test]
fn a_predicate_has_to_be_of_its_type() {
    let (place, model) = stage();
    let run = bonafide([
        "attest",
        &model.display().to_string(),
        "--predicate-type",
        "https://slsa.dev/provenance/v1",
        "--predicate",
        &path(place.path(), "predicate.json"),
        "--private-key",
        &path(place.path(), "p256.pem"),
    ]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("no verifier would read this"),
        "{run:?}"
    );
    assert!(!place.path().join("model.intoto.json").exists());
}

/// A key id only helps to find the key, and an envelope need not have one.
#[test]
fn an_envelope_by_a_stranger_says_which_key_it_names() {
    let (place, model) = stage();
    let target = model.join("weights.bin");
    let run = attest(place.path(), &target, "p256.pem", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    std::fs::write(place.path().join("other.pub"), ED25519_PUBLIC).unwrap();
    let (target, other) = (
        target.display().to_string(),
        path(place.path(), "other.pub"),
    );
    let output = model.join("weights.bin.intoto.json");
    let reason = || {
        let (code, report) = crate::harness::verify([&target, "--key", &other]);
        assert_eq!(code, 1, "{report:#}");
        report["signatures"][0]["reason"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let mut envelope: Value = serde_json::from_slice(&std::fs::read(&output).unwrap()).unwrap();
    let id = envelope["signatures"][0]["keyid"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        reason(),
        format!("no trusted key is the one that the signature names, {id}")
    );
    let unnamed = "no trusted key is known to have made the signature, which names none";
    envelope["signatures"][0]["keyid"] = json!("");
    std::fs::write(&output, envelope.to_string()).unwrap();
    assert_eq!(reason(), unnamed);
    envelope["signatures"][0]
        .as_object_mut()
        .unwrap()
        .remove("keyid");
    std::fs::write(&output, envelope.to_string()).unwrap();
    assert_eq!(reason(), unnamed);
}

/// Ed25519 goes beyond OMS v1.0, so it is asked for by name.
#[test]
fn ed25519_signs_models_only_beyond_the_specification() {
    let (place, model) = stage();
    let here = place.path();
    std::fs::write(here.join("public.pem"), ED25519_PUBLIC).unwrap();
    let target = model.display().to_string();
    let (key, public) = (path(here, "ed25519.pem"), path(here, "public.pem"));
    let arguments = ["sign", "key", &target, "--private-key", &key];
    let run = bonafide(arguments);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr
            .contains("registers P-256, P-384 and P-521 keys, not Ed25519"),
        "{run:?}"
    );
    assert!(run.stderr.contains("--beyond-spec"), "{run:?}");
    let signature = model.join("model.sig");
    assert!(!signature.exists());

    let beyond = arguments.iter().chain(&["--beyond-spec"]);
    let run = bonafide(beyond.clone());
    assert_eq!(run.code, 0, "{run:?}");
    let first = std::fs::read(&signature).unwrap();
    let run = bonafide(beyond);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(std::fs::read(&signature).unwrap(), first);
    let (code, report) = crate::harness::verify([&target, "--key", &public]);
    assert_eq!(code, 0, "{report:#}");
    crate::harness::flip(&model.join("weights.bin"));
    let (code, report) = crate::harness::verify([&target, "--key", &public]);
    assert_eq!(code, 1, "{report:#}");
}
