//! Each way to be wrong has its own answer.

use serde_json::json;

use super::*;

/// What a good document is answered after a change to it.
fn refusal(name: &str, change: impl FnOnce(&mut Value)) -> JsfError {
    let mut document = good(name);
    change(&mut document);
    parse(&document).expect_err(name)
}

/// What its only signature is answered.
fn defect(name: &str, change: impl FnOnce(&mut Value)) -> SignatureDefect {
    match refusal(name, |document| change(&mut document["signature"])) {
        JsfError::Signature {
            position: 1,
            defect,
        } => defect,
        other => panic!("{other:?}"),
    }
}

fn key_defect(name: &str, change: impl FnOnce(&mut Value)) -> KeyDefect {
    match defect(name, |signature| change(&mut signature["publicKey"])) {
        SignatureDefect::Key(defect) => defect,
        other => panic!("{other:?}"),
    }
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name).unwrap();
}

#[test]
fn algorithms_that_are_not_checked() {
    for name in ["HS256", "HS384", "HS512"] {
        assert_eq!(
            defect("es256", |signature| signature["algorithm"] = json!(name)),
            SignatureDefect::SharedSecret {
                name: name.to_owned()
            }
        );
    }
    let with = |name| {
        defect("es256", move |signature| {
            signature["algorithm"] = json!(name)
        })
    };
    assert_eq!(with("none"), SignatureDefect::Unsigned);
    assert_eq!(with("Ed448"), SignatureDefect::Ed448);
    let found = "https://example.com/rot13".to_owned();
    assert_eq!(
        with("https://example.com/rot13"),
        SignatureDefect::UnknownAlgorithm { found }
    );
    assert_eq!(
        defect("es256", |signature| signature["algorithm"] =
            json!(["ES256"])),
        SignatureDefect::WrongType {
            name: "algorithm",
            expected: "a string"
        }
    );
    for name in ["algorithm", "value"] {
        assert_eq!(
            defect("es256", |signature| remove(signature, name)),
            SignatureDefect::Missing { name }
        );
    }
}

#[test]
fn values_in_another_writing_or_length() {
    let value = |name: &str| {
        good(name)["signature"]["value"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let with = |name: &str, text: String| {
        defect(name, |signature| signature["value"] = Value::String(text))
    };
    let base64 = SignatureDefect::Base64 { name: "value" };
    let text = value("es256");
    assert_eq!(with("es256", format!("{text}==")), base64);
    assert_eq!(with("es256", format!("{text}\n")), base64);
    assert_eq!(with("es256", format!("+/{}", &text[2..])), base64);
    // 64 bytes leave four bits in the last character, which have to be zero.
    let last = text.chars().last().unwrap();
    assert!("AQgw".contains(last), "{last}");
    let loose = char::from(u8::try_from(last).unwrap() + 1);
    assert_eq!(with("es256", format!("{}{loose}", &text[..85])), base64);

    let length = |algorithm, expected, found| SignatureDefect::ValueLength {
        algorithm,
        expected,
        found,
    };
    assert_eq!(
        with("es256", String::new()),
        length(JsfAlgorithm::Es256, "64", 0)
    );
    assert_eq!(
        with("es256", value("es384")),
        length(JsfAlgorithm::Es256, "64", 96)
    );
    assert_eq!(
        with("es384", value("es512")),
        length(JsfAlgorithm::Es384, "96", 132)
    );
    assert_eq!(
        with("es512", value("es256")),
        length(JsfAlgorithm::Es512, "132", 64)
    );
    assert_eq!(
        with("ed25519", value("rs256")),
        length(JsfAlgorithm::Ed25519, "64", 256)
    );
    assert_eq!(
        with("ps256", value("es256")),
        length(JsfAlgorithm::Ps256, "256 to 1024", 64)
    );
    // The ASN.1 form of an ECDSA signature (70 bytes here) is not JWA's.
    let der = data_encoding::BASE64URL_NOPAD.encode(&[0x30; 70]);
    assert_eq!(with("es256", der), length(JsfAlgorithm::Es256, "64", 70));
}

#[test]
fn properties_that_a_signature_may_not_have() {
    let name = "x".to_owned();
    assert_eq!(
        defect("es256", |signature| signature["x"] = json!(1)),
        SignatureDefect::UnknownProperty { name }
    );
    assert_eq!(
        defect("key-id", |signature| signature["keyId"] = json!(7)),
        SignatureDefect::WrongType {
            name: "keyId",
            expected: "a string"
        }
    );
    assert_eq!(
        defect("key-id", |signature| signature["keyId"] =
            json!("k".repeat(4097))),
        SignatureDefect::KeyIdLength {
            found: 4097,
            limit: 4096
        }
    );
    assert_eq!(
        defect("es256", |signature| signature["publicKey"] = json!("key")),
        SignatureDefect::WrongType {
            name: "publicKey",
            expected: "an object"
        }
    );
    assert_eq!(
        defect("es256", |signature| signature["certificatePath"] =
            json!(["AA"])),
        SignatureDefect::TwoKeys
    );
}

#[test]
fn certificate_paths() {
    let with = |path: Value| {
        defect("certificate-path", |signature| {
            signature["certificatePath"] = path;
        })
    };
    let length = |found| SignatureDefect::PathLength { found, limit: 16 };
    assert_eq!(with(json!([])), length(0));
    assert_eq!(with(json!(vec!["AA"; 17])), length(17));
    let name = "certificatePath";
    assert_eq!(with(json!(["AA="])), SignatureDefect::Base64 { name });
    assert_eq!(
        with(json!("AA")),
        SignatureDefect::WrongType {
            name,
            expected: "a list of strings"
        }
    );
    assert_eq!(
        with(json!([1])),
        SignatureDefect::WrongType {
            name,
            expected: "a string"
        }
    );
}

#[test]
fn keys_that_do_not_go_with_the_algorithm() {
    for (document, other, algorithm, found) in [
        ("es256", "es384", JsfAlgorithm::Es256, KeyKind::P384),
        ("es384", "es256", JsfAlgorithm::Es384, KeyKind::P256),
        ("es512", "rs256", JsfAlgorithm::Es512, KeyKind::Rsa),
        ("rs256", "es512", JsfAlgorithm::Rs256, KeyKind::P521),
        ("ps512", "ed25519", JsfAlgorithm::Ps512, KeyKind::Ed25519),
        ("ed25519", "es256", JsfAlgorithm::Ed25519, KeyKind::P256),
    ] {
        let key = good(other)["signature"]["publicKey"].clone();
        assert_eq!(
            defect(document, |signature| signature["publicKey"] = key),
            SignatureDefect::KeyMismatch { algorithm, found }
        );
    }
}

#[test]
fn keys_that_are_none() {
    for name in ["kty", "crv", "x", "y"] {
        assert_eq!(
            key_defect("es256", |key| remove(key, name)),
            KeyDefect::Member { name }
        );
    }
    for name in ["n", "e"] {
        assert_eq!(
            key_defect("rs256", |key| key[name] = json!(65537)),
            KeyDefect::Member { name }
        );
        assert_eq!(
            key_defect("rs256", |key| key[name] = json!("AQAB==")),
            KeyDefect::Base64 { name }
        );
        assert_eq!(
            key_defect("rs256", |key| key[name] = json!("")),
            KeyDefect::PaddedInteger { name }
        );
        assert_eq!(
            key_defect("rs256", |key| key[name] = json!("AAEA")),
            KeyDefect::PaddedInteger { name }
        );
    }
    // A private member has no business here, and "alg" or "use" neither.
    for name in ["d", "alg", "kid", "use"] {
        let found = name.to_owned();
        assert_eq!(
            key_defect("es256", |key| key[name] = json!("AQ")),
            KeyDefect::UnknownMember { name: found }
        );
    }
    let found = "oct".to_owned();
    assert_eq!(
        key_defect("es256", |key| key["kty"] = json!("oct")),
        KeyDefect::UnknownType { found }
    );
    for (document, curve) in [
        ("es256", "secp256k1"),
        ("es256", "Ed25519"),
        ("ed25519", "Ed448"),
        ("ed25519", "X25519"),
    ] {
        let found = curve.to_owned();
        assert_eq!(
            key_defect(document, |key| key["crv"] = json!(curve)),
            KeyDefect::UnknownCurve { found }
        );
    }
}

#[test]
fn coordinates_of_another_size_or_off_the_curve() {
    let short = data_encoding::BASE64URL_NOPAD.encode(&[1; 31]);
    for (document, name, expected) in [
        ("es256", "x", 32),
        ("es384", "y", 48),
        ("es512", "x", 66),
        ("ed25519", "x", 32),
    ] {
        assert_eq!(
            key_defect(document, |key| key[name] = json!(short)),
            KeyDefect::CoordinateLength {
                name,
                expected,
                found: 31
            }
        );
    }
    let invalid = |kind| KeyDefect::Invalid { kind };
    assert_eq!(
        key_defect("es256", |key| key["x"] = key["y"].take()),
        KeyDefect::Member { name: "y" }
    );
    assert_eq!(
        key_defect("es256", |key| key["x"] = key["y"].clone()),
        invalid(KeyKind::P256)
    );
    // The neutral element and another point of small order: signatures under them prove nothing.
    for point in [[&[1][..], &[0; 31]].concat(), vec![0; 32]] {
        let text = data_encoding::BASE64URL_NOPAD.encode(&point);
        assert_eq!(
            key_defect("ed25519", |key| key["x"] = json!(text)),
            invalid(KeyKind::Ed25519)
        );
    }
    assert_eq!(
        key_defect("rs256", |key| key["e"] = json!("Ag")),
        invalid(KeyKind::Rsa)
    );
    let size = |bytes: &[u8]| {
        let text = data_encoding::BASE64URL_NOPAD.encode(bytes);
        key_defect("rs256", |key| key["n"] = json!(text))
    };
    assert_eq!(size(&[0x7f; 256]), KeyDefect::ModulusSize { found: 2047 });
    assert_eq!(size(&[0xff; 1025]), KeyDefect::ModulusSize { found: 8200 });
}

#[test]
fn lists_of_signatures() {
    for (document, place) in [("multiple", "signers"), ("chain", "chain")] {
        let with = |list: Value| refusal(document, |bom| bom["signature"][place] = list);
        assert_eq!(with(json!([])), JsfError::Empty { place });
        let core = good(document)["signature"][place][0].clone();
        assert_eq!(
            with(vec![core; MOST_SIGNATURES + 1].into()),
            JsfError::TooManySignatures {
                place,
                found: 33,
                limit: 32
            }
        );
        let expected = "a list of signatures";
        assert_eq!(with(json!({})), JsfError::WrongType { place, expected });
        let name = "algorithm".to_owned();
        assert_eq!(
            refusal(document, |bom| bom["signature"]["algorithm"] =
                json!("ES256")),
            JsfError::UnknownProperty { name }
        );
        assert_eq!(
            refusal(document, |bom| bom["signature"][place][1] = json!("x")),
            JsfError::Signature {
                position: 2,
                defect: SignatureDefect::WrongType {
                    name: "signature",
                    expected: "an object"
                }
            }
        );
        for name in ["excludes", "extensions"] {
            assert_eq!(
                refusal(document, |bom| bom["signature"][place][2][name] =
                    json!(["x"])),
                JsfError::Signature {
                    position: 3,
                    defect: SignatureDefect::MisplacedOption { name }
                }
            );
        }
    }
    assert_eq!(
        refusal("multiple", |bom| bom["signature"]["chain"] = json!([])),
        JsfError::MixedForms
    );
}

#[test]
fn excludes_and_extensions() {
    for document in ["excludes", "multiple-excludes", "chain-excludes"] {
        let with = |list: Value| refusal(document, |bom| bom["signature"]["excludes"] = list);
        let named = |name: &str| name.to_owned();
        let wrong = JsfError::WrongType {
            place: "excludes",
            expected: "a list of names",
        };
        assert_eq!(with(json!([])), JsfError::Empty { place: "excludes" });
        assert_eq!(with(json!("vulnerabilities")), wrong);
        assert_eq!(with(json!([1])), wrong);
        let name = named("dependencies");
        assert_eq!(
            with(json!(["dependencies", "vulnerabilities", "dependencies"])),
            JsfError::RepeatedExclude { name }
        );
        let name = named("absent");
        assert_eq!(
            with(json!(["vulnerabilities", "absent"])),
            JsfError::AbsentExclude { name }
        );
        assert_eq!(with(json!(["signature"])), JsfError::ExcludedSignature);
        for name in IDENTITY {
            assert_eq!(with(json!([name])), JsfError::ExcludedIdentity { name });
        }
    }
    for document in ["es256", "multiple", "chain"] {
        let with = |list: Value| refusal(document, |bom| bom["signature"]["extensions"] = list);
        let name = "a\\u{1b}".to_owned();
        assert_eq!(with(json!(["a\u{1b}"])), JsfError::Extension { name });
        assert_eq!(
            with(json!([])),
            JsfError::Empty {
                place: "extensions"
            }
        );
        assert_eq!(
            with(json!({})),
            JsfError::WrongType {
                place: "extensions",
                expected: "a list of names"
            }
        );
    }
}

#[test]
fn documents_that_are_something_else() {
    assert_eq!(
        refusal("es256", |bom| remove(bom, "signature")),
        JsfError::NoSignature
    );
    for value in [json!(null), json!("x"), json!([{}]), json!(1)] {
        assert_eq!(
            refusal("es256", |bom| bom["signature"] = value),
            JsfError::WrongType {
                place: "signature",
                expected: "an object"
            }
        );
    }
    let found = "missing".to_owned();
    assert_eq!(
        refusal("es256", |bom| remove(bom, "bomFormat")),
        JsfError::NotCycloneDx { found }
    );
    let found = "`cyclonedx`".to_owned();
    assert_eq!(
        refusal("es256", |bom| bom["bomFormat"] = json!("cyclonedx")),
        JsfError::NotCycloneDx { found }
    );
    assert_eq!(
        refusal("es256", |bom| remove(bom, "specVersion")),
        JsfError::Identity {
            name: "specVersion"
        }
    );
    for name in ["bomFormat", "specVersion", "serialNumber"] {
        assert_eq!(
            refusal("es256", |bom| bom[name] = json!(1.6)),
            JsfError::Identity { name }
        );
    }
    assert_eq!(
        SignedDocument::parse(b"[]").unwrap_err(),
        JsfError::Json(JsonDefect::Syntax {
            expected: "an object",
            position: 0
        })
    );
    let padding = "k".repeat(5 << 20);
    let error = refusal("key-id", |bom| bom["signature"]["keyId"] = json!(padding));
    assert!(
        matches!(error, JsfError::TooLarge { found, limit } if found > limit),
        "{error}"
    );
}

#[test]
fn a_document_without_a_name_is_a_document() {
    let mut document = good("es256");
    remove(&mut document, "serialNumber");
    let document = parse(&document).unwrap();
    assert_eq!(document.serial_number(), None);
    assert!(!document.signatures()[0].verifies(&key("es256")));
}

#[test]
fn the_same_name_twice_wherever_it_is() {
    let text = String::from_utf8(file("good/nested.json")).unwrap();
    for (name, first, second) in [
        (
            "version",
            "\"version\": 1,",
            "\"version\": 1, \"version\": 1,",
        ),
        (
            "type",
            "\"type\": \"data\"",
            "\"type\": \"data\", \"type\": \"data\"",
        ),
        (
            "kty",
            "\"kty\": \"OKP\"",
            "\"kty\": \"OKP\", \"kty\": \"OKP\"",
        ),
        (
            "algorithm",
            "\"algorithm\": \"Ed25519\"",
            "\"algorithm\": \"none\", \"algorithm\": \"Ed25519\"",
        ),
        (
            "signature",
            "\"specVersion\"",
            "\"signature\": {}, \"specVersion\"",
        ),
        (
            "bomFormat",
            "\"specVersion\"",
            "\"bomForma\\u0074\": \"CycloneDX\", \"specVersion\"",
        ),
    ] {
        let doubled = text.replacen(first, second, 1);
        assert_ne!(doubled, text, "{name}");
        assert!(is_signed_document(doubled.as_bytes()));
        assert_eq!(
            SignedDocument::parse(doubled.as_bytes()).unwrap_err(),
            JsfError::Json(JsonDefect::DuplicateName {
                name: name.to_owned()
            })
        );
    }
}

#[test]
fn every_answer_reads_as_a_line_without_control_characters() {
    let hostile = "\u{1b}[2J\n\u{202e}";
    let errors = [
        refusal("es256", |bom| bom["bomFormat"] = json!(hostile)),
        refusal("es256", |bom| {
            bom["signature"]["algorithm"] = json!(hostile)
        }),
        refusal("es256", |bom| bom["signature"][hostile] = json!(1)),
        refusal("multiple", |bom| bom["signature"][hostile] = json!(1)),
        refusal("es256", |bom| {
            bom["signature"]["excludes"] = json!([hostile])
        }),
        refusal("es256", |bom| {
            bom["signature"]["publicKey"][hostile] = json!("")
        }),
        refusal("es256", |bom| {
            bom["signature"]["publicKey"]["crv"] = json!(hostile)
        }),
        refusal("es256", |bom| {
            bom["signature"]["publicKey"]["kty"] = json!(hostile)
        }),
    ];
    for error in errors {
        let line = error.to_string();
        assert!(line.len() > 10, "{line}");
        assert!(!line.contains(['\u{1b}', '\n', '\u{202e}']), "{line:?}");
    }
}
