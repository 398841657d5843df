//! Bills of materials as SPDX 3.0.1 in JSON-LD.

use bonafide_bom::json::{Pointer, admit, locate};
use bonafide_bom::{Described, spdx as format};

use super::bill::{self, LIMIT, described, is_inside, line_ends};
use super::shown;

/// Any bytes as a graph of elements.
///
/// - What is read is the same each time, and what is said of it can be printed.
/// - Every component of the view comes from a place inside of the text.
/// - The listing names nothing outside of the artifact.
pub fn spdx(input: &[u8]) {
    let Ok(root) = admit(input, LIMIT) else {
        return;
    };
    let document = match format::read(root) {
        Ok(document) => document,
        Err(error) => {
            shown::text(&error.to_string());
            let _ = described(input);
            return;
        }
    };
    let mut places = vec![document.source(&Pointer::root())];
    document
        .bom
        .walk(|placed| places.push(document.source(placed.pointer)));
    let ends = line_ends(input);
    for position in locate(input, &places) {
        is_inside(position, &ends);
    }
    for defect in &document.defects {
        shown::text(&defect.kind.to_string());
        shown::path(&defect.pointer.to_string());
    }
    match described(input) {
        Some(Described::Bom(described)) => bill::document(&described, input),
        other => panic!("read as {:?}", other.as_ref().map(Described::format)),
    }
}
