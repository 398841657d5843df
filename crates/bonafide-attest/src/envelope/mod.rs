//! Raw DSSE documents: one envelope (`*.intoto.json`) or one a line (`*.intoto.jsonl`).
//!
//! DSSE v1.0 "Envelope" says to ignore members that it does not name, so they
//! are; a member that comes twice is refused. A line may also be a whole
//! Sigstore bundle, as GitHub hands out attestations; such a line is passed on
//! unread. Nothing here looks at signatures.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use data_encoding::{BASE64, BASE64URL};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::dsse;
use crate::object::{Few, Object};
use crate::rejection::excerpt;
use crate::strict::{self, StrictError};

/// Most documents of a file, copies not counted.
pub const MOST_DOCUMENTS: usize = 64;

/// Most signatures of an envelope.
pub const MOST_SIGNATURES: usize = 16;

/// Longest signature in bytes; the longest of the algorithms in use (post-quantum
/// ones) have about fifty thousand.
const MOST_SIGNATURE_BYTES: usize = 64 << 10;

/// Most signatures that are counted before the list is refused unread.
const MOST_COUNTED: usize = 1_024;

/// One document of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Document<'a> {
    /// A DSSE envelope.
    Envelope(RawEnvelope),
    /// Strict JSON that looks like a Sigstore bundle; not read here.
    Bundle {
        /// Line of the file at which it starts, from 1.
        line: usize,
        /// Its bytes.
        bytes: &'a [u8],
    },
}

/// An envelope whose shape is right. Nothing in it is proven yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEnvelope {
    /// Line of the file at which it starts, from 1.
    pub line: usize,
    /// What is signed, together with the type.
    pub payload: Vec<u8>,
    /// As found; [`RawEnvelope::statement`] judges it.
    pub payload_type: String,
    /// 1 to [`MOST_SIGNATURES`].
    pub signatures: Vec<RawSignature>,
}

/// One signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawSignature {
    /// None when absent, `null` or empty. A hint that nobody signed.
    pub key_id: Option<String>,
    /// Never empty.
    pub signature: Vec<u8>,
}

/// Why a file is not a list of envelopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Nothing but white space.
    #[error("there is no envelope")]
    Empty,
    /// More than [`MOST_DOCUMENTS`].
    #[error("more than {MOST_DOCUMENTS} envelopes")]
    Documents,
    /// Not strict JSON.
    #[error("document at line {line}: {error}")]
    Strict {
        /// Line of the file at which the document starts.
        line: usize,
        /// Why; lines in it count from the start of the document.
        error: StrictError,
    },
    /// JSON that is neither an envelope nor a bundle.
    #[error("document at line {line} is neither a DSSE envelope nor a Sigstore bundle")]
    Unrecognised {
        /// Line of the file at which the document starts.
        line: usize,
    },
    /// Members of an envelope and of a bundle in one object.
    #[error("document at line {line} is both a DSSE envelope and a Sigstore bundle")]
    Ambiguous {
        /// Line of the file at which the document starts.
        line: usize,
    },
    /// A member of the envelope is missing or of another kind.
    #[error("envelope at line {line}: {detail}")]
    Structure {
        /// Line of the file at which the document starts.
        line: usize,
        /// What the parser met.
        detail: String,
    },
    /// No signature, or more than [`MOST_SIGNATURES`].
    #[error("envelope at line {line} has {found} signatures, not 1 to {MOST_SIGNATURES}")]
    SignatureCount {
        /// Line of the file at which the document starts.
        line: usize,
        /// How many.
        found: usize,
    },
    /// A signature without bytes.
    #[error("envelope at line {line}: signature {number} is empty")]
    EmptySignature {
        /// Line of the file at which the document starts.
        line: usize,
        /// Which one, from 1.
        number: usize,
    },
    /// Neither standard nor URL-safe base64 (RFC 4648 §4 and §5) in canonical form.
    #[error("envelope at line {line}: `{field}` is not canonical base64")]
    Base64 {
        /// Line of the file at which the document starts.
        line: usize,
        /// `payload` or `sig`.
        field: &'static str,
    },
    /// The payload is not an in-toto statement.
    #[error(
        "envelope at line {line}: payload type is `{found}`, not `{}`",
        dsse::PAYLOAD_TYPE
    )]
    PayloadType {
        /// Line of the file at which the document starts.
        line: usize,
        /// As found, cut to 100 characters.
        found: String,
    },
}

impl EnvelopeError {
    /// `structure` or `payload-type`.
    #[must_use]
    pub const fn category(&self) -> &'static str {
        match self {
            Self::PayloadType { .. } => "payload-type",
            Self::Empty
            | Self::Documents
            | Self::Strict { .. }
            | Self::Unrecognised { .. }
            | Self::Ambiguous { .. }
            | Self::Structure { .. }
            | Self::SignatureCount { .. }
            | Self::EmptySignature { .. }
            | Self::Base64 { .. } => "structure",
        }
    }
}

impl RawEnvelope {
    /// The payload, if it is of the one type that can be a statement.
    ///
    /// # Errors
    ///
    /// [`EnvelopeError::PayloadType`]. It is an error of this envelope alone:
    /// other lines of the file may well be of other types (in-toto attestation
    /// v1, "Bundle").
    pub fn statement(&self) -> Result<&[u8], EnvelopeError> {
        if self.payload_type == dsse::PAYLOAD_TYPE {
            Ok(&self.payload)
        } else {
            Err(EnvelopeError::PayloadType {
                line: self.line,
                found: excerpt(&self.payload_type, 100),
            })
        }
    }
}

/// What the members at the top say, before anything is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    payload: Option<IgnoredAny>,
    payload_type: Option<IgnoredAny>,
    signatures: Option<IgnoredAny>,
    verification_material: Option<IgnoredAny>,
    dsse_envelope: Option<IgnoredAny>,
    message_signature: Option<IgnoredAny>,
}

impl Shape {
    fn of(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Object<Self>>(bytes)
            .ok()
            .map(|Object(shape)| shape)
    }

    fn has_envelope(&self) -> bool {
        self.payload.is_some() || self.payload_type.is_some() || self.signatures.is_some()
    }

    fn has_whole_envelope(&self) -> bool {
        self.payload.is_some() && self.payload_type.is_some() && self.signatures.is_some()
    }

    fn has_bundle(&self) -> bool {
        self.verification_material.is_some()
            || self.dsse_envelope.is_some()
            || self.message_signature.is_some()
    }
}

/// DSSE lets a reader skip members that it does not know. Nobody signs them, and the
/// file as a whole counts as a verified signature: there must be no room in it for
/// anything else, so they are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EnvelopeDocument {
    payload: String,
    payload_type: String,
    signatures: Few<Object<SignatureDocument>, MOST_COUNTED>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureDocument {
    sig: String,
    #[serde(rename = "keyid")]
    key_id: Option<String>,
}

/// True when the bytes look like a file for [`read_envelopes`] and not like one
/// bundle: an envelope, or lines that start with an envelope or a bundle. A
/// look at the first document only; nothing is checked.
#[must_use]
pub fn is_envelope(bytes: &[u8]) -> bool {
    let (first, lines) = match layout(bytes) {
        Layout::One => (bytes, false),
        Layout::Lines => match lines(bytes).next() {
            Some((_, line)) => (line, true),
            None => return false,
        },
    };
    Shape::of(first).is_some_and(|shape| {
        if shape.has_bundle() {
            lines && !shape.has_envelope()
        } else {
            shape.has_whole_envelope()
        }
    })
}

/// Reads one envelope in any layout, or one envelope or bundle a line. A line that
/// is a copy of an earlier one proves nothing new, and is passed over.
///
/// # Errors
///
/// [`EnvelopeError`] for the first document that cannot be read; then none of
/// the file is used.
pub fn read_envelopes(bytes: &[u8]) -> Result<Vec<Document<'_>>, EnvelopeError> {
    let mut documents = Vec::new();
    match layout(bytes) {
        Layout::One => {
            let (line, _) = lines(bytes).next().ok_or(EnvelopeError::Empty)?;
            documents.push(document(line, bytes)?);
        }
        Layout::Lines => {
            let mut known = HashSet::new();
            for (line, text) in lines(bytes) {
                if !known.insert(text) {
                    continue;
                }
                if documents.len() == MOST_DOCUMENTS {
                    return Err(EnvelopeError::Documents);
                }
                documents.push(document(line, text)?);
            }
        }
    }
    Ok(documents)
}

enum Layout {
    /// One value, which may go over many lines.
    One,
    /// A value, and then something else.
    Lines,
}

fn layout(bytes: &[u8]) -> Layout {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => match bytes.get(values.byte_offset()..) {
            Some(rest) if !is_blank(rest) => Layout::Lines,
            _ => Layout::One,
        },
        // Reading it as one value tells best what is wrong.
        Some(Err(_)) | None => Layout::One,
    }
}

/// Lines with something on them, numbered from 1.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    bytes
        .split(|byte| *byte == b'\n')
        .zip(1..)
        .filter(|(line, _)| !is_blank(line))
        .map(|(line, number)| (number, line))
}

/// White space as JSON has it (RFC 8259 §2).
fn is_blank(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

fn document(line: usize, bytes: &[u8]) -> Result<Document<'_>, EnvelopeError> {
    strict::scan(bytes).map_err(|error| EnvelopeError::Strict { line, error })?;
    let shape = Shape::of(bytes).ok_or(EnvelopeError::Unrecognised { line })?;
    match (shape.has_envelope(), shape.has_bundle()) {
        (true, false) => envelope(line, bytes).map(Document::Envelope),
        (false, true) => Ok(Document::Bundle { line, bytes }),
        (true, true) => Err(EnvelopeError::Ambiguous { line }),
        (false, false) => Err(EnvelopeError::Unrecognised { line }),
    }
}

fn envelope(line: usize, bytes: &[u8]) -> Result<RawEnvelope, EnvelopeError> {
    let Object(document): Object<EnvelopeDocument> =
        serde_json::from_slice(bytes).map_err(|error| EnvelopeError::Structure {
            line,
            detail: excerpt(&error.to_string(), 200),
        })?;
    let found = document.signatures.0.len();
    if !(1..=MOST_SIGNATURES).contains(&found) {
        return Err(EnvelopeError::SignatureCount { line, found });
    }
    let signatures = document
        .signatures
        .0
        .into_iter()
        .zip(1..)
        .map(|(Object(signature), number)| {
            let bytes = decode(line, "sig", &signature.sig)?;
            if bytes.is_empty() {
                return Err(EnvelopeError::EmptySignature { line, number });
            }
            let key_id = signature.key_id.as_ref().map_or(0, String::len);
            if bytes.len() > MOST_SIGNATURE_BYTES || key_id > crate::bundle::MOST_HINT {
                return Err(EnvelopeError::Structure {
                    line,
                    detail: format!("signature {number} or its `keyid` is too long"),
                });
            }
            Ok(RawSignature {
                key_id: signature.key_id.filter(|key_id| !key_id.is_empty()),
                signature: bytes,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(RawEnvelope {
        line,
        payload: decode(line, "payload", &document.payload)?,
        payload_type: document.payload_type,
        signatures,
    })
}

/// DSSE v1.0 "Envelope": either alphabet. Padded and without stray bits or
/// characters, so that nobody makes two envelopes out of one.
fn decode(line: usize, field: &'static str, text: &str) -> Result<Vec<u8>, EnvelopeError> {
    BASE64
        .decode(text.as_bytes())
        .or_else(|_| BASE64URL.decode(text.as_bytes()))
        .map_err(|_| EnvelopeError::Base64 { line, field })
}
