//! The files of a document that can be held against bytes.

use std::fmt;

use bonafide_core::{ArtifactName, Digest};

use crate::json::Pointer;

use super::containment::{Reach, containment};
use super::content_url::Location;
use super::dataset::Croissant;
use super::hash::HashText;
use super::resource::{FileObject, Resource};

/// A `FileObject`, as it is held against files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// Where it is in the document.
    pub pointer: Pointer,
    /// `@id`.
    pub id: Option<String>,
    /// Names under which the file may be found, the surest first.
    pub candidates: Vec<Candidate>,
    /// The one SHA-256 digest.
    pub digest: Option<Digest>,
    /// MD5 digests in lower-case hexadecimal, for the reader; they are never compared.
    pub weak_digests: Vec<String>,
    /// Size in bytes, if it is said exactly.
    pub size: Option<u64>,
    /// What it is inside of.
    pub contained_in: Vec<String>,
    /// Why the bytes of no file can be held against it. None says only that it can be
    /// checked, not that it was.
    pub unchecked: Option<Unchecked>,
}

/// A name under which a file may be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the name was made of.
    pub kind: CandidateKind,
    /// The name, relative to the folder of the document.
    pub name: ArtifactName,
}

/// What a candidate was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateKind {
    /// A relative `contentUrl`, which names exactly one file.
    RelativeUrl,
    /// The same with percent escapes resolved.
    UnescapedUrl,
    /// The path inside a repository, from the URL of a hub.
    RepositoryPath,
    /// `name`.
    Name,
    /// The last component of a URL.
    UrlFileName,
    /// `@id`, which often is the file's name.
    Identifier,
}

/// Why a listed file cannot be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unchecked {
    /// It is in an archive, and archives are not opened.
    InsideArchive,
    /// It is a whole repository, which has no bytes of its own.
    Repository,
    /// Its container cannot be resolved.
    UnresolvedContainer,
    /// The hash is no hash, or there are two that differ.
    UnusableHash,
    /// The only hash is MD5.
    WeakHash,
    /// It has no hash.
    NoHash,
    /// Its `contentUrl` is not followed.
    UnsafeUrl,
}

impl fmt::Display for Unchecked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::InsideArchive => "it is inside an archive, which is not opened",
            Self::Repository => "it is a whole repository",
            Self::UnresolvedContainer => "what it is inside of cannot be resolved",
            Self::UnusableHash => "its hash is no hash",
            Self::WeakHash => "its only hash is MD5",
            Self::NoHash => "it has no hash",
            Self::UnsafeUrl => "its `contentUrl` is not followed",
        })
    }
}

impl Croissant<'_> {
    /// Every `FileObject`, in the order of the document.
    #[must_use]
    pub fn listing(&self) -> Vec<ListedFile> {
        let containment = containment(self);
        let resources = self.distribution.iter().zip(containment.reach);
        resources
            .filter_map(|(resource, reach)| match resource {
                Resource::File(file) => Some(listed(file, reach)),
                Resource::Set(_) => None,
            })
            .collect()
    }
}

fn listed(file: &FileObject<'_>, reach: Reach) -> ListedFile {
    ListedFile {
        pointer: file.pointer.clone(),
        id: file.id.clone(),
        candidates: candidates(file, reach),
        digest: file.digest(),
        weak_digests: file
            .md5
            .iter()
            .filter_map(|hash| match &hash.text {
                HashText::Md5 { hexadecimal, .. } => Some(hexadecimal.clone()),
                _ => None,
            })
            .collect(),
        size: file.size.and_then(super::size::ContentSize::exact),
        contained_in: file
            .containers
            .iter()
            .map(|container| container.id.clone())
            .collect(),
        unchecked: unchecked(file, reach),
    }
}

fn unchecked(file: &FileObject<'_>, reach: Reach) -> Option<Unchecked> {
    let unsafe_url = matches!(
        file.content_url.as_ref().map(|url| &url.location),
        Some(Location::Unusable(_))
    );
    match reach {
        Reach::Nowhere => Some(Unchecked::UnresolvedContainer),
        Reach::Archive => Some(Unchecked::InsideArchive),
        _ if file.repository().is_some() => Some(Unchecked::Repository),
        _ if unsafe_url => Some(Unchecked::UnsafeUrl),
        Reach::Itself | Reach::Repository => match (file.digest(), file.sha256.is_empty()) {
            (Some(_), _) => None,
            (None, false) => Some(Unchecked::UnusableHash),
            (None, true) => Some(match file.md5.first().map(|hash| &hash.text) {
                None => Unchecked::NoHash,
                Some(HashText::Md5 { .. }) => Unchecked::WeakHash,
                Some(_) => Unchecked::UnusableHash,
            }),
        },
    }
}

/// Names of files here; none for what is not a file here.
fn candidates(file: &FileObject<'_>, reach: Reach) -> Vec<Candidate> {
    if reach > Reach::Repository || file.repository().is_some() {
        return Vec::new();
    }
    let (mut sure, mut likely) = (Vec::new(), Vec::new());
    match file.content_url.as_ref().map(|url| &url.location) {
        Some(Location::Path { path, unescaped }) => {
            sure.push((CandidateKind::RelativeUrl, path.clone()));
            sure.extend(
                unescaped
                    .clone()
                    .map(|name| (CandidateKind::UnescapedUrl, name)),
            );
        }
        Some(Location::Web {
            repository_path,
            file_name,
            ..
        }) => {
            sure.extend(
                repository_path
                    .clone()
                    .map(|name| (CandidateKind::RepositoryPath, name)),
            );
            likely.extend(
                file_name
                    .clone()
                    .map(|name| (CandidateKind::UrlFileName, name)),
            );
        }
        Some(Location::Unusable(_)) => return Vec::new(),
        None => {}
    }
    let named = |kind, text: &Option<String>| {
        let name = ArtifactName::parse(text.as_ref()?.as_bytes()).ok()?;
        Some((kind, name))
    };
    sure.extend(named(CandidateKind::Name, &file.name));
    likely.extend(named(CandidateKind::Identifier, &file.id));
    let mut candidates: Vec<Candidate> = Vec::new();
    for (kind, name) in sure.into_iter().chain(likely) {
        if candidates.iter().all(|known| known.name != name) {
            candidates.push(Candidate { kind, name });
        }
    }
    candidates
}
