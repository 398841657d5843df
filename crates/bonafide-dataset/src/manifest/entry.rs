//! What a record list says of one record.

use super::merkle::Hash;

/// A record of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The record's hash, a leaf of its shard's tree.
    pub(super) record: Hash,
    /// By what the record is known from version to version.
    pub(super) key: [u8; 16],
    /// The label's hash.
    pub(super) label: [u8; 16],
    /// The record without its label and key.
    pub(super) content: [u8; 16],
}

/// How entries are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// True if there is a key column; else keys are contents, which are not stored twice.
    pub(super) keyed: bool,
}

impl Layout {
    /// Bytes of an entry.
    pub(super) const fn width(self) -> usize {
        if self.keyed { 80 } else { 64 }
    }

    /// Appends an entry.
    pub(super) fn append(self, entry: &Entry, out: &mut Vec<u8>) {
        out.extend_from_slice(&entry.record);
        out.extend_from_slice(&entry.key);
        out.extend_from_slice(&entry.label);
        if self.keyed {
            out.extend_from_slice(&entry.content);
        }
    }

    /// Reads an entry; none if there are not as many bytes as it has.
    pub(super) fn read(self, bytes: &[u8]) -> Option<Entry> {
        let (record, rest) = bytes.split_first_chunk()?;
        let (key, rest) = rest.split_first_chunk()?;
        let (label, rest) = rest.split_first_chunk()?;
        let content = match self.keyed {
            true => *rest.first_chunk()?,
            false => *key,
        };
        Some(Entry {
            record: *record,
            key: *key,
            label: *label,
            content,
        })
    }

    /// All entries of a piece; what is left over at its end is no entry.
    pub(super) fn entries(self, piece: &[u8]) -> impl Iterator<Item = Entry> {
        piece
            .chunks_exact(self.width())
            .filter_map(move |bytes| self.read(bytes))
    }
}
