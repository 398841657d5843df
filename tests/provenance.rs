//! Every fixture has its papers, checked with our own hashing.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use bonafide_core::{Algorithm, Budget};
use bonafide_hash::{EntryKind, Job, Options, Silent, Tree, measure};
use serde::Deserialize;

use crate::harness::root;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Papers {
    file: Vec<File>,
    link: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    path: String,
    sha256: String,
    origin: String,
    licence: String,
    made_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    path: String,
    target: String,
}

#[test]
fn every_fixture_has_papers_and_every_paper_a_fixture() {
    let folder = root().join("fixtures");
    let text = std::fs::read_to_string(folder.join("PROVENANCE.toml")).unwrap();
    let papers: Papers = toml::from_str(&text).unwrap();
    let files: BTreeMap<&str, &File> = papers
        .file
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    let links: BTreeMap<&str, &str> = papers
        .link
        .iter()
        .map(|link| (link.path.as_str(), link.target.as_str()))
        .collect();
    assert_eq!(files.len(), papers.file.len(), "a file has papers twice");
    for file in &papers.file {
        for field in [&file.origin, &file.licence, &file.made_by] {
            assert!(!field.is_empty(), "{}", file.path);
        }
    }

    let budget = Budget::DEFAULT;
    let tree = Tree::open(&folder, &budget).unwrap();
    let mut jobs = Vec::new();
    let mut found_links = BTreeMap::new();
    for entry in tree.entries() {
        let name = entry.name.to_string();
        match &entry.kind {
            EntryKind::File { .. } if name == "PROVENANCE.toml" || name.contains("__pycache__") => {
            }
            EntryKind::File { .. } => jobs.push(Job::whole(entry.name.clone(), Algorithm::Sha256)),
            EntryKind::Link { target, .. } => {
                found_links.insert(name, target.to_string());
            }
            EntryKind::Directory => {}
            other => panic!("{name}: {other:?}"),
        }
    }
    let options = Options {
        workers: NonZeroUsize::new(2).unwrap(),
        budget: &budget,
        observer: &Silent,
        tap: None,
    };
    let measurements = measure(&tree, jobs, &options).unwrap();
    assert_eq!(
        measurements.len(),
        files.len(),
        "run `python3 fixtures/make/provenance.py`"
    );
    for measurement in measurements {
        let name = measurement.job.name.to_string();
        let file = files.get(name.as_str()).unwrap_or_else(|| {
            panic!("{name} has no papers; run `python3 fixtures/make/provenance.py`")
        });
        let digest = measurement.digests.unwrap()[0].get().hex();
        assert_eq!(
            digest, file.sha256,
            "{name}; run `python3 fixtures/make/provenance.py`"
        );
    }
    let found: BTreeMap<&str, &str> = found_links
        .iter()
        .map(|(name, target)| (name.as_str(), target.as_str()))
        .collect();
    assert_eq!(found, links);
}
