//! The messages of a model, from the outside in.

use bonafide_core::excerpt;

use crate::onnx::function::Functions;
use crate::onnx::operator::{self, Operators};
use crate::onnx::rules;
use crate::onnx::tensor::External;
use crate::protobuf::{ENTRY, Kind, Message, Schema, Value, Wire};
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

static DIMENSION: Schema = Schema(&[(1, Kind::Number), (2, Kind::Text), (3, Kind::Text)]);
static SHAPE: Schema = Schema(&[(1, Kind::Message(&DIMENSION))]);
static TENSOR_TYPE: Schema = Schema(&[(1, Kind::Number), (2, Kind::Message(&SHAPE))]);
static SEQUENCE_TYPE: Schema = Schema(&[(1, Kind::Message(&TYPE))]);
static MAP_TYPE: Schema = Schema(&[(1, Kind::Number), (2, Kind::Message(&TYPE))]);
static OPAQUE_TYPE: Schema = Schema(&[(1, Kind::Text), (2, Kind::Text)]);
pub(crate) static TYPE: Schema = Schema(&[
    (1, Kind::Message(&TENSOR_TYPE)),
    (4, Kind::Message(&SEQUENCE_TYPE)),
    (5, Kind::Message(&MAP_TYPE)),
    (6, Kind::Text),
    (7, Kind::Message(&OPAQUE_TYPE)),
    (8, Kind::Message(&TENSOR_TYPE)),
    (9, Kind::Message(&SEQUENCE_TYPE)),
]);
static VALUE: Schema = Schema(&[
    (1, Kind::Text),
    (2, Kind::Message(&TYPE)),
    (3, Kind::Text),
    (4, Kind::Message(&ENTRY)),
]);
static QUANTIZATION: Schema = Schema(&[(1, Kind::Text), (2, Kind::Message(&ENTRY))]);
static DEVICES: Schema = Schema(&[(1, Kind::Text), (2, Kind::Number), (3, Kind::Text)]);
static SIMPLE_SHARD: Schema = Schema(&[(1, Kind::Number), (2, Kind::Text), (3, Kind::Number)]);
static SHARD_AXIS: Schema = Schema(&[(1, Kind::Number), (2, Kind::Message(&SIMPLE_SHARD))]);
static NUMBER_ENTRY: Schema = Schema(&[(1, Kind::Number), (2, Kind::Number)]);
static SHARDING: Schema = Schema(&[
    (1, Kind::Text),
    (2, Kind::Number),
    (3, Kind::Message(&NUMBER_ENTRY)),
    (4, Kind::Message(&SHARD_AXIS)),
]);
static PLACEMENT: Schema = Schema(&[
    (1, Kind::Text),
    (2, Kind::Message(&SHARDING)),
    (3, Kind::Number),
]);

/// A model, being read.
pub(crate) struct Model<'r, 'v> {
    pub(crate) wire: Wire<'r, 'v>,
    pub(crate) operators: Operators,
    pub(crate) functions: Functions,
    pub(crate) external: External,
    pub(crate) content: Examiner,
}

/// Reads the whole body as a model.
pub(crate) fn read(visit: &mut Visit<'_>) -> Result<(), Stop> {
    whole(visit, |model, message| model.model(message))
}

/// Reads the whole body as one tensor.
pub(crate) fn read_tensor(visit: &mut Visit<'_>) -> Result<(), Stop> {
    whole(visit, |model, message| model.tensor(message))
}

fn whole(
    visit: &mut Visit<'_>,
    read: fn(&mut Model<'_, '_>, Message) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (wire, message) = Wire::new(visit);
    let mut model = Model {
        wire,
        operators: Operators::default(),
        functions: Functions::default(),
        external: External::default(),
        content: Examiner::default(),
    };
    let ended = read(&mut model, message);
    model.wire.settle();
    // What depends on the whole is told also of a model that is broken.
    let Model {
        wire,
        operators,
        functions,
        external,
        ..
    } = model;
    functions.conclude(wire.visit);
    operators.conclude(wire.visit, &functions);
    external.conclude(wire.visit);
    ended
}

/// A bit for each field that a message has once.
pub(crate) const fn once(numbers: &[u32]) -> u64 {
    let mut bits = 0;
    let mut index = 0;
    while index < numbers.len() {
        #[expect(clippy::indexing_slicing, reason = "the loop is within the length")]
        {
            bits |= 1 << numbers[index];
        }
        index += 1;
    }
    bits
}

impl Model<'_, '_> {
    fn model(&mut self, mut message: Message) -> Result<(), Stop> {
        let mut producer = String::new();
        while let Some(field) = self
            .wire
            .next_of(&mut message, const { once(&[1, 2, 3, 4, 5, 6, 7]) })?
        {
            match (field.number, field.value) {
                (1, Value::Varint(version)) => self.state("onnx.ir-version", &version.to_string()),
                (2, Value::Bytes(content)) => {
                    producer = self.wire.text(content)?;
                    self.wire.visit.facts().add_producer(&producer);
                }
                (3, Value::Bytes(content)) => {
                    let version = self.wire.text(content)?;
                    if !version.is_empty() {
                        let whole = format!("{producer} {version}");
                        self.wire.visit.facts().add_producer(whole.trim());
                    }
                }
                (4, Value::Bytes(content)) => {
                    let domain = self.wire.text(content)?;
                    self.state("onnx.domain", &domain);
                }
                (5, Value::Varint(_)) => {}
                (6, Value::Bytes(content)) => self.wire.constant(content)?,
                (7, Value::Bytes(content)) => self.graph(content, operator::Place::Graph)?,
                (8, Value::Bytes(content)) => self.operator_set(content)?,
                (14, Value::Bytes(content)) => {
                    self.wire.visit.work(1)?;
                    self.metadata(content)?;
                }
                (20, Value::Bytes(content)) => self.training(content)?,
                (25, Value::Bytes(content)) => self.function(content)?,
                (26, Value::Bytes(content)) => self.wire.plain(content, &DEVICES)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    /// A key and its value, which is whatever the writer put there.
    fn metadata(&mut self, mut message: Message) -> Result<(), Stop> {
        let (mut key, mut value) = (String::new(), String::new());
        while let Some(field) = self.wire.next_of(&mut message, const { once(&[1, 2]) })? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => key = self.wire.text(content)?,
                (2, Value::Bytes(content)) => {
                    value = self.wire.text(content)?;
                    self.wire.constant(content)?;
                }
                _ => self.wire.unknown(field),
            }
        }
        self.state(&key, &value);
        Ok(())
    }

    fn state(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.wire.visit.facts().add_metadata(key, value);
        }
    }

    fn operator_set(&mut self, mut message: Message) -> Result<(), Stop> {
        let (mut domain, mut version) = (String::new(), 0);
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => domain = self.wire.text(content)?,
                (2, Value::Varint(number)) => version = number,
                _ => self.wire.unknown(field),
            }
        }
        let domain = if domain.is_empty() {
            "ai.onnx"
        } else {
            &domain
        };
        let key = format!("onnx.opset.{}", excerpt(domain, 80));
        self.state(&key, &version.to_string());
        Ok(())
    }

    fn training(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, const { once(&[1, 2]) })? {
            match (field.number, field.value) {
                (1 | 2, Value::Bytes(content)) => self.graph(content, operator::Place::Graph)?,
                (3 | 4, Value::Bytes(content)) => self.wire.plain(content, &ENTRY)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    pub(crate) fn graph(
        &mut self,
        mut message: Message,
        place: operator::Place,
    ) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, const { once(&[2, 10]) })? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.node(content, place)?,
                (2, Value::Bytes(content)) => self.wire.claim(content.range()),
                (5, Value::Bytes(content)) => self.tensor(content)?,
                (10, Value::Bytes(content)) => self.wire.constant(content)?,
                (11..=13, Value::Bytes(content)) => self.wire.plain(content, &VALUE)?,
                (14, Value::Bytes(content)) => self.wire.plain(content, &QUANTIZATION)?,
                (15, Value::Bytes(content)) => self.sparse_tensor(content)?,
                (16, Value::Bytes(content)) => self.wire.plain(content, &ENTRY)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    /// A node. Its attributes may come before the name of its operator.
    fn node(&mut self, mut message: Message, place: operator::Place) -> Result<(), Stop> {
        self.wire.visit.work(1)?;
        let whole = message.range();
        let (mut operator, mut domain) = (String::new(), String::new());
        let mut node = operator::Node::default();
        while let Some(field) = self
            .wire
            .next_of(&mut message, const { once(&[3, 4, 6, 7, 8]) })?
        {
            match (field.number, field.value) {
                (1 | 2 | 3 | 8, Value::Bytes(content)) => self.wire.claim(content.range()),
                (4, Value::Bytes(content)) => operator = self.wire.text(content)?,
                (5, Value::Bytes(content)) => self.attribute(content, place, &mut node)?,
                (6, Value::Bytes(content)) => self.wire.constant(content)?,
                (7, Value::Bytes(content)) => domain = self.wire.text(content)?,
                (9, Value::Bytes(content)) => self.wire.plain(content, &ENTRY)?,
                (10, Value::Bytes(content)) => self.wire.plain(content, &PLACEMENT)?,
                _ => self.wire.unknown(field),
            }
        }
        node.operator = operator;
        node.domain = domain;
        if let operator::Place::Function(index) = place {
            self.functions.call(index, &node);
        }
        self.operators.add(self.wire.visit, &node, whole);
        Ok(())
    }

    fn function(&mut self, mut message: Message) -> Result<(), Stop> {
        let whole = message.range();
        let index = self.functions.open(whole.clone());
        let (mut name, mut domain) = (String::new(), String::new());
        let mut node = operator::Node::default();
        while let Some(field) = self
            .wire
            .next_of(&mut message, const { once(&[1, 8, 10, 13]) })?
        {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => name = self.wire.text(content)?,
                (4..=6 | 13, Value::Bytes(content)) => self.wire.claim(content.range()),
                (7, Value::Bytes(content)) => {
                    self.node(content, operator::Place::Function(index))?;
                }
                (8, Value::Bytes(content)) => self.wire.constant(content)?,
                (9, Value::Bytes(content)) => self.operator_set(content)?,
                (10, Value::Bytes(content)) => domain = self.wire.text(content)?,
                (11, Value::Bytes(content)) => {
                    self.attribute(content, operator::Place::Function(index), &mut node)?;
                }
                (12, Value::Bytes(content)) => self.wire.plain(content, &VALUE)?,
                (14, Value::Bytes(content)) => self.wire.plain(content, &ENTRY)?,
                _ => self.wire.unknown(field),
            }
        }
        if operator::is_standard(&domain) {
            let shown = excerpt(&name, 80);
            let text = format!("the model has its own `{shown}` in the standard domain");
            self.wire
                .visit
                .report_about(&rules::FUNCTION_SHADOW, Some(whole), &name, text);
        }
        self.functions.close(index, &domain, &name);
        Ok(())
    }
}
