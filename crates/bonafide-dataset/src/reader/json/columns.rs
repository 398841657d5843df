//! Which columns the records of a JSON file have, and of which types.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::super::JSON_TEXT;
use super::text::{Value, write_canonical};

/// What kinds of values a column has. Null is in none of them.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    boolean: bool,
    whole: bool,
    /// A whole number that a `f64` does not hold.
    precise: bool,
    large: bool,
    number: bool,
    text: bool,
    nested: bool,
}

/// Whole numbers up to here are the same as `f64`.
const EXACT: u64 = 1 << 53;

impl Seen {
    fn add(&mut self, value: &Value<'_>) {
        match value {
            Value::Null => {}
            Value::Boolean(_) => self.boolean = true,
            Value::Whole(number) => {
                self.whole = true;
                self.precise |= number.unsigned_abs() > EXACT;
            }
            Value::Large(_) => self.large = true,
            Value::Number(_) => self.number = true,
            Value::Text(_) => self.text = true,
            Value::Nested(_) => self.nested = true,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self { large: true, .. } | Self { nested: true, .. } => Kind::Json,
            Self {
                boolean: false,
                whole: false,
                number: false,
                ..
            } => Kind::Text,
            Self {
                boolean: true,
                whole: false,
                number: false,
                text: false,
                ..
            } => Kind::Boolean,
            Self {
                boolean: false,
                whole: true,
                number: false,
                text: false,
                ..
            } => Kind::Whole,
            Self {
                boolean: false,
                number: true,
                text: false,
                precise: false,
                ..
            } => Kind::Number,
            _ => Kind::Json,
        }
    }
}

/// How a column is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Whole,
    Number,
    Text,
    /// Canonical JSON of every value.
    Json,
}

/// The columns in the order in which they were first seen.
#[derive(Debug, Default)]
pub(super) struct Names {
    positions: HashMap<String, usize>,
    names: Vec<String>,
    seen: Vec<Seen>,
    bytes: u64,
}

impl Names {
    /// Where the column of a name is. `guess` is where it would be if records had their
    /// members in the same order.
    pub(super) fn position(&self, name: &str, guess: usize) -> Option<usize> {
        match self.names.get(guess) {
            Some(guessed) if guessed == name => Some(guess),
            _ => self.positions.get(name).copied(),
        }
    }

    /// The same, making a column if there is none.
    pub(super) fn add(&mut self, name: &str, guess: usize, value: &Value<'_>) -> usize {
        let position = self.position(name, guess).unwrap_or_else(|| {
            let position = self.names.len();
            self.positions.insert(name.to_owned(), position);
            self.names.push(name.to_owned());
            self.seen.push(Seen::default());
            self.bytes += name.len() as u64;
            position
        });
        if let Some(seen) = self.seen.get_mut(position) {
            seen.add(value);
        }
        position
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Bytes of all names.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn kinds(&self) -> Vec<Kind> {
        self.seen.iter().map(|seen| seen.kind()).collect()
    }

    pub(super) fn schema(&self) -> SchemaRef {
        let fields = self.names.iter().zip(self.kinds()).map(|(name, kind)| {
            let stored = match kind {
                Kind::Boolean => DataType::Boolean,
                Kind::Whole => DataType::Int64,
                Kind::Number => DataType::Float64,
                Kind::Text | Kind::Json => DataType::Utf8,
            };
            let field = Field::new(name, stored, true);
            match kind {
                Kind::Json => {
                    let flag = (JSON_TEXT.to_owned(), "true".to_owned());
                    field.with_metadata(HashMap::from([flag]))
                }
                _ => field,
            }
        });
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }
}

/// Values of one column as they come.
pub(super) enum Builder {
    Boolean(BooleanBuilder),
    Whole(Int64Builder),
    Number(Float64Builder),
    Text(StringBuilder),
    Json(StringBuilder, String),
}

impl Builder {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Json => Self::Json(StringBuilder::new(), String::new()),
        }
    }

    pub(super) fn null(&mut self) {
        match self {
            Self::Boolean(builder) => builder.append_null(),
            Self::Whole(builder) => builder.append_null(),
            Self::Number(builder) => builder.append_null(),
            Self::Text(builder) | Self::Json(builder, _) => builder.append_null(),
        }
    }

    /// False if the value is of another type, which only a file that changed can have.
    pub(super) fn add(&mut self, value: &Value<'_>) -> bool {
        match (self, value) {
            (builder, Value::Null) => builder.null(),
            (Self::Boolean(builder), Value::Boolean(value)) => builder.append_value(*value),
            (Self::Whole(builder), Value::Whole(value)) => builder.append_value(*value),
            (Self::Number(builder), Value::Number(value)) => builder.append_value(*value),
            (Self::Number(builder), Value::Whole(value)) => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a column with whole numbers above 2^53 is no column of floats"
                )]
                builder.append_value(*value as f64);
            }
            (Self::Text(builder), Value::Text(value)) => builder.append_value(value),
            (Self::Json(builder, text), value) => {
                text.clear();
                write_canonical(value, text);
                builder.append_value(text);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Whole(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
            Self::Text(builder) | Self::Json(builder, _) => Arc::new(builder.finish()),
        }
    }
}
