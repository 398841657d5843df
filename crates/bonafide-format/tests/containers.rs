//! Damaged archives: nothing panics, every byte is accounted for, and what cannot be read
//! whole is not clean.

#![cfg(test)]

use std::path::{Path, PathBuf};

use bonafide_core::RawName;
use bonafide_format::{Coverage, FileInspection, InspectionBudget, inspect};

fn fixtures(family: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/models")
        .join(family);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| !path.ends_with("expected.toml"))
        .map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect()
}

fn inspected(bytes: &[u8]) -> FileInspection {
    let budget = InspectionBudget {
        unpacked_body: 1 << 20,
        unpacked: 4 << 20,
        ..InspectionBudget::DEFAULT
    };
    inspect(&RawName::from("model"), &bytes, &budget)
}

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    let end = (at + 1 + numbers.below(16)).min(bytes.len());
    match numbers.below(5) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => bytes.truncate(at.max(1)),
        2 => bytes[at..end].fill(0xff),
        3 => {
            let again = bytes[at..end].to_vec();
            let to = numbers.below(bytes.len());
            bytes.splice(to..to, again);
        }
        _ => bytes[at..end].fill(0),
    }
}

#[test]
fn damage_is_survived_and_accounted_for() {
    let mut numbers = Numbers(0x5eed);
    for family in ["zip", "archive", "pytorch"] {
        for (path, bytes) in fixtures(family) {
            let becomes_much = ["cut.", "expansion"].map(|name| {
                let file = path.file_name().unwrap().to_str().unwrap();
                file.starts_with(name)
            });
            let times = if becomes_much.contains(&true) { 1 } else { 12 };
            for _ in 0..times {
                let mut bytes = bytes.clone();
                damage(&mut bytes, &mut numbers);
                for body in inspected(&bytes).bodies {
                    let mut reached = 0;
                    for span in &body.spans {
                        assert_eq!(span.range.start, reached, "{path:?}: {body:?}");
                        reached = span.range.end;
                    }
                    assert_eq!(reached, body.size, "{path:?}: {body:?}");
                }
            }
        }
    }
}

#[test]
fn an_archive_that_is_cut_off_is_never_clean() {
    for (path, bytes) in fixtures("zip").into_iter().chain(fixtures("pytorch")) {
        let is_zip = bytes.starts_with(b"PK\x03\x04") && !path.ends_with("suffix.zip");
        for end in (1..bytes.len().min(2000)).rev().step_by(7) {
            let found = inspected(&bytes[..end]);
            let is_clean = found.weight().is_none() && found.coverage() == Coverage::Scanned;
            assert!(!(is_zip && end > 4 && is_clean), "{path:?} up to {end}");
        }
    }
}
