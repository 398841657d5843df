//! Each way in which a statement can be wrong, by its category.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::*;

const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn sample() -> Value {
    json!({
        "_type": oms::STATEMENT_TYPE,
        "subject": [
            {"name": "model.safetensors", "uri": "https://models.example/m", "digest": {"sha256": HEX}},
            {"digest": {"gitCommit": "d20ace7968ba43c0219f62d71334c1095bab1602"}},
        ],
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": {"result": "PASSED", "configuration": []},
    })
}

fn parse(value: &Value) -> Result<Statement, StatementError> {
    Statement::parse(value.to_string().as_bytes())
}

fn changed(change: impl FnOnce(&mut Value)) -> Result<Statement, StatementError> {
    let mut value = sample();
    change(&mut value);
    parse(&value)
}

fn subject_defect(change: impl FnOnce(&mut Value)) -> (String, FieldDefect) {
    let error = changed(change).unwrap_err();
    assert_eq!(error.category(), "subject");
    match error {
        StatementError::Subject(FieldError { field, defect }) => (field, defect),
        other => panic!("{other:?}"),
    }
}

/// The sample's text with a piece of it replaced.
fn structure(from: &str, to: &str) -> StrictError {
    let text = sample().to_string();
    assert!(text.contains(from), "{text}");
    let error = Statement::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err();
    assert_eq!(error.category(), "structure");
    match error {
        StatementError::Strict(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_both_editions_and_says_which() {
    let statement = parse(&sample()).unwrap();
    assert_eq!(statement.version, StatementVersion::V1);
    assert_eq!(
        statement.predicate_type,
        "https://in-toto.io/attestation/test-result/v0.1"
    );
    let [model, commit] = statement.subjects.as_slice() else {
        panic!()
    };
    assert_eq!(model.name, Some(RawName::from("model.safetensors")));
    assert_eq!(model.uri.as_deref(), Some("https://models.example/m"));
    assert_eq!(model.digests[0].known().unwrap().hex(), HEX);
    assert_eq!((&commit.name, &commit.uri), (&None, &None));
    assert_eq!(commit.digests[0].known(), None);

    let old = changed(|value| value["_type"] = json!(OLD_STATEMENT_TYPE)).unwrap();
    assert_eq!(old.version, StatementVersion::V01);
    assert_eq!(old.subjects, statement.subjects);
}

#[test]
fn unknown_members_and_an_absent_predicate_are_fine() {
    let more = changed(|value| {
        value["extension"] = json!({"x": 1});
        value["subject"][0]["annotations"] = json!({"x": [null]});
        value["subject"][0]["mediaType"] = json!(7);
    });
    assert_eq!(more, parse(&sample()));
    for predicate in [json!(null), json!({})] {
        let statement = changed(|value| {
            value["predicateType"] = json!("https://acme.example/reviewed/v1");
            value["predicate"] = predicate;
        });
        assert_eq!(statement.unwrap().predicate, Predicate::Opaque(json!({})));
    }
    let statement = changed(|value| {
        value["predicateType"] = json!(oms::PREDICATE_TYPE);
        value["predicate"] = json!({"resources": "not read here"});
    });
    assert_eq!(statement.unwrap().predicate, Predicate::Model);
}

#[test]
fn the_statement_type_is_compared_byte_for_byte() {
    for (found, shown) in [
        (json!(null), "missing".to_owned()),
        (json!(1), "not a string".to_owned()),
        (json!([oms::STATEMENT_TYPE]), "not a string".to_owned()),
        (json!(""), "``".to_owned()),
        (
            json!("https://in-toto.io/Statement/v1.0"),
            "`https://in-toto.io/Statement/v1.0`".to_owned(),
        ),
        (
            json!("https://in-toto.io/Statement/v1\0"),
            "`https://in-toto.io/Statement/v1\\u{0}`".to_owned(),
        ),
        (
            json!("https://in-toto.io/statement/v1"),
            "`https://in-toto.io/statement/v1`".to_owned(),
        ),
        (json!("x".repeat(1_000)), format!("`{}`", "x".repeat(100))),
    ] {
        let error = changed(|value| value["_type"] = found).unwrap_err();
        assert_eq!(error.category(), "statement-type");
        assert_eq!(error, StatementError::StatementType { found: shown });
    }
    // An old type of signed documents that is no statement.
    let link = parse(&json!({"_type": "link", "name": "build", "materials": {}}));
    assert_eq!(link.unwrap_err().category(), "statement-type");
}

#[test]
fn the_predicate_type_is_there_and_a_uri_of_sensible_length() {
    for (found, expected) in [
        (json!(null), FieldDefect::Missing),
        (json!(""), FieldDefect::Missing),
        (
            json!(["x"]),
            FieldDefect::Kind {
                expected: "a string",
            },
        ),
        (json!("a\nb"), FieldDefect::Control),
        (json!("a\0"), FieldDefect::Control),
        (
            json!("x".repeat(1_025)),
            FieldDefect::Length {
                bytes: 1_025,
                limit: 1_024,
            },
        ),
    ] {
        let error = changed(|value| value["predicateType"] = found).unwrap_err();
        assert_eq!(error.category(), "predicate");
        let StatementError::PredicateType(FieldError { field, defect }) = error else {
            panic!("{error:?}")
        };
        assert_eq!((field.as_str(), defect), ("predicateType", expected));
    }
    let longest = changed(|value| value["predicateType"] = json!("x".repeat(1_024)));
    assert!(longest.is_ok());
}

#[test]
fn a_predicate_is_an_object_of_its_type() {
    for (predicate, field) in [
        (json!([]), "predicate"),
        (json!("x"), "predicate"),
        (json!(0), "predicate"),
        (json!({"configuration": []}), "result"),
        (json!({"result": "PASSED\0", "configuration": []}), "result"),
        (json!(null), "result"),
    ] {
        let error = changed(|value| value["predicate"] = predicate).unwrap_err();
        assert_eq!(error.category(), "predicate");
        let StatementError::Predicate {
            predicate_type,
            error,
        } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(
            predicate_type,
            "https://in-toto.io/attestation/test-result/v0.1"
        );
        assert_eq!(error.field, field);
    }
}

#[test]
fn subjects_are_there_and_have_digests() {
    for none in [json!(null), json!([])] {
        let error = changed(|value| value["subject"] = none).unwrap_err();
        assert_eq!(
            (error.category(), error),
            ("subject", StatementError::NoSubject)
        );
    }
    let kind = |expected| FieldDefect::Kind { expected };
    assert_eq!(
        subject_defect(|value| value["subject"] = json!({"digest": {"sha256": HEX}})),
        ("subject".to_owned(), kind("a list"))
    );
    assert_eq!(
        subject_defect(|value| value["subject"][1] = json!("x")),
        ("subject[1]".to_owned(), kind("an object"))
    );
    assert_eq!(
        subject_defect(|value| value["subject"][1] = json!(null)),
        ("subject[1]".to_owned(), kind("an object"))
    );
    for digest in [json!(null), json!({})] {
        assert_eq!(
            subject_defect(|value| value["subject"][1]["digest"] = digest),
            ("subject[1].digest".to_owned(), FieldDefect::Missing)
        );
    }
    assert_eq!(
        subject_defect(|value| value["subject"][0]["digest"] = json!([HEX])),
        ("subject[0].digest".to_owned(), kind("an object"))
    );
    assert_eq!(
        subject_defect(|value| value["subject"][0]["name"] = json!(1)),
        ("subject[0].name".to_owned(), kind("a string"))
    );
    assert_eq!(
        subject_defect(|value| value["subject"][0]["uri"] = json!({})),
        ("subject[0].uri".to_owned(), kind("a string"))
    );
    for bad in [HEX.to_uppercase(), HEX[2..].to_owned(), format!("{HEX} ")] {
        let (field, defect) =
            subject_defect(|value| value["subject"][0]["digest"]["sha256"] = json!(bad));
        assert_eq!(field, "subject[0].digest.sha256");
        assert!(matches!(defect, FieldDefect::Digest(_)));
    }
}

#[test]
fn subjects_digests_and_names_end() {
    let subjects = |count: usize| json!(vec![json!({"digest": {"sha256": HEX}}); count]);
    let most = changed(|value| value["subject"] = subjects(1_024)).unwrap();
    assert_eq!(most.subjects.len(), 1_024);
    assert_eq!(
        subject_defect(|value| value["subject"] = subjects(1_025)),
        (
            "subject".to_owned(),
            FieldDefect::Count {
                entries: 1_025,
                limit: 1_024
            }
        )
    );
    let digests = |count: usize| -> Value {
        (0..count)
            .map(|n| (format!("x{n}"), json!("00")))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    assert!(changed(|value| value["subject"][0]["digest"] = digests(32)).is_ok());
    assert_eq!(
        subject_defect(|value| value["subject"][0]["digest"] = digests(33)),
        (
            "subject[0].digest".to_owned(),
            FieldDefect::Count {
                entries: 33,
                limit: 32
            }
        )
    );
    for member in ["name", "uri"] {
        assert!(changed(|value| value["subject"][0][member] = json!("x".repeat(4_096))).is_ok());
        for length in [4_097, 100_000] {
            let (field, defect) =
                subject_defect(|value| value["subject"][0][member] = json!("x".repeat(length)));
            assert_eq!(field, format!("subject[0].{member}"));
            assert!(matches!(defect, FieldDefect::Length { .. }));
        }
    }
    // A hostile name is kept as it is, and harmless when printed.
    let statement = changed(|value| value["subject"][0]["name"] = json!("\u{1b}[2J\0")).unwrap();
    let name = statement.subjects[0].name.clone().unwrap();
    assert_eq!(name.as_bytes(), b"\x1b[2J\0");
    assert!(!name.to_string().contains('\u{1b}'));
}

#[test]
fn repeated_names_are_refused_wherever_they_are() {
    let repeated = |from: &str, to: &str| match structure(from, to) {
        StrictError::RepeatedName { name, .. } => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        repeated("{\"_type\"", "{\"_type\":\"x\",\"_type\""),
        "_type"
    );
    assert_eq!(
        repeated("{\"_type\"", "{\"_typ\\u0065\":\"x\",\"_type\""),
        "_type"
    );
    assert_eq!(
        repeated("\"result\"", "\"result\":\"FAILED\",\"result\""),
        "result"
    );
    assert_eq!(
        repeated("\"result\"", "\"\\u0072esult\":\"FAILED\",\"result\""),
        "result"
    );
    assert_eq!(
        repeated("\"sha256\"", "\"sha256\":\"00\",\"sha256\""),
        "sha256"
    );
    // Also in members that nobody reads.
    assert_eq!(
        repeated("\"result\"", "\"x\":{\"y\":[{\"k\":1,\"k\":1}]},\"result\""),
        "k"
    );
}

#[test]
fn what_is_not_strict_json_is_refused() {
    let syntax = |from: &str, to: &str| {
        let error = structure(from, to);
        assert!(matches!(error, StrictError::Syntax { .. }), "{error:?}");
    };
    syntax("{", "\u{feff}{");
    syntax("PASSED", "\\ud800");
    syntax("PASSED", "PAS\0SED");
    syntax("\"result\"", "\"x\":1e999,\"result\"");
    syntax("\"result\"", "\"x\":NaN,\"result\"");
    syntax("}]", "},]");
    let nine = "9".repeat(400);
    syntax("\"result\"", &format!("\"x\":{nine},\"result\""));
    let deep = |levels: usize| {
        format!(
            "\"x\":{}{},\"result\"",
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    for levels in [strict::MOST_DEPTH, 10_000] {
        let error = structure("\"result\"", &deep(levels));
        assert!(matches!(error, StrictError::Depth { .. }), "{error:?}");
    }
    let error = Statement::parse(b"\xff").unwrap_err();
    assert_eq!(error.category(), "structure");
    // As deep as the scan lets through, the reader goes as well.
    let text = sample().to_string();
    let deepest = text.replacen("\"result\"", &deep(strict::MOST_DEPTH - 2), 1);
    assert!(Statement::parse(deepest.as_bytes()).is_ok());
    let trailing = format!("{text}{text}");
    assert_eq!(
        Statement::parse(trailing.as_bytes())
            .unwrap_err()
            .category(),
        "structure"
    );
}

#[test]
fn what_is_no_object_is_refused() {
    for value in [
        json!([oms::STATEMENT_TYPE, [{"digest": {"sha256": HEX}}], "x", {}]),
        json!("x"),
        json!(null),
        json!(1),
    ] {
        let error = parse(&value).unwrap_err();
        assert_eq!(error.category(), "structure");
        assert!(
            matches!(error, StatementError::NotAnObject { .. }),
            "{error:?}"
        );
    }
}

#[test]
fn a_statement_is_refused_unread_when_it_is_too_large() {
    let mut text = sample().to_string().into_bytes();
    text.resize(MOST_BYTES, b' ');
    assert!(Statement::parse(&text).is_ok());
    text.push(b' ');
    let bytes = MOST_BYTES + 1;
    assert_eq!(Statement::parse(&text), Err(StatementError::Size { bytes }));
}

#[test]
fn a_million_names_are_read_in_time() {
    let mut object = String::from("{");
    for number in 0..1_000_000 {
        let _ = write!(object, "\"{number:x}\":0,");
    }
    object.push_str("\"last\":0}");
    let text = |member: &str| {
        sample()
            .to_string()
            .replacen("\"predicate\":{", &format!("{member}\"predicate\":{{"), 1)
    };
    let start = Instant::now();
    let ignored = text(&format!("\"x\":{object},"));
    assert!(Statement::parse(ignored.as_bytes()).is_ok());
    let digests = ignored.replacen("\"sha256\"", &format!("\"x\":{object},\"sha256\""), 1);
    assert!(digests.len() > MOST_BYTES);
    assert!(matches!(
        Statement::parse(digests.as_bytes()),
        Err(StatementError::Size { .. })
    ));
    let digests = sample()
        .to_string()
        .replacen(&format!("{{\"sha256\":\"{HEX}\"}}"), &object, 1);
    assert_eq!(
        Statement::parse(digests.as_bytes()).unwrap_err().category(),
        "subject"
    );
    assert!(start.elapsed() < Duration::from_secs(60));
}

/// Cut anywhere it is no statement; with any one bit flipped it is refused or
/// says something else, unless the bit is in a member that is not read.
#[test]
fn damaged_statements_never_pass_for_the_whole_one() {
    let text = sample().to_string();
    let expected = parse(&sample());
    for end in 0..text.len() {
        let error = Statement::parse(&text.as_bytes()[..end]).unwrap_err();
        assert_eq!(error.category(), "structure");
    }
    let mut refused = std::collections::BTreeSet::new();
    for position in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            match Statement::parse(&bytes) {
                Ok(statement) => assert_ne!(Ok(statement), expected, "byte {position}"),
                Err(error) => drop(refused.insert(error.category())),
            }
        }
    }
    let all = ["predicate", "statement-type", "structure", "subject"];
    assert_eq!(refused.into_iter().collect::<Vec<_>>(), all);
}
