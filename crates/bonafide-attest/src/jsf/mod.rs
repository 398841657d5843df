//! CycloneDX documents with an enveloped signature: JSON Signature Format (JSF) 0.82.
//!
//! The signature lies in the property `signature` of the document that it
//! signs. What is signed is the canonical form (RFC 8785) of the document
//! without the signature's own `value`, so white space and the order of names
//! are free, and all else is not (JSF §6).
//!
//! Nothing here decides on trust: keys, key names and certificates that come
//! with a document are handed on, and [`DocumentSignature::verifies`] answers
//! for one given key.
//!
//! # What a signature does not cover
//!
//! - **`excludes`** and the properties that it names (JSF §5: both are
//!   unsigned). So whoever holds a signed document can add a property, name it
//!   in `excludes`, and every signature still verifies. JSF leaves it to the
//!   application which names to accept; a caller that accepts none has to
//!   refuse a document with any [`SignedDocument::excludes`], and every caller
//!   should read facts from [`SignedDocument::covered_document`].
//! - **The other signers** of the form `signers`: they can be added, left out,
//!   repeated and reordered. Count keys, not signatures.
//! - **The end of a `chain`**: a signature covers those before it, so the last
//!   ones can be cut off.
//! - **Digits that a double does not keep** in numbers with a fraction or an
//!   exponent. Integers beyond ±2^53 are refused.

mod algorithm;
mod canonical;
mod envelope;
mod error;
mod jwk;
mod sign;
mod signature;
mod signer;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

pub use algorithm::{JsfAlgorithm, KeyKind};
pub use envelope::MOST_SIGNATURES;
pub use error::{JsfError, JsonDefect, KeyDefect, SignatureDefect};
pub use sign::{EarlierSignature, SignDocumentError, SignatureRequest, sign};
pub use signature::DocumentSignature;

use crate::rejection::excerpt;
use canonical::{Document, Member};
use envelope::Envelope;
use signature::Covered;

/// The property that CycloneDX gives to JSF.
const SIGNATURE: &str = "signature";

/// Properties that say which document this is, and may not be excluded:
/// otherwise a signature over anything could be dressed up as one over a BOM.
const IDENTITY: [&str; 4] = ["bomFormat", "specVersion", "serialNumber", "version"];

/// How the signatures of a document relate (JSF §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// One signature.
    Single,
    /// `signers`: each signs the document, independently of the others.
    Multiple,
    /// `chain`: each signs the document and the signatures before it.
    Chain,
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Single => "single signature",
            Self::Multiple => "multiple signatures",
            Self::Chain => "signature chain",
        })
    }
}

/// A CycloneDX document with its signatures, read strictly, none of them checked yet.
pub struct SignedDocument {
    spec_version: String,
    serial_number: Option<String>,
    form: Form,
    signatures: Vec<DocumentSignature>,
    excludes: Vec<String>,
    nested_signatures: usize,
    body: Arc<Covered>,
}

impl SignedDocument {
    /// Reads a document. The caller caps its size; time and memory grow in proportion to it.
    ///
    /// # Errors
    ///
    /// Whatever is not strict I-JSON (RFC 7493), not CycloneDX, or not a
    /// signature object as JSF 0.82 describes it, is refused as a whole.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsfError> {
        let document = Document::read(bytes)?;
        let nested_signatures = document.nested_signatures;
        match text(&document.members, "bomFormat")? {
            Some(format) if format == "CycloneDX" => (),
            found => {
                return Err(JsfError::NotCycloneDx {
                    found: found.map_or_else(
                        || "missing".to_owned(),
                        |format| format!("`{}`", excerpt(&format, 100)),
                    ),
                });
            }
        }
        let name = "specVersion";
        let spec_version = text(&document.members, name)?.ok_or(JsfError::Identity { name })?;
        let serial_number = text(&document.members, "serialNumber")?;
        let envelope = Envelope::open(document)?;
        for name in IDENTITY {
            if envelope.excludes.iter().any(|excluded| excluded == name) {
                return Err(JsfError::ExcludedIdentity { name });
            }
        }
        Ok(Self {
            spec_version,
            serial_number,
            form: envelope.form,
            signatures: envelope.signatures,
            excludes: envelope.excludes,
            nested_signatures,
            body: envelope.body,
        })
    }

    /// Version of CycloneDX: hostile text.
    #[must_use]
    pub fn spec_version(&self) -> &str {
        &self.spec_version
    }

    /// The document's own name, if it has one: hostile text.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.serial_number.as_deref()
    }

    /// How the signatures relate.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The signatures in the order of the document: from 1 to [`MOST_SIGNATURES`].
    #[must_use]
    pub fn signatures(&self) -> &[DocumentSignature] {
        &self.signatures
    }

    /// Top-level properties that no signature covers, in the document's order:
    /// hostile text. The list itself is not covered either; see the module.
    #[must_use]
    pub fn excludes(&self) -> &[String] {
        &self.excludes
    }

    /// How many objects below the top have a signature of their own. They are not checked.
    #[must_use]
    pub const fn nested_signatures(&self) -> usize {
        self.nested_signatures
    }

    /// What every signature covers of the document, as canonical JSON: without
    /// the signature object and without what it excludes.
    #[must_use]
    pub fn covered_document(&self) -> Vec<u8> {
        self.body.document()
    }
}

impl fmt::Debug for SignedDocument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignedDocument")
            .field("spec_version", &self.spec_version)
            .field("serial_number", &self.serial_number)
            .field("form", &self.form)
            .field("signatures", &self.signatures)
            .field("excludes", &self.excludes)
            .field("nested_signatures", &self.nested_signatures)
            .finish_non_exhaustive()
    }
}

/// A property that has to be a string, if it is there.
fn text(members: &[Member<'_>], name: &'static str) -> Result<Option<String>, JsfError> {
    members
        .iter()
        .find(|member| member.name == name)
        .map(|member| serde_json::from_slice(&member.value))
        .transpose()
        .map_err(|_| JsfError::Identity { name })
}

/// True when bytes look like a CycloneDX document with a signature: an object
/// with `"bomFormat": "CycloneDX"` and a property `signature`.
///
/// A document that is broken, also behind those two, still looks like one:
/// [`SignedDocument::parse`] then says what is wrong with it.
#[must_use]
pub fn is_signed_document(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut looks = Looks::default();
    // Only what was seen counts, not whether the rest could be read.
    let _ = serde_json::Deserializer::from_slice(bytes).deserialize_map(&mut looks);
    looks.cyclonedx && looks.signed
}

#[derive(Default)]
struct Looks {
    cyclonedx: bool,
    signed: bool,
}

impl<'de> Visitor<'de> for &mut Looks {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match &*name {
                "bomFormat" => {
                    self.cyclonedx |= map.next_value::<String>()? == "CycloneDX";
                }
                SIGNATURE => {
                    self.signed = true;
                    map.next_value::<IgnoredAny>()?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}
