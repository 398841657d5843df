//! An array as Flax puts it into an extension: shape, type, bytes.

use std::ops::Range;

use super::{Value, value};
use crate::coverage::State;
use crate::cursor::Cursor;
use crate::facts::Tensor;
use crate::read::{ReadAt, Window};
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

/// Most dimensions; NumPy has 64.
const MOST_DIMENSIONS: u64 = 64;

/// Reads an array; false if the bytes are something else.
pub(super) fn array(
    visit: &mut Visit<'_>,
    examiner: &mut Examiner,
    range: Range<u64>,
    path: &str,
) -> Result<bool, Stop> {
    let window = Window::new(visit.source(), range.clone());
    let Ok((tensor, data)) = parts(&window) else {
        return Ok(false);
    };
    if tensor.dtype.starts_with('O') || tensor.dtype == "object" {
        return Ok(false);
    }
    let elements = tensor
        .shape
        .iter()
        .fold(1_u64, |product, length| product.saturating_mul(*length));
    let stored = data.end - data.start;
    let data = range.start + data.start..range.start + data.end;
    if let Some(width) = width(&tensor.dtype)
        && elements.checked_mul(width) != Some(stored)
    {
        let message = format!("an array of {elements} numbers has {stored} bytes");
        return Err(Stop::malformed(data.start, message));
    }
    examiner.examine(visit, path, data.clone());
    visit.cover(data, State::Data);
    visit.tensor(Tensor {
        place: None,
        name: path.to_owned(),
        ..tensor
    });
    Ok(true)
}

/// The array without its name, and where its bytes are in the extension.
fn parts(window: &Window<'_>) -> Result<(Tensor, Range<u64>), Stop> {
    let mut cursor = Cursor::new(window, 0);
    let other = |cursor: &Cursor<'_>| Stop::malformed(cursor.position(), "no array");
    if value(&mut cursor)? != Value::Array(3) {
        return Err(other(&cursor));
    }
    let Value::Array(rank @ 0..=MOST_DIMENSIONS) = value(&mut cursor)? else {
        return Err(other(&cursor));
    };
    let mut shape = Vec::new();
    for _ in 0..rank {
        let Value::Number(length) = value(&mut cursor)? else {
            return Err(other(&cursor));
        };
        shape.push(length);
    }
    let (Value::Text(length @ 1..=32) | Value::Bytes(length @ 1..=32)) = value(&mut cursor)? else {
        return Err(other(&cursor));
    };
    let dtype = cursor.bytes(usize::try_from(length).unwrap_or(0))?;
    let dtype = String::from_utf8_lossy(dtype).into_owned();
    let (Value::Bytes(length) | Value::Text(length)) = value(&mut cursor)? else {
        return Err(other(&cursor));
    };
    let start = cursor.position();
    cursor.skip(length)?;
    if cursor.position() != window.size() {
        return Err(other(&cursor));
    }
    let tensor = Tensor {
        place: None,
        name: String::new(),
        dtype,
        shape,
    };
    Ok((tensor, start..start + length))
}

/// Bytes of a number of this type; none if it is not known.
fn width(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "bool" | "int8" | "uint8" => 1,
        "int16" | "uint16" | "float16" | "bfloat16" => 2,
        "int32" | "uint32" | "float32" => 4,
        "int64" | "uint64" | "float64" | "complex64" => 8,
        "complex128" => 16,
        _ => return None,
    })
}
