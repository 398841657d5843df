//! Tests of the workspace as a whole, against the command as users run it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    unreachable_pub,
    reason = "a test that cannot go on should stop, loudly"
)]

mod architecture;
mod attestations;
mod attesting;
mod audit;
mod bad_policies;
mod bom_grammar;
mod bom_semantics;
mod bom_xml;
mod check_fixtures;
mod command;
mod conformance;
mod conventions;
mod coverage;
mod documentation;
mod documents;
mod fuzzing;
mod harness;
mod hostile;
mod identities;
mod lineage;
#[cfg(feature = "online")]
mod loopback;
mod mutation;
mod pages;
mod policies;
mod policy_commands;
mod policy_language;
mod presets;
mod provenance;
mod rego;
mod reports;
mod revocation;
mod signing;
mod sigstore_mutation;
mod supply_chain;
mod threats;
mod trust_material;
mod vectors;
