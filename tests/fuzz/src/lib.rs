//! What the fuzz targets do: one function for each, which takes any bytes and
//! panics when they show something that must not be.
//!
//! `cargo fuzz` calls them with inputs that it grows by coverage; the test
//! `fuzzing` of the workspace calls the same functions on stable Rust, with the
//! corpora and with mutants of them. Only the public interface of
//! `bonafide-attest` is used, as any caller could.
//!
//! The oracle is not that nothing panics, but that nothing is proven which
//! nobody signed: a seed named `genuine-*` says what is, and whatever else
//! verifies has to say the same.

mod bundle;
mod certificate_path;
mod dsse_statement;
mod jsf;
mod key;
mod oms_statement;
mod revocation_list;
mod seal;
mod shown;
mod trusted_root;
mod world;

pub use bundle::{bundle, bundle_verifies};
pub use certificate_path::{certificate_path, chain_verifies};
pub use dsse_statement::dsse_statement;
pub use jsf::jsf;
pub use key::key;
pub use oms_statement::oms_statement;
pub use revocation_list::revocation_list;
pub use trusted_root::trusted_root;
pub use world::corpus;

/// A target: any bytes in, a panic for a broken promise.
pub type Target = fn(&[u8]);

/// The targets by the names of their corpora.
pub const TARGETS: [(&str, Target); 8] = [
    ("bundle", bundle),
    ("certificate_path", certificate_path),
    ("dsse_statement", dsse_statement),
    ("jsf", jsf),
    ("key", key),
    ("oms_statement", oms_statement),
    ("revocation_list", revocation_list),
    ("trusted_root", trusted_root),
];
