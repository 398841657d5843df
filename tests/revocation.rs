//! Revocation lists and deny-lists, from flags and from a policy, to a verdict.

use std::path::Path;

use serde_json::Value;

use crate::harness::{Run, baseline_with, bonafide, checks_with, command, fixture, verify};

const MODEL: &str = "fixtures/certificates/model";
const ROOT: &str = "fixtures/certificates/root.pem";

fn list(name: &str) -> String {
    format!("fixtures/certificates/lists/{name}.pem")
}

fn verify_with(arguments: &[&str]) -> (i32, Value) {
    let fixed = [MODEL, "--certificate-chain", ROOT];
    verify(fixed.iter().chain(arguments))
}

fn error_with(arguments: &[&str]) -> Run {
    let fixed = ["verify", MODEL, "--certificate-chain", ROOT];
    let output = command().args(fixed).args(arguments).output().unwrap();
    let run = Run::from(output);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    run
}

fn reason(report: &Value) -> &str {
    report["signatures"][0]["reason"].as_str().unwrap_or("")
}

#[test]
fn a_revoked_certificate_is_denied_and_a_clean_list_passes() {
    let (code, report) = verify_with(&[]);
    assert_eq!(code, 0, "{report:#}");
    let (code, report) = verify_with(&["--crl", &list("lasting-clean")]);
    assert_eq!(code, 0, "{report:#}");
    let heeded = report["policy"]["lists"].as_array().unwrap();
    assert_eq!(heeded.len(), 2, "both lists of the file: {heeded:?}");

    let (code, report) = verify_with(&["--crl", &list("lasting-revoked")]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(report["signatures"][0]["state"], "certificate-not-valid");
    assert!(checks_with(&report, "fail").contains(&"certificate-not-valid".to_owned()));
    let text = reason(&report);
    assert!(
        text.contains("was revoked at 2026-03-01T00:00:00Z, reason keyCompromise"),
        "{text}"
    );
    assert!(text.contains("by the clock"), "{text}");
}

#[test]
fn an_unusable_list_is_a_defect_and_no_list_at_all_an_error() {
    let (code, report) = verify_with(&["--crl", &list("stale")]);
    assert_eq!(code, 1, "{report:#}");
    assert!(
        reason(&report).contains("it is stale"),
        "{}",
        reason(&report)
    );
    let run = error_with(&["--crl", ROOT]);
    assert!(
        run.stderr.contains("is `CERTIFICATE`, not `X509 CRL`"),
        "{run:?}"
    );
    error_with(&["--crl", "fixtures/certificates/absent.pem"]);
}

/// A policy beside nothing, so that its paths have to be absolute.
fn policy(place: &Path, trust: &str) -> String {
    let path = place.join("policy.toml");
    std::fs::write(&path, baseline_with(trust)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn source(name: &str, more: &str) -> String {
    let file = fixture(&format!("certificates/lists/{name}.pem"));
    format!(
        "revocation-lists = [{{ name = \"{name}\", file = \"{}\"{more} }}]\n",
        file.display()
    )
}

#[test]
fn a_policy_names_lists_demands_them_and_limits_their_age() {
    let place = tempfile::tempdir().unwrap();
    let judge = |trust: &str, more: &[&str]| {
        let path = policy(place.path(), trust);
        let arguments: Vec<&str> = ["--policy", &path]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let (code, report) = verify_with(&arguments);
        (code, reason(&report).to_owned())
    };
    assert_eq!(judge(&source("lasting-clean", ""), &[]).0, 0);
    let (code, text) = judge(&source("lasting-revoked", ""), &[]);
    assert_eq!(code, 1);
    assert!(text.contains("was revoked"), "{text}");

    let always = "revocation = \"always\"\n";
    let (code, text) = judge(always, &[]);
    assert_eq!(code, 1);
    assert!(
        text.contains("no revocation list of its issuer is given"),
        "{text}"
    );
    assert_eq!(judge(always, &["--crl", &list("lasting-clean")]).0, 0);

    // The list is of 1 May 2026, so a day is over at any time that this can run.
    let aged = source("lasting-clean", ", max-age-days = 1");
    let (code, text) = judge(&aged, &[]);
    assert_eq!(code, 1);
    assert!(text.contains("more than 1 days ago"), "{text}");
    // The same list from the command line is no way around the limit.
    assert_eq!(judge(&aged, &["--crl", &list("lasting-clean")]).0, 1);
}

const KEYLESS: &str = "fixtures/revocation/keyless";

fn keyless_list(name: &str) -> String {
    format!("{KEYLESS}/lists/{name}.pem")
}

/// Verifies the keyless signature of `fixtures/revocation` with these lists.
fn verify_keyless(lists: &[&str]) -> (i32, Value) {
    let (artifact, trusted) = (
        format!("{KEYLESS}/artifact.txt"),
        format!("{KEYLESS}/trusted_root.json"),
    );
    let mut arguments = vec![
        artifact,
        "--trusted-root".to_owned(),
        trusted,
        "--identity".to_owned(),
        "publisher@example.test".to_owned(),
        "--issuer".to_owned(),
        "https://accounts.example.test".to_owned(),
    ];
    for name in lists {
        arguments.extend(["--crl".to_owned(), keyless_list(name)]);
    }
    verify(arguments.iter().map(String::as_str))
}

#[test]
fn a_keyless_signer_is_held_against_lists() {
    for lists in [&[][..], &["clean"]] {
        let (code, report) = verify_keyless(lists);
        assert_eq!(code, 0, "{lists:?}: {report:#}");
    }
    let by_log = "judged at 2026-06-01T12:00:07Z, by the transparency log";
    for (lists, expected) in [
        // Nobody knows how long before the revocation the key was lost.
        (
            &["clean", "leaf-key-compromise"][..],
            "was revoked at 2026-06-20T00:00:00Z, reason keyCompromise",
        ),
        (
            &["leaf-superseded-before"],
            "was revoked at 2026-03-01T00:00:00Z, reason superseded",
        ),
        (
            &["intermediate-key-compromise"],
            "\"CN=Example Fulcio Intermediate\" (serial",
        ),
        (
            &["clean", "intermediate-delta"],
            "was revoked at 2026-03-01T00:00:00Z, reason keyCompromise",
        ),
    ] {
        let (code, report) = verify_keyless(lists);
        assert_eq!(code, 1, "{lists:?}: {report:#}");
        assert_eq!(checks_with(&report, "fail"), ["certificate-not-valid"]);
        assert_eq!(report["signatures"][0]["state"], "certificate-not-valid");
        let text = reason(&report);
        assert!(text.contains(expected), "{text}");
        assert!(text.contains(by_log), "{text}");
    }
    let (code, report) = verify_keyless(&["stale"]);
    assert_eq!(code, 1, "{report:#}");
    let text = reason(&report);
    assert!(text.contains("it is stale"), "{text}");
}

/// The log shows that the signature is older, and the reason says nothing against it.
#[test]
fn a_keyless_signature_from_before_a_harmless_revocation_holds() {
    let (code, report) = verify_keyless(&["leaf-superseded-later"]);
    assert_eq!(code, 0, "{report:#}");
}

#[test]
fn no_list_is_demanded_of_a_keyless_signer() {
    let place = tempfile::tempdir().unwrap();
    let trusted = fixture("revocation/keyless/trusted_root.json");
    let trust = format!(
        "revocation = \"always\"\nroots = [{{ name = \"own\", file = \"{}\" }}]\n\
         identities = [{{ name = \"publisher\", issuer = \"https://accounts.example.test\", \
         subject = \"publisher@example.test\" }}]\n",
        trusted.display()
    );
    let path = policy(place.path(), &trust);
    let artifact = format!("{KEYLESS}/artifact.txt");
    let (code, report) = verify([artifact.as_str(), "--policy", &path]);
    assert_eq!(code, 0, "{report:#}");
    // But what is given is heeded.
    let list = keyless_list("leaf-key-compromise");
    let (code, report) = verify([artifact.as_str(), "--policy", &path, "--crl", &list]);
    assert_eq!(code, 1, "{report:#}");
    assert!(reason(&report).contains("was revoked"), "{report:#}");
}

const DENY_LIST: &str = "[deny-list]\nname = \"incidents\"\nissued = 2026-06-01\n";
const ENTRY: &str =
    "[[entry]]\nkind = \"identity\"\nissuer = \"i\"\nsubject = \"s\"\nreason = \"r\"\n";

#[test]
fn a_deny_list_that_is_out_of_its_time_or_wrong_stops_the_run() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("deny.toml");
    let path = path.to_str().unwrap();
    let write = |text: String| std::fs::write(path, text).unwrap();

    write(format!(
        "{DENY_LIST}expires = 2098-12-31\n{ENTRY}expires = 2026-06-30\n"
    ));
    let (code, report) = verify_with(&["--deny-list", path]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(
        report["policy"]["lists"],
        serde_json::json!(["deny-list \"incidents\", 0 entries, 1 more lapsed"])
    );

    for (text, message) in [
        (
            format!("{DENY_LIST}expires = 2026-06-30\n{ENTRY}"),
            "expired on 2026-06-30",
        ),
        (
            format!("{DENY_LIST}expires = 2098-12-31\nmax-age-days = 1\n"),
            "older than its limit of 1 days",
        ),
        (
            format!("{DENY_LIST}expires = 2098-12-31\n{ENTRY}expiry = 1\n"),
            "unknown key `expiry`",
        ),
    ] {
        write(text);
        let run = error_with(&["--deny-list", path]);
        assert!(run.stderr.contains(message), "{run:?}");
        // A list of the policy is as good a reason to stop.
        let policy = policy(place.path(), "deny-lists = [{ file = \"deny.toml\" }]\n");
        let run = error_with(&["--policy", &policy]);
        assert!(run.stderr.contains(message), "{run:?}");
    }
    let policy = policy(place.path(), "deny-lists = [{ file = \"absent.toml\" }]\n");
    let run = error_with(&["--policy", &policy]);
    assert!(run.stderr.contains("cannot be read"), "{run:?}");
    assert!(run.stderr.contains("policy.toml:"), "{run:?}");
}

#[test]
fn what_a_deny_list_names_is_denied() {
    let (_, report) = verify_with(&[]);
    let signer = report["signatures"][0]["signer"].as_str().unwrap();
    let (_, digest) = signer.rsplit_once("(sha256:").unwrap();
    let digest = digest.trim_end_matches(')');
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("deny.toml");
    let path = path.to_str().unwrap();
    let head = format!("{DENY_LIST}expires = 2098-12-31\n[[entry]]\nreason = \"leaked\"\n");
    for (entry, denied) in [
        (
            format!("kind = \"certificate\"\nsha256 = \"{digest}\"\n"),
            true,
        ),
        (
            "kind = \"identity\"\nissuer = \"CN=Fixture Intermediate CA\"\n\
             subject = \"signer@example.com\"\n"
                .to_owned(),
            true,
        ),
        (
            "kind = \"identity\"\nissuer = \"CN=Fixture Root CA\"\n\
             subject = \"signer@example.com\"\n"
                .to_owned(),
            false,
        ),
        (format!("kind = \"key\"\nsha256 = \"{digest}\"\n"), false),
    ] {
        std::fs::write(path, format!("{head}{entry}")).unwrap();
        let (code, report) = verify_with(&["--deny-list", path]);
        // Never allowed; which check says so is not the matter here.
        assert_eq!(code != 0, denied, "{entry}: {report:#}");
        let state = if denied { "denied" } else { "verified" };
        assert_eq!(report["signatures"][0]["state"], state, "{entry}");
        assert_eq!(
            reason(&report).contains("on deny-list \"incidents\": leaked"),
            denied
        );
    }
}

#[test]
fn unknown_words_in_the_rules_are_underlined() {
    let place = tempfile::tempdir().unwrap();
    for (trust, message) in [
        (
            "leaf-purpose = \"any\"\n",
            "`code-signing` or `any-when-absent`",
        ),
        ("revocation = true\n", "expected a string"),
        ("revocation = \"never\"\n", "`when-configured` or `always`"),
        (
            "revocation-lists = [{ file = \"x\" }]\n",
            "`name` is missing here",
        ),
        (
            "revocation-lists = [{ name = \"x\" }]\n",
            "`file` is missing here",
        ),
        (
            "revocation-lists = [{ name = \"x\", file = \"y\", max-age-days = -1 }]\n",
            "between 1 and",
        ),
        ("deny-lists = [\"x\"]\n", "expected a table"),
        (
            "deny-lists = [{ file = \"x\", name = \"y\" }]\n",
            "unknown key `name`",
        ),
    ] {
        let path = policy(place.path(), trust);
        let run = bonafide(["verify", MODEL, "--policy", &path]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(message), "{message}: {run:?}");
        assert!(run.stderr.contains('^'), "{run:?}");
    }
}
