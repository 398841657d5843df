//! Damaged models of frameworks: whatever the bytes are, the inspection ends, and accounts for all of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::path::Path;

use bonafide_core::RawName;
use bonafide_format::{InspectionBudget, inspect};

/// Families that are damaged.
const FAMILIES: &[&str] = &[
    "boosting", "hdf5", "keras", "msgpack", "rds", "skops", "xml",
];

/// Numbers that look random and are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    match numbers.below(5) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => bytes.truncate(at.max(1)),
        2 => bytes
            .iter_mut()
            .skip(at)
            .take(8)
            .for_each(|byte| *byte = 0xff),
        3 => {
            let to = numbers.below(bytes.len());
            let length = numbers.below(200).min(bytes.len() - at.max(to));
            bytes.copy_within(at..at + length, to);
        }
        _ => {
            let end = (at + 8).min(bytes.len());
            bytes[at..end].fill(0xff);
            bytes[end - 1] = 0x7f;
        }
    }
}

#[test]
fn damaged_files_are_inspected_to_their_end() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/models");
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut inspected = 0;
    for family in FAMILIES {
        let mut paths: Vec<_> = std::fs::read_dir(root.join(family))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension != "toml")
            })
            .collect();
        paths.sort();
        for path in paths {
            let whole = std::fs::read(&path).unwrap();
            for _ in 0..24 {
                let mut bytes = whole.clone();
                for _ in 0..=numbers.below(3) {
                    damage(&mut bytes, &mut numbers);
                }
                let file = inspect(
                    &RawName::from("damaged"),
                    &bytes,
                    &InspectionBudget::DEFAULT,
                );
                for body in &file.bodies {
                    let mut reached = 0;
                    for span in &body.spans {
                        assert_eq!(span.range.start, reached, "{path:?}: {body:?}");
                        reached = span.range.end;
                    }
                    assert_eq!(reached, body.size, "{path:?}: {body:?}");
                }
                inspected += 1;
            }
        }
    }
    assert!(inspected > 1000, "{inspected}");
}
