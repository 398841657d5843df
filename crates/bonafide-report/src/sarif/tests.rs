#![allow(
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::io::Write as _;

use bonafide_core::{Finding, Level, RawName, Report, Subject, Verdict};
use serde_json::Value;

use super::{MOST_RESULTS, render};
use crate::sample::{self, check, file};

fn run(report: &Report) -> Value {
    let document: Value = serde_json::from_str(&render(report).unwrap()).unwrap();
    document["runs"][0].clone()
}

fn results<'run>(run: &'run Value, rule: &str) -> Vec<&'run Value> {
    let results = run["results"].as_array().unwrap().iter();
    results.filter(|result| result["ruleId"] == rule).collect()
}

#[test]
fn findings_are_gathered_by_control_rule_and_subject() {
    let run = run(&sample::report());
    let found = results(&run, "code-on-load");
    assert_eq!(found.len(), 1);
    let text = found[0]["message"]["text"].as_str().unwrap();
    assert!(
        text.contains("(at 23)") && text.contains("(at 99)"),
        "{text}"
    );
    assert!(text.ends_with("To fix it: delete it"), "{text}");
    let properties = &found[0]["properties"];
    assert_eq!(properties["findings"], 2);
    assert_eq!(properties["byte-ranges"][0]["start"], 23);
    let place = &found[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "models/m/head.pkl");
    assert_eq!(place["region"]["endColumn"], 1);
}

#[test]
fn levels_are_those_of_the_policy_and_an_undecided_demand_is_seen() {
    let run = run(&sample::report());
    let level = |rule: &str| results(&run, rule)[0]["level"].as_str().unwrap().to_owned();
    assert_eq!(level("code-on-load"), "error");
    assert_eq!(level("licence-undeclared"), "warning");
    assert_eq!(level("bom-stale"), "note");
    assert_eq!(level("untrusted-signer"), "error");
    let message = &results(&run, "untrusted-signer")[0]["message"]["text"];
    assert!(message.as_str().unwrap().contains("not a pass"));
    // What weighs less is told of too.
    assert!(results(&run, "uninspected-file").is_empty());
    let invocation = &run["invocations"][0];
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert!(notes.iter().any(|note| {
        note["message"]["text"]
            .as_str()
            .unwrap()
            .starts_with("uninspected-file")
    }));
    assert_eq!(invocation["exitCode"], 1);
    assert_eq!(invocation["executionSuccessful"], true);
    let warning = &invocation["toolConfigurationNotifications"][0];
    assert_eq!(warning["message"]["text"], "waiver W-9 is not used");
    assert!(results(&run, "signature-rejected").is_empty());
}

#[test]
fn a_run_that_decided_nothing_did_not_succeed() {
    let mut report = sample::report();
    report.verdict = Verdict::Undecided;
    let invocation = run(&report)["invocations"][0].clone();
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(
        invocation["toolExecutionNotifications"][0]["level"],
        "error"
    );
}

#[test]
fn what_is_waived_is_suppressed_and_last() {
    let run = run(&sample::report());
    let found = results(&run, "digest-mismatch");
    assert_eq!(found.len(), 2);
    assert!(found[0].get("suppressions").is_none());
    assert_eq!(found[1]["level"], "note");
    let suppression = &found[1]["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    let justification = suppression["justification"].as_str().unwrap();
    assert!(justification.contains("is migrated") && justification.contains("2026-07-01"));
    let last = run["results"].as_array().unwrap().last().unwrap();
    assert!(last.get("suppressions").is_some());
}

#[test]
fn rules_have_what_github_demands() {
    let mut report = sample::report();
    report.checks[0].demands = "x".repeat(5000).into();
    report.checks[1].title = "".into();
    let run = run(&report);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), report.checks.len());
    for rule in rules {
        for pointer in [
            "/id",
            "/name",
            "/shortDescription/text",
            "/fullDescription/text",
            "/help/text",
            "/help/markdown",
        ] {
            let text = rule.pointer(pointer).and_then(Value::as_str).unwrap();
            assert!(!text.is_empty(), "{pointer} {rule}");
            assert!(!pointer.contains("Description") || text.chars().count() <= 1024);
        }
        let tags = rule["properties"]["tags"].as_array().unwrap();
        assert!(tags.len() <= 20 && tags[0] == "security", "{rule}");
    }
    let rule = |id: &str| rules.iter().find(|rule| rule["id"] == id).unwrap();
    assert_eq!(
        rule("code-on-load")["properties"]["security-severity"],
        "9.5"
    );
    assert_eq!(rule("code-on-load")["properties"]["precision"], "high");
    assert_eq!(
        rule("code-on-load")["properties"]["tags"][4],
        "external/cwe/cwe-502"
    );
    assert_eq!(rule("digest-mismatch")["name"], "DigestMismatch");
    // What has no weight stops no merge.
    assert!(
        rule("bom-stale")["properties"]
            .get("security-severity")
            .is_none()
    );
    let help = rule("digest-mismatch")["help"]["markdown"]
        .as_str()
        .unwrap();
    assert!(help.contains("`loaders` &lt;b&gt;."), "{help}");
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

fn fingerprint_of(finding: Finding) -> String {
    let mut report = sample::report();
    report.checks.truncate(1);
    report.checks[0].waived.clear();
    report.checks[0].findings = vec![finding];
    let run = run(&report);
    run["results"][0]["partialFingerprints"]["primaryLocationLineHash"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn fingerprints_are_steady_and_apart() {
    let plain = fingerprint_of(Finding::new(file("a"), "is 12 bytes too long"));
    assert_eq!(
        plain,
        fingerprint_of(Finding::new(file("a"), "is 400 bytes too long"))
    );
    assert_ne!(plain, fingerprint_of(Finding::new(file("a"), "is missing")));
    assert_ne!(
        plain,
        fingerprint_of(Finding::new(file("b"), "is 12 bytes too long"))
    );
    let signature = Subject::Signature(RawName::from("a"));
    assert_ne!(
        plain,
        fingerprint_of(Finding::new(signature, "is 12 bytes too long"))
    );
    let rule =
        |message: &str| fingerprint_of(Finding::new(file("a"), message).with_rule(&sample::RULE));
    assert_eq!(rule("calls `os.system`"), rule("calls something else"));
    assert_ne!(rule("is 12 bytes too long"), plain);
    assert!(plain.len() == 64 && plain.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[test]
fn names_of_others_become_neither_links_nor_places() {
    let mut report = sample::report();
    report.checks.truncate(1);
    report.checks[0].findings = vec![
        Finding::new(file("[click](https://evil.example)"), "differs"),
        Finding::new(file("../../etc/passwd"), "differs"),
        Finding::new(Subject::File(RawName::new(*b"a b\xff\n<img>")), "differs"),
    ];
    let run = run(&report);
    let mut places: Vec<&str> = Vec::new();
    for result in run["results"].as_array().unwrap() {
        assert!(!result["message"]["text"].as_str().unwrap().contains("]("));
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        places.push(place.as_str().unwrap());
    }
    assert_eq!(
        places,
        [
            "models/m",
            // An empty part of a path is none.
            "models/m",
            "models/m/a%20b%FF%0A%3Cimg%3E",
            "models/m/old.bin",
        ]
    );
}

#[test]
fn a_category_tells_artifacts_apart_and_machines_not() {
    let category = |target: &str, purl: Option<&str>| {
        let mut report = sample::report();
        report.artifact.target = RawName::from(target);
        report.artifact.purl = purl.map(str::to_owned);
        run(&report)["automationDetails"]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(category("./models/m/", None), "bonafide/models/m/");
    assert_eq!(category("/home/me/m", None), "bonafide/m/");
    assert_eq!(category(".", None), "bonafide/artifact/");
    assert_eq!(category("..", None), "bonafide/artifact/");
    assert_eq!(
        category("m", Some("pkg:huggingface/a/m@1")),
        "bonafide/pkg%3Ahuggingface/a/m%401/"
    );
}

/// Bytes that no compression makes smaller, the same on every run.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Neither a slash nor NUL.
            u8::try_from(state >> 56).unwrap() | 0x80
        })
        .collect()
}

fn compressed(text: &str) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn what_is_too_much_is_cut_from_the_mildest_on_and_counted() {
    let mut report = sample::report();
    let mut mild = check("mild", Level::Warn, "fail");
    mild.findings = (0..MOST_RESULTS + 100)
        .map(|number| Finding::new(file(&format!("{number}.bin")), "is odd"))
        .collect();
    report.checks.insert(0, mild);
    let text = render(&report).unwrap();
    assert!(compressed(&text) < 10_000_000);
    let run = run(&report);
    let results = run["results"].as_array().unwrap();
    assert!(
        results.len() <= MOST_RESULTS && results.len() > 5_000,
        "{}",
        results.len()
    );
    assert_eq!(results[0]["ruleId"], "code-on-load");
    let notes = run["invocations"][0]["toolConfigurationNotifications"].to_string();
    assert!(
        notes.contains("are left out") && notes.contains("first 5000"),
        "{notes}"
    );
}

#[test]
fn hostile_names_do_not_make_it_too_large_for_github() {
    let mut report = sample::report();
    report.checks.truncate(1);
    report.checks[0].findings = (0..8_000)
        .map(|number| Finding::new(Subject::File(RawName::new(noise(4_000, number))), "differs"))
        .collect();
    let text = render(&report).unwrap();
    let size = compressed(&text);
    assert!(size < 10_000_000, "{size}");
    assert!(text.contains("are left out"));
}

#[test]
fn too_many_rules_are_cut_but_not_those_with_results() {
    let mut report = sample::report();
    report.checks = (0..20)
        .map(|_| check("quiet", Level::Deny, "pass"))
        .collect();
    for (number, check) in report.checks.iter_mut().enumerate() {
        check.check = format!("quiet-{number}").into();
    }
    report.checks.extend(sample::report().checks);
    let rules = super::rule::Rules::of(&report, 10);
    assert_eq!(rules.written().len(), 10);
    assert!(rules.index("code-on-load").is_some());
    assert!(rules.index("quiet-19").is_none());
}
