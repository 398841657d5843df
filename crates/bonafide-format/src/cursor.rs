//! Reads bytes in order, through a small buffer, and never past the end.

use crate::read::ReadAt;
use crate::stop::Stop;

/// Bytes that are fetched at a time when they are read in order.
const BUFFER: usize = 64 << 10;

/// Bytes that are fetched first, and after a leap: often no more are wanted.
const GLANCE: usize = 1 << 10;

/// A place in some bytes. Numbers are little-endian unless the name says otherwise.
pub(crate) struct Cursor<'a> {
    source: &'a dyn ReadAt,
    /// Where the buffer starts in the source.
    start: u64,
    buffer: Vec<u8>,
    /// The next byte, counted from the start of the buffer.
    next: usize,
}

impl<'a> Cursor<'a> {
    /// At `offset`; one beyond the end is at the end.
    pub(crate) fn new(source: &'a dyn ReadAt, offset: u64) -> Self {
        Self {
            source,
            start: offset.min(source.size()),
            buffer: Vec::new(),
            next: 0,
        }
    }

    /// Offset of the next byte.
    pub(crate) fn position(&self) -> u64 {
        self.start + self.next as u64
    }

    /// Bytes that are left.
    pub(crate) fn remaining(&self) -> u64 {
        self.source.size().saturating_sub(self.position())
    }

    /// Goes to another place.
    pub(crate) fn seek(&mut self, offset: u64) {
        match offset
            .checked_sub(self.start)
            .and_then(|ahead| usize::try_from(ahead).ok())
        {
            Some(ahead) if ahead <= self.buffer.len() => self.next = ahead,
            _ => {
                self.start = offset.min(self.source.size());
                self.buffer.clear();
                self.next = 0;
            }
        }
    }

    /// Leaves out `length` bytes, which must be there.
    pub(crate) fn skip(&mut self, length: u64) -> Result<(), Stop> {
        if length > self.remaining() {
            return Err(self.short(length));
        }
        self.seek(self.position() + length);
        Ok(())
    }

    /// The next `length` bytes, which stay the next ones. They must be there, and be no
    /// more than the caller checked to be sensible: they are held in memory.
    pub(crate) fn peek(&mut self, length: usize) -> Result<&[u8], Stop> {
        let end = self.next.saturating_add(length);
        if end > self.buffer.len() {
            self.fill(length)?;
        }
        self.buffer
            .get(self.next..self.next + length)
            .ok_or(Stop::Malformed {
                at: self.start,
                message: String::from("the bytes end"),
            })
    }

    /// The next `length` bytes; the same conditions.
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&[u8], Stop> {
        self.peek(length)?;
        let from = self.next;
        self.next += length;
        Ok(self.buffer.get(from..self.next).unwrap_or_default())
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(N)?);
        Ok(array)
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8, Stop> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    /// The next two bytes as a number.
    pub(crate) fn u16(&mut self) -> Result<u16, Stop> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// The next four bytes as a number.
    pub(crate) fn u32(&mut self) -> Result<u32, Stop> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// The next eight bytes as a number.
    pub(crate) fn u64(&mut self) -> Result<u64, Stop> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// The next four bytes as a number, the most significant first.
    pub(crate) fn u32_be(&mut self) -> Result<u32, Stop> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// The next eight bytes as a number, the most significant first.
    pub(crate) fn u64_be(&mut self) -> Result<u64, Stop> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    /// That the bytes end where something of `length` bytes should be.
    fn short(&self, length: u64) -> Stop {
        Stop::Malformed {
            at: self.position(),
            message: format!(
                "{length} bytes are announced and {} are left",
                self.remaining()
            ),
        }
    }

    fn fill(&mut self, length: usize) -> Result<(), Stop> {
        let left = self.remaining();
        if length as u64 > left {
            return Err(self.short(length as u64));
        }
        let position = self.position();
        // Reading on fetches more and more; the buffer is empty after a leap.
        let ahead = self.buffer.len().saturating_mul(4).clamp(GLANCE, BUFFER);
        let wanted = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(ahead)
            .max(length);
        self.start = position;
        self.next = 0;
        self.buffer.resize(wanted, 0);
        let read = self.source.read_at(position, &mut self.buffer);
        if read.is_err() {
            self.buffer.clear();
        }
        Ok(read?)
    }
}
