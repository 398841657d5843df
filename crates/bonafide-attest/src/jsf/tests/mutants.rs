//! Systematic changes to good documents. None may verify, save those that the
//! specification leaves free, and these have to verify.

use serde_json::{Map, json};

use super::*;

/// Whether a document can be read and all of its signatures verify: under the
/// keys that it should be held against, in any order, and under its own.
fn verifies(text: &[u8]) -> bool {
    let Ok(document) = SignedDocument::parse(text) else {
        return false;
    };
    let keys: Vec<_> = KEYS.iter().map(|name| key(name)).collect();
    document.signatures().iter().all(|signature| {
        keys.iter().any(|key| signature.verifies(key))
            || signature
                .embedded_key()
                .is_some_and(|key| signature.verifies(key))
    })
}

/// Changes of a JSON value in place that change what it says.
fn changes(value: &Value) -> Vec<Value> {
    let mut changed = vec![json!(null), json!({"x": [1]})];
    match value {
        Value::String(text) => {
            changed.push(json!(format!("{text} ")));
            changed.push(json!(format!("\u{200b}{text}")));
            changed.push(json!(text.to_uppercase() + "x"));
        }
        Value::Number(number) => {
            changed.push(json!(number.to_string()));
            changed.push(json!(number.as_f64().unwrap() + 1.0));
            changed.push(json!(-number.as_f64().unwrap() - 0.5));
        }
        Value::Array(list) => {
            let mut longer = list.clone();
            longer.push(json!(0));
            changed.push(longer.into());
            changed.extend((list.len() > 1).then(|| list.iter().rev().cloned().collect()));
            changed.extend(
                (!list.is_empty()).then(|| list.iter().skip(1).cloned().collect::<Value>()),
            );
        }
        Value::Object(members) => {
            let mut more = members.clone();
            more.insert("extra".to_owned(), json!(1));
            changed.push(more.into());
            for name in members.keys() {
                let mut fewer = members.clone();
                fewer.remove(name);
                changed.push(fewer.into());
            }
        }
        Value::Bool(bool) => changed.push(json!(!bool)),
        Value::Null => changed.push(json!(false)),
    }
    changed.retain(|new| new != value);
    changed
}

/// Every place of a value, as JSON pointers (RFC 6901).
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{here}/{name}"), found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, &format!("{here}/{index}"), found);
            }
        }
        _ => (),
    }
}

/// The places whose change must be noticed.
fn covered_places(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    places(document, "", &mut found);
    let excludes: Vec<String> = document["signature"]["excludes"]
        .as_array()
        .map(|names| {
            names
                .iter()
                .map(|name| format!("/{}", name.as_str().unwrap()))
                .collect()
        })
        .unwrap_or_default();
    found.retain(|place| {
        !place.is_empty()
            && !excludes.iter().any(|name| place.starts_with(&**name))
            // Lists of signatures have tests of their own below.
            && !["/signature/signers", "/signature/chain", "/signature/excludes", "/signature"]
                .contains(&&**place)
            && !place.starts_with("/signature/excludes/")
    });
    found
}

#[test]
fn every_change_of_every_covered_value_is_noticed() {
    let mut count = 0;
    for name in [
        "es256",
        "ed25519",
        "rs256",
        "certificate-path",
        "excludes",
        "chain",
    ] {
        let document = good(name);
        assert!(verifies(&serde_json::to_vec(&document).unwrap()), "{name}");
        for place in covered_places(&document) {
            for change in changes(document.pointer(&place).unwrap()) {
                let mut mutant = document.clone();
                *mutant.pointer_mut(&place).unwrap() = change.clone();
                let text = serde_json::to_vec(&mutant).unwrap();
                assert!(!verifies(&text), "{name}: {place} became {change}");
                count += 1;
            }
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn every_top_level_property_that_is_gone_renamed_or_new_is_noticed() {
    let mut count = 0;
    for case in cases("good") {
        let document: Value =
            serde_json::from_slice(&file(&format!("good/{}", case.file))).unwrap();
        let excluded = document["signature"]["excludes"].clone();
        let members = document.as_object().unwrap();
        let mut mutants = Vec::new();
        for name in members.keys() {
            let mut fewer = members.clone();
            let value = fewer.remove(name).unwrap();
            mutants.push((format!("{name} gone"), fewer.clone()));
            fewer.insert(format!("{name}_"), value);
            mutants.push((format!("{name} renamed"), fewer));
        }
        for name in ["annotations", "a", "signatur", "signature2", "zzz", ""] {
            let mut more = members.clone();
            more.insert(name.to_owned(), json!([]));
            mutants.push((format!("{name} new"), more));
        }
        for (what, mutant) in mutants {
            assert!(
                !verifies(&serde_json::to_vec(&Value::Object(mutant)).unwrap()),
                "{}: {what} ({excluded})",
                case.file
            );
            count += 1;
        }
    }
    assert!(count > 400, "{count}");
}

#[test]
fn every_bit_of_a_signature_value_counts() {
    for name in ["es256", "es384", "es512", "ps256", "rs512", "ed25519"] {
        let document = good(name);
        let value = document["signature"]["value"].as_str().unwrap();
        let value = data_encoding::BASE64URL_NOPAD
            .decode(value.as_bytes())
            .unwrap();
        let key = parse(&document).unwrap().signatures()[0]
            .embedded_key()
            .unwrap()
            .to_vec();
        let step = value.len() / 16;
        for place in (0..value.len()).step_by(step) {
            let mut mutant = value.clone();
            mutant[place] ^= 1 << (place % 8);
            let mut document = document.clone();
            document["signature"]["value"] = json!(data_encoding::BASE64URL_NOPAD.encode(&mutant));
            let document = parse(&document).unwrap();
            assert!(
                !document.signatures()[0].verifies(&key),
                "{name}: byte {place}"
            );
        }
    }
}

#[test]
fn another_algorithm_with_the_same_key_is_noticed() {
    let family = ["ps256", "ps384", "ps512", "rs256", "rs384", "rs512"];
    for name in family {
        for other in family.iter().filter(|other| **other != name) {
            let mut document = good(name);
            document["signature"]["algorithm"] = json!(other.to_uppercase());
            assert!(parse(&document).is_ok());
            assert!(
                !verifies(&serde_json::to_vec(&document).unwrap()),
                "{name} as {other}"
            );
        }
    }
}

#[test]
fn another_key_name_or_key_is_noticed() {
    let stranger = good("key-id");
    for (name, change) in [
        (
            "key-id",
            json!({"keyId": "https://example.com/keys/e\u{301}€😀#1"}),
        ),
        ("es256", json!({"keyId": "release"})),
        (
            "bare",
            json!({"publicKey": good("ps256")["signature"]["publicKey"]}),
        ),
        (
            "bare",
            json!({"certificatePath": good("certificate-path")["signature"]["certificatePath"]}),
        ),
    ] {
        let mut document = good(name);
        for (member, value) in change.as_object().unwrap() {
            document["signature"][member] = value.clone();
        }
        assert!(parse(&document).is_ok(), "{name}");
        assert!(
            !verifies(&serde_json::to_vec(&document).unwrap()),
            "{name}: {change}"
        );
    }
    let mut document = good("es256");
    document["signature"] = stranger["signature"].clone();
    document["version"] = json!(2);
    assert!(!verifies(&serde_json::to_vec(&document).unwrap()));
}

#[test]
fn a_chain_keeps_its_order_and_its_beginning() {
    for name in ["chain", "chain-excludes"] {
        let document = good(name);
        let links = document["signature"]["chain"].as_array().unwrap();
        let with = |order: &[usize]| {
            let mut mutant = document.clone();
            mutant["signature"]["chain"] =
                order.iter().map(|index| links[*index].clone()).collect();
            verifies(&serde_json::to_vec(&mutant).unwrap())
        };
        assert!(with(&[0, 1, 2]));
        for order in [
            &[0, 2, 1][..],
            &[1, 0, 2],
            &[1, 2, 0],
            &[2, 0, 1],
            &[2, 1, 0],
            &[1],
            &[2],
            &[0, 2],
            &[1, 2],
            &[0, 0],
            &[0, 0, 1],
            &[0, 1, 1],
            &[0, 1, 2, 2],
            &[0, 1, 2, 0],
        ] {
            assert!(!with(order), "{order:?}");
        }
        // The specification's limit: what comes last can be cut off.
        assert!(with(&[0]) && with(&[0, 1]));
    }
}

#[test]
fn one_form_does_not_pass_for_another() {
    let forms = |core: &Value| {
        [
            core.clone(),
            json!({"signers": [core]}),
            json!({"chain": [core]}),
        ]
    };
    for (name, right, core) in [
        ("es256", 0, good("es256")["signature"].clone()),
        (
            "multiple-one",
            1,
            good("multiple-one")["signature"]["signers"][0].clone(),
        ),
        (
            "chain-one",
            2,
            good("chain-one")["signature"]["chain"][0].clone(),
        ),
    ] {
        for (form, signature) in forms(&core).into_iter().enumerate() {
            let mut document = good(name);
            document["signature"] = signature;
            assert!(parse(&document).is_ok(), "{name}");
            assert_eq!(
                verifies(&serde_json::to_vec(&document).unwrap()),
                form == right,
                "{name} as form {form}"
            );
        }
    }
}

/// The specification's limits for `signers`: each signature stands alone.
#[test]
fn independent_signers_can_be_reordered_left_out_and_repeated_but_not_changed() {
    let document = good("multiple");
    let signers = document["signature"]["signers"].as_array().unwrap();
    let with = |list: Vec<Value>| {
        let mut mutant = document.clone();
        mutant["signature"]["signers"] = list.into();
        verifies(&serde_json::to_vec(&mutant).unwrap())
    };
    assert!(with(signers.iter().rev().cloned().collect()));
    assert!(with(signers[1..].to_vec()));
    assert!(with([signers.clone(), signers.clone()].concat()));
    for index in 0..signers.len() {
        for (name, value) in [
            ("keyId", json!("other")),
            ("value", signers[(index + 1) % 3]["value"].clone()),
            ("algorithm", json!("RS384")),
        ] {
            let mut list = signers.clone();
            list[index][name] = value;
            assert!(!with(list), "{index}: {name}");
        }
    }
}

/// The specification's limit for `excludes`, and where it ends.
#[test]
fn excluded_properties_can_change_and_be_added_but_covered_ones_cannot_become_excluded() {
    for name in ["excludes", "multiple-excludes", "chain-excludes"] {
        let document = good(name);
        let text = |document: &Value| serde_json::to_vec(document).unwrap();
        let mut free = document.clone();
        free["vulnerabilities"] = json!([{"id": "CVE-1"}]);
        assert!(verifies(&text(&free)), "{name}");
        // Unsigned, as is the list: so it is returned, for the caller to refuse.
        free["annotations"] = json!([]);
        free["signature"]["excludes"] = json!(["annotations", "dependencies", "vulnerabilities"]);
        assert!(verifies(&text(&free)), "{name}");
        assert_eq!(parse(&free).unwrap().excludes().len(), 3);

        for excludes in [
            json!(["vulnerabilities"]),
            json!(["dependencies"]),
            json!(["dependencies", "vulnerabilities", "components"]),
            json!(["dependencies", "vulnerabilities", "metadata"]),
            json!(["dependencies", "vulnerabilities", "$schema"]),
            json!(["dependencies", "metadata"]),
            json!(["components"]),
        ] {
            let mut mutant = document.clone();
            mutant["signature"]["excludes"] = excludes.clone();
            assert!(parse(&mutant).is_ok());
            assert!(!verifies(&text(&mutant)), "{name}: {excludes}");
        }
        let mut mutant = document.clone();
        mutant["signature"]
            .as_object_mut()
            .unwrap()
            .remove("excludes");
        assert!(!verifies(&text(&mutant)), "{name}");
    }
}

/// The same document in other words: names reversed, white space, escapes.
fn reworded(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            out.push_str("\t{ \r\n");
            for (index, (name, value)) in reversed(members).enumerate() {
                if index > 0 {
                    out.push_str(" ,\n");
                }
                escaped(name, out);
                out.push_str(" :\t");
                reworded(value, out);
            }
            out.push_str("\n} ");
        }
        Value::Array(list) => {
            out.push_str("[ ");
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    out.push_str("\r,");
                }
                reworded(value, out);
            }
            out.push_str(" ]");
        }
        Value::String(text) => escaped(text, out),
        Value::Number(number) => out.push_str(&format!("{:e}", number.as_f64().unwrap())),
        other => out.push_str(&other.to_string()),
    }
}

fn reversed(members: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let mut members: Vec<_> = members.iter().collect();
    members.reverse();
    members.into_iter()
}

fn escaped(text: &str, out: &mut String) {
    out.push('"');
    for unit in text.encode_utf16() {
        out.push_str(&format!("\\u{unit:04X}"));
    }
    out.push('"');
}

#[test]
fn other_words_for_the_same_document_verify() {
    for case in cases("good") {
        let text = file(&format!("good/{}", case.file));
        let document: Value = serde_json::from_slice(&text).unwrap();
        let mut other = String::new();
        reworded(&document, &mut other);
        let mut texts = vec![
            serde_json::to_vec(&document).unwrap(),
            serde_json::to_vec_pretty(&document).unwrap(),
            other.into_bytes(),
        ];
        let canonical = super::super::canonical::canonical(&text).unwrap();
        if case.file.starts_with("edges-") {
            // A double beyond 2^53 is canonically written as an integer, and such are refused.
            let literal = "123456789012345680000".to_owned();
            assert_eq!(
                SignedDocument::parse(&canonical).unwrap_err(),
                JsfError::Json(JsonDefect::InexactInteger { literal })
            );
        } else {
            texts.push(canonical);
        }
        for text in texts {
            let parsed = SignedDocument::parse(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", case.file));
            assert_eq!(answers(&parsed, &case.keys), case.verifies, "{}", case.file);
        }
    }
}
