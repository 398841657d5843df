//! What real generators wrote about one tiny model (`fixtures/bom/generators`), read and listed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop, loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bonafide_bom::listing::{Listing, Shape, TreeRule};
use bonafide_bom::{ClaimedDigest, Described, read};
use sha2::{Digest as _, Sha256};

const LIMIT: usize = 1 << 20;

/// Every file of the model.
const ALL: [&str; 8] = [
    "README.md",
    "config.json",
    "data/train.csv",
    "model.safetensors",
    "requirements.txt",
    "tiny.gguf",
    "tokenizer.json",
    "train.py",
];
const WEIGHTS: [&str; 2] = ["model.safetensors", "tiny.gguf"];

fn folder() -> PathBuf {
    [
        env!("CARGO_MANIFEST_DIR"),
        "..",
        "..",
        "fixtures",
        "bom",
        "generators",
    ]
    .iter()
    .collect()
}

/// The model's files by the SHA-256 that they have.
fn model() -> BTreeMap<String, &'static str> {
    ALL.into_iter()
        .map(|name| {
            let bytes = fs::read(folder().join("model").join(name)).unwrap();
            (hex(&Sha256::digest(bytes)), name)
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A document, listed; and how many rules of its format it breaks.
fn listed(path: &Path) -> (Listing, usize) {
    let bytes = fs::read(path).unwrap();
    let Described::Bom(document) = read(&bytes, LIMIT).unwrap() else {
        panic!("{}: not a bill of materials", path.display());
    };
    (Listing::of(document.bom.get()), document.violations.len())
}

/// The files that a listing both names and gives the digest of; digests of no file; shapes.
fn found(listing: &Listing) -> (BTreeSet<&'static str>, usize, BTreeSet<Shape>) {
    let model = model();
    let mut files = BTreeSet::new();
    let mut foreign = 0;
    let mut shapes = BTreeSet::new();
    for entry in &listing.entries {
        for digest in entry.digests.iter().filter_map(ClaimedDigest::known) {
            let Some(name) = model.get(&hex(digest.bytes())) else {
                foreign += 1;
                continue;
            };
            let names = entry.paths.iter().flat_map(|path| {
                let mut names = vec![path.whole(), path.base().to_owned()];
                names.extend(path.ends(usize::MAX));
                names
            });
            let base = name.rsplit('/').next().unwrap();
            assert!(
                names.into_iter().any(|found| found == base),
                "{name} has no name in {entry:?}"
            );
            files.insert(*name);
            shapes.extend(entry.shapes.iter().copied());
        }
    }
    (files, foreign, shapes)
}

#[test]
fn every_digest_of_a_generator_is_found_with_the_name_of_its_file() {
    let expected: [(&str, &[&str], usize, &[Shape]); 8] = [
        (
            "toolkit-ml-provenance-1.0.0.cdx",
            &ALL,
            0,
            &[Shape::ComponentHash, Shape::NestedFile],
        ),
        ("aisbom-cli-1.7.0.cdx", &WEIGHTS, 0, &[Shape::ComponentHash]),
        (
            "airom-0.5.0.cdx",
            &WEIGHTS,
            0,
            &[Shape::ComponentHash, Shape::Occurrence, Shape::PurlChecksum],
        ),
        ("ai-bom-3.6.0.cdx", &[], 0, &[]),
        (
            "modelaudit-0.2.54.cdx",
            &ALL,
            0,
            &[Shape::ComponentHash, Shape::NestedFile],
        ),
        (
            "deepbom-1.103.0.cdx",
            &["model.safetensors"],
            0,
            &[Shape::ComponentHash],
        ),
        // It gives the digest of a list of the files as if it were that of the weights.
        (
            "deepbom-1.103.0.directory.cdx",
            &ALL,
            1,
            &[Shape::ComponentHash, Shape::NestedFile],
        ),
        ("cdxgen-12.8.4.cdx", &[], 0, &[]),
    ];
    for (name, files, foreign, shapes) in expected {
        let (listing, violations) = listed(&folder().join(format!("{name}.json")));
        let wanted = (
            files.iter().copied().collect(),
            foreign,
            shapes.iter().copied().collect(),
        );
        assert_eq!(found(&listing), wanted, "{name}");
        assert_eq!(violations, 0, "{name}");
    }
}

#[test]
fn a_document_that_breaks_its_format_is_read_all_the_same() {
    // A property is a number, and licences have the identifier `unknown`.
    let (listing, violations) = listed(&folder().join("aibom-inspector-0.2.0.cdx.json"));
    assert_eq!(found(&listing).0, BTreeSet::new());
    assert!(violations >= 2, "{violations}");
}

#[test]
fn the_digest_of_the_tree_is_under_a_rule_that_is_known() {
    let (listing, _) = listed(&folder().join("toolkit-ml-provenance-1.0.0.cdx.json"));
    let rules: Vec<TreeRule> = listing.trees.iter().map(|tree| tree.rule).collect();
    assert_eq!(rules, [TreeRule::AibomTree]);
}
