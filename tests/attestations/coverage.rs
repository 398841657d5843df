//! What attestations cover, and how many of them are heard.

use data_encoding::HEXLOWER;

use super::*;
use crate::harness::Run;

// `printf '' | sha256sum`
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
// `printf "$ONE$TWO" | xxd -r -p | sha256sum`, the OMS root digest of the two files.
const ROOT: &str = "4295f72eeb1e3507b8461e240e3b8d18c1e7bd2f1122b11fc9ec40a65894031a";

fn provenance(subjects: &[(&str, &str)]) -> Value {
    let subjects: Vec<Value> = subjects
        .iter()
        .map(|(name, digest)| json!({"name": name, "digest": {"sha256": digest}}))
        .collect();
    let mut statement = statement();
    statement["subject"] = json!(subjects);
    statement["predicateType"] = json!(PROVENANCE);
    statement["predicate"] = serde_json::from_str(PROVENANCE_TEXT).unwrap();
    statement
}

/// The model with provenance for its two files and no other signature.
fn with_provenance() -> Stage {
    let stage = Stage::new();
    let statement = provenance(&[("a/x.bin", ONE), ("weights.bin", TWO)]);
    stage.write("model.intoto.json", envelope_of(&statement, &[ED25519]));
    stage
}

#[test]
fn provenance_of_a_directory_holds_for_its_names() {
    let stage = with_provenance();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 0, "{report:#}");
    assert!(checks_with(&report, "fail").is_empty(), "{report:#}");
    assert_eq!(report["signatures"][0]["covered"], 2);

    // The same contents under each other's names.
    let file = |name: &str| stage.model.join(name);
    std::fs::write(file("a/x.bin"), b"2").unwrap();
    std::fs::write(file("weights.bin"), b"1").unwrap();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["digest-mismatch"]);
    let swapped = ["a/x.bin", "weights.bin"];
    assert_eq!(findings(&report, "digest-mismatch"), swapped);
    assert_eq!(report["signatures"][0]["covered"], 0);

    let stage = with_provenance();
    std::fs::remove_file(stage.model.join("a/x.bin")).unwrap();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["missing-file"]);
    assert_eq!(findings(&report, "missing-file"), ["a/x.bin"]);

    let stage = with_provenance();
    std::fs::write(stage.model.join("evil.so"), b"1").unwrap();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["unlisted-file"]);
    assert_eq!(findings(&report, "unlisted-file"), ["evil.so"]);
}

/// All empty files have one digest, so by that alone a single subject would be all of them.
#[test]
fn one_empty_subject_is_one_empty_file() {
    let stage = Stage::new();
    std::fs::write(stage.model.join("__init__.py"), b"").unwrap();
    let statement = provenance(&[
        ("a/x.bin", ONE),
        ("weights.bin", TWO),
        ("__init__.py", EMPTY),
    ]);
    stage.write("model.intoto.json", envelope_of(&statement, &[ED25519]));
    assert_eq!(stage.verify(&stage.model(), &[]).0, 0);

    for number in 0..1_500 {
        std::fs::write(stage.model.join(format!("a/{number:04}.py")), b"").unwrap();
    }
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["unlisted-file"]);
    assert_eq!(findings(&report, "unlisted-file").len(), 1_500);
    assert_eq!(report["signatures"][0]["covered"], 3);

    // A directory of nothing but empty files, and a subject of another name.
    std::fs::remove_file(stage.model.join("a/x.bin")).unwrap();
    std::fs::remove_file(stage.model.join("weights.bin")).unwrap();
    std::fs::remove_file(stage.model.join("__init__.py")).unwrap();
    let statement = provenance(&[("__init__.py", EMPTY)]);
    stage.write("model.intoto.json", envelope_of(&statement, &[ED25519]));
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(
        checks_with(&report, "fail"),
        ["missing-file", "unlisted-file"]
    );
}

/// A blob signature names no file, and covers the one beside it.
#[test]
fn a_blob_signature_covers_one_file() {
    for (blob, digest) in [(&b"2"[..], TWO), (b"", EMPTY)] {
        let stage = Stage::new();
        std::fs::remove_file(stage.model.join("a/x.bin")).unwrap();
        std::fs::write(stage.model.join("weights.bin"), blob).unwrap();
        let (_, signature) = raw_signature(P256, blob);
        let digest = HEXLOWER.decode(digest.as_bytes()).unwrap();
        let bundle = json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": ""}, "tlogEntries": []},
            "messageSignature": {
                "messageDigest": {"algorithm": "SHA2_256", "digest": BASE64.encode(&digest)},
                "signature": BASE64.encode(&signature),
            },
        });
        let beside = stage.model.join("weights.bin.sigstore.json");
        std::fs::write(&beside, bundle.to_string()).unwrap();
        let (code, report) = stage.verify(&stage.model(), &[]);
        assert_eq!(code, 0, "{report:#}");
        assert_eq!(report["signatures"][0]["content"], "message");

        // A copy is another file, even one that comes first.
        std::fs::write(stage.model.join("a/evil.so"), blob).unwrap();
        let (code, report) = stage.verify(&stage.model(), &[]);
        assert_eq!(code, 1, "{report:#}");
        assert_eq!(checks_with(&report, "fail"), ["unlisted-file"]);
        assert_eq!(findings(&report, "unlisted-file"), ["a/evil.so"]);
        assert_eq!(report["signatures"][0]["covered"], 1);

        // Nor does it help to move the signature.
        std::fs::rename(&beside, stage.model.join("other.sigstore.json")).unwrap();
        let (code, report) = stage.verify(&stage.model(), &[]);
        assert_eq!(code, 1, "{report:#}");
        assert_eq!(findings(&report, "unlisted-file").len(), 1, "{report:#}");

        // Beside other bytes, it is about no file.
        std::fs::remove_file(stage.model.join("a/evil.so")).unwrap();
        std::fs::rename(stage.model.join("other.sigstore.json"), &beside).unwrap();
        std::fs::write(stage.model.join("weights.bin"), b"3").unwrap();
        let (code, report) = stage.verify(&stage.model(), &[]);
        assert_eq!(code, 1, "{report:#}");
        assert_eq!(findings(&report, "digest-mismatch"), ["weights.bin"]);
    }
}

/// The list of a manifest is whole, that of an attestation is cut and says so.
#[test]
fn an_attestation_lists_a_thousand_files_that_it_is_not_about() {
    let stage = Stage::new();
    for number in 0..1_010 {
        std::fs::write(stage.model.join(format!("a/{number:04}.txt")), b"3").unwrap();
    }
    let about_one = |statement: Value| envelope_of(&statement, &[ED25519]);
    stage.write(
        "model.intoto.jsonl",
        about_one(provenance(&[("weights.bin", TWO)])) + "\n" + &about_one(statement()),
    );
    // A manifest of the two files alone, beside the model.
    let part = Stage::new();
    part.sign();
    std::fs::rename(part.model.join("model.sig"), stage.path("model.sig")).unwrap();
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    let lengths: Vec<(usize, Option<u64>)> = report["signatures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|signature| {
            (
                signature["gaps"].as_array().unwrap().len(),
                signature
                    .get("gaps-omitted")
                    .map(|omitted| omitted.as_u64().unwrap()),
            )
        })
        .collect();
    assert_eq!(
        lengths,
        [(1_000, Some(11)), (1_000, Some(10)), (1_010, None)],
        "{:#}",
        report["signatures"]
    );
    let key = stage.path("evaluator.pub.pem");
    let run = bonafide(["verify", &stage.model(), "--key", &key]);
    let lines = |text: &str| run.stdout.lines().filter(|line| *line == text).count();
    assert_eq!(
        (
            lines("    and 961 more files: see `--output json`"),
            lines("    and 960 more files: see `--output json`")
        ),
        (1, 1),
        "{run:?}"
    );
}

/// The same envelope in other bytes: white space is not signed.
fn variants(count: usize) -> String {
    let text = envelope_of(&statement(), &[ED25519]);
    let open = text.strip_suffix('}').unwrap();
    (0..count)
        .map(|spaces| format!("{open}{}}}\n", " ".repeat(spaces)))
        .collect()
}

#[test]
fn a_copy_of_a_line_is_not_heard_again() {
    let stage = Stage::new();
    stage.sign();
    let of_lines = |report: &Value| {
        let signatures = report["signatures"].as_array().unwrap();
        signatures
            .iter()
            .filter(|signature| signature["source"].as_str().unwrap().ends_with("jsonl"))
            .count()
    };
    stage.write("model.intoto.jsonl", variants(1).repeat(1_024));
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!((code, of_lines(&report)), (0, 1), "{report:#}");

    stage.write("model.intoto.jsonl", variants(64) + &variants(64));
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!((code, of_lines(&report)), (0, 64), "{report:#}");

    stage.write("model.intoto.jsonl", variants(65));
    let (code, report) = stage.verify(&stage.model(), &[]);
    assert_eq!(code, 1, "{report:#}");
    let found = signature(&report, "jsonl");
    assert_eq!(found["reason"], "more than 64 envelopes", "{found:#}");
}

#[test]
fn a_run_has_a_limit_of_signatures() {
    let stage = Stage::new();
    let key = stage.path("evaluator.pub.pem");
    for name in ["a", "b"] {
        std::fs::write(
            stage.model.join(format!("{name}.intoto.jsonl")),
            variants(64),
        )
        .unwrap();
    }
    let run = || -> Run { bonafide(["verify", &stage.model(), "--key", &key]) };
    let most = run();
    assert_eq!(most.code, 2, "{most:?}");
    assert!(most.stdout.contains("UNDECIDED"), "{most:?}");
    std::fs::write(stage.model.join("c.intoto.json"), variants(1)).unwrap();
    let more = run();
    assert_eq!((more.code, more.stdout.as_str()), (2, ""), "{more:?}");
    assert!(more.stderr.contains("more than 128 signatures"), "{more:?}");
}

/// The root of the files as they are stands for all of them or does not exist.
#[cfg(unix)]
#[test]
fn nothing_is_left_out_of_the_root_of_the_files_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    type Change = fn(&Path);
    let changes: [(&str, Change); 5] = [
        ("nothing", |_| {}),
        ("a name that is not UTF-8", |model| {
            std::fs::write(model.join(OsStr::from_bytes(b"evil\xff.bin")), b"3").unwrap();
        }),
        ("a link to a file", |model| {
            std::os::unix::fs::symlink("weights.bin", model.join("link.bin")).unwrap();
        }),
        ("a link to a directory", |model| {
            std::os::unix::fs::symlink("a", model.join("b")).unwrap();
        }),
        ("a link to nothing", |model| {
            std::os::unix::fs::symlink("absent", model.join("c")).unwrap();
        }),
    ];
    for (name, change) in changes {
        let stage = with_provenance();
        let mut about_root = statement();
        about_root["subject"] = json!([{"name": "model", "digest": {"sha256": ROOT}}]);
        stage.write("model.sigstore.json", envelope_of(&about_root, &[ED25519]));
        change(&stage.model);
        let (code, report) = stage.verify(&stage.model(), &[]);
        let bound = &signature(&report, "model.sigstore.json")["bound-by"];
        if name == "nothing" {
            assert_eq!((code, bound), (0, &json!("root")), "{name}: {report:#}");
        } else {
            assert_eq!((code, bound), (1, &Value::Null), "{name}: {report:#}");
            assert!(
                checks_with(&report, "fail").contains(&"unbound-attestation".to_owned()),
                "{name}: {report:#}"
            );
        }
    }
}

/// What a signature file holds besides what trusted signers made may be anything, so in
/// the model it is a file like any other.
#[test]
fn a_strangers_signature_beside_a_trusted_one_makes_the_file_an_ordinary_one() {
    let stage = Stage::new();
    stage.sign();
    let trust = ["--key".to_owned(), stage.path("publisher.pub.pem")];
    for (keys, code) in [(&[P256][..], 0), (&[P256, ED25519], 1)] {
        let line = envelope_of(&statement(), keys);
        std::fs::write(stage.model.join("rows.intoto.jsonl"), line).unwrap();
        let mut arguments = vec![stage.model()];
        arguments.extend(trust.iter().cloned());
        let (found, report) = verify(&arguments);
        let unlisted = findings(&report, "unlisted-file");
        assert_eq!(unlisted.len(), code, "{report:#}");
        assert_eq!(found, i32::try_from(code).unwrap(), "{report:#}");
    }
}

/// Where provenance stands in for a manifest, all that it says of a file has to be true,
/// and a file of which it says nothing usable is not known to be there.
#[test]
fn provenance_is_taken_at_all_of_its_digests() {
    let wrong = "0".repeat(128);
    for (subject, check) in [
        (
            json!({"name": "a/x.bin", "digest": {"sha256": ONE, "sha512": wrong}}),
            "digest-mismatch",
        ),
        (
            json!({"name": "gone.bin", "digest": {"sha1": "0".repeat(40)}}),
            "missing-file",
        ),
    ] {
        let stage = Stage::new();
        let mut statement = provenance(&[("a/x.bin", ONE), ("weights.bin", TWO)]);
        let subjects = statement["subject"].as_array_mut().unwrap();
        subjects.retain(|known| known["name"] != subject["name"]);
        subjects.push(subject);
        stage.write("model.intoto.json", envelope_of(&statement, &[ED25519]));
        let (code, report) = stage.verify(&stage.model(), &[]);
        assert_eq!(code, 1, "{report:#}");
        assert!(
            checks_with(&report, "fail").contains(&check.to_owned()),
            "{report:#}"
        );
    }
}
