//! The documents of `fixtures/make/jsf.py`, written with other libraries.

use std::collections::BTreeSet;

use super::*;

#[test]
fn good_documents_verify_under_the_keys_that_signed_them_and_no_others() {
    let mut algorithms = BTreeSet::new();
    let mut forms = BTreeSet::new();
    for case in cases("good") {
        let text = file(&format!("good/{}", case.file));
        assert!(is_signed_document(&text), "{}", case.file);
        let document = SignedDocument::parse(&text)
            .unwrap_or_else(|error| panic!("{} ({}): {error}", case.file, case.about));
        assert_eq!(
            answers(&document, &case.keys),
            case.verifies,
            "{}",
            case.file
        );
        assert!(case.verifies.iter().all(|verifies| *verifies));
        assert_eq!(document.spec_version(), "1.6");
        assert_eq!(
            document.serial_number(),
            Some("urn:uuid:8d0ea9c2-6d1c-4c57-9a2e-0c5a5e0f7b11")
        );
        for (signature, right) in document.signatures().iter().zip(&case.keys) {
            algorithms.insert(signature.algorithm().name());
            for wrong in KEYS.iter().filter(|name| *name != right) {
                assert!(!signature.verifies(&key(wrong)), "{}: {wrong}", case.file);
            }
            if let Some(embedded) = signature.embedded_key() {
                assert_eq!(embedded, key(right), "{}", case.file);
            }
        }
        forms.insert(document.form().to_string());
    }
    assert_eq!(algorithms.len(), 10, "{algorithms:?}");
    assert_eq!(forms.len(), 3, "{forms:?}");
}

#[test]
fn tampered_documents_verify_exactly_where_they_were_not_tampered_with() {
    for case in cases("tampered") {
        let text = file(&format!("tampered/{}", case.file));
        assert!(is_signed_document(&text));
        let document = SignedDocument::parse(&text)
            .unwrap_or_else(|error| panic!("{} ({}): {error}", case.file, case.about));
        assert_eq!(
            answers(&document, &case.keys),
            case.verifies,
            "{}",
            case.file
        );
        assert!(case.verifies.contains(&false), "{}", case.file);
        for signature in document.signatures() {
            if let Some(embedded) = signature.embedded_key()
                && !case.verifies.contains(&true)
            {
                assert!(!signature.verifies(embedded), "{}", case.file);
            }
        }
    }
}

#[test]
fn a_key_name_comes_out_as_it_stands() {
    let document = parse(&good("key-id")).unwrap();
    let [signature] = document.signatures() else {
        panic!("{document:?}");
    };
    assert_eq!(signature.key_id(), Some("https://example.com/keys/é€😀#1"));
    assert_eq!(signature.embedded_key(), None);
    assert_eq!(signature.certificate_path(), [[0; 0]; 0]);
}

#[test]
fn a_certificate_path_comes_out_in_order_and_its_key_verifies() {
    let document = parse(&good("certificate-path")).unwrap();
    let [signature] = document.signatures() else {
        panic!("{document:?}");
    };
    let certificates: Vec<_> = signature
        .certificate_path()
        .iter()
        .map(|der| crate::Certificate::from_der(der).unwrap())
        .collect();
    let [leaf, issuer] = certificates.as_slice() else {
        panic!("{certificates:?}");
    };
    assert_eq!(leaf.subject(), "CN=bom.example.com");
    assert!(leaf.is_signed_by(issuer));
    assert_eq!(
        leaf.public_key().unwrap(),
        crate::PublicKey::from_der(&key("es384")).unwrap()
    );
    assert!(signature.verifies(&key("es384")));
}

#[test]
fn what_is_excluded_is_named_and_missing_from_what_is_covered() {
    for name in ["excludes", "multiple-excludes", "chain-excludes"] {
        let document = parse(&good(name)).unwrap();
        assert_eq!(document.excludes(), ["vulnerabilities", "dependencies"]);
        let mut expected = good(name);
        let members = expected.as_object_mut().unwrap();
        for name in ["vulnerabilities", "dependencies", "signature"] {
            members.remove(name).unwrap();
        }
        let covered: Value = serde_json::from_slice(&document.covered_document()).unwrap();
        assert_eq!(covered, expected, "{name}");
    }
}

#[test]
fn nested_signatures_are_counted_and_the_document_s_own_is_not() {
    assert_eq!(parse(&good("nested")).unwrap().nested_signatures(), 2);
    assert_eq!(parse(&good("chain")).unwrap().nested_signatures(), 0);
}

#[test]
fn an_rsa_key_of_1024_bits_verifies_nothing() {
    let mut document: Value = serde_json::from_slice(&file("rsa-1024.json")).unwrap();
    let length = SignatureDefect::ValueLength {
        algorithm: JsfAlgorithm::Rs256,
        expected: "256 to 1024",
        found: 128,
    };
    let refused = |defect| JsfError::Signature {
        position: 1,
        defect,
    };
    assert_eq!(parse(&document).unwrap_err(), refused(length));
    // With a value of a good length the key is looked at.
    document["signature"]["value"] = good("rs256")["signature"]["value"].clone();
    let size = KeyDefect::ModulusSize { found: 1024 };
    assert_eq!(
        parse(&document).unwrap_err(),
        refused(SignatureDefect::Key(size))
    );
}

#[test]
fn a_key_with_a_false_algorithm_identifier_verifies_nothing() {
    // The same numbers under another name: the identifier of RSASSA-PSS, of another curve.
    for (name, from, to) in [
        ("rs256", &[0x0d, 1, 1, 1][..], &[0x0d, 1, 1, 10][..]),
        ("es256", &[0xce, 0x3d, 3, 1, 7], &[0xce, 0x3d, 3, 1, 6]),
        ("ed25519", &[0x2b, 0x65, 0x70], &[0x2b, 0x65, 0x6e]),
    ] {
        let document = parse(&good(name)).unwrap();
        let signature = &document.signatures()[0];
        let mut der = signature.embedded_key().unwrap().to_vec();
        assert!(signature.verifies(&der));
        let place = der
            .windows(from.len())
            .position(|window| window == from)
            .unwrap();
        der[place..place + to.len()].copy_from_slice(to);
        assert!(!signature.verifies(&der), "{name}");
        assert!(!signature.verifies(&[]), "{name}");
        der.push(0);
        assert!(!signature.verifies(&der), "{name}");
    }
}

#[test]
fn other_documents_do_not_look_signed() {
    for text in [
        "",
        "[]",
        "null",
        "{}",
        r#"{"bomFormat":"CycloneDX"}"#,
        r#"{"signature":{}}"#,
        r#"{"bomFormat":"SPDX","signature":{}}"#,
        r#"{"x":{"bomFormat":"CycloneDX","signature":{}}}"#,
        r#"[{"bomFormat":"CycloneDX","signature":{}}]"#,
    ] {
        assert!(!is_signed_document(text.as_bytes()), "{text}");
    }
    // Broken documents have to be reported, so they must not look unsigned.
    for text in [
        r#"{"bomFormat":"CycloneDX","signature":null"#,
        r#"{"signature":[],"bomFormat":"CycloneDX",}"#,
        r#"{"sign\u0061ture":[],"bomFormat":"Cyclone\u0044X","signature":1}"#,
        "\u{feff}{\"bomFormat\":\"CycloneDX\",\"signature\":{}}",
    ] {
        assert!(is_signed_document(text.as_bytes()), "{text}");
        assert!(SignedDocument::parse(text.as_bytes()).is_err(), "{text}");
    }
}

/// 32 signers over a document of some megabytes: one copy of it, each signer one reading.
#[test]
fn many_signers_over_a_large_document_take_time_in_proportion() {
    let mut document = good("multiple-one");
    let signer = document["signature"]["signers"][0].clone();
    document["signature"]["signers"] = vec![signer; MOST_SIGNATURES].into();
    document["components"] = (0..40_000)
        .map(|index| serde_json::json!({"type": "file", "name": format!("file {index}"), "b": 1, "a": 2}))
        .collect();
    let text = serde_json::to_vec(&document).unwrap();
    assert!(text.len() > 1 << 20);
    let began = std::time::Instant::now();
    let parsed = SignedDocument::parse(&text).unwrap();
    let keys: Vec<_> = KEYS.iter().map(|name| key(name)).collect();
    for signature in parsed.signatures() {
        assert!(!keys.iter().any(|key| signature.verifies(key)));
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
