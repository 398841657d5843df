//! Record manifests: a hash for each record, a Merkle root for each shard, and what
//! differs between two of them.

mod comparison;

pub use comparison::{RecordComparison, ShardComparison, ShardStanding};

/// Type of an in-toto predicate that is a record manifest.
pub const PREDICATE_TYPE: &str = "https://bonafide.dev/record-manifest/v1";
