//! Files of an artifact, seen together.

use bonafide_core::RawName;
use bonafide_format::{FileInspection, inspect, relate};

use super::{BUDGET, oracle};

/// Most files of one input.
const MOST: usize = 16;

/// What stands before the name of a file, and behind it: as `head` and `tail` write it.
const BEFORE: &[u8] = b"==> ";
const BEHIND: &[u8] = b" <==\n";

/// Any bytes as several files, each below a line with its name.
///
/// - Findings stay what they were, and more come; all can be printed.
/// - Files that a reader knows keep their coverage: only unknown bytes can be explained
///   by another file.
/// - The same files give the same.
pub fn relation(input: &[u8]) {
    let files = files(input);
    let alone: Vec<FileInspection> = files
        .iter()
        .map(|(name, content)| inspect(name, content, &BUDGET))
        .collect();
    let mut together = alone.clone();
    relate(&mut together);
    assert_eq!(together.len(), alone.len());
    for (before, after) in alone.iter().zip(&together) {
        oracle::inspection(after, &BUDGET);
        assert_eq!((&before.name, before.size), (&after.name, after.size));
        let kept = |defect| after.defects.contains(defect);
        assert!(
            before.defects.iter().all(kept),
            "a finding is gone: {before:?} and {after:?}"
        );
        assert_eq!(before.format(), after.format());
        if before.format().is_some() {
            assert_eq!(before.bodies, after.bodies);
        }
    }
    let mut again = alone;
    relate(&mut again);
    assert_eq!(again, together, "another time, another result");
}

/// Splits an input; what stands before the first line with a name belongs to no file.
fn files(input: &[u8]) -> Vec<(RawName, &[u8])> {
    let mut found = Vec::new();
    let mut rest = input;
    while let Some(start) = position(rest, BEFORE)
        && found.len() < MOST
    {
        rest = &rest[start + BEFORE.len()..];
        let Some(end) = position(rest, BEHIND) else {
            break;
        };
        let name = RawName::new(&rest[..end]);
        rest = &rest[end + BEHIND.len()..];
        let length = position(rest, BEFORE).unwrap_or(rest.len());
        // Two files of one name are not in one artifact.
        if found.iter().all(|(known, _)| *known != name) {
            found.push((name, &rest[..length]));
        }
    }
    found
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
