//! Which properties a verifier found: in-toto simple verification result (SVR).

use jiff::Timestamp;
use serde_json::Value;

use super::field::{FieldError, Fields};
use super::{MOST_PROPERTIES, Predicate};

/// Simple verification result v0.1 (`https://in-toto.io/attestation/svr/v0.1`).
#[derive(Debug, Clone, PartialEq)]
pub struct SimpleVerificationResult {
    /// `verifier.id`. Never empty.
    pub verifier: String,
    /// `timeCreated`.
    pub time_created: Timestamp,
    /// `properties`: what was found to hold. What is not listed was not found.
    pub properties: Vec<String>,
    /// The whole predicate.
    pub raw: Value,
}

pub(super) fn read(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    Ok(Predicate::SimpleVerificationResult(
        SimpleVerificationResult {
            verifier: top.object("verifier")?.text("id")?,
            time_created: top.time("timeCreated")?,
            properties: top.texts("properties", MOST_PROPERTIES)?,
            raw,
        },
    ))
}
