//! The rules of CycloneDX JSON, and whether a document keeps them.
//!
//! The rules are tables ([`Definition`], [`Rule`]); one set of them serves all
//! versions. What the specification says in its JSON schemas is here, no more: a
//! digest of the wrong length or a reference to nothing keeps these rules.

mod alternative;
mod format;
mod iri;
mod licence_id;
mod mailbox;
mod pattern;
mod recognition;
mod rule;
mod tables;
mod unique;
mod validation;
mod violation;

pub use crate::version::{SpecVersion, UnknownVersion};
pub use format::Format;
pub use licence_id::licence_ids;
pub use pattern::Pattern;
pub use recognition::{Specification, SpecificationError, specification};
pub use rule::{
    Bounds, Definition, Demand, List, Member, Repetition, Required, Rule, Shape, Tagged, Text,
};
pub use validation::{MOST_VIOLATIONS, validate};
pub use violation::{Expected, Violation};

/// The rule of a whole document, from which all others are reached.
#[must_use]
pub fn document() -> &'static Definition {
    &tables::BOM
}
