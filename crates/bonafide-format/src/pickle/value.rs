//! What is on the stack of the machine: what matters of a value, in eight bytes.

use std::ops::Range;

/// How the bytes of a text are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, in which Python also lets surrogates pass.
    Utf8,
    /// The line of UNICODE: Latin-1 with `\u` escapes.
    RawEscaped,
    /// The line of STRING: in quotes, with escapes.
    Quoted,
    /// The bytes of BINSTRING: in Python 3 ASCII, or what the caller says.
    Latin,
}

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: a place of the memo that was never put to.
    Vacant,
    None,
    /// A whole number; known if it is not negative and not too large.
    Number,
    /// A number with a fraction, true or false.
    Scalar,
    Text,
    Bytes,
    Global,
    List,
    Dict,
    Set,
    Tuple,
    /// What a call gave.
    Object,
    /// What the loader made of a persistent id.
    Persistent,
    /// Bytes from outside of the pickle.
    Buffer,
    /// What a registry of the loading process has under a number.
    Extension,
}

/// A value: its kind in four bits, and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value(u64);

const SHIFT: u32 = 60;
const MASK: u64 = (1 << SHIFT) - 1;
const OFFSET_BITS: u32 = 40;
const LENGTH_BITS: u32 = 16;

impl Value {
    pub(crate) const VACANT: Self = Self::plain(Kind::Vacant);
    pub(crate) const NONE: Self = Self::plain(Kind::None);
    pub(crate) const SCALAR: Self = Self::plain(Kind::Scalar);
    pub(crate) const BYTES: Self = Self::plain(Kind::Bytes);
    pub(crate) const BUFFER: Self = Self::plain(Kind::Buffer);
    pub(crate) const EXTENSION: Self = Self::plain(Kind::Extension);
    /// A number of which nothing is known.
    pub(crate) const NUMBER: Self = Self((Kind::Number as u64) << SHIFT | MASK);
    /// A text that is too long to be a name.
    pub(crate) const TEXT: Self = Self((Kind::Text as u64) << SHIFT | MASK);

    const fn plain(kind: Kind) -> Self {
        Self((kind as u64) << SHIFT)
    }

    /// A value with an index of something.
    pub(crate) fn of(kind: Kind, index: u32) -> Self {
        Self((kind as u64) << SHIFT | u64::from(index))
    }

    pub(crate) fn number(value: i64) -> Self {
        match u64::try_from(value) {
            Ok(value) if value < MASK => Self((Kind::Number as u64) << SHIFT | value),
            _ => Self::NUMBER,
        }
    }

    /// A text, by where it is.
    pub(crate) fn text(range: &Range<u64>, encoding: Encoding) -> Self {
        let length = range.end - range.start;
        if range.start >> OFFSET_BITS != 0 || length >= (1 << LENGTH_BITS) - 1 {
            return Self::TEXT;
        }
        let payload = range.start | length << OFFSET_BITS | (encoding as u64) << 56;
        Self((Kind::Text as u64) << SHIFT | payload)
    }

    pub(crate) fn kind(self) -> Kind {
        match self.0 >> SHIFT {
            1 => Kind::None,
            2 => Kind::Number,
            3 => Kind::Scalar,
            4 => Kind::Text,
            5 => Kind::Bytes,
            6 => Kind::Global,
            7 => Kind::List,
            8 => Kind::Dict,
            9 => Kind::Set,
            10 => Kind::Tuple,
            11 => Kind::Object,
            12 => Kind::Persistent,
            13 => Kind::Buffer,
            14 => Kind::Extension,
            _ => Kind::Vacant,
        }
    }

    /// The index of what has one.
    pub(crate) fn index(self) -> u32 {
        u32::try_from(self.0 & u64::from(u32::MAX)).unwrap_or(0)
    }

    /// A number, if it is known.
    pub(crate) fn known(self) -> Option<u64> {
        let value = self.0 & MASK;
        (self.kind() == Kind::Number && value != MASK).then_some(value)
    }

    /// Where a text is.
    pub(crate) fn place(self) -> Option<(Range<u64>, Encoding)> {
        if self.kind() != Kind::Text || self == Self::TEXT {
            return None;
        }
        let start = self.0 & ((1 << OFFSET_BITS) - 1);
        let length = self.0 >> OFFSET_BITS & ((1 << LENGTH_BITS) - 1);
        let encoding = match self.0 >> 56 & 0xf {
            0 => Encoding::Utf8,
            1 => Encoding::RawEscaped,
            2 => Encoding::Quoted,
            _ => Encoding::Latin,
        };
        Some((start..start + length, encoding))
    }

    /// True for what has a node.
    pub(crate) fn is_container(self) -> bool {
        matches!(
            self.kind(),
            Kind::List | Kind::Dict | Kind::Set | Kind::Tuple | Kind::Object
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_what_they_are_given() {
        let range = (1 << 39)..(1 << 39) + 65_534;
        let text = Value::text(&range, Encoding::Quoted);
        assert_eq!(text.place(), Some((range, Encoding::Quoted)));
        assert_eq!(Value::text(&(0..65_535), Encoding::Utf8), Value::TEXT);
        assert_eq!(Value::TEXT.place(), None);
        assert_eq!(Value::number(-1).known(), None);
        assert_eq!(Value::number(12).known(), Some(12));
        assert_eq!(Value::number(i64::MAX).known(), None);
        let object = Value::of(Kind::Object, u32::MAX);
        assert_eq!((object.kind(), object.index()), (Kind::Object, u32::MAX));
    }
}
