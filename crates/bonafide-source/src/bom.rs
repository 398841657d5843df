//! Finding the documents that describe an artifact: bills of materials and dataset
//! metadata.

use std::path::{Path, PathBuf};

use bonafide_core::{Budget, RawName};

use crate::document::{self, DocumentError, LastLink};
use crate::place::name_below;
use crate::signature::{files_in, neighbourhoods};

/// A file that may describe the artifact, not yet read.
#[derive(Debug, Clone)]
pub struct BomFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name below the artifact's root, when it lies there.
    pub inside: Option<RawName>,
    /// Whether the user named it; if not, it may turn out to be something else.
    pub origin: BomOrigin,
}

/// How a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BomOrigin {
    /// The user named it.
    Named,
    /// Its name looks like that of such a document.
    Found,
}

impl BomFile {
    /// Its content; at most [`Budget::document_bytes`].
    pub fn read(&self, budget: &Budget) -> Result<Vec<u8>, DocumentError> {
        let link = match self.origin {
            BomOrigin::Named => LastLink::Followed,
            BomOrigin::Found => LastLink::Refused,
        };
        document::read(&self.path, budget.document_bytes, link)
    }
}

/// Endings of file names: the recognised patterns of CycloneDX and SPDX, the plain names
/// that generators use, and Croissant's.
const ENDINGS: [&str; 9] = [
    ".cdx.json",
    ".cdx.xml",
    "bom.json",
    "bom.xml",
    ".spdx.json",
    ".spdx3.json",
    ".spdx.jsonld",
    "croissant.json",
    "croissant.jsonld",
];

/// Endings after the name of the target, for documents beside it.
const BESIDE: [&str; 10] = [
    ".cdx.json",
    ".cdx.xml",
    ".bom.json",
    ".bom.xml",
    "-bom.json",
    ".aibom.json",
    ".spdx.json",
    ".spdx3.json",
    ".croissant.json",
    "-croissant.json",
];

/// Finds documents that describe `target`.
///
/// Those that the user names in `explicit`, if any; else, in this order: in a directory,
/// at its top, files with the usual endings; the target itself, if it is a JSON or XML
/// file; beside the target, `NAME` with those endings.
pub fn find_boms(
    target: &Path,
    explicit: &[PathBuf],
    budget: &Budget,
) -> Result<Vec<BomFile>, DocumentError> {
    let root = target.is_dir().then_some(target);
    let (paths, origin) = if explicit.is_empty() {
        (candidates(target), BomOrigin::Found)
    } else {
        (explicit.to_vec(), BomOrigin::Named)
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
        .map(|path| BomFile {
            inside: root.and_then(|root| name_below(&path, root)),
            path,
            origin,
        })
        .collect())
}

fn candidates(target: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let fits = |name: &str| {
        let name = name.to_ascii_lowercase();
        ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    if target.is_dir() {
        paths.extend(files_in(target, fits));
    } else if target
        .extension()
        .is_some_and(|ending| ending == "json" || ending == "xml" || ending == "jsonld")
    {
        paths.push(target.to_owned());
    }
    for (directory, base) in neighbourhoods(target) {
        paths.extend(files_in(&directory, |name| {
            name.strip_prefix(base.as_str())
                .is_some_and(|ending| BESIDE.contains(&ending))
        }));
    }
    paths.dedup();
    paths
}
