//! A file without a name that grows at its end.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use super::Ledger;
use crate::DatasetError;

/// Made when the first bytes come; gone when it is dropped, or the process is.
#[derive(Debug, Default)]
pub(crate) struct SpillFile {
    inner: Mutex<Option<(File, u64)>>,
}

impl SpillFile {
    /// Over a file that is there already.
    #[cfg(test)]
    pub(crate) const fn over(file: File) -> Self {
        Self {
            inner: Mutex::new(Some((file, 0))),
        }
    }

    /// Appends the bytes and says where they begin.
    pub(crate) fn append(&self, ledger: &Ledger, bytes: &[u8]) -> Result<u64, DatasetError> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.is_none() {
            let made = match ledger.folder() {
                Some(folder) => tempfile::tempfile_in(folder),
                None => tempfile::tempfile(),
            };
            *inner = Some((made.map_err(refused)?, 0));
        }
        let Some((file, end)) = inner.as_mut() else {
            return Err(lost());
        };
        let at = *end;
        file.seek(SeekFrom::Start(at)).map_err(refused)?;
        file.write_all(bytes).map_err(refused)?;
        *end = at.saturating_add(bytes.len() as u64);
        ledger.spill(bytes.len() as u64);
        Ok(at)
    }

    /// Fills `bytes` with what was appended at `at`.
    pub(crate) fn read(&self, at: u64, bytes: &mut [u8]) -> Result<(), DatasetError> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((file, _)) = inner.as_mut() else {
            return Err(lost());
        };
        read_at(file, at, bytes).map_err(refused)
    }
}

#[cfg(unix)]
fn read_at(file: &mut File, at: u64, bytes: &mut [u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn read_at(file: &mut File, at: u64, bytes: &mut [u8]) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    std::io::Read::read_exact(file, bytes)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` wants"
)]
fn refused(error: std::io::Error) -> DatasetError {
    DatasetError::Spill {
        reason: error.to_string(),
    }
}

fn lost() -> DatasetError {
    DatasetError::Spill {
        reason: "what was spilled is not there any more".to_owned(),
    }
}
