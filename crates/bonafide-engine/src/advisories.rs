//! Snapshots of published vulnerabilities, as the user gives them.

use std::path::{Path, PathBuf};

use bonafide_core::{AdvisorySummary, Algorithm};
use bonafide_format::Advisories;
use bonafide_hash::digest_bytes;

use crate::Work;
use crate::error::{EngineError, raw};
use crate::intake::Files;

/// Most files of a folder of advisories: all that there are for PyPI are some 20,000.
const MOST_FILES: usize = 200_000;

/// Advisories, and where they come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub(crate) advisories: Advisories,
    pub(crate) sources: Vec<AdvisorySummary>,
}

/// Reads all of the given files; a folder stands for the `.json` files in it.
pub(crate) fn read(paths: &[PathBuf], work: Work<'_>) -> Result<Option<Snapshot>, EngineError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut snapshot = Snapshot::default();
    for path in paths {
        let mut text = Vec::new();
        let mut read = Advisories::default();
        let files = files(path, work)?;
        let is_folder = files.is_some();
        for file in files.unwrap_or_else(|| vec![path.clone()]) {
            let bytes = work.read(&file, work.budget.document_bytes)?;
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
            [one] if !is_folder => *one,
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

/// The documents of a folder; none if it is no folder.
fn files(path: &Path, work: Work<'_>) -> Result<Option<Vec<PathBuf>>, EngineError> {
    match work.files(path, "json", MOST_FILES)? {
        Files::Only => Ok(None),
        Files::Folder(files) if files.is_empty() => Err(EngineError::Advisories {
            path: path.to_owned(),
            reason: "there is no `.json` file in it".to_owned(),
        }),
        Files::Folder(files) => Ok(Some(files)),
    }
}
