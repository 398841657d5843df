//! From an Arrow column to what appends its values.

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType, Time32MillisecondType,
    Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};

use super::flat::{
    Boolean, Bytes, Decimal, Decimal256, Float, Nothing, Signed, Text, Time, Unsigned, calendar,
};
use super::{nested, tag};

/// A record whose canonical form is longer than the budget allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::manifest) struct TooLong;

/// Appends the canonical form of values of one column.
pub(in crate::manifest) trait Value {
    /// Appends the value at `row`, which is below the length of the column. Stops when `out`
    /// has become longer than `limit`.
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong>;
}

/// A column that is ready to be encoded; lives as long as its array.
pub(in crate::manifest) type Values<'a> = Box<dyn Value + 'a>;

/// What appends the values of a column; the name of the type if there is no encoding.
pub(in crate::manifest) fn encoder(column: &ArrayRef) -> Result<Values<'_>, String> {
    macro_rules! primitive {
        ($wrapper:ident, $kind:ty) => {
            Box::new($wrapper(column.as_primitive::<$kind>()))
        };
    }
    macro_rules! time {
        ($tag:expr, $kind:ty, $nanoseconds:expr) => {
            Box::new(Time {
                array: column.as_primitive::<$kind>(),
                tag: $tag,
                nanoseconds: $nanoseconds,
            })
        };
    }
    const MICRO: i128 = 1_000;
    const MILLI: i128 = 1_000_000;
    const SECOND: i128 = 1_000_000_000;
    const DAY: i128 = 86_400 * SECOND;
    let kind = column.data_type();
    Ok(match kind {
        DataType::Null => Box::new(Nothing),
        DataType::Boolean => Box::new(Boolean(column.as_boolean())),
        DataType::Int8 => primitive!(Signed, Int8Type),
        DataType::Int16 => primitive!(Signed, Int16Type),
        DataType::Int32 => primitive!(Signed, Int32Type),
        DataType::Int64 => primitive!(Signed, Int64Type),
        DataType::UInt8 => primitive!(Unsigned, UInt8Type),
        DataType::UInt16 => primitive!(Unsigned, UInt16Type),
        DataType::UInt32 => primitive!(Unsigned, UInt32Type),
        DataType::UInt64 => primitive!(Unsigned, UInt64Type),
        DataType::Float16 => primitive!(Float, Float16Type),
        DataType::Float32 => primitive!(Float, Float32Type),
        DataType::Float64 => primitive!(Float, Float64Type),
        DataType::Utf8 => Box::new(Text(column.as_string::<i32>())),
        DataType::LargeUtf8 => Box::new(Text(column.as_string::<i64>())),
        DataType::Utf8View => Box::new(Text(column.as_string_view())),
        DataType::Binary => Box::new(Bytes(column.as_binary::<i32>())),
        DataType::LargeBinary => Box::new(Bytes(column.as_binary::<i64>())),
        DataType::BinaryView => Box::new(Bytes(column.as_binary_view())),
        DataType::FixedSizeBinary(_) => Box::new(Bytes(column.as_fixed_size_binary())),
        DataType::Date32 => time!(tag::DATE, Date32Type, DAY),
        DataType::Date64 => time!(tag::DATE, Date64Type, MILLI),
        DataType::Timestamp(unit, zone) => {
            let tag = match zone {
                Some(_) => tag::INSTANT,
                None => tag::LOCAL_TIME,
            };
            match unit {
                TimeUnit::Second => time!(tag, TimestampSecondType, SECOND),
                TimeUnit::Millisecond => time!(tag, TimestampMillisecondType, MILLI),
                TimeUnit::Microsecond => time!(tag, TimestampMicrosecondType, MICRO),
                TimeUnit::Nanosecond => time!(tag, TimestampNanosecondType, 1),
            }
        }
        DataType::Time32(TimeUnit::Second) => time!(tag::TIME_OF_DAY, Time32SecondType, SECOND),
        DataType::Time32(TimeUnit::Millisecond) => {
            time!(tag::TIME_OF_DAY, Time32MillisecondType, MILLI)
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            time!(tag::TIME_OF_DAY, Time64MicrosecondType, MICRO)
        }
        DataType::Time64(TimeUnit::Nanosecond) => time!(tag::TIME_OF_DAY, Time64NanosecondType, 1),
        DataType::Duration(TimeUnit::Second) => time!(tag::DURATION, DurationSecondType, SECOND),
        DataType::Duration(TimeUnit::Millisecond) => {
            time!(tag::DURATION, DurationMillisecondType, MILLI)
        }
        DataType::Duration(TimeUnit::Microsecond) => {
            time!(tag::DURATION, DurationMicrosecondType, MICRO)
        }
        DataType::Duration(TimeUnit::Nanosecond) => time!(tag::DURATION, DurationNanosecondType, 1),
        DataType::Interval(IntervalUnit::YearMonth) => {
            let array = column.as_primitive::<IntervalYearMonthType>();
            calendar(array, |months| (months, 0, 0))
        }
        DataType::Interval(IntervalUnit::DayTime) => {
            let array = column.as_primitive::<IntervalDayTimeType>();
            calendar(array, |value| {
                (0, value.days, i64::from(value.milliseconds) * 1_000_000)
            })
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let array = column.as_primitive::<IntervalMonthDayNanoType>();
            calendar(array, |value| (value.months, value.days, value.nanoseconds))
        }
        DataType::Decimal32(_, scale) => {
            Box::new(Decimal(column.as_primitive::<Decimal32Type>(), *scale))
        }
        DataType::Decimal64(_, scale) => {
            Box::new(Decimal(column.as_primitive::<Decimal64Type>(), *scale))
        }
        DataType::Decimal128(_, scale) => {
            Box::new(Decimal(column.as_primitive::<Decimal128Type>(), *scale))
        }
        DataType::Decimal256(_, scale) => {
            Box::new(Decimal256(column.as_primitive::<Decimal256Type>(), *scale))
        }
        _ => return nested::encoder_of_nested(column),
    })
}

/// Columns of a structure, ordered by name.
pub(super) fn ordered<'a>(
    fields: &'a arrow_schema::Fields,
    columns: &'a [ArrayRef],
) -> Result<Vec<(&'a str, Values<'a>)>, String> {
    let mut named = Vec::with_capacity(columns.len());
    for (field, column) in fields.iter().zip(columns) {
        named.push((field.name().as_str(), encoder(column)?));
    }
    named.sort_by(|one, other| one.0.cmp(other.0));
    Ok(named)
}

/// Null or not, for each of the rows.
pub(super) fn is_null(nulls: Option<&arrow_buffer::NullBuffer>, row: usize) -> bool {
    nulls.is_some_and(|nulls| row >= nulls.len() || nulls.is_null(row))
}
