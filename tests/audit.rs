//! Evidence bundles and their replay, verification summaries and deciding by them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Run, bonafide, command, fixture, root};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}

/// Every file below, with its content.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The supply chain of the fixtures in a place of its own, with the key of its publisher.
fn supply_chain(place: &Path) -> PathBuf {
    let chain = place.join("chain");
    copy(&fixture("supply-chain"), &chain);
    chain
}

fn verify(target: &Path, bundle: &Path, more: &[&str]) -> Run {
    let mut arguments = vec!["verify", text(target), "--evidence", text(bundle)];
    arguments.extend(more);
    arguments.extend(["--quiet"]);
    bonafide(arguments)
}

fn replay(bundle: &Path) -> Run {
    bonafide(["audit", "replay", text(bundle)])
}

/// Puts the digests of changed files into the manifest, as a forger would.
fn mend(bundle: &Path) {
    let path = bundle.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let listed = manifest["files"].as_object_mut().unwrap();
    for (name, entry) in listed {
        let bytes = std::fs::read(bundle.join(name)).unwrap();
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        *entry = json!({ "digest": format!("sha256:{digest}"), "size": bytes.len() });
    }
    std::fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

#[test]
fn a_verdict_is_reproduced_elsewhere_without_the_artifact() {
    let name = "publisher.pub.pem";
    for (target, with_key) in [
        ("digits-classifier", true),
        ("digits-classifier-finetuned", true),
        ("digits-dataset", false),
        ("tampered", true),
    ] {
        let place = tempfile::tempdir().unwrap();
        let chain = supply_chain(place.path());
        let here = chain.join("keys").join(name);
        let bundle = place.path().join("bundle");
        let more = if with_key {
            vec!["--key", text(&here)]
        } else {
            Vec::new()
        };
        let run = verify(&chain.join(target), &bundle, &more);
        assert!(bundle.join("manifest.json").is_file(), "{target}: {run:?}");
        let moved = tempfile::tempdir().unwrap();
        let elsewhere = moved.path().join("audit");
        std::fs::rename(&bundle, &elsewhere).unwrap_or_else(|_| copy(&bundle, &elsewhere));
        let with_target = bonafide([
            "audit",
            "replay",
            text(&elsewhere),
            "--target",
            text(&chain.join(target)),
        ]);
        assert_eq!(with_target.code, run.code, "{target}: {with_target:?}");
        std::fs::remove_dir_all(&chain).unwrap();
        let again = replay(&elsewhere);
        assert_eq!(again.code, run.code, "{target}: {again:?}");
        assert!(
            again.stdout.contains("reproduced, byte for byte"),
            "{target}: {again:?}"
        );
    }
}

#[test]
fn fixtures_of_checks_and_models_are_reproduced() {
    let mut folders: Vec<PathBuf> = Vec::new();
    for parent in ["checks", "models"] {
        let listing = std::fs::read_dir(fixture(parent)).unwrap();
        let mut some: Vec<PathBuf> = listing.map(|entry| entry.unwrap().path()).collect();
        some.retain(|path| path.is_dir());
        some.sort();
        folders.extend(some.into_iter().step_by(6));
    }
    assert!(folders.len() > 5, "{folders:?}");
    for target in folders {
        let place = tempfile::tempdir().unwrap();
        let bundle = place.path().join("bundle");
        let run = verify(&target, &bundle, &[]);
        if !bundle.join("manifest.json").is_file() {
            // No report, no bundle.
            assert_eq!(run.code, 2, "{target:?}: {run:?}");
            continue;
        }
        let again = replay(&bundle);
        assert_eq!(again.code, run.code, "{target:?}: {again:?}");
        assert!(
            again.stdout.contains("reproduced, byte for byte"),
            "{target:?}: {again:?}"
        );
    }
}

#[test]
fn the_same_run_makes_the_same_bundle() {
    let place = tempfile::tempdir().unwrap();
    let (one, two) = (place.path().join("one"), place.path().join("two"));
    let target = fixture("supply-chain/digits-classifier");
    for bundle in [&one, &two] {
        let time = ["--effective-time", "2030-01-01"];
        verify(&target, bundle, &time);
    }
    let names = |place: &Path| -> Vec<PathBuf> {
        let files = files(place).into_iter();
        files
            .map(|path| path.strip_prefix(place).unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&one), names(&two));
    for name in names(&one) {
        let read = |place: &Path| std::fs::read(place.join(&name)).unwrap();
        assert_eq!(read(&one), read(&two), "{name:?}");
    }
}

#[test]
fn no_changed_bundle_is_replayed() {
    let place = tempfile::tempdir().unwrap();
    let bundle = place.path().join("bundle");
    let run = verify(&fixture("supply-chain/digits-classifier"), &bundle, &[]);
    for path in files(&bundle) {
        if path.ends_with("manifest.json") {
            continue;
        }
        let name = path.strip_prefix(&bundle).unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        match changed.get_mut(bytes.len() / 2) {
            Some(byte) => *byte ^= 1,
            None => changed.push(b' '),
        }
        std::fs::write(&path, &changed).unwrap();
        let refused = replay(&bundle);
        assert_eq!(refused.code, 2, "{name:?}: {refused:?}");
        assert!(refused.stderr.contains(text(&name)), "{refused:?}");
        std::fs::remove_file(&path).unwrap();
        let refused = replay(&bundle);
        assert_eq!(refused.code, 2, "{name:?}: {refused:?}");
        assert!(refused.stderr.contains("is missing"), "{refused:?}");
        std::fs::write(&path, &bytes).unwrap();
    }
    for added in ["more", "objects/more", "reports/more.json"] {
        std::fs::write(bundle.join(added), "x").unwrap();
        let refused = replay(&bundle);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains(added), "{refused:?}");
        std::fs::remove_file(bundle.join(added)).unwrap();
    }
    std::os::unix::fs::symlink("/etc/hostname", bundle.join("reports/link")).unwrap();
    assert_eq!(replay(&bundle).code, 2);
    std::fs::remove_file(bundle.join("reports/link")).unwrap();
    assert_eq!(replay(&bundle).code, run.code);
}

#[test]
fn a_forged_bundle_is_told_by_its_report_or_by_its_manifest() {
    let place = tempfile::tempdir().unwrap();
    let bundle = place.path().join("bundle");
    let policy = place.path().join("policy.toml");
    let baseline = std::fs::read_to_string(root().join("policies/baseline.toml")).unwrap();
    std::fs::write(&policy, &baseline).unwrap();
    let target = fixture("supply-chain/digits-classifier");
    verify(&target, &bundle, &["--policy", text(&policy)]);
    let manifest = std::fs::read(bundle.join("manifest.json")).unwrap();
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&manifest));
    let digest = format!("sha256:{digest}");
    let expecting =
        |bundle: &Path| bonafide(["audit", "replay", text(bundle), "--manifest", &digest]);
    assert!(expecting(&bundle).stdout.contains("reproduced"));

    // Another policy, under the name of its own digest, and a manifest that fits.
    let softer = baseline.replacen("level = \"deny\"", "level = \"warn\"", 1);
    assert_ne!(softer, baseline);
    let name = |text: &str| data_encoding::HEXLOWER.encode(&Sha256::digest(text));
    let objects = bundle.join("objects");
    std::fs::remove_file(objects.join(name(&baseline))).unwrap();
    std::fs::write(objects.join(name(&softer)), &softer).unwrap();
    for file in ["manifest.json", "recording.json"] {
        let before = std::fs::read_to_string(bundle.join(file)).unwrap();
        let after = before.replace(&name(&baseline), &name(&softer));
        assert_ne!(before, after);
        std::fs::write(bundle.join(file), after).unwrap();
    }
    mend(&bundle);
    let run = replay(&bundle);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains("differs: /"), "{run:?}");
    assert!(run.stdout.contains("/policy/digest"), "{run:?}");
    assert!(expecting(&bundle).stdout.contains("the manifest was to be"));
}

/// Whatever is in the files of a bundle: a message and exit code 2, or the verdict.
#[test]
fn no_mutated_record_makes_it_panic() {
    let place = tempfile::tempdir().unwrap();
    let bundle = place.path().join("bundle");
    verify(&fixture("supply-chain/digits-classifier"), &bundle, &[]);
    let recording = bundle.join("recording.json");
    let answers = std::fs::read_to_string(&recording).unwrap();
    let parsed: Vec<Value> = serde_json::from_str(&answers).unwrap();
    for index in 0..parsed.len() {
        let mut fewer = parsed.clone();
        let gone = fewer.remove(index);
        std::fs::write(&recording, serde_json::to_vec(&fewer).unwrap()).unwrap();
        mend(&bundle);
        let run = replay(&bundle);
        assert_eq!(run.code, 2, "{gone}: {run:?}");
        assert!(run.stderr.contains("was not recorded"), "{gone}: {run:?}");
        let mut wrong = parsed.clone();
        wrong[index]["answer"] = json!({ "value": [null, { "path": 7 }, "x"] });
        std::fs::write(&recording, serde_json::to_vec(&wrong).unwrap()).unwrap();
        mend(&bundle);
        let run = replay(&bundle);
        assert_eq!(run.code, 2, "{gone}: {run:?}");
    }
    for bad in ["", "{}", "[{}]", "[", "null"] {
        std::fs::write(&recording, bad).unwrap();
        mend(&bundle);
        assert_eq!(replay(&bundle).code, 2, "{bad}");
    }
    std::fs::write(&recording, &answers).unwrap();
    mend(&bundle);
    assert!(replay(&bundle).stdout.contains("reproduced"));
    for (bad, fitting) in [
        ("../../etc/passwd", 1),
        ("/etc/passwd", 1),
        ("objects/..", 1),
    ] {
        let path = bundle.join("manifest.json");
        let before = std::fs::read_to_string(&path).unwrap();
        let mut manifest: Value = serde_json::from_str(&before).unwrap();
        manifest["files"][bad] =
            json!({ "digest": format!("sha256:{}", "0".repeat(64)), "size": fitting });
        std::fs::write(&path, manifest.to_string()).unwrap();
        let run = replay(&bundle);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("is no name of such a file"), "{run:?}");
        std::fs::write(&path, before).unwrap();
    }
}

#[test]
fn a_bundle_is_only_written_where_nothing_is() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &target);
    let occupied = place.path().join("occupied");
    std::fs::create_dir(&occupied).unwrap();
    std::fs::write(occupied.join("file"), "").unwrap();
    for bundle in [
        &occupied,
        &occupied.join("file"),
        &target,
        &target.join("sub"),
    ] {
        let run = verify(&target, bundle, &[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.starts_with("error: "), "{run:?}");
    }
}

#[test]
fn another_artifact_is_not_taken_for_the_recorded_one() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &target);
    let bundle = place.path().join("bundle");
    verify(&target, &bundle, &[]);
    let victim = files(&target)
        .into_iter()
        .max_by_key(|path| path.metadata().unwrap().len())
        .unwrap();
    let mut bytes = std::fs::read(&victim).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&victim, bytes).unwrap();
    let run = bonafide(["audit", "replay", text(&bundle), "--target", text(&target)]);
    assert_eq!(run.code, 2, "{run:?}");
    let name = victim.file_name().unwrap().to_str().unwrap();
    assert!(
        run.stdout.contains("differs: `") && run.stdout.contains(name),
        "{run:?}"
    );
}

/// A key pair of its own: private, public.
fn key_pair(place: &Path, name: &str) -> (PathBuf, PathBuf) {
    let (private, public) = (
        place.join(format!("{name}.pem")),
        place.join(format!("{name}.pub")),
    );
    let run = |arguments: &[&str]| {
        let done = std::process::Command::new("openssl")
            .args(arguments)
            .output();
        assert!(done.unwrap().status.success(), "{arguments:?}");
    };
    run(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        text(&private),
    ]);
    run(&[
        "pkey",
        "-in",
        text(&private),
        "-pubout",
        "-out",
        text(&public),
    ]);
    (private, public)
}

struct Summary {
    place: tempfile::TempDir,
    model: PathBuf,
    summary: PathBuf,
    public: PathBuf,
    other: PathBuf,
}

const PURL: &str = "pkg:huggingface/example/digits@1";
const VERIFIER: &str = "https://gate.example.com/verifier";

/// A summary that passed: of a model that nothing is demanded of.
fn summary() -> Summary {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    std::fs::create_dir(&model).unwrap();
    std::fs::write(model.join("notes.txt"), "notes").unwrap();
    std::fs::write(model.join("more.txt"), "more").unwrap();
    let policy = place.path().join("policy.toml");
    std::fs::write(
        &policy,
        "[policy]\nname = \"open\"\nversion = \"1.0.0\"\n\n[[control]]\ncheck = \"signature-rejected\"\nlevel = \"warn\"\n",
    )
    .unwrap();
    let (private, public) = key_pair(place.path(), "gate");
    let (_, other) = key_pair(place.path(), "other");
    let summary = place.path().join("vsa.json");
    let run = bonafide([
        "verify",
        text(&model),
        "--policy",
        text(&policy),
        "--purl",
        PURL,
        "--vsa",
        text(&summary),
        "--vsa-key",
        text(&private),
        "--verifier-id",
        VERIFIER,
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    Summary {
        place,
        model,
        summary,
        public,
        other,
    }
}

impl Summary {
    fn check(&self, key: &Path, more: &[&str], target: &[&str]) -> Run {
        let mut arguments = vec!["verify-vsa", text(&self.summary)];
        arguments.extend(target);
        arguments.extend(["--key", text(key)]);
        arguments.extend(more);
        bonafide(arguments)
    }

    fn is_good(&self) -> Run {
        let target = text(&self.model).to_owned();
        self.check(
            &self.public,
            &["--verifier-id", VERIFIER, "--resource-uri", PURL],
            &[&target],
        )
    }
}

#[test]
fn a_summary_decides_for_its_artifact_signer_verifier_and_resource() {
    let known = summary();
    let run = known.is_good();
    assert_eq!(run.code, 0, "{run:?}");
    let model = text(&known.model).to_owned();
    let usual = ["--verifier-id", VERIFIER, "--resource-uri", PURL];
    let file = data_encoding::HEXLOWER.encode(&Sha256::digest("notes"));
    let file = format!("sha256:{file}");
    let run = known.check(&known.public, &usual, &["--digest", &file]);
    assert_eq!(run.code, 0, "{run:?}");
    let listing = bonafide(["digest", text(&known.model), "--output", "json"]);
    let listing: Value = serde_json::from_str(&listing.stdout).unwrap();
    let root = listing["root"].as_str().unwrap();
    let run = known.check(&known.public, &usual, &["--root", root]);
    assert_eq!(run.code, 0, "{run:?}");
    // The root is no digest of bytes.
    assert_eq!(
        known.check(&known.public, &usual, &["--digest", root]).code,
        1
    );
    assert_eq!(
        known.check(&known.public, &usual, &["--root", &file]).code,
        1
    );

    let refused = |key: &Path, more: &[&str], message: &str| {
        let run = known.check(key, more, &[&model]);
        assert_eq!(run.code, 1, "{message}: {run:?}");
        assert!(run.stderr.contains(message), "{message}: {run:?}");
    };
    refused(&known.other, &usual, "the signature does not count");
    refused(
        &known.public,
        &["--verifier-id", "https://x.example", "--resource-uri", PURL],
        "it speaks for verifier",
    );
    refused(
        &known.public,
        &["--verifier-id", VERIFIER, "--resource-uri", "pkg:x/y"],
        "it was verified as",
    );
    let with = |more: &[&'static str]| -> Vec<&str> { [&usual[..], more].concat() };
    refused(
        &known.public,
        &with(&["--level", "BONAFIDE_POLICY_STRICT"]),
        "does not name the level",
    );
    let zero: &'static str =
        "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    refused(
        &known.public,
        &with(&["--policy-digest", zero]),
        "it was verified by policy",
    );
    let run = known.check(
        &known.public,
        &with(&["--level", "BONAFIDE_POLICY_OPEN"]),
        &[&model],
    );
    assert_eq!(run.code, 0, "{run:?}");
    // In pairs: a key that may speak for another verifier does not get this one.
    let run = known.check(
        &known.other,
        &[
            "--verifier-id",
            VERIFIER,
            "--key",
            text(&known.public),
            "--verifier-id",
            "https://x.example",
            "--resource-uri",
            PURL,
        ],
        &[&model],
    );
    assert_eq!(run.code, 1, "{run:?}");
    let run = known.check(
        &known.other,
        &[
            "--verifier-id",
            "https://x.example",
            "--key",
            text(&known.public),
            "--verifier-id",
            VERIFIER,
            "--resource-uri",
            PURL,
        ],
        &[&model],
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        known
            .check(
                &known.public,
                &[
                    "--verifier-id",
                    "a",
                    "--verifier-id",
                    "b",
                    "--resource-uri",
                    PURL
                ],
                &[&model]
            )
            .code,
        4
    );

    std::fs::write(known.model.join("notes.txt"), "Notes").unwrap();
    refused(&known.public, &usual, "it is not about this artifact");
    std::fs::write(known.model.join("notes.txt"), "notes").unwrap();
    std::fs::write(known.model.join("new.txt"), "").unwrap();
    refused(&known.public, &usual, "it is not about this artifact");
    std::fs::remove_file(known.model.join("new.txt")).unwrap();
    std::fs::remove_file(known.model.join("more.txt")).unwrap();
    refused(&known.public, &usual, "it is not about this artifact");
    std::fs::write(&known.summary, "{}").unwrap();
    assert_eq!(known.is_good().code, 2);
}

/// Signs another statement with the same key.
fn resigned(known: &Summary, change: impl FnOnce(&mut Value)) -> Run {
    let envelope: Value = serde_json::from_slice(&std::fs::read(&known.summary).unwrap()).unwrap();
    let payload = data_encoding::BASE64.decode(envelope["payload"].as_str().unwrap().as_bytes());
    let mut statement: Value = serde_json::from_slice(&payload.unwrap()).unwrap();
    change(&mut statement["predicate"]);
    let predicate = known.place.path().join("predicate.json");
    std::fs::write(
        &predicate,
        serde_json::to_vec(&statement["predicate"]).unwrap(),
    )
    .unwrap();
    let changed = known.place.path().join("changed.json");
    let run = bonafide([
        "attest",
        text(&known.model),
        "--predicate-type",
        "https://slsa.dev/verification_summary/v1",
        "--predicate",
        text(&predicate),
        "--private-key",
        text(&known.place.path().join("gate.pem")),
        "--output",
        text(&changed),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = bonafide([
        "verify-vsa",
        text(&changed),
        text(&known.model),
        "--key",
        text(&known.public),
        "--verifier-id",
        VERIFIER,
        "--resource-uri",
        PURL,
    ]);
    std::fs::remove_file(&changed).unwrap();
    run
}

#[test]
fn what_a_summary_says_is_all_looked_at() {
    let known = summary();
    assert_eq!(resigned(&known, |_| {}).code, 0);
    let time =
        |text: &'static str| move |predicate: &mut Value| predicate["timeVerified"] = json!(text);
    let refused = |run: Run, message: &str| {
        assert_eq!(run.code, 1, "{message}: {run:?}");
        assert!(run.stderr.contains(message), "{message}: {run:?}");
    };
    refused(
        resigned(&known, time("2020-01-01T00:00:00Z")),
        "was to be renewed by",
    );
    refused(
        resigned(&known, time("2999-01-01T00:00:00Z")),
        "in the future",
    );
    refused(
        resigned(&known, |predicate| {
            predicate.as_object_mut().unwrap().remove("timeVerified");
        }),
        "does not say when",
    );
    refused(
        resigned(&known, |predicate| {
            predicate["verificationResult"] = json!("FAILED");
            predicate["verifiedLevels"] = json!(["FAILED"]);
        }),
        "did not let it pass",
    );
    refused(
        resigned(&known, |predicate| {
            predicate["conditions"] = json!(["only in tests"])
        }),
        "has the member `conditions`",
    );
    let extension = |predicate: &mut Value| predicate["https://example.com/note"] = json!("x");
    assert_eq!(resigned(&known, extension).code, 0);
}

/// The `keyid` is a hint that nothing is read from; every other byte counts.
#[test]
fn no_byte_of_a_summary_can_be_changed() {
    let known = summary();
    let bytes = std::fs::read(&known.summary).unwrap();
    let whole = String::from_utf8(bytes.clone()).unwrap();
    let start = whole.find("\"keyid\"").unwrap();
    let end = start + whole[start..].find(',').unwrap();
    let mut refused = 0;
    for index in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[index] ^= 1;
        std::fs::write(&known.summary, &changed).unwrap();
        let output = command()
            .args([
                "verify-vsa",
                text(&known.summary),
                text(&known.model),
                "--key",
                text(&known.public),
                "--verifier-id",
                VERIFIER,
                "--resource-uri",
                PURL,
            ])
            .output()
            .unwrap();
        let run = Run::from(output);
        let is_hint = (start..end).contains(&index) || bytes[index].is_ascii_whitespace();
        assert!(matches!(run.code, 1 | 2) || is_hint, "{index}: {run:?}");
        refused += usize::from(run.code != 0);
    }
    assert!(refused > 50, "{refused}");
}

/// What verification reads past the intake would not be in the record, and a replay would
/// read it from the auditor's machine.
#[test]
fn verification_touches_the_world_in_one_place() {
    const OF_OTHER_COMMANDS: [&str; 17] = [
        "attest.rs",
        "audit.rs",
        "bundle.rs",
        "compare.rs",
        // What it does for verification is asked for by `intake.rs`.
        "dataset.rs",
        "declared.rs",
        "digest.rs",
        "evidence.rs",
        "inspect.rs",
        "intake.rs",
        "key_file.rs",
        "listing.rs",
        "replay.rs",
        "sign.rs",
        "signable.rs",
        "trust_material.rs",
        "vsa.rs",
    ];
    const TOUCHES: [&str; 14] = [
        "std::fs",
        "fs::",
        "File::open",
        "read_document(",
        "Tree::open(",
        "find_signatures(",
        "find_boms(",
        " measure(",
        ".canonicalize()",
        ".metadata()",
        ".is_dir()",
        ".exists()",
        "Timestamp::now",
        "std::env",
    ];
    let sources = root().join("crates/bonafide-engine/src");
    let mut looked_at = 0;
    for entry in std::fs::read_dir(sources).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() || OF_OTHER_COMMANDS.contains(&name.as_str()) {
            continue;
        }
        looked_at += 1;
        let source = std::fs::read_to_string(&path).unwrap();
        for line in source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            let touch = TOUCHES.iter().find(|touch| line.contains(**touch));
            assert!(
                touch.is_none(),
                "{name}: `{}` belongs in intake.rs",
                line.trim()
            );
        }
    }
    assert!(looked_at > 10, "{looked_at}");
}
