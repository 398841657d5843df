//! Reads the values of a GGUF file in either order of bytes.

use crate::cursor::Cursor;
use crate::stop::Stop;
use crate::visit::Visit;

/// Deepest nesting of arrays. Converters write one level.
const DEEPEST: usize = 4;

/// Order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// Reads what is in the file, in the order and with the lengths of its version.
pub(super) struct Reader<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) order: Order,
    pub(super) version: u32,
}

/// Type of a value, by its number in the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// A number of so many bytes.
    Number {
        bytes: u64,
        signed: bool,
    },
    /// As many bytes, not a whole number.
    Float {
        bytes: u64,
    },
    Boolean,
    Text,
    Array,
}

/// Texts of arrays, and the values of keys, as they come.
pub(super) enum Scalar<'a> {
    /// Widened; negative ones as in two's complement.
    Number(u64),
    Float,
    Boolean,
    Text(&'a [u8]),
}

impl Reader<'_> {
    pub(super) fn u32(&mut self) -> Result<u32, Stop> {
        match self.order {
            Order::Little => self.cursor.u32(),
            Order::Big => self.cursor.u32_be(),
        }
    }

    pub(super) fn u64(&mut self) -> Result<u64, Stop> {
        match self.order {
            Order::Little => self.cursor.u64(),
            Order::Big => self.cursor.u64_be(),
        }
    }

    /// A count or a length: version 1 has 32 bits for them.
    pub(super) fn length(&mut self) -> Result<u64, Stop> {
        if self.version == 1 {
            Ok(u64::from(self.u32()?))
        } else {
            self.u64()
        }
    }

    /// A count of things that have at least `smallest` bytes each.
    pub(super) fn count(&mut self, what: &str, smallest: u64) -> Result<u64, Stop> {
        let at = self.cursor.position();
        let count = self.length()?;
        if count > self.cursor.remaining() / smallest.max(1) {
            let left = self.cursor.remaining();
            return Err(Stop::malformed(
                at,
                format!("{count} {what} are announced, {left} bytes are left"),
            ));
        }
        Ok(count)
    }

    /// A text of at most `longest` bytes.
    pub(super) fn text(&mut self, longest: u64) -> Result<&[u8], Stop> {
        let length = self.count("bytes of a text", 1)?;
        if length > longest {
            return Err(Stop::Exhausted {
                what: "bytes of a text",
                limit: longest,
            });
        }
        self.cursor
            .bytes(usize::try_from(length).unwrap_or(usize::MAX))
    }

    pub(super) fn kind(&mut self) -> Result<Type, Stop> {
        let at = self.cursor.position();
        let number = self.u32()?;
        Ok(match number {
            0 => Type::Number {
                bytes: 1,
                signed: false,
            },
            1 => Type::Number {
                bytes: 1,
                signed: true,
            },
            2 => Type::Number {
                bytes: 2,
                signed: false,
            },
            3 => Type::Number {
                bytes: 2,
                signed: true,
            },
            4 => Type::Number {
                bytes: 4,
                signed: false,
            },
            5 => Type::Number {
                bytes: 4,
                signed: true,
            },
            6 => Type::Float { bytes: 4 },
            7 => Type::Boolean,
            8 => Type::Text,
            9 => Type::Array,
            10 => Type::Number {
                bytes: 8,
                signed: false,
            },
            11 => Type::Number {
                bytes: 8,
                signed: true,
            },
            12 => Type::Float { bytes: 8 },
            _ => return Err(Stop::malformed(at, format!("a value of type {number}"))),
        })
    }

    /// A number of so many bytes, widened.
    pub(super) fn number(&mut self, bytes: u64, signed: bool) -> Result<u64, Stop> {
        let length = usize::try_from(bytes).unwrap_or(8).min(8);
        let order = self.order;
        let read = self.cursor.bytes(length)?;
        let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        let number = match order {
            Order::Little => read.iter().rev().fold(0, join),
            Order::Big => read.iter().fold(0, join),
        };
        let spare = 64 - 8 * u32::try_from(length).unwrap_or(8);
        Ok(if signed {
            (number << spare)
                .cast_signed()
                .wrapping_shr(spare)
                .cast_unsigned()
        } else {
            number
        })
    }
}

/// Where values are shown to, one after the other.
pub(super) trait Sink {
    /// A value of the key, alone or in an array (`index`).
    fn value(&mut self, visit: &mut Visit<'_>, index: Option<u64>, at: u64, value: &Scalar<'_>);
}

/// Reads the value of a key. Gives the number of elements if it is an array.
pub(super) fn value(
    visit: &mut Visit<'_>,
    reader: &mut Reader<'_>,
    kind: Type,
    sink: &mut dyn Sink,
) -> Result<Option<u64>, Stop> {
    if kind == Type::Array {
        let mut seen = 0;
        array(visit, reader, sink, &mut seen, 1)?;
        return Ok(Some(seen));
    }
    one(visit, reader, kind, None, sink)?;
    Ok(None)
}

fn one(
    visit: &mut Visit<'_>,
    reader: &mut Reader<'_>,
    kind: Type,
    index: Option<u64>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    let at = reader.cursor.position();
    let scalar = match kind {
        Type::Number { bytes, signed } => Scalar::Number(reader.number(bytes, signed)?),
        Type::Float { bytes } => {
            reader.cursor.skip(bytes)?;
            Scalar::Float
        }
        Type::Boolean => {
            let byte = reader.cursor.byte()?;
            if byte > 1 {
                super::not_allowed(visit, at..at + 1, &format!("{byte} as a truth value"));
            }
            Scalar::Boolean
        }
        Type::Text => Scalar::Text(reader.text(visit.budget().document)?),
        Type::Array => return Err(Stop::malformed(at, "an array where a value should be")),
    };
    sink.value(visit, index, at, &scalar);
    Ok(())
}

fn array(
    visit: &mut Visit<'_>,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
    seen: &mut u64,
    depth: usize,
) -> Result<(), Stop> {
    let at = reader.cursor.position();
    if depth > DEEPEST {
        let message = format!("arrays are nested more than {DEEPEST} deep");
        return Err(Stop::malformed(at, message));
    }
    let kind = reader.kind()?;
    match kind {
        // Numbers are passed over in one step, however many there are.
        Type::Number { bytes, .. } | Type::Float { bytes } => {
            let count = reader.count("numbers", bytes)?;
            reader.cursor.skip(count * bytes)?;
            *seen += count;
        }
        Type::Boolean => {
            let count = reader.count("truth values", 1)?;
            reader.cursor.skip(count)?;
            *seen += count;
        }
        Type::Text => {
            let smallest = if reader.version == 1 { 4 } else { 8 };
            for _ in 0..reader.count("texts", smallest)? {
                let index = Some(*seen);
                one(visit, reader, kind, index, sink)?;
                *seen += 1;
            }
        }
        Type::Array => {
            let smallest = if reader.version == 1 { 8 } else { 12 };
            for _ in 0..reader.count("arrays", smallest)? {
                array(visit, reader, sink, seen, depth + 1)?;
            }
        }
    }
    Ok(())
}
