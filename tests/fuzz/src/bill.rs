//! What holds of every document about an artifact, whatever its format.

use bonafide_bom::difference::{difference, differs_in_meaning};
use bonafide_bom::json::{Node, Position, admit};
use bonafide_bom::listing::Listing;
use bonafide_bom::semantics::Circumstances;
use bonafide_bom::view::Bom;
use bonafide_bom::{Contradiction, Described, Document, read};

use super::shown;
use super::world::now;

/// Longest document that the targets read.
pub(super) const LIMIT: usize = 1 << 20;

/// Reads a document twice, and holds all that is said of it against the promises.
/// Gives what was read; nothing if it is none.
pub(super) fn described(input: &[u8]) -> Option<Described<'_>> {
    let document = match read(input, LIMIT) {
        Ok(document) => document,
        Err(error) => {
            shown::text(&error.to_string());
            assert_eq!(read(input, LIMIT).unwrap_err(), error, "refused otherwise");
            return None;
        }
    };
    let again = read(input, LIMIT).unwrap_or_else(|error| panic!("read only once: {error}"));
    shown::text(&document.format());
    assert_eq!(document.format(), again.format());
    let listing = document.listing();
    assert_eq!(listing, again.listing(), "listed otherwise");
    names_nothing_outside(&listing);
    let circumstances = Circumstances {
        now: now(),
        artifact_changed: Some(now()),
    };
    let found = document.contradictions(input, &circumstances);
    assert_eq!(found, again.contradictions(input, &circumstances));
    let ends = line_ends(input);
    for contradiction in &found {
        is_fit(contradiction, &ends);
    }
    Some(document)
}

fn is_fit(contradiction: &Contradiction, ends: &[usize]) {
    shown::text(contradiction.rule);
    shown::text(&contradiction.message);
    shown::path(&contradiction.pointer);
    is_inside(contradiction.position, ends);
}

/// No path of the listing leads out of the artifact.
fn names_nothing_outside(listing: &Listing) {
    let labels = listing.entries.iter().map(|entry| &entry.label);
    for label in labels.chain(listing.revisions.iter().map(|pin| &pin.label)) {
        shown::text(label);
    }
    for pin in &listing.revisions {
        shown::text(&pin.revision.to_string());
    }
    let digests = listing.entries.iter().flat_map(|entry| &entry.digests);
    for digest in digests.chain(listing.trees.iter().map(|tree| &tree.digest)) {
        shown::text(&digest.to_string());
    }
    for claim in listing.entries.iter().flat_map(|entry| &entry.paths) {
        shown::text(&claim.shown());
        for path in std::iter::once(claim.whole()).chain(claim.ends(usize::MAX)) {
            let leaves = path.is_empty()
                || path.contains(['\\', '\0'])
                || path
                    .split('/')
                    .any(|segment| matches!(segment, "" | "." | ".."));
            assert!(!leaves, "a path that is none below: {path:?}");
        }
    }
}

/// Bytes of each line.
pub(super) fn line_ends(input: &[u8]) -> Vec<usize> {
    input
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .collect()
}

/// Lines and columns count from 1; the column behind the last byte is the end of a line.
pub(super) fn is_inside(position: Position, ends: &[usize]) {
    let Position { line, column } = position;
    let length = line.checked_sub(1).and_then(|line| ends.get(line));
    assert!(
        length.is_some_and(|length| (1..=length + 1).contains(&column)),
        "{position} of {} lines",
        ends.len()
    );
}

/// What is promised of bills of materials in JSON and in XML.
pub(super) fn document(document: &Document<'_>, input: &[u8]) {
    let ends = line_ends(input);
    for violation in &document.violations {
        shown::path(&violation.path);
        shown::text(&violation.expected);
        shown::text(&violation.found);
        is_inside(violation.position, &ends);
    }
    let bom = document.bom.get();
    assert!(
        difference(bom, bom).is_empty(),
        "it differs from itself: {:?}",
        difference(bom, bom)
    );
    let empty = Bom::default();
    for (one, other) in [(bom, &empty), (&empty, bom)] {
        let found = difference(one, other);
        let _ = differs_in_meaning(&found);
        for difference in found {
            shown::text(&difference.to_string());
        }
    }
    let written = bom.to_node();
    is_same(&Bom::of(written.clone()).to_node(), &written);
    bom.walk(|placed| {
        let there = placed.pointer.resolve(&written);
        let name = there.and_then(|node| node.get("name"));
        let named = placed.component.name.as_deref();
        if let Some(named) = named {
            assert_eq!(name.and_then(Node::text), Some(named), "{}", placed.pointer);
        }
    });
}

/// Equal as JSON: the order of members says nothing.
pub(super) fn is_same(one: &Node<'_>, other: &Node<'_>) {
    let value = |node: &Node<'_>| serde_json::to_value(node).unwrap();
    assert_eq!(value(one), value(other), "the view lost something");
}

/// The tree, as text and read again.
pub(super) fn is_admitted_again(root: &Node<'_>) {
    let text = serde_json::to_vec(root).unwrap();
    let again = admit(&text, usize::MAX).unwrap_or_else(|error| panic!("written, but {error}"));
    assert_eq!(&again, root, "read otherwise");
}
