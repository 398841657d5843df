//! What a document says that its schema allows, and that cannot be right.
//!
//! A rule is a function over the typed view, or over the tree where references may
//! stand in any place. None of them decides anything: each gives defects, with the
//! place and a sentence. [`RULES`] lists them.

mod addresses;
mod attachments;
mod citations;
mod components;
mod compositions;
mod declarations;
mod defects;
mod dependencies;
mod digests;
mod document;
mod evidence;
pub(crate) mod graph;
mod identifiers;
mod kind;
mod licences;
mod metrics;
mod packages;
mod pedigree;
mod place;
mod references;
mod revisions;
mod times;
mod tree;

pub use citations::unresolved_citations;
pub use defects::{Defect, MOST_DEFECTS};
pub use kind::{DefectKind, RULES, Rule};
pub use place::{ElementKind, Expected, ReferencePlace};
pub use times::Event;

use defects::Found;
use jiff::Timestamp;

use crate::json::Node;
use crate::view::Bom;

/// What the reader knows besides the document.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// The time.
    pub now: Timestamp,
    /// When the artifact last changed, if that is known.
    pub artifact_changed: Option<Timestamp>,
}

/// Rules that need the whole tree, before the view takes it: references, BOM-Links,
/// citations, attachments.
#[must_use]
pub fn unresolved(root: &Node<'_>) -> Vec<Defect> {
    let mut found = Found::default();
    of_tree(root, &mut found);
    found.into_list()
}

/// Rules that need the view alone.
#[must_use]
pub fn contradictions(bom: &Bom<'_>, circumstances: &Circumstances) -> Vec<Defect> {
    let mut found = Found::default();
    of_view(bom, circumstances, &mut found);
    found.into_list()
}

/// All rules: reads the view from the tree, and gives what is wrong with it, the most
/// severe first, at most [`MOST_DEFECTS`].
#[must_use]
pub fn examine<'a>(root: Node<'a>, circumstances: &Circumstances) -> (Bom<'a>, Vec<Defect>) {
    let mut found = Found::default();
    of_tree(&root, &mut found);
    let bom = Bom::of(root);
    of_view(&bom, circumstances, &mut found);
    (bom, found.into_list())
}

fn of_tree(root: &Node<'_>, found: &mut Found) {
    references::examine(root, found);
    citations::examine(root, found);
}

fn of_view(bom: &Bom<'_>, circumstances: &Circumstances, found: &mut Found) {
    document::examine(bom, found);
    components::examine(bom, found);
    dependencies::examine(bom, found);
    pedigree::examine(bom, found);
    compositions::examine(bom, found);
    declarations::examine(bom, circumstances.now, found);
    times::examine(bom, circumstances, found);
    addresses::examine(bom, found);
}
