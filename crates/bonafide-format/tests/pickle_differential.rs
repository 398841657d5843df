//! What is reported as imported is what CPython's own unpickler would import, in order.
//!
//! Where CPython stops with an error its list may be shorter: other unpicklers refuse less.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use bonafide_format::{Reading, imports};
use data_encoding::HEXLOWER;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Record {
    kind: String,
    pickle: String,
    buffer: Vec<(String, String)>,
    buffer_ends: bool,
    file: Vec<(String, String)>,
    file_ends: bool,
}

#[test]
#[allow(clippy::print_stdout)]
fn imports_are_those_of_cpython() {
    let maker = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pickle_differential.py");
    let Ok(output) = Command::new("python3").arg(maker).output() else {
        println!("skipped: no python3");
        return;
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for line in output.stdout.split(|byte| *byte == b'\n') {
        if line.is_empty() {
            continue;
        }
        let record: Record = serde_json::from_slice(line).unwrap();
        let pickle = HEXLOWER.decode(record.pickle.as_bytes()).unwrap();
        let counts = seen.entry(record.kind.clone()).or_default();
        counts[0] += 1;
        for (reading, theirs, ends) in [
            (Reading::Buffer, &record.buffer, record.buffer_ends),
            (Reading::File, &record.file, record.file_ends),
        ] {
            counts[1] += usize::from(ends);
            counts[2] += theirs.len();
            let ours = imports(&pickle, reading);
            let agrees = if ends {
                ours == *theirs
            } else {
                ours.starts_with(theirs)
            };
            if !agrees {
                wrong.push(format!(
                    "{} {reading:?}, {}: ours {ours:?}, theirs {theirs:?}, ends {ends}",
                    record.kind, record.pickle
                ));
            }
        }
    }
    println!("kinds with pickles, whole loads and imports: {seen:?}");
    let total: usize = seen.values().map(|counts| counts[0]).sum();
    assert!(total >= 10_000, "{total}");
    wrong.sort_by_key(String::len);
    let count = wrong.len();
    wrong.truncate(10);
    assert!(count == 0, "{count} differ:\n{}", wrong.join("\n"));
}
