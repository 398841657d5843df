//! Record manifests: a hash for each record, a Merkle root for each shard, and what
//! differs between two of them. `docs/record-manifest.md` specifies both documents.

mod compare;
mod comparison;
mod counts;
mod diff;
mod difference;
mod document;
mod encoding;
mod entry;
mod group;
mod known;
mod list;
mod make;
mod measure;
mod merkle;
mod parse;
mod proof;
mod rows;
mod side;
mod sort;
mod spill;
mod strict;
mod told;
mod trees;

#[cfg(test)]
mod tests;

pub use compare::compare;
pub use comparison::{RecordComparison, ShardComparison, ShardStanding};
pub use diff::{VisitChange, diff, diff_each};
pub use difference::{Change, Difference, LabelFlow, Relabelled};
pub use document::{
    ListDescriptor, ListedColumn, ListedShard, Manifest, ManifestOptions, PREDICATE_TYPE, Previous,
    VERSION,
};
pub use known::Known;
pub use make::make;
pub use proof::{Proof, ProofFailure, ProvenShard, prove};
pub use rows::hash_batch;
