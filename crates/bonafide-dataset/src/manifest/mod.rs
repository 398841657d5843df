//! Record manifests: a hash for each record, a Merkle root for each shard, and what
//! differs between two of them.

mod comparison;

pub use comparison::{RecordComparison, ShardComparison, ShardStanding};
