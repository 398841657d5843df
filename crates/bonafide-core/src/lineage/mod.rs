//! Where an artifact comes from: a graph of artifacts, and who says so.
//!
//! A node is an artifact (a model, a dataset, a tokenizer, …), an edge leads from
//! an artifact to one that it was made of or judged with. Every edge keeps what
//! each source says of it, and its grade follows from that alone: nobody can
//! call an edge proven without the signed statement and the measured digest that
//! make it so ([`MaterialProof`]).
//!
//! Documents write these graphs, so they may be large, cyclic and wrong. Growth
//! is capped ([`LineageLimits`]), what was cut is counted, and no walk recurses.

mod analysis;
mod edge;
mod graph;
mod node;
mod relation;
#[cfg(test)]
mod tests;

pub use analysis::{AgeConflict, LineageAnalysis, Scope};
pub use edge::{
    EdgeEvidence, EdgeGrade, LineageEdge, MaterialProof, ProofError, SignedMaterial, Testimony,
};
pub use graph::{EdgeIndex, Lineage, LineageError, LineageLimits, NodeIndex, NodeRole};
pub use node::{LineageNode, Mention, NodeDigest, NodeKind, NodeTime, RevisionPin, TimeEvent};
pub use relation::{Relation, RelationClass};

use serde::Serializer;
use serde::ser::SerializeSeq as _;

use crate::RawName;

/// Most entries that one list of a node or an edge keeps.
const LISTED: usize = 64;

/// Text of documents is printed escaped, in JSON too.
fn escaped<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&RawName::from(text))
}

/// [`escaped`], where there may be no text.
fn escaped_option<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match text {
        Some(text) => escaped(text, serializer),
        None => serializer.serialize_none(),
    }
}

/// [`escaped`], for every entry of a list.
fn escaped_list<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(texts.len()))?;
    for text in texts {
        list.serialize_element(&RawName::from(text.as_str()))?;
    }
    list.end()
}
