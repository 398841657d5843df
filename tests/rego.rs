//! Custom rules as users run them: in a process of their own, and never silent.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Run, bonafide, command, fixture, root};

/// An artifact, a policy with custom rules, and the rules.
struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(rules: &str) -> Self {
        let scene = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        scene.write("model/weights.bin", "weights");
        scene.write("model/readme.txt", "about the weights");
        scene.write(
            "policy.toml",
            "[policy]\nname = \"acme\"\nversion = \"1.0.0\"\n\n[[custom]]\npackage = \"acme\"\nfiles = [\"rules.rego\"]\n",
        );
        scene.write("rules.rego", rules);
        scene
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Verifies from inside of the folder, so that paths in messages are the same everywhere.
    fn verify(&self, more: &[&str]) -> Run {
        let mut command = command();
        command.current_dir(self.folder.path());
        command.args(["verify", "model", "--policy", "policy.toml"]);
        Run::from(command.args(more).output().unwrap())
    }

    fn report(&self) -> (i32, Value) {
        let run = self.verify(&["--output", "json"]);
        let report = serde_json::from_str(&run.stdout);
        (
            run.code,
            report.unwrap_or_else(|error| panic!("{error}: {run:?}")),
        )
    }
}

/// A rule over components with these conditions.
fn rule(conditions: &str) -> String {
    format!(
        "package bonafide.acme\n\ndeny contains finding if {{\n\tsome component in input.components\n\t{conditions}\n\tfinding := {{\"code\": \"ACME-1\", \"title\": \"Title\", \"msg\": \"it is wrong\", \"term\": component.name, \"severity\": \"high\", \"solution\": \"Fix it.\"}}\n}}\n"
    )
}

fn custom(report: &Value) -> Vec<&Value> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .filter(|check| check["check"].as_str().unwrap().starts_with("acme."))
        .collect()
}

#[test]
fn a_rule_denies_and_says_why() {
    let scene = Scene::new(&rule("component.size > 10"));
    let (code, report) = scene.report();
    assert_eq!(code, 1, "{report:#}");
    let custom = custom(&report);
    assert_eq!(custom.len(), 1);
    assert_eq!(custom[0]["check"], "acme.ACME-1");
    assert_eq!(custom[0]["outcome"], "fail");
    assert_eq!(custom[0]["severity"], "high");
    assert_eq!(custom[0]["remediation"], "Fix it.");
    let findings = custom[0]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["subject"]["name"], "readme.txt");
    assert_eq!(findings[0]["subject"]["kind"], "file");
    let material = report["policy"]["material"].as_array().unwrap();
    assert!(
        material
            .iter()
            .any(|file| file["kind"] == "rules" && file["source"] == "rules.rego"),
        "{material:?}"
    );
}

#[test]
fn nothing_found_is_seen_and_nothing_looked_at_is_no_pass() {
    let (code, report) = Scene::new(&rule("component.size > 1000")).report();
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(custom(&report)[0]["outcome"], "pass");
    assert_eq!(custom(&report)[0]["check"], "acme.deny");
    let scene = Scene::new(&rule("component.format == \"onnx\"\n\tcomponent.size > 1"));
    let (code, report) = scene.report();
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(custom(&report)[0]["outcome"], "not-applicable");
    let warnings = report["warnings"].as_array().unwrap();
    assert!(
        warnings
            .iter()
            .any(|text| text.as_str().unwrap().contains("looked at nothing")),
        "{warnings:?}"
    );
}

#[test]
fn what_warns_does_not_deny() {
    let rules = rule("component.size > 10").replace("deny contains", "warn contains");
    let (code, report) = Scene::new(&rules).report();
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(custom(&report)[0]["level"], "warn");
    assert_eq!(custom(&report)[0]["outcome"], "fail");
}

/// Each kind of bad rules: exit code 2 with the very message that is written down, soon and
/// in bounds. `BONAFIDE_SNAPSHOTS=write` writes the messages down anew.
#[test]
fn bad_rules_end_with_their_message() {
    let folder = fixture("rego/bad");
    let mut seen = 0;
    let mut names: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in names {
        if path.extension().is_none_or(|ending| ending != "rego") {
            continue;
        }
        seen += 1;
        let rules = std::fs::read_to_string(&path).unwrap();
        let scene = Scene::new(&rules);
        let started = Instant::now();
        let run = scene.verify(&[]);
        let took = started.elapsed();
        assert_eq!(run.code, 2, "{}: {run:?}", path.display());
        assert_eq!(run.stdout, "", "{}", path.display());
        let expected = path.with_extension("txt");
        if std::env::var_os("BONAFIDE_SNAPSHOTS").is_some_and(|what| what == "write") {
            std::fs::write(&expected, &run.stderr).unwrap();
        }
        let written = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(run.stderr, written, "{}", path.display());
        // On a machine that is busy with other tests the clock is not a fair judge.
        assert!(
            took < Duration::from_secs(10),
            "{}: {took:?}",
            path.display()
        );
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn limits_are_named() {
    let said = |name: &str| std::fs::read_to_string(fixture("rego/bad").join(name)).unwrap();
    assert!(said("endless-loop.txt").contains("within 2 s"));
    for name in ["huge-builtin.txt", "huge-comprehension.txt"] {
        assert!(
            said(name).contains("more memory than 256 MB") || said(name).contains("within 2 s"),
            "{name}"
        );
    }
}

/// The process of the rules keeps its bounds by itself, whatever it is asked.
#[test]
fn the_worker_refuses_what_is_no_request() {
    use std::io::Write as _;
    let mut command = command();
    command.args(["rego-worker", "256000000", "2"]);
    command.stdin(std::process::Stdio::piped());
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"{\"sources\": 1}")
        .unwrap();
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
}

#[test]
fn facts_keep_to_their_schema() {
    let schema = std::fs::read_to_string(root().join("schemas/facts.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    for (name, facts) in all_facts() {
        let errors: Vec<String> = validator
            .iter_errors(&facts)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }
}

/// The facts of many artifacts, twice the same.
fn all_facts() -> Vec<(String, Value)> {
    use bonafide_engine::{
        AddedTrust, Budget, InProcess, PolicyChoice, Silent, VerifyRequest, Work,
    };
    let mut all = Vec::new();
    let mut targets: Vec<_> = fixture("checks")
        .read_dir()
        .unwrap()
        .flat_map(|check| check.unwrap().path().read_dir().unwrap())
        .map(|case| case.unwrap().path().join("model"))
        .filter(|path| path.exists())
        .chain([fixture("supply-chain/digits-classifier-finetuned")])
        .collect();
    targets.sort();
    let keys = [
        "checks/keys/signer-p256.pub.pem",
        "checks/keys/evaluator.pub.pem",
    ];
    for target in targets {
        let request = VerifyRequest {
            target: target.clone(),
            policy: PolicyChoice::Baseline,
            policy_signers: bonafide_engine::PolicySigners::default(),
            signatures: Vec::new(),
            boms: Vec::new(),
            parents: Vec::new(),
            previous: None,
            roles: Default::default(),
            records_budget: Default::default(),
            claims: Vec::new(),
            trust: AddedTrust {
                keys: keys.map(fixture).to_vec(),
                ..AddedTrust::default()
            },
            revocation_lists: Vec::new(),
            deny_lists: Vec::new(),
            advisories: Vec::new(),
            waivers: Vec::new(),
            purl: None,
            mode: None,
            digesting: bonafide_engine::Digesting::AsNeeded,
            program: None,
            clock: bonafide_engine::Clock::System,
            now: jiff::Timestamp::from_second(1_780_000_000).unwrap(),
        };
        let budget = Budget::DEFAULT;
        let work = Work {
            workers: std::num::NonZeroUsize::MIN,
            budget: &budget,
            observer: &Silent,
            rules: &InProcess,
            intake: &bonafide_engine::LIVE,
        };
        if let Ok(facts) = bonafide_engine::facts(&request, work) {
            let again = bonafide_engine::facts(&request, work).unwrap();
            assert_eq!(facts.to_string(), again.to_string());
            all.push((target.display().to_string(), facts));
        }
    }
    assert!(all.len() > 100, "{}", all.len());
    let verified = |facts: &Value| {
        !facts["verified"]["signatures"]
            .as_array()
            .unwrap()
            .is_empty()
    };
    assert!(all.iter().filter(|(_, facts)| verified(facts)).count() > 20);
    all
}

#[test]
fn tests_of_rules_have_exit_codes() {
    let test = |path: &Path| bonafide(["policy".as_ref(), "test".as_ref(), path.as_os_str()]);
    let run = test(&root().join("policies/examples"));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .contains("pass   bonafide.acme_test.test_pickle_of_a_stranger_is_denied")
    );
    assert!(run.stdout.contains("7 tests: 7 passed, 0 failed"));
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(test(folder.path()).code, 3);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("acme.rego", &rule("component.size > 10"));
    assert_eq!(test(folder.path()).code, 3);
    write(
        "acme_test.rego",
        "package bonafide.acme_test\nimport data.bonafide.acme\ntest_none if count(acme.deny) == 1 with input as {\"components\": []}\n",
    );
    let run = test(folder.path());
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("FAIL   bonafide.acme_test.test_none"),
        "{run:?}"
    );
    write(
        "other_test.rego",
        "package bonafide.other_test\ntest_error if to_number(\"x\") == 1\n",
    );
    assert_eq!(test(folder.path()).code, 2);
}
