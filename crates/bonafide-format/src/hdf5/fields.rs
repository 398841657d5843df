//! Fields of a piece of metadata, one after the other.

use crate::stop::Stop;

/// Bytes of metadata that are taken apart from the front. Numbers are little-endian.
#[derive(Debug, Clone)]
pub(super) struct Fields<'b> {
    rest: &'b [u8],
    /// Offset of the next byte in the file, for messages.
    at: u64,
}

impl<'b> Fields<'b> {
    pub(super) fn new(bytes: &'b [u8], at: u64) -> Self {
        Self { rest: bytes, at }
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn rest(&self) -> &'b [u8] {
        self.rest
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'b [u8], Stop> {
        let Some((taken, rest)) = self.rest.split_at_checked(length) else {
            let message = format!(
                "{length} bytes are announced and {} are left",
                self.rest.len()
            );
            return Err(Stop::malformed(self.at, message));
        };
        self.rest = rest;
        self.at = self.at.saturating_add(length as u64);
        Ok(taken)
    }

    /// A piece as fields of its own.
    pub(super) fn part(&mut self, length: usize) -> Result<Fields<'b>, Stop> {
        let at = self.at;
        Ok(Fields::new(self.take(length)?, at))
    }

    pub(super) fn signature(&mut self, expected: &[u8]) -> Result<(), Stop> {
        let at = self.at;
        if self.take(expected.len())? == expected {
            return Ok(());
        }
        let expected = String::from_utf8_lossy(expected);
        Err(Stop::malformed(
            at,
            format!("the signature {expected} is not there"),
        ))
    }

    /// A number of up to eight bytes.
    pub(super) fn number(&mut self, width: usize) -> Result<u64, Stop> {
        let bytes = self.take(width.min(8))?;
        Ok(bytes
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    pub(super) fn u8(&mut self) -> Result<u8, Stop> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    pub(super) fn u16(&mut self) -> Result<u16, Stop> {
        Ok(u16::try_from(self.number(2)?).unwrap_or_default())
    }

    pub(super) fn u32(&mut self) -> Result<u32, Stop> {
        Ok(u32::try_from(self.number(4)?).unwrap_or_default())
    }

    /// A number of `width` bytes that counts bytes in memory.
    pub(super) fn size(&mut self, width: usize) -> Result<usize, Stop> {
        let at = self.at;
        usize::try_from(self.number(width)?)
            .map_err(|_| Stop::malformed(at, "a length is too large"))
    }

    /// Text up to a NUL, which is taken too.
    pub(super) fn text(&mut self) -> Result<String, Stop> {
        let Some(length) = memchr::memchr(0, self.rest) else {
            return Err(Stop::malformed(self.at, "a text has no end"));
        };
        let text = String::from_utf8_lossy(self.take(length)?).into_owned();
        self.take(1)?;
        Ok(text)
    }
}
