//! The documents of `fixtures/make/croissant.py`, each with exactly its defects.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use bonafide_core::{ArtifactName, Digest};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{croissant, names};
use crate::croissant::{CandidateKind, Gravity, SetUnchecked};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    defects: Vec<String>,
    mlcroissant: Opinion,
}

/// What the library says that datasets are loaded with: `yes` or `no: …`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opinion {
    valid: String,
    loads: Option<String>,
}

fn folder() -> PathBuf {
    [
        env!("CARGO_MANIFEST_DIR"),
        "..",
        "..",
        "fixtures",
        "croissant",
    ]
    .iter()
    .collect()
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.json"))).unwrap()
}

fn index() -> BTreeMap<String, Entry> {
    serde_json::from_str(&text("index")).unwrap()
}

#[test]
fn each_document_has_exactly_its_defects() {
    let index = index();
    for (name, entry) in &index {
        let text = text(name);
        let found = names(&croissant(&text).defects());
        assert_eq!(found, entry.defects, "{name}");
    }
    let whole = index.values().filter(|entry| entry.defects.is_empty());
    assert!(whole.count() >= 12);
}

/// What the reference refuses is wrong for us too, and what is whole for us it takes.
#[test]
fn the_reference_is_never_the_stricter() {
    for (name, entry) in index() {
        let takes = [
            Some(&entry.mlcroissant.valid),
            entry.mlcroissant.loads.as_ref(),
        ]
        .into_iter()
        .flatten()
        .all(|answer| answer == "yes");
        assert!(takes || !entry.defects.is_empty(), "{name}");
    }
}

#[test]
fn hashes_are_those_of_the_files() {
    let mut checked = 0;
    for name in index().into_keys() {
        let text = text(&name);
        for file in croissant(&text).listing() {
            let Some(digest) = file.digest.filter(|_| file.unchecked.is_none()) else {
                continue;
            };
            let place = file
                .candidates
                .iter()
                .find(|candidate| candidate.kind == CandidateKind::RelativeUrl);
            let Some(place) = place else { continue };
            let bytes = fs::read(folder().join(place.name.as_str())).unwrap();
            assert_eq!(
                digest,
                Digest::sha256(Sha256::digest(&bytes).into()),
                "{name}"
            );
            assert_eq!(file.size, u64::try_from(bytes.len()).ok(), "{name}");
            checked += 1;
        }
    }
    assert!(checked >= 10, "{checked}");
}

#[test]
fn patterns_find_the_files_of_the_folder() {
    let files: Vec<ArtifactName> = ["data/colours.csv", "data/flowers.csv", "data/tables.zip"]
        .iter()
        .map(|name| ArtifactName::parse(name.as_bytes()).unwrap())
        .collect();
    for (name, expected) in [
        ("folder-1.0", Ok(2)),
        ("archive-1.0", Err(SetUnchecked::InsideArchive)),
        ("hugging-face-1.0", Err(SetUnchecked::InsideRepository)),
    ] {
        let text = text(name);
        let coverage = croissant(&text).match_sets(&files);
        assert_eq!(coverage.sets[0].files, expected, "{name}");
        assert_eq!(coverage.defects, [], "{name}");
        let covered = coverage.covered == [true, true, false];
        assert_eq!(covered, expected.is_ok(), "{name}");
    }
}

/// Generators write a URL where the hash should be: nothing of it can be checked.
#[test]
fn a_generated_document_proves_nothing() {
    let text = text("hugging-face-1.0");
    let dataset = croissant(&text);
    assert!(
        dataset
            .listing()
            .iter()
            .all(|file| file.unchecked.is_some())
    );
    let gravities: Vec<Gravity> = dataset
        .defects()
        .iter()
        .map(|found| found.defect.gravity())
        .collect();
    assert_eq!(gravities, [Gravity::Wrong, Gravity::Weak]);
}
