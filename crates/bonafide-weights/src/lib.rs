//! The numbers of a model: whether they are sound, and whether they are what the model's
//! lineage says.
//!
//! Everything in here is about a claim. Whether weights are *good* cannot be told from
//! them: backdoors exist that nobody can find (Goldwasser et al., 2022,
//! arXiv:2204.06974). What can be told is that tensors are damaged, and that a model which
//! is said to be an exact copy, a merged adapter or a quantisation of another is not.

mod adapter;
mod block;
mod compare;
mod comparison;
mod dtype;
mod file;
mod float;
mod judge;
mod linear;
mod merge;
mod names;
mod numbers;
mod options;
mod pair;
mod relation;
pub mod sanity;
mod sketch;
#[cfg(test)]
mod tests;

pub use adapter::{Adapter, AdapterDeclaration, AdapterSpectrum, inspect_adapter};
pub use block::Block;
pub use compare::compare;
pub use comparison::{
    Claim, ClaimStanding, Combination, Comparison, Rank, Relation, TensorChange, Violation,
};
pub use dtype::Scheme;
pub use file::WeightFile;
pub use float::Float;
pub use judge::{judge, judge_all};
pub use options::CompareOptions;
pub use sanity::{Anomaly, Collector, Sanity, Stream, TensorAnomaly, scan};

/// What has to be said beside every result about weights.
pub const LIMIT: &str = "Undetectable backdoors exist (Goldwasser et al. 2022): without findings, \
    no declared property is violated, and nothing more is shown.";

/// What has to be said beside a quantisation whose errors are within the bound of its scheme.
pub const QUANTISATION_LIMIT: &str = "Attacks inside the bound of a scheme of quantisation exist \
    (Egashira et al., arXiv:2505.23786): a quantisation within it is the parent's, rounded, and \
    how it behaves has to be evaluated on itself.";

/// A name as printed.
fn shown(name: &str) -> String {
    bonafide_core::excerpt(name, 200)
}
