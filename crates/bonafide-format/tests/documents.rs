//! Documents that were damaged are read without a panic, in little time, and never leave
//! bytes that nobody accounts for.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the functions of a test fail with it"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bonafide_core::RawName;
use bonafide_format::{InspectionBudget, State, inspect};

/// Changes of each file.
const ROUNDS: usize = 40;

/// Numbers that look random and are always the same (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap()
    }
}

fn damaged(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = numbers.below(bytes.len());
    match numbers.below(5) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << numbers.below(8),
        1 => bytes.truncate(at),
        2 => {
            let end = bytes.len().min(at + 8);
            bytes[at..end].fill(0xff);
        }
        3 => {
            let end = bytes.len().min(at + numbers.below(64));
            let slice = bytes[at..end].to_vec();
            let place = numbers.below(bytes.len());
            for _ in 0..numbers.below(50) {
                bytes.splice(place..place, slice.iter().copied());
            }
        }
        _ => {
            let grammar = b"()[]{}:,'\"\\!&*%@\n\t #-=.";
            let byte = grammar[numbers.below(grammar.len())];
            let many = vec![byte; numbers.below(3000)];
            bytes.splice(at..at, many);
        }
    }
    bytes
}

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
        return;
    }
    let mut entries: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        files(&entry, found);
    }
}

#[test]
fn damaged_documents_are_read_to_an_end() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/models");
    let mut found = Vec::new();
    for family in ["configuration", "dependencies", "python", "text", "yaml"] {
        files(&root.join(family), &mut found);
    }
    assert!(found.len() > 100, "{}", found.len());
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for path in found {
        let whole = std::fs::read(&path).unwrap();
        let name = RawName::from(path.file_name().unwrap().to_str().unwrap());
        let mut bytes = whole.clone();
        for round in 0..ROUNDS {
            // Changes pile up, a few at a time.
            let start = if round % 4 == 0 { &whole } else { &bytes };
            bytes = damaged(start, &mut numbers);
            let began = Instant::now();
            let file = inspect(&name, &bytes, &InspectionBudget::DEFAULT);
            let took = began.elapsed();
            let allowed =
                Duration::from_millis(500) + Duration::from_micros(5 * bytes.len() as u64);
            assert!(
                took < allowed,
                "{path:?}: {} bytes in {took:?}",
                bytes.len()
            );
            for body in &file.bodies {
                let mut reached = 0;
                for span in &body.spans {
                    assert_eq!(span.range.start, reached, "{path:?}");
                    reached = span.range.end;
                    // The parser of Python has a thread of its own, where a panic only shows here.
                    let failed = matches!(&span.state, State::Unsupported(reason) if reason.contains("this Python program"));
                    assert!(!failed, "{path:?}: {}", String::from_utf8_lossy(&bytes));
                }
                assert_eq!(reached, body.size, "{path:?}");
            }
        }
    }
}
