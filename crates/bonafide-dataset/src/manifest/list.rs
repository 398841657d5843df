//! The record list: written in one go, and read only after it was held against its manifest.

use std::io::Write;

use bonafide_core::{Digest, RawName, ReadAt};
use sha2::{Digest as _, Sha256};

use super::document::{ListDescriptor, Manifest, hash_in};
use super::entry::{Entry, Layout};
use super::measure::Measured;
use super::merkle::{Hash, Tree};
use super::spill::CHUNK;
use crate::error::DatasetError;

/// What the document is called in errors.
const KIND: &str = "record list";

/// First bytes of a list.
const MAGIC: &[u8; 16] = b"bonafide-records";

const VERSION: u32 = 1;

/// There is a key column.
const KEYED: u32 = 1;

/// Bytes before the shards.
const HEADER: u64 = 40;

/// Bytes of a shard before the entries.
const SHARD: u64 = 40;

/// Bytes that are read at a time, roughly.
const PIECE: usize = 1 << 20;

/// How long a list is; none if nothing is that long.
pub(super) fn size_of_list(layout: Layout, shards: u64, records: u64) -> Option<u64> {
    let entries = records.checked_mul(layout.width() as u64)?;
    shards
        .checked_mul(SHARD)?
        .checked_add(HEADER)?
        .checked_add(entries)
}

fn header(layout: Layout, shards: u64, records: u64) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    let flags = if layout.keyed { KEYED } else { 0 };
    bytes.extend_from_slice(&flags.to_le_bytes());
    bytes.extend_from_slice(&shards.to_le_bytes());
    bytes.extend_from_slice(&records.to_le_bytes());
    bytes
}

fn shard_header(records: u64, root: &Hash) -> Vec<u8> {
    [records.to_le_bytes().as_slice(), root].concat()
}

/// Writes the list of what was measured.
pub(super) fn write(
    measured: &Measured,
    out: &mut dyn Write,
) -> Result<ListDescriptor, DatasetError> {
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut put = |bytes: &[u8]| {
        hasher.update(bytes);
        size += bytes.len() as u64;
        out.write_all(bytes)
            .map_err(|error| DatasetError::Document {
                kind: KIND,
                reason: format!("it cannot be written: {error}"),
            })
    };
    let shards = measured.shards.len() as u64;
    put(&header(measured.layout, shards, measured.records))?;
    for shard in &measured.shards {
        put(&shard_header(shard.records, &shard.root))?;
    }
    let mut piece = Vec::new();
    for shard in &measured.shards {
        for chunk in 0..shard.records.div_ceil(CHUNK) {
            let spill = &measured.spill;
            spill.read(shard.index, shard.records, chunk, &mut piece)?;
            put(&piece)?;
        }
    }
    Ok(ListDescriptor {
        digest: Digest::sha256(hasher.finalize().into()),
        size,
    })
}

/// A list whose size and header fit a manifest.
#[derive(Debug, Clone)]
pub(super) struct RecordList<'a> {
    manifest: &'a Manifest,
    bytes: &'a dyn ReadAt,
    layout: Layout,
    /// Where the entries of each shard start.
    starts: Vec<u64>,
}

fn unusable(reason: impl Into<String>) -> DatasetError {
    DatasetError::Document {
        kind: KIND,
        reason: reason.into(),
    }
}

impl<'a> RecordList<'a> {
    /// Looks at size and header alone: whoever goes on has to check what is read.
    pub(super) fn unverified(
        manifest: &'a Manifest,
        bytes: &'a dyn ReadAt,
    ) -> Result<Self, DatasetError> {
        let layout = manifest.layout();
        let shards = manifest.shards.len() as u64;
        if bytes.size() != manifest.list.size {
            return Err(unusable(format!(
                "it has {} bytes, and the manifest says {}",
                bytes.size(),
                manifest.list.size
            )));
        }
        let expected = size_of_list(layout, shards, manifest.records);
        if expected != Some(bytes.size()) {
            return Err(unusable("it is not as long as its records are"));
        }
        let mut start = HEADER + SHARD * shards;
        let mut starts = Vec::with_capacity(manifest.shards.len());
        for shard in &manifest.shards {
            starts.push(start);
            // The sum over all shards was found to be the size of the list.
            start = start.saturating_add(shard.records.saturating_mul(layout.width() as u64));
        }
        let list = Self {
            manifest,
            bytes,
            layout,
            starts,
        };
        let mut found = [0; 40];
        list.read(0, &mut found)?;
        match found.as_slice() == header(layout, shards, manifest.records) {
            true => Ok(list),
            false => Err(unusable("its first 40 bytes are not those of such a list")),
        }
    }

    /// Holds every byte of it against the manifest: the digest, and the root of each shard.
    pub(super) fn open(
        manifest: &'a Manifest,
        bytes: &'a dyn ReadAt,
    ) -> Result<Self, DatasetError> {
        let list = Self::unverified(manifest, bytes)?;
        let mut hasher = Sha256::new();
        let mut start = [0; 40];
        list.read(0, &mut start)?;
        hasher.update(start);
        for (index, shard) in manifest.shards.iter().enumerate() {
            list.read(HEADER + SHARD * index as u64, &mut start)?;
            hasher.update(start);
            let root = hash_in(&shard.root).unwrap_or_default();
            if start.as_slice() != shard_header(shard.records, &root) {
                return Err(list.wrong_shard(index, "other records or another root"));
            }
        }
        for (index, shard) in manifest.shards.iter().enumerate() {
            let mut tree = Tree::default();
            list.pieces(index, 0, shard.records, |piece| {
                hasher.update(piece);
                for entry in list.layout.entries(piece) {
                    tree.push(entry.record);
                }
                Ok(())
            })?;
            if hash_in(&shard.root) != Some(tree.root()) {
                return Err(list.wrong_shard(index, "records that give another root"));
            }
        }
        match Digest::sha256(hasher.finalize().into()) == manifest.list.digest {
            true => Ok(list),
            false => Err(unusable("it has another digest than the manifest says")),
        }
    }

    fn wrong_shard(&self, index: usize, what: &str) -> DatasetError {
        let name = self.manifest.shards.get(index);
        let name = name.map_or("", |shard| shard.name.as_str());
        unusable(format!(
            "it has {what} for the shard `{}`",
            RawName::from(name)
        ))
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<(), DatasetError> {
        self.bytes
            .read_at(offset, buffer)
            .map_err(|error| unusable(format!("it cannot be read at byte {offset}: {error}")))
    }

    /// Entries of records `from` to `end` of a shard, a piece at a time.
    pub(super) fn pieces(
        &self,
        shard: usize,
        from: u64,
        end: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        let width = self.layout.width();
        let start = self.starts.get(shard).copied().unwrap_or(u64::MAX);
        let most = PIECE / width;
        let mut buffer = Vec::new();
        let mut record = from;
        while record < end {
            let count = usize::try_from(end - record).map_or(most, |left| left.min(most));
            buffer.resize(count * width, 0);
            let offset = start.saturating_add(record.saturating_mul(width as u64));
            self.read(offset, &mut buffer)?;
            take(&buffer)?;
            record += count as u64;
        }
        Ok(())
    }

    /// Entries of records `from` to `end` of a shard, with their numbers.
    pub(super) fn entries(
        &self,
        shard: usize,
        from: u64,
        end: u64,
        mut take: impl FnMut(u64, Entry) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        let mut record = from;
        self.pieces(shard, from, end, |piece| {
            for entry in self.layout.entries(piece) {
                take(record, entry)?;
                record += 1;
            }
            Ok(())
        })
    }
}
