//! What the XML schemas of CycloneDX 1.3 to 1.7 say, as tables.
//!
//! One table per type of element, under the name that the type has in the schema. A part
//! without `since` and `until` is in all versions that know the element around it.

mod component;
mod cryptography;
mod declaration;
mod definition;
mod document;
mod formulation;
mod licence;
mod model;
mod party;
mod reference;
mod release;
mod service;
mod vulnerability;

pub(super) use document::BOM;
