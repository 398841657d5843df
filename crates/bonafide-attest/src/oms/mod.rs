//! OpenSSF Model Signing v1.0: the manifest of a model inside an in-toto statement.

pub(crate) mod historical;
mod order;
mod sign;
mod statement;

use std::ops::Range;

use bonafide_core::{Algorithm, ArtifactName, Digest, NameError, RawName};

pub use historical::HISTORICAL_PREDICATE_TYPE;
use order::{by_code_point, by_component};
pub use sign::{Conformance, Manifest, SignError, SignatureMaterial, Unsigned, sign};
pub(crate) use statement::parse;

/// `predicateType` of OMS v1.0.
pub const PREDICATE_TYPE: &str = "https://model_signing/signature/v1.0";

/// `_type` of in-toto statements.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// Entries at the top of a model that OMS v1.0 §6.2 leaves out of every
/// signature, whether the bundle lists them or not.
pub const ALWAYS_EXCLUDED: [&str; 4] = [".git", ".gitattributes", ".github", ".gitignore"];

/// The entry of [`ALWAYS_EXCLUDED`] that a name is, or lies below.
#[must_use]
pub fn always_excluded(name: &[u8]) -> Option<&'static str> {
    let top = name.split(|byte| *byte == b'/').next()?;
    ALWAYS_EXCLUDED
        .into_iter()
        .find(|known| known.as_bytes() == top)
}

/// What a valid OMS statement says. Inside a [`crate::Verified`] it is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OmsManifest {
    /// SHA-256 over the listed digests, in listed order.
    pub root: Digest,
    /// What the signer called the model (§6.5: any text, never relied on to find it).
    pub subject: RawName,
    /// How files became digests.
    pub serialization: Serialization,
    /// The hash that every resource uses.
    pub hash: ManifestHash,
    /// The signer followed symbolic links while listing.
    pub allow_symlinks: bool,
    /// What the signer left out beyond [`ALWAYS_EXCLUDED`]; nobody has to accept that.
    pub excluded: Vec<ArtifactName>,
    /// Files or shards, in listed order; never empty.
    pub resources: Vec<Resource>,
    /// Where the bundle departs from the specification in a known, harmless way.
    pub deviations: Vec<Deviation>,
}

/// OMS v1.0 §6.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serialization {
    /// One digest a file.
    Files,
    /// One digest a range of at most `size` bytes; empty files have none.
    Shards {
        /// Bytes of every shard but the last.
        size: u64,
    },
}

/// The hash of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestHash {
    /// One that we compute.
    Strong(Algorithm),
    /// One that is broken; recognised so that it can be named, never computed.
    Weak(String),
}

/// What a resource is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceName {
    /// The one file of a single-file model (`.`, as the reference tool writes it).
    TheFile,
    /// A file below the root; `parsed` says whether the name is safe to use.
    File {
        /// As signed.
        raw: RawName,
        /// As a usable name.
        parsed: Result<ArtifactName, NameError>,
    },
}

impl ResourceName {
    /// The name for messages.
    #[must_use]
    pub fn raw(&self) -> RawName {
        match self {
            Self::TheFile => RawName::from("."),
            Self::File { raw, .. } => raw.clone(),
        }
    }
}

/// A signed file or shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Of which file.
    pub name: ResourceName,
    /// Bytes of the file, for shards.
    pub range: Option<Range<u64>>,
    /// None when the manifest's hash is weak.
    pub digest: Option<Digest>,
}

/// A departure from OMS v1.0 that real bundles of the reference tool show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Deviation {
    /// Resources sorted by path component instead of by code point (§6.5).
    #[error("resources are ordered by path component, not by code point")]
    ComponentOrder,
    /// `sha256-sharded-N` in place of the hash name.
    #[error("shards name the algorithm `{found}`")]
    ShardedAlgorithm {
        /// As found.
        found: String,
    },
    /// `shard_size` written as a floating-point number.
    #[error("`shard_size` is written as a floating-point number")]
    FloatShardSize,
    /// The single file is called `.` instead of by its base name.
    #[error("the single file is named `.`")]
    DotName,
    /// The format of release 0.2.
    #[error("the manifest is in the v0.1 format of release 0.2")]
    Historical,
    /// A kind of key that OMS v1.0 does not register, and the reference tool refuses.
    #[error("it is signed with a kind of key that OMS v1.0 does not register: {kind}")]
    UnregisteredKey {
        /// What the key is.
        kind: crate::key::KeyKind,
    },
    /// Certificates that no path needed, or the authority itself.
    #[error("certificates in the bundle that its path does not use: {count}")]
    UnusedCertificates {
        /// How many.
        count: usize,
    },
}
