//! Metadata of datasets.

use bonafide_bom::croissant::{self, Croissant};
use bonafide_bom::json::admit;
use bonafide_core::ArtifactName;

use super::bill::{LIMIT, described};
use super::shown;

/// Files beside the document: names as the seeds have them.
const FILES: [&str; 6] = [
    "data/train.csv",
    "data/test.csv",
    "train.csv",
    "archive.zip",
    "deep/er/a.parquet",
    "README.md",
];

/// Any bytes as Croissant.
///
/// - What is read is the same each time, and so are its defects, which can be printed.
/// - No candidate for a file leads out of the folder.
/// - File sets count no more files than there are.
pub fn croissant(input: &[u8]) {
    let _ = described(input);
    let Ok(root) = admit(input, LIMIT) else {
        return;
    };
    // Whatever it calls itself.
    match croissant::read(root.clone()) {
        Ok(dataset) => {
            assert_eq!(croissant::read(root).as_ref(), Ok(&dataset));
            is_fit(&dataset);
        }
        Err(error) => shown::text(&error.to_string()),
    }
}

fn is_fit(dataset: &Croissant<'_>) {
    for located in dataset.defects() {
        shown::text(&located.defect.to_string());
    }
    for file in dataset.listing() {
        for candidate in file.candidates {
            let name = candidate.name.as_str();
            assert!(
                !name.starts_with('/') && name.split('/').all(|segment| segment != ".."),
                "{name:?}"
            );
        }
        if let Some(reason) = file.unchecked {
            shown::text(&reason.to_string());
        }
    }
    let files = FILES.map(|name| ArtifactName::parse(name.as_bytes()).unwrap());
    let coverage = dataset.match_sets(&files);
    assert_eq!(coverage.covered.len(), files.len());
    for set in coverage.sets {
        match set.files {
            Ok(count) => assert!(count <= files.len(), "{count} files"),
            Err(reason) => shown::text(&reason.to_string()),
        }
    }
    for located in coverage.defects {
        shown::text(&located.defect.to_string());
    }
}
