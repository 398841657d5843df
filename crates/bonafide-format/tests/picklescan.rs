//! The files that picklescan is tested with, each with what it has to show.
//!
//! They are not part of this repository: `fixtures/vectors.toml` says where they are from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::path::{Path, PathBuf};

use bonafide_core::RawName;
use bonafide_format::{Coverage, FileInspection, InspectionBudget, Weight, inspect};

/// The public test vectors, which are not part of this repository. A place that is named and
/// has none is an error, never a skip.
fn vectors() -> Option<PathBuf> {
    let (folder, is_named) = match std::env::var_os("BONAFIDE_VECTORS") {
        Some(folder) => (PathBuf::from(folder), true),
        None => {
            let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
            (beside, false)
        }
    };
    let folder = folder.join("picklescan");
    let is_there = folder.join("manifest.csv").is_file();
    assert!(
        is_there || !is_named,
        "BONAFIDE_VECTORS has no picklescan/manifest.csv"
    );
    is_there.then_some(folder)
}

/// Names of which some have to be imported: a list is of all files of one report.
fn expected(finding: &str) -> Vec<&str> {
    if finding.contains(' ') && !finding.contains("; ") {
        return Vec::new();
    }
    finding
        .split("; ")
        .filter(|name| name.contains('.'))
        .collect()
}

#[test]
#[allow(clippy::print_stdout)]
fn each_file_is_judged_as_its_authors_do() {
    let Some(folder) = vectors() else {
        println!("skipped: no vectors (set BONAFIDE_VECTORS)");
        return;
    };
    let manifest = std::fs::read_to_string(folder.join("manifest.csv")).unwrap();
    let (mut wrong, mut files) = (Vec::new(), 0);
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.splitn(4, ',').collect();
        let [path, label, _, finding] = fields[..] else {
            panic!("{line}");
        };
        files += 1;
        let bytes = std::fs::read(folder.join(path)).unwrap();
        let inspection = inspect(&RawName::from(path), &bytes, &InspectionBudget::DEFAULT);
        let weight = inspection.weight();
        let clean = weight < Some(Weight::Review) && inspection.coverage() == Coverage::Scanned;
        let fits = match label {
            "malicious" => {
                let names = expected(finding);
                weight == Some(Weight::Deny)
                    && (names.is_empty() || names.iter().any(|name| is_imported(&inspection, name)))
            }
            "benign" => weight < Some(Weight::Deny),
            _ => !clean,
        };
        if !fits {
            let messages: Vec<_> = inspection
                .defects
                .iter()
                .map(|defect| format!("{}: {}", defect.rule.slug, defect.message))
                .collect();
            let globals: Vec<_> = inspection
                .facts
                .globals
                .iter()
                .map(|global| &global.name)
                .collect();
            wrong.push(format!(
                "{path} ({label}, {finding}): {weight:?} {:?} {messages:?} {globals:?}",
                inspection.coverage()
            ));
        }
    }
    assert!(files >= 100, "{files}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_imported(inspection: &FileInspection, name: &str) -> bool {
    let mut globals = inspection.facts.globals.iter();
    globals.any(|global| global.name == name)
}
