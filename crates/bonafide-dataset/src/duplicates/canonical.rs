//! Values of a record as bytes, so that two are equal if and only if the bytes are.
//!
//! What is the same value counts as the same, whatever way a shard stores it: text with
//! short or long offsets or as positions in a dictionary, whole numbers of any width, a
//! float that is whole. Every value begins with a byte that says what it is, and whatever
//! may be longer or shorter is preceded by its length.

use arrow_array::cast::AsArray;
use arrow_array::{AnyDictionaryArray, Array, ArrayRef};
use arrow_cast::display::{ArrayFormatter, DurationFormat, FormatOptions};
use arrow_schema::{ArrowError, DataType};

use crate::column::{is_number, is_text, number, whole_number};
use crate::{DatasetError, TextColumn};

/// Values nested deeper than this are not compared.
const DEPTH: usize = 64;

/// How what has no form of its own is written. Never as an error in the text.
const WRITTEN: FormatOptions<'static> = FormatOptions::new()
    .with_display_error(false)
    .with_duration_format(DurationFormat::ISO8601);

/// A column whose values can be written as bytes.
pub(crate) enum Values<'a> {
    Text(TextColumn<'a>),
    Bytes(Box<dyn Fn(usize) -> &'a [u8] + 'a>, &'a ArrayRef),
    Boolean(&'a arrow_array::BooleanArray),
    Number(&'a ArrayRef),
    List(Items<'a>, Box<Values<'a>>),
    Struct(&'a arrow_array::StructArray, Vec<(&'a str, Values<'a>)>),
    Dictionary(&'a dyn AnyDictionaryArray, Vec<usize>, Box<Values<'a>>),
    Other(&'a ArrayRef, ArrayFormatter<'a>),
    Null,
}

/// Where the items of each list are.
pub(crate) enum Items<'a> {
    Short(&'a arrow_array::ListArray),
    Long(&'a arrow_array::LargeListArray),
    Fixed(&'a arrow_array::FixedSizeListArray),
    Map(&'a arrow_array::MapArray),
}

impl<'a> Values<'a> {
    pub(crate) fn of(column: &'a ArrayRef) -> Result<Self, DatasetError> {
        Self::nested(column, 0)
    }

    fn nested(column: &'a ArrayRef, depth: usize) -> Result<Self, DatasetError> {
        if depth > DEPTH {
            return Err(refused(format!("a value is nested deeper than {DEPTH}")));
        }
        let inner = |column: &'a ArrayRef| Self::nested(column, depth + 1).map(Box::new);
        Ok(match column.data_type() {
            DataType::Null => Self::Null,
            kind if is_text(kind) => match TextColumn::of(column) {
                Some(text) => Self::Text(text),
                None => Self::Null,
            },
            DataType::Boolean => Self::Boolean(column.as_boolean()),
            kind if is_number(kind) => Self::Number(column),
            DataType::Binary => {
                let array = column.as_binary::<i32>();
                Self::Bytes(Box::new(|index| array.value(index)), column)
            }
            DataType::LargeBinary => {
                let array = column.as_binary::<i64>();
                Self::Bytes(Box::new(|index| array.value(index)), column)
            }
            DataType::BinaryView => {
                let array = column.as_binary_view();
                Self::Bytes(Box::new(|index| array.value(index)), column)
            }
            DataType::FixedSizeBinary(_) => {
                let array = column.as_fixed_size_binary();
                Self::Bytes(Box::new(|index| array.value(index)), column)
            }
            DataType::List(_) => {
                let array = column.as_list::<i32>();
                Self::List(Items::Short(array), inner(array.values())?)
            }
            DataType::LargeList(_) => {
                let array = column.as_list::<i64>();
                Self::List(Items::Long(array), inner(array.values())?)
            }
            DataType::FixedSizeList(..) => {
                let array = column.as_fixed_size_list();
                Self::List(Items::Fixed(array), inner(array.values())?)
            }
            DataType::Map(..) => {
                let array = column.as_map();
                let entries = array.entries();
                let fields = Self::fields(entries, depth)?;
                Self::List(Items::Map(array), Box::new(Self::Struct(entries, fields)))
            }
            DataType::Struct(_) => {
                let array = column.as_struct();
                Self::Struct(array, Self::fields(array, depth)?)
            }
            DataType::Dictionary(..) => match column.as_any_dictionary_opt() {
                Some(array) if !array.values().is_empty() => {
                    Self::Dictionary(array, array.normalized_keys(), inner(array.values())?)
                }
                _ => Self::Null,
            },
            _ => Self::Other(
                column,
                ArrayFormatter::try_new(column.as_ref(), &WRITTEN).map_err(unwritten)?,
            ),
        })
    }

    /// The fields, ordered by name.
    fn fields(
        array: &'a arrow_array::StructArray,
        depth: usize,
    ) -> Result<Vec<(&'a str, Self)>, DatasetError> {
        let DataType::Struct(fields) = array.data_type() else {
            return Ok(Vec::new());
        };
        let mut values = Vec::new();
        for (field, column) in fields.iter().zip(array.columns()) {
            values.push((field.name().as_str(), Self::nested(column, depth + 1)?));
        }
        values.sort_by_key(|(name, _)| *name);
        Ok(values)
    }

    /// Appends the value; false if it is null.
    pub(crate) fn write(&self, index: usize, to: &mut Vec<u8>) -> Result<bool, DatasetError> {
        match self {
            Self::Text(column) => {
                if let Some(text) = column.get(index) {
                    return Ok(sized(to, b't', text.as_bytes()));
                }
            }
            Self::Bytes(bytes, array) if valid(*array, index) => {
                return Ok(sized(to, b'b', bytes(index)));
            }
            Self::Boolean(array) if valid(array, index) => {
                to.push(if array.value(index) { b'1' } else { b'0' });
                return Ok(true);
            }
            Self::Number(array) if valid(*array, index) => {
                write_number(array, index, to);
                return Ok(true);
            }
            Self::List(items, values) => {
                if let Some((start, end)) = items.range(index) {
                    to.push(b'l');
                    to.extend((end.saturating_sub(start) as u64).to_le_bytes());
                    for item in start..end {
                        values.write(item, to)?;
                    }
                    return Ok(true);
                }
            }
            Self::Struct(array, fields) if valid(array, index) => {
                to.push(b's');
                for (name, values) in fields {
                    // A field that is null is as one that is not there.
                    let before = to.len();
                    sized(to, b'f', name.as_bytes());
                    if !values.write(index, to)? {
                        to.truncate(before);
                    }
                }
                to.push(b'.');
                return Ok(true);
            }
            Self::Dictionary(array, keys, values) if valid(*array, index) => {
                if let Some(key) = keys.get(index) {
                    return values.write(*key, to);
                }
            }
            Self::Other(array, formatter) if valid(*array, index) => {
                let text = formatter.value(index).try_to_string().map_err(unwritten)?;
                return Ok(sized(to, b'o', text.as_bytes()));
            }
            _ => {}
        }
        to.push(b'n');
        Ok(false)
    }
}

impl Items<'_> {
    /// Where the items of a list are; none if it is null.
    fn range(&self, index: usize) -> Option<(usize, usize)> {
        match self {
            Self::Short(array) => {
                valid(array, index).then(|| between(array.value_offsets(), index))?
            }
            Self::Long(array) => {
                valid(array, index).then(|| between(array.value_offsets(), index))?
            }
            Self::Map(array) => {
                valid(array, index).then(|| between(array.value_offsets(), index))?
            }
            Self::Fixed(array) if valid(array, index) => {
                let length = usize::try_from(array.value_length()).ok()?;
                let start = array.value_offset_at(index);
                Some((start, start.checked_add(length)?))
            }
            Self::Fixed(_) => None,
        }
    }
}

fn between<O: Copy + TryInto<usize>>(offsets: &[O], index: usize) -> Option<(usize, usize)> {
    let start = (*offsets.get(index)?).try_into().ok()?;
    let end = (*offsets.get(index + 1)?).try_into().ok()?;
    Some((start, end))
}

fn valid<A: Array + ?Sized>(array: &A, index: usize) -> bool {
    index < array.len() && array.is_valid(index)
}

fn sized(to: &mut Vec<u8>, tag: u8, bytes: &[u8]) -> bool {
    to.push(tag);
    to.extend((bytes.len() as u64).to_le_bytes());
    to.extend_from_slice(bytes);
    true
}

/// Whole numbers as such, also those that a float column holds.
fn write_number(array: &ArrayRef, index: usize, to: &mut Vec<u8>) {
    /// Floats have whole numbers without gaps up to here.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = whole_number(array, index);
    let float = number(array, index).unwrap_or(f64::NAN);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the float is whole and below 2^53"
    )]
    let whole = whole
        .or_else(|| (float.fract() == 0.0 && float.abs() <= EXACT).then_some(float as i64 as i128));
    match whole {
        Some(whole) => {
            to.push(b'i');
            to.extend(whole.to_le_bytes());
        }
        None => {
            to.push(b'd');
            // There are many bit patterns for `NaN`.
            let bits = if float.is_nan() { f64::NAN } else { float };
            to.extend(bits.to_bits().to_le_bytes());
        }
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` wants"
)]
fn unwritten(error: ArrowError) -> DatasetError {
    refused(error.to_string())
}

fn refused(reason: String) -> DatasetError {
    DatasetError::Malformed {
        file: "records".into(),
        at: String::new(),
        reason,
    }
}
