//! Documents with one thing changed: our verdict, and that of another implementation of
//! JSON Schema with the official schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use bonafide_bom::grammar::{Format, SpecVersion, validate};
use bonafide_bom::json::admit;
use jsonschema::{Retrieve, Uri, Validator};
use serde_json::Value;

use super::mutation::{Pool, mutated};
use super::official::{Kind, Official, all};
use super::schema;
use crate::fuzzing::random::Random;
use crate::harness::root;

/// Mutants of each official valid document.
const EACH: usize = 60;

/// The schemas that others refer to, from the vectors; nothing is fetched.
struct Vectors(PathBuf);

impl Retrieve for Vectors {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let file = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        Ok(serde_json::from_slice(&std::fs::read(self.0.join(file))?)?)
    }
}

/// The other implementation, for one version.
pub fn other(version: SpecVersion) -> Option<Validator> {
    let folder = schema::folder()?;
    let schema = schema::read(&folder, &schema::file(version));
    let options = jsonschema::options()
        .should_validate_formats(true)
        .with_retriever(Vectors(folder));
    Some(options.build(&schema).unwrap())
}

/// Our verdict.
pub fn ours(document: &Value, version: SpecVersion) -> bool {
    let bytes = serde_json::to_vec(document).unwrap();
    validate(&admit(&bytes, bytes.len()).unwrap(), version).is_empty()
}

/// Differences that are known, with their reasons: a text, and the verdicts on it.
#[derive(serde::Deserialize)]
struct Differences {
    #[serde(default)]
    text: Vec<Difference>,
}

#[derive(serde::Deserialize)]
struct Difference {
    format: String,
    text: String,
    ours: bool,
    reason: String,
}

#[test]
fn another_implementation_has_the_same_verdict_on_each_mutant() {
    let Some(officials) = all() else { return };
    let valid = || {
        officials
            .iter()
            .filter(|official| official.kind == Kind::Valid)
    };
    let read = |official: &Official| serde_json::from_slice::<Value>(&official.bytes()).unwrap();
    let mut pool = Pool::default();
    for official in valid() {
        pool.add(&read(official));
    }
    let mut verdicts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for version in SpecVersion::ALL {
        let other = other(version).unwrap();
        for (number, official) in valid().enumerate() {
            // A document of another version is a mutant of this one.
            let each = if official.version == version { EACH } else { 2 };
            let document = read(official);
            let mut random = Random::new((number * 8 + version as usize) as u64);
            for _ in 0..each {
                let (change, mutant) = mutated(&document, &pool, &mut random);
                if !seen.insert((version, mutant.to_string())) {
                    continue;
                }
                let verdict = ours(&mutant, version);
                assert_eq!(
                    verdict,
                    other.is_valid(&mutant),
                    "{} as {version}, {change}:\n{mutant}\n{:?}",
                    official.name(),
                    other
                        .iter_errors(&mutant)
                        .map(|error| format!("{}: {error}", error.instance_path()))
                        .collect::<Vec<_>>()
                );
                verdicts.entry(change).or_default()[usize::from(verdict)] += 1;
            }
        }
    }
    let total: usize = verdicts.values().flatten().sum();
    eprintln!("{total} mutants, [refused, accepted] by change: {verdicts:#?}");
    assert!(total > 8_000, "{total}");
    let both = verdicts
        .values()
        .filter(|[refused, accepted]| *refused > 0 && *accepted > 0);
    assert!(both.count() >= 8, "{verdicts:?}");
}

/// The texts that documents hardly have, format by format.
#[test]
fn another_implementation_has_the_same_verdict_on_each_text() {
    let known = root().join("tests/data/bom_format_differences.toml");
    let known: Differences = toml::from_str(&std::fs::read_to_string(known).unwrap()).unwrap();
    let mut used = BTreeSet::new();
    let mut random = Random::new(7);
    let mut counts = [0; 2];
    for format in [
        Format::DateTime,
        Format::Date,
        Format::IriReference,
        Format::Uri,
        Format::IdnEmail,
    ] {
        let schema = serde_json::json!({"type": "string", "format": format.as_str()});
        let other = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft7)
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        let given = known.text.iter().map(|difference| difference.text.clone());
        for text in given.chain((0..20_000).map(|_| chance(format, &mut random))) {
            let ours = format.is_match(&text);
            counts[usize::from(ours)] += 1;
            if ours == other.is_valid(&Value::String(text.clone())) {
                continue;
            }
            let place = known.text.iter().position(|difference| {
                difference.format == format.as_str() && difference.text == text
            });
            let Some(place) = place else {
                panic!("{format:?} {text:?}: ours {ours}");
            };
            assert_eq!(known.text[place].ours, ours, "{text:?}");
            used.insert(place);
        }
    }
    eprintln!("[refused, accepted]: {counts:?}");
    assert!(counts.iter().all(|count| *count > 10_000), "{counts:?}");
    for (place, difference) in known.text.iter().enumerate() {
        assert!(used.contains(&place), "no difference: {}", difference.text);
        assert!(difference.reason.len() > 20, "{}", difference.text);
    }
}

/// Pieces of a format in an order that is right more often than chance.
fn chance(format: Format, random: &mut Random) -> String {
    let date = [
        "2024-02-29",
        "2023-02-29",
        "1900-02-29",
        "2016-12-31",
        "2024-13-01",
    ];
    let time = [
        "12:00:00", "23:59:60", "00:59:60", "24:00:00", "12:60:00", "12:00",
    ];
    let offset = [
        "Z", "z", "+01:00", "-23:59", "+24:00", "", "+0100", "+00:60",
    ];
    let fraction = ["", "", ".5", ".", ".123456789012", ",5"];
    let iri = [
        "http:",
        "urn:",
        "//",
        "/",
        "a",
        "b.example",
        "@",
        ":",
        ":80",
        "?",
        "#",
        "[::1]",
        "[v1.x]",
        "[1::2::3]",
        "[::1.2.3.4]",
        "[::256.1.1.1]",
        "%41",
        "%4g",
        "é",
        "\u{e000}",
        "\u{fdd0}",
        "\u{f0000}",
        "\u{1fffe}",
        "\u{e0000}",
        "\u{e1000}",
        " ",
        "\\",
        "|",
        "^",
        "`",
        "{",
        "<",
        "!",
        "$",
        "&",
        "'",
        "(",
        "*",
        "+",
        ",",
        ";",
        "=",
        "~",
        "_",
        "-",
        ".",
        "\t",
        "\"",
        "1",
    ];
    let local = [
        "a", "A1", ".", "+", "\"", " ", "\\\"", "é", "用", "_", "-", "!", "(", ",", "<",
    ];
    let domain = [
        "b",
        "c1",
        ".",
        "example",
        "-",
        "_",
        "é",
        "例え",
        "[127.0.0.1]",
        "[IPv6:::1]",
        " ",
        "xn--a",
    ];
    let mut pieces = |list: &[&str], most: usize| -> String {
        let count = 1 + random.below(most);
        (0..count).map(|_| *random.of(list)).collect()
    };
    match format {
        Format::Date => {
            let date = pieces(&date, 1);
            let tail = pieces(&["", "", "", "\n", "Z"], 1);
            format!("{date}{tail}")
        }
        Format::DateTime => {
            let (date, time) = (pieces(&date, 1), pieces(&time, 1));
            let (fraction, offset) = (pieces(&fraction, 1), pieces(&offset, 1));
            let between = pieces(&["T", "T", "T", "t", " ", ""], 1);
            format!("{date}{between}{time}{fraction}{offset}")
        }
        Format::IriReference => pieces(&iri, 8),
        Format::Uri => format!(
            "{}{}",
            pieces(&["http://", "urn:", "a+b:", ""], 1),
            pieces(&iri, 6)
        ),
        Format::IdnEmail => {
            let local = pieces(&local, 3);
            let domain = pieces(&domain, 4);
            format!("{local}@{domain}")
        }
    }
}
