//! What bytes a document is about: every file or blob that it names, in all the
//! ways in which documents do.
//!
//! CycloneDX has one place for a digest and none for a path, so generators
//! found eight ways to point at bytes ([`Shape`]). Here they become one list; which
//! file of an artifact is meant, and whether it has the digest, is found out where
//! the artifact is.

mod build;
mod dataset;
mod name;

use bonafide_core::Digest;

use crate::claimed_digest::ClaimedDigest;
use crate::json::Pointer;

pub use name::PathClaim;

/// How a document points at bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Digests of a component; its name may be that of a file.
    ComponentHash,
    /// A component of type `file`, mostly inside of another.
    NestedFile,
    /// A path in `evidence.occurrences`.
    Occurrence,
    /// Digests of an external reference.
    ReferenceHash,
    /// `checksum=` in a package URL.
    PurlChecksum,
    /// The subpath of a package URL.
    PurlSubpath,
    /// A property that has one digest for a whole tree.
    TreeDigest,
    /// Only a commit.
    CommitOnly,
}

/// Whether the bytes are to be found in the artifact that the document comes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expectation {
    /// They are part of what the document is about.
    Here,
    /// They may be; if they are, they have to be right.
    MayBeHere,
    /// They are part of something else.
    Elsewhere,
}

/// Bytes that a document names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where in the document.
    pub pointer: Pointer,
    /// What the document calls it, fit to print.
    pub label: String,
    /// Every way in which the document points at it.
    pub shapes: Vec<Shape>,
    /// Names that it may have in the artifact, best first.
    pub paths: Vec<PathClaim>,
    /// What its digest is said to be, by any of the ways.
    pub digests: Vec<ClaimedDigest>,
    /// Whether it has to be here.
    pub expectation: Expectation,
}

impl Listed {
    /// Digests that bytes can be held against: the strong ones; the weak ones where
    /// there is no other.
    #[must_use]
    pub fn comparable(&self) -> Vec<Digest> {
        let known = || self.digests.iter().filter_map(ClaimedDigest::known);
        let strong: Vec<Digest> = known()
            .filter(|digest| digest.algorithm().is_strong())
            .collect();
        if strong.is_empty() {
            known().collect()
        } else {
            strong
        }
    }

    /// True if it is meant to be a file: something in the document says what it is called.
    #[must_use]
    pub fn names_a_file(&self) -> bool {
        self.paths.iter().any(PathClaim::is_file_name)
    }
}

/// One digest for a whole tree, by a rule that a generator made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeDigest {
    /// Where in the document.
    pub pointer: Pointer,
    /// Name of the property.
    pub rule: TreeRule,
    /// What it is said to be.
    pub digest: ClaimedDigest,
    /// Files that it is over, where the document lists them: names as written.
    pub files: Vec<String>,
    /// Whether the tree has to be the artifact.
    pub expectation: Expectation,
}

/// Rules for digests of trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TreeRule {
    /// `aibom:tree-sha256`: SHA-256 over the JSON list of path, digest and size of every
    /// file, sorted by path, without spaces, with a line feed.
    AibomTree,
    /// `bonafide:oms:root-sha256`: the root digest of an OMS v1.0 manifest.
    OmsRoot,
}

impl TreeRule {
    /// Every rule.
    pub const ALL: [Self; 2] = [Self::AibomTree, Self::OmsRoot];

    /// Name of the property.
    #[must_use]
    pub const fn property(self) -> &'static str {
        match self {
            Self::AibomTree => "aibom:tree-sha256",
            Self::OmsRoot => "bonafide:oms:root-sha256",
        }
    }
}

/// A component that is identified by a revision of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionPin {
    /// Where in the document.
    pub pointer: Pointer,
    /// What the document calls it, fit to print.
    pub label: String,
    /// `owner/name` of the repository on the Hub, if it is there.
    pub repository: Option<String>,
    /// The revision.
    pub revision: crate::purl::Revision,
    /// Whether it is what the document is about.
    pub expectation: Expectation,
}

/// Everything that a document names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Bytes, in the order of the document.
    pub entries: Vec<Listed>,
    /// Digests of trees.
    pub trees: Vec<TreeDigest>,
    /// Revisions.
    pub revisions: Vec<RevisionPin>,
}
