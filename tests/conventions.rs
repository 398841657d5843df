//! What every command has in common: variables, times, modes, limits.

use serde_json::Value;

use crate::harness::{Run, bonafide, command, verify};

const CLASSIFIER: &str = "fixtures/supply-chain/digits-classifier";
const TAMPERED: &str = "fixtures/supply-chain/tampered/flipped-byte";
const GATE: &str = "policies/registry-gate.toml";
const KEY: &str = "fixtures/supply-chain/keys/publisher.pub.pem";

fn with_variables(variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = command();
    command.envs(variables.iter().copied()).args(arguments);
    Run::from(command.output().unwrap())
}

#[test]
fn a_variable_is_its_flag() {
    // Without the key nobody is trusted.
    let run = with_variables(
        &[("BONAFIDE_KEY", KEY), ("BONAFIDE_QUIET", "1")],
        &["verify", CLASSIFIER],
    );
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    let run = with_variables(&[("BONAFIDE_POLICY", GATE)], &["verify", TAMPERED]);
    assert_eq!(run.code, 1, "{run:?}");
    let run = with_variables(
        &[("BONAFIDE_VERIFY_OUTPUT", "json")],
        &["verify", CLASSIFIER],
    );
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["schema-version"], 1);
    // The flag wins over its variable.
    let run = with_variables(
        &[("BONAFIDE_POLICY", "does-not-exist.toml")],
        &["verify", CLASSIFIER, "--policy", GATE],
    );
    assert_eq!(run.code, 0, "{run:?}");
    // A variable that cannot be read is a wrong command line.
    let run = with_variables(&[("BONAFIDE_JOBS", "many")], &["verify", CLASSIFIER]);
    assert_eq!(run.code, 4, "{run:?}");
}

#[test]
fn variables_are_listed_without_their_values() {
    let run = with_variables(
        &[
            ("BONAFIDE_POLICY", "secret-place.toml"),
            ("BONAFIDE_KEY_PASSWORD", "hunter2"),
        ],
        &["env"],
    );
    assert_eq!(run.code, 0);
    assert!(!run.stdout.contains("secret-place") && !run.stdout.contains("hunter2"));
    let line = |name: &str| {
        let found = run.stdout.lines().find(|line| line.starts_with(name));
        found
            .unwrap_or_else(|| panic!("no {name}: {run:?}"))
            .to_owned()
    };
    assert!(line("BONAFIDE_POLICY ").contains(" set "), "{run:?}");
    assert!(line("BONAFIDE_TIMEOUT ").contains("unset"), "{run:?}");
    assert!(line("BONAFIDE_ATTEST_OUTPUT ").contains("attest --output"));
    for other in ["NO_COLOR ", "SOURCE_DATE_EPOCH "] {
        line(other);
    }
}

#[test]
fn the_past_has_to_be_allowed_and_a_gate_refuses_any_time() {
    let trusted = ["verify", CLASSIFIER, "--key", KEY];
    let run = bonafide(trusted.iter().chain(&["--effective-time", "2020-01-01"]));
    assert_eq!(run.code, 4);
    assert!(
        run.stderr.contains("--allow-past-effective-time"),
        "{run:?}"
    );
    for time in ["2999-01-01", "2999-01-01T00:00:00Z"] {
        let (code, report) = verify(trusted[1..].iter().chain(&["--effective-time", time]));
        assert_eq!(code, 0);
        assert_eq!(report["evaluated-at"], "2999-01-01T00:00:00Z");
    }
    let run = bonafide([
        "verify",
        CLASSIFIER,
        "--policy",
        GATE,
        "--effective-time",
        "2027-01-01",
    ]);
    // The gate of the repository has `command-line = "refuse"`.
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("refuses a time"), "{run:?}");
    // After its last day a policy is no policy.
    let (code, _) = verify(["--effective-time", "2999-01-01", CLASSIFIER, "--key", KEY]);
    assert_eq!(code, 0);
}

#[test]
fn two_runs_at_the_epoch_of_the_source_are_the_same_bytes() {
    let arguments = [
        "verify",
        CLASSIFIER,
        "--key",
        KEY,
        "--allow-past-effective-time",
        "--output",
        "json",
    ];
    let epoch = [("SOURCE_DATE_EPOCH", "1790000000")];
    let first = with_variables(&epoch, &arguments);
    let second = with_variables(&epoch, &arguments);
    assert_eq!(first.stdout, second.stdout);
    let report: Value = serde_json::from_str(&first.stdout).unwrap();
    assert_eq!(report["evaluated-at"], "2026-09-21T14:13:20Z");
    // Not asked to look at the past, it is not looked at.
    let run = with_variables(
        &epoch,
        &["verify", CLASSIFIER, "--key", KEY, "--output", "json"],
    );
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_ne!(report["evaluated-at"], "2026-09-21T14:13:20Z");
    let run = with_variables(&[("SOURCE_DATE_EPOCH", "soon")], &["verify", CLASSIFIER]);
    assert_eq!(run.code, 4, "{run:?}");
}

#[test]
fn a_mode_changes_the_exit_code_and_never_the_verdict() {
    for (mode, expected) in [("enforce", 1), ("warn", 0), ("audit", 0)] {
        let (code, report) = verify([TAMPERED, "--key", KEY, "--mode", mode]);
        assert_eq!(code, expected, "{mode}");
        assert_eq!(report["verdict"], "deny");
        assert_eq!(report["mode"], mode);
    }
    // Whoever calls a gate does not open it.
    let run = bonafide(["verify", TAMPERED, "--policy", GATE, "--mode", "audit"]);
    assert_eq!(run.code, 2, "{run:?}");
    let empty = tempfile::tempdir().unwrap();
    let run = bonafide([
        "verify",
        &empty.path().display().to_string(),
        "--mode",
        "audit",
    ]);
    assert_eq!(
        run.code, 3,
        "nothing was verified, whatever the mode: {run:?}"
    );
    let run = bonafide(["verify", "does/not/exist", "--mode", "audit"]);
    assert_eq!(run.code, 2, "an error is no verdict: {run:?}");
    let run = bonafide(["verify", CLASSIFIER, "--mode", "lenient"]);
    assert_eq!(run.code, 4);
}

#[test]
fn time_runs_out_with_exit_code_two() {
    let fifo = tempfile::tempdir().unwrap();
    let policy = fifo.path().join("policy.toml");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &policy,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    // A password file is read to its end, which never comes.
    let started = std::time::Instant::now();
    let run = bonafide([
        "sign".as_ref(),
        "key".as_ref(),
        CLASSIFIER.as_ref(),
        "--private-key".as_ref(),
        "fixtures/supply-chain/keys/publisher.pub.pem".as_ref(),
        "--password-file".as_ref(),
        policy.as_os_str(),
        "--timeout".as_ref(),
        "1s".as_ref(),
    ]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(started.elapsed().as_secs() < 30);
}

#[cfg(feature = "online")]
#[test]
fn offline_is_offline() {
    let run = bonafide([
        "trust",
        "update",
        "--output",
        "never-written.json",
        "--offline",
    ]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("--offline"), "{run:?}");
}

#[test]
fn names_of_other_tools_are_understood() {
    for (subject, issuer) in [
        ("--certificate-identity", "--certificate-oidc-issuer"),
        ("--identity", "--identity-provider"),
        ("--certificate-identity-regexp", "--issuer"),
    ] {
        let run = bonafide([
            "verify",
            CLASSIFIER,
            subject,
            "a@example.org",
            issuer,
            "https://issuer.example",
        ]);
        assert_eq!(run.code, 1, "understood, and nobody signed so: {run:?}");
    }
    let run = bonafide([
        "verify",
        CLASSIFIER,
        "--certificate-oidc-issuer",
        "https://issuer.example",
    ]);
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("--certificate-identity"), "{run:?}");
}
