//! Bills of materials in JSON.

use bonafide_bom::json::{AdmissionError, Numbers, Pointer, admit, admit_numbers, locate};
use bonafide_bom::view::Bom;
use bonafide_bom::{Described, grammar};

use super::bill::{self, LIMIT, described, is_admitted_again, is_inside, is_same, line_ends};
use super::shown;

/// Any bytes as JSON, as a tree, as a view, and as a document.
///
/// - What is admitted is admitted again from its own text, and is the same.
/// - The view loses nothing, and components are where they are said to be.
/// - Every pointer is found inside of the text.
/// - What is said of the document can be printed, and is the same each time.
/// - The listing names nothing outside of the artifact.
pub fn bom_json(input: &[u8]) {
    let root = match admit(input, LIMIT) {
        Ok(root) => root,
        Err(error) => {
            shown::text(&error.to_string());
            if let Some(position) = error.position() {
                is_inside(position, &line_ends(input));
            }
            let rounded = admit_numbers(input, LIMIT, Numbers::Rounded);
            let number = matches!(error, AdmissionError::Number { .. });
            assert!(number || rounded.is_err(), "admitted, though {error}");
            return;
        }
    };
    is_admitted_again(&root);
    assert_eq!(
        admit_numbers(input, LIMIT, Numbers::Rounded).as_ref(),
        Ok(&root)
    );
    let bom = Bom::of(root.clone());
    if root.object().is_some() {
        is_same(&bom.to_node(), &root);
    }
    let mut pointers = vec![Pointer::root(), Pointer::from_text("/no/such~2place")];
    bom.walk(|placed| pointers.push(placed.pointer.clone()));
    let ends = line_ends(input);
    for position in locate(input, &pointers) {
        is_inside(position, &ends);
    }
    if let Err(error) = grammar::specification(&root) {
        shown::text(&error.to_string());
    }
    if let Some(Described::Bom(document)) = described(input) {
        bill::document(&document, input);
    }
}
