//! `distribution`: files and sets of files.

use bonafide_core::Digest;

use crate::json::{Object, Pointer};

use super::content_url::{Location, Revision};
use super::hash::HashText;
use super::pattern::Pattern;
use super::size::ContentSize;

/// The encoding format that marks a Git repository instead of a file.
const REPOSITORY: &str = "git+https";

/// An element of `distribution`.
#[derive(Debug, Clone, PartialEq)]
pub enum Resource<'a> {
    /// One file, archive or repository.
    File(FileObject<'a>),
    /// Files that patterns name.
    Set(FileSet<'a>),
}

/// A `FileObject`: one file, archive or repository.
#[derive(Debug, Clone, PartialEq)]
pub struct FileObject<'a> {
    /// Where it is.
    pub pointer: Pointer,
    /// `@id`; in 0.8 the name.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `contentUrl`.
    pub content_url: Option<ContentUrl>,
    /// `contentSize`.
    pub size: Option<ContentSize>,
    /// `encodingFormat`: media types.
    pub encoding_formats: Vec<String>,
    /// `sha256`. Several are kept as they come; they contradict each other.
    pub sha256: Vec<Hash>,
    /// `md5`.
    pub md5: Vec<Hash>,
    /// `containedIn`.
    pub containers: Vec<Container>,
    /// Every other member, under the name it was written with.
    pub extra: Object<'a>,
}

/// A `FileSet`: the files of a container, or beside the document, that patterns name.
#[derive(Debug, Clone, PartialEq)]
pub struct FileSet<'a> {
    /// Where it is.
    pub pointer: Pointer,
    /// `@id`; in 0.8 the name.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `encodingFormat`: media types.
    pub encoding_formats: Vec<String>,
    /// `containedIn`.
    pub containers: Vec<Container>,
    /// `includes`.
    pub includes: Vec<Pattern>,
    /// `excludes`. `mlcroissant` 1.1.1 reads but does not apply them.
    pub excludes: Vec<Pattern>,
    /// Every other member, under the name it was written with.
    pub extra: Object<'a>,
}

/// `contentUrl` and where it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentUrl {
    /// Where it is said.
    pub pointer: Pointer,
    /// As it was written.
    pub text: String,
    /// Where it leads.
    pub location: Location,
}

/// A hash and where it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hash {
    /// Where it is said.
    pub pointer: Pointer,
    /// What is said.
    pub text: HashText,
}

/// A reference to what a file or set is inside of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Where it is said.
    pub pointer: Pointer,
    /// The `@id` that it names.
    pub id: String,
}

impl Resource<'_> {
    /// Where it is.
    #[must_use]
    pub const fn pointer(&self) -> &Pointer {
        match self {
            Self::File(file) => &file.pointer,
            Self::Set(set) => &set.pointer,
        }
    }

    /// What other parts of the document call it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::File(file) => file.id.as_deref(),
            Self::Set(set) => set.id.as_deref(),
        }
    }

    /// What it is inside of.
    #[must_use]
    pub fn containers(&self) -> &[Container] {
        match self {
            Self::File(file) => &file.containers,
            Self::Set(set) => &set.containers,
        }
    }
}

impl FileObject<'_> {
    /// The one SHA-256 digest; none if there is none, or if there are two.
    #[must_use]
    pub fn digest(&self) -> Option<Digest> {
        match self.sha256.as_slice() {
            [
                Hash {
                    text: HashText::Sha256 { digest, .. },
                    ..
                },
            ] => Some(*digest),
            _ => None,
        }
    }

    /// The revision that is named, if it is a Git repository.
    #[must_use]
    pub fn repository(&self) -> Option<Revision> {
        let by_format = self
            .encoding_formats
            .iter()
            .any(|format| format.eq_ignore_ascii_case(REPOSITORY));
        let url = self.content_url.as_ref().map_or("", |url| &url.text);
        (by_format || url.starts_with("git+")).then(|| Revision::read(url))
    }
}
