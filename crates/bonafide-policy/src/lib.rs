//! What we demand of an artifact, and what follows from the outcomes.
//!
//! A policy is a TOML file. It is read strictly: an unknown key, an unknown
//! check or a bad value is an error that underlines the place, because a demand
//! that is silently dropped would be a silent pass.
//!
//! No check is named in here; the table of `bonafide-checks` says which exist.

mod certificate_rules;
mod custom;
mod decision;
mod deny_list;
mod document;
mod identity;
mod policy;
mod problem;
mod role;

pub use certificate_rules::{CertificateRules, DenySource, RevocationSource};
pub use custom::CustomRules;
pub use decision::{Circumstances, Decision, decide};
pub use deny_list::read_deny_list;
pub use identity::{RootSource, SigstoreTrust};
pub use policy::{CommandLineTrust, Control, Material, Policy, TrustKind, TrustSource};
pub use problem::{PolicyError, Problem};
