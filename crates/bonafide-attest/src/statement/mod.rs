//! in-toto statements: what is said, about which artifacts.
//!
//! in-toto attestation v1, "Statement": a list of subjects, each matched by
//! digest alone, and a predicate of a named type. Nothing here looks at
//! signatures; a statement is worth what its envelope is worth.

#[cfg(test)]
mod tests;

use bonafide_core::RawName;
use serde::Deserialize;
use serde_json::Value;

use crate::object::Object;
use crate::oms;
use crate::predicate::{
    self, FieldDefect, FieldError, Fields, Malformed, Predicate, SubjectDigest, digest_set,
};
use crate::rejection::excerpt;
use crate::strict::{self, StrictError};

/// `_type` of in-toto statements v0.1.
pub const OLD_STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v0.1";

/// Largest statement in bytes. A tree of a hostile one takes some twenty times
/// as much; bills of materials, the largest real ones, have a few million.
pub const MOST_BYTES: usize = 16 << 20;

/// Most subjects of a statement.
pub const MOST_SUBJECTS: usize = 1_024;

/// Longest name or URI of a subject in bytes.
const MOST_NAME: usize = 4_096;

/// Longest `predicateType` in bytes.
const MOST_PREDICATE_TYPE: usize = 1_024;

/// A statement. Inside a [`crate::Verified`] it is proven who said so, not that it is true.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Which edition of the format.
    pub version: StatementVersion,
    /// What it is about; never empty.
    pub subjects: Vec<Subject>,
    /// The type of the predicate; never empty, no control characters.
    pub predicate_type: String,
    /// What it says.
    pub predicate: Predicate,
}

/// Edition of the statement format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementVersion {
    /// `https://in-toto.io/Statement/v0.1`: old, still read.
    V01,
    /// `https://in-toto.io/Statement/v1`.
    V1,
}

/// One artifact that a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// As the producer calls it; v0.1 demands one, v1 does not. Never used to find a file.
    pub name: Option<RawName>,
    /// As it is called globally.
    pub uri: Option<String>,
    /// Its digests; never empty, but possibly none that we know.
    pub digests: Vec<SubjectDigest>,
}

/// Why a payload is not a statement that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// Larger than [`MOST_BYTES`].
    #[error("statement has {bytes} bytes, more than {MOST_BYTES}")]
    Size {
        /// How many.
        bytes: usize,
    },
    /// Not strict JSON.
    #[error(transparent)]
    Strict(#[from] StrictError),
    /// JSON, but not an object.
    #[error("statement is not a JSON object: {detail}")]
    NotAnObject {
        /// What the parser met.
        detail: String,
    },
    /// Neither v1 nor v0.1.
    #[error(
        "statement type is {found}, not `{}` or `{OLD_STATEMENT_TYPE}`",
        oms::STATEMENT_TYPE
    )]
    StatementType {
        /// As found, cut to 100 characters, in backquotes; or `missing` or `not a string`.
        found: String,
    },
    /// It is about nothing.
    #[error("statement has no subject")]
    NoSubject,
    /// A subject, or the list of them, is not what it should be.
    #[error("subject: {0}")]
    Subject(FieldError),
    /// `predicateType` is absent or not usable.
    #[error("predicate type: {0}")]
    PredicateType(FieldError),
    /// The predicate is not what its type demands.
    #[error("predicate of type `{predicate_type}`: {error}")]
    Predicate {
        /// The type, cut to 100 characters.
        predicate_type: String,
        /// What is wrong.
        error: FieldError,
    },
}

impl StatementError {
    /// `structure`, `statement-type`, `subject` or `predicate`.
    #[must_use]
    pub const fn category(&self) -> &'static str {
        match self {
            Self::Size { .. } | Self::Strict(_) | Self::NotAnObject { .. } => "structure",
            Self::StatementType { .. } => "statement-type",
            Self::NoSubject | Self::Subject(_) => "subject",
            Self::PredicateType(_) | Self::Predicate { .. } => "predicate",
        }
    }
}

/// Unknown members are ignored (in-toto attestation v1, "Parsing rules").
#[derive(Deserialize)]
struct StatementDocument {
    #[serde(rename = "_type", default)]
    statement_type: Value,
    #[serde(default)]
    subject: Value,
    #[serde(rename = "predicateType", default)]
    predicate_type: Value,
    #[serde(default)]
    predicate: Value,
}

impl Statement {
    /// Reads the payload of an envelope whose type is `application/vnd.in-toto+json`.
    ///
    /// # Errors
    ///
    /// [`StatementError`], in this order: size, strict JSON, statement type,
    /// predicate type, subjects, predicate.
    pub fn parse(payload: &[u8]) -> Result<Self, StatementError> {
        if payload.len() > MOST_BYTES {
            return Err(StatementError::Size {
                bytes: payload.len(),
            });
        }
        strict::scan(payload)?;
        let Object(document): Object<StatementDocument> =
            serde_json::from_slice(payload).map_err(|error| StatementError::NotAnObject {
                detail: excerpt(&error.to_string(), 200),
            })?;
        let version = version(&document.statement_type)?;
        let predicate_type =
            predicate_type(&document.predicate_type).map_err(StatementError::PredicateType)?;
        let subjects = subjects(&document.subject)?;
        let predicate = match document.predicate {
            // "Unset is treated the same as set-but-empty."
            Value::Null => Ok(Value::Object(serde_json::Map::new())),
            predicate @ Value::Object(_) => Ok(predicate),
            _ => Err(FieldError {
                field: "predicate".to_owned(),
                defect: FieldDefect::Kind {
                    expected: "an object",
                },
            }),
        };
        let predicate = predicate
            .and_then(|predicate| predicate::read(&predicate_type, predicate))
            .map_err(|error| StatementError::Predicate {
                predicate_type: excerpt(&predicate_type, 100),
                error,
            })?;
        Ok(Self {
            version,
            subjects,
            predicate_type,
            predicate,
        })
    }
}

fn version(statement_type: &Value) -> Result<StatementVersion, StatementError> {
    let found = match statement_type {
        Value::String(found) if found == oms::STATEMENT_TYPE => return Ok(StatementVersion::V1),
        Value::String(found) if found == OLD_STATEMENT_TYPE => return Ok(StatementVersion::V01),
        Value::String(found) => format!("`{}`", excerpt(found, 100)),
        Value::Null => "missing".to_owned(),
        _ => "not a string".to_owned(),
    };
    Err(StatementError::StatementType { found })
}

fn predicate_type(value: &Value) -> Result<String, FieldError> {
    let refuse = |defect| {
        Err(FieldError {
            field: "predicateType".to_owned(),
            defect,
        })
    };
    match value {
        Value::Null => refuse(FieldDefect::Missing),
        Value::String(text) if text.is_empty() => refuse(FieldDefect::Missing),
        Value::String(text) if text.len() > MOST_PREDICATE_TYPE => refuse(FieldDefect::Length {
            bytes: text.len(),
            limit: MOST_PREDICATE_TYPE,
        }),
        // A URI (RFC 3986 §2) has none, and lists of types are printed.
        Value::String(text) if text.chars().any(char::is_control) => refuse(FieldDefect::Control),
        Value::String(text) => Ok(text.clone()),
        _ => refuse(FieldDefect::Kind {
            expected: "a string",
        }),
    }
}

fn subjects(value: &Value) -> Result<Vec<Subject>, StatementError> {
    let refuse = |defect| {
        Err(StatementError::Subject(FieldError {
            field: "subject".to_owned(),
            defect,
        }))
    };
    match value {
        Value::Null => Err(StatementError::NoSubject),
        Value::Array(list) if list.is_empty() => Err(StatementError::NoSubject),
        Value::Array(list) if list.len() > MOST_SUBJECTS => refuse(FieldDefect::Count {
            entries: list.len(),
            limit: MOST_SUBJECTS,
        }),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| subject(value, format!("subject[{index}]")))
            .collect::<Result<_, _>>()
            .map_err(StatementError::Subject),
        _ => refuse(FieldDefect::Kind { expected: "a list" }),
    }
}

fn subject(value: &Value, path: String) -> Result<Subject, FieldError> {
    let fields = Fields::new(value, path)?;
    let digests = digest_set(&fields, Malformed::Refuse)?;
    if digests.is_empty() {
        return Err(fields.refuse("digest", FieldDefect::Missing));
    }
    Ok(Subject {
        name: short(&fields, "name")?.map(|name| RawName::from(name.as_str())),
        uri: short(&fields, "uri")?,
        digests,
    })
}

fn short(fields: &Fields<'_>, name: &str) -> Result<Option<String>, FieldError> {
    match fields.optional_text(name)? {
        Some(text) if text.len() > MOST_NAME => Err(fields.refuse(
            name,
            FieldDefect::Length {
                bytes: text.len(),
                limit: MOST_NAME,
            },
        )),
        text => Ok(text),
    }
}
