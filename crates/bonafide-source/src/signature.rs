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
    link: LastLink,
}

impl SignatureFile {
    /// Its content; at most [`Budget::document_bytes`].
    pub fn read(&self, budget: &Budget) -> Result<Vec<u8>, DocumentError> {
        document::read(&self.path, budget.document_bytes, self.link)
    }
}

/// Endings of signature bundles, apart from the plain `model.sig` and `NAME.sig`.
const BUNDLE_ENDINGS: [&str; 2] = [".sigstore.json", ".sigstore"];

/// Finds the signature files of `target`.
///
/// Those that the user names in `explicit`, if any; else, in this order:
///
/// 1. in a directory, at its top: `model.sig`, `*.sigstore.json`, `*.sigstore`;
/// 2. beside the target: `NAME.sig`, `NAME.sigstore.json`, `NAME.sigstore`;
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
    if paths.len() > budget.signatures {
        return Err(DocumentError::TooManySignatures {
            path: target.to_owned(),
            found: paths.len(),
            limit: budget.signatures,
        });
    }
    Ok(paths
        .into_iter()
        .map(|path| SignatureFile {
            inside: root.and_then(|root| name_below(&path, root)),
            path,
            link,
        })
        .collect())
}

fn candidates(target: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    if target.is_dir() {
        paths.extend(files_in(target, |name| {
            name == "model.sig" || BUNDLE_ENDINGS.iter().any(|ending| name.ends_with(ending))
        }));
    }
    let places = neighbourhoods(target);
    for (directory, base) in &places {
        paths.extend(files_in(directory, |name| {
            name.strip_prefix(base.as_str())
                .is_some_and(|ending| ending == ".sig" || BUNDLE_ENDINGS.contains(&ending))
        }));
    }
    for (directory, _) in &places {
        if paths.is_empty() {
            paths.extend(files_in(directory, |name| name == "model.sig"));
        }
    }
    paths
}

/// Regular files of a directory whose names fit, sorted. Links are not taken:
/// nobody named them, and they may lead anywhere. A name that is not UTF-8 is
/// none of the names that we look for.
fn files_in(directory: &Path, fits: impl Fn(&str) -> bool) -> Vec<PathBuf> {
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
fn neighbourhoods(target: &Path) -> Vec<(PathBuf, String)> {
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
