//! Keyless signatures, from `fixtures/sigstore` through the command to a verdict.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{
    baseline_with, bonafide, checks_with, copy, findings, fixture, flip, root, verify,
};

const ROOT: &str = "fixtures/sigstore/trusted_root.json";
const ARTIFACT: &str = "fixtures/sigstore/artifact.txt";
const MODEL: &str = "fixtures/supply-chain/digits-classifier";
const PUBLISHER: &str = "publisher@example.test";
const ACCOUNTS: &str = "https://accounts.example.test";
const GITHUB: &str = "https://token.actions.githubusercontent.com";
const WORKFLOW: &str =
    "https://github.com/example/digits/.github/workflows/release.yml@refs/tags/v1.0.0";

fn bundle(name: &str) -> String {
    format!("fixtures/sigstore/bundles/{name}.sigstore.json")
}

/// Verifies with the private root; the publisher is trusted unless `signer` says otherwise.
fn verify_by(target: &str, bundle: &str, signer: &[&str]) -> (i32, Value) {
    let fixed = [target, "--signature", bundle, "--trusted-root", ROOT];
    verify(fixed.iter().chain(signer))
}

const BY_PUBLISHER: [&str; 4] = ["--identity", PUBLISHER, "--issuer", ACCOUNTS];

#[test]
fn a_message_signature_vouches_for_its_artifact_and_no_other() {
    for name in [
        "message-rekor1",
        "message-rekor2",
        "message-p384-rekor1",
        "message-rekor1-v0.1",
        "message-rekor1-v0.2",
        "message-retired-rekor1",
    ] {
        let (code, report) = verify_by(ARTIFACT, &bundle(name), &BY_PUBLISHER);
        assert_eq!(code, 0, "{name}: {report:#}");
        let signature = &report["signatures"][0];
        assert_eq!(signature["state"], "verified", "{name}");
        assert_eq!(signature["content"], "message", "{name}");
        assert_eq!(signature["log-entries"], 1, "{name}");
        assert!(!signature["times"].as_array().unwrap().is_empty(), "{name}");
    }
    let place = tempfile::tempdir().unwrap();
    let changed = place.path().join("artifact.txt");
    std::fs::copy(fixture("sigstore/artifact.txt"), &changed).unwrap();
    flip(&changed);
    let target = changed.display().to_string();
    let (code, report) = verify_by(&target, &bundle("message-rekor1"), &BY_PUBLISHER);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["digest-mismatch"]);
    assert_eq!(findings(&report, "digest-mismatch"), ["artifact.txt"]);
}

/// What lies beside the artifact is found without `--signature`, under the name of the artifact.
#[test]
fn a_bundle_beside_its_artifact_is_found() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("artifact.txt");
    std::fs::copy(fixture("sigstore/artifact.txt"), &target).unwrap();
    let from = root().join(bundle("message-rekor2"));
    std::fs::copy(from, place.path().join("artifact.txt.sigstore.json")).unwrap();
    let target = target.display().to_string();
    let fixed = [target.as_str(), "--trusted-root", ROOT];
    let (code, report) = verify(fixed.iter().chain(&BY_PUBLISHER));
    assert_eq!(code, 0, "{report:#}");
    // In the directory, the bundle is about the file that its name says.
    let target = place.path().display().to_string();
    let fixed = [target.as_str(), "--trusted-root", ROOT];
    let (code, report) = verify(fixed.iter().chain(&BY_PUBLISHER));
    assert_eq!(code, 0, "{report:#}");
    flip(&place.path().join("artifact.txt"));
    let (code, report) = verify(fixed.iter().chain(&BY_PUBLISHER));
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["digest-mismatch"]);
    assert_eq!(findings(&report, "digest-mismatch"), ["artifact.txt"]);
}

#[test]
fn somebody_else_is_not_trusted() {
    let message = bundle("message-rekor1");
    for signer in [
        ["--identity", "mallory@example.test", "--issuer", ACCOUNTS],
        ["--identity", "Publisher@example.test", "--issuer", ACCOUNTS],
        [
            "--identity",
            PUBLISHER,
            "--issuer",
            "https://accounts.example.test/",
        ],
        ["--identity-regex", "publisher", "--issuer", ACCOUNTS],
        ["--identity-glob", "publisher", "--issuer", ACCOUNTS],
    ] {
        let (code, report) = verify_by(ARTIFACT, &message, &signer);
        assert_eq!(code, 1, "{signer:?}: {report:#}");
        assert_eq!(checks_with(&report, "fail"), ["untrusted-signer"]);
        assert_eq!(report["signatures"][0]["category"], "identity");
        let reason = report["signatures"][0]["reason"].as_str().unwrap();
        assert!(
            reason.contains("signed by publisher@example.test"),
            "{reason}"
        );
    }
    // Without the private root nobody whom we know vouches for the identity, and the
    // logs of the private instance are not ours to judge.
    for name in ["message-rekor1", "message-rekor2", "message-rekor1-v0.1"] {
        let bundle = bundle(name);
        let fixed = [ARTIFACT, "--signature", bundle.as_str()];
        let (code, report) = verify(fixed.iter().chain(&BY_PUBLISHER));
        assert_eq!(code, 1, "{report:#}");
        assert_eq!(checks_with(&report, "fail"), ["untrusted-signer"], "{name}");
        assert_eq!(report["signatures"][0]["category"], "certificate");
    }
    // And with a key alone nobody is trusted by identity at all.
    let key = "fixtures/checks/keys/signer-p256.pub.pem";
    let (code, _) = verify_by(ARTIFACT, &message, &["--key", key]);
    assert_eq!(code, 1);
}

#[test]
fn a_model_is_verified_without_keys() {
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("digits-classifier");
    copy(&root().join(MODEL), &model);
    let target = model.display().to_string();
    let bundles = ["oms-rekor1", "oms-rekor2", "oms-rekor1-tsa"].map(bundle);
    // The signature by key is a file too, which the keyless one leaves out.
    for bundle in &bundles {
        let (code, report) = verify_by(&target, bundle, &BY_PUBLISHER);
        assert_eq!(code, 1, "{bundle}: {report:#}");
        assert_eq!(findings(&report, "uncovered-file"), ["model.sig"]);
    }
    let own = model.join("model.sig").display().to_string();
    let key = "fixtures/supply-chain/keys/publisher.pub.pem";
    let both = [&BY_PUBLISHER[..], &["--signature", &own, "--key", key]].concat();
    let (code, report) = verify_by(&target, &bundles[0], &both);
    assert_eq!(code, 0, "{report:#}");
    std::fs::remove_file(own).unwrap();
    for bundle in &bundles {
        let (code, report) = verify_by(&target, bundle, &BY_PUBLISHER);
        assert_eq!(code, 0, "{bundle}: {report:#}");
        assert_eq!(report["signatures"][0]["content"], "model");
    }
    let by_workflow = ["--identity", WORKFLOW, "--issuer", GITHUB];
    let (code, report) = verify_by(&target, &bundle("oms-github"), &by_workflow);
    assert_eq!(code, 0, "{report:#}");
    flip(&model.join("model.safetensors"));
    let (code, report) = verify_by(&target, &bundles[0], &BY_PUBLISHER);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(findings(&report, "digest-mismatch"), ["model.safetensors"]);
}

#[test]
fn a_workflow_is_trusted_by_glob_or_regex() {
    let message = bundle("message-github-rekor1");
    let table = [
        ("--identity", WORKFLOW, 0),
        (
            "--identity-glob",
            "https://github.com/example/digits/.github/workflows/*@refs/tags/v*",
            0,
        ),
        ("--identity-glob", "https://github.com/example/**", 0),
        // A star stops at a slash.
        ("--identity-glob", "https://github.com/example/*", 1),
        ("--identity-glob", "https://github.com/other/**", 1),
        (
            "--identity-glob",
            "https://github.com/example/digits/.github/workflows/release.yml@**",
            1,
        ),
        (
            "--identity-regex",
            "https://github\\.com/example/digits/.*@refs/tags/v[0-9.]+",
            0,
        ),
        // The whole subject has to match, whatever the anchors.
        (
            "--identity-regex",
            "https://github\\.com/example/digits/",
            1,
        ),
        ("--identity-regex", "x|https://github\\.com/example/.*|y", 0),
        ("--identity-regex", "https://github\\.com/example/.*^", 1),
    ];
    for (flag, text, expected) in table {
        let (code, report) = verify_by(ARTIFACT, &message, &[flag, text, "--issuer", GITHUB]);
        assert_eq!(code, expected, "{flag} {text}: {report:#}");
    }
    // The same subject of another issuer is somebody else.
    let (code, _) = verify_by(
        ARTIFACT,
        &message,
        &["--identity-glob", "**", "--issuer", ACCOUNTS],
    );
    assert_eq!(code, 1);
    let run = bonafide(["verify", ARTIFACT, "--identity", PUBLISHER]);
    assert_eq!(run.code, 4, "{run:?}");
    let run = bonafide(["verify", ARTIFACT, "--issuer", ACCOUNTS]);
    assert_ne!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("names nobody"), "{run:?}");
    let bad = ["--identity-regex", "(", "--issuer", ACCOUNTS];
    let run = bonafide(["verify", ARTIFACT].iter().chain(&bad));
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("not a regular expression"), "{run:?}");
}

/// Every claim of the release workflow's certificate, and a value that is not its.
const CLAIMS: [(&str, &str, &str); 15] = [
    (
        "build-signer",
        WORKFLOW,
        "https://github.com/example/digits",
    ),
    (
        "build-signer-digest",
        "5e1a4b0c9d3f2e8a7b6c5d4e3f2a1b0c9d8e7f6a",
        "5e1a4b0c9d3f2e8a7b6c5d4e3f2a1b0c9d8e7f6b",
    ),
    ("runner-environment", "github-hosted", "self-hosted"),
    (
        "source-repository",
        "https://github.com/example/digits",
        "https://github.com/example/digit",
    ),
    (
        "source-digest",
        "5e1a4b0c9d3f2e8a7b6c5d4e3f2a1b0c9d8e7f6a",
        "5e1a4b0c",
    ),
    ("source-ref", "refs/tags/v1.0.0", "refs/heads/main"),
    ("source-repository-id", "700000001", "700000002"),
    (
        "source-owner",
        "https://github.com/example",
        "https://github.com/Example",
    ),
    ("source-owner-id", "800000001", "700000001"),
    ("workflow", WORKFLOW, "release"),
    (
        "workflow-digest",
        "5e1a4b0c9d3f2e8a7b6c5d4e3f2a1b0c9d8e7f6a",
        "",
    ),
    ("trigger", "push", "pull_request"),
    (
        "run",
        "https://github.com/example/digits/actions/runs/9000000001/attempts/1",
        "https://github.com/example/digits/actions/runs/9000000001/attempts/2",
    ),
    ("source-visibility", "public", "private"),
    ("deployment-environment", "production", "staging"),
];

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A policy that trusts the release workflow with these claims, and the private root.
    fn workflow(&self, claims: &str) -> String {
        self.policy(&format!(
            "identities = [{{ name = \"release\", issuer = \"{GITHUB}\", \
             subject = {{ glob = \"https://github.com/example/digits/**\" }}{claims} }}]\n"
        ))
    }

    fn policy(&self, trust: &str) -> String {
        let file = root().join(ROOT);
        let roots = format!(
            "roots = [{{ name = \"private\", file = \"{}\" }}]\n",
            file.display()
        );
        self.write(&(roots + trust))
    }

    fn write(&self, trust: &str) -> String {
        let path: PathBuf = self.0.path().join("policy.toml");
        std::fs::write(&path, baseline_with(trust)).unwrap();
        path.display().to_string()
    }
}

fn judge(policy: &str, target: &str, bundle: &str) -> (i32, Value) {
    verify([target, "--policy", policy, "--signature", bundle])
}

#[test]
fn every_claim_that_a_policy_names_has_to_be_right() {
    let place = Place::new();
    let message = bundle("message-github-rekor1");
    let all: String = CLAIMS
        .iter()
        .map(|(claim, right, _)| format!(", {claim} = \"{right}\""))
        .collect();
    let (code, report) = judge(&place.workflow(&all), ARTIFACT, &message);
    assert_eq!(code, 0, "{report:#}");
    let shown = report["signatures"][0]["claims"].to_string();
    for (claim, right, _) in CLAIMS {
        assert!(shown.contains(&format!("{claim}={right}")), "{shown}");
    }

    for (claim, right, wrong) in CLAIMS {
        let (code, report) = judge(
            &place.workflow(&format!(", {claim} = \"{right}\"")),
            ARTIFACT,
            &message,
        );
        assert_eq!(code, 0, "{claim}: {report:#}");
        // One wrong claim among right ones is enough; an empty one is a mistake.
        let wrong = if wrong.is_empty() { "0" } else { wrong };
        let all = all.replace(
            &format!(", {claim} = \"{right}\""),
            &format!(", {claim} = \"{wrong}\""),
        );
        let (code, report) = judge(&place.workflow(&all), ARTIFACT, &message);
        assert_eq!(code, 1, "{claim}: {report:#}");
        assert_eq!(
            checks_with(&report, "fail"),
            ["untrusted-signer"],
            "{claim}"
        );
        assert_eq!(report["signatures"][0]["category"], "identity", "{claim}");
    }

    // A person's certificate has no such claims, and what is absent does not match.
    let policy = place.policy(&format!(
        "identities = [{{ name = \"p\", issuer = \"{ACCOUNTS}\", subject = \"{PUBLISHER}\", \
         trigger = {{ regex = \".*\" }} }}]\n"
    ));
    let (code, report) = judge(&policy, ARTIFACT, &bundle("message-rekor1"));
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["untrusted-signer"]);
}

#[test]
fn attestations_without_keys_fill_roles() {
    let place = Place::new();
    let text = |roles: &str| {
        let path = place.policy(&format!(
            "identities = [\n\
             {{ name = \"release\", issuer = \"{GITHUB}\", subject = \"{WORKFLOW}\" }},\n\
             {{ name = \"publisher\", issuer = \"{ACCOUNTS}\", subject = \"{PUBLISHER}\" }},\n\
             {{ name = \"evaluator\", issuer = \"{ACCOUNTS}\", subject = \"evaluator@example.test\" }},\n]\n"
        ));
        let text = std::fs::read_to_string(&path).unwrap() + roles;
        std::fs::write(&path, text).unwrap();
        path
    };
    let roles = "\n[[role]]\nname = \"builder\"\nthreshold = 1\nsigners = [\"release\"]\n\
         attests = [\"https://slsa.dev/provenance/v1\"]\n\
         [[role]]\nname = \"evaluator\"\nthreshold = 1\nsigners = [\"evaluator\", \"publisher\"]\n\
         attests = [\"https://in-toto.io/attestation/test-result/v0.1\"]\n\
         distinct-from = [\"builder\"]\n";
    let policy = text(roles);
    let model = tempfile::tempdir().unwrap();
    let target = model.path().join("digits-classifier");
    copy(&root().join(MODEL), &target);
    std::fs::remove_file(target.join("model.sig")).unwrap();
    let target = target.display().to_string();
    let run = |bundles: &[&str]| {
        let mut arguments = vec![target.clone(), "--policy".into(), policy.clone()];
        for name in bundles {
            arguments.extend(["--signature".to_owned(), bundle(name)]);
        }
        verify(arguments)
    };
    let (code, report) = run(&["dsse-slsa-model-rekor1", "dsse-test-result"]);
    assert_eq!(code, 0, "{report:#}");
    let (code, report) = run(&["dsse-slsa-model-rekor2"]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["role-not-filled"]);
    // A verification summary is no test result, and is nobody's signature of the bytes.
    let (code, report) = run(&["dsse-slsa-model-rekor1", "dsse-vsa"]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["role-not-filled"]);
    let (code, report) = run(&["dsse-vsa", "dsse-test-result"]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["role-not-filled"]);
    // Provenance of something else vouches for nothing here.
    let (code, report) = run(&["dsse-slsa-rekor1", "dsse-test-result"]);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(
        checks_with(&report, "fail"),
        ["role-not-filled", "unbound-attestation"]
    );
}

#[test]
fn a_client_trust_configuration_is_a_trusted_root_too() {
    let config = "fixtures/sigstore/trust_config.json";
    let message = bundle("message-rekor2");
    let fixed = [ARTIFACT, "--signature", &message, "--trusted-root", config];
    let (code, report) = verify(fixed.iter().chain(&BY_PUBLISHER));
    assert_eq!(code, 0, "{report:#}");
    // Several roots may be tried, in any order.
    for files in [[config, ROOT], [ROOT, config]] {
        let roots = ["--trusted-root", files[0], "--trusted-root", files[1]];
        let fixed = [ARTIFACT, "--signature", &message];
        let (code, report) = verify(fixed.iter().chain(&roots).chain(&BY_PUBLISHER));
        assert_eq!(code, 0, "{report:#}");
    }
    let run = bonafide(["verify", ARTIFACT, "--trusted-root", ARTIFACT]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("cannot be trusted"), "{run:?}");
}

#[test]
fn a_promise_of_the_log_is_enough_only_if_the_policy_says_so() {
    let place = Place::new();
    let promise = "fixtures/sigstore/rejected/proof-missing-v0.1.sigstore.json";
    let person = format!(
        "identities = [{{ name = \"p\", issuer = \"{ACCOUNTS}\", subject = \"{PUBLISHER}\" }}]\n"
    );
    for demand in ["", "transparency-log = \"inclusion-proof\"\n"] {
        let policy = place.policy(&format!("{demand}{person}"));
        let (code, report) = judge(&policy, ARTIFACT, promise);
        assert_eq!(code, 1, "{report:#}");
        assert_eq!(checks_with(&report, "fail"), ["signature-rejected"]);
        assert_eq!(report["signatures"][0]["category"], "inclusion-proof");
    }
    let weaker = format!("transparency-log = \"inclusion-promise\"\n{person}");
    let policy = place.policy(&weaker);
    let (code, report) = judge(&policy, ARTIFACT, promise);
    assert_eq!(code, 0, "{report:#}");
    // Later bundles have to have a proof, and a wrong promise is none.
    for name in [
        "proof-missing-rekor1",
        "proof-missing-rekor2",
        "promise-by-other-key",
        "promise-of-other-entry",
        "proof-of-other-entry-rekor1",
    ] {
        let path = format!("fixtures/sigstore/rejected/{name}.sigstore.json");
        let (code, report) = judge(&policy, ARTIFACT, &path);
        assert_eq!(code, 1, "{name}: {report:#}");
        assert_eq!(
            checks_with(&report, "fail"),
            ["signature-rejected"],
            "{name}"
        );
    }
}

/// What must be refused, is; the report names the signature, never a verified signer.
#[test]
fn every_wrong_bundle_is_refused_by_the_command() {
    let index = std::fs::read_to_string(fixture("sigstore/rejected.json")).unwrap();
    let index: serde_json::Map<String, Value> = serde_json::from_str(&index).unwrap();
    assert!(index.len() > 90, "{}", index.len());
    for (name, case) in index {
        let target = format!("fixtures/{}", case["artifact"].as_str().unwrap());
        let bundle = format!("fixtures/sigstore/rejected/{name}");
        let signer = match case["key"].as_str() {
            Some(key) => vec!["--key".to_owned(), sibling(&bundle, key)],
            None => ["--identity", "identity", "--issuer", "issuer"]
                .chunks(2)
                .flat_map(|pair| {
                    [
                        pair[0].to_owned(),
                        case[pair[1]].as_str().unwrap().to_owned(),
                    ]
                })
                .collect(),
        };
        let signer: Vec<&str> = signer.iter().map(String::as_str).collect();
        let (code, report) = verify_by(&target, &bundle, &signer);
        assert_ne!(code, 0, "{name}: {}: {report:#}", case["why"]);
        assert_ne!(report["verdict"], "allow", "{name}");
    }
}

fn sibling(path: &str, name: &str) -> String {
    Path::new(path).with_file_name(name).display().to_string()
}

/// Deny-lists name identities: issuer and subject, both exactly.
#[test]
fn a_denied_identity_signs_nothing() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("deny.toml");
    let message = bundle("message-rekor1");
    let judge = |issuer: &str, subject: &str| {
        let text = format!(
            "[deny-list]\nname = \"leavers\"\nissued = 2026-06-01\nexpires = 2098-12-31\n\
             [[entry]]\nkind = \"identity\"\nissuer = \"{issuer}\"\nsubject = \"{subject}\"\n\
             reason = \"left the company\"\n"
        );
        std::fs::write(&path, text).unwrap();
        let more = ["--deny-list", path.to_str().unwrap()];
        verify_by(ARTIFACT, &message, &[&BY_PUBLISHER[..], &more].concat())
    };
    let (code, report) = judge(ACCOUNTS, PUBLISHER);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(checks_with(&report, "fail"), ["denied-signer"]);
    assert_eq!(report["signatures"][0]["state"], "denied");
    assert_eq!(judge(GITHUB, PUBLISHER).0, 0);
    assert_eq!(judge(ACCOUNTS, "evaluator@example.test").0, 0);
}

/// Each identity is believed of its own root alone, and of one deployment under two
/// labels the label that it names will do.
#[test]
fn an_identity_is_believed_of_its_own_root() {
    let place = tempfile::tempdir().unwrap();
    let policy = place.path().join("policy.toml");
    let file = root().join(ROOT).display().to_string();
    let ours = |name: &str| format!("{{ name = \"{name}\", file = {file:?} }}");
    let public = "{ name = \"public\", embedded = \"public-good\" }".to_owned();
    for (roots, named, expected) in [
        ([ours("one"), public.clone()], "one", 0),
        ([ours("one"), public], "public", 1),
        ([ours("one"), ours("two")], "one", 0),
        ([ours("one"), ours("two")], "two", 0),
    ] {
        let trust = format!(
            "identities = [{{ name = \"i\", root = \"{named}\", issuer = {ACCOUNTS:?}, subject = {PUBLISHER:?} }}]\n\
             roots = [{}]\n",
            roots.join(", ")
        );
        std::fs::write(&policy, baseline_with(&trust)).unwrap();
        let (code, report) = verify([
            ARTIFACT,
            "--signature",
            &bundle("message-rekor1"),
            "--policy",
            policy.to_str().unwrap(),
        ]);
        assert_eq!(code, expected, "{named}: {report:#}");
    }
}
