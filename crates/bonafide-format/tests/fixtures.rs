//! Every model of `fixtures/models` shows exactly what its table says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bonafide_core::RawName;
use bonafide_format::{
    Coverage, FileInspection, InspectionBudget, ReadAt, Weight, inspect, relate, rule,
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    /// A file or a folder beside the table.
    path: String,
    /// `clean`, `note`, `review` or `deny`: the heaviest finding.
    weight: String,
    /// Exactly the rules that find something.
    #[serde(default)]
    rules: BTreeSet<String>,
    /// The worst coverage of its files.
    #[serde(default = "scanned")]
    coverage: String,
    /// The way of evading scanners that it shows.
    #[serde(default)]
    bypass: Option<String>,
}

fn scanned() -> String {
    "scanned".to_owned()
}

/// Ways of evading scanners, each of which some fixture has to show. The others are
/// properties of a scanner, not of a file, and have tests of their own.
const BYPASSES: &[&str] = &[
    "denylist-gap",
    "dotted-name",
    "memo-confusion",
    "shared-memo",
    "frame-divergence",
    "broken-after-payload",
    "second-pickle",
    "wrong-extension",
    "other-wrapper",
    "zip-mismatch",
    "legacy-pytorch",
    "pytorch-tar",
    "storage-mismatch",
    "nested-payload",
    "extension-registry",
    "budget-exhaustion",
    "missing-opcode",
    "scanner-target",
    "joblib-array",
    "keras-config",
    "hdf5-external",
    "saved-model",
    "onnx-external",
    "onnx-domain",
    "gguf",
    "behavioural-template",
    "safetensors-layout",
    "tensor-payload",
    "remote-code",
    "tokenizer",
    "skops",
    "instantiating-config",
    "xml-entity",
    "npy-tail",
    "coverage-trap",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/models")
}

fn families() -> Vec<PathBuf> {
    let mut families: Vec<PathBuf> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    families.sort();
    families
}

fn table(family: &Path) -> Table {
    let path = family.join("expected.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

fn files(path: &Path, below: &str, found: &mut Vec<(String, Vec<u8>)>) {
    if path.is_file() {
        found.push((below.to_owned(), std::fs::read(path).unwrap()));
        return;
    }
    let mut entries: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().into_string().unwrap();
        let below = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        files(&entry.path(), &below, found);
    }
}

/// Inspects a fixture as an artifact.
fn inspected(path: &Path) -> Vec<FileInspection> {
    let mut found = Vec::new();
    let below = if path.is_file() {
        path.file_name().unwrap().to_str().unwrap()
    } else {
        ""
    };
    files(path, below, &mut found);
    let mut inspections: Vec<FileInspection> = found
        .iter()
        .map(|(name, bytes)| {
            inspect(
                &RawName::from(name.as_str()),
                bytes,
                &InspectionBudget::DEFAULT,
            )
        })
        .collect();
    relate(&mut inspections);
    inspections
}

fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn every_fixture_shows_exactly_what_its_table_says() {
    let mut wrong = Vec::new();
    for family in families() {
        let mut listed = BTreeSet::new();
        for case in table(&family).case {
            let first = case.path.split('/').next().unwrap();
            listed.insert(first.to_owned());
            let files = inspected(&family.join(&case.path));
            let defects: Vec<_> = files.iter().flat_map(|file| &file.defects).collect();
            let rules: BTreeSet<String> = defects
                .iter()
                .map(|defect| defect.rule.slug.to_owned())
                .collect();
            let weight = defects.iter().map(|defect| defect.weight()).max();
            let weight = weight.map_or("clean".to_owned(), word::<Weight>);
            let coverage = files.iter().map(FileInspection::coverage).max();
            let coverage = coverage.map_or("scanned".to_owned(), word::<Coverage>);
            if (&rules, &weight, &coverage) != (&case.rules, &case.weight, &case.coverage) {
                let messages: Vec<_> = defects.iter().map(|defect| &defect.message).collect();
                wrong.push(format!(
                    "{}/{}: {weight}, {coverage}, {rules:?}, wanted {}, {}, {:?}: {messages:?}",
                    family.file_name().unwrap().to_string_lossy(),
                    case.path,
                    case.weight,
                    case.coverage,
                    case.rules,
                ));
            }
        }
        for entry in std::fs::read_dir(&family).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name != "expected.toml" && !listed.contains(&name) {
                wrong.push(format!("{}: {name} is in no table", family.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} fixtures:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_way_of_evading_scanners_has_a_fixture() {
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for family in families() {
        for case in table(&family).case {
            for rule_name in &case.rules {
                assert!(
                    rule(rule_name).is_some(),
                    "{}: no rule {rule_name}",
                    case.path
                );
            }
            if let Some(bypass) = case.bypass {
                assert!(
                    BYPASSES.contains(&bypass.as_str()),
                    "{}: {bypass}",
                    case.path
                );
                *shown.entry(bypass).or_default() += 1;
            }
        }
    }
    let missing: Vec<_> = BYPASSES
        .iter()
        .filter(|bypass| !shown.contains_key(**bypass))
        .collect();
    assert!(missing.is_empty(), "no fixture shows {missing:?}");
}

/// Where a body ends, its spans do, and they touch.
#[test]
fn every_byte_is_accounted_for() {
    for family in families() {
        for case in table(&family).case {
            for file in inspected(&family.join(&case.path)) {
                for body in &file.bodies {
                    let mut reached = 0;
                    for span in &body.spans {
                        assert_eq!(span.range.start, reached, "{}: {body:?}", case.path);
                        assert!(span.range.end > reached, "{}: {body:?}", case.path);
                        reached = span.range.end;
                    }
                    assert_eq!(reached, body.size, "{}: {body:?}", case.path);
                }
                assert_eq!(file.bodies.first().map(|body| body.size), Some(file.size));
            }
        }
    }
}

/// The same bytes give the same, also when they are read in other pieces.
#[test]
fn an_inspection_is_a_function_of_the_bytes() {
    struct Slow(Vec<u8>);

    impl ReadAt for Slow {
        fn size(&self) -> u64 {
            self.0.size()
        }

        fn read_at(
            &self,
            offset: u64,
            buffer: &mut [u8],
        ) -> Result<(), bonafide_format::ReadError> {
            for (at, chunk) in (offset..).step_by(7).zip(buffer.chunks_mut(7)) {
                self.0.read_at(at, chunk)?;
            }
            Ok(())
        }
    }

    for family in families() {
        for case in table(&family).case {
            let mut found = Vec::new();
            files(&family.join(&case.path), "x", &mut found);
            for (name, bytes) in found {
                let name = RawName::from(name.as_str());
                let once = inspect(&name, &bytes, &InspectionBudget::DEFAULT);
                let twice = inspect(&name, &Slow(bytes), &InspectionBudget::DEFAULT);
                assert_eq!(once, twice, "{}", case.path);
            }
        }
    }
}
