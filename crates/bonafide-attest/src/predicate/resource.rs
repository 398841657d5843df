//! What a statement points at: in-toto `DigestSet` and `ResourceDescriptor`.

use bonafide_core::{Algorithm, Digest, RawName};
use serde_json::Value;

use super::field::{FieldDefect, FieldError, Fields};

/// Most digests of one subject or resource.
pub const MOST_DIGESTS: usize = 32;

/// Longest name of an algorithm in bytes.
const MOST_ALGORITHM_NAME: usize = 128;

/// One entry of a `DigestSet` (in-toto attestation v1, "DigestSet").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectDigest {
    /// Of an algorithm that we compute; the only kind that can bind a file.
    Known(Digest),
    /// Of a broken algorithm (`md5`, `sha1`); recognised so that it can be named.
    Weak {
        /// The algorithm.
        name: String,
        /// As found.
        value: String,
    },
    /// Of another algorithm (`gitCommit`, `dirHash`, …). In materials and other
    /// pointers also what is no digest of the algorithm that it is named after.
    Unknown {
        /// The algorithm.
        name: String,
        /// As found.
        value: String,
    },
}

impl SubjectDigest {
    /// The digest, when it is of an algorithm that we compute.
    #[must_use]
    pub const fn known(&self) -> Option<&Digest> {
        match self {
            Self::Known(digest) => Some(digest),
            Self::Weak { .. } | Self::Unknown { .. } => None,
        }
    }
}

/// A pointer to an artifact (in-toto attestation v1, "ResourceDescriptor").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResourceDescriptor {
    /// Distinguishes it from its neighbours.
    pub name: Option<RawName>,
    /// Identifies it globally.
    pub uri: Option<String>,
    /// Digests of its contents; empty when it points at something that changes.
    pub digests: Vec<SubjectDigest>,
    /// Where to get it, if not at `uri`.
    pub download_location: Option<String>,
    /// Its media type.
    pub media_type: Option<String>,
}

/// Whether a digest that contradicts its own name spoils the document.
///
/// It does in a subject, which is what the signature is about. It does not in a
/// pointer: some builders call a Git commit `sha256`, and all that follows is
/// that such an entry matches nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    Refuse,
    KeepAsUnknown,
}

/// Reads the member `digest`; absent is empty.
pub(crate) fn digest_set(
    fields: &Fields<'_>,
    malformed: Malformed,
) -> Result<Vec<SubjectDigest>, FieldError> {
    let Some(set) = fields.optional_object("digest")? else {
        return Ok(Vec::new());
    };
    let entries = set.entries();
    if entries.len() > MOST_DIGESTS {
        return Err(fields.too_many("digest", entries.len(), MOST_DIGESTS));
    }
    let mut digests = Vec::with_capacity(entries.len());
    let mut seen: Vec<Algorithm> = Vec::new();
    for (name, value) in entries {
        let digest = entry(&set, name, value, malformed)?;
        if let SubjectDigest::Known(known) = digest {
            if seen.contains(&known.algorithm()) {
                return Err(set.refuse(name, FieldDefect::RepeatedAlgorithm));
            }
            seen.push(known.algorithm());
        }
        digests.push(digest);
    }
    Ok(digests)
}

fn entry(
    set: &Fields<'_>,
    name: &str,
    value: &Value,
    malformed: Malformed,
) -> Result<SubjectDigest, FieldError> {
    if name.len() > MOST_ALGORITHM_NAME {
        return Err(set.refuse(
            name,
            FieldDefect::Length {
                bytes: name.len(),
                limit: MOST_ALGORITHM_NAME,
            },
        ));
    }
    // `null` is not absent here: there is a name, so there has to be a digest.
    if value.is_null() {
        return Err(set.refuse(
            name,
            FieldDefect::Kind {
                expected: "a string",
            },
        ));
    }
    let value = set.text(name)?;
    let name = name.to_owned();
    let algorithm = match name.as_str() {
        "sha256" => Algorithm::Sha256,
        "sha384" => Algorithm::Sha384,
        "sha512" => Algorithm::Sha512,
        // The specification's name, and the one that says the length.
        "blake2b" | "blake2b-512" => Algorithm::Blake2b512,
        "blake3" => Algorithm::Blake3,
        "sha3_256" => Algorithm::Sha3_256,
        "sha3_384" => Algorithm::Sha3_384,
        "sha3_512" => Algorithm::Sha3_512,
        "blake2b-256" => Algorithm::Blake2b256,
        "blake2b-384" => Algorithm::Blake2b384,
        "md5" | "sha1" => return Ok(SubjectDigest::Weak { name, value }),
        _ => return Ok(SubjectDigest::Unknown { name, value }),
    };
    match Digest::from_hex(algorithm, &value) {
        Ok(digest) => Ok(SubjectDigest::Known(digest)),
        Err(_) if malformed == Malformed::KeepAsUnknown => {
            Ok(SubjectDigest::Unknown { name, value })
        }
        Err(error) => Err(set.refuse(&name, FieldDefect::Digest(error))),
    }
}

impl ResourceDescriptor {
    pub(crate) fn read(fields: &Fields<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            name: fields
                .optional_text("name")?
                .map(|name| RawName::from(name.as_str())),
            uri: fields.optional_text("uri")?,
            digests: digest_set(fields, Malformed::KeepAsUnknown)?,
            download_location: fields.optional_text("downloadLocation")?,
            media_type: fields.optional_text("mediaType")?,
        })
    }

    pub(crate) fn read_optional(
        parent: &Fields<'_>,
        name: &str,
    ) -> Result<Option<Self>, FieldError> {
        parent
            .optional_object(name)?
            .map(|fields| Self::read(&fields))
            .transpose()
    }

    /// Every descriptor of a list.
    pub(crate) fn read_all(
        parent: &Fields<'_>,
        name: &str,
        list: &[Value],
    ) -> Result<Vec<Self>, FieldError> {
        parent
            .objects(name, list)
            .map(|fields| Self::read(&fields?))
            .collect()
    }
}
