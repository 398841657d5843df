//! JSON as a tree that keeps what the text says, after admission.
//!
//! The parser is `serde_json`; what is refused on top of it is what two readers
//! could understand differently: repeated names (RFC 8259 §4) and numbers that a
//! double cannot hold exactly (RFC 7493 §2.2).

mod admission;
mod node;
mod pointer;

pub use admission::{AdmissionError, MOST_DEPTH, Numbers, admit, admit_numbers};
pub use node::{Node, Number, Object};
pub use pointer::{Pointer, Position, locate};
