//! What scopes, waivers, days and layers of a policy do to a verdict.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{bonafide, copy, fixture, verify};

const HEAD: &str = "[policy]\nname = \"p\"\nversion = \"1.0.0\"\n";
const KEY: &str = "fixtures/checks/keys/signer-p256.pub.pem";
/// Holds `helper.py`, which its signature does not list.
const UNLISTED: &str = "fixtures/checks/unlisted-file/fail/model";
/// Has no signature at all.
const UNSIGNED: &str = "fixtures/checks/unsigned-artifact/fail/model";

/// A folder for policies.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Verifies with a policy of these controls.
    fn verify(&self, target: &str, controls: &str, more: &[&str]) -> (i32, Value) {
        let path = self.write("policy.toml", &format!("{HEAD}{controls}"));
        with(&path, target, more)
    }

    /// What a run says that makes no report.
    fn refused(&self, target: &str, controls: &str, more: &[&str]) -> String {
        let path = self.write("policy.toml", &format!("{HEAD}{controls}"));
        let path = path.to_str().unwrap();
        let run = bonafide([&["verify", target, "--policy", path][..], more].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        run.stderr
    }
}

fn with(policy: &Path, target: &str, more: &[&str]) -> (i32, Value) {
    let policy = policy.to_str().unwrap();
    verify([&[target, "--policy", policy, "--key", KEY][..], more].concat())
}

fn control(check: &str, more: &str) -> String {
    format!("[[control]]\ncheck = \"{check}\"\nlevel = \"deny\"\n{more}\n")
}

fn waiver(id: &str, control: &str, subject: &str, more: &str) -> String {
    format!(
        "[[waiver]]\nid = \"{id}\"\ncontrol = \"{control}\"\nsubject = \"{subject}\"\nuntil = 2099-12-31\n\
         reason = \"r\"\nowner = \"o\"\napproved-by = \"a\"\n{more}\n"
    )
}

/// The result of a control.
fn result<'r>(report: &'r Value, control: &str) -> &'r Value {
    let mut checks = report["checks"].as_array().unwrap().iter();
    checks.find(|check| check["control"] == control).unwrap()
}

fn names(findings: &Value) -> Vec<&str> {
    let findings = findings.as_array().map(Vec::as_slice).unwrap_or_default();
    findings
        .iter()
        .map(|finding| {
            let finding = finding.get("finding").unwrap_or(finding);
            finding["subject"]["name"].as_str().unwrap_or("artifact")
        })
        .collect()
}

fn warnings(report: &Value) -> String {
    report["warnings"].to_string()
}

/// SHA-256 of a file.
fn digest_of(path: &Path) -> String {
    let run = bonafide(["digest", path.to_str().unwrap(), "--output", "json"]);
    let found = run
        .stdout
        .find("sha256:")
        .unwrap_or_else(|| panic!("{run:?}"));
    run.stdout[found..].chars().take(71).collect()
}

#[test]
fn a_scope_takes_files_out_and_shows_them() {
    let desk = Desk::new();
    let whole = control("digest-mismatch", "");
    let unlisted =
        |scope: &str| whole.clone() + &control("unlisted-file", &format!("applies-to = {scope}"));
    for (scope, code, inside, outside) in [
        ("{ path = \"*.py\" }", 1, vec!["helper.py"], vec![]),
        (
            "{ path = [\"a\", \"helper.*\"] }",
            1,
            vec!["helper.py"],
            vec![],
        ),
        ("{ path = \"*.bin\" }", 0, vec![], vec!["helper.py"]),
        ("{ kind = \"file\" }", 1, vec!["helper.py"], vec![]),
        ("{ kind = \"document\" }", 0, vec![], vec!["helper.py"]),
        ("{ format = \"python\" }", 1, vec!["helper.py"], vec![]),
        ("{ format = \"safetensors\" }", 0, vec![], vec!["helper.py"]),
        (
            "{ format = \"python\", path = \"*.bin\" }",
            0,
            vec![],
            vec!["helper.py"],
        ),
    ] {
        let (found, report) = desk.verify(UNLISTED, &unlisted(scope), &[]);
        let check = result(&report, "unlisted-file");
        assert_eq!(found, code, "{scope}: {check:#}");
        assert_eq!(names(&check["findings"]), inside, "{scope}");
        assert_eq!(names(&check["out-of-scope"]), outside, "{scope}");
        assert!(check["applies-to"].as_str().is_some(), "{scope}");
    }
}

#[test]
fn what_is_about_the_artifact_stays_in_every_scope_but_one() {
    let desk = Desk::new();
    for (scope, code) in [
        ("{ kind = \"file\" }", 1),
        ("{ path = \"*.bin\" }", 1),
        ("{ format = \"safetensors\" }", 1),
        ("{ kind = [\"artifact\"] }", 1),
        ("{ kind = [\"artifact\", \"!artifact\"] }", 1),
        ("{ kind = [\"file\", \"!artifact\"] }", 0),
    ] {
        let text = control("unsigned-artifact", &format!("applies-to = {scope}"))
            + &control("special-file", "");
        let (found, report) = desk.verify(UNSIGNED, &text, &[]);
        let check = result(&report, "unsigned-artifact");
        assert_eq!(found, code, "{scope}: {check:#}");
        if code == 0 {
            assert_eq!(names(&check["out-of-scope"]), ["artifact"]);
            assert!(check["applies-to"].as_str().unwrap().contains("!artifact"));
        }
    }
}

/// Else a file would be taken out of account by being something that nobody can tell.
#[test]
fn a_file_of_no_known_format_is_of_any() {
    let desk = Desk::new();
    let model = desk.0.path().join("model");
    copy(&fixture("checks/unlisted-file/pass/model"), &model);
    std::fs::write(
        model.join("blob"),
        [0xfe, 0xed, 0x01, 0x00, 0x99, 0xff, 0x07],
    )
    .unwrap();
    let text = control("unlisted-file", "applies-to = { format = \"safetensors\" }")
        + &control("special-file", "");
    let (code, report) = desk.verify(model.to_str().unwrap(), &text, &[]);
    let check = result(&report, "unlisted-file");
    assert_eq!(
        (code, names(&check["findings"])),
        (1, vec!["blob"]),
        "{check:#}"
    );
}

#[test]
fn the_purl_of_a_scope_is_what_the_user_says() {
    let desk = Desk::new();
    let scoped = |scope: &str| {
        control("unlisted-file", &format!("applies-to = {scope}")) + &control("special-file", "")
    };
    let scope = "{ purl = \"pkg:huggingface/acme/*\" }";
    for (purl, code) in [
        (None, 1),
        (Some("pkg:huggingface/acme/m3@1"), 1),
        (Some("pkg:huggingface/other/m3@1"), 0),
        (Some("pkg:huggingface/acme/deeper/m3"), 0),
    ] {
        let more = purl.map_or_else(Vec::new, |purl| vec!["--purl", purl]);
        let (found, report) = desk.verify(UNLISTED, &scoped(scope), &more);
        assert_eq!(found, code, "{purl:?}: {report:#}");
    }
    // Inconclusive for want of a signature: that stays, unless nothing could be in scope.
    let stranger = ["--purl", "pkg:huggingface/other/m3@1"];
    let (code, _) = desk.verify(UNSIGNED, &scoped(scope), &stranger);
    assert_eq!(code, 2);
    let narrow = "{ purl = \"pkg:huggingface/acme/*\", kind = \"file\" }";
    let (code, report) = desk.verify(UNSIGNED, &scoped(narrow), &stranger);
    let check = result(&report, "unlisted-file");
    assert_eq!((code, &check["outcome"]), (0, &json!("not-applicable")));
    assert!(
        warnings(&report).contains("looked at nothing"),
        "{report:#}"
    );
    let (code, _) = desk.verify(UNSIGNED, &scoped(narrow), &[]);
    assert_eq!(code, 2, "no purl: the control applies");
}

#[test]
fn an_inconclusive_control_is_not_scoped_away() {
    let desk = Desk::new();
    let text = control("digest-mismatch", "applies-to = { path = \"nowhere/**\" }")
        + &control("special-file", "");
    let (code, report) = desk.verify(UNSIGNED, &text, &[]);
    assert_eq!((code, &report["verdict"]), (2, &json!("undecided")));
}

#[test]
fn a_control_that_looks_at_nothing_says_so() {
    let desk = Desk::new();
    let text = control("unlisted-file", "applies-to = { path = \"*.gguf\" }")
        + &control("special-file", "");
    let (code, report) = desk.verify(UNLISTED, &text, &[]);
    let check = result(&report, "unlisted-file");
    assert_eq!((code, &check["outcome"]), (0, &json!("not-applicable")));
    let expected = "control `unlisted-file` looked at nothing: it applies to path `*.gguf`";
    assert!(warnings(&report).contains(expected), "{report:#}");
}

#[test]
fn a_file_that_every_control_leaves_out_is_no_pass() {
    let desk = Desk::new();
    let scoped = control(
        "digest-mismatch",
        "applies-to = { path = [\"*.bin\", \"*.json\", \"*.sig\"] }",
    );
    let without = |more: &str| desk.write("policy.toml", &(HEAD.to_owned() + more + &scoped));
    let (code, report) = with(&without(""), UNLISTED, &[]);
    let check = result(&report, "no-control");
    assert_eq!(code, 1, "{check:#}");
    assert_eq!(
        names(&check["findings"]),
        ["helper.py", "tokenizer/vocab.txt"]
    );
    assert_eq!(report["policy"]["no-match"], "deny");
    for (no_match, level) in [("warn", "warn"), ("allow", "audit")] {
        let (code, report) = with(
            &without(&format!("no-match = \"{no_match}\"\n")),
            UNLISTED,
            &[],
        );
        let check = result(&report, "no-control");
        assert_eq!((code, &check["level"]), (0, &json!(level)));
        assert_eq!(names(&check["findings"]).len(), 2);
    }
    // A control that has no weight looks after nothing.
    let audit = control("special-file", "").replace("\"deny\"", "\"audit\"");
    let (code, _) = desk.verify(UNLISTED, &(scoped.clone() + &audit), &[]);
    assert_eq!(code, 1);
    let (code, report) = desk.verify(UNLISTED, &(scoped + &control("special-file", "")), &[]);
    assert_eq!(code, 0);
    let checks = report["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["control"] != "no-control"));
}

#[test]
fn a_demand_has_its_weight_from_its_day_on() {
    let desk = Desk::new();
    let text = |day: &str| control("unlisted-file", &format!("effective-on = {day}"));
    let (code, report) = desk.verify(UNLISTED, &text("2999-01-01"), &[]);
    let check = result(&report, "unlisted-file");
    assert_eq!(
        (code, &check["level"], &check["outcome"]),
        (0, &json!("warn"), &json!("fail"))
    );
    assert_eq!(check["effective-on"], "2999-01-01");
    assert!(
        report["reasons"].to_string().contains("not yet effective"),
        "{report:#}"
    );
    let (code, report) = desk.verify(UNLISTED, &text("2020-01-01"), &[]);
    let check = result(&report, "unlisted-file");
    assert_eq!(
        (code, &check["level"], &check["effective-on"]),
        (1, &json!("deny"), &Value::Null)
    );
}

#[test]
fn two_controls_of_one_check_are_two_results() {
    let desk = Desk::new();
    let text = control(
        "unlisted-file",
        "id = \"python\"\napplies-to = { path = \"*.py\" }",
    ) + &control("unlisted-file", "allow = [\"*.py\"]");
    let (code, report) = desk.verify(UNLISTED, &text, &[]);
    assert_eq!(code, 1);
    assert_eq!(result(&report, "python")["outcome"], "fail");
    assert_eq!(result(&report, "python")["check"], "unlisted-file");
    assert_eq!(result(&report, "unlisted-file")["outcome"], "pass");
    assert_eq!(
        report["reasons"],
        json!(["python (unlisted-file): 1 finding"])
    );
}

const LONG: &str = "waiver-horizon-days = 36500\n";

#[test]
fn a_waiver_waives_what_it_is_about_and_nothing_else() {
    let desk = Desk::new();
    let helper = digest_of(&fixture("checks/unlisted-file/fail/model/helper.py"));
    let other = digest_of(&fixture("checks/unlisted-file/fail/model/config.json"));
    let purl = "pkg:huggingface/acme/m3@*";
    let named = ["--purl", "pkg:huggingface/acme/m3@1"];
    let own = |waivers: &str| LONG.to_owned() + &control("unlisted-file", "") + waivers;
    for (waivers, more, code) in [
        (waiver("W-1", "unlisted-file", &helper, ""), &[][..], 0),
        (
            waiver("W-1", "unlisted-file", &helper, "path = \"*.py\""),
            &[],
            0,
        ),
        (
            waiver("W-1", "unlisted-file", &helper, "path = \"*.bin\""),
            &[],
            1,
        ),
        (
            waiver(
                "W-1",
                "unlisted-file",
                &helper,
                "rule = \"pickle-dangerous-global\"",
            ),
            &[],
            1,
        ),
        (waiver("W-1", "unlisted-file", &other, ""), &[], 1),
        (waiver("W-1", "role-not-filled", &helper, ""), &[], 1),
        (waiver("W-1", "unlisted-file", purl, ""), &named, 0),
        (waiver("W-1", "unlisted-file", purl, ""), &[], 1),
        (
            waiver("W-1", "unlisted-file", "pkg:huggingface/other/*", ""),
            &named,
            1,
        ),
    ] {
        let (found, report) = desk.verify(UNLISTED, &own(&waivers), more);
        let check = result(&report, "unlisted-file");
        assert_eq!(found, code, "{waivers}: {check:#}");
        let shown = &report["waivers"][0];
        if code == 0 {
            assert_eq!(names(&check["waived"]), ["helper.py"]);
            assert_eq!(
                (&check["outcome"], &check["waived"][0]["waiver"]),
                (&json!("pass"), &json!("W-1"))
            );
            assert_eq!(
                (&shown["state"], &shown["findings"]),
                (&json!("used"), &json!(1))
            );
            assert!(
                report["reasons"]
                    .to_string()
                    .contains("1 waived finding: W-1"),
                "{report:#}"
            );
        } else {
            assert_eq!(
                (&shown["state"], &shown["findings"]),
                (&json!("unused"), &json!(0))
            );
            assert!(
                warnings(&report).contains("waiver `W-1` is not used"),
                "{report:#}"
            );
        }
    }
}

/// The root is that of the files as they are: one more file, and the waiver is for another
/// artifact.
#[test]
fn a_waiver_by_root_holds_for_the_artifact_as_it_is() {
    let desk = Desk::new();
    let model = desk.0.path().join("model");
    copy(&fixture("checks/unlisted-file/fail/model"), &model);
    let target = model.to_str().unwrap();
    let own = |root: &str| {
        LONG.to_owned() + &control("unlisted-file", "") + &waiver("W-1", "unlisted-file", root, "")
    };
    // OMS: SHA-256 over the digests of the files in the order of their names; the verified
    // signature is not one of them.
    let root = {
        use sha2::Digest as _;
        let mut root = sha2::Sha256::new();
        for name in [
            "config.json",
            "helper.py",
            "tokenizer/vocab.txt",
            "weights.bin",
        ] {
            root.update(sha2::Sha256::digest(
                std::fs::read(model.join(name)).unwrap(),
            ));
        }
        let hex: String = root
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("sha256:{hex}")
    };
    let (code, report) = desk.verify(target, &own(&root), &[]);
    assert_eq!(code, 0, "{report:#}");
    // What OMS leaves out does not change the root, so the root does not speak for it.
    std::fs::create_dir(model.join(".github")).unwrap();
    std::fs::write(model.join(".github/run.yml"), "x").unwrap();
    let uncovered =
        own(&root) + &control("uncovered-file", "") + &waiver("W-2", "uncovered-file", &root, "");
    let (code, report) = desk.verify(target, &uncovered, &[]);
    let check = result(&report, "uncovered-file");
    assert_eq!(
        (code, names(&check["findings"])),
        (1, vec![".github/run.yml"])
    );
    assert_eq!(result(&report, "unlisted-file")["outcome"], "pass");
    std::fs::write(model.join("more.py"), "x").unwrap();
    let (code, report) = desk.verify(target, &own(&root), &[]);
    assert_eq!(code, 1);
    assert_eq!(report["waivers"][0]["state"], "unused");
}

#[test]
fn an_expired_waiver_waives_nothing_and_says_since_when() {
    let desk = Desk::new();
    let helper = digest_of(&fixture("checks/unlisted-file/fail/model/helper.py"));
    let text = control("unlisted-file", "")
        + &waiver("W-7", "unlisted-file", &helper, "").replace("2099-12-31", "2020-02-29");
    let (code, report) = desk.verify(UNLISTED, &text, &[]);
    assert_eq!(code, 1);
    assert_eq!(report["waivers"][0]["state"], "expired");
    let shown = warnings(&report);
    assert!(shown.contains("waiver `W-7` expired "), "{shown}");
    assert!(
        shown.contains("days ago (2020-02-29): 1 finding counts again"),
        "{shown}"
    );
}

#[test]
fn an_inconclusive_control_cannot_be_waived() {
    let desk = Desk::new();
    let text = LONG.to_owned()
        + &control("unlisted-file", "")
        + &waiver("W-1", "unlisted-file", "pkg:generic/acme/*", "");
    let (code, report) = desk.verify(UNSIGNED, &text, &["--purl", "pkg:generic/acme/m"]);
    assert_eq!(
        (code, &report["verdict"]),
        (2, &json!("undecided")),
        "{report:#}"
    );
}

#[test]
fn waivers_come_from_files_too_if_the_policy_lets_them() {
    let desk = Desk::new();
    let helper = digest_of(&fixture("checks/unlisted-file/fail/model/helper.py"));
    let head = "[waivers]\nname = \"w\"\nversion = \"1.0.0\"\n";
    let file = |name: &str, id: &str| {
        desk.write(
            name,
            &(head.to_owned() + &waiver(id, "unlisted-file", &helper, "")),
        )
    };
    file("lists/own.toml", "W-1");
    let added = file("added.toml", "W-2");
    let added = ["--waivers", added.to_str().unwrap()];
    let text = |more: &str| LONG.to_owned() + more + &control("unlisted-file", "");
    let of_policy = text("waiver-files = [\"lists/own.toml\"]\n");
    let (code, report) = desk.verify(UNLISTED, &of_policy, &[]);
    assert_eq!(code, 0, "{report:#}");
    let material = report["policy"]["material"].as_array().unwrap();
    assert!(material.iter().any(|file| file["kind"] == "waivers"));
    let (code, report) = desk.verify(UNLISTED, &text(""), &added);
    assert_eq!((code, &report["waivers"][0]["id"]), (0, &json!("W-2")));
    // The same id twice, in two files.
    file("added.toml", "W-1");
    let shown = desk.refused(UNLISTED, &of_policy, &added);
    assert!(
        shown.contains("two waivers have the id `W-1`") && shown.contains("added.toml"),
        "{shown}"
    );
    let closed = text("") + "[trust]\ncommand-line = \"refuse\"\n";
    let shown = desk.refused(UNLISTED, &closed, &added);
    assert!(
        shown.contains("refuses waivers from the command line"),
        "{shown}"
    );
    // Too long for the policy, although in a file of its own.
    let short = text("").replace("36500", "30");
    file("added.toml", "W-2");
    let shown = desk.refused(UNLISTED, &short, &added);
    assert!(
        shown.contains("ends later than 30 days") && shown.contains("added.toml"),
        "{shown}"
    );
    let shown = desk.refused(UNLISTED, &text(""), &["--waivers", "absent.toml"]);
    assert!(shown.contains("absent.toml"), "{shown}");
}

/// What a model comes from is judged without waivers: they are for the target.
#[test]
fn waivers_are_not_for_what_the_target_comes_from() {
    let desk = Desk::new();
    let parent = desk.0.path().join("parent");
    copy(&fixture("checks/unlisted-file/fail/model"), &parent);
    let helper = digest_of(&parent.join("helper.py"));
    let text = LONG.to_owned()
        + &control("unlisted-file", "")
        + &waiver("W-1", "unlisted-file", &helper, "");
    let more = ["--parent", parent.to_str().unwrap()];
    let (code, report) = desk.verify(UNLISTED, &text, &more);
    assert_eq!(code, 0, "{report:#}");
    let relatives = report["lineage"]["relatives"].as_array().unwrap();
    assert_eq!(relatives[0]["verdict"], "deny", "{relatives:#?}");
}

#[test]
fn the_mode_changes_the_exit_code_and_not_the_verdict() {
    let desk = Desk::new();
    let text = |mode: &str| mode.to_owned() + &control("unlisted-file", "");
    for (mode, more, code, shown) in [
        ("", &[][..], 1, "enforce"),
        ("mode = \"warn\"\n", &[], 0, "warn"),
        ("mode = \"audit\"\n", &["--mode", "enforce"], 1, "enforce"),
        ("", &["--mode", "audit"], 0, "audit"),
    ] {
        let (found, report) = desk.verify(UNLISTED, &text(mode), more);
        assert_eq!((found, &report["mode"]), (code, &json!(shown)));
        assert_eq!(report["verdict"], "deny");
    }
}

#[test]
fn a_policy_of_several_files_is_one_policy() {
    let desk = Desk::new();
    desk.write(
        "org/base.yaml",
        "policy:\n  name: base\n  version: 2.0.0\ntrust:\n  keys:\n  - name: signer\n    file: keys/signer.pem\n\
         control:\n- check: unlisted-file\n  level: deny\n- check: digest-mismatch\n  level: deny\n",
    );
    let key = std::fs::read_to_string(fixture("checks/keys/signer-p256.pub.pem")).unwrap();
    desk.write("org/keys/signer.pem", &key);
    let own = |controls: &str| {
        let text = format!("{HEAD}extends = [\"org/base.yaml\"]\n{controls}");
        let path = desk.write("policy.toml", &text);
        verify([UNLISTED, "--policy", path.to_str().unwrap()])
    };
    let (code, report) = own("");
    assert_eq!(code, 1, "{report:#}");
    let layer = &report["policy"]["extends"][0];
    assert_eq!(
        (&layer["name"], &layer["version"]),
        (&json!("base"), &json!("2.0.0"))
    );
    let digest = report["policy"]["digest"].clone();
    let (code, report) = own(&control("unlisted-file", "allow = [\"*.py\"]"));
    assert_eq!(code, 0, "{report:#}");
    assert_ne!(report["policy"]["digest"], digest);
    // A mistake is shown in the file that makes it.
    desk.write(
        "org/base.yaml",
        "policy:\n  name: base\n  version: 2.0.0\n  moed: warn\n",
    );
    let run = bonafide([
        "verify",
        UNLISTED,
        "--policy",
        desk.0.path().join("policy.toml").to_str().unwrap(),
    ]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("base.yaml:4:3") && run.stderr.contains("unknown key `moed`"),
        "{run:?}"
    );
}

#[test]
fn yaml_and_toml_give_the_same_report() {
    let desk = Desk::new();
    let toml = desk.write(
        "a.toml",
        &format!(
            "{HEAD}{}",
            control(
                "unlisted-file",
                "id = \"files\"\nallow = [\"*.md\"]\napplies-to = { path = \"*.py\" }"
            )
        ),
    );
    let yaml = desk.write(
        "a.yml",
        "policy: {name: p, version: 1.0.0}\ncontrol:\n- check: unlisted-file\n  id: files\n  level: deny\n  allow: ['*.md']\n\
         \x20 applies-to:\n    path: '*.py'\n",
    );
    let plain = |policy: &Path| {
        let (code, mut report) = with(policy, UNLISTED, &[]);
        for key in ["evaluated-at", "policy"] {
            report.as_object_mut().unwrap().remove(key);
        }
        (code, report)
    };
    let (code, report) = plain(&toml);
    assert_eq!(code, 1);
    assert_eq!((code, report), plain(&yaml));
}

#[test]
fn a_preset_is_a_policy_by_its_name() {
    let (code, report) = verify([UNLISTED, "--policy", "baseline", "--key", KEY]);
    let policy = &report["policy"];
    assert_eq!(
        (code, &policy["name"], &policy["source"]),
        (1, &json!("baseline"), &Value::Null)
    );
    let desk = Desk::new();
    let (_, report) = desk.verify(UNLISTED, "extends = [\"baseline\"]\n", &[]);
    assert_eq!(report["policy"]["extends"][0]["name"], "baseline");
    // It names files beside it, which are not beside the run.
    let run = bonafide(["verify", UNLISTED, "--policy", "registry-gate"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("a preset has no folder"), "{run:?}");
}

#[test]
fn provisions_get_a_standing_and_a_reason() {
    let desk = Desk::new();
    let standard = "[[standard]]\nid = \"s\"\nname = \"S\"\nversion = \"1\"\nowner = \"O\"\n";
    let requirement = |id: &str, class: &str, checks: &str| {
        format!(
            "[[requirement]]\nstandard = \"s\"\nid = \"{id}\"\ntitle = \"T\"\nassertion = \"a\"\nclass = \"{class}\"\nlimit = \"l\"\n{checks}\n"
        )
    };
    let helper = digest_of(&fixture("checks/unlisted-file/fail/model/helper.py"));
    let text = LONG.to_owned()
        + standard
        + &requirement("A-1", "automated", "")
        + &requirement("A-2", "automated", "checks = [\"special-file\"]")
        + &requirement("A-3", "document", "")
        + &requirement("A-4", "automated", "checks = [\"waived\"]")
        + &control("unlisted-file", "requirements = [\"A-1\", \"A-2\"]")
        + &control("special-file", "requirements = [\"A-2\"]")
        + &control("unlisted-file", "id = \"waived\"")
        + &control("digest-mismatch", "requirements = [\"A-1\"]")
        + &waiver("W-1", "waived", &helper, "");
    let (_, report) = desk.verify(UNLISTED, &text, &[]);
    let standings: Vec<(&str, &str)> = report["standards"][0]["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|known| {
            (
                known["standing"].as_str().unwrap(),
                known["reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        standings,
        [
            ("contradicted", "1 finding of `unlisted-file`"),
            ("contradicted", "1 finding of `unlisted-file`"),
            (
                "no-evidence",
                "a person has to read the document that shows it"
            ),
            ("waived", "1 waived finding of `waived`"),
        ]
    );
    let (_, report) = desk.verify("fixtures/checks/unlisted-file/pass/model", &text, &[]);
    let first = &report["standards"][0]["requirements"][0];
    assert_eq!(
        (&first["standing"], &first["controls"]),
        (
            &json!("supported"),
            &json!(["digest-mismatch", "unlisted-file"])
        )
    );
    let (_, report) = desk.verify(UNSIGNED, &text, &[]);
    let first = &report["standards"][0]["requirements"][0];
    assert_eq!(first["standing"], "undecided");
}
