//! CycloneDX documents with a signature inside.

use std::sync::LazyLock;

use bonafide_attest::PublicKey;
use bonafide_attest::jsf::{
    JsfError, JsonDefect, MOST_SIGNATURES, SignedDocument, is_signed_document,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::shown;
use super::world::{corpus, read};

/// The keys of the fixtures, without the stranger's and the one that is too short.
static KEYS: LazyLock<Vec<PublicKey>> = LazyLock::new(|| {
    ["ed25519", "es256", "es384", "es512", "rsa"]
        .map(|name| read(&format!("fixtures/jsf/keys/{name}.pub.pem")))
        .map(|pem| PublicKey::from_pem(&pem).unwrap())
        .into()
});

/// Which key signed what, as the genuine seeds prove.
static GENUINE: LazyLock<Vec<(usize, Vec<u8>)>> = LazyLock::new(|| {
    let mut genuine = Vec::new();
    for (name, bytes) in corpus("jsf") {
        if name.starts_with("genuine-") {
            let document =
                SignedDocument::parse(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            let signed = signed(&document);
            assert!(
                !signed.is_empty(),
                "{name} does not verify; `corpus.py` makes seeds anew"
            );
            genuine.extend(
                signed
                    .into_iter()
                    .map(|key| (key, document.covered_document())),
            );
        }
    }
    genuine
});

/// Places in [`KEYS`] of those that signed the document, one for each signature that verifies.
fn signed(document: &SignedDocument) -> Vec<usize> {
    let mut keys = Vec::new();
    for signature in document.signatures() {
        for (place, key) in KEYS.iter().enumerate() {
            if signature.verifies(key.der()) {
                keys.push(place);
            }
        }
    }
    keys
}

/// Any document, held against the keys of the fixtures.
///
/// - What verifies covers what that key signed in a genuine seed.
/// - What is read is the same each time, and a refusal can be printed.
/// - The canonical form is a document of its own, says the same, and is signed the same.
pub fn jsf(input: &[u8]) {
    let document = match SignedDocument::parse(input) {
        Ok(document) => document,
        Err(error) => return shown::text(&error.to_string()),
    };
    assert!(is_signed_document(input), "read, but not recognised");
    let covered = document.covered_document();
    let count = document.signatures().len();
    assert!((1..=MOST_SIGNATURES).contains(&count), "{count} signatures");
    for signature in document.signatures() {
        // Anybody can embed a key and sign with it: no verdict, but no panic either.
        if let Some(key) = signature.embedded_key() {
            let _ = signature.verifies(key);
            let _ = PublicKey::from_der(key);
        }
    }
    let signed = signed(&document);
    for key in &signed {
        assert!(
            GENUINE.contains(&(*key, covered.clone())),
            "key {key} did not sign {}",
            covered.escape_ascii()
        );
    }
    canonical(input, &document, &covered, &signed);
}

#[derive(Deserialize)]
struct Signature<'a> {
    #[serde(borrow)]
    signature: &'a RawValue,
}

/// What a signature excludes is not in the canonical form, so it has to be named no more.
fn canonical(input: &[u8], document: &SignedDocument, covered: &[u8], signed: &[usize]) {
    if !document.excludes().is_empty() {
        return;
    }
    let Signature { signature } = serde_json::from_slice(input).unwrap();
    let body = covered.strip_suffix(b"}").unwrap();
    let text = [body, br#","signature":"#, signature.get().as_bytes(), b"}"].concat();
    let again = match SignedDocument::parse(&text) {
        Ok(again) => again,
        // `1e20` is read, but its canonical form has no exponent, and an integer of
        // that size is refused.
        Err(JsfError::Json(JsonDefect::InexactInteger { .. })) => return,
        Err(error) => panic!("canonical, but refused: {error}"),
    };
    assert_eq!(again.covered_document(), covered, "not a fixed point");
    assert_eq!(self::signed(&again), signed, "signed by others");
    assert_eq!(again.form(), document.form());
    assert_eq!(again.spec_version(), document.spec_version());
    assert_eq!(again.serial_number(), document.serial_number());
    assert_eq!(again.nested_signatures(), document.nested_signatures());
}
