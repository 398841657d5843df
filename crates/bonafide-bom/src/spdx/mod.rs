//! SPDX 3.0.1: models, datasets and software as a graph of elements, in JSON-LD.
//!
//! A document is read as JSON, with the meaning that the published context gives to its
//! names. No other context is read and none is fetched, and there is no RDF: 3.0.1 fixes
//! how a document is written (its JSON Schema is strict), and a document that brings terms
//! of its own is refused by [`read`].
//!
//! [`read`] gives the elements as the view that CycloneDX is read into, so that whatever is
//! asked of a bill of materials is asked of both alike. What the view has no place for
//! stays: in the member `spdx` of a component's `extra` for what the element says besides,
//! in the member `spdx` of the document's `extra` for elements that are no components.
//! [`SpdxDocument::source`] leads from the view back to the text.
//!
//! Source: the SPDX specification 3.0.1 with its model, context and JSON Schema.

mod component;
mod containment;
mod dataset;
mod defect;
mod document;
mod graph;
mod identifiers;
mod licence;
mod members;
mod metadata;
mod model;
mod recognition;
mod relations;
mod rule;
mod shared;
mod sources;
mod tables;
mod validation;
mod value;
mod violation;
mod words;

#[cfg(test)]
mod tests;

pub use defect::{MOST_DEFECTS, SpdxDefect, SpdxDefectKind};
pub use document::{SpdxDocument, read};
pub use recognition::{Recognition, SpdxError, recognise};
pub use sources::Sources;
pub use validation::MOST_VIOLATIONS;
pub use violation::{Expected, Violation};

/// What a report says about signatures of such a document.
pub const SIGNATURE_NOTE: &str = "SPDX 3.0.1 has no place for a signature, so the document \
     says nothing about who made it that could be verified; a signature can only be beside it.";
/// Most elements of a document, those inside of others included.
pub const MOST_ELEMENTS: usize = 1_000_000;
/// Most components inside each other; what is deeper stands beside the others.
pub const MOST_CONTAINMENT: usize = 60;
/// Most bytes of text that elements share and that cannot be borrowed from the document,
/// each use counted, with the pointers that lead back to the document.
pub const MOST_SHARED: usize = 128 << 20;
