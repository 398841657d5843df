//! Running the command, and copies of fixtures to damage.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// A path below `fixtures/`.
pub fn fixture(path: &str) -> PathBuf {
    root().join("fixtures").join(path)
}

/// The public test vectors, which are not part of this repository;
/// `fixtures/vectors.toml` says where they come from. Without them a test says so.
pub fn vectors() -> Option<PathBuf> {
    let path = match std::env::var_os("BONAFIDE_VECTORS") {
        Some(path) => PathBuf::from(path),
        None => root().join("../shared/vectors"),
    };
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var_os("BONAFIDE_VECTORS").is_none(),
        "BONAFIDE_VECTORS is not a directory"
    );
    eprintln!("skipped: no vectors (set BONAFIDE_VECTORS)");
    None
}

/// The text of the baseline policy with more lines in its `[trust]`.
pub fn baseline_with(trust: &str) -> String {
    let text = std::fs::read_to_string(root().join("policies/baseline.toml")).unwrap();
    let (before, after) = text.split_once("[trust]\n").unwrap();
    format!("{before}[trust]\n{trust}{after}")
}

/// What a run of the command showed.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("not killed by a signal"),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }
}

/// The command, to be run in the root of the repository.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide"));
    command.current_dir(root()).env_remove("SOURCE_DATE_EPOCH");
    // Every flag has a variable; none of the developer's own counts here.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BONAFIDE_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the command and waits for it.
pub fn bonafide<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    let output = command().args(arguments).output().unwrap();
    let run = Run::from(output);
    assert!(!run.stderr.contains("panicked"), "{run:?}");
    run
}

/// Runs `verify … --output json` and returns the exit code and the report.
pub fn verify<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> (i32, Value) {
    let mut command = command();
    command
        .arg("verify")
        .args(arguments)
        .args(["--output", "json"]);
    let run = Run::from(command.output().unwrap());
    let report = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("no report ({error}): {run:?}"));
    (run.code, report)
}

/// Slugs of the checks with this outcome.
pub fn checks_with(report: &Value, outcome: &str) -> Vec<String> {
    report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["outcome"] == outcome)
        .filter(|check| check["level"] == "deny" || !is_about_documents(check))
        .map(|check| check["check"].as_str().unwrap().to_owned())
        .collect()
}

/// Checks of documents and of lineage. Below `deny` they say what is worth knowing, also of
/// artifacts that are made to show something else.
fn is_about_documents(check: &Value) -> bool {
    const SEVERAL: [&str; 9] = [
        "weak-identity",
        "dataset-undeclared",
        "undeclared-dataset",
        "missing-lineage",
        "base-model-unpinned",
        "ancestor-not-approved",
        "child-older-than-parent",
        "cyclic-pedigree",
        "lineage-contradicted",
    ];
    let slug = check["check"].as_str().unwrap();
    slug.starts_with("bom-") || slug.starts_with("licence-") || SEVERAL.contains(&slug)
}

/// Every check with this outcome, whatever it weighs.
pub fn all_checks_with(report: &Value, outcome: &str) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .filter(|check| check["outcome"] == outcome)
        .map(|check| check["check"].as_str().unwrap().to_owned())
        .collect()
}

/// Names in the findings of one check.
pub fn findings(report: &Value, slug: &str) -> Vec<String> {
    report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["check"] == slug)
        .flat_map(|check| check["findings"].as_array().unwrap())
        .map(|finding| {
            finding["subject"]["name"]
                .as_str()
                .unwrap_or("the artifact")
                .to_owned()
        })
        .collect()
}

/// A copy of a directory that a test may damage; links are copied as links.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(entry.path().read_link().unwrap(), target).unwrap();
        } else {
            // Not `fs::copy`: read-only fixtures must become writable copies.
            std::fs::write(target, std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// Flips one bit in the middle of a file.
pub fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}
