//! Bills of materials in XML.

use bonafide_bom::json::Pointer;
use bonafide_bom::{Described, xml};

use super::bill::{self, LIMIT, described, is_inside, is_same, line_ends};
use super::shown;

/// Any bytes as XML.
///
/// - What is read is the same each time, and so is what has no place in the tree.
/// - The view loses nothing of the tree.
/// - Violations and leftovers are inside of the text, and leftovers are parts of it.
/// - What is said of the document can be printed.
pub fn bom_xml(input: &[u8]) {
    let document = match xml::read(input, LIMIT) {
        Ok(document) => document,
        Err(error) => return shown::text(&error.to_string()),
    };
    let ends = line_ends(input);
    let text = std::str::from_utf8(input).unwrap();
    for violation in &document.violations {
        shown::path(&violation.path);
        shown::text(&violation.expected.to_string());
        shown::text(&violation.found);
        is_inside(violation.position, &ends);
    }
    for leftover in &document.leftovers {
        is_inside(leftover.position, &ends);
        assert!(text.contains(leftover.text), "{leftover:?}");
        assert!(
            leftover.pointer.resolve(&document.root).is_some(),
            "it belongs to nothing: {leftover:?}"
        );
    }
    let lost = [Pointer::from_text("/no/such~2place"), Pointer::root()];
    let found = xml::locate(input, &lost);
    assert_eq!(found.len(), 2);
    assert!(found[0].is_none() && found[1].is_some(), "{found:?}");
    match described(input) {
        Some(Described::Bom(described)) => {
            is_same(&described.bom.get().to_node(), &document.root);
            bill::document(&described, input);
        }
        // A byte order mark alone may stand in front.
        None => assert!(!text.trim_ascii_start().starts_with('<'), "read as nothing"),
        Some(other) => panic!("read as {}", other.format()),
    }
}
