//! Values out of a column, whatever way Arrow stores them.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{AnyDictionaryArray, Array, ArrayRef};
use arrow_schema::DataType;

/// A column whose values can be had as text: text itself, and numbers and truth values in
/// the one way in which they are written here.
#[derive(Debug)]
pub struct TextColumn<'a> {
    keys: Option<Keys<'a>>,
    values: Values<'a>,
}

/// Positions of a dictionary, one for each record.
#[derive(Debug)]
struct Keys<'a> {
    dictionary: &'a dyn AnyDictionaryArray,
    keys: Vec<usize>,
}

#[derive(Debug)]
enum Values<'a> {
    Utf8(&'a arrow_array::StringArray),
    LargeUtf8(&'a arrow_array::LargeStringArray),
    Utf8View(&'a arrow_array::StringViewArray),
    Boolean(&'a arrow_array::BooleanArray),
    Number(&'a ArrayRef),
}

/// True if [`TextColumn::of`] takes columns of this type.
#[must_use]
pub fn is_textual(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_textual(values),
        DataType::Boolean => true,
        kind => is_text(kind) || is_number(kind),
    }
}

/// True for text itself.
#[must_use]
pub fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        _ => false,
    }
}

/// True for whole numbers and floating-point numbers.
#[must_use]
pub fn is_number(kind: &DataType) -> bool {
    kind.is_integer() || kind.is_floating()
}

impl<'a> TextColumn<'a> {
    /// The column, if its values are text, numbers or truth values.
    #[must_use]
    pub fn of(column: &'a ArrayRef) -> Option<Self> {
        if let Some(dictionary) = column.as_any_dictionary_opt() {
            let keys = Keys {
                // An empty dictionary has no keys that stand for anything.
                keys: match dictionary.values().is_empty() {
                    true => vec![0; dictionary.len()],
                    false => dictionary.normalized_keys(),
                },
                dictionary,
            };
            return Some(Self {
                keys: Some(keys),
                values: Values::of(dictionary.values())?,
            });
        }
        Some(Self {
            keys: None,
            values: Values::of(column)?,
        })
    }

    /// The value at `index`; none if it is null or there is no such record.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Cow<'a, str>> {
        match &self.keys {
            None => self.values.get(index),
            Some(keys) if keys.dictionary.is_valid_at(index) => {
                self.values.get(*keys.keys.get(index)?)
            }
            Some(_) => None,
        }
    }
}

/// Null or beyond the end, without a panic.
trait ValidAt {
    fn is_valid_at(&self, index: usize) -> bool;
}

impl<A: Array + ?Sized> ValidAt for A {
    fn is_valid_at(&self, index: usize) -> bool {
        index < self.len() && self.is_valid(index)
    }
}

impl<'a> Values<'a> {
    fn of(column: &'a ArrayRef) -> Option<Self> {
        match column.data_type() {
            DataType::Utf8 => Some(Self::Utf8(column.as_string())),
            DataType::LargeUtf8 => Some(Self::LargeUtf8(column.as_string())),
            DataType::Utf8View => Some(Self::Utf8View(column.as_string_view())),
            DataType::Boolean => Some(Self::Boolean(column.as_boolean())),
            kind if is_number(kind) => Some(Self::Number(column)),
            _ => None,
        }
    }

    fn get(&self, index: usize) -> Option<Cow<'a, str>> {
        match self {
            Self::Utf8(array) => array
                .is_valid_at(index)
                .then(|| Cow::Borrowed(array.value(index))),
            Self::LargeUtf8(array) => array
                .is_valid_at(index)
                .then(|| Cow::Borrowed(array.value(index))),
            Self::Utf8View(array) => array
                .is_valid_at(index)
                .then(|| Cow::Borrowed(array.value(index))),
            Self::Boolean(array) => array.is_valid_at(index).then(|| {
                Cow::Borrowed(match array.value(index) {
                    true => "true",
                    false => "false",
                })
            }),
            Self::Number(array) => match whole_number(array, index) {
                Some(number) => Some(Cow::Owned(number.to_string())),
                None => number(array, index).map(|number| Cow::Owned(written(number))),
            },
        }
    }
}

/// As ECMAScript writes it; what is not finite by its name.
fn written(number: f64) -> String {
    match number {
        number if number.is_nan() => "NaN".to_owned(),
        number if number == f64::INFINITY => "Infinity".to_owned(),
        number if number == f64::NEG_INFINITY => "-Infinity".to_owned(),
        number => ryu_js::Buffer::new().format_finite(number).to_owned(),
    }
}

/// A whole number; none if the column holds no whole numbers, or null.
#[must_use]
pub fn whole_number(column: &ArrayRef, index: usize) -> Option<i128> {
    macro_rules! value {
        ($kind:ty) => {
            Some(i128::from(column.as_primitive::<$kind>().value(index)))
        };
    }
    if !column.is_valid_at(index) {
        return None;
    }
    match column.data_type() {
        DataType::Int8 => value!(Int8Type),
        DataType::Int16 => value!(Int16Type),
        DataType::Int32 => value!(Int32Type),
        DataType::Int64 => value!(Int64Type),
        DataType::UInt8 => value!(UInt8Type),
        DataType::UInt16 => value!(UInt16Type),
        DataType::UInt32 => value!(UInt32Type),
        DataType::UInt64 => value!(UInt64Type),
        _ => None,
    }
}

/// Any number; none if the column holds no numbers, or null. May be `NaN`.
#[must_use]
pub fn number(column: &ArrayRef, index: usize) -> Option<f64> {
    if !column.is_valid_at(index) {
        return None;
    }
    match column.data_type() {
        DataType::Float16 => Some(f64::from(column.as_primitive::<Float16Type>().value(index))),
        DataType::Float32 => Some(f64::from(column.as_primitive::<Float32Type>().value(index))),
        DataType::Float64 => Some(column.as_primitive::<Float64Type>().value(index)),
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers above 2^53 are rounded as every reader of floats does"
        )]
        _ => whole_number(column, index).map(|number| number as f64),
    }
}
