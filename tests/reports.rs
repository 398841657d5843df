//! The forms of a report, made by real runs: the schema of the JSON form holds for every fixture,
//! and the small snapshots in `fixtures/reports/` are what is written.

use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{bonafide, command, fixture, root, verify};

const GATE: &str = "fixtures/reports/gate.toml";
const ALLOWED: &str = "fixtures/supply-chain/digits-classifier";
const DENIED: &str = "fixtures/supply-chain/tampered/flipped-byte";
const HARMFUL: &str = "fixtures/checks/code-on-load/fail/model";
const CLOCK: [&str; 3] = [
    "--effective-time",
    "2026-12-01T00:00:00Z",
    "--allow-past-effective-time",
];

fn schema() -> Validator {
    let text = std::fs::read_to_string(root().join("schemas/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn complaints(schema: &Validator, report: &Value) -> Vec<String> {
    let errors = schema.iter_errors(report);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_schema_holds_for_a_report_of_every_fixture() {
    let schema = schema();
    let mut targets: Vec<std::path::PathBuf> = Vec::new();
    for check in fixture("checks").read_dir().unwrap() {
        for case in check.unwrap().path().read_dir().into_iter().flatten() {
            let model = case.unwrap().path().join("model");
            if model.exists() {
                targets.push(model);
            }
        }
    }
    for folder in ["supply-chain", "supply-chain/tampered"] {
        let entries = fixture(folder).read_dir().unwrap();
        targets.extend(
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.is_dir()),
        );
    }
    assert!(targets.len() > 100, "{}", targets.len());
    targets.sort();
    let mut outcomes = std::collections::BTreeSet::new();
    for target in targets {
        let (_, report) = verify([target.as_os_str(), "--policy".as_ref(), GATE.as_ref()]);
        let found = complaints(&schema, &report);
        assert!(found.is_empty(), "{}: {found:#?}", target.display());
        for check in report["checks"].as_array().unwrap() {
            outcomes.insert(check["outcome"].as_str().unwrap().to_owned());
        }
    }
    let all = ["fail", "inconclusive", "not-applicable", "pass"];
    assert!(outcomes.iter().eq(all), "{outcomes:?}");
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let schema = schema();
    let (_, report) = verify([DENIED, "--policy", GATE]);
    assert!(schema.is_valid(&report));
    let table: [(&str, Option<Value>); 9] = [
        ("/verdict", None),
        ("/verdict", Some(json!("maybe"))),
        ("/mode", Some(json!("off"))),
        ("/schema-version", Some(json!(2))),
        ("/evaluated-at", Some(json!("2026-12-01T00:00:00+01:00"))),
        ("/policy/digest", Some(json!("ab"))),
        ("/checks/0/outcome", Some(json!("passed"))),
        ("/checks/0/colour", Some(json!("green"))),
        ("/waivers", Some(json!([{"id": "W-1"}]))),
    ];
    for (pointer, value) in table {
        let mut broken = report.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = broken.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => parent.insert(key.to_owned(), value),
            None => parent.remove(key),
        };
        assert!(!schema.is_valid(&broken), "{pointer}");
    }
}

fn sha256(path: &Path) -> String {
    let digest = Sha256::digest(std::fs::read(path).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a run writes in a form, and its exit code.
fn written(target: &str, form: &str, more: &[&str]) -> (i32, String) {
    let mut arguments = vec!["verify", target];
    arguments.extend(CLOCK);
    arguments.extend(more);
    arguments.extend(["--output", form]);
    let run = bonafide(arguments);
    (run.code, run.stdout)
}

#[test]
fn snapshots_are_what_is_written() {
    let gate = ["--policy", GATE];
    let named = ["--policy", GATE, "--purl", "pkg:generic/digits@1.0"];
    let table: [(&str, &str, &str, &[&str]); 5] = [
        ("denied.junit.xml", DENIED, "junit", &named),
        ("harmful.junit.xml", HARMFUL, "junit", &gate),
        ("denied.sarif.json", DENIED, "sarif", &named),
        ("harmful.sarif.json", HARMFUL, "sarif", &gate),
        ("allowed.vsa.json", ALLOWED, "vsa", &gate),
    ];
    let update = std::env::var_os("BLESS").is_some();
    let program = sha256(Path::new(env!("CARGO_BIN_EXE_bonafide")));
    for (name, target, form, more) in table {
        let (_, mut text) = written(target, form, more);
        if form == "sarif" {
            // The rules are the catalogue of checks once more.
            let mut document: Value = serde_json::from_str(&text).unwrap();
            let results = document.pointer_mut("/runs/0/results").unwrap().take();
            let results = results.as_array().unwrap().iter();
            // So is the place of a check among them.
            let results = results.cloned().map(|mut result| {
                result.as_object_mut().unwrap().remove("ruleIndex");
                result
            });
            text = serde_json::to_string_pretty(&results.collect::<Vec<_>>()).unwrap();
            text.push('\n');
        }
        if form == "junit" {
            // So is the suite of the artifact as a whole, which has every check without findings.
            let suites: Vec<_> = text.match_indices("    <testsuite ").collect();
            assert!(text.contains("<testcase name=\"verdict\" classname=\"bonafide\">"));
            text = text[suites[1].0..].to_owned();
        }
        // Every build is another program.
        text = text.replace(&program, "PROGRAM");
        let path = fixture("reports").join(name);
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            text, expected,
            "{name}: set BLESS=1 to accept, and look at it"
        );
    }
}

#[test]
fn every_form_is_the_same_from_every_time_zone_and_number_of_threads() {
    for form in [
        "json",
        "sarif",
        "junit",
        "vsa",
        "cyclonedx",
        "cyclonedx-1.7",
        "oscal",
    ] {
        let texts: Vec<String> = [("1", "UTC"), ("7", "Asia/Tokyo")]
            .iter()
            .map(|(jobs, zone)| {
                let output = command()
                    .env("TZ", zone)
                    .args([
                        "verify", ALLOWED, "--policy", GATE, "--output", form, "--jobs", jobs,
                    ])
                    .args(CLOCK)
                    .output()
                    .unwrap();
                String::from_utf8(output.stdout).unwrap()
            })
            .collect();
        assert!(!texts[0].is_empty(), "{form}");
        assert_eq!(texts[0], texts[1], "{form}");
    }
}

/// The summary of a run says `PASSED` where the gate opens, whatever becomes of the exit code, and
/// names the bytes of every file.
#[test]
fn a_summary_is_about_the_bytes_and_the_verdict() {
    for (target, mode, code, result) in [
        (ALLOWED, "enforce", 0, "PASSED"),
        (DENIED, "enforce", 1, "FAILED"),
        (DENIED, "audit", 0, "FAILED"),
    ] {
        let (found, text) = written(target, "vsa", &["--policy", GATE, "--mode", mode]);
        assert_eq!(found, code);
        let statement: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(statement["predicate"]["verificationResult"], result);
        let subjects = statement["subject"].as_array().unwrap();
        let weights = subjects
            .iter()
            .find(|subject| subject["name"] == "model.safetensors")
            .unwrap();
        let path = root().join(target).join("model.safetensors");
        assert_eq!(weights["digest"]["sha256"], sha256(&path));
    }
}

#[test]
fn an_artifact_without_files_has_no_summary() {
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().display().to_string();
    let run = bonafide(["verify", &empty, "--output", "vsa"]);
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.contains("needs the digest of every file"),
        "{run:?}"
    );
    assert_ne!(run.code, 0);
    // The others say that there is nothing.
    for (form, needle) in [
        ("junit", "nothing-to-verify"),
        ("sarif", "NOTHING TO VERIFY"),
    ] {
        let run = bonafide(["verify", &empty, "--output", form]);
        assert_eq!(run.code, 3);
        assert!(run.stdout.contains(needle), "{run:?}");
    }
}

#[test]
fn the_forms_are_documented() {
    let text = std::fs::read_to_string(Path::new(&root()).join("docs/reports.md")).unwrap();
    for format in bonafide_report::Format::ALL {
        let row = format!("| `{}` |", format.name());
        assert!(
            text.contains(&row),
            "docs/reports.md has no row for {}",
            format.name()
        );
    }
}
