//! The files of a dataset, as whoever opens files gives them.

use std::sync::Arc;

use bonafide_core::{RawName, ReadAt, ReadError};

/// Bytes of one file.
pub type FileBytes = Arc<dyn ReadAt + Send + Sync>;

/// A file of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name below the root, with `/` between the parts.
    pub name: RawName,
    /// Its size in bytes.
    pub size: u64,
}

/// The files of a dataset. There may be a million, so each is opened when it is its turn.
pub trait Files: Sync {
    /// All of them, ordered by the bytes of their names.
    fn list(&self) -> &[Listed];

    /// Opens the one at `index` of the listing.
    fn open(&self, index: usize) -> Result<FileBytes, ReadError>;
}

/// Files that are in memory.
#[derive(Debug, Clone, Default)]
pub struct InMemory {
    listed: Vec<Listed>,
    bytes: Vec<Arc<Vec<u8>>>,
}

impl InMemory {
    /// From names and bytes, in any order.
    pub fn new<N: AsRef<str>>(files: impl IntoIterator<Item = (N, Vec<u8>)>) -> Self {
        let mut files: Vec<(RawName, Vec<u8>)> = files
            .into_iter()
            .map(|(name, bytes)| (RawName::from(name.as_ref()), bytes))
            .collect();
        files.sort_by(|one, other| one.0.cmp(&other.0));
        let mut made = Self::default();
        for (name, bytes) in files {
            let size = bytes.len() as u64;
            made.listed.push(Listed { name, size });
            made.bytes.push(Arc::new(bytes));
        }
        made
    }
}

impl Files for InMemory {
    fn list(&self) -> &[Listed] {
        &self.listed
    }

    fn open(&self, index: usize) -> Result<FileBytes, ReadError> {
        match self.bytes.get(index) {
            Some(bytes) => Ok(Arc::<Vec<u8>>::clone(bytes)),
            None => Err(ReadError::Failed {
                reason: format!("there is no file {index}"),
            }),
        }
    }
}
