//! Bytes of one file, read from its beginning or anywhere.

use std::io::{self, Read};

use bonafide_core::{RawName, ReadError};

use crate::error::DatasetError;
use crate::files::{FileBytes, Files};

/// A file of the listing, with what is needed to open it and to speak of it.
#[derive(Clone)]
pub(super) struct Input<'f> {
    files: &'f dyn Files,
    index: usize,
    /// Its name below the root.
    pub(super) name: RawName,
    /// Its size in bytes, as listed.
    pub(super) size: u64,
}

impl<'f> Input<'f> {
    /// The file at `index`; none if there is no such file.
    pub(super) fn at(files: &'f dyn Files, index: usize) -> Option<Self> {
        let listed = files.list().get(index)?;
        Some(Self {
            files,
            index,
            name: listed.name.clone(),
            size: listed.size,
        })
    }

    /// Opens it; an error if it has another size than when it was listed.
    pub(super) fn open(&self) -> Result<FileBytes, DatasetError> {
        let bytes = self
            .files
            .open(self.index)
            .map_err(|error| self.unread(error))?;
        if bytes.size() != self.size {
            let reason = format!(
                "{} bytes were listed, {} are there",
                self.size,
                bytes.size()
            );
            return Err(self.unread(ReadError::Failed { reason }));
        }
        Ok(bytes)
    }

    /// Fills a buffer from `offset`.
    pub(super) fn fill(
        &self,
        bytes: &FileBytes,
        offset: u64,
        buffer: &mut [u8],
    ) -> Result<(), DatasetError> {
        bytes
            .read_at(offset, buffer)
            .map_err(|error| self.unread(error))
    }

    /// Its first bytes, at most `most`.
    pub(super) fn head(&self, most: usize) -> Result<Vec<u8>, DatasetError> {
        let length = usize::try_from(self.size).unwrap_or(most).min(most);
        let mut head = vec![0; length];
        self.fill(&self.open()?, 0, &mut head)?;
        Ok(head)
    }

    pub(super) fn unread(&self, error: ReadError) -> DatasetError {
        DatasetError::Read {
            file: self.name.clone(),
            error,
        }
    }

    pub(super) fn malformed(
        &self,
        at: impl Into<String>,
        reason: impl Into<String>,
    ) -> DatasetError {
        DatasetError::Malformed {
            file: self.name.clone(),
            at: at.into(),
            reason: reason.into(),
        }
    }

    pub(super) fn over(&self, at: impl Into<String>, reason: impl Into<String>) -> DatasetError {
        DatasetError::OverBudget {
            file: self.name.clone(),
            at: at.into(),
            reason: reason.into(),
        }
    }

    /// What a reader of ours said through [`io::Error`], or else that the bytes are wrong.
    pub(super) fn failed(&self, at: impl Into<String>, error: io::Error) -> DatasetError {
        match error.downcast::<DatasetError>() {
            Ok(ours) => ours,
            Err(error) => self.malformed(at, error.to_string()),
        }
    }
}

/// So much is read at a time.
const CHUNK: usize = 256 << 10;

/// Reads one file from an offset on, in large pieces.
pub(super) struct Sequential<'f> {
    input: Input<'f>,
    bytes: FileBytes,
    offset: u64,
    step: usize,
    buffer: Vec<u8>,
    used: usize,
}

impl<'f> Sequential<'f> {
    pub(super) fn open(input: &Input<'f>, offset: u64) -> Result<Self, DatasetError> {
        Ok(Self {
            bytes: input.open()?,
            input: input.clone(),
            offset,
            step: CHUNK,
            buffer: Vec::new(),
            used: 0,
        })
    }

    /// The same, reading so many bytes at a time.
    pub(super) fn in_steps_of(mut self, step: usize) -> Self {
        self.step = step.max(1);
        self
    }

    /// Goes over bytes without reading them; how many there were.
    pub(super) fn skip(&mut self, length: u64) -> u64 {
        let buffered = self.buffer.len().saturating_sub(self.used) as u64;
        let near = length.min(buffered);
        self.used += usize::try_from(near).unwrap_or(0);
        let left = self.bytes.size().saturating_sub(self.offset);
        let far = (length - near).min(left);
        self.offset += far;
        near + far
    }

    fn refill(&mut self) -> io::Result<()> {
        let left = self.bytes.size().saturating_sub(self.offset);
        let length = usize::try_from(left).unwrap_or(self.step).min(self.step);
        self.buffer.resize(length, 0);
        self.used = 0;
        self.input
            .fill(&self.bytes, self.offset, &mut self.buffer)
            .map_err(io::Error::other)?;
        self.offset += length as u64;
        Ok(())
    }
}

impl Read for Sequential<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.used >= self.buffer.len() {
            self.refill()?;
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

/// Fills the buffer as far as there are bytes; how many there were.
pub(super) fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
