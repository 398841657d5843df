//! Why a signature proves nothing, by category and with the facts.

use bonafide_core::{Digest, NameError, RawName};

use crate::envelope::EnvelopeError;
use crate::jsf::JsfError;
use crate::key::KeyKind;
use crate::statement::StatementError;

/// The signature is wrong, malformed, or says what no signer may say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// Not JSON, or not a document of the expected shape.
    #[error("malformed {document}: {detail}")]
    Malformed {
        /// `bundle` or `statement`.
        document: &'static str,
        /// What the parser met, with line and column.
        detail: String,
    },
    /// The `mediaType` is none that OMS v1.0 §8.1 or the Sigstore bundle specification names.
    #[error("unknown bundle media type `{found}`")]
    MediaType {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// Not exactly one of `publicKey`, `x509CertificateChain` and `certificate`.
    #[error(
        "verification material holds {found} of `publicKey`, `x509CertificateChain`, `certificate`; exactly one is allowed"
    )]
    Material {
        /// How many were present.
        found: usize,
    },
    /// Not exactly one of `dsseEnvelope` and `messageSignature`.
    #[error("bundle holds {found} of `dsseEnvelope`, `messageSignature`; exactly one is allowed")]
    Content {
        /// How many were present.
        found: usize,
    },
    /// A DSSE envelope in a bundle has exactly one signature.
    #[error("envelope has {found} signatures; exactly one is allowed")]
    SignatureCount {
        /// How many were present.
        found: usize,
    },
    /// A field is not canonical base64.
    #[error("`{field}` is not canonical base64")]
    Base64 {
        /// Name of the field.
        field: &'static str,
    },
    /// The envelope's payload is not an in-toto statement.
    #[error("payload type is `{found}`, not `application/vnd.in-toto+json`")]
    PayloadType {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// A certificate or key in the bundle cannot be read.
    #[error("{what} in the bundle cannot be read: {detail}")]
    UnreadableMaterial {
        /// `certificate 2`, `public key`.
        what: String,
        /// Why.
        detail: String,
    },
    /// `keyDetails` contradicts the key.
    #[error("bundle says the key is `{found}`, but it is {kind}")]
    KeyDetails {
        /// As found, cut to 100 characters.
        found: String,
        /// What the key is.
        kind: KeyKind,
    },
    /// A kind of key that OMS v1.0 registers for no method that names its key.
    #[error("OMS signatures are made with P-256, P-384, P-521 or Ed25519 keys, not {kind}")]
    KeyKind {
        /// What the key is.
        kind: KeyKind,
    },
    /// The digest of a signed blob is missing, of an unknown kind, or not what was signed.
    #[error("digest of the signed message: {detail}")]
    MessageDigest {
        /// What is wrong with it.
        detail: String,
    },
    /// A keyless signature that no transparency log has recorded (OMS v1.0 §8.2).
    #[error("keyless signature has no transparency-log entry")]
    NoLogEntry,
    /// A log entry with a promise at most, where a proof is demanded.
    #[error("transparency-log entry {entry} has no inclusion proof")]
    NoInclusionProof {
        /// Which entry, counted from 1.
        entry: usize,
    },
    /// The entry is not in the tree that the log signed.
    #[error("inclusion proof does not hold: {detail}")]
    InclusionProof {
        /// What the verifier met.
        detail: String,
    },
    /// The tree is not signed by the log.
    #[error("checkpoint does not hold: {detail}")]
    Checkpoint {
        /// What the verifier met.
        detail: String,
    },
    /// The signed entry timestamp is missing where its version demands one, or wrong.
    #[error("inclusion promise does not hold: {detail}")]
    InclusionPromise {
        /// What the verifier met.
        detail: String,
    },
    /// The logged time does not fit certificate or clock.
    #[error("logged time does not hold: {detail}")]
    IntegratedTime {
        /// What the verifier met.
        detail: String,
    },
    /// The entry is about another signature, or cannot be read.
    #[error("log entry does not hold: {detail}")]
    LogEntry {
        /// What the verifier met.
        detail: String,
    },
    /// An RFC 3161 timestamp is wrong, or the only possible evidence of time is missing.
    #[error("signed timestamp does not hold: {detail}")]
    Timestamp {
        /// What the verifier met.
        detail: String,
    },
    /// The certificate is not in a certificate-transparency log that is trusted.
    #[error("signed certificate timestamp does not hold: {detail}")]
    SignedCertificateTimestamp {
        /// What the verifier met.
        detail: String,
    },
    /// A signing certificate of an identity authority that names no identity.
    #[error("certificate names no issuer or no subject")]
    NoIdentity,
    /// A signing certificate of an identity authority that names several.
    #[error("certificate has {found} subject alternative names; a signer has one")]
    SeveralIdentities {
        /// How many.
        found: usize,
    },
    /// Content, key or hash that this kind of bundle cannot have.
    #[error("bundle cannot be verified: {detail}")]
    UnsupportedContent {
        /// What the verifier met.
        detail: String,
    },
    /// An OMS manifest in an envelope without a bundle.
    #[error("an OMS signature travels in a Sigstore bundle, not in an envelope alone")]
    ModelInEnvelope,
    /// An envelope without a bundle that is not one.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A document that carries a signature, but not a sound one.
    #[error(transparent)]
    Document(#[from] JsfError),
    /// A signed statement that is not one.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The signature does not verify under the key that the bundle names.
    #[error("signature does not verify under {key}")]
    SignatureInvalid {
        /// The key, in words.
        key: String,
    },
    /// Over the document without its whole `signature`, as cdxgen signs. No part of JSF
    /// allows that: `keyId` and `publicKey` are then anybody's.
    #[error(
        "signed in the dialect of cdxgen, which is not JSF: {key} made the signature, but not over its own `algorithm`, `keyId` and `publicKey` (a policy can accept it)"
    )]
    CdxgenDialect {
        /// The trusted key, in words.
        key: String,
    },
    /// Not `https://in-toto.io/Statement/v1`.
    #[error("statement type is `{found}`, not `https://in-toto.io/Statement/v1`")]
    StatementType {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// Signed, but not a model signature.
    #[error("predicate type is `{found}`, not `https://model_signing/signature/v1.0`")]
    PredicateType {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// OMS v1.0 §6.5: exactly one subject.
    #[error("statement has {found} subjects; exactly one is allowed")]
    SubjectCount {
        /// How many were present.
        found: usize,
    },
    /// The subject has no usable `sha256` digest, or no name.
    #[error("subject is unusable: {detail}")]
    Subject {
        /// What is wrong with it.
        detail: String,
    },
    /// The signed root digest is not the digest of the signed resources.
    #[error(
        "subject digest is not the digest of the listed resources (listed {computed}, subject {subject})"
    )]
    RootDigest {
        /// Computed over the resources in listed order.
        computed: Digest,
        /// What the subject says.
        subject: Digest,
    },
    /// OMS v1.0 §5.2.1: at least one resource.
    #[error("manifest lists no resources")]
    NoResources,
    /// The same file or shard is listed twice.
    #[error("resource `{name}` is listed twice")]
    DuplicateResource {
        /// The name.
        name: RawName,
    },
    /// Neither by code point (specification) nor by path component (reference tool).
    #[error("resource `{name}` is out of order")]
    Order {
        /// First name that is out of order.
        name: RawName,
    },
    /// The manifest names a serialization that does not exist or contradicts itself.
    #[error("serialization is not acceptable: {detail}")]
    Serialization {
        /// What is wrong with it.
        detail: String,
    },
    /// A resource has an unusable digest or algorithm.
    #[error("resource `{name}`: {detail}")]
    Resource {
        /// The resource.
        name: RawName,
        /// What is wrong with it.
        detail: String,
    },
    /// The shards of a file leave a hole, overlap or have the wrong size.
    #[error("shards of `{name}` do not join at byte {position}")]
    ShardLayout {
        /// The file.
        name: RawName,
        /// Where they should have joined.
        position: u64,
    },
    /// The signer excludes what no signer may exclude.
    #[error("exclusion `{path}` is not acceptable: {reason}")]
    Exclusion {
        /// The entry of `ignore_paths`.
        path: RawName,
        /// Why.
        reason: ExclusionDefect,
    },
}

/// What part of a signature a rejection is about. The name in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Category {
    /// The file is not what it should be: shape, limits, encoding.
    Structure,
    /// The media type of the bundle.
    MediaType,
    /// The signature itself.
    Signature,
    /// The type of the signed payload, or the digest of a signed blob.
    Payload,
    /// The key.
    Key,
    /// The certificate or its path.
    Certificate,
    /// Its signed certificate timestamp.
    CertificateTimestamp,
    /// The entry of the transparency log.
    LogEntry,
    /// The log's promise to include it.
    InclusionPromise,
    /// The proof that it did.
    InclusionProof,
    /// The signed head of the log.
    Checkpoint,
    /// The time of signing.
    Timestamp,
    /// Who signed.
    Identity,
    /// `_type` of the statement.
    StatementType,
    /// What the statement is about.
    Subject,
    /// What it says.
    Predicate,
    /// The signer or the artifact is on a deny-list.
    Denied,
    /// This release cannot check it.
    Unsupported,
}

impl Category {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::MediaType => "media-type",
            Self::Signature => "signature",
            Self::Payload => "payload",
            Self::Key => "key",
            Self::Certificate => "certificate",
            Self::CertificateTimestamp => "certificate-timestamp",
            Self::LogEntry => "log-entry",
            Self::InclusionPromise => "inclusion-promise",
            Self::InclusionProof => "inclusion-proof",
            Self::Checkpoint => "checkpoint",
            Self::Timestamp => "timestamp",
            Self::Identity => "identity",
            Self::StatementType => "statement-type",
            Self::Subject => "subject",
            Self::Predicate => "predicate",
            Self::Denied => "denied",
            Self::Unsupported => "unsupported",
        }
    }
}

impl std::fmt::Display for Category {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Rejection {
    /// What part of the signature it is about.
    #[must_use]
    pub const fn category(&self) -> Category {
        match self {
            Self::Malformed { .. }
            | Self::Material { .. }
            | Self::Content { .. }
            | Self::SignatureCount { .. }
            | Self::UnsupportedContent { .. }
            | Self::ModelInEnvelope
            | Self::Base64 { .. } => Category::Structure,
            Self::MediaType { .. } => Category::MediaType,
            Self::PayloadType { .. } | Self::MessageDigest { .. } => Category::Payload,
            Self::UnreadableMaterial { .. } => Category::Certificate,
            Self::KeyDetails { .. } | Self::KeyKind { .. } => Category::Key,
            Self::SignatureInvalid { .. } | Self::CdxgenDialect { .. } => Category::Signature,
            Self::NoLogEntry | Self::LogEntry { .. } => Category::LogEntry,
            Self::NoInclusionProof { .. } | Self::InclusionProof { .. } => Category::InclusionProof,
            Self::Checkpoint { .. } => Category::Checkpoint,
            Self::InclusionPromise { .. } => Category::InclusionPromise,
            Self::IntegratedTime { .. } | Self::Timestamp { .. } => Category::Timestamp,
            Self::SignedCertificateTimestamp { .. } => Category::CertificateTimestamp,
            Self::NoIdentity | Self::SeveralIdentities { .. } => Category::Identity,
            Self::StatementType { .. } => Category::StatementType,
            Self::PredicateType { .. } => Category::Predicate,
            Self::SubjectCount { .. } | Self::Subject { .. } | Self::RootDigest { .. } => {
                Category::Subject
            }
            Self::Envelope(EnvelopeError::PayloadType { .. }) => Category::Payload,
            Self::Envelope(_) | Self::Document(_) => Category::Structure,
            Self::Statement(error) => match error {
                StatementError::Size { .. }
                | StatementError::Strict(_)
                | StatementError::NotAnObject { .. } => Category::Structure,
                StatementError::StatementType { .. } => Category::StatementType,
                StatementError::PredicateType(_) | StatementError::Predicate { .. } => {
                    Category::Predicate
                }
                StatementError::NoSubject | StatementError::Subject(_) => Category::Subject,
            },
            Self::NoResources
            | Self::DuplicateResource { .. }
            | Self::Order { .. }
            | Self::Serialization { .. }
            | Self::Resource { .. }
            | Self::ShardLayout { .. }
            | Self::Exclusion { .. } => Category::Predicate,
        }
    }
}

/// Why an entry of `ignore_paths` is refused (OMS v1.0 §6.2.1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExclusionDefect {
    /// It covers the whole artifact.
    #[error("it excludes everything")]
    Everything,
    /// It holds `*`, `?` or `[`.
    #[error("it is a glob pattern")]
    Glob,
    /// It is not a normalized relative name.
    #[error("{0}")]
    Name(NameError),
    /// It excludes a file that the same manifest signs.
    #[error("it excludes `{resource}`, which the manifest lists")]
    Contradiction {
        /// The listed resource.
        resource: RawName,
    },
}

/// The signature may be sound, but nobody whom we trust made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untrusted {
    /// No trusted key is the one that the signature names.
    #[error("no trusted key is the one that the signature names, {hint}")]
    UnknownKey {
        /// Fingerprint or key id as the signature writes it, cut to 140 characters.
        hint: String,
    },
    /// The signature names no key, and no trusted key is known to have made it.
    #[error("no trusted key is known to have made the signature, which names none")]
    UnnamedKey,
    /// The bundle carries a key (releases before 1.1.0) that is not trusted.
    #[error("the key in the bundle ({fingerprint}) is not trusted")]
    UnknownEmbeddedKey {
        /// SHA-256 of its DER `SubjectPublicKeyInfo`.
        fingerprint: Digest,
    },
    /// There is no key to check it with.
    #[error("no key is trusted, so the signature cannot be checked")]
    NoKeys,
    /// The certificate is not of an identity authority in a trusted root.
    #[error("signing certificate is not of an authority in a trusted root: {detail}")]
    UnknownSigstoreAuthority {
        /// What the verifier met.
        detail: String,
    },
    /// The signature is logged where nobody whom we trust looks.
    #[error("log entry is not of a log in a trusted root: {detail}")]
    UnknownLog {
        /// What the verifier met.
        detail: String,
    },
    /// There is no trusted root to check it with.
    #[error("no Sigstore trusted root is in force, so the signature cannot be checked")]
    NoRoot,
    /// The signature holds, but its signer is none that is trusted.
    #[error("signed by {subject} (issuer {issuer}), whom no trusted identity matches")]
    UnknownIdentity {
        /// Subject of the certificate, cut to 300 characters.
        subject: String,
        /// Who vouches for it, likewise.
        issuer: String,
    },
    /// The certificate chains to a trusted authority that is trusted for other names only.
    #[error(
        "certificate \"{subject}\" has none of the names that authority \"{authority}\" is trusted for"
    )]
    UnknownName {
        /// Subject of the leaf.
        subject: String,
        /// Label of the authority.
        authority: String,
    },
    /// The chain does not end at a trusted authority.
    #[error(
        "certificate \"{subject}\" does not chain to a trusted authority (issuer \"{issuer}\")"
    )]
    UnknownAuthority {
        /// Subject of the leaf.
        subject: String,
        /// Issuer of the last certificate that could be reached.
        issuer: String,
    },
}

impl Untrusted {
    /// What part of the signature it is about.
    #[must_use]
    pub const fn category(&self) -> Category {
        match self {
            Self::UnknownKey { .. }
            | Self::UnnamedKey
            | Self::UnknownEmbeddedKey { .. }
            | Self::NoKeys => Category::Key,
            Self::UnknownSigstoreAuthority { .. }
            | Self::NoRoot
            | Self::UnknownAuthority { .. } => Category::Certificate,
            Self::UnknownLog { .. } => Category::LogEntry,
            Self::UnknownIdentity { .. } | Self::UnknownName { .. } => Category::Identity,
        }
    }
}

/// What this release cannot check. It never counts as verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// Transparency-log entries beside a certificate of no identity authority.
    #[error("transparency-log entries beside a certificate chain cannot be checked")]
    LogEntries,
    /// Log entries or timestamps beside a key on a curve that logs do not take.
    #[error("log entries and timestamps beside a {kind} key cannot be checked")]
    LoggedKey {
        /// What the key is.
        kind: String,
    },
    /// A signature over the whole blob (Ed25519), which is not held in memory.
    #[error("signatures over a whole blob instead of its digest cannot be checked")]
    WholeBlob,
}

/// Cuts text from a hostile document to a printable length: so many characters
/// once they are escaped, and no escape in half.
pub(crate) fn excerpt(text: &str, characters: usize) -> String {
    cut(text.chars().map(escaped), characters)
}

/// The same, so that it can stand between quotes and brackets as well.
pub(crate) fn enclosable(text: &str, characters: usize) -> String {
    let pieces = text.chars().map(|character| match character {
        '"' | ']' => format!("\\{character}"),
        _ => escaped(character),
    });
    cut(pieces, characters)
}

fn escaped(character: char) -> String {
    RawName::from(&*character.encode_utf8(&mut [0; 4])).to_string()
}

fn cut(pieces: impl Iterator<Item = String>, characters: usize) -> String {
    let mut left = characters;
    pieces
        .take_while(|piece| match left.checked_sub(piece.chars().count()) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_cut_where_they_are_shown_and_never_inside_of_an_escape() {
        assert_eq!(excerpt("abcdef", 4), "abcd");
        assert_eq!(excerpt("a\u{1b}[31m", 6), "a");
        assert_eq!(excerpt("a\u{1b}[31m", 7), "a\\u{1b}");
        assert_eq!(excerpt(&"\u{202e}".repeat(500), 200).len(), 25 * 8);
        assert_eq!(excerpt("é\\é", 3), "é\\\\");
        assert_eq!(enclosable("a\"]b", 4), "a\\\"");
        assert_eq!(enclosable("a\"]b", 6), "a\\\"\\]b");
    }
}
