use bonafide_core::RawName;

use crate::{Coverage, FileInspection, InspectionBudget, inspect};

fn npy(header: &str, data: &[u8]) -> FileInspection {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    inspect(&RawName::from("a.npy"), &bytes, &InspectionBudget::DEFAULT)
}

fn rules(inspection: &FileInspection) -> Vec<&str> {
    inspection
        .defects
        .iter()
        .map(|defect| defect.rule.slug)
        .collect()
}

#[test]
fn only_literals_are_headers() {
    for header in [
        "__import__('os').system('true')",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1 + 1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': [1]}",
        "{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f8', 'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)}",
        "{'descr': '<f8",
        "{'descr'",
        "",
        "((((((((((((((((((((((((((((((",
    ] {
        let found = npy(header, &[0; 16]);
        assert_eq!(rules(&found), ["malformed"], "{header}");
        assert_ne!(found.coverage(), Coverage::Scanned, "{header}");
    }
}

#[test]
fn the_data_are_as_long_as_the_header_says() {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }  \n";
    assert_eq!(rules(&npy(header, &[1; 16])), Vec::<&str>::new());
    assert_eq!(rules(&npy(header, &[1; 15])), ["malformed"]);
    assert_eq!(rules(&npy(header, &[1; 17])), ["unexplained-bytes"]);
    // Python 2, a scalar, nothing.
    for (shape, bytes) in [("(2L, 1L)", 16), ("()", 8), ("(0, 5)", 0)] {
        let header = format!("{{'descr': '<f8', 'fortran_order': True, 'shape': {shape}}}\n");
        let found = npy(&header, &vec![1; bytes]);
        assert_eq!(rules(&found), Vec::<&str>::new(), "{shape}");
        assert_eq!(found.coverage(), Coverage::Scanned);
    }
}
