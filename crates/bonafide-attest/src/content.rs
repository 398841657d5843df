//! What a signature can vouch for.

use std::fmt;

use bonafide_core::Digest;

use crate::oms::{HISTORICAL_PREDICATE_TYPE, OmsManifest, PREDICATE_TYPE};
use crate::statement::Statement;

/// What somebody signed. Inside a [`crate::Verified`] it is proven that they did.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The files of a model (OMS).
    Model(OmsManifest),
    /// A statement about something, with a predicate (in-toto).
    Statement(Box<Statement>),
    /// A blob, by its digest (Sigstore message signature).
    Message(Digest),
    /// The bill of materials that carries the signature (JSF).
    Document(SignedBom),
}

/// A bill of materials that carries its own signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBom {
    /// Version of CycloneDX.
    pub specification: String,
    /// Its serial number.
    pub serial_number: Option<String>,
    /// Properties at the top that are not signed: anybody can have put them there,
    /// because JSF does not sign this list itself.
    pub excludes: Vec<String>,
    /// Signatures inside components and the like, which were not looked at.
    pub nested_signatures: usize,
    /// Where the signatures that count depart from JSF.
    pub deviations: Vec<DocumentDeviation>,
}

/// A departure from JSF that was accepted, because the trust material says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentDeviation {
    /// What cdxgen writes: a signature over the document without its whole `signature`.
    #[error(
        "{key} signed the document in the dialect of cdxgen, which is not JSF: what stands in its signature besides the value, such as {}, is not authenticated",
        match key_id { Some(id) => format!("the `keyId` \"{id}\""), None => "`publicKey`".to_owned() }
    )]
    CdxgenDialect {
        /// The trusted key, in words.
        key: String,
        /// What the document calls the key, cut to 140 characters. Anybody can have
        /// written it.
        key_id: Option<String>,
    },
}

impl Content {
    /// The manifest, if it is a model signature.
    #[must_use]
    pub const fn manifest(&self) -> Option<&OmsManifest> {
        match self {
            Self::Model(manifest) => Some(manifest),
            _ => None,
        }
    }

    /// Where it departs from its specification, and was accepted all the same.
    #[must_use]
    pub fn deviations(&self) -> Vec<String> {
        match self {
            Self::Model(manifest) => manifest
                .deviations
                .iter()
                .map(ToString::to_string)
                .collect(),
            Self::Document(bom) => bom.deviations.iter().map(ToString::to_string).collect(),
            Self::Statement(_) | Self::Message(_) => Vec::new(),
        }
    }

    /// The statement, if it is an attestation.
    #[must_use]
    pub fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Statement(statement) => Some(statement),
            _ => None,
        }
    }
}

/// How a signature was made, as its shape tells before anything is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    /// What is signed, and in what it travels.
    pub format: Format,
    /// Who can tell that it is genuine.
    pub method: Method,
}

/// What is signed, and in what it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// An OMS manifest in a Sigstore bundle.
    Oms,
    /// An OMS manifest of release 0.2 in a Sigstore bundle.
    HistoricalOms,
    /// Another in-toto statement in a Sigstore bundle.
    Attestation,
    /// A blob, by a Sigstore bundle.
    Message,
    /// An in-toto statement in a DSSE envelope without a bundle.
    Envelope,
    /// A CycloneDX document with its signature in it (JSF).
    Document,
}

/// Who can tell that a signature is genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Whoever holds the public key.
    Key,
    /// Whoever trusts the certificate authority.
    Certificate,
    /// Whoever trusts a Sigstore deployment.
    Sigstore,
}

impl Format {
    /// What a payload claims to be. A claim only: it decides how a signature is
    /// called, and which encoding is tried, never whether it is accepted.
    pub(crate) fn of_payload(payload: &[u8]) -> Self {
        #[derive(serde::Deserialize)]
        struct Claimed {
            #[serde(rename = "predicateType")]
            predicate_type: String,
        }
        match serde_json::from_slice::<Claimed>(payload) {
            Ok(claimed) if claimed.predicate_type == PREDICATE_TYPE => Self::Oms,
            Ok(claimed) if claimed.predicate_type == HISTORICAL_PREDICATE_TYPE => {
                Self::HistoricalOms
            }
            _ => Self::Attestation,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Key => "key",
            Self::Certificate => "certificate",
            Self::Sigstore => "sigstore",
        })
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.method;
        match self.format {
            Format::Oms => write!(formatter, "OMS v1.0, method {method}"),
            Format::HistoricalOms => write!(formatter, "OMS v0.1, method {method}"),
            Format::Attestation => {
                write!(
                    formatter,
                    "in-toto attestation in a bundle, method {method}"
                )
            }
            Format::Message => write!(formatter, "Sigstore message signature, method {method}"),
            Format::Document => write!(formatter, "CycloneDX with JSF, method {method}"),
            Format::Envelope => write!(formatter, "in-toto attestation in DSSE, method {method}"),
        }
    }
}
