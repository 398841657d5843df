//! Finding the signature files of an artifact, and naming every one found.

use std::path::{Path, PathBuf};

use bonafide_core::{Budget, RawName};

use crate::document::{self, DocumentError, LastLink};
use crate::place::{directory_of, name_below};

/// A signature file that has been found and not yet read.
#[derive(Debug, Clone)]
pub struct SignatureFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name below the artifact's root, when it lies there.
    pub inside: Option<RawName>,
    /// What its name says that it is.
    pub kind: SignatureKind,
    link: LastLink,
}

impl SignatureFile {
    /// A file as an earlier run found it; its content is read from the record of that run.
    #[must_use]
    pub const fn recorded(path: PathBuf, inside: Option<RawName>, kind: SignatureKind) -> Self {
        Self {
            path,
            inside,
            kind,
            link: LastLink::Refused,
        }
    }

    /// Its content; at most [`Budget::document_bytes`].
    pub fn read(&self, budget: &Budget) -> Result<Vec<u8>, DocumentError> {
        document::read(&self.path, budget.document_bytes, self.link)
    }
}

/// What a file that was found is expected to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// A signature, whatever it is worth.
    Signature,
    /// A bill of materials, which may carry a signature of its own or none.
    Document,
}

/// Endings of signature bundles and attestations, apart from the plain `model.sig`
/// and `NAME.sig`.
const BUNDLE_ENDINGS: [&str; 4] = [
    ".sigstore.json",
    ".sigstore",
    ".intoto.json",
    ".intoto.jsonl",
];

/// Endings of CycloneDX documents in JSON (CycloneDX specification, "Recognized file
/// patterns"; the second is the plain name).
const DOCUMENT_ENDINGS: [&str; 2] = [".cdx.json", "bom.json"];

/// A JSON file that is no bundle by its name is a document, if anything.
fn kind_of(path: &Path) -> SignatureKind {
    let name = path.file_name().and_then(|name| name.to_str());
    let ends = |endings: &[&str]| {
        name.is_some_and(|name| endings.iter().any(|ending| name.ends_with(ending)))
    };
    if ends(&[".json"]) && !ends(&BUNDLE_ENDINGS) {
        SignatureKind::Document
    } else {
        SignatureKind::Signature
    }
}

/// Finds the signature files of `target`.
///
/// Those that the user names in `explicit`, if any; else, in this order:
///
/// 1. in a directory, at its top: `model.sig`, `*.sigstore.json`, `*.sigstore`,
///    `*.intoto.json`, `*.intoto.jsonl`, and the CycloneDX documents `*.cdx.json` and
///    `*bom.json`; or the target itself, if it
///    is a JSON file;
/// 2. beside the target: `NAME.sig` and `NAME` with those endings;
/// 3. only if nothing was found so far, beside the target: `model.sig`, the
///    default name of the reference tool.
pub fn find_signatures(
    target: &Path,
    explicit: &[PathBuf],
    budget: &Budget,
) -> Result<Vec<SignatureFile>, DocumentError> {
    let root = target.is_dir().then_some(target);
    let named = !explicit.is_empty();
    let (paths, link) = if named {
        (explicit.to_vec(), LastLink::Followed)
    } else {
        (candidates(target), LastLink::Refused)
    };
    let found = paths
        .iter()
        .filter(|path| named || kind_of(path) == SignatureKind::Signature)
        .count();
    if found > budget.signatures {
        return Err(DocumentError::TooManySignatures {
            path: target.to_owned(),
            found,
            limit: budget.signatures,
        });
    }
    Ok(paths
        .into_iter()
        .map(|path| SignatureFile {
            inside: root.and_then(|root| name_below(&path, root)),
            kind: if named {
                SignatureKind::Signature
            } else {
                kind_of(&path)
            },
            path,
            link,
        })
        .collect())
}

fn candidates(target: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    if target.is_dir() {
        paths.extend(files_in(target, |name| {
            name == "model.sig"
                || BUNDLE_ENDINGS
                    .iter()
                    .chain(&DOCUMENT_ENDINGS)
                    .any(|ending| name.ends_with(ending))
        }));
    } else if kind_of(target) == SignatureKind::Document {
        paths.push(target.to_owned());
    }
    let places = neighbourhoods(target);
    for (directory, base) in &places {
        paths.extend(files_in(directory, |name| {
            name.strip_prefix(base.as_str())
                .is_some_and(|ending| ending == ".sig" || BUNDLE_ENDINGS.contains(&ending))
        }));
    }
    for (directory, _) in &places {
        if paths
            .iter()
            .all(|path| kind_of(path) == SignatureKind::Document)
        {
            paths.extend(files_in(directory, |name| name == "model.sig"));
        }
    }
    paths
}

/// Regular files of a directory whose names fit, sorted. Links are not taken:
/// nobody named them, and they may lead anywhere. A name that is not UTF-8 is
/// none of the names that we look for.
pub(crate) fn files_in(directory: &Path, fits: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(listing) = directory.read_dir() else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = listing
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(&fits))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

/// The directories that the target lies in, and its own name there: as it was
/// named, and, where that leads through a link or is `.`, as it really is.
pub(crate) fn neighbourhoods(target: &Path) -> Vec<(PathBuf, String)> {
    let named = |path: &Path| {
        let name = path.file_name()?.to_str()?.to_owned();
        Some((directory_of(path).to_owned(), name))
    };
    let as_named = named(target);
    let resolved =
        |place: &(PathBuf, String)| Some((place.0.canonicalize().ok()?, place.1.clone()));
    let real = target.canonicalize().ok().and_then(|path| named(&path));
    let differs = real != as_named.as_ref().and_then(resolved);
    as_named
        .into_iter()
        .chain(real.filter(|_| differs))
        .collect()
}
