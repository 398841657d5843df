//! Attributes of nodes: numbers, texts, tensors, and whole graphs.

use crate::onnx::model::{Model, TYPE, once};
use crate::onnx::operator::{Node, Place};
use crate::protobuf::{Message, Value};
use crate::stop::Stop;

/// Longest text of an attribute that a rule looks at.
const LONGEST: u64 = 1024;

impl Model<'_, '_> {
    pub(crate) fn attribute(
        &mut self,
        mut message: Message,
        place: Place,
        node: &mut Node,
    ) -> Result<(), Stop> {
        let mut name = String::new();
        let mut text = None;
        let mut number = None;
        while let Some(field) = self.wire.next_of(
            &mut message,
            const { once(&[1, 2, 3, 4, 5, 6, 13, 14, 20, 21, 22]) },
        )? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => name = self.wire.text(content)?,
                (2, Value::Fixed32(_)) | (20, Value::Varint(_)) => {}
                (3, Value::Varint(value)) => number = Some(value),
                (4, Value::Bytes(content)) => {
                    self.wire.constant(content)?;
                    let bytes = self.wire.bytes(content, LONGEST)?;
                    text = Some(String::from_utf8_lossy(bytes).into_owned());
                }
                (5 | 10, Value::Bytes(content)) => self.tensor(content)?,
                (6 | 11, Value::Bytes(content)) => {
                    node.graphs += 1;
                    self.graph(content, place)?;
                }
                (7 | 8, Value::Bytes(content)) => self.wire.data(content),
                (7, Value::Fixed32(_)) | (8, Value::Varint(_)) => {}
                (9 | 13, Value::Bytes(content)) => self.wire.constant(content)?,
                (14 | 15, Value::Bytes(content)) => self.wire.plain(content, &TYPE)?,
                (21, Value::Bytes(content)) => self.wire.claim(content.range()),
                (22 | 23, Value::Bytes(content)) => self.sparse_tensor(content)?,
                _ => self.wire.unknown(field),
            }
        }
        match name.as_str() {
            "ep_cache_context" => node.context = text,
            "embed_mode" => node.embedded = number,
            _ => {}
        }
        Ok(())
    }
}
