//! The bytes that readers get, and a witness of failed reads.

use std::sync::{Mutex, PoisonError};

pub use bonafide_core::{ReadAt, ReadError, Window};

/// Remembers whether a read failed, so that no reader can pass over it: one that takes
/// what it could not look at for nothing would call it clean.
pub(crate) struct Witness<'a> {
    source: &'a dyn ReadAt,
    failure: Mutex<Option<String>>,
}

impl<'a> Witness<'a> {
    pub(crate) fn new(source: &'a dyn ReadAt) -> Self {
        Self {
            source,
            failure: Mutex::new(None),
        }
    }

    /// Why the first read that failed did.
    pub(crate) fn into_failure(self) -> Option<String> {
        self.failure
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadAt for Witness<'_> {
    fn size(&self) -> u64 {
        self.source.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let read = self.source.read_at(offset, buffer);
        // Asking beyond the end is how some readers find it.
        if let Err(ReadError::Failed { reason }) = &read {
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert_with(|| format!("{reason} (at {offset})"));
        }
        read
    }
}
