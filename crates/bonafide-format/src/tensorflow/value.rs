//! Attributes of nodes, and tensors.

use bonafide_core::excerpt;

use crate::facts::Tensor;
use crate::protobuf::{Kind, Message, Schema, Value};
use crate::stop::Stop;
use crate::tensorflow::graph::Graph;
use crate::tensorflow::operator::Node;
use crate::tensorflow::rules;

static DIMENSION: Schema = Schema(&[(1, Kind::Number), (2, Kind::Text)]);
pub(crate) static SHAPE: Schema = Schema(&[(2, Kind::Message(&DIMENSION)), (3, Kind::Number)]);

/// Longest text of an attribute that rules look at, and most of them.
const LONGEST: u64 = 1024;
const MOST: usize = 64;

/// Shortest constant that can be a graph with something in it.
const SHORTEST_GRAPH: u64 = 24;

/// Names and sizes in bytes, by the number of the type.
pub(crate) const TYPES: &[(&str, u64)] = &[
    ("invalid", 0),
    ("float32", 4),
    ("float64", 8),
    ("int32", 4),
    ("uint8", 1),
    ("int16", 2),
    ("int8", 1),
    ("string", 0),
    ("complex64", 8),
    ("int64", 8),
    ("bool", 1),
    ("qint8", 1),
    ("quint8", 1),
    ("qint32", 4),
    ("bfloat16", 2),
    ("qint16", 2),
    ("quint16", 2),
    ("uint16", 2),
    ("complex128", 16),
    ("float16", 2),
    ("resource", 0),
    ("variant", 0),
    ("uint32", 4),
    ("uint64", 8),
];

impl Graph<'_, '_> {
    /// An entry of a map of attributes.
    pub(crate) fn attribute(
        &mut self,
        mut message: Message,
        mut node: Option<&mut Node>,
    ) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, 0b110)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.wire.claim(content.range()),
                (2, Value::Bytes(content)) => self.value(content, node.as_deref_mut())?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn value(&mut self, mut message: Message, mut node: Option<&mut Node>) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.list(content, node.as_deref_mut())?,
                (2, Value::Bytes(content)) => self.text(content, node.as_deref_mut())?,
                (3 | 5 | 6, Value::Varint(_)) | (4, Value::Fixed32(_)) => {}
                (7, Value::Bytes(content)) => self.wire.plain(content, &SHAPE)?,
                (8, Value::Bytes(content)) => self.tensor(content, node.as_deref_mut())?,
                (9, Value::Bytes(content)) => self.wire.claim(content.range()),
                (10, Value::Bytes(content)) => self.function_name(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn list(&mut self, mut message: Message, mut node: Option<&mut Node>) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (2, Value::Bytes(content)) => self.text(content, node.as_deref_mut())?,
                (3..=6, Value::Bytes(content)) => self.wire.data(content),
                (3 | 5 | 6, Value::Varint(_)) | (4, Value::Fixed32(_)) => {}
                (7, Value::Bytes(content)) => self.wire.plain(content, &SHAPE)?,
                (8, Value::Bytes(content)) => self.tensor(content, node.as_deref_mut())?,
                (9, Value::Bytes(content)) => self.function_name(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    /// A function that is called, with attributes of its own.
    fn function_name(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, 0b10)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.wire.claim(content.range()),
                (2, Value::Bytes(content)) => self.attribute(content, None)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    /// A text, which may be a path, a program or a graph.
    fn text(&mut self, content: Message, node: Option<&mut Node>) -> Result<(), Stop> {
        if let Some(node) = node
            && node.texts.len() < MOST
        {
            let bytes = self.wire.bytes(content, LONGEST)?;
            node.texts.push(String::from_utf8_lossy(bytes).into_owned());
        }
        if content.len() >= SHORTEST_GRAPH {
            let bytes = self.wire.bytes(content, 32 << 20)?.to_vec();
            if super::holds_graph(&bytes) {
                let at = content.range();
                let text = format!("a constant of {} bytes is a graph", content.len());
                self.wire
                    .visit
                    .report(&rules::NESTED_GRAPH, Some(at.clone()), text);
                self.wire.claim(at.clone());
                self.wire.visit.part(&format!("graph at {}", at.start), at);
                return Ok(());
            }
        }
        self.wire.constant(content)
    }

    pub(crate) fn tensor(
        &mut self,
        mut message: Message,
        mut node: Option<&mut Node>,
    ) -> Result<(), Stop> {
        let at = message.range();
        let mut kind = 0;
        let mut shape = Vec::new();
        let mut raw = None;
        let mut numbers = 0_u64;
        let mut texts = 0_u64;
        while let Some(field) = self.wire.next_of(&mut message, 0b11110)? {
            match (field.number, field.value) {
                (1, Value::Varint(number)) => kind = number,
                (2, Value::Bytes(content)) => shape = self.shape(content)?,
                (4, Value::Bytes(content)) => {
                    self.wire.data(content);
                    let name = node.as_ref().map_or("", |node| node.name.as_str());
                    self.content.examine(self.wire.visit, name, content.range());
                    raw = Some(content.len());
                }
                (8, Value::Bytes(content)) => {
                    texts += 1;
                    self.text(content, node.as_deref_mut())?;
                }
                (14, Value::Bytes(content)) => self.wire.opaque(content)?,
                (15, Value::Bytes(content)) => self.variant(content)?,
                (5..=7 | 9..=13 | 16..=17, Value::Bytes(content)) => {
                    numbers = numbers.saturating_add(content.len());
                    self.wire.data(content);
                }
                (18, Value::Bytes(content)) => self.wire.data(content),
                (3 | 5..=7 | 9..=13 | 16..=17, value) if !matches!(value, Value::Bytes(_)) => {}
                _ => self.wire.unknown(field),
            }
        }
        let known = usize::try_from(kind).ok().and_then(|kind| TYPES.get(kind));
        let elements = shape
            .iter()
            .try_fold(1_u64, |product, length| product.checked_mul(*length));
        let wanted = match (known, elements) {
            (Some((_, bytes @ 1..)), Some(elements)) => elements.checked_mul(*bytes),
            _ => None,
        };
        let name = node.map_or_else(String::new, |node| node.name.clone());
        if let (Some(raw), Some(wanted)) = (raw, wanted)
            && raw != wanted
            && raw > 0
        {
            let name = excerpt(&name, 80);
            let text = format!("tensor of `{name}`: {raw} bytes for a shape that takes {wanted}");
            self.wire.visit.report(&rules::TENSOR_SIZE, Some(at), text);
        } else if elements.is_some_and(|elements| texts > elements) {
            let text = format!("{texts} texts in a tensor with a shape for fewer");
            self.wire.visit.report(&rules::TENSOR_SIZE, Some(at), text);
        }
        let dtype = known.map_or_else(|| format!("type {kind}"), |known| known.0.to_owned());
        self.wire.visit.tensor(Tensor {
            name,
            dtype,
            shape,
            place: None,
        });
        Ok(())
    }

    pub(crate) fn shape(&mut self, mut message: Message) -> Result<Vec<u64>, Stop> {
        let mut shape = Vec::new();
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (2, Value::Bytes(content)) => {
                    let mut dimension = content;
                    let mut length = 0;
                    while let Some(field) = self.wire.next(&mut dimension)? {
                        match (field.number, field.value) {
                            (1, Value::Varint(number)) => length = number,
                            (2, Value::Bytes(content)) => self.wire.claim(content.range()),
                            _ => self.wire.unknown(field),
                        }
                    }
                    if shape.len() < MOST {
                        shape.push(length);
                    }
                }
                (3, Value::Varint(_)) => {}
                _ => self.wire.unknown(field),
            }
        }
        Ok(shape)
    }

    /// A value of a type of its own: its name, what it keeps, and tensors.
    fn variant(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.wire.claim(content.range()),
                (2, Value::Bytes(content)) => self.text(content, None)?,
                (3, Value::Bytes(content)) => self.tensor(content, None)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }
}
