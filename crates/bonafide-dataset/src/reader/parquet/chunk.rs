//! A file as the `parquet` crate reads it.

use std::io::{self, Read};

use bonafide_core::ReadError;
use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::files::FileBytes;

use super::super::input::Input;

/// Bytes anywhere in a file.
#[derive(Clone)]
pub(super) struct Chunks {
    bytes: FileBytes,
    size: u64,
}

impl Chunks {
    pub(super) fn new(input: &Input<'_>, bytes: &FileBytes) -> Self {
        Self {
            bytes: FileBytes::clone(bytes),
            size: input.size,
        }
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for Chunks {
    type T = From;

    fn get_read(&self, start: u64) -> Result<From> {
        Ok(From {
            bytes: FileBytes::clone(&self.bytes),
            offset: start,
            buffer: Vec::new(),
            used: 0,
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let fits = start
            .checked_add(length as u64)
            .is_some_and(|end| end <= self.size);
        if !fits {
            return Err(ParquetError::EOF("bytes beyond the end".to_owned()));
        }
        let mut buffer = vec![0; length];
        self.bytes
            .read_at(start, &mut buffer)
            .map_err(|error| ParquetError::External(Box::new(error)))?;
        Ok(Bytes::from(buffer))
    }
}

/// A page header is read byte by byte, and seldom longer.
const AHEAD: usize = 256;

/// Reads on from somewhere.
pub(super) struct From {
    bytes: FileBytes,
    offset: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl Read for From {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.used >= self.buffer.len() {
            let left = self.bytes.size().saturating_sub(self.offset);
            let length = usize::try_from(left).unwrap_or(AHEAD).min(AHEAD);
            self.buffer.resize(length, 0);
            self.used = 0;
            self.bytes
                .read_at(self.offset, &mut self.buffer)
                .map_err(io::Error::other)?;
            self.offset += length as u64;
        }
        let rest = self.buffer.get(self.used..).unwrap_or_default();
        let length = rest.len().min(target.len());
        if let (Some(from), Some(to)) = (rest.get(..length), target.get_mut(..length)) {
            to.copy_from_slice(from);
        }
        self.used += length;
        Ok(length)
    }
}

/// What the file itself said, if it was that which failed.
pub(super) fn read_error(error: &(dyn std::error::Error + 'static)) -> Option<ReadError> {
    let mut error = Some(error);
    while let Some(current) = error {
        if let Some(found) = current.downcast_ref::<ReadError>() {
            return Some(found.clone());
        }
        error = current.source();
    }
    None
}
