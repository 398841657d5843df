//! The numbers of a model: whether they are sound, and whether they are what the model's
//! lineage says.
//!
//! Everything in here is about a claim. Whether weights are *good* cannot be told from
//! them: backdoors exist that nobody can find (Goldwasser et al., 2022,
//! arXiv:2204.06974). What can be told is that tensors are damaged, and that a model which
//! is said to be an exact copy, a merged adapter or a quantisation of another is not.

mod comparison;
mod file;
pub mod sanity;

pub use comparison::{Claim, ClaimStanding, Comparison, Rank, Relation, TensorChange, Violation};
pub use file::WeightFile;
pub use sanity::{Anomaly, Sanity, TensorAnomaly};

/// What has to be said beside every result about weights.
pub const LIMIT: &str = "Undetectable backdoors exist (Goldwasser et al. 2022): without findings, \
    no declared property is violated, and nothing more is shown.";
