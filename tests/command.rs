//! Exit codes, streams and files of the command.

use serde_json::Value;

use crate::harness::{Run, bonafide, command, copy, fixture, verify};

const CLASSIFIER: &str = "fixtures/supply-chain/digits-classifier";
const GATE: &str = "policies/registry-gate.toml";

#[test]
fn exit_codes_are_the_documented_ones() {
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().display().to_string();
    let table: [(&[&str], i32); 12] = [
        (&["verify", CLASSIFIER, "--policy", GATE], 0),
        (&["verify", CLASSIFIER], 1),
        (
            &[
                "verify",
                "fixtures/supply-chain/tampered/flipped-byte",
                "--policy",
                GATE,
            ],
            1,
        ),
        (&["verify", "does/not/exist"], 2),
        (
            &["verify", CLASSIFIER, "--policy", "does-not-exist.toml"],
            2,
        ),
        (
            &[
                "verify",
                CLASSIFIER,
                "--policy",
                GATE,
                "--key",
                "fixtures/supply-chain/keys/rogue.pub.pem",
            ],
            2,
        ),
        (&["verify", &empty], 3),
        (&["digest", &empty], 3),
        (&["verify"], 4),
        (&["verify", CLASSIFIER, "--no-such-flag"], 4),
        (&["explain", "no-such-check"], 4),
        (&["--help"], 0),
    ];
    for (arguments, expected) in table {
        let run = bonafide(arguments);
        assert_eq!(run.code, expected, "{arguments:?}: {run:?}");
    }
}

#[test]
fn errors_go_to_standard_error_and_name_the_place() {
    let run = bonafide(["verify", "does/not/exist"]);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.starts_with("error: "), "{run:?}");
    assert!(run.stderr.contains("does/not/exist"), "{run:?}");
    assert!(run.stderr.contains("hint: "), "{run:?}");
}

#[test]
fn trust_from_the_command_line_is_stated_and_can_be_refused() {
    let key = "fixtures/supply-chain/keys/publisher.pub.pem";
    let (code, report) = verify([CLASSIFIER, "--key", key]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(
        report["policy"]["trust-added"],
        Value::from(vec![format!("key {key}")])
    );
    assert_eq!(report["policy"]["name"], "baseline");
    let run = bonafide(["verify", CLASSIFIER, "--policy", GATE, "--key", key]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("refuses trusted signers from the command line"),
        "{run:?}"
    );
}

#[test]
fn outputs_go_where_they_are_sent() {
    let place = tempfile::tempdir().unwrap();
    let json = place.path().join("report.json");
    let text = place.path().join("report.txt");
    let arguments = |output: &str| {
        vec![
            "verify".to_owned(),
            CLASSIFIER.to_owned(),
            "--policy".to_owned(),
            GATE.to_owned(),
            "--output".to_owned(),
            output.to_owned(),
        ]
    };
    // A file for machines leaves the text for people.
    let run = bonafide(arguments(&format!("json={}", json.display())));
    assert!(run.stdout.starts_with("ALLOW"), "{run:?}");
    let report: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["verdict"], "allow");
    assert_eq!(report["schema-version"], 1);

    let mut both = arguments("json");
    both.extend(["--output".to_owned(), format!("text={}", text.display())]);
    let run = bonafide(&both);
    assert!(run.stdout.starts_with('{'), "{run:?}");
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("ALLOW"));

    let mut quiet = arguments(&format!("json={}", json.display()));
    quiet.push("--quiet".to_owned());
    let run = bonafide(&quiet);
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str(), run.code),
        ("", "", 0)
    );

    for bad in ["yaml", "json=", "json=/does/not/exist/report.json"] {
        let run = bonafide(arguments(bad));
        assert_ne!(run.code, 0, "{bad}");
        assert!(!run.stderr.is_empty(), "{bad}");
    }
    // Nothing half-written or temporary is left beside the reports.
    let mut names: Vec<_> = place
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["report.json", "report.txt"]);
}

#[test]
fn a_report_is_the_same_from_every_order_time_zone_and_number_of_threads() {
    let reports: Vec<String> = [("1", "UTC"), ("2", "Asia/Tokyo"), ("7", "America/New_York")]
        .iter()
        .map(|(jobs, zone)| {
            let output = command()
                .env("TZ", zone)
                .args([
                    "verify",
                    "fixtures/supply-chain/tampered/flipped-byte",
                    "--policy",
                    GATE,
                ])
                .args(["--output", "json", "--jobs", jobs])
                .output()
                .unwrap();
            let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
            report["evaluated-at"] = Value::Null;
            report.to_string()
        })
        .collect();
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
}

#[test]
fn colour_is_used_when_asked_for_and_never_in_a_pipe() {
    let plain = bonafide(["verify", CLASSIFIER, "--policy", GATE]);
    assert!(!plain.stdout.contains('\x1b'));
    let colourful = bonafide(["verify", CLASSIFIER, "--policy", GATE, "--color", "always"]);
    assert!(colourful.stdout.contains('\x1b'));
    let mut stripped = String::new();
    let mut rest = colourful.stdout.as_str();
    while let Some((before, after)) = rest.split_once('\x1b') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    let without_time = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.contains("judged at"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(
        without_time(&stripped),
        without_time(&plain.stdout),
        "colour carries meaning alone"
    );
}

#[test]
fn a_reader_that_goes_away_does_not_change_the_exit_code() {
    use std::process::Stdio;
    let mut child = command()
        .args(["verify", CLASSIFIER, "--policy", GATE])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn an_interrupted_run_leaves_nothing_half_written() {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &model);
    // Large enough that the signal comes first; sparse, so that it costs no disk.
    std::fs::File::create(model.join("large.bin"))
        .unwrap()
        .set_len(400 << 30)
        .unwrap();
    let mut child = command()
        .args(["digest", model.to_str().unwrap()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let started = std::time::Instant::now();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(2));
    assert!(
        started.elapsed() < std::time::Duration::from_secs(20),
        "did not stop"
    );
}

#[test]
fn digests_are_those_of_other_tools() {
    let run = bonafide(["digest", CLASSIFIER, "--hash", "sha256", "--hash", "sha512"]);
    assert_eq!(run.code, 0, "{run:?}");
    let output = std::process::Command::new("sha256sum")
        .arg(fixture("supply-chain/digits-classifier/config.json"))
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: no sha256sum");
        return;
    };
    let expected = String::from_utf8(output.stdout).unwrap();
    let expected = expected.split_whitespace().next().unwrap();
    assert!(
        run.stdout
            .contains(&format!("sha256:{expected}  config.json\n")),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("sha512:"));
    let run = bonafide(["digest", CLASSIFIER, "--hash", "sha512"]);
    assert!(run.stdout.contains("no OMS root: "), "{run:?}");
}

#[test]
fn completions_manual_and_explanations_are_made() {
    for shell in ["bash", "zsh", "fish"] {
        let run = bonafide(["completions", shell]);
        assert!(run.code == 0 && run.stdout.contains("bonafide"), "{shell}");
    }
    let run = bonafide(["man"]);
    assert!(run.stdout.contains(".TH bonafide"), "{run:?}");
    let place = tempfile::tempdir().unwrap();
    let run = bonafide(["man", "--directory", place.path().to_str().unwrap()]);
    assert_eq!(run.code, 0);
    assert!(place.path().join("bonafide-verify.1").is_file());
    let run = bonafide(["checks", "--output", "json"]);
    let catalogue: Value = serde_json::from_str(&run.stdout).unwrap();
    for check in catalogue["checks"].as_array().unwrap() {
        let slug = check["check"].as_str().unwrap();
        let run = bonafide(["explain", slug]);
        assert_eq!(run.code, 0);
        for part in [
            "Demands",
            "Why it matters",
            "What a pass does not show",
            "How to fix",
        ] {
            assert!(run.stdout.contains(part), "{slug}: {part}");
        }
    }
}

/// A report sent to a descriptor that others write to as well joins what is there.
#[test]
fn standard_output_by_its_other_name_is_appended_to() {
    let place = tempfile::tempdir().unwrap();
    let log = place.path().join("log");
    std::fs::write(&log, "before\n").unwrap();
    let script = "exec \"$0\" verify \"$1\" --policy \"$2\" -q -o json=/dev/stdout >> \"$3\"";
    let status = std::process::Command::new("sh")
        .current_dir(crate::harness::root())
        .args([
            "-c",
            script,
            env!("CARGO_BIN_EXE_bonafide"),
            CLASSIFIER,
            GATE,
        ])
        .arg(&log)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    let text = std::fs::read_to_string(&log).unwrap();
    let report = text
        .strip_prefix("before\n")
        .expect("what was there is still there");
    assert!(serde_json::from_str::<Value>(report).is_ok());
}

/// Links, pipes and files in memory, each as its name says.
#[test]
fn outputs_that_are_not_plain_files_are_neither_lost_nor_waited_for() {
    let place = tempfile::tempdir().unwrap();
    let write = |path: &std::path::Path| {
        let output = format!("json={}", path.display());
        bonafide([
            "verify", CLASSIFIER, "--policy", GATE, "-q", "--output", &output,
        ])
    };
    let (real, link) = (
        place.path().join("real.json"),
        place.path().join("link.json"),
    );
    std::os::unix::fs::symlink("real.json", &link).unwrap();
    assert_eq!(write(&link).code, 2, "a link to nothing");
    std::fs::write(&real, "").unwrap();
    assert_eq!(write(&link).code, 0);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(std::fs::read_to_string(&real).unwrap().starts_with('{'));

    let fifo = place.path().join("fifo");
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(write(&fifo).code, 2, "a pipe that nobody reads");

    if let Ok(memory) = tempfile::tempdir_in("/dev/shm") {
        let path = memory.path().join("report.json");
        std::fs::write(&path, "Z".repeat(100_000)).unwrap();
        assert_eq!(write(&path).code, 0);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
