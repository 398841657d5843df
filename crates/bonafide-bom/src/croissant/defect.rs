//! What can be wrong with a document.

use crate::json::Pointer;

use super::content_url::UnusableUrl;
use super::hash::{NotAHash, Notation};

/// A defect and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedDefect {
    /// Where; the innermost thing that is there, if something is missing.
    pub pointer: Pointer,
    /// What.
    pub defect: Defect,
}

/// How much a defect takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// Nothing: it is read all the same, but others may not.
    Note,
    /// The document is whole, but says too little to prove anything by it.
    Weak,
    /// The document contradicts itself or its specification.
    Wrong,
}

/// A member that holds a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashMember {
    /// `sha256`.
    Sha256,
    /// `md5`.
    Md5,
}

impl HashMember {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Md5 => "md5",
        }
    }
}

/// What is wrong with a document or with a part of it. Texts of the document are cut
/// and escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// Version 0.8 or older.
    #[error("the document follows Croissant 0.8, whose readers do not check hashes")]
    OldVersion,
    /// `conformsTo` names no known version.
    #[error("`conformsTo` names no known version of Croissant: `{found}`")]
    UnknownVersion {
        /// The first one.
        found: String,
    },
    /// No `conformsTo`.
    #[error("`conformsTo` is missing, so the version is not known")]
    MissingVersion,
    /// No name.
    #[error("the dataset has no name")]
    MissingName,
    /// No licence.
    #[error("the dataset has no licence")]
    MissingLicence,
    /// A member is of another kind than the specification says.
    #[error("`{member}` is {found}, not {expected}")]
    WrongKind {
        /// The member's name in the specification.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// Several different values where there can be one.
    #[error("`{member}` has several values that differ")]
    SeveralValues {
        /// The member's name in the specification.
        member: &'static str,
    },
    /// A context inside a part, which may give its members another meaning.
    #[error("a `@context` of its own, which is not evaluated")]
    InnerContext,
    /// An element of `distribution` that is neither file nor file set.
    #[error("neither a `FileObject` nor a `FileSet`: `{found}`")]
    ResourceType {
        /// Its `@type`, or its kind of value.
        found: String,
    },
    /// A part that has no `@id`, so that nothing can refer to it.
    #[error("there is no `@id`")]
    MissingIdentifier,
    /// Two parts have the same `@id`.
    #[error("`{id}` is the `@id` of another part, too")]
    DuplicateIdentifier {
        /// The `@id`.
        id: String,
    },
    /// Something else where a hash should be.
    #[error("`{}` is not a hash but {kind}: `{found}`", member.name())]
    NotAHash {
        /// The member.
        member: HashMember,
        /// What it is.
        kind: NotAHash,
        /// As found.
        found: String,
    },
    /// A digest that not every reader takes.
    #[error("`{}` is a hash {}", member.name(), notation_phrase(*notation))]
    HashNotation {
        /// The member.
        member: HashMember,
        /// How it is written.
        notation: Notation,
    },
    /// MD5 and nothing better.
    #[error("the only hash is MD5, for which anybody can make a second file")]
    WeakHash,
    /// No hash at all on a file that stands for itself.
    #[error("there is no hash, so any bytes would do")]
    MissingHash,
    /// `contentSize` that says no size.
    #[error("`contentSize` is no size: `{found}`")]
    UnreadableSize {
        /// As found.
        found: String,
    },
    /// A file that stands for itself, without `contentUrl`.
    #[error("there is no `contentUrl`, so nobody can find the file")]
    MissingContentUrl,
    /// A `contentUrl` that is not followed.
    #[error("`contentUrl` is not followed, because {why}: `{found}`")]
    UnsafeContentUrl {
        /// Why.
        why: UnusableUrl,
        /// As found.
        found: String,
    },
    /// A repository without a whole commit identifier.
    #[error("the repository is not pinned to a commit, and {}", reference_phrase(reference.as_deref()))]
    MutableRepository {
        /// The branch, tag or abbreviation that is named.
        reference: Option<String>,
    },
    /// `containedIn` names no file or file set.
    #[error("`containedIn` names no file or file set of this document: `{id}`")]
    DanglingContainer {
        /// What it names.
        id: String,
    },
    /// `containedIn` leads back to where it started.
    #[error("by `containedIn` it is inside itself")]
    CyclicContainer,
    /// More containers inside each other than anything real.
    #[error("more than {limit} containers are inside each other")]
    DeepContainer {
        /// Most of them.
        limit: usize,
    },
    /// A file set that includes nothing.
    #[error("the file set has no `includes`, so it has no files")]
    MissingIncludes,
    /// A file set none of whose files is there.
    #[error("no file is in the file set")]
    EmptySet,
    /// A pattern of a file set that fits no file.
    #[error("no file matches `{pattern}`")]
    UnmatchedPattern {
        /// The pattern.
        pattern: String,
    },
    /// A source that names nothing.
    #[error("the source names no file, file set or field")]
    EmptySource,
    /// A source that names what is not there.
    #[error("the source names no part of this document: `{id}`")]
    DanglingSource {
        /// What it names.
        id: String,
    },
    /// A source that names a part of another kind than it says.
    #[error("the source calls `{id}` {expected}, which it is not")]
    MisnamedSource {
        /// What it names.
        id: String,
        /// As what.
        expected: &'static str,
    },
    /// `prov:wasDerivedFrom` that names nothing.
    #[error("`prov:wasDerivedFrom` names nothing")]
    EmptyDerivation,
    /// `prov:wasDerivedFrom` that names the dataset that it is about.
    #[error("the dataset is derived from itself: `{id}`")]
    DerivedFromItself {
        /// What it names.
        id: String,
    },
}

impl Defect {
    /// The stable name of the kind of defect.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::OldVersion => "old-version",
            Self::UnknownVersion { .. } => "unknown-version",
            Self::MissingVersion => "missing-version",
            Self::MissingName => "missing-name",
            Self::MissingLicence => "missing-licence",
            Self::WrongKind { .. } => "wrong-kind",
            Self::SeveralValues { .. } => "several-values",
            Self::InnerContext => "inner-context",
            Self::ResourceType { .. } => "resource-type",
            Self::MissingIdentifier => "missing-identifier",
            Self::DuplicateIdentifier { .. } => "duplicate-identifier",
            Self::NotAHash { .. } => "not-a-hash",
            Self::HashNotation { .. } => "hash-notation",
            Self::WeakHash => "weak-hash",
            Self::MissingHash => "missing-hash",
            Self::UnreadableSize { .. } => "unreadable-size",
            Self::MissingContentUrl => "missing-content-url",
            Self::UnsafeContentUrl { .. } => "unsafe-content-url",
            Self::MutableRepository { .. } => "mutable-repository",
            Self::DanglingContainer { .. } => "dangling-container",
            Self::CyclicContainer => "cyclic-container",
            Self::DeepContainer { .. } => "deep-container",
            Self::MissingIncludes => "missing-includes",
            Self::EmptySet => "empty-set",
            Self::UnmatchedPattern { .. } => "unmatched-pattern",
            Self::EmptySource => "empty-source",
            Self::DanglingSource { .. } => "dangling-source",
            Self::MisnamedSource { .. } => "misnamed-source",
            Self::EmptyDerivation => "empty-derivation",
            Self::DerivedFromItself { .. } => "derived-from-itself",
        }
    }

    /// How much it takes away.
    #[must_use]
    pub const fn gravity(&self) -> Gravity {
        match self {
            Self::HashNotation { .. } => Gravity::Note,
            Self::OldVersion
            | Self::MissingLicence
            | Self::InnerContext
            | Self::WeakHash
            | Self::MissingHash
            | Self::MutableRepository { .. } => Gravity::Weak,
            _ => Gravity::Wrong,
        }
    }
}

const fn notation_phrase(notation: Notation) -> &'static str {
    match notation {
        Notation::Hexadecimal => "in hexadecimal",
        Notation::CapitalHexadecimal => "in capital letters, which some readers refuse",
        Notation::Base64 => "in Base64, where most readers expect hexadecimal",
    }
}

fn reference_phrase(reference: Option<&str>) -> String {
    match reference {
        Some(reference) => format!("`{reference}` can be moved"),
        None => "no revision is named".to_owned(),
    }
}
