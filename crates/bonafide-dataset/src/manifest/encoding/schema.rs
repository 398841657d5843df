//! Names of types, and the fingerprint of a schema.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use arrow_schema::{DataType, Field, Fields, IntervalUnit, TimeUnit};
use sha2::{Digest as _, Sha256};

use super::{append_length, append_name, append_text, domain, tag};

/// Levels of lists, structures and maps inside each other.
const DEEPEST: usize = 64;

/// The columns of a shard, ordered by name, each with the name of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::manifest) struct Schema {
    pub(in crate::manifest) columns: Vec<(String, String)>,
}

impl Schema {
    /// The columns, if all of them can be encoded: else why one of them cannot.
    pub(in crate::manifest) fn of(fields: &Fields, most: usize) -> Result<Self, String> {
        let mut seen = 0;
        check(fields, 0, &mut seen, most)?;
        let mut columns: Vec<(String, String)> = fields
            .iter()
            .map(|field| (field.name().clone(), type_name(field.data_type())))
            .collect();
        columns.sort();
        Ok(Self { columns })
    }

    /// SHA-256 that names and types, and nothing else, decide.
    pub(in crate::manifest) fn fingerprint(&self) -> [u8; 32] {
        let columns = self.columns.iter();
        fingerprint(columns.map(|(name, kind)| (name.as_str(), kind.as_str())))
    }
}

/// The same of columns that are ordered by name.
pub(in crate::manifest) fn fingerprint<'a>(
    columns: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
) -> [u8; 32] {
    let mut bytes = vec![domain::SCHEMA, tag::STRUCTURE];
    append_length(&mut bytes, columns.len());
    for (name, kind) in columns {
        append_name(&mut bytes, name);
        append_text(&mut bytes, kind);
    }
    Sha256::digest(&bytes).into()
}

/// Says which column cannot be encoded, and why.
fn check(fields: &Fields, depth: usize, seen: &mut usize, most: usize) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for field in fields {
        if !names.insert(field.name()) {
            return Err(format!("two columns are called `{}`", field.name()));
        }
        check_field(field, depth, seen, most)
            .map_err(|reason| format!("column `{}`: {reason}", field.name()))?;
    }
    Ok(())
}

fn check_field(field: &Field, depth: usize, seen: &mut usize, most: usize) -> Result<(), String> {
    check_type(field.data_type(), depth, seen, most)
}

fn check_type(kind: &DataType, depth: usize, seen: &mut usize, most: usize) -> Result<(), String> {
    *seen += 1;
    if *seen > most {
        return Err(format!("more than {most} columns, nested ones counted"));
    }
    if depth > DEEPEST {
        return Err(format!("nested deeper than {DEEPEST} levels"));
    }
    match kind {
        DataType::Union(_, _) => Err("a union has no canonical form".to_owned()),
        DataType::Dictionary(_, values) => check_type(values, depth + 1, seen, most),
        DataType::RunEndEncoded(_, values) => check_field(values, depth + 1, seen, most),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => check_field(item, depth + 1, seen, most),
        DataType::Struct(fields) => check(fields, depth + 1, seen, most),
        _ => Ok(()),
    }
}

/// The name of a type: what it means, not how it is stored. Call it after the depth was
/// checked, or of what holds nothing.
pub(super) fn type_name(kind: &DataType) -> String {
    match kind {
        DataType::Null => "null".to_owned(),
        DataType::Boolean => "bool".to_owned(),
        DataType::Int8 => "int8".to_owned(),
        DataType::Int16 => "int16".to_owned(),
        DataType::Int32 => "int32".to_owned(),
        DataType::Int64 => "int64".to_owned(),
        DataType::UInt8 => "uint8".to_owned(),
        DataType::UInt16 => "uint16".to_owned(),
        DataType::UInt32 => "uint32".to_owned(),
        DataType::UInt64 => "uint64".to_owned(),
        DataType::Float16 => "float16".to_owned(),
        DataType::Float32 => "float32".to_owned(),
        DataType::Float64 => "float64".to_owned(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text".to_owned(),
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "bytes".to_owned(),
        DataType::Date32 | DataType::Date64 => "date".to_owned(),
        DataType::Timestamp(unit, None) => format!("timestamp[{}]", name_of(*unit)),
        DataType::Timestamp(unit, Some(zone)) => {
            format!("timestamp[{}, {}]", name_of(*unit), quoted(zone))
        }
        DataType::Time32(unit) | DataType::Time64(unit) => format!("time[{}]", name_of(*unit)),
        DataType::Duration(unit) => format!("duration[{}]", name_of(*unit)),
        DataType::Interval(IntervalUnit::YearMonth) => "interval[months]".to_owned(),
        DataType::Interval(IntervalUnit::DayTime) => "interval[days]".to_owned(),
        DataType::Interval(IntervalUnit::MonthDayNano) => "interval[mixed]".to_owned(),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => format!("decimal[{precision}, {scale}]"),
        DataType::Dictionary(_, values) => type_name(values),
        DataType::RunEndEncoded(_, values) => type_name(values.data_type()),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => format!("list<{}>", type_name(item.data_type())),
        DataType::Struct(fields) => structure(fields),
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(fields) => {
                let of = |index: usize| fields.get(index).map(|field| type_name(field.data_type()));
                format!(
                    "map<{}, {}>",
                    of(0).unwrap_or_default(),
                    of(1).unwrap_or_default()
                )
            }
            kind => format!("map<{}>", type_name(kind)),
        },
        DataType::Union(_, _) => "union".to_owned(),
    }
}

fn structure(fields: &Fields) -> String {
    let mut named: Vec<(&String, String)> = fields
        .iter()
        .map(|field| (field.name(), type_name(field.data_type())))
        .collect();
    named.sort();
    let mut text = "struct<".to_owned();
    for (index, (name, kind)) in named.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        // Only a writer's memory can fail, and this one aborts.
        let _ = write!(text, "{comma}{}: {kind}", quoted(name));
    }
    text.push('>');
    text
}

/// As a JSON string, so that no name can look like a part of a type.
fn quoted(name: &str) -> serde_json::Value {
    serde_json::Value::from(name)
}

const fn name_of(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "s",
        TimeUnit::Millisecond => "ms",
        TimeUnit::Microsecond => "us",
        TimeUnit::Nanosecond => "ns",
    }
}
