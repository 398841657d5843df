//! Signed documents against `fixtures/jsf`, against the specification's own
//! vectors, and against everything that can be done to them.

mod canonicalization;
mod documents;
mod mutants;
mod refusals;
mod signing;
mod specification;

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::*;

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "fixtures", "jsf"]
        .iter()
        .collect()
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A good document by its name.
fn good(name: &str) -> Value {
    serde_json::from_slice(&file(&format!("good/{name}.json"))).unwrap()
}

/// DER `SubjectPublicKeyInfo` of a fixture's key.
fn key(name: &str) -> Vec<u8> {
    let text = file(&format!("keys/{name}.pub.pem"));
    pem::parse(text).unwrap().into_contents()
}

const KEYS: [&str; 7] = [
    "es256", "es384", "es512", "rsa", "ed25519", "stranger", "rsa-1024",
];

/// What the maker says of a document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    file: String,
    about: String,
    /// The key of each signature.
    keys: Vec<String>,
    /// Which signatures have to verify.
    verifies: Vec<bool>,
}

/// The cases of a folder, which are all of its files.
fn cases(name: &str) -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_slice(&file(&format!("{name}.json"))).unwrap();
    let files = folder().join(name).read_dir().unwrap().count();
    assert_eq!(files, cases.len(), "{name}: not every file is listed");
    cases
}

fn parse(value: &Value) -> Result<SignedDocument, JsfError> {
    SignedDocument::parse(&serde_json::to_vec(value).unwrap())
}

/// Whether each signature verifies under its own key.
fn answers(document: &SignedDocument, keys: &[String]) -> Vec<bool> {
    assert_eq!(document.signatures().len(), keys.len());
    document
        .signatures()
        .iter()
        .zip(keys)
        .map(|(signature, name)| signature.verifies(&key(name)))
        .collect()
}
