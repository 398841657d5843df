//! The Thrift compact protocol, as far as is needed to look at Parquet metadata before it
//! is given to a decoder that allocates by what it says.
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

/// Why bytes are no Thrift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// More bytes are needed.
    Short,
    /// No bytes would help.
    Wrong(&'static str),
}

impl Fault {
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Short => "it ends too early",
            Self::Wrong(reason) => reason,
        }
    }
}

/// Structs are nested no deeper; Parquet's own reach six.
const DEEPEST: u8 = 24;

/// Wire types of the specification that are looked at by number.
pub(super) const I32: u8 = 5;
pub(super) const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// Bytes that are read from the beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compact<'a> {
    rest: &'a [u8],
}

/// Where in a struct the reading is.
#[derive(Debug, Default)]
pub(super) struct Fields {
    last: i16,
}

impl<'a> Compact<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(super) const fn left(&self) -> usize {
        self.rest.len()
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let (first, rest) = self.rest.split_first().ok_or(Fault::Short)?;
        self.rest = rest;
        Ok(*first)
    }

    fn advance(&mut self, length: u64) -> Result<(), Fault> {
        let length = usize::try_from(length).map_err(|_| Fault::Short)?;
        self.rest = self.rest.get(length..).ok_or(Fault::Short)?;
        Ok(())
    }

    fn varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Fault::Wrong("a number has more than ten bytes"))
    }

    /// A whole number.
    pub(super) fn number(&mut self) -> Result<i64, Fault> {
        let coded = self.varint()?;
        let half = i64::try_from(coded >> 1).map_err(|_| Fault::Wrong("a number is too large"))?;
        Ok(match coded & 1 {
            0 => half,
            _ => -1 - half,
        })
    }

    /// Id and wire type of the next field of a struct; none at its end.
    pub(super) fn field(&mut self, fields: &mut Fields) -> Result<Option<(i16, u8)>, Fault> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        let id = match head >> 4 {
            0 => i16::try_from(self.number()?).ok(),
            step => fields.last.checked_add(i16::from(step)),
        };
        fields.last = id.ok_or(Fault::Wrong("the number of a field is too large"))?;
        Ok(Some((fields.last, head & 0x0f)))
    }

    /// Wire type and number of the elements of a list.
    pub(super) fn list(&mut self) -> Result<(u8, u64), Fault> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            count => u64::from(count),
        };
        // Every element has a byte at least.
        if count > self.rest.len() as u64 {
            return Err(Fault::Short);
        }
        Ok((head & 0x0f, count))
    }

    /// Goes behind a value of a field.
    pub(super) fn skip(&mut self, wire: u8) -> Result<(), Fault> {
        self.skip_within(wire, DEEPEST)
    }

    fn skip_within(&mut self, wire: u8, depth: u8) -> Result<(), Fault> {
        let depth = depth
            .checked_sub(1)
            .ok_or(Fault::Wrong("structs are nested too deeply"))?;
        match wire {
            1 | 2 => Ok(()),
            3 => self.advance(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.advance(8),
            8 => {
                let length = self.varint()?;
                self.advance(length)
            }
            9 | 10 => {
                let (wire, count) = self.list()?;
                for _ in 0..count {
                    self.skip_element(wire, depth)?;
                }
                Ok(())
            }
            11 => {
                let count = self.varint()?;
                if count == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                for _ in 0..count {
                    self.skip_element(kinds >> 4, depth)?;
                    self.skip_element(kinds & 0x0f, depth)?;
                }
                Ok(())
            }
            12 => {
                let mut fields = Fields::default();
                while let Some((_, wire)) = self.field(&mut fields)? {
                    self.skip_within(wire, depth)?;
                }
                Ok(())
            }
            13 => self.advance(16),
            _ => Err(Fault::Wrong("a wire type is unknown")),
        }
    }

    /// Truth values have a byte of their own in lists, but not in structs.
    fn skip_element(&mut self, wire: u8, depth: u8) -> Result<(), Fault> {
        match wire {
            1 | 2 => self.advance(1),
            wire => self.skip_within(wire, depth),
        }
    }
}
