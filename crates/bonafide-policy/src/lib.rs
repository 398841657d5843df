//! What we demand of an artifact, and what follows from the outcomes.
//!
//! A policy is a TOML or YAML file, and the files that it extends. It is read strictly: an
//! unknown key, an unknown check or a bad value is an error that underlines the place,
//! because a demand that is silently dropped would be a silent pass.
//!
//! No check is named in here; the table of `bonafide-checks` says which exist.

mod certificate_rules;
mod control;
mod custom;
mod decision;
mod deny_list;
mod document;
mod identity;
mod layer;
mod load;
mod nearest;
mod node;
mod policy;
mod presets;
mod problem;
mod role;
mod schema;
mod scope;
mod standard;
mod standing;
mod toml_reader;
mod trust;
mod waiver;
mod waiving;
mod yaml_reader;

pub use certificate_rules::{CertificateRules, DenySource, RevocationSource};
pub use control::Control;
pub use custom::CustomRules;
pub use decision::{Circumstances, Decision, NO_CONTROL, decide};
pub use deny_list::read_deny_list;
pub use identity::{RootSource, SigstoreTrust};
pub use layer::{NoMatch, PolicyText};
pub use load::{PolicySource, Reference, ReferenceKind};
pub use policy::{Policy, PolicyFile};
pub use presets::{Preset, preset, presets};
pub use problem::{PolicyError, Problem};
pub use schema::{schema, waivers_schema};
pub use scope::{ComponentKind, Scope};
pub use standard::{Requirement, Standard};
pub use trust::{CommandLineTrust, Material, PolicyPath, TrustKind, TrustSource};
pub use waiver::{Waiver, WaiverFile, WaiverSubject};
