//! Inclusion proofs: one record is in a dataset, shown without the rest.

use std::num::NonZeroUsize;
use std::sync::Mutex;

use bonafide_core::{Digest, ReadAt};
use serde::{Deserialize, Serialize};

use super::document::{Manifest, hash_in, shard_leaf};
use super::list::RecordList;
use super::merkle::{Hash, LONGEST_PATH, Tree, path_ranges, root_of_path};
use super::parse::check_name;
use super::{hash_batch, strict};
use crate::error::DatasetError;
use crate::records::{Columns, RecordId, Records};

/// What the document is called in errors.
const KIND: &str = "inclusion proof";

/// Most bytes of a proof: two paths and two names.
const LARGEST: usize = 64 << 10;

/// Version of the format.
const VERSION: u32 = 1;

/// That one record is in a dataset; needs nothing but the root that somebody signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Proof {
    /// Version of the format, 1.
    pub version: u32,
    /// Root of the dataset.
    pub root: Digest,
    /// Number of the shard, from zero.
    pub shard_number: u64,
    /// How many shards there are.
    pub shards: u64,
    /// Audit path over the shards, from the leaf up.
    pub shard_path: Vec<Digest>,
    /// The shard.
    pub shard: ProvenShard,
    /// Number of the record in the shard, from zero.
    pub record: u64,
    /// Hash of the record.
    pub record_hash: Digest,
    /// Audit path in the shard, from the leaf up.
    pub path: Vec<Digest>,
}

/// The shard of a proven record, as far as the root binds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProvenShard {
    /// Its name.
    pub name: String,
    /// The split that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// How many records it has.
    pub records: u64,
    /// Fingerprint of its columns.
    pub schema: Digest,
    /// Root over its records.
    pub root: Digest,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofFailure {
    /// It is about another dataset.
    #[error("the proof is for the root {found}, not for {expected}")]
    OtherRoot {
        /// The root that counts.
        expected: Digest,
        /// The root that the proof names.
        found: Digest,
    },
    /// It is about another record.
    #[error("the proof is for the record {found}, not for {expected}")]
    OtherRecord {
        /// Hash of the record at hand.
        expected: Digest,
        /// Hash that the proof names.
        found: Digest,
    },
    /// The path from the record does not lead to the root of the shard.
    #[error("the record is not number {record} of the shard")]
    NotInShard {
        /// Number that the proof names.
        record: u64,
    },
    /// The path from the shard does not lead to the root.
    #[error("the shard is not number {shard} of the dataset")]
    ShardNotInDataset {
        /// Number that the proof names.
        shard: u64,
    },
}

/// Proves that a record is in a dataset. `id.shard` is the number of the shard in the
/// manifest. Reads the whole shard of the list, and no other.
pub fn prove(manifest: &Manifest, list: &dyn ReadAt, id: RecordId) -> Result<Proof, DatasetError> {
    let wrong = |reason: String| DatasetError::Document { kind: KIND, reason };
    let number = usize::try_from(id.shard).unwrap_or(usize::MAX);
    let Some(shard) = manifest.shards.get(number) else {
        return Err(wrong(format!("there is no shard {}", id.shard)));
    };
    if id.record >= shard.records {
        let reason = format!("the shard has {} records, no {}", shard.records, id.record);
        return Err(wrong(reason));
    }
    let list = RecordList::unverified(manifest, list)?;
    let mut leaf = None;
    list.entries(number, id.record, id.record + 1, |_, entry| {
        leaf = Some(entry.record);
        Ok(())
    })?;
    let mut path = Vec::new();
    for (start, end) in path_ranges(id.record, shard.records) {
        let mut tree = Tree::default();
        list.entries(number, start, end, |_, entry| {
            tree.push(entry.record);
            Ok(())
        })?;
        path.push(Digest::sha256(tree.root()));
    }
    let leaves: Vec<Hash> = manifest
        .shards
        .iter()
        .map(|shard| shard.leaf().unwrap_or_default())
        .collect();
    let shard_path = path_ranges(u64::from(id.shard), leaves.len() as u64)
        .into_iter()
        .map(|(start, end)| {
            let skipped = usize::try_from(start).unwrap_or(usize::MAX);
            let taken = usize::try_from(end - start).unwrap_or(usize::MAX);
            let part = leaves.iter().skip(skipped).take(taken).copied();
            Digest::sha256(Tree::root_of(part))
        })
        .collect();
    let record_hash = Digest::sha256(leaf.unwrap_or_default());
    let proof = Proof {
        version: VERSION,
        root: manifest.root,
        shard_number: u64::from(id.shard),
        shards: manifest.shards.len() as u64,
        shard_path,
        shard: ProvenShard {
            name: shard.name.clone(),
            split: shard.split.clone(),
            records: shard.records,
            schema: shard.schema,
            root: shard.root,
        },
        record: id.record,
        record_hash,
        path,
    };
    // The list was not held against the manifest as a whole: what it gave has to lead there.
    match proof.verify(&manifest.root, &record_hash) {
        Ok(()) => Ok(proof),
        Err(failure) => Err(wrong(format!(
            "the record list is not the manifest's: {failure}"
        ))),
    }
}

impl Proof {
    /// Reads a proof. Whether it proves anything shows [`Proof::verify`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DatasetError> {
        let proof: Self = strict::read(KIND, bytes, LARGEST)?;
        match proof.defect() {
            None => Ok(proof),
            Some(reason) => Err(DatasetError::Document { kind: KIND, reason }),
        }
    }

    fn defect(&self) -> Option<String> {
        if self.version != VERSION {
            return Some(format!("version {}, not {VERSION}", self.version));
        }
        if self.path.len().max(self.shard_path.len()) > LONGEST_PATH {
            return Some(format!("a path is longer than {LONGEST_PATH}"));
        }
        if let Err(reason) = check_name(&self.shard.name) {
            return Some(format!("name of the shard: {reason}"));
        }
        let single = [
            &self.root,
            &self.record_hash,
            &self.shard.schema,
            &self.shard.root,
        ];
        let mut digests = single.into_iter().chain(&self.path).chain(&self.shard_path);
        match digests.all(|digest| hash_in(digest).is_some()) {
            true => None,
            false => Some("a digest in it is not SHA-256".to_owned()),
        }
    }

    /// The document, always the same bytes for the same proof.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec(self).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// Holds the proof against the root of a manifest that is trusted, and the hash of the
    /// record at hand.
    pub fn verify(&self, root: &Digest, record: &Digest) -> Result<(), ProofFailure> {
        if self.root != *root {
            return Err(ProofFailure::OtherRoot {
                expected: *root,
                found: self.root,
            });
        }
        if self.record_hash != *record {
            return Err(ProofFailure::OtherRecord {
                expected: *record,
                found: self.record_hash,
            });
        }
        match self.holds_in_shard() {
            Some(true) => {}
            _ => {
                return Err(ProofFailure::NotInShard {
                    record: self.record,
                });
            }
        }
        match self.holds_in_dataset() {
            Some(true) => Ok(()),
            _ => Err(ProofFailure::ShardNotInDataset {
                shard: self.shard_number,
            }),
        }
    }

    fn holds_in_shard(&self) -> Option<bool> {
        let leaf = hash_in(&self.record_hash)?;
        let found = root_of_path(leaf, self.record, self.shard.records, &hashes(&self.path)?)?;
        Some(Some(found) == hash_in(&self.shard.root))
    }

    fn holds_in_dataset(&self) -> Option<bool> {
        let leaf = shard_leaf(
            &self.shard.name,
            self.shard.records,
            &hash_in(&self.shard.root)?,
            &hash_in(&self.shard.schema)?,
            self.shard.split.as_deref(),
        );
        let path = hashes(&self.shard_path)?;
        let found = root_of_path(leaf, self.shard_number, self.shards, &path)?;
        Some(Some(found) == hash_in(&self.root))
    }

    /// The hash that the record of this shard and number has in `records`; none if it is not
    /// there. What [`Proof::verify`] takes.
    pub fn record_in(
        &self,
        records: &dyn Records,
        workers: NonZeroUsize,
    ) -> Result<Option<Digest>, DatasetError> {
        let found = Mutex::new(None);
        let set = |hash| {
            let mut place = found
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            *place = Some(hash);
        };
        let shards = records.shards();
        let read = records.scan(workers, &Columns::All, &|_, batch| {
            let Some(shard) = shards.get(batch.shard) else {
                return Ok(());
            };
            let inside = self.record.checked_sub(batch.first);
            let inside = inside.and_then(|inside| usize::try_from(inside).ok());
            let Some(row) = inside.filter(|row| *row < batch.records.num_rows()) else {
                return Ok(());
            };
            if shard.name.as_bytes() != self.shard.name.as_bytes() {
                return Ok(());
            }
            let mut one = batch.clone();
            one.records = batch.records.slice(row, 1);
            one.first = self.record;
            if let Some(hash) = hash_batch(shard, &one)?.first() {
                set(Digest::sha256(*hash));
            }
            // Nothing more has to be read.
            Err(DatasetError::Cancelled)
        });
        let found = found
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match (found, read) {
            (Some(hash), _) => Ok(Some(hash)),
            (None, Ok(())) => Ok(None),
            (None, Err(error)) => Err(error),
        }
    }
}

fn hashes(path: &[Digest]) -> Option<Vec<Hash>> {
    path.iter().map(hash_in).collect()
}
