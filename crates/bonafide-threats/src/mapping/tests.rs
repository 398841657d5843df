use super::*;
use crate::data::catalogue;

const SOUND: &str = r#"framework = "ISO/IEC 27090"
version = "2027"

[[mapping]]
category = "data-poisoning"
reference = "8.9"
title = "Some clause"

[[mapping]]
threat = "sig-02"
reference = "7.7"
title = "Another"
relation = "mitigated by"
"#;

fn parse(text: &str) -> Result<AddedMappings, MappingError> {
    AddedMappings::parse("mine.toml", text, catalogue())
}

fn message(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn rows_reach_the_threats_and_the_categories_that_they_name() {
    let added = parse(SOUND).unwrap();
    let rows = added.of_threat("SIG-02", &["ai-supply-chain-attacks"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].reference, "7.7");
    assert_eq!(rows[0].relation, Relation::MitigatedBy);
    assert_eq!(rows[0].source, "mine.toml, line 9");
    assert_eq!(rows[0].verification, Verification::User);
    let rows = added.of_threat("DAT-07", &["data-poisoning"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].relation, Relation::InCategory);
    assert_eq!(
        (rows[0].framework.as_str(), rows[0].line),
        ("ISO/IEC 27090", 4)
    );
    assert_eq!(added.of_threat("SIG-01", &["ai-supply-chain-attacks"]), []);
}

#[test]
fn mistakes_are_told_with_line_and_column() {
    for (change, to, expected) in [
        (
            "version = ",
            "versoin = ",
            "mine.toml:1:1: `version` is missing here\nmine.toml:2:1: unknown key `versoin`; known are framework, version, mapping",
        ),
        (
            "\"2027\"",
            "2027",
            "mine.toml:2:11: `version` is a text: write it in quotes",
        ),
        ("\"2027\"", "\" \"", "mine.toml:2:11: `version` is empty"),
        (
            "\"sig-02\"",
            "\"SIG-99\"",
            "mine.toml:10:10: there is no threat `SIG-99`; `bonafide threats` lists them",
        ),
        (
            "\"data-poisoning\"",
            "\"x\"",
            "mine.toml:5:12: there is no category `x`; known are data-poisoning, ai-supply-chain-attacks, evasion, prompt-injection, model-inversion, membership-inference, model-theft, output-injection",
        ),
        (
            "category = ",
            "threat = \"SIG-01\"\ncategory = ",
            "mine.toml:4:1: `threat` and `category` exclude each other",
        ),
        (
            "category = \"data-poisoning\"\n",
            "",
            "mine.toml:4:1: `threat` or `category` is missing here",
        ),
        (
            "title = \"Another\"",
            "titel = \"Another\"",
            "mine.toml:9:1: `title` is missing here\nmine.toml:12:1: unknown key `titel`; known are threat, category, reference, title, relation",
        ),
        (
            "\"mitigated by\"",
            "\"fulfils\"",
            "mine.toml:13:12: there is no relation `fulfils`; known are instance of, in category, related, mitigated by, tested by, evidence for",
        ),
        (
            "\"Another\"",
            "\"An\\u0007other\"",
            "mine.toml:12:9: `title` holds control characters",
        ),
        (
            "[[mapping]]\nthreat",
            "[mapping.x]\nthreat",
            "mine.toml:9:10: unknown key `x`; known are threat, category, reference, title, relation",
        ),
    ] {
        let text = SOUND.replacen(change, to, 1);
        assert_ne!(text, SOUND, "{change}");
        assert_eq!(message(&text), expected, "{change}");
    }
}

#[test]
fn a_row_that_is_there_twice_is_refused() {
    let again = SOUND.replace("category = \"data-poisoning\"", "threat = \"SIG-02\"");
    let again = again.replace("8.9", "7.7");
    assert_eq!(message(&again), "mine.toml:9:1: says the same as line 4");
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_place() {
    let text = SOUND.replace("\"Another\"", "\"Another");
    assert!(
        message(&text).starts_with("mine.toml:12:"),
        "{}",
        message(&text)
    );
}

#[test]
fn an_empty_file_is_refused() {
    assert_eq!(
        message(""),
        "mine.toml:1:1: `framework` is missing here\n\
         mine.toml:1:1: `version` is missing here\n\
         mine.toml:1:1: there is no `[[mapping]]`"
    );
    let none = "framework = \"x\"\nversion = \"1\"\nmapping = []\n";
    assert_eq!(message(none), "mine.toml:3:11: there is no `[[mapping]]`");
    let other = "framework = \"x\"\nversion = \"1\"\nmapping = 3\n";
    assert_eq!(
        message(other),
        "mine.toml:3:11: `mapping` is a list: write `[[mapping]]`"
    );
}

#[test]
fn a_flood_of_mistakes_is_cut_and_counted() {
    let text = format!("{SOUND}{}", "[[mapping]]\n".repeat(9_000));
    let error = parse(&text).unwrap_err();
    assert_eq!((error.problems.len(), error.omitted), (20, 26_980));
    assert!(error.to_string().ends_with("and 26980 more"));
    let text = format!("{SOUND}{}", "[[mapping]]\n".repeat(MOST_ROWS));
    assert!(message(&text).contains("more than 10000 rows"));
    let long = SOUND.replace("Another", &"x".repeat(301));
    assert!(message(&long).contains("is longer than 300 characters"));
}
