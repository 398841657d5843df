//! What is kept of each record: its key, where it is, its label and its split.

use crate::{DatasetError, RecordId};

/// Key (two words), place, mark.
pub(crate) type Row = [u64; 4];

/// Bits of a record's number. The shard has 23 bits above them, and the lowest bit says
/// whether the record was added since the earlier version.
const RECORD_BITS: u32 = 40;
const SHARD_BITS: u32 = 23;

/// Shard and number of a record in one word, ordered as [`RecordId`] is.
pub(crate) fn place(id: RecordId, added: bool) -> Result<u64, DatasetError> {
    if id.shard >> SHARD_BITS != 0 || id.record >> RECORD_BITS != 0 {
        return Err(DatasetError::OverBudget {
            file: "records".into(),
            at: format!("record {} of shard {}", id.record, id.shard),
            reason: "2^23 shards of 2^40 records can be compared".to_owned(),
        });
    }
    let shard = u64::from(id.shard) << (RECORD_BITS + 1);
    Ok(shard | (id.record << 1) | u64::from(added))
}

/// The record of a place.
pub(crate) fn record(place: u64) -> RecordId {
    RecordId {
        shard: u32::try_from(place >> (RECORD_BITS + 1)).unwrap_or(u32::MAX),
        record: (place >> 1) & ((1 << RECORD_BITS) - 1),
    }
}

/// True if the record was added.
pub(crate) const fn was_added(place: u64) -> bool {
    place & 1 == 1
}

/// Label and split in one word: 56 bits of the label's hash, never zero for a label, and
/// the number of the split, zero for none.
pub(crate) fn mark(label: u64, split: u8) -> u64 {
    (label << 8) | u64::from(split)
}

/// The label of a mark; zero for none.
pub(crate) const fn label(mark: u64) -> u64 {
    mark >> 8
}

/// The split of a mark; zero for none.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the lowest byte is the split"
)]
pub(crate) const fn split(mark: u64) -> u8 {
    mark as u8
}
