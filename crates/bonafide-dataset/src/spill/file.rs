//! A file without a name that grows at its end.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use super::Ledger;
use crate::DatasetError;

/// Made when the first bytes come; gone when it is dropped, or the process is.
#[derive(Debug, Default)]
pub(crate) struct SpillFile {
    inner: Mutex<Option<(File, u64)>>,
}

impl SpillFile {
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
        file.seek(SeekFrom::Start(at)).map_err(refused)?;
        file.read_exact(bytes).map_err(refused)
    }
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
