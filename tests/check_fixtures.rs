//! For each check, `fixtures/checks/<slug>/fail*` gives findings of exactly this
//! check, and `…/pass*` gives none of it.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use serde::Deserialize;

use crate::harness::{all_checks_with, baseline_with, bonafide, copy, fixture, verify};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    about: String,
    #[serde(default = "model")]
    target: String,
    /// Checks that fail as well, whether the defect is there or not.
    #[serde(default)]
    also: Vec<String>,
    /// Directories that are given as parents of the model.
    #[serde(default)]
    parents: Vec<String>,
    /// The signed record manifest of the version before.
    previous: Option<String>,
    /// What is said of how the weights were made.
    #[serde(default)]
    claims: Vec<String>,
    keys: Vec<String>,
    authorities: Vec<String>,
    /// What the policy asks of a signing certificate, if not the default.
    leaf_purpose: Option<String>,
    /// Roles of the policy, which then names the keys after their files.
    #[serde(default)]
    role: Vec<toml::Table>,
    /// What the policy demands of checks that are carried out only when it does; it then
    /// names the keys as well.
    #[serde(default)]
    control: Vec<toml::Table>,
    #[serde(default)]
    create: Vec<Create>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    kind: String,
    path: String,
    target: Option<String>,
    text: Option<String>,
}

fn model() -> String {
    "model".to_owned()
}

/// Makes what a repository cannot hold.
pub fn create(entries: &[Create], model: &Path) {
    for entry in entries {
        let path = model.join(&entry.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match entry.kind.as_str() {
            "file" => std::fs::write(path, entry.text.as_deref().unwrap_or_default()).unwrap(),
            "directory" => std::fs::create_dir_all(path).unwrap(),
            "symlink" => symlink(entry.target.as_ref().unwrap(), path).unwrap(),
            "socket" => drop(UnixListener::bind(path).unwrap()),
            "fifo" => {
                let mode = rustix::fs::Mode::from_raw_mode(0o644);
                rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0)
                    .unwrap();
            }
            other => panic!("unknown kind {other}"),
        }
    }
}

/// The policy that the case needs, if the baseline is not enough.
fn policy(case: &Case, text: &str) -> Option<String> {
    if let Some(purpose) = &case.leaf_purpose {
        assert!(!case.names_keys(), "one or the other");
        return Some(baseline_with(&format!("leaf-purpose = \"{purpose}\"\n")));
    }
    if !case.names_keys() {
        return None;
    }
    assert!(case.authorities.is_empty(), "names are of keys here");
    let keys: String = case
        .keys
        .iter()
        .map(|file| {
            let name = file.strip_suffix(".pub.pem").unwrap();
            let path = fixture("checks/keys").join(file);
            format!("{{ name = \"{name}\", file = \"{}\" }}, ", path.display())
        })
        .collect();
    // As they stand in the case, which has been read already.
    let start = text.find("[[role]]").or_else(|| text.find("[[control]]"));
    let tables = start.unwrap()..text.find("[[create]]").unwrap_or(text.len());
    Some(baseline_with(&format!("keys = [{keys}]\n")) + "\n" + &text[tables])
}

/// Checks that are carried out only when a policy asks for them.
const ON_DEMAND: [&str; 16] = [
    "content-unbound",
    "rushed-capture",
    "hidden-in-records",
    "conflicting-labels",
    "duplicate-flooding",
    "leaked-records",
    "doubtful-labels",
    "trigger-candidate",
    "shifted-population",
    "unvalidated-update",
    "unsound-weights",
    "weights-contradict-claim",
    "bom-missing",
    "missing-lineage",
    "attestation-missing",
    "format-not-allowed",
];

impl Case {
    fn names_keys(&self) -> bool {
        !self.role.is_empty() || !self.control.is_empty()
    }
}

fn run(folder: &Path, slug: &str) -> (i32, serde_json::Value, Case) {
    let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
    let case: Case =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    // Sockets need a short path.
    let place = tempfile::Builder::new()
        .prefix("c")
        .tempdir_in("/tmp")
        .unwrap();
    let copied = place.path().join("c");
    copy(folder, &copied);
    create(&case.create, &copied.join("model"));
    let mut arguments = vec![copied.join(&case.target).into_os_string()];
    for parent in &case.parents {
        arguments.push("--parent".into());
        arguments.push(copied.join(parent).into_os_string());
    }
    if let Some(previous) = &case.previous {
        arguments.push("--previous".into());
        arguments.push(copied.join(previous).into_os_string());
    }
    for claim in &case.claims {
        arguments.extend(["--claim".into(), claim.into()]);
    }
    let mut policy = policy(&case, &text);
    if ON_DEMAND.contains(&slug) && case.control.is_empty() {
        let text = policy.unwrap_or_else(|| baseline_with(""));
        policy = Some(format!(
            "{text}\n[[control]]\ncheck = \"{slug}\"\nlevel = \"deny\"\n"
        ));
    }
    let named = case.names_keys();
    for (flag, names) in [
        ("--key", &case.keys),
        ("--certificate-chain", &case.authorities),
    ] {
        for name in names.iter().filter(|_| !named) {
            arguments.push(flag.into());
            arguments.push(fixture("checks/keys").join(name).into_os_string());
        }
    }
    if let Some(text) = policy {
        let path = place.path().join("policy.toml");
        std::fs::write(&path, text).unwrap();
        arguments.extend(["--policy".into(), path.into_os_string()]);
    }
    let denied = copied.join("deny.toml");
    if denied.exists() {
        arguments.extend(["--deny-list".into(), denied.into_os_string()]);
    }
    let advisories = copied.join("advisories.json");
    if advisories.exists() {
        arguments.extend(["--advisories".into(), advisories.into_os_string()]);
    }
    let (code, report) = verify(&arguments);
    (code, report, case)
}

/// What the policy does with a check.
fn level(report: &serde_json::Value, slug: &str) -> String {
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["check"] == slug).unwrap();
    check["level"].as_str().unwrap().to_owned()
}

#[test]
fn every_check_fails_on_its_defect_alone_and_passes_without_it() {
    let (code, catalogue) = {
        let run = bonafide(["checks", "--output", "json"]);
        (
            run.code,
            serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap(),
        )
    };
    assert_eq!(code, 0);
    let mut cases = 0;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for check in catalogue["checks"].as_array().unwrap() {
        let slug = check["check"].as_str().unwrap();
        let folder = fixture("checks").join(slug);
        let mut kinds = BTreeSet::new();
        for entry in folder
            .read_dir()
            .unwrap_or_else(|_| panic!("{slug} has no fixtures"))
        {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let kind = name.split('-').next().unwrap().to_owned();
            let (code, report, case) = run(&path, slug);
            // What is for information only is looked at where it is the check in question.
            let level = |check: &str| level(&report, check);
            let failed: BTreeSet<String> = all_checks_with(&report, "fail")
                .into_iter()
                .filter(|check| check == slug || level(check) != "audit")
                .collect();
            let mut expected: BTreeSet<String> = case.also.iter().cloned().collect();
            if kind == "fail" {
                expected.insert(slug.to_owned());
            }
            let undecided = all_checks_with(&report, "inconclusive");
            if (kind == "undecided") != undecided.iter().any(|check| check == slug) {
                problems.push(format!("{slug}/{name}: undecided {undecided:?}"));
            }
            if failed != expected {
                problems.push(format!("{slug}/{name} ({}): failed {failed:?}", case.about));
            }
            let denies = failed.iter().any(|check| level(check) == "deny");
            let waits = undecided.iter().any(|check| level(check) == "deny");
            let expected_code = if denies { 1 } else { i32::from(waits) * 2 };
            if code != expected_code {
                problems.push(format!(
                    "{slug}/{name}: exit code {code}, verdict {}",
                    report["verdict"]
                ));
            }
            let shows = kind != "pass";
            kinds.insert(if shows { "fail".to_owned() } else { kind });
            cases += 1;
        }
        assert_eq!(
            kinds,
            BTreeSet::from(["fail".to_owned(), "pass".to_owned()]),
            "{slug}"
        );
        seen.insert(slug.to_owned());
    }
    let folders: BTreeSet<String> = fixture("checks")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "keys")
        .collect();
    assert_eq!(folders, seen, "fixtures without a check");
    assert!(
        problems.is_empty(),
        "{} of {cases} cases:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(cases >= 130, "only {cases} cases");
}
