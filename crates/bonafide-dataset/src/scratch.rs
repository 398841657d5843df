//! Bytes on disk that nobody else sees.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::os::unix::fs::FileExt as _;

use bonafide_core::{ReadAt, ReadError};

use crate::{DatasetBudget, DatasetError};

/// A file without a name that is written from its start to its end.
#[derive(Debug)]
pub struct Scratch(BufWriter<File>);

/// The same, to be read.
#[derive(Debug)]
pub struct Written {
    file: File,
    size: u64,
}

impl Scratch {
    /// An empty one, where the budget spills to.
    pub fn new(budget: &DatasetBudget) -> Result<Self, DatasetError> {
        let folder = budget.spill.clone().unwrap_or_else(std::env::temp_dir);
        let file = tempfile::tempfile_in(&folder).map_err(|error| spilling(&error))?;
        Ok(Self(BufWriter::new(file)))
    }

    /// All that was written.
    pub fn finish(self) -> Result<Written, DatasetError> {
        let file = self.0.into_inner();
        let file = file.map_err(|error| spilling(error.error()))?;
        let metadata = file.metadata().map_err(|error| spilling(&error))?;
        let size = metadata.len();
        Ok(Written { file, size })
    }
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Written {
    /// From the start, as a stream.
    pub fn reader(&mut self) -> io::Result<impl Read + '_> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(&mut self.file)
    }
}

impl ReadAt for Written {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let read = self.file.read_exact_at(buffer, offset);
        read.map_err(|error| ReadError::Failed {
            reason: error.to_string(),
        })
    }
}

fn spilling(error: &io::Error) -> DatasetError {
    DatasetError::Spill {
        reason: error.to_string(),
    }
}
