//! Documents that we sign: held against our own verifier, against another
//! canonicalizer, and against the text that they were made from.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    EcdsaKeyPair, EcdsaSigningAlgorithm, UnparsedPublicKey, VerificationAlgorithm,
};
use data_encoding::BASE64URL_NOPAD;

use super::*;
use crate::SigningKey;
use crate::key::fixtures::{ED25519_PRIVATE, P256_PRIVATE, RSA_PRIVATE};

const TEXT: &str = "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n  \"zebra\": [1.50, \"\\u00e9\\n\"]\n}\n";

fn signing_key(pem: &str) -> SigningKey {
    SigningKey::from_pem(pem.as_bytes(), None).unwrap()
}

fn generated(algorithm: &'static EcdsaSigningAlgorithm) -> SigningKey {
    let pair = EcdsaKeyPair::generate(algorithm).unwrap();
    let der = pair.to_pkcs8v1().unwrap();
    signing_key(&pem::encode(&pem::Pem::new("PRIVATE KEY", der.as_ref())))
}

fn named(id: &str) -> SignatureRequest {
    SignatureRequest {
        key_id: Some(id.to_owned()),
        ..SignatureRequest::default()
    }
}

const REPLACE: SignatureRequest = SignatureRequest {
    key_id: None,
    earlier: EarlierSignature::Replace,
};

fn signed(text: &str, key: &SigningKey, request: &SignatureRequest) -> String {
    String::from_utf8(sign(text.as_bytes(), key, request).unwrap()).unwrap()
}

/// JSF §6 with another reader and another canonicalizer, and the key of the document.
fn verifies_elsewhere(text: &str, algorithm: &'static dyn VerificationAlgorithm) -> bool {
    let mut document: Value = serde_json::from_str(text).unwrap();
    let signature = document["signature"].as_object_mut().unwrap();
    let value = signature.remove("value").unwrap();
    let part = |name: &str| {
        let text = signature["publicKey"][name].as_str().unwrap_or_default();
        BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
    };
    let key = match signature["publicKey"]["kty"].as_str() {
        Some("EC") => [vec![4], part("x"), part("y")].concat(),
        _ => part("x"),
    };
    let message = serde_json_canonicalizer::to_vec(&document).unwrap();
    let value = BASE64URL_NOPAD
        .decode(value.as_str().unwrap().as_bytes())
        .unwrap();
    UnparsedPublicKey::new(algorithm, key)
        .verify(&message, &value)
        .is_ok()
}

#[test]
fn every_kind_of_key_makes_a_signature_that_others_verify() {
    use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING};
    let cases: [(SigningKey, &str, &'static dyn VerificationAlgorithm); 4] = [
        (signing_key(ED25519_PRIVATE), "Ed25519", &ED25519),
        (signing_key(P256_PRIVATE), "ES256", &ECDSA_P256_SHA256_FIXED),
        (
            generated(&ECDSA_P384_SHA384_ASN1_SIGNING),
            "ES384",
            &ECDSA_P384_SHA384_FIXED,
        ),
        (
            generated(&ECDSA_P521_SHA512_ASN1_SIGNING),
            "ES512",
            &ECDSA_P521_SHA512_FIXED,
        ),
    ];
    for (key, algorithm, verification) in &cases {
        for request in [SignatureRequest::default(), named("team/é€😀")] {
            // Often, because a number of a signature now and then begins with a zero byte.
            for _ in 0..40 {
                let text = signed(TEXT, key, &request);
                let document = SignedDocument::parse(text.as_bytes()).unwrap();
                let [signature] = document.signatures() else {
                    panic!("{document:?}");
                };
                assert_eq!(signature.algorithm().name(), *algorithm);
                assert_eq!(signature.key_id(), request.key_id.as_deref());
                assert_eq!(signature.embedded_key(), Some(key.public().der()));
                assert!(document.excludes().is_empty());
                assert!(verifies_elsewhere(&text, *verification), "{algorithm}");
            }
        }
        let changed = signed(TEXT, key, &named("a")).replace("\"version\": 1", "\"version\": 2");
        assert!(!verifies_elsewhere(&changed, *verification));
        let renamed =
            signed(TEXT, key, &named("a")).replace("\"keyId\": \"a\"", "\"keyId\": \"b\"");
        assert!(renamed.contains("\"keyId\": \"b\""));
        assert!(!verifies_elsewhere(&renamed, *verification));
    }
}

#[test]
fn the_document_stays_as_it_is() {
    let key = signing_key(ED25519_PRIVATE);
    let text = signed(TEXT, &key, &SignatureRequest::default());
    let before = TEXT.strip_suffix("\n}\n").unwrap();
    let rest = text.strip_prefix(before).unwrap();
    assert!(
        rest.starts_with(",\n  \"signature\": {\n    \"algorithm\": \"Ed25519\""),
        "{rest}"
    );
    assert!(rest.ends_with("\n  }\n}\n"), "{rest}");

    let compact = r#"{"bomFormat":"CycloneDX","specVersion":"1.4"}"#;
    let text = signed(compact, &key, &SignatureRequest::default());
    let rest = text
        .strip_prefix(compact.strip_suffix('}').unwrap())
        .unwrap();
    assert!(
        rest.starts_with(r#","signature":{""#) && !rest.contains(' '),
        "{rest}"
    );

    // Nobody indents like this; the signature does not multiply it.
    let wide = TEXT.replace("\n  ", &format!("\n{}", " ".repeat(5_000)));
    assert!(signed(&wide, &key, &SignatureRequest::default()).len() < wide.len() + 5_500);
}

#[test]
fn ed25519_documents_are_reproducible() {
    let key = signing_key(ED25519_PRIVATE);
    let request = SignatureRequest::default();
    assert_eq!(signed(TEXT, &key, &request), signed(TEXT, &key, &request));
}

#[test]
fn an_earlier_signature_goes_only_on_demand() {
    let key = signing_key(ED25519_PRIVATE);
    let other = signing_key(P256_PRIVATE);
    let once = signed(TEXT, &other, &SignatureRequest::default());
    assert_eq!(
        sign(once.as_bytes(), &key, &named("x")),
        Err(SignDocumentError::AlreadySigned)
    );
    let plain = signed(TEXT, &key, &SignatureRequest::default());
    assert_eq!(signed(&once, &key, &REPLACE), plain);
    // Wherever it stands, and whatever is in it.
    let old = r#""signature": {"signers": [{"value": "}\"]"}]}"#;
    for (from, to) in [
        (
            "{\n  \"bomFormat\"",
            format!("{{\n  {old},\n  \"bomFormat\""),
        ),
        ("  \"version\"", format!("  {old},\n  \"version\"")),
        ("\n}\n", format!(",\n  {old}\n}}\n")),
        (
            "{\n  \"bomFormat\"",
            "{\n  \"signature\": null,\n  \"bomFormat\"".to_owned(),
        ),
    ] {
        let text = TEXT.replacen(from, &to, 1);
        assert_ne!(text, TEXT);
        assert_eq!(signed(&text, &key, &REPLACE), plain, "{text}");
    }
}

#[test]
fn refuses_what_could_not_be_verified() {
    let key = signing_key(ED25519_PRIVATE);
    let attempt = |text: &str, request: &SignatureRequest| sign(text.as_bytes(), &key, request);
    let request = SignatureRequest::default();
    for version in ["1.0", "1.3", "1", "2.0", "1.", "1.x", "1.999"] {
        let text = TEXT.replace("1.6", version);
        let found = version.to_owned();
        assert_eq!(
            attempt(&text, &request),
            Err(SignDocumentError::SpecVersion { found })
        );
    }
    for (text, part) in [
        ("[]", "not JSON"),
        ("{}", "`bomFormat` is missing"),
        (r#"{"bomFormat":"SPDX","specVersion":"1.6"}"#, "`SPDX`"),
        (r#"{"bomFormat":"CycloneDX"}"#, "`specVersion`"),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","a":1,"a":2}"#,
            "twice",
        ),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","a":9007199254740993}"#,
            "2^53",
        ),
    ] {
        let error = attempt(text, &request).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert_eq!(
        attempt(TEXT, &named("")),
        Err(SignDocumentError::KeyId { found: 0 })
    );
    assert_eq!(
        attempt(TEXT, &named(&"x".repeat(4097))),
        Err(SignDocumentError::KeyId { found: 4097 })
    );
    assert!(SigningKey::from_pem(RSA_PRIVATE.as_bytes(), None).is_err());
}
