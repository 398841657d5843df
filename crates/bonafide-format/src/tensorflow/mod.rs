//! TensorFlow: saved models, meta graphs, graph definitions (saved_model.proto,
//! meta_graph.proto, graph.proto) and what Keras writes beside them.
//!
//! A graph is a program. Most operators compute; some read and write files, open
//! connections or call Python, in the graph or in any function of its library. The
//! operators of the saver are in every model and are told from the same ones elsewhere.

mod graph;
mod names;
mod operator;
mod rules;
mod saved_model;
mod table;
mod value;

use crate::format::{Depth, Effect, Format, Likeness};
use crate::protobuf::{Field, Message, Outline, Value, outline};
use crate::read::ReadAt;
use crate::route::Probe;

pub(crate) use rules::RULES;
pub(crate) use table::CHECKPOINT_INDEX;

pub(crate) const SAVED_MODEL: Format = Format {
    name: "tensorflow-saved-model",
    title: "TensorFlow saved model",
    extensions: &[],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe: is_saved_model,
    inspect: saved_model::saved_model,
};

pub(crate) const META_GRAPH: Format = Format {
    name: "tensorflow-meta-graph",
    title: "TensorFlow meta graph",
    extensions: &[],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe: is_meta_graph,
    inspect: saved_model::meta_graph,
};

pub(crate) const GRAPH: Format = Format {
    name: "tensorflow-graph",
    title: "TensorFlow graph",
    extensions: &[],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe: is_graph,
    inspect: saved_model::graph,
};

pub(crate) const KERAS_METADATA: Format = Format {
    name: "keras-metadata",
    title: "Keras metadata of a saved model",
    extensions: &[],
    effect: Effect::Graph,
    depth: Depth::Whole,
    probe: is_keras_metadata,
    inspect: saved_model::keras_metadata,
};

/// Most fields of a message that a probe looks at.
const MOST: usize = 200_000;

fn content(field: &Field) -> Option<Message> {
    match field.value {
        Value::Bytes(content) => Some(content),
        _ => None,
    }
}

/// The first content of this number, if the fields are whole and of no other numbers.
fn first_of(
    source: &dyn ReadAt,
    message: Message,
    numbers: &[u32],
    number: u32,
) -> Option<Message> {
    let (fields, reach) = outline(source, message.range(), MOST);
    let fits =
        reach != Outline::Broken && fields.iter().all(|field| numbers.contains(&field.number));
    let found = fields.iter().find(|field| field.number == number);
    found.filter(|_| fits).and_then(content)
}

fn is_of_saved_model(field: &Field) -> bool {
    matches!(
        (field.number, field.value),
        (1, Value::Varint(_)) | (2, Value::Bytes(_))
    )
}

fn is_of_meta_graph(field: &Field) -> bool {
    matches!((field.number, field.value), (1..=7, Value::Bytes(_)))
}

fn is_of_graph(field: &Field) -> bool {
    matches!(
        (field.number, field.value),
        (1 | 2 | 4 | 5, Value::Bytes(_)) | (3, Value::Varint(_))
    )
}

fn is_of_metadata(field: &Field) -> bool {
    matches!((field.number, field.value), (1, Value::Bytes(_)))
}

/// The body without what comes behind its message: all of it, if the fields that `fits`
/// takes go to the end, or if the next one is cut off.
fn sound(source: &dyn ReadAt, fits: fn(&Field) -> bool) -> Message {
    let size = source.size();
    let (fields, reach) = outline(source, 0..size, MOST);
    let foreign = fields.iter().find(|field| !fits(field));
    let known = fields.iter().take_while(|field| fits(field));
    let has_content = known.clone().any(|field| content(field).is_some());
    let end = match (foreign, reach) {
        _ if !has_content => size,
        (Some(foreign), _) => foreign.at,
        (None, Outline::Broken) => {
            let end = known.last().map_or(0, Field::end);
            let mut tag = [0];
            let read = source.read_at(end, &mut tag);
            // A field of the message has a number that it knows, and a content.
            let is_cut =
                read.is_ok() && matches!(tag, [0x0a | 0x12 | 0x1a | 0x22 | 0x2a | 0x32 | 0x3a]);
            if is_cut { size } else { end }
        }
        (None, Outline::Whole | Outline::More) => size,
    };
    Message::new(0..end)
}

/// Text that an operator or a function can be called.
fn is_name(source: &dyn ReadAt, message: Message) -> bool {
    let mut bytes = vec![0; usize::try_from(message.len().min(256)).unwrap_or(0)];
    !bytes.is_empty()
        && source.read_at(message.start(), &mut bytes).is_ok()
        && bytes.iter().all(|byte| byte.is_ascii_graphic())
}

/// A node of a graph: its name, and the name of its operator.
fn is_node(source: &dyn ReadAt, message: Message) -> bool {
    let operator = first_of(source, message, &[1, 2, 3, 4, 5, 6, 7], 2);
    let name = first_of(source, message, &[1, 2, 3, 4, 5, 6, 7], 1);
    matches!((name, operator), (Some(name), Some(operator))
        if is_name(source, name) && is_name(source, operator))
}

fn is_graph_in(source: &dyn ReadAt, message: Message) -> bool {
    if let Some(node) = first_of(source, message, &[1, 2, 3, 4, 5], 1) {
        return is_node(source, node);
    }
    // A graph of functions alone.
    let library = first_of(source, message, &[1, 2, 3, 4, 5], 2);
    let function = library.and_then(|library| first_of(source, library, &[1, 2, 3], 1));
    let signature =
        function.and_then(|function| first_of(source, function, &[1, 2, 3, 4, 5, 6, 7, 8], 1));
    let name = signature
        .and_then(|signature| first_of(source, signature, &(1..=40).collect::<Vec<_>>(), 1));
    name.is_some_and(|name| is_name(source, name))
}

fn is_meta_graph_in(source: &dyn ReadAt, message: Message) -> bool {
    let numbers = [1, 2, 3, 4, 5, 6, 7];
    let Some(graph) = first_of(source, message, &numbers, 2) else {
        return false;
    };
    match first_of(source, message, &numbers, 1) {
        // Its first field is a text in a graph of nodes, and another message here.
        Some(information) => {
            first_of(source, information, &[1, 2, 3, 4, 5, 6, 7, 8], 5).is_some()
                || is_graph_in(source, graph)
        }
        None => is_graph_in(source, graph),
    }
}

/// TensorFlow messages start with a field of a message, or with the version of the schema.
fn may_be(probe: &Probe<'_>) -> bool {
    matches!(probe.head, [0x08 | 0x0a | 0x12 | 0x18 | 0x22, _, ..])
}

fn is_saved_model(probe: &Probe<'_>) -> Likeness {
    if !may_be(probe) {
        return Likeness::No;
    }
    let whole = sound(probe.source, is_of_saved_model);
    let graph = first_of(probe.source, whole, &[1, 2], 2);
    match graph {
        Some(graph) if is_meta_graph_in(probe.source, graph) && !is_node(probe.source, whole) => {
            let (fields, _) = outline(probe.source, whole.range(), MOST);
            let version = fields.iter().filter(|field| field.number == 1);
            if version
                .clone()
                .all(|field| matches!(field.value, Value::Varint(_)))
            {
                Likeness::Certain
            } else {
                Likeness::No
            }
        }
        Some(_) => Likeness::No,
        None => cut_off(probe),
    }
}

/// The start of a saved model whose end is missing.
fn cut_off(probe: &Probe<'_>) -> Likeness {
    if !matches!(probe.head, [0x08, 1, 0x12, ..]) {
        return Likeness::No;
    }
    match outline(probe.source, 0..probe.size, 2) {
        (fields, Outline::Broken) if fields.len() == 1 => Likeness::Possible,
        _ => Likeness::No,
    }
}

fn is_meta_graph(probe: &Probe<'_>) -> Likeness {
    if !may_be(probe) {
        return Likeness::No;
    }
    let whole = sound(probe.source, is_of_meta_graph);
    if !is_node(probe.source, whole) && is_meta_graph_in(probe.source, whole) {
        let first = first_of(probe.source, whole, &[1, 2, 3, 4, 5, 6, 7], 1);
        // A graph has nodes where a meta graph has what is said of it.
        if first.is_none_or(|first| !is_node(probe.source, first)) {
            return Likeness::Certain;
        }
    }
    Likeness::No
}

fn is_graph(probe: &Probe<'_>) -> Likeness {
    if may_be(probe) && is_graph_in(probe.source, sound(probe.source, is_of_graph)) {
        return Likeness::Certain;
    }
    Likeness::No
}

/// True if bytes are a graph, for constants that hold one.
pub(crate) fn holds_graph(bytes: &[u8]) -> bool {
    matches!(bytes, [0x0a | 0x12, ..]) && {
        let whole = Message::new(0..bytes.len() as u64);
        is_graph_in(&bytes, whole) && outline(&bytes, whole.range(), MOST).1 == Outline::Whole
    }
}

fn is_keras_metadata(probe: &Probe<'_>) -> Likeness {
    let whole = Message::new(0..probe.size);
    let node = matches!(probe.head, [0x0a, ..])
        .then(|| first_of(probe.source, whole, &[1], 1))
        .flatten();
    let identifier = node.and_then(|node| first_of(probe.source, node, &[2, 3, 4, 5, 6], 4));
    let Some(identifier) = identifier else {
        return Likeness::No;
    };
    let mut start = [0; 4];
    if identifier.len() >= 4
        && probe.source.read_at(identifier.start(), &mut start).is_ok()
        && start == *b"_tf_"
    {
        return Likeness::Certain;
    }
    Likeness::No
}

/// Judges an operator that another format names.
pub(crate) fn judge_operator(visit: &mut crate::visit::Visit<'_>, name: &str) {
    let node = operator::Node {
        operator: name.to_owned(),
        ..operator::Node::default()
    };
    operator::judge(visit, &node, operator::Scope::Function, &(0..0));
    if !operator::is_known(name) {
        operator::report_unknown(visit, name, None);
    }
}
