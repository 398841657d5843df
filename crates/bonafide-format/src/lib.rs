//! Model files, read without running them.
//!
//! Every byte of a model is hostile: it may be made to run on load, to hide from a
//! scanner, or to break the parser that looks for either. So the readers in here keep
//! these promises.
//!
//! 1. Nothing of a file is executed, imported or deserialised into objects, and nothing
//!    outside of the given bytes is read.
//! 2. [`inspect`] is a pure function of the bytes, the name and the budget: the same on
//!    every machine, whatever is installed there.
//! 3. Formats are told apart by their bytes, never by names ([`FORMATS`]).
//! 4. Every byte is accounted for ([`Body::spans`]). What was not read says why, and is
//!    never clean; what the format does not account for is a finding.
//! 5. What it costs is bounded by the [`InspectionBudget`], whatever the file claims.
//!
//! Findings ([`Defect`]), coverage ([`Coverage`]) and facts ([`Facts`]) are told apart.

mod boosting;
mod budget;
mod caffe;
mod catalogue;
mod container;
mod coreml;
mod coverage;
mod cursor;
mod defect;
mod dependency;
mod document;
mod executable;
mod executorch;
mod facts;
mod flatbuffer;
mod format;
mod hdf5;
mod identified;
mod importable;
mod inspection;
mod json;
mod keras;
mod msgpack;
mod onnx;
mod paddle;
mod path;
mod payload;
mod pickle;
mod protobuf;
mod python;
mod pytorch;
mod rds;
mod read;
mod relation;
mod route;
mod rule;
mod session;
mod skops;
mod stop;
mod template;
mod tensor;
mod tensorflow;
mod tflite;
mod tokenizer;
mod visit;
mod xml;

pub use budget::InspectionBudget;
pub use catalogue::{rule, rule_set_digest, rules};
pub use coverage::{Body, Coverage, Span, State};
pub use defect::Defect;
pub use dependency::{Advisories, Advisory, AdvisoryError};
pub use facts::{
    Dependency, Facts, Global, GlobalStanding, Order, Place, Reference, ReferenceKind, Tensor,
};
pub use format::{Depth, Effect, FORMATS, Format};
pub use inspection::{FileInspection, hold_against, inspect, inspect_as};
pub use pickle::{Reading, imports};
pub use read::{ReadAt, ReadError, Window};
pub use relation::{Links, Misfit, relate};
pub use rule::{Confidence, Hazard, Rule, Weight};
