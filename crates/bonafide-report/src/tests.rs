//! The forms for machines, held against the sample of a report.

use bonafide_core::{Finding, Level, Mode, RawName, Report, Subject, Verdict};
use roxmltree::{Document, Node};
use serde_json::Value;

use crate::sample::{self, check, digest, file};
use crate::{Colour, Format, RenderError, render, vsa_statement};

fn rendered(report: &Report, format: Format) -> String {
    render(report, format, Colour::Plain).unwrap()
}

fn json(report: &Report, format: Format) -> Value {
    serde_json::from_str(&rendered(report, format)).unwrap()
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::ALL {
        let once = rendered(&sample::report(), format);
        assert_eq!(
            once,
            rendered(&sample::report(), format),
            "{}",
            format.name()
        );
        assert!(once.ends_with('\n'), "{}", format.name());
    }
}

#[test]
fn identifiers_follow_from_the_report() {
    for (format, pointer) in [
        (Format::Cyclonedx, "/serialNumber"),
        (Format::Oscal, "/assessment-results/uuid"),
    ] {
        let one = json(&sample::report(), format);
        let mut other = sample::report();
        other.artifact.bytes += 1;
        let other = json(&other, format);
        assert!(one.pointer(pointer).is_some());
        assert_ne!(one.pointer(pointer), other.pointer(pointer));
    }
    assert_ne!(
        json(&sample::report(), Format::Cyclonedx)["serialNumber"],
        json(&sample::report(), Format::CyclonedxNext)["serialNumber"]
    );
}

/// Status of each case as `suite/control status type`.
fn cases(text: &str) -> Vec<String> {
    let document = Document::parse(text).unwrap();
    let cases = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"));
    cases
        .map(|case| {
            let status = case.children().find(Node::is_element);
            let suite = case.parent().unwrap().attribute("name").unwrap();
            let control = case.attribute("classname").unwrap();
            let status = status.map_or("pass".to_owned(), |status| {
                format!(
                    "{} {}",
                    status.tag_name().name(),
                    status.attribute("type").unwrap()
                )
            });
            format!("{suite}/{control} {status}")
        })
        .collect()
}

#[test]
fn junit_has_a_suite_for_each_thing_and_the_verdict_as_a_case() {
    let text = rendered(&sample::report(), Format::Junit);
    assert_eq!(
        cases(&text),
        [
            "m/bonafide failure deny",
            "m/licence-undeclared skipped warn",
            "m/signature-rejected pass",
            "m/untrusted-signer error inconclusive",
            "m/uninspected-file skipped inconclusive",
            "m/weak-identity skipped not-applicable",
            "head.pkl/code-on-load failure deny",
            "model.bin/digest-mismatch failure deny",
            "notes.txt/uncovered-file skipped waived",
            "old.bin/digest-mismatch skipped waived",
            "models/m.cdx.json/bom-stale skipped audit",
            "pkg:huggingface/acme/base/missing-lineage skipped audit",
        ]
    );
    let document = Document::parse(&text).unwrap();
    let root = document.root_element();
    // `junit-10.xsd` has no such attribute there.
    assert_eq!(root.attribute("skipped"), None);
    assert_eq!(root.attribute("failures"), Some("3"));
    assert_eq!(root.attribute("errors"), Some("1"));
    for suite in root.children().filter(Node::is_element) {
        assert_eq!(suite.attribute("timestamp"), Some("2026-06-01T12:00:00Z"));
        assert!(suite.attribute("skipped").is_some());
    }
    assert!(
        text.contains("waived by W-1 until 2026-07-01 (ml-platform@acme.example): is migrated")
    );
}

#[test]
fn junit_is_never_green_without_an_allow() {
    for (verdict, expected) in [
        (Verdict::Allow, "m/bonafide pass"),
        (Verdict::Deny, "m/bonafide failure deny"),
        (Verdict::Undecided, "m/bonafide error undecided"),
        (
            Verdict::NothingToVerify,
            "m/bonafide error nothing-to-verify",
        ),
    ] {
        let mut report = sample::report();
        report.checks.clear();
        report.verdict = verdict;
        report.mode = Mode::Audit;
        assert_eq!(cases(&rendered(&report, Format::Junit)), [expected]);
    }
}

#[test]
fn junit_takes_any_name() {
    let mut report = sample::report();
    report.artifact.target = RawName::new(*b"skipped=\"9\" <a>&\x01\x1b[31m\xff");
    report.reasons = vec!["\u{0}\u{1b}]0;x\u{7}\u{fffe}\u{ffff}]]>".to_owned()];
    let mut hostile = check("digest-mismatch", Level::Deny, "fail");
    hostile.control = "a\u{8}\" onload=\"x".to_owned();
    hostile.findings = vec![Finding::new(
        file("</testcase>&#0;\r\n"),
        "is <b>\u{c}\u{85}",
    )];
    report.checks = vec![hostile];
    let text = rendered(&report, Format::Junit);
    let document = Document::parse(&text).unwrap();
    assert_eq!(cases(&text).len(), 2);
    assert_eq!(document.root_element().attribute("skipped"), None);
    let allowed = |character: char| character == '\n' || !character.is_control();
    assert!(text.chars().all(allowed));
    // The word in the name is still there: another one was taken out.
    assert!(text.contains("skipped=&quot;9&quot;"), "{text}");
}

#[test]
fn a_summary_passes_for_the_verdict_alone() {
    for (verdict, result, level) in [
        (Verdict::Allow, "PASSED", "BONAFIDE_POLICY_REGISTRY_GATE"),
        (Verdict::Deny, "FAILED", "FAILED"),
        (Verdict::Undecided, "FAILED", "FAILED"),
        (Verdict::NothingToVerify, "FAILED", "FAILED"),
    ] {
        for mode in [Mode::Enforce, Mode::Warn, Mode::Audit] {
            let mut report = sample::report();
            report.verdict = verdict;
            report.mode = mode;
            let statement = vsa_statement(&report).unwrap();
            let predicate = &statement["predicate"];
            assert_eq!(predicate["verificationResult"], result);
            assert_eq!(predicate["verifiedLevels"], serde_json::json!([level]));
        }
    }
}

#[test]
fn a_summary_names_every_file_and_everything_it_rests_on() {
    let mut report = sample::report();
    report.artifact.purl = Some("pkg:huggingface/acme/m@1".to_owned());
    let statement = vsa_statement(&report).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(
        statement["predicateType"],
        "https://slsa.dev/verification_summary/v1"
    );
    let subjects = statement["subject"].as_array().unwrap();
    assert_eq!(subjects.len(), 3);
    assert_eq!(subjects[0]["name"], "pkg:huggingface/acme/m@1");
    // No file has this digest, whatever is in it.
    assert_eq!(
        subjects[0]["digest"],
        serde_json::json!({"omsRootSha256": digest(3).hex()})
    );
    assert_eq!(
        subjects[1]["digest"],
        serde_json::json!({"sha256": digest(4).hex()})
    );
    let predicate = &statement["predicate"];
    assert_eq!(predicate["resourceUri"], "pkg:huggingface/acme/m@1");
    assert_eq!(predicate["timeVerified"], "2026-06-01T12:00:00Z");
    assert_eq!(predicate["policy"]["digest"]["sha256"], digest(5).hex());
    let inputs = predicate["inputAttestations"].as_array().unwrap();
    let uris: Vec<&str> = inputs
        .iter()
        .map(|input| input["uri"].as_str().unwrap())
        .collect();
    // The signature of somebody whom nobody trusts is no input.
    assert_eq!(uris, ["file:models/m.cdx.json", "file:models/m/model.sig"]);
    assert_eq!(predicate["pkg:generic/bonafide#waivers"][0]["id"], "W-1");
    assert_eq!(
        predicate["pkg:generic/bonafide#tool"]["digest"]["sha256"],
        digest(9).hex()
    );
}

#[test]
fn a_summary_of_one_file_has_two_names() {
    let mut report = sample::report();
    report.artifact.target = RawName::from("models/head.pkl");
    report.artifact.digests.truncate(1);
    let statement = vsa_statement(&report).unwrap();
    assert_eq!(statement["subject"][0]["name"], "head.pkl/");
    assert_eq!(statement["subject"][1]["name"], "head.pkl");
    assert_eq!(statement["predicate"]["resourceUri"], "file:head.pkl");
}

#[test]
fn a_summary_without_digests_is_none() {
    let mut report = sample::report();
    report.artifact.digests.clear();
    assert!(matches!(
        vsa_statement(&report),
        Err(RenderError::NoDigests)
    ));
    assert!(matches!(
        render(&report, Format::Vsa, Colour::Plain),
        Err(RenderError::NoDigests)
    ));
}

fn by<'value>(list: &'value Value, name: &str, wanted: &str) -> &'value Value {
    let mut entries = list.as_array().unwrap().iter();
    entries
        .find(|entry| entry[name] == wanted)
        .unwrap_or(&Value::Null)
}

#[test]
fn declarations_say_what_the_run_is_evidence_for() {
    for (format, version) in [(Format::Cyclonedx, "1.6"), (Format::CyclonedxNext, "1.7")] {
        let bom = json(&sample::report(), format);
        assert_eq!(bom["specVersion"], version);
        let standard = &bom["definitions"]["standards"][0];
        assert_eq!(standard["name"], "AI Security Verification Standard");
        let declarations = &bom["declarations"];
        let map = &declarations["attestations"][0]["map"];
        let row = |id: &str| by(map, "requirement", &format!("requirement:aisvs:{id}"));
        assert_eq!(row("6.1.1")["conformance"]["score"], 1);
        assert_eq!(row("6.1.1")["claims"][0], "claim:signature-rejected");
        assert_eq!(row("6.1.2")["conformance"]["score"], 0.5);
        assert_eq!(row("6.1.2")["counterClaims"][0], "claim:digest-mismatch");
        assert_eq!(row("6.1.3")["confidence"]["score"], 0);
        assert_eq!(row("6.1.3").get("claims"), None);
        assert_eq!(row("6.1.4")["conformance"]["score"], 0);
        assert_eq!(
            row("6.1.4")["conformance"]["mitigationStrategies"][0],
            "evidence:waiver:W-1"
        );
        assert_eq!(row("6.1.5")["conformance"]["score"], 0);
        let claim = |control: &str| {
            by(
                &declarations["claims"],
                "bom-ref",
                &format!("claim:{control}"),
            )
        };
        assert_eq!(
            claim("digest-mismatch")["counterEvidence"][0],
            "evidence:digest-mismatch"
        );
        assert_eq!(claim("digest-mismatch").get("evidence"), None);
        assert_eq!(
            claim("signature-rejected")["evidence"][0],
            "evidence:signature-rejected"
        );
        // Neither for nor against.
        assert_eq!(claim("untrusted-signer").get("evidence"), None);
        assert_eq!(claim("untrusted-signer").get("counterEvidence"), None);
        assert!(claim("weak-identity").is_null());
    }
}

#[test]
fn without_a_standard_the_checks_are_one() {
    let mut report = sample::report();
    report.standards.clear();
    let bom = json(&report, Format::Cyclonedx);
    let requirements = bom["definitions"]["standards"][0]["requirements"]
        .as_array()
        .unwrap();
    assert_eq!(requirements.len(), report.checks.len());
    let oscal = json(&report, Format::Oscal);
    let findings = oscal["assessment-results"]["results"][0]["findings"]
        .as_array()
        .unwrap();
    // All but the one that does not apply.
    assert_eq!(findings.len(), report.checks.len() - 1);
}

/// Every reference leads somewhere, and no two things have one name.
#[test]
fn references_of_declarations_lead_somewhere() {
    let mut report = sample::report();
    report.artifact.digests = vec![
        report.artifact.digests[0].clone(),
        report.artifact.digests[0].clone(),
    ];
    report.checks.push(report.checks[0].clone());
    let bom = json(&report, Format::Cyclonedx);
    let mut names = Vec::new();
    let mut uses = Vec::new();
    collect(&bom, &mut names, &mut uses);
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(uses.len() > 20);
    for name in uses {
        assert!(names.contains(&name), "{name}");
    }
}

fn collect(value: &Value, names: &mut Vec<String>, uses: &mut Vec<String>) {
    const USES: [&str; 8] = [
        "target",
        "assessor",
        "requirement",
        "claims",
        "counterClaims",
        "evidence",
        "counterEvidence",
        "mitigationStrategies",
    ];
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if key == "bom-ref" => names.push(text.clone()),
                    Value::String(text) if USES.contains(&key.as_str()) => uses.push(text.clone()),
                    Value::Array(list) if USES.contains(&key.as_str()) => {
                        uses.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                        list.iter().for_each(|entry| collect(entry, names, uses));
                    }
                    value => collect(value, names, uses),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|entry| collect(entry, names, uses)),
        _ => {}
    }
}

#[test]
fn oscal_is_satisfied_only_by_what_was_shown() {
    let oscal = json(&sample::report(), Format::Oscal);
    let results = &oscal["assessment-results"]["results"][0];
    let findings = results["findings"].as_array().unwrap();
    let states: Vec<String> = findings
        .iter()
        .map(|finding| {
            let target = &finding["target"];
            let status = &target["status"];
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            format!(
                "{} {} {}",
                word(&target["target-id"]),
                word(&status["state"]),
                word(&status["reason"])
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            "aisvs_6.1.1 satisfied pass",
            "aisvs_6.1.2 not-satisfied fail",
            "aisvs_6.1.3 not-satisfied other",
            "aisvs_6.1.4 not-satisfied other",
        ]
    );
    // The one without a control is reviewed, and has no finding.
    let selected = &results["reviewed-controls"]["control-selections"][0]["include-controls"];
    assert_eq!(selected.as_array().unwrap().len(), 5);
    let risks = results["risks"].as_array().unwrap();
    let waived: Vec<&Value> = risks
        .iter()
        .filter(|risk| risk["status"] == "deviation-approved")
        .collect();
    assert_eq!(waived.len(), 2);
    assert_eq!(waived[0]["deadline"], "2026-07-01T23:59:59Z");
    assert!(
        waived[0]["mitigating-factors"][0]["description"]
            .as_str()
            .unwrap()
            .contains("is migrated")
    );
    let mut uuids: Vec<&str> = risks
        .iter()
        .map(|risk| risk["uuid"].as_str().unwrap())
        .collect();
    uuids.sort_unstable();
    uuids.dedup();
    assert_eq!(uuids.len(), risks.len());
}

#[test]
fn identifiers_of_others_become_tokens_in_oscal() {
    let mut report = sample::report();
    report.standards[0].id = "9 <x>".to_owned();
    let text = rendered(&report, Format::Oscal);
    assert!(text.contains("\"_9__x__6.1.1\""), "{text}");
}

/// Words that a report must not use of itself.
#[test]
fn nothing_is_called_compliant() {
    let mut allowed = sample::report();
    allowed.verdict = Verdict::Allow;
    allowed.checks.retain(|check| check.outcome == "pass");
    for format in FOR_MACHINES {
        let text = rendered(&allowed, format).to_lowercase();
        for word in ["compliant", "certified", "backdoor"] {
            assert!(!text.contains(word), "{} {word}", format.name());
        }
    }
}

/// The forms of this file; those for people have tests of their own.
const FOR_MACHINES: [Format; 7] = [
    Format::Json,
    Format::Sarif,
    Format::Junit,
    Format::Vsa,
    Format::Cyclonedx,
    Format::CyclonedxNext,
    Format::Oscal,
];

#[test]
fn everything_holds_the_digests_and_the_clock() {
    let report = sample::report();
    for format in FOR_MACHINES {
        let text = rendered(&report, format);
        for (what, needed) in [
            ("policy", digest(5).hex()),
            ("tool", digest(9).hex()),
            ("trust material", digest(6).hex()),
            ("clock", "2026-06-01".to_owned()),
        ] {
            assert!(text.contains(&needed), "{}: no {what}", format.name());
        }
    }
}

#[test]
fn hostile_names_are_text_in_every_form() {
    let mut report = sample::report();
    let name = RawName::new(*b"<img src=x onerror=alert(1)>\x1b[2J\xff\xe2\x80\xae");
    report.checks[0].findings = vec![Finding::new(Subject::File(name.clone()), "differs")];
    report.artifact.digests[0].name = name;
    for format in Format::ALL {
        let text = rendered(&report, format);
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{}",
            format.name()
        );
    }
}

#[test]
fn the_schema_holds_for_what_few_runs_have() {
    let text = include_str!("../../../schemas/report.schema.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let report = json(&sample::report(), Format::Json);
    let errors: Vec<String> = schema
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for part in [
        "waivers",
        "warnings",
        "standards",
        "inspection",
        "documents",
    ] {
        assert!(report.get(part).is_some(), "{part}");
    }
}
