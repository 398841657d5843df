//! Where bytes come from. Whoever opens files implements [`ReadAt`]; readers of formats take it.

use std::fmt;
use std::ops::Range;

/// Bytes that can be read from any place, and that stay what they are while they are read.
pub trait ReadAt: Sync {
    /// How many there are.
    fn size(&self) -> u64;

    /// Fills the whole buffer from `offset`, or fails: a short read is an error.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError>;
}

impl fmt::Debug for dyn ReadAt + '_ {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes", self.size())
    }
}

/// Bytes that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Asked for beyond the end. Readers check before; this is the last door.
    #[error("{length} bytes at {offset} reach beyond the end at {size}")]
    BeyondEnd {
        /// First byte that was asked for.
        offset: u64,
        /// How many were asked for.
        length: u64,
        /// How many there are.
        size: u64,
    },
    /// The system refused, or the file changed.
    #[error("{reason}")]
    Failed {
        /// What it says.
        reason: String,
    },
}

impl ReadAt for [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let found = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..start.checked_add(buffer.len())?));
        match found {
            Some(bytes) => {
                buffer.copy_from_slice(bytes);
                Ok(())
            }
            None => Err(ReadError::BeyondEnd {
                offset,
                length: buffer.len() as u64,
                size: self.size(),
            }),
        }
    }
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> u64 {
        self.as_slice().size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        self.as_slice().read_at(offset, buffer)
    }
}

impl ReadAt for &[u8] {
    fn size(&self) -> u64 {
        (**self).size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        (**self).read_at(offset, buffer)
    }
}

/// A part of other bytes, as bytes of their own that start at zero.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    whole: &'a dyn ReadAt,
    start: u64,
    size: u64,
}

impl<'a> Window<'a> {
    /// The bytes of `range`, as far as they exist.
    pub fn new(whole: &'a dyn ReadAt, range: Range<u64>) -> Self {
        let end = range.end.min(whole.size());
        let start = range.start.min(end);
        Self {
            whole,
            start,
            size: end - start,
        }
    }
}

impl ReadAt for Window<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let length = buffer.len() as u64;
        match offset.checked_add(length) {
            Some(end) if end <= self.size => self.whole.read_at(self.start + offset, buffer),
            _ => Err(ReadError::BeyondEnd {
                offset,
                length,
                size: self.size,
            }),
        }
    }
}
