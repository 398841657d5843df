//! Datatypes and dataspaces (sections IV.A.2.b and IV.A.2.d).

use super::fields::Fields;
use crate::stop::Stop;

/// Deepest datatype.
const DEEPEST: usize = 16;

/// What the elements of a dataset or an attribute are.
#[derive(Debug, Clone)]
pub(super) struct Datatype {
    /// As NumPy would write it.
    pub(super) name: String,
    /// Bytes of an element.
    pub(super) size: u64,
    pub(super) class: Class,
}

/// What matters of a datatype here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Numbers of more than a byte.
    Numbers,
    /// Text, bytes, or a mix: what a program may take for something else.
    Bytes,
    /// Text or sequences of any length, which are kept elsewhere.
    Variable,
    /// Places in this file.
    References,
}

pub(super) fn datatype(fields: &mut Fields<'_>, depth: usize) -> Result<Datatype, Stop> {
    let at = fields.at();
    if depth > DEEPEST {
        return Err(Stop::malformed(at, "a datatype is nested too deep"));
    }
    let first = fields.u8()?;
    let bits = fields.number(3)?;
    let size = fields.number(4)?;
    let width = size.saturating_mul(8);
    let (name, class) = match first & 15 {
        0 => {
            fields.take(4)?;
            let sign = if bits & 8 == 0 { "u" } else { "" };
            (format!("{sign}int{width}"), numbers(size))
        }
        1 => {
            let mut layout = fields.part(12)?;
            layout.take(4)?;
            let exponent = (layout.u8()?, layout.u8()?);
            // bfloat16 has the exponent of a float of 32 bits.
            let name = match (size, exponent) {
                (2, (_, 8)) => "bfloat16".to_owned(),
                _ => format!("float{width}"),
            };
            (name, numbers(size))
        }
        2 => {
            fields.take(2)?;
            ("time".to_owned(), numbers(size))
        }
        3 => ("string".to_owned(), Class::Bytes),
        4 => {
            fields.take(4)?;
            ("bits".to_owned(), Class::Bytes)
        }
        5 => {
            let length = usize::try_from(bits & 0xff).unwrap_or(0);
            fields.take(length)?;
            ("opaque".to_owned(), Class::Bytes)
        }
        6 => ("compound".to_owned(), Class::Bytes),
        7 => ("reference".to_owned(), Class::References),
        8 => {
            let base = datatype(fields, depth + 1)?;
            (base.name, base.class)
        }
        9 => {
            let base = datatype(fields, depth + 1)?;
            let is_text = bits & 15 == 1;
            let name = if is_text {
                "string".to_owned()
            } else {
                format!("sequence of {}", base.name)
            };
            (name, Class::Variable)
        }
        10 => {
            let dimensions = usize::from(fields.u8()?);
            let version = first >> 4;
            if version < 3 {
                fields.take(3)?;
            }
            fields.take(4 * dimensions)?;
            if version < 3 {
                fields.take(4 * dimensions)?;
            }
            let base = datatype(fields, depth + 1)?;
            (base.name, base.class)
        }
        11 => ("complex".to_owned(), numbers(size)),
        other => {
            return Err(Stop::malformed(
                at,
                format!("there is no datatype of class {other}"),
            ));
        }
    };
    Ok(Datatype { name, size, class })
}

fn numbers(size: u64) -> Class {
    if size > 1 {
        Class::Numbers
    } else {
        Class::Bytes
    }
}

/// Lengths of the dimensions: none for a single value; one of zero for no value.
pub(super) fn dimensions(fields: &mut Fields<'_>, length: usize) -> Result<Vec<u64>, Stop> {
    let version = fields.u8()?;
    let rank = fields.u8()?;
    let flags = fields.u8()?;
    match version {
        1 => drop(fields.take(5)?),
        2 => {
            if fields.u8()? == 2 {
                return Ok(vec![0]);
            }
        }
        _ => {
            return Err(Stop::malformed(
                fields.at(),
                "a dataspace of an unknown version",
            ));
        }
    }
    let lengths: Result<Vec<u64>, Stop> = (0..rank).map(|_| fields.number(length)).collect();
    if flags & 1 != 0 {
        fields.take(length * usize::from(rank))?;
    }
    lengths
}

/// How many elements there are.
pub(super) fn count(shape: &[u64]) -> u64 {
    shape
        .iter()
        .fold(1, |product: u64, length| product.saturating_mul(*length))
}
