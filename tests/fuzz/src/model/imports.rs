//! What an unpickler would import.

use bonafide_format::{Reading, imports as imported};

/// Any bytes as a pickle, in both ways to take frames: it ends, and gives the same again.
pub fn imports(input: &[u8]) {
    for reading in [Reading::Buffer, Reading::File] {
        let names = imported(&input, reading);
        // Each takes a byte at least to ask for.
        assert!(names.len() <= input.len(), "{} imports", names.len());
        assert_eq!(imported(&input, reading), names);
    }
}
