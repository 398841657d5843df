//! Documents with one thing changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::fuzzing::random::Random;

/// What was changed, in a word; verdicts are counted by it.
pub type Change = &'static str;

/// Text at the edge of some format, pattern or list.
const TEXTS: [&str; 91] = [
    "",
    " ",
    "\n",
    "a",
    "a b",
    "é",
    "Apache-2.0",
    "apache-2.0",
    "GPL-2.0-with-classpath-exception",
    "Classpath-exception-2.0",
    "LicenseRef-x",
    "SHA-256",
    "sha-256",
    "BLAKE3",
    "Streebog-256",
    "library",
    "machine-learning-model",
    "cryptographic-asset",
    "model-card",
    "poam",
    "citation",
    "complete",
    "other",
    "unknown",
    "AES",
    "P-256",
    "secp256r1",
    "nist/P-256",
    "ES256",
    "EC",
    "OKP",
    "0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef\n",
    "0123456789ABCDEF0123456789abcdef01234567",
    "0123456789abcdef0123456789abcdef0",
    "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79",
    "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\n",
    "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1",
    "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/0",
    "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a",
    "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a b",
    "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#\u{2028}",
    "2024-02-29T12:00:00Z",
    "2023-02-29T12:00:00Z",
    "2024-02-29T12:00:00",
    "2024-02-29t12:00:00.5+01:30",
    "2024-02-29 12:00:00Z",
    "2016-12-31T23:59:60Z",
    "2016-12-31T22:59:60Z",
    "2017-01-01T00:59:60+01:00",
    "2024-02-29T24:00:00Z",
    "2024-02-29T12:00:00+24:00",
    "2024-02-29",
    "2023-02-29",
    "24-02-29",
    "https://example.org/a?b=c#d",
    "https://example.org/a b",
    "https://[::1]:80/",
    "https://[::g]/",
    "https://[v1.a]/",
    "https://example.org:port/",
    "https://exämple.org/ü?\u{e000}",
    "https://example.org/#\u{e000}",
    "https://example.org/\u{fdd0}",
    "//example.org",
    "a:b:c",
    "1a:b",
    "git@example.org:owner/name.git",
    "%41",
    "%4",
    "a\\b",
    "a#b#c",
    "<a>",
    "a@b",
    "a@b.example",
    "a b@c.example",
    "\"a b\"@c.example",
    "a@-b.example",
    "a@b..example",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "用户@例え.jp",
    "a@b@c",
    "en",
    "en-US",
    "EN",
    "CRE:1-2",
    "US",
    "application/zip",
    "application/ZIP",
];

const NUMBERS: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    6.0,
    7.0,
    1e-9,
    1.000_000_1,
    65_536.0,
    1e15,
    -1e15,
];

/// Values to put in place of others: those that documents have under a name.
#[derive(Default)]
pub struct Pool(BTreeMap<String, Vec<Value>>);

impl Pool {
    pub fn add(&mut self, document: &Value) {
        match document {
            Value::Object(members) => {
                for (name, value) in members {
                    let known = self.0.entry(name.clone()).or_default();
                    if known.len() < 40 && !known.contains(value) {
                        known.push(value.clone());
                    }
                    self.add(value);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.add(value)),
            _ => {}
        }
    }

    fn any(&self, random: &mut Random) -> (&str, &Value) {
        let (name, values) = self.0.iter().nth(random.below(self.0.len())).unwrap();
        (name, random.of(values))
    }
}

/// Pointers to every value, the document itself excluded.
pub fn places(document: &Value) -> Vec<String> {
    fn walk(value: &Value, here: &str, found: &mut Vec<String>) {
        if !here.is_empty() {
            found.push(here.to_owned());
        }
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let step = name.replace('~', "~0").replace('/', "~1");
                    walk(value, &format!("{here}/{step}"), found);
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    walk(value, &format!("{here}/{index}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found
}

/// The document with one change somewhere.
pub fn mutated(document: &Value, pool: &Pool, random: &mut Random) -> (Change, Value) {
    let mut mutant = document.clone();
    let places = places(document);
    loop {
        let place = random.of(&places);
        let number = random.below(CHANGES.len());
        let (name, change) = CHANGES[number];
        if change(&mut mutant, place, pool, random) {
            return (name, mutant);
        }
        mutant.clone_from(document);
    }
}

/// Changes the document; false if there is nothing to change so at that place.
type Method = fn(&mut Value, &str, &Pool, &mut Random) -> bool;

const CHANGES: [(Change, Method); 14] = [
    ("remove a member", |document, place, _, _| {
        object_around(document, place)
            .is_some_and(|(members, name)| members.remove(&name).is_some())
    }),
    ("rename a member", |document, place, pool, random| {
        object_around(document, place).is_some_and(|(members, name)| {
            let value = members.remove(&name).unwrap();
            let other = match random.below(2) {
                0 => pool.any(random).0.to_owned(),
                _ => format!("{name}s"),
            };
            members.insert(other, value);
            true
        })
    }),
    ("add an unknown member", |document, place, _, random| {
        let name = *random.of(&["x", "", "Type", "$schema", "comment"]);
        at(document, place)
            .as_object_mut()
            .is_some_and(|members| members.insert(name.to_owned(), json!("x")).is_none())
    }),
    ("add a known member", |document, place, pool, random| {
        let (name, value) = pool.any(random);
        at(document, place)
            .as_object_mut()
            .is_some_and(|members| members.insert(name.to_owned(), value.clone()).is_none())
    }),
    ("another type", |document, place, _, random| {
        let others = [
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(1.0),
            json!(""),
            json!([]),
            json!({}),
            json!([""]),
            json!({"": ""}),
        ];
        replace(document, place, random.of(&others).clone())
    }),
    ("another text", |document, place, _, random| {
        let text = *random.of(&TEXTS);
        at(document, place).is_string() && replace(document, place, json!(text))
    }),
    ("text changed a little", |document, place, _, random| {
        let Some(text) = at(document, place).as_str().map(str::to_owned) else {
            return false;
        };
        let changed = match random.below(7) {
            0 => format!("{text}\n"),
            1 => format!(" {text}"),
            2 => text.to_uppercase(),
            3 => text.chars().skip(1).collect(),
            4 => format!("{text}%"),
            5 => text.replace('-', "_"),
            _ => format!("{text}\u{e000}"),
        };
        replace(document, place, json!(changed))
    }),
    ("long text", |document, place, _, random| {
        let length = *random.of(&[30, 31, 64, 1024, 1025, 4096, 4097]);
        let letter = *random.of(&["a", "é", "1"]);
        at(document, place).is_string() && replace(document, place, json!(letter.repeat(length)))
    }),
    ("another number", |document, place, _, random| {
        let number = *random.of(&NUMBERS);
        at(document, place).is_number() && replace(document, place, json!(number))
    }),
    ("another boolean", |document, place, _, _| {
        let Some(value) = at(document, place).as_bool() else {
            return false;
        };
        replace(document, place, json!(!value))
    }),
    ("an element twice", |document, place, _, random| {
        at(document, place).as_array_mut().is_some_and(|list| {
            let Some(element) = list.get(random.below(list.len())) else {
                return false;
            };
            // Equal in another order too.
            let mut copy = element.clone();
            if let Some(members) = copy.as_object_mut() {
                *members = members.clone().into_iter().rev().collect();
            }
            list.push(copy);
            true
        })
    }),
    ("an empty list", |document, place, _, _| {
        at(document, place).is_array() && replace(document, place, json!([]))
    }),
    ("a value from elsewhere", |document, place, pool, random| {
        let value = pool.any(random).1.clone();
        replace(document, place, value)
    }),
    (
        "a value of the same name",
        |document, place, pool, random| {
            let Some((members, name)) = object_around(document, place) else {
                return false;
            };
            let Some(values) = pool.0.get(&name) else {
                return false;
            };
            let value = random.of(values).clone();
            members.insert(name, value.clone()) != Some(value)
        },
    ),
];

fn at<'v>(document: &'v mut Value, place: &str) -> &'v mut Value {
    document.pointer_mut(place).unwrap()
}

fn replace(document: &mut Value, place: &str, value: Value) -> bool {
    let before = std::mem::replace(at(document, place), value);
    before != *at(document, place)
}

/// The object that the place is a member of, and the name of the member.
fn object_around<'v>(
    document: &'v mut Value,
    place: &str,
) -> Option<(&'v mut Map<String, Value>, String)> {
    let (around, name) = place.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    let members = document.pointer_mut(around)?.as_object_mut()?;
    Some((members, name))
}
