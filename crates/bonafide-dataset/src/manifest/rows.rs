//! The hashes of the records of a batch.

use arrow_array::RecordBatch;
use sha2::{Digest as _, Sha256};

use super::encoding::{TooLong, Values, append_length, append_name, domain, encoder, tag};
use super::entry::Entry;
use super::merkle::Hash;
use crate::error::DatasetError;
use crate::records::{Batch, Shard};
use crate::roles::Roles;

/// The record hash of each record of a batch that was read with all its columns
/// ([`Columns::All`](crate::Columns::All)), in their order: what
/// [`Known::contains`](super::Known::contains) takes.
pub fn hash_batch(shard: &Shard, batch: &Batch) -> Result<Vec<[u8; 32]>, DatasetError> {
    let rows =
        Rows::of(&batch.records, &Roles::default()).map_err(|kind| unencodable(shard, &kind))?;
    let mut scratch = Scratch::default();
    (0..batch.records.num_rows())
        .map(|row| {
            rows.encode(row, &mut scratch, usize::MAX)
                .map_err(|TooLong| too_long(shard, batch, row, u64::MAX))?;
            Ok(scratch.record_hash())
        })
        .collect()
}

/// A type without a canonical form.
pub(super) fn unencodable(shard: &Shard, kind: &str) -> DatasetError {
    DatasetError::Malformed {
        file: shard.name.clone(),
        at: String::new(),
        reason: format!("there is no canonical form of the type {kind}"),
    }
}

/// A record that is longer than it may be.
pub(super) fn too_long(shard: &Shard, batch: &Batch, row: usize, most: u64) -> DatasetError {
    DatasetError::OverBudget {
        file: shard.name.clone(),
        at: format!("record {}", batch.first.saturating_add(row as u64)),
        reason: format!("a record may have {most} bytes (`record_bytes`)"),
    }
}

/// The columns of a batch, ready to be hashed.
pub(super) struct Rows<'a> {
    columns: Vec<Column<'a>>,
    /// Columns that are neither label nor key.
    content: usize,
}

struct Column<'a> {
    /// Length of the name, and name.
    prefix: Vec<u8>,
    values: Values<'a>,
    is_label: bool,
    is_key: bool,
}

/// Bytes of the record at hand; used again for each.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    record: Vec<u8>,
    content: Vec<u8>,
    key: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// The columns, or the name of a type that has no canonical form.
    pub(super) fn of(records: &'a RecordBatch, roles: &Roles) -> Result<Self, String> {
        let schema = records.schema_ref();
        let mut columns: Vec<(&str, Column<'a>)> = Vec::with_capacity(records.num_columns());
        for (field, column) in schema.fields().iter().zip(records.columns()) {
            let name = field.name().as_str();
            let mut prefix = Vec::with_capacity(name.len() + 2);
            append_name(&mut prefix, name);
            columns.push((
                name,
                Column {
                    prefix,
                    values: encoder(column)?,
                    is_label: roles.label.as_deref() == Some(name),
                    is_key: roles.key.as_deref() == Some(name),
                },
            ));
        }
        columns.sort_by(|one, other| one.0.cmp(other.0));
        let columns: Vec<Column<'a>> = columns.into_iter().map(|(_, column)| column).collect();
        let content = columns
            .iter()
            .filter(|column| !column.is_label && !column.is_key)
            .count();
        Ok(Self { columns, content })
    }

    /// Writes the canonical forms of a record into `scratch`.
    pub(super) fn encode(
        &self,
        row: usize,
        scratch: &mut Scratch,
        limit: usize,
    ) -> Result<(), TooLong> {
        let Scratch {
            record,
            content,
            key,
        } = scratch;
        key.clear();
        start(record, domain::LEAF, self.columns.len());
        start(content, domain::CONTENT, self.content);
        for column in &self.columns {
            let begin = record.len();
            record.extend_from_slice(&column.prefix);
            let value = record.len();
            column.values.append(row, record, limit)?;
            if record.len() > limit {
                return Err(TooLong);
            }
            if column.is_key {
                key.push(domain::KEY);
                key.extend_from_slice(record.get(value..).unwrap_or_default());
            }
            if !column.is_label && !column.is_key {
                content.extend_from_slice(record.get(begin..).unwrap_or_default());
            }
        }
        Ok(())
    }
}

fn start(bytes: &mut Vec<u8>, domain: u8, fields: usize) {
    bytes.clear();
    bytes.extend_from_slice(&[domain, tag::STRUCTURE]);
    append_length(bytes, fields);
}

impl Scratch {
    /// Hash of the record at hand.
    pub(super) fn record_hash(&self) -> Hash {
        Sha256::digest(&self.record).into()
    }

    /// What the list says of the record at hand, but for its label's hash.
    pub(super) fn entry(&self, label: [u8; 16]) -> Entry {
        let content = shortened(&self.content);
        let key = match self.key.as_slice() {
            [] | [domain::KEY, tag::NULL] => content,
            key => shortened(key),
        };
        Entry {
            record: self.record_hash(),
            key,
            label,
            content,
        }
    }
}

/// The first half of SHA-256.
fn shortened(bytes: &[u8]) -> [u8; 16] {
    let hash: Hash = Sha256::digest(bytes).into();
    let mut half = [0; 16];
    for (place, byte) in half.iter_mut().zip(hash) {
        *place = byte;
    }
    half
}
