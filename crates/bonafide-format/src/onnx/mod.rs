//! ONNX (onnx.proto of the ONNX project, IR version 13): a graph of operators.
//!
//! The graph cannot run code by itself. What can: operators of other domains, which a
//! library supplies; operators that call Python; and paths of tensors kept in other files,
//! which loaders have followed out of the model's folder.

mod attribute;
mod function;
mod model;
mod names;
mod operator;
pub(crate) mod relation;
mod rules;
mod tensor;

use crate::format::{Depth, Effect, Format, Likeness};
use crate::protobuf::{Field, Outline, Value, outline};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) use rules::RULES;
pub(crate) use tensor::ExternalFile;

pub(crate) const ONNX: Format = Format {
    name: "onnx",
    title: "ONNX",
    extensions: &["onnx"],
    effect: Effect::Graph,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// A tensor on its own: inputs and outputs that models are tested with, and initializers.
pub(crate) const TENSOR: Format = Format {
    name: "onnx-tensor",
    title: "ONNX tensor",
    extensions: &[],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe: tensor::probe,
    inspect: model::read_tensor,
};

/// Most fields of a model or graph that a probe looks at. Functions and metadata are many.
const MOST: usize = 100_000;

/// Versions of the intermediate representation that there may be.
const IR_VERSIONS: std::ops::RangeInclusive<u64> = 1..=64;

fn probe(probe: &Probe<'_>) -> Likeness {
    // Number and kind of the first field, before anything else is read.
    match probe.head {
        [0x08 | 0x28, _, ..] => {}
        [0x12 | 0x1a | 0x22 | 0x32 | 0x3a | 0x42 | 0x72, _, ..] => {}
        [0xa2 | 0xca | 0xd2, 0x01, _, ..] => {}
        _ => return Likeness::No,
    }
    let (fields, reach) = outline(probe.source, 0..probe.size, MOST);
    let mut version = false;
    let mut operators = false;
    let mut graph = None;
    for field in &fields {
        match (field.number, field.value) {
            (1, Value::Varint(number)) if IR_VERSIONS.contains(&number) => version = true,
            (1 | 7 | 8, Value::Varint(_) | Value::Fixed32(_) | Value::Fixed64(_)) => {
                return Likeness::No;
            }
            (7, Value::Bytes(content)) => graph = Some(content),
            (8, Value::Bytes(_)) => operators = true,
            (1, Value::Bytes(_)) => return Likeness::No,
            (2 | 3 | 4 | 6 | 14 | 20 | 25 | 26, value) if !matches!(value, Value::Bytes(_)) => {
                return Likeness::No;
            }
            _ => {}
        }
    }
    let known = fields.iter().filter(|field| is_known(field)).count();
    match graph {
        Some(graph) if version || operators => {
            let (inside, _) = outline(probe.source, graph.range(), 8);
            if !inside.iter().all(is_of_graph) {
                Likeness::No
            } else if reach == Outline::Whole && known * 2 > fields.len() {
                Likeness::Certain
            } else if version {
                Likeness::Possible
            } else {
                Likeness::No
            }
        }
        // A file that ends within its graph, or before it.
        None if reach == Outline::Broken && version && known == fields.len() && known >= 2 => {
            Likeness::Possible
        }
        _ => Likeness::No,
    }
}

fn is_known(field: &Field) -> bool {
    matches!(field.number, 1..=8 | 14 | 20 | 25 | 26)
}

fn is_of_graph(field: &Field) -> bool {
    let known = matches!(field.number, 1 | 2 | 5 | 10..=16);
    matches!(field.value, Value::Bytes(_)) == known
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    model::read(visit)
}
