//! Bytes as the decoders of other crates want them.

use std::cell::Cell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::ops::Range;

use crate::read::ReadAt;

/// Bytes that are fetched at a time.
const BUFFER: usize = 32 << 10;

/// Where a decoder has got to: shared, because a decoder keeps its input to itself.
#[derive(Debug, Default)]
pub(crate) struct Position(Cell<u64>);

impl Position {
    /// Offset of the first byte that was not taken.
    pub(crate) fn get(&self) -> u64 {
        self.0.get()
    }
}

/// A range of some bytes, read in order. Takes no byte that was not asked for.
pub(crate) struct Input<'a> {
    source: &'a dyn ReadAt,
    position: &'a Position,
    end: u64,
    buffer: Vec<u8>,
    /// The next byte of the buffer.
    next: usize,
}

impl<'a> Input<'a> {
    pub(crate) fn new(source: &'a dyn ReadAt, range: Range<u64>, position: &'a Position) -> Self {
        let end = range.end.min(source.size());
        position.0.set(range.start.min(end));
        Self {
            source,
            position,
            end,
            buffer: Vec::new(),
            next: 0,
        }
    }
}

impl Read for Input<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let length = ready.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..length), ready.get(..length)) {
            to.copy_from_slice(from);
        }
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.next >= self.buffer.len() {
            let at = self.position.get();
            let left = usize::try_from(self.end.saturating_sub(at)).unwrap_or(usize::MAX);
            self.next = 0;
            self.buffer.resize(left.min(BUFFER), 0);
            if let Err(error) = self.source.read_at(at, &mut self.buffer) {
                self.buffer.clear();
                return Err(io::Error::other(error));
            }
        }
        Ok(self.buffer.get(self.next..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.next += amount;
        self.position.0.set(self.position.get() + amount as u64);
    }
}

/// From the start of the source, not of the range: for readers of whole files.
impl Seek for Input<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(ahead) => self.end.checked_add_signed(ahead),
            SeekFrom::Current(ahead) => self.position.get().checked_add_signed(ahead),
        };
        let at = at.ok_or(io::ErrorKind::InvalidInput)?;
        self.buffer.clear();
        self.next = 0;
        self.position.0.set(at);
        Ok(at)
    }
}
