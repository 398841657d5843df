//! The schema of policies takes what the reader takes, and refuses what it refuses as far as
//! a schema can.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop, loudly"
)]

use bonafide_policy::{Policy, presets, schema, waivers_schema};
use serde_json::Value;

/// A document in TOML as JSON; dates are text.
fn json(text: &str) -> Value {
    fn of(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(moment) => moment.to_string().into(),
            toml::Value::Array(list) => list.into_iter().map(of).collect(),
            toml::Value::Table(table) => table
                .into_iter()
                .map(|(key, value)| (key, of(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(integer) => integer.into(),
            toml::Value::Float(float) => float.into(),
            toml::Value::Boolean(flag) => flag.into(),
        }
    }
    of(toml::Value::Table(text.parse().unwrap()))
}

#[test]
fn every_preset_is_valid() {
    let schema = jsonschema::draft202012::new(&schema()).unwrap();
    for preset in presets() {
        if let Some(error) = schema.iter_errors(&json(preset.text)).next() {
            panic!("{}: {}: {error}", preset.name, error.instance_path());
        }
    }
}

const HEAD: &str = "[policy]\nname = \"p\"\nversion = \"1.0.0\"\n";
const CONTROL: &str = "[[control]]\ncheck = \"unlisted-file\"\nlevel = \"deny\"\n";
const WAIVER: &str = "[[waiver]]\nid = \"W\"\ncontrol = \"unlisted-file\"\nsubject = \"pkg:generic/a/*\"\n\
    until = 2027-01-01\nreason = \"r\"\nowner = \"o\"\napproved-by = \"a\"\n";

#[test]
fn what_the_reader_refuses_is_not_valid() {
    let schema = jsonschema::draft202012::new(&schema()).unwrap();
    let good = format!("{HEAD}{CONTROL}allow = [\"a\"]\n{WAIVER}");
    assert!(schema.is_valid(&json(&good)));
    for bad in [
        CONTROL.to_owned(),
        format!("{HEAD}author = \"me\"\n{CONTROL}"),
        format!("control = []\n{HEAD}"),
        format!("{HEAD}{CONTROL}alow = [\"a\"]\n"),
        format!("{HEAD}{CONTROL}allow = \"a\"\n"),
        format!("{HEAD}{CONTROL}least = \"high\"\n"),
        format!("{HEAD}{CONTROL}applies-to = {{ kind = \"model\" }}\n"),
        format!("{HEAD}{CONTROL}applies-to = {{ format = \"pickel\" }}\n"),
        format!("{HEAD}{CONTROL}effective-on = \"soon\"\n"),
        format!("{HEAD}{CONTROL}").replace("unlisted-file", "unlisted-fiel"),
        format!("{HEAD}{CONTROL}").replace("1.0.0", "one"),
        good.replace("reason = \"r\"", "reason = \" \""),
        good.replace("owner = \"o\"\n", ""),
        good.replace("pkg:generic/a/*", "generic"),
    ] {
        assert!(!schema.is_valid(&json(&bad)), "{bad}");
        let refused = Policy::parse("policy.toml", &bad).is_err();
        assert!(refused, "{bad}");
    }
}

#[test]
fn files_of_waivers_have_a_schema_of_their_own() {
    let schema = jsonschema::draft202012::new(&waivers_schema()).unwrap();
    let head = "[waivers]\nname = \"w\"\nversion = \"1.0.0\"\n";
    assert!(schema.is_valid(&json(&format!("{head}{WAIVER}"))));
    assert!(!schema.is_valid(&json(WAIVER)));
    assert!(!schema.is_valid(&json(&format!("{head}{CONTROL}"))));
    let without = WAIVER.replace("approved-by = \"a\"\n", "");
    assert!(!schema.is_valid(&json(&format!("{head}{without}"))));
}
