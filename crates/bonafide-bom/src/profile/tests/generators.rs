//! Documents that others wrote, and every document that we have.

use std::path::{Path, PathBuf};

use bonafide_core::assessment::Evidence;

use super::{Known, PROFILES, assess, fixture, profile};
use crate::profile::{ByteEvidence, DigestStrength};

/// Documents of the generators: evidence of the model's digest, alone and with the bytes.
const GENERATORS: [(&str, Evidence, Evidence); 9] = [
    ("ai-bom-3.6.0", Evidence::Missing, Evidence::Missing),
    (
        "aibom-inspector-0.2.0",
        Evidence::Missing,
        Evidence::Missing,
    ),
    ("airom-0.5.0", Evidence::Missing, Evidence::Missing),
    ("aisbom-cli-1.7.0", Evidence::Declared, Evidence::Verified),
    ("cdxgen-12.8.4", Evidence::Missing, Evidence::Missing),
    ("deepbom-1.103.0", Evidence::Declared, Evidence::Verified),
    (
        "deepbom-1.103.0.directory",
        Evidence::Declared,
        Evidence::Verified,
    ),
    ("modelaudit-0.2.54", Evidence::Declared, Evidence::Verified),
    (
        "toolkit-ml-provenance-1.0.0",
        Evidence::Declared,
        Evidence::Verified,
    ),
];

#[test]
fn digests_of_generators_are_declared_until_bytes_prove_them() {
    let g7 = profile("g7-2026");
    for (name, alone, compared) in GENERATORS {
        let bytes = std::fs::read(fixture(&format!("generators/{name}.cdx.json"))).unwrap();
        let known = Known {
            bytes: Some(ByteEvidence::Equal {
                strength: DigestStrength::Strong,
            }),
            ..Known::NOTHING
        };
        for (known, expected) in [(&Known::NOTHING, alone), (&known, compared)] {
            let assessment = assess(&bytes, g7, known);
            let row = assessment.rows().find(|row| row.id == "MDL-07").unwrap();
            assert_eq!(row.evidence, expected, "{name}: {}", row.reason);
            assert_eq!(assessment.tally.total(), 50, "{name}");
            assert!((0..50).contains(&assessment.score.percent()), "{name}");
        }
    }
}

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.to_string_lossy().ends_with(".cdx.json") && !path.ends_with("clean.cdx.json")
        {
            found.push(path);
        }
    }
}

#[test]
fn nothing_is_verified_without_bytes_and_signature() {
    let mut paths = Vec::new();
    documents(&fixture("."), &mut paths);
    assert!(paths.len() >= 130, "{}", paths.len());
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        for profile in PROFILES {
            let assessment = assess(&bytes, profile, &Known::NOTHING);
            for row in assessment.rows() {
                let shown = path.display();
                assert!(row.evidence < Evidence::Verified, "{shown}: {row:?}");
                assert!(row.evidence <= row.attainable, "{shown}: {row:?}");
                assert!(
                    !row.reason.is_empty() && !row.reason.contains('\n'),
                    "{shown}: {row:?}"
                );
                assert!(row.pointers.len() <= 8, "{shown}: {row:?}");
            }
            assert!(assessment.score.percent() < 100);
        }
    }
}
