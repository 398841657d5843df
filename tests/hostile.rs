//! Trees that somebody built to make a verifier hang, crash, or look away.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::harness::{Run, bonafide, checks_with, command, copy, findings, fixture, verify};

const GATE: [&str; 2] = ["--policy", "policies/registry-gate.toml"];

/// A good, signed model in a place where it can be damaged.
fn stage() -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &model);
    (place, model)
}

fn gate(model: &Path) -> (i32, serde_json::Value) {
    verify([model.to_str().unwrap(), GATE[0], GATE[1]])
}

/// Runs with a limit: whatever the tree is, there is an answer in time.
fn in_time(model: &Path, more: &[&str]) -> Run {
    let started = Instant::now();
    let run = bonafide(
        ["verify", model.to_str().unwrap(), GATE[0], GATE[1]]
            .iter()
            .chain(more),
    );
    assert!(started.elapsed() < Duration::from_secs(60), "{run:?}");
    run
}

#[test]
fn odd_names_are_denied_escaped_and_never_printed_raw() {
    for (name, shown) in [
        (b"new\nline".as_slice(), "new\\nline"),
        (b"escape\x1b[2J", "escape\\u{1b}[2J"),
        ("model\u{202e}nip.exe".as_bytes(), "model\\u{202e}nip.exe"),
        (b"not\xffutf8", "not\\xffutf8"),
        (b"back\\slash", "back\\\\slash"),
    ] {
        let (_place, model) = stage();
        std::fs::write(model.join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
        let (code, report) = gate(&model);
        assert_eq!(code, 1, "{shown}");
        assert_eq!(findings(&report, "unsafe-name"), [shown]);
        assert_eq!(findings(&report, "unlisted-file"), [shown]);
        let run = in_time(&model, &[]);
        assert!(run.stdout.contains(shown), "{run:?}");
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{run:?}");
    }
}

#[test]
fn emoji_and_long_names_are_ordinary_names() {
    let (_place, model) = stage();
    let long = "n".repeat(255);
    for name in ["😀 weights 👩\u{200d}🔬.bin", long.as_str()] {
        std::fs::write(model.join(name), "x").unwrap();
    }
    let (code, report) = gate(&model);
    assert_eq!(code, 1);
    assert_eq!(
        checks_with(&report, "fail"),
        ["unlisted-file", "bom-file-unlisted"],
        "{report:#}"
    );
}

#[test]
fn deep_nesting_has_a_clear_end() {
    let (_place, model) = stage();
    // Made level by level from inside: the full path is longer than any system call takes.
    let mut script = std::process::Command::new("sh");
    script.arg("-c").arg("d=$(printf 'd/%.0s' $(seq 100)); i=0; cd \"$1\"; while [ $i -lt 500 ]; do mkdir -p $d && cd -P $d || exit 1; i=$((i+1)); done").arg("sh").arg(&model);
    let made = script.output().unwrap();
    let run = in_time(&model, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("256"), "{run:?} {made:?}");
    // The temporary directory cannot be removed by path either.
    let _ = std::process::Command::new("rm")
        .arg("-rf")
        .arg(&model)
        .output();
}

#[test]
fn fifty_thousand_unlisted_files_are_all_named() {
    let (_place, model) = stage();
    for directory in 0..50 {
        let directory = model.join(format!("d{directory}"));
        std::fs::create_dir(&directory).unwrap();
        for file in 0..1_000 {
            std::fs::write(directory.join(format!("f{file}")), "").unwrap();
        }
    }
    let (code, report) = gate(&model);
    assert_eq!(code, 1);
    assert_eq!(findings(&report, "unlisted-file").len(), 50_000);
}

#[test]
fn links_in_circles_and_out_of_the_tree_are_never_followed() {
    let (place, model) = stage();
    std::fs::write(place.path().join("secret"), "outside").unwrap();
    symlink("..", model.join("up")).unwrap();
    symlink("round", model.join("about")).unwrap();
    symlink("about", model.join("round")).unwrap();
    symlink(".", model.join("self")).unwrap();
    symlink("../secret", model.join("secret")).unwrap();
    symlink("/proc/self/root", model.join("root")).unwrap();
    symlink("/dev/zero", model.join("zero")).unwrap();
    let (code, report) = gate(&model);
    assert_eq!(code, 1);
    assert_eq!(
        findings(&report, "link-escape"),
        ["root", "secret", "up", "zero"]
    );
    assert_eq!(
        findings(&report, "special-file"),
        ["about", "round", "self"]
    );
    assert_eq!(report["artifact"]["links"].as_array().unwrap().len(), 7);
}

/// A signed file is swapped for a link to an identical copy outside, for a
/// directory link on its way, for a fifo: none may be read.
#[test]
fn signed_files_are_read_only_as_regular_files_below_the_root() {
    let (place, model) = stage();
    std::fs::rename(model.join("model.safetensors"), place.path().join("copy")).unwrap();
    symlink("../copy", model.join("model.safetensors")).unwrap();
    let (code, report) = gate(&model);
    assert_eq!(code, 1);
    assert_eq!(findings(&report, "link-escape"), ["model.safetensors"]);
    assert_eq!(
        report["artifact"]["bytes-hashed"],
        report["artifact"]["bytes-hashed"]
    );

    std::fs::remove_file(model.join("model.safetensors")).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        model.join("model.safetensors"),
        rustix::fs::FileType::Fifo,
        mode,
        0,
    )
    .unwrap();
    let (code, report) = gate(&model);
    assert_eq!(code, 1);
    assert_eq!(findings(&report, "special-file"), ["model.safetensors"]);
    assert_eq!(findings(&report, "missing-file"), ["model.safetensors"]);
}

#[test]
fn a_signature_that_is_a_fifo_a_link_or_enormous_does_not_hang() {
    let (place, model) = stage();
    std::fs::rename(model.join("model.sig"), place.path().join("kept")).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        model.join("model.sig"),
        rustix::fs::FileType::Fifo,
        mode,
        0,
    )
    .unwrap();
    let (code, report) = gate(&model);
    assert_eq!(code, 1);
    assert!(
        checks_with(&report, "fail").contains(&"unsigned-artifact".to_owned()),
        "{report:#}"
    );

    std::fs::remove_file(model.join("model.sig")).unwrap();
    symlink("../kept", model.join("model.sig")).unwrap();
    let (code, report) = gate(&model);
    assert_eq!(code, 1);
    assert_eq!(
        checks_with(&report, "fail"),
        ["unsigned-artifact", "link-escape", "bom-unsigned"]
    );

    std::fs::remove_file(model.join("model.sig")).unwrap();
    std::fs::File::create(model.join("model.sig"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let run = in_time(&model, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("model.sig") && run.stderr.contains("limit"),
        "{run:?}"
    );
}

#[test]
fn deeply_nested_json_and_nonsense_are_rejected_signatures() {
    for content in [
        "[".repeat(1_000_000),
        format!(
            "{{\"mediaType\":{}1{}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        ),
        "\0".repeat(100),
        String::new(),
        "null".to_owned(),
        "{}".to_owned(),
        "\u{feff}{}".to_owned(),
    ] {
        let (_place, model) = stage();
        std::fs::write(model.join("model.sig"), &content).unwrap();
        let (code, report) = gate(&model);
        assert_eq!(code, 1);
        let mut failed = checks_with(&report, "fail");
        // What starts like JSON and is none is no good file either.
        let is_broken = content.starts_with('[') || content.contains("[[");
        assert_eq!(
            failed.last().is_some_and(|last| last == "malformed-file"),
            is_broken
        );
        failed.retain(|check| check != "malformed-file");
        assert_eq!(
            failed,
            ["signature-rejected", "bom-unsigned", "bom-file-unlisted"],
            "{report:#}"
        );
    }
}

#[test]
fn a_sparse_terabyte_is_refused_by_size_before_anything_is_read() {
    let (_place, model) = stage();
    std::fs::File::create(model.join("model.safetensors"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let started = Instant::now();
    let run = bonafide([
        "verify",
        model.to_str().unwrap(),
        GATE[0],
        GATE[1],
        "--max-bytes",
        "1GB",
    ]);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--max-bytes"), "{run:?}");
}

#[test]
fn an_unreadable_file_leaves_it_undecided() {
    let (_place, model) = stage();
    let weights = model.join("model.safetensors");
    let forbidden = std::os::unix::fs::PermissionsExt::from_mode(0o000);
    std::fs::set_permissions(&weights, forbidden).unwrap();
    if std::fs::File::open(&weights).is_ok() {
        // The superuser reads everything; another user must not.
        let Some(run) = as_nobody(&model) else {
            eprintln!("skipped: run by the superuser, and no other user to run as");
            return;
        };
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stdout.contains("model.safetensors") && run.stdout.contains("not allowed"),
            "{run:?}"
        );
        return;
    }
    let (code, report) = gate(&model);
    assert_eq!(code, 2);
    assert_eq!(checks_with(&report, "inconclusive"), ["digest-mismatch"]);
    assert_eq!(
        report["artifact"]["unreadable"][0]["name"],
        "model.safetensors"
    );
}

/// The command run by user 65534, from a copy that this user can reach.
fn as_nobody(model: &Path) -> Option<Run> {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let place = tempfile::tempdir().ok()?;
    let open = |path: &Path| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755));
    open(place.path()).ok()?;
    open(model.parent()?).ok()?;
    let binary = place.path().join("bonafide");
    std::fs::copy(env!("CARGO_BIN_EXE_bonafide"), &binary).ok()?;
    copy(&fixture("../policies"), &place.path().join("policies"));
    copy(
        &fixture("supply-chain/keys"),
        &place.path().join("fixtures/supply-chain/keys"),
    );
    let output = std::process::Command::new(binary)
        .current_dir(place.path())
        .args(["verify", model.to_str()?, GATE[0], GATE[1]])
        .uid(65534)
        .gid(65534)
        .output()
        .ok()?;
    Some(Run::from(output))
}

/// Files come and go while the command runs: any answer but a pass by accident,
/// a crash or a hang.
#[test]
fn a_tree_that_changes_while_it_is_read_never_crashes_the_command() {
    let (_place, model) = stage();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let good = std::fs::read(model.join("config.json")).unwrap();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let _ = std::fs::remove_file(model.join("config.json"));
                let _ = symlink("/etc/hostname", model.join("config.json"));
                let _ = std::fs::remove_file(model.join("config.json"));
                let _ = std::fs::write(model.join("config.json"), "{}");
                let _ = std::fs::write(model.join("config.json"), &good);
            }
        });
        for _ in 0..60 {
            let output = command()
                .args([
                    "verify",
                    model.to_str().unwrap(),
                    GATE[0],
                    GATE[1],
                    "--output",
                    "json",
                ])
                .output()
                .unwrap();
            let run = Run::from(output);
            assert!((0..=2).contains(&run.code), "{run:?}");
            assert!(!run.stderr.contains("panicked"), "{run:?}");
            if run.code == 0 {
                // Then it saw the good file, whole.
                let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
                assert!(checks_with(&report, "fail").is_empty());
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
