use bonafide_core::RawName;

use super::types::kind;
use crate::{Coverage, FileInspection, InspectionBudget, inspect};

fn of(bytes: &[u8]) -> FileInspection {
    inspect(&RawName::from("a.gguf"), &bytes, &InspectionBudget::DEFAULT)
}

fn rules(inspection: &FileInspection) -> Vec<&str> {
    inspection
        .defects
        .iter()
        .map(|defect| defect.rule.slug)
        .collect()
}

fn header(version: u32, tensors: u64, keys: u64) -> Vec<u8> {
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend(tensors.to_le_bytes());
    bytes.extend(keys.to_le_bytes());
    bytes
}

#[test]
fn counts_beyond_the_file_are_refused_before_anything_is_allocated() {
    for (tensors, keys) in [(u64::MAX, 0), (0, u64::MAX), (1 << 40, 1), (1, 1 << 40)] {
        let found = of(&header(3, tensors, keys));
        assert_eq!(rules(&found), ["malformed"]);
        assert_eq!(found.coverage(), Coverage::Skipped);
    }
    let mut long = header(3, 0, 1);
    long.extend(u64::MAX.to_le_bytes());
    long.extend([0; 32]);
    assert_eq!(rules(&of(&long)), ["malformed"]);
}

#[test]
fn arrays_in_arrays_end_somewhere() {
    let mut bytes = header(3, 0, 1);
    bytes.extend(1_u64.to_le_bytes());
    bytes.push(b'a');
    for _ in 0..100_000 {
        bytes.extend(9_u32.to_le_bytes());
        bytes.extend(1_u64.to_le_bytes());
    }
    // The type of the value, then the arrays.
    bytes.splice(33..33, 9_u32.to_le_bytes());
    assert_eq!(rules(&of(&bytes)), ["malformed"]);
}

#[test]
fn sizes_of_tensors_are_whole_blocks() {
    let k = kind(14).unwrap();
    assert_eq!(k.size(&[256, 2]), Some(420));
    assert_eq!(k.size(&[128, 2]), None);
    assert_eq!(k.size(&[256, u64::MAX]), None);
    assert_eq!(kind(0).unwrap().size(&[]), Some(4));
    assert_eq!(kind(0).unwrap().size(&[3, 0]), Some(0));
    assert_eq!(kind(4), None);
}

#[test]
fn a_version_to_come_is_not_clean() {
    let found = of(&header(4, 0, 0));
    assert_eq!(rules(&found), Vec::<&str>::new());
    assert_eq!(found.coverage(), Coverage::Unsupported);
}
