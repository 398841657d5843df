//! Snapshots of published vulnerabilities, as the user gives them.

use std::path::{Path, PathBuf};

use bonafide_core::{AdvisorySummary, Algorithm, Budget};
use bonafide_format::Advisories;
use bonafide_hash::digest_bytes;
use bonafide_source::read_document;

use crate::error::{EngineError, raw};

/// Most files of a folder of advisories: all that there are for PyPI are some 20,000.
const MOST_FILES: usize = 200_000;

/// Advisories, and where they come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub(crate) advisories: Advisories,
    pub(crate) sources: Vec<AdvisorySummary>,
}

/// Reads all of the given files; a folder stands for the `.json` files in it.
pub(crate) fn read(paths: &[PathBuf], budget: &Budget) -> Result<Option<Snapshot>, EngineError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut snapshot = Snapshot::default();
    for path in paths {
        let mut text = Vec::new();
        let mut read = Advisories::default();
        for file in files(path)? {
            let bytes = read_document(&file, budget.document_bytes)?;
            let refused = |reason: String| EngineError::Advisories {
                path: file.clone(),
                reason,
            };
            let content =
                std::str::from_utf8(&bytes).map_err(|error| refused(error.to_string()))?;
            read.add(content)
                .map_err(|error| refused(error.to_string()))?;
            snapshot
                .advisories
                .add(content)
                .map_err(|error| refused(error.to_string()))?;
            // The digest of several files is that of their digests, in the order of their names.
            text.push(digest_bytes(Algorithm::Sha256, &bytes));
        }
        let digest = match text.as_slice() {
            [one] if path.is_file() => *one,
            many => {
                let joined: Vec<u8> = many
                    .iter()
                    .flat_map(|digest| digest.bytes().to_vec())
                    .collect();
                digest_bytes(Algorithm::Sha256, &joined)
            }
        };
        snapshot.sources.push(AdvisorySummary {
            source: raw(path),
            digest,
            entries: read.len(),
            newest: read.snapshot().map(str::to_owned),
        });
    }
    Ok(Some(snapshot))
}

/// The file itself, or the documents of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, EngineError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let refused = |reason: String| EngineError::Advisories {
        path: path.to_owned(),
        reason,
    };
    let listing = std::fs::read_dir(path).map_err(|error| refused(error.to_string()))?;
    let mut files = Vec::new();
    for entry in listing {
        let file = entry.map_err(|error| refused(error.to_string()))?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(file);
        }
        if files.len() > MOST_FILES {
            return Err(refused(format!(
                "there are more than {MOST_FILES} files in it"
            )));
        }
    }
    if files.is_empty() {
        return Err(refused("there is no `.json` file in it".to_owned()));
    }
    files.sort();
    Ok(files)
}
