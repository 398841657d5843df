//! Why a signature proves nothing, by category and with the facts.

use bonafide_core::{Digest, NameError, RawName};

use crate::key::KeyKind;

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
    /// The signature does not verify under the key that the bundle names.
    #[error("signature does not verify under {key}")]
    SignatureInvalid {
        /// The key, in words.
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
    /// No trusted key has the fingerprint that the bundle names.
    #[error("no trusted key has the fingerprint {hint} that the bundle names")]
    UnknownKey {
        /// As the bundle writes it, cut to 140 characters.
        hint: String,
    },
    /// The bundle carries a key (releases before 1.1.0) that is not trusted.
    #[error("the key in the bundle ({fingerprint}) is not trusted")]
    UnknownEmbeddedKey {
        /// SHA-256 of its DER `SubjectPublicKeyInfo`.
        fingerprint: Digest,
    },
    /// There is no key to check it with.
    #[error("no key is trusted, so the signature cannot be checked")]
    NoKeys,
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

/// What this release cannot check. It never counts as verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// A Sigstore (Fulcio) certificate with transparency-log entries.
    #[error("keyless Sigstore signatures cannot be checked by this release")]
    Sigstore,
    /// A signature over a blob instead of a statement.
    #[error("message signatures cannot be checked by this release")]
    MessageSignature,
    /// Transparency-log entries beside a plain key or certificate.
    #[error(
        "transparency-log entries beside a key or certificate cannot be checked by this release"
    )]
    LogEntries,
    /// RFC 3161 timestamps beside a plain key or certificate.
    #[error("signed timestamps cannot be checked by this release")]
    Timestamps,
    /// The format of `model_signing` 0.2.x.
    #[error("the v0.1 format of model_signing 0.2 cannot be checked by this release")]
    HistoricalOms,
}

/// Cuts text from a hostile document to a printable length.
pub(crate) fn excerpt(text: &str, characters: usize) -> String {
    let cut: String = text.chars().take(characters).collect();
    bonafide_core::RawName::from(&*cut).to_string()
}
