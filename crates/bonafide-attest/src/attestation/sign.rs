//! From subjects and a predicate to a signed envelope.

use bonafide_core::{Algorithm, Digest};
use data_encoding::BASE64;
use serde::Serialize;

use crate::dsse;
use crate::envelope::{Document, read_envelopes};
use crate::key::{KeyError, SigningKey};
use crate::oms;
use crate::rejection::excerpt;
use crate::statement::{self, MOST_SUBJECTS, StatementError};
use crate::strict;

/// Largest predicate that is signed; real ones have some kilobytes.
pub const MOST_PREDICATE_BYTES: usize = 16 << 20;

/// Longest predicate type and longest subject name in bytes: the longest path of Linux.
const MOST_BYTES: usize = 4_096;

/// Why nothing was attested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestError {
    /// in-toto Statement v1: the subject must not be empty.
    #[error("there is nothing to attest")]
    NoSubjects,
    /// More than any verifier reads.
    #[error("there are {found} subjects, more than the {MOST_SUBJECTS} that a verifier reads")]
    TooManySubjects {
        /// How many.
        found: usize,
    },
    /// A name that is empty, long, used twice or has control characters.
    #[error("subject name `{name}` {reason}")]
    SubjectName {
        /// The name, cut to 100 characters.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Attestations name files by SHA-256, which every reader knows.
    #[error("subjects are named by sha256, not {algorithm}")]
    Hash {
        /// What was given.
        algorithm: Algorithm,
    },
    /// `predicateType` has to be an absolute URI (RFC 3986 §4.3).
    #[error(
        "predicate type `{found}` is no absolute URI such as `https://example.com/evaluation/v1`"
    )]
    PredicateType {
        /// As given, cut to 100 characters.
        found: String,
    },
    /// The predicate of OMS v1.0, or of release 0.2, has its own bundle and its own rules.
    #[error("predicate type `{predicate_type}` is that of model signatures")]
    ModelSignature {
        /// Which of the two.
        predicate_type: &'static str,
    },
    /// The predicate is no JSON object in which each field stands once.
    #[error("predicate cannot be used: {detail}")]
    Predicate {
        /// What the parser met, with line and column.
        detail: String,
    },
    /// The predicate is larger than any reader should have to take.
    #[error("predicate has {found} bytes, more than {MOST_PREDICATE_BYTES}")]
    PredicateSize {
        /// Its bytes.
        found: usize,
    },
    /// The predicate is not what its type demands, or too large beside the subjects.
    #[error("no verifier would read this: {0}")]
    Rejected(StatementError),
    /// The statement could not be written as JSON.
    #[error("statement cannot be written: {detail}")]
    Json {
        /// What the writer says.
        detail: String,
    },
    /// The key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// What a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The file's name, for people and to tell subjects apart.
    pub name: String,
    /// SHA-256 of its bytes, which is what identifies it.
    pub digest: Digest,
}

/// An in-toto Statement v1, ready to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    payload: Vec<u8>,
    subjects: usize,
}

impl Statement {
    /// Writes the statement: fields and subjects sorted, the text of the
    /// predicate as it was given, so that the same input gives the same bytes.
    ///
    /// # Errors
    ///
    /// No subject, or two of one name; a predicate type that is no absolute URI;
    /// a predicate that is no JSON object, or names a field twice; a statement that
    /// [`crate::statement::Statement::parse`] refuses.
    pub fn new(
        mut subjects: Vec<Subject>,
        predicate_type: &str,
        predicate: &[u8],
    ) -> Result<Self, AttestError> {
        for own in [oms::PREDICATE_TYPE, oms::HISTORICAL_PREDICATE_TYPE] {
            if predicate_type == own {
                return Err(AttestError::ModelSignature {
                    predicate_type: own,
                });
            }
        }
        if !is_absolute_uri(predicate_type) {
            return Err(AttestError::PredicateType {
                found: excerpt(predicate_type, 100),
            });
        }
        let predicate = checked(predicate)?;
        subjects.sort_by(|left, right| left.name.cmp(&right.name));
        check_names(&subjects)?;
        let documents = subjects
            .iter()
            .map(SubjectDocument::new)
            .collect::<Result<Vec<_>, _>>()?;
        // Put together by hand: a JSON library would write the numbers of the
        // predicate, and the order of its fields, in its own way.
        let mut payload = Vec::new();
        for part in [
            b"{\"_type\":".as_slice(),
            &json(&oms::STATEMENT_TYPE)?,
            b",\"predicate\":",
            predicate,
            b",\"predicateType\":",
            &json(&predicate_type)?,
            b",\"subject\":",
            &json(&documents)?,
            b"}",
        ] {
            payload.extend_from_slice(part);
        }
        statement::Statement::parse(&payload).map_err(AttestError::Rejected)?;
        Ok(Self {
            payload,
            subjects: subjects.len(),
        })
    }

    /// A statement that was put together elsewhere, byte for byte.
    ///
    /// # Errors
    ///
    /// One that [`crate::statement::Statement::parse`] refuses, or of a type that has its
    /// own bundle.
    pub fn of_payload(payload: Vec<u8>) -> Result<Self, AttestError> {
        let parsed = statement::Statement::parse(&payload).map_err(AttestError::Rejected)?;
        let own = [oms::PREDICATE_TYPE, oms::HISTORICAL_PREDICATE_TYPE];
        if let Some(predicate_type) = own.into_iter().find(|own| parsed.predicate_type == *own) {
            return Err(AttestError::ModelSignature { predicate_type });
        }
        Ok(Self {
            subjects: parsed.subjects.len(),
            payload,
        })
    }

    /// The statement as JSON: the payload of the envelope.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// How many subjects it has.
    #[must_use]
    pub const fn subjects(&self) -> usize {
        self.subjects
    }
}

/// Signs a statement as raw DSSE: JSON text that ends with a newline. The
/// `keyid`, which only helps to find the key, is the SHA-256 of its
/// `SubjectPublicKeyInfo` in hexadecimal.
///
/// # Errors
///
/// The key cannot sign.
pub fn sign(statement: &Statement, key: &SigningKey) -> Result<Vec<u8>, AttestError> {
    let message = dsse::pre_authentication_encoding(dsse::PAYLOAD_TYPE, &statement.payload);
    let envelope = EnvelopeDocument {
        payload: BASE64.encode(&statement.payload),
        payload_type: dsse::PAYLOAD_TYPE,
        signatures: [SignatureDocument {
            keyid: key.public().fingerprint().hex(),
            sig: BASE64.encode(&key.sign(&message)?),
        }],
    };
    let mut text = json(&envelope)?;
    text.push(b'\n');
    Ok(text)
}

/// True when the bytes are one DSSE envelope of an in-toto statement, whatever it is
/// worth.
#[must_use]
pub fn is_envelope(bytes: &[u8]) -> bool {
    let documents = read_envelopes(bytes);
    match documents.as_deref() {
        Ok([Document::Envelope(envelope)]) => envelope.statement().is_ok(),
        _ => false,
    }
}

/// RFC 3986 §3: a scheme, a colon and something after it, in the characters
/// that a URI is made of. A fragment is let through, as in-toto does.
fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut letters = scheme.bytes();
    let scheme = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let mut bytes = rest.bytes();
    while let Some(byte) = bytes.next() {
        let known = byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte);
        let mut hexadecimal = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        if !(known || byte == b'%' && hexadecimal() && hexadecimal()) {
            return false;
        }
    }
    scheme && !rest.trim_start_matches('/').is_empty() && text.len() <= MOST_BYTES
}

fn checked(predicate: &[u8]) -> Result<&[u8], AttestError> {
    if predicate.len() > MOST_PREDICATE_BYTES {
        return Err(AttestError::PredicateSize {
            found: predicate.len(),
        });
    }
    let unusable = |detail: &str| AttestError::Predicate {
        detail: excerpt(detail, 200),
    };
    // Readers differ in which of two members they take, so a signer signs none twice.
    strict::scan(predicate).map_err(|error| unusable(&error.to_string()))?;
    let predicate = predicate.trim_ascii();
    if !predicate.starts_with(b"{") {
        return Err(unusable("it is no JSON object"));
    }
    Ok(predicate)
}

fn check_names(sorted: &[Subject]) -> Result<(), AttestError> {
    if sorted.is_empty() {
        return Err(AttestError::NoSubjects);
    }
    if sorted.len() > MOST_SUBJECTS {
        return Err(AttestError::TooManySubjects {
            found: sorted.len(),
        });
    }
    let mut previous = None;
    for Subject { name, .. } in sorted {
        let reason = if name.is_empty() {
            "is empty"
        } else if name.len() > MOST_BYTES {
            "is too long"
        } else if name.chars().any(char::is_control) {
            "has control characters"
        } else if previous == Some(name) {
            "is used twice"
        } else {
            previous = Some(name);
            continue;
        };
        return Err(AttestError::SubjectName {
            name: excerpt(name, 100),
            reason,
        });
    }
    Ok(())
}

fn json<T: Serialize>(document: &T) -> Result<Vec<u8>, AttestError> {
    serde_json::to_vec(document).map_err(|error| AttestError::Json {
        detail: error.to_string(),
    })
}

#[derive(Serialize)]
struct SubjectDocument<'a> {
    digest: DigestDocument,
    name: &'a str,
}

#[derive(Serialize)]
struct DigestDocument {
    sha256: String,
}

impl<'a> SubjectDocument<'a> {
    fn new(subject: &'a Subject) -> Result<Self, AttestError> {
        match subject.digest.algorithm() {
            Algorithm::Sha256 => Ok(Self {
                digest: DigestDocument {
                    sha256: subject.digest.hex(),
                },
                name: &subject.name,
            }),
            algorithm => Err(AttestError::Hash { algorithm }),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EnvelopeDocument {
    payload: String,
    payload_type: &'static str,
    signatures: [SignatureDocument; 1],
}

#[derive(Serialize)]
struct SignatureDocument {
    keyid: String,
    sig: String,
}

#[cfg(test)]
mod tests;
