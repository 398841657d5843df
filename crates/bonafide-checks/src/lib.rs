//! The checks: what can be wrong with an artifact, one file each.
//!
//! Evidence comes in as [`Facts`]; [`CHECKS`] is the one table from which the
//! policy language, `bonafide checks`, `bonafide explain`, the documentation
//! and the fixture tests are made. No check reads a file or a clock.

mod attachment;
mod check;
mod declaration;
mod document;
mod facts;
mod globs;
mod inventory;
mod lineage;
mod model;
mod names;
mod records;
mod role;
mod survey;

pub use attachment::{Attachment, vouches};
pub use check::{CHECKS, of_hazard};
pub use declaration::{
    Check, Judgement, Need, Parameter, ParameterError, Prepared, REQUIRED, Standing,
};
pub use document::{DocumentFacts, DocumentRole, Proof, ProofWay, names_of_documents};
pub use facts::{Denials, Facts, SignatureFacts};
pub use globs::Globs;
pub use inventory::{Found, Inventory, Presence, TreePresence, algorithms};
pub use lineage::{Cards, Evidence, Given, LineageFacts, Member, Relative, files_of_cards};
pub use model::{Language, ModelFile};
pub use names::misleading;
pub use records::{RecordFacts, SignedRecords, WeightComparison, WeightFacts};
pub use role::{Attests, Filling, Role};
pub use survey::{Absence, Binding, BoundResource, Gap, GapReason, Place, Survey};

/// The check with this slug.
#[must_use]
pub fn find(slug: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.slug == slug)
}
