//! Records of an earlier version, to ask whether a record is one of them.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use bonafide_core::ReadAt;

use super::document::Manifest;
use super::list::RecordList;
use super::sort::Sorter;
use super::spill::{failed, unnamed};
use crate::budget::DatasetBudget;
use crate::error::DatasetError;

/// First half of a record hash. Nobody finds two records with one.
type Half = [u8; 16];

/// Hashes of a page on disk.
const PAGE: usize = 256;

/// The record hashes of an earlier version. Takes a quarter of the budget's memory at
/// most; what does not fit is sorted on disk.
#[derive(Debug)]
pub struct Known {
    /// All hashes in order, or the first of each page.
    hashes: Vec<Half>,
    pages: Option<File>,
    records: u64,
    distinct: u64,
}

impl Known {
    /// Reads them, after the list was held against its manifest.
    pub fn read(
        manifest: &Manifest,
        list: &dyn ReadAt,
        budget: &DatasetBudget,
    ) -> Result<Self, DatasetError> {
        let list = RecordList::open(manifest, list)?;
        let mut sorter = Sorter::<16>::new(budget);
        for (index, shard) in manifest.shards.iter().enumerate() {
            list.entries(index, 0, shard.records, |_, entry| {
                let (half, _) = entry.record.split_at(16);
                sorter.push(half.try_into().unwrap_or_default())
            })?;
        }
        let in_memory = manifest.records <= budget.memory / 8 / 16;
        let mut known = Self {
            hashes: Vec::new(),
            pages: match in_memory {
                true => None,
                false => Some(unnamed(budget)?),
            },
            records: manifest.records,
            distinct: 0,
        };
        let mut last: Option<Half> = None;
        let mut page = Vec::with_capacity(PAGE * 16);
        sorter.finish(|half| {
            if last == Some(*half) {
                return Ok(());
            }
            last = Some(*half);
            if in_memory || known.distinct.is_multiple_of(PAGE as u64) {
                known.hashes.push(*half);
            }
            known.distinct += 1;
            if !in_memory {
                page.extend_from_slice(half);
                if page.len() == PAGE * 16 {
                    known.write(&mut page)?;
                }
            }
            Ok(())
        })?;
        known.write(&mut page)?;
        Ok(known)
    }

    /// Writes the last page.
    fn write(&self, page: &mut Vec<u8>) -> Result<(), DatasetError> {
        let Some(file) = self.pages.as_ref().filter(|_| !page.is_empty()) else {
            return Ok(());
        };
        let start = (self.distinct - (page.len() / 16) as u64) * 16;
        file.write_all_at(page, start)
            .map_err(|error| failed(&error))?;
        page.clear();
        Ok(())
    }

    /// Records of that version, copies counted.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// True if that version has a record with this hash ([`hash_batch`](super::hash_batch)).
    /// How many copies there are of it does not matter. Fails only if the disk does.
    pub fn contains(&self, hash: &[u8; 32]) -> Result<bool, DatasetError> {
        let (half, _) = hash.split_at(16);
        let half: Half = half.try_into().unwrap_or_default();
        let page = match (self.hashes.binary_search(&half), &self.pages) {
            (Ok(_), _) => return Ok(true),
            (Err(0), _) | (Err(_), None) => return Ok(false),
            (Err(after), Some(_)) => (after - 1) as u64,
        };
        let Some(file) = &self.pages else {
            return Ok(false);
        };
        let start = page * PAGE as u64;
        let count = (self.distinct - start).min(PAGE as u64);
        let mut bytes = [0; PAGE * 16];
        let length = usize::try_from(count).unwrap_or(PAGE) * 16;
        let piece = bytes.get_mut(..length).unwrap_or_default();
        file.read_exact_at(piece, start * 16)
            .map_err(|error| failed(&error))?;
        let found = piece.as_chunks::<16>().0.binary_search(&half);
        Ok(found.is_ok())
    }
}
