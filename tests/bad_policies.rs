//! Policies that cannot be used: each with the exact words that its author reads, in little
//! time and little memory.
//!
//! `fixtures/policies/bad` holds a file each, or a folder with a `policy.toml` and, in
//! `arguments`, what else stands on the command line. `BLESS=1 cargo test bad_policies` writes
//! what is said beside them, as `NAME.expected`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{command, root};

/// How long a bad policy may keep a gate busy.
const LONGEST: Duration = Duration::from_secs(3);

/// How much memory a process may take for it, in bytes.
const MOST_MEMORY: u64 = 256_000_000;

/// How often a process is looked at. Touching as much memory as is allowed takes many times
/// as long, so that no process can take it unseen.
const GLANCE: Duration = Duration::from_millis(2);

/// What a run showed, and what it took.
struct Measured {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    time: Duration,
    memory: u64,
}

/// A bad policy.
struct Case {
    name: String,
    policy: PathBuf,
    arguments: Vec<String>,
    expected: PathBuf,
}

fn cases() -> Vec<Case> {
    let folder = root().join("fixtures/policies/bad");
    let mut cases = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".expected") {
            continue;
        }
        let policy = if path.is_dir() {
            path.join("policy.toml")
        } else {
            path.clone()
        };
        let arguments = std::fs::read_to_string(path.join("arguments")).unwrap_or_default();
        cases.push(Case {
            expected: folder.join(format!("{name}.expected")),
            arguments: arguments.lines().map(str::to_owned).collect(),
            policy: policy.strip_prefix(root()).unwrap().to_owned(),
            name,
        });
    }
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    cases
}

/// Peak of the resident memory of a process and of those that it started.
fn memory(process: u32) -> u64 {
    let place = PathBuf::from(format!("/proc/{process}"));
    let status = std::fs::read_to_string(place.join("status")).unwrap_or_default();
    let own = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kibibytes| kibibytes * 1_024);
    let tasks = place.join("task").read_dir().into_iter().flatten();
    let started = tasks.filter_map(Result::ok).flat_map(|task| {
        let list = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        let numbers = list
            .split_whitespace()
            .filter_map(|number| number.parse().ok());
        numbers.collect::<Vec<u32>>()
    });
    started.map(memory).fold(own, u64::max)
}

fn wait(mut child: Child) -> (Option<i32>, Duration, u64) {
    let started = Instant::now();
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), started.elapsed(), peak);
        }
        if started.elapsed() > 10 * LONGEST {
            child.kill().unwrap();
        }
        peak = peak.max(memory(child.id()));
        std::thread::sleep(GLANCE);
    }
}

fn run(case: &Case, place: &Path) -> Measured {
    let (out, err) = (place.join("out"), place.join("err"));
    let child = command()
        .args(["verify", "fixtures/policies/target", "--policy"])
        .arg(&case.policy)
        .args(["--effective-time", "2027-06-01"])
        .arg("--allow-past-effective-time")
        .args(&case.arguments)
        .stdin(Stdio::null())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let (code, time, memory) = wait(child);
    Measured {
        code,
        stdout: std::fs::read_to_string(out).unwrap(),
        stderr: std::fs::read_to_string(err).unwrap(),
        time,
        memory,
    }
}

/// What is wrong with how a bad policy was refused.
fn fault(case: &Case, place: &Path) -> Option<String> {
    let mut measured = run(case, place);
    if measured.time > LONGEST {
        // Another test may have had the machine for itself.
        measured = run(case, place);
    }
    let expected = std::fs::read_to_string(&case.expected).unwrap_or_default();
    if measured.code != Some(2) || !measured.stdout.is_empty() {
        return Some(format!(
            "exit code {:?}, said {}{}",
            measured.code, measured.stdout, measured.stderr
        ));
    }
    if measured.time > LONGEST {
        return Some(format!("took {:?}", measured.time));
    }
    if measured.memory > MOST_MEMORY {
        return Some(format!("took {} bytes of memory", measured.memory));
    }
    // Only a run that ends within a few glances may go unseen.
    if measured.memory == 0 && measured.time > 10 * GLANCE {
        return Some("nobody saw how much memory it took".to_owned());
    }
    if measured.stderr == expected {
        return None;
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&case.expected, &measured.stderr).unwrap();
        return None;
    }
    Some(format!("says\n{}instead of\n{expected}", measured.stderr))
}

#[test]
fn every_bad_policy_is_refused_in_the_words_of_its_snapshot() {
    let place = tempfile::tempdir().unwrap();
    let cases = cases();
    assert!(cases.len() >= 30, "only {} bad policies", cases.len());
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.name, fault(case, place.path())?)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// A message that names neither file nor remedy helps nobody.
#[test]
fn every_message_names_the_file_that_is_wrong() {
    for case in cases() {
        let said = std::fs::read_to_string(&case.expected).unwrap();
        assert!(said.starts_with("error: "), "{}: {said}", case.name);
        assert!(
            said.contains("fixtures/policies/bad/"),
            "{}: {said}",
            case.name
        );
        assert!(!said.contains("panicked"), "{}", case.name);
    }
}

/// No snapshot without a policy.
#[test]
fn every_snapshot_belongs_to_a_bad_policy() {
    let known: Vec<PathBuf> = cases().into_iter().map(|case| case.expected).collect();
    for entry in root().join("fixtures/policies/bad").read_dir().unwrap() {
        let path = entry.unwrap().path();
        let is_snapshot = path.extension().is_some_and(|ending| ending == "expected");
        assert!(
            !is_snapshot || known.contains(&path),
            "{} is of nobody",
            path.display()
        );
    }
}
