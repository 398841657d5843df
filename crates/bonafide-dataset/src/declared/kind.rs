//! Declared types against types of columns.

use arrow_schema::DataType;

/// Whether a column can hold what is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It can.
    Fits,
    /// It cannot.
    Differs,
    /// No declared type is one that says anything about a column.
    Unknown,
}

/// Whether a column of `found` can hold values of the declared types (Croissant 1.1,
/// "Field", `dataType`).
///
/// One type that fits is enough: `Label` and `Split` and the entities of Wikidata say what
/// a value means, next to a type that says what it is. In files of plain text (`untyped`)
/// every number is a text, and text fits every single value.
pub(super) fn fit(declared: &[String], repeated: bool, found: &DataType, untyped: bool) -> Fit {
    let found = match found {
        DataType::Dictionary(_, values) => values,
        found => found,
    };
    if untyped && is_text(found) {
        return Fit::Fits;
    }
    let item = match found {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            Some(item.data_type())
        }
        _ => None,
    };
    let answers: Vec<bool> = declared
        .iter()
        .filter_map(|declared| match (item, repeated) {
            // Lists of lists are declared with their shape, which is not looked at.
            (Some(item), true) => one(declared, innermost(item)),
            (Some(_), false) => one(declared, found),
            // What is repeated is a list, and in a table of text a text.
            (None, true) => one(declared, found).map(|_| is_text(found)),
            (None, false) => one(declared, found),
        })
        .collect();
    match (answers.is_empty(), answers.contains(&true)) {
        (true, _) => Fit::Unknown,
        (false, true) => Fit::Fits,
        (false, false) => Fit::Differs,
    }
}

fn innermost(mut kind: &DataType) -> &DataType {
    while let DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) =
        kind
    {
        kind = item.data_type();
    }
    kind
}

/// Whether one declared type fits; none if it says nothing about a column.
fn one(declared: &str, found: &DataType) -> Option<bool> {
    let found = match found {
        DataType::Dictionary(_, values) => values,
        found => found,
    };
    let text = is_text(found);
    let numeric = found.is_numeric();
    Some(match declared {
        "Text" | "URL" | "String" => text,
        "Integer" => found.is_integer(),
        "Int8" => within(found, true, 8),
        "Int16" => within(found, true, 16),
        "Int32" => within(found, true, 32),
        "Int64" => within(found, true, 64),
        "UInt8" => within(found, false, 8),
        "UInt16" => within(found, false, 16),
        "UInt32" => within(found, false, 32),
        "UInt64" => within(found, false, 64),
        "Number" | "Float" | "Float16" | "Float32" | "Float64" => numeric,
        "Boolean" | "Bool" => *found == DataType::Boolean,
        "Date" | "DateTime" | "Time" => found.is_temporal() || text,
        // The bytes, the struct that Hugging Face wraps around them, a path, or pixels.
        "ImageObject" | "AudioObject" | "VideoObject" | "MediaObject" => {
            text || is_bytes(found)
                || matches!(found, DataType::Struct(_))
                || innermost(found) != found
        }
        "BoundingBox" => text || innermost(found) != found || matches!(found, DataType::Struct(_)),
        _ => return None,
    })
}

fn is_text(kind: &DataType) -> bool {
    crate::is_text(kind)
}

fn is_bytes(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
    )
}

/// True for whole numbers all of which an integer of so many bits can be.
fn within(found: &DataType, signed: bool, bits: u32) -> bool {
    let (found_signed, found_bits) = match found {
        DataType::Int8 => (true, 8),
        DataType::Int16 => (true, 16),
        DataType::Int32 => (true, 32),
        DataType::Int64 => (true, 64),
        DataType::UInt8 => (false, 8),
        DataType::UInt16 => (false, 16),
        DataType::UInt32 => (false, 32),
        DataType::UInt64 => (false, 64),
        _ => return false,
    };
    match (signed, found_signed) {
        (true, false) => found_bits < bits,
        (false, true) => false,
        _ => found_bits <= bits,
    }
}
