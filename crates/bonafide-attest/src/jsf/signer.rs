//! One `signaturecore` (JSF §5), read but not yet checked.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::algorithm::JsfAlgorithm;
use super::canonical::canonical;
use super::error::SignatureDefect;
use super::jwk::EmbeddedKey;
use crate::rejection::excerpt;

/// Longest `certificatePath`; longer than any that leads to trust.
const MOST_CERTIFICATES: usize = 16;

/// Longest `keyId` in bytes.
pub(super) const MOST_KEY_ID: usize = 4096;

/// Options that JSF §5 allows at the top of the signature object only.
const OPTIONS: [&str; 2] = ["excludes", "extensions"];

/// What a signer says of a signature.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    pub(super) algorithm: JsfAlgorithm,
    pub(super) key_id: Option<String>,
    pub(super) embedded_key: Option<Vec<u8>>,
    pub(super) certificate_path: Vec<Vec<u8>>,
    pub(super) value: Vec<u8>,
    /// Canonical form with `value`, as later signatures of a chain cover it.
    pub(super) complete: Vec<u8>,
    /// Canonical form without `value`, as the signature itself covers it.
    pub(super) unsigned: Vec<u8>,
}

impl Signer {
    pub(super) fn read(core: Value) -> Result<Self, SignatureDefect> {
        let complete = canonical_of(&core)?;
        let Value::Object(mut core) = core else {
            return Err(SignatureDefect::WrongType {
                name: "signature",
                expected: "an object",
            });
        };
        let value = core
            .remove("value")
            .ok_or(SignatureDefect::Missing { name: "value" })?;
        let core = Value::Object(core);
        let unsigned = canonical_of(&core)?;
        let Value::Object(mut core) = core else {
            return Err(SignatureDefect::Missing { name: "value" });
        };

        let algorithm = match core.remove("algorithm") {
            Some(name) => JsfAlgorithm::named(&text(name, "algorithm")?)?,
            None => return Err(SignatureDefect::Missing { name: "algorithm" }),
        };
        let value = binary(value, "value")?;
        check_length(algorithm, &value)?;
        let key_id = core.remove("keyId").map(key_id).transpose()?;
        let public_key = core.remove("publicKey");
        let path = core.remove("certificatePath");
        if public_key.is_some() && path.is_some() {
            return Err(SignatureDefect::TwoKeys);
        }
        refuse_rest(&core)?;
        Ok(Self {
            algorithm,
            key_id,
            embedded_key: public_key
                .map(|key| embedded_key(algorithm, key))
                .transpose()?,
            certificate_path: path.map(certificate_path).transpose()?.unwrap_or_default(),
            value,
            complete,
            unsigned,
        })
    }
}

/// The value came out of our own reader, so it can be written and read again.
fn canonical_of(value: &Value) -> Result<Vec<u8>, SignatureDefect> {
    let unreadable = SignatureDefect::WrongType {
        name: "signature",
        expected: "canonical JSON",
    };
    let text = serde_json::to_vec(value).map_err(|_| unreadable.clone())?;
    canonical(&text).map_err(|_| unreadable)
}

fn refuse_rest(core: &Map<String, Value>) -> Result<(), SignatureDefect> {
    for name in OPTIONS {
        if core.contains_key(name) {
            return Err(SignatureDefect::MisplacedOption { name });
        }
    }
    match core.keys().next() {
        None => Ok(()),
        Some(name) => Err(SignatureDefect::UnknownProperty {
            name: excerpt(name, 100),
        }),
    }
}

fn check_length(algorithm: JsfAlgorithm, value: &[u8]) -> Result<(), SignatureDefect> {
    let found = value.len();
    let (right, expected) = match algorithm.value_length() {
        Some((length, expected)) => (found == length, expected),
        // As long as a modulus of 2048 to 8192 bits.
        None => ((256..=1024).contains(&found), "256 to 1024"),
    };
    if right {
        return Ok(());
    }
    Err(SignatureDefect::ValueLength {
        algorithm,
        expected,
        found,
    })
}

fn key_id(value: Value) -> Result<String, SignatureDefect> {
    let text = text(value, "keyId")?;
    if text.len() > MOST_KEY_ID {
        return Err(SignatureDefect::KeyIdLength {
            found: text.len(),
            limit: MOST_KEY_ID,
        });
    }
    Ok(text)
}

fn embedded_key(algorithm: JsfAlgorithm, value: Value) -> Result<Vec<u8>, SignatureDefect> {
    let Value::Object(members) = value else {
        return Err(SignatureDefect::WrongType {
            name: "publicKey",
            expected: "an object",
        });
    };
    let key = EmbeddedKey::from_jwk(members)?;
    if key.kind != algorithm.key_kind() {
        return Err(SignatureDefect::KeyMismatch {
            algorithm,
            found: key.kind,
        });
    }
    Ok(key.der)
}

fn certificate_path(value: Value) -> Result<Vec<Vec<u8>>, SignatureDefect> {
    let name = "certificatePath";
    let Value::Array(list) = value else {
        return Err(SignatureDefect::WrongType {
            name,
            expected: "a list of strings",
        });
    };
    if !(1..=MOST_CERTIFICATES).contains(&list.len()) {
        return Err(SignatureDefect::PathLength {
            found: list.len(),
            limit: MOST_CERTIFICATES,
        });
    }
    list.into_iter()
        .map(|certificate| binary(certificate, name))
        .collect()
}

fn text(value: Value, name: &'static str) -> Result<String, SignatureDefect> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(SignatureDefect::WrongType {
            name,
            expected: "a string",
        }),
    }
}

fn binary(value: Value, name: &'static str) -> Result<Vec<u8>, SignatureDefect> {
    BASE64URL_NOPAD
        .decode(text(value, name)?.as_bytes())
        .map_err(|_| SignatureDefect::Base64 { name })
}
