//! Record manifests: a hash for each record, a Merkle root for each shard, and what
//! differs between two of them. `docs/record-manifest.md` specifies both documents.

mod comparison;
mod counts;
mod document;
mod encoding;
mod entry;
mod list;
mod make;
mod measure;
mod merkle;
mod parse;
mod rows;
mod spill;
mod strict;
mod trees;

#[cfg(test)]
mod tests;

pub use comparison::{RecordComparison, ShardComparison, ShardStanding};
pub use document::{
    ListDescriptor, ListedColumn, ListedShard, Manifest, ManifestOptions, PREDICATE_TYPE, Previous,
    VERSION,
};
pub use make::make;
pub use rows::hash_batch;
