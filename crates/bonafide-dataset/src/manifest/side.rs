//! Where the entries of a version come from: a list, or records that were just read.

use bonafide_core::Digest;

use super::document::Manifest;
use super::entry::Entry;
use super::list::RecordList;
use super::measure::Measured;
use super::merkle::Hash;
use super::spill::CHUNK;
use crate::error::DatasetError;
use crate::records::RecordId;

/// A shard of one side of a comparison.
#[derive(Debug, Clone, Copy)]
pub(super) struct SideShard<'a> {
    pub(super) name: &'a str,
    pub(super) split: Option<&'a str>,
    pub(super) records: u64,
    pub(super) root: Digest,
}

/// Takes entries with the numbers of their records.
pub(super) type Take<'t> = dyn FnMut(u64, Entry) -> Result<(), DatasetError> + 't;

/// One of two versions.
pub(super) trait Side {
    /// Its shards, ordered by name.
    fn shards(&self) -> Vec<SideShard<'_>>;

    /// Entries of records `from` to `end` of a shard.
    fn entries(
        &self,
        shard: usize,
        from: u64,
        end: u64,
        take: &mut Take<'_>,
    ) -> Result<(), DatasetError>;
}

impl Side for (&Manifest, &RecordList<'_>) {
    fn shards(&self) -> Vec<SideShard<'_>> {
        let shards = self.0.shards.iter();
        shards
            .map(|shard| SideShard {
                name: &shard.name,
                split: shard.split.as_deref(),
                records: shard.records,
                root: shard.root,
            })
            .collect()
    }

    fn entries(
        &self,
        shard: usize,
        from: u64,
        end: u64,
        take: &mut Take<'_>,
    ) -> Result<(), DatasetError> {
        self.1.entries(shard, from, end, take)
    }
}

impl Side for Measured {
    fn shards(&self) -> Vec<SideShard<'_>> {
        let shards = self.shards.iter();
        shards
            .map(|shard| SideShard {
                name: &shard.name,
                split: shard.split.as_deref(),
                records: shard.records,
                root: Digest::sha256(shard.root),
            })
            .collect()
    }

    fn entries(
        &self,
        shard: usize,
        from: u64,
        end: u64,
        take: &mut Take<'_>,
    ) -> Result<(), DatasetError> {
        let Some(found) = self.shards.get(shard) else {
            return Ok(());
        };
        let mut piece = Vec::new();
        for chunk in from / CHUNK..end.div_ceil(CHUNK) {
            self.spill
                .read(found.index, found.records, chunk, &mut piece)?;
            let numbers = chunk * CHUNK..;
            for (number, entry) in numbers.zip(self.layout.entries(&piece)) {
                if (from..end).contains(&number) {
                    take(number, entry)?;
                }
            }
        }
        Ok(())
    }
}

/// Bytes of an [`Item`] that is to be sorted.
pub(super) const ITEM: usize = 93;

/// An entry on its way to the entries of the other side that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) key: [u8; 16],
    pub(super) record: Hash,
    pub(super) is_new: bool,
    pub(super) id: RecordId,
    pub(super) label: [u8; 16],
    pub(super) content: [u8; 16],
}

impl Item {
    /// So that bytes sort by key, record, side and place.
    pub(super) fn pack(&self) -> [u8; ITEM] {
        let mut bytes = [0; ITEM];
        let parts: [&[u8]; 7] = [
            &self.key,
            &self.record,
            &[u8::from(self.is_new)],
            &self.id.shard.to_be_bytes(),
            &self.id.record.to_be_bytes(),
            &self.label,
            &self.content,
        ];
        let all = parts.into_iter().flatten();
        for (place, byte) in bytes.iter_mut().zip(all) {
            *place = *byte;
        }
        bytes
    }

    pub(super) fn unpack(bytes: &[u8; ITEM]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk()?;
        let (record, rest) = rest.split_first_chunk()?;
        let ([side], rest) = rest.split_first_chunk()?;
        let (shard, rest) = rest.split_first_chunk()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (label, rest) = rest.split_first_chunk()?;
        Some(Self {
            key: *key,
            record: *record,
            is_new: *side == 1,
            id: RecordId {
                shard: u32::from_be_bytes(*shard),
                record: u64::from_be_bytes(*number),
            },
            label: *label,
            content: *rest.first_chunk()?,
        })
    }
}
