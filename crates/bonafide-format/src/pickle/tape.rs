//! The bytes of a pickle, in the order in which an unpickler takes them.

use std::ops::Range;

use crate::read::ReadAt;
use crate::stop::Stop;

/// Bytes that are fetched at a time: few at first, since many pickles are short.
const FIRST: usize = 512;
const BUFFER: usize = 256 << 10;

/// Longest line, or counted constant, that is held in memory.
pub(crate) const LONGEST: usize = 1 << 20;

/// Longest line at all; the text of a number or a string of protocol 0.
const LONGEST_LINE: usize = 64 << 20;

/// How frames are taken: the readers of CPython differ where frames lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As `pickle.loads` of CPython: one run of bytes, frames are only counted.
    Buffer,
    /// As `pickle.load` of CPython from a file that cannot look ahead: a frame is fetched
    /// as a whole, and what is left of it when something longer is asked for is dropped.
    File,
}

/// A place in the bytes.
pub(crate) struct Tape<'a> {
    source: &'a dyn ReadAt,
    size: u64,
    /// Where the buffer starts in the source.
    start: u64,
    buffer: Vec<u8>,
    /// The next byte, counted from the start of the buffer.
    next: usize,
    /// How much is fetched next.
    step: usize,
    reading: Reading,
    /// Where the frame ends that is being read; the last number there is if there is none.
    frame_end: u64,
}

/// Some bytes of a constant.
pub(crate) struct Content<'t> {
    /// Where they are.
    pub(crate) range: Range<u64>,
    /// They themselves, unless there are too many of them.
    pub(crate) bytes: Option<&'t [u8]>,
}

impl<'a> Tape<'a> {
    pub(crate) fn new(source: &'a dyn ReadAt, offset: u64, reading: Reading) -> Self {
        let size = source.size();
        Self {
            source,
            size,
            start: offset.min(size),
            buffer: Vec::new(),
            next: 0,
            step: FIRST,
            reading,
            frame_end: u64::MAX,
        }
    }

    pub(crate) fn source(&self) -> &'a dyn ReadAt {
        self.source
    }

    /// Offset of the next byte.
    #[inline]
    pub(crate) fn position(&self) -> u64 {
        self.start + self.next as u64
    }

    pub(crate) fn remaining(&self) -> u64 {
        self.size.saturating_sub(self.position())
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn reading(&self) -> Reading {
        self.reading
    }

    /// Where the frame ends; the last number there is if there is none.
    #[inline]
    pub(crate) fn frame_end(&self) -> u64 {
        self.frame_end
    }

    pub(crate) fn set_frame_end(&mut self, end: u64) {
        self.frame_end = end;
    }

    /// Goes to another place.
    pub(crate) fn seek(&mut self, offset: u64) {
        match offset
            .checked_sub(self.start)
            .and_then(|ahead| usize::try_from(ahead).ok())
        {
            Some(ahead) if ahead <= self.buffer.len() => self.next = ahead,
            _ => {
                self.start = offset.min(self.size);
                self.buffer.clear();
                self.next = 0;
            }
        }
    }

    /// The next byte; none at the end.
    #[inline]
    pub(crate) fn byte(&mut self) -> Result<Option<u8>, Stop> {
        if let Some(byte) = self.buffer.get(self.next) {
            self.next += 1;
            return Ok(Some(*byte));
        }
        self.next_buffer()
    }

    #[cold]
    fn next_buffer(&mut self) -> Result<Option<u8>, Stop> {
        if self.remaining() == 0 {
            return Ok(None);
        }
        self.fetch(1)?;
        let byte = self.buffer.get(self.next).copied();
        self.next += 1;
        Ok(byte)
    }

    /// Drops what is left of a frame, if something that long does not fit into it.
    fn leave_frame(&mut self, length: u64) {
        if self.reading == Reading::File
            && self.frame_end != u64::MAX
            && self.position() < self.frame_end
            && self.position().saturating_add(length) > self.frame_end
        {
            let end = self.frame_end;
            self.seek(end);
        }
    }

    /// The next `length` bytes, no more than [`LONGEST`].
    pub(crate) fn take(&mut self, length: usize) -> Result<&[u8], Stop> {
        if self.frame_end != u64::MAX {
            self.leave_frame(length as u64);
        }
        if self.buffer.len().saturating_sub(self.next) < length {
            self.fetch(length)?;
        }
        let from = self.next;
        self.next += length;
        Ok(self.buffer.get(from..self.next).unwrap_or_default())
    }

    /// The next `N` bytes.
    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// A constant of `length` bytes. CPython reads byte strings through the end of a
    /// frame, and text only from within one.
    pub(crate) fn content(&mut self, length: u64, through: bool) -> Result<Content<'_>, Stop> {
        if !through && self.frame_end != u64::MAX {
            self.leave_frame(length);
        }
        if length > self.remaining() {
            return Err(self.short(length));
        }
        let start = self.position();
        let range = start..start + length;
        match usize::try_from(length) {
            Ok(length) if length <= LONGEST => {
                if self.buffer.len().saturating_sub(self.next) < length {
                    self.fetch(length)?;
                }
                let from = self.next;
                self.next += length;
                Ok(Content {
                    range,
                    bytes: self.buffer.get(from..self.next),
                })
            }
            _ => {
                self.seek(range.end);
                Ok(Content { range, bytes: None })
            }
        }
    }

    /// The next line, without its end, and where it starts.
    pub(crate) fn line(&mut self) -> Result<(u64, &[u8]), Stop> {
        if self.reading == Reading::File && self.frame_end != u64::MAX {
            self.leave_frame_for_line()?;
        }
        let mut searched = 0;
        loop {
            let rest = self.buffer.get(self.next..).unwrap_or_default();
            let unseen = rest.get(searched..).unwrap_or_default();
            if let Some(found) = memchr::memchr(b'\n', unseen) {
                let at = self.position();
                let from = self.next;
                let end = from + searched + found;
                self.next = end + 1;
                return Ok((at, self.buffer.get(from..end).unwrap_or_default()));
            }
            searched = rest.len();
            let left = self.remaining();
            if searched as u64 >= left {
                return Err(Stop::malformed(
                    self.position(),
                    "a line is announced and none ends",
                ));
            }
            if searched >= LONGEST_LINE {
                return Err(Stop::Exhausted {
                    what: "bytes of a line",
                    limit: LONGEST_LINE as u64,
                });
            }
            let wanted = (searched * 2).max(BUFFER) as u64;
            self.fetch(usize::try_from(wanted.min(left)).unwrap_or(BUFFER))?;
        }
    }

    /// A line that does not end in its frame is read from behind it.
    fn leave_frame_for_line(&mut self) -> Result<(), Stop> {
        let (end, mut at) = (self.frame_end, self.position());
        while at < end.min(self.size) {
            let length = usize::try_from(end.min(self.size) - at).unwrap_or(BUFFER);
            let mut bytes = vec![0; length.min(BUFFER)];
            self.source.read_at(at, &mut bytes)?;
            if memchr::memchr(b'\n', &bytes).is_some() {
                return Ok(());
            }
            at += bytes.len() as u64;
        }
        self.seek(self.position().max(end));
        Ok(())
    }

    /// Bytes of another place.
    pub(crate) fn look(&self, range: Range<u64>) -> Result<Vec<u8>, Stop> {
        let length = range.end.saturating_sub(range.start);
        let length = usize::try_from(length).unwrap_or(0).min(LONGEST);
        if let Some(ahead) = range.start.checked_sub(self.start)
            && let Ok(from) = usize::try_from(ahead)
            && let Some(bytes) = self.buffer.get(from..from.saturating_add(length))
        {
            return Ok(bytes.to_vec());
        }
        let mut bytes = vec![0; length];
        self.source.read_at(range.start, &mut bytes)?;
        Ok(bytes)
    }

    fn short(&self, length: u64) -> Stop {
        let left = self.remaining();
        let message = format!("{length} bytes are announced and {left} are left");
        Stop::malformed(self.position(), message)
    }

    fn fetch(&mut self, length: usize) -> Result<(), Stop> {
        let left = self.remaining();
        if length as u64 > left {
            return Err(self.short(length as u64));
        }
        let wanted = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(self.step)
            .max(length);
        self.step = (self.step * 4).min(BUFFER);
        self.start = self.position();
        self.next = 0;
        self.buffer.resize(wanted, 0);
        let read = self.source.read_at(self.start, &mut self.buffer);
        if read.is_err() {
            self.buffer.clear();
        }
        Ok(read?)
    }
}
