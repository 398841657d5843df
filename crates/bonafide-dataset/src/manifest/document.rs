//! The manifest as a document.

use std::collections::BTreeMap;

use bonafide_core::{Algorithm, Digest};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::merkle::Hash;
use crate::roles::Roles;
use crate::shift::Population;

/// Type of the predicate that a manifest is in an in-toto statement.
pub const PREDICATE_TYPE: &str = "https://bonafide.dev/record-manifest/v1";

/// Version of the format.
pub const VERSION: u32 = 1;

/// What every record of a dataset is (`docs/record-manifest.md`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format, 1.
    pub version: u32,
    /// When it was made, in seconds since 1970, as its maker says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// What the columns are for.
    pub roles: Roles,
    /// Columns of the shards, by fingerprint.
    pub schemas: BTreeMap<Digest, Vec<ListedColumn>>,
    /// The shards, ordered by the bytes of their names.
    pub shards: Vec<ListedShard>,
    /// Records of all shards.
    pub records: u64,
    /// Root over all shards.
    pub root: Digest,
    /// Records by label, if there is a label column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Population>,
    /// Records by split.
    pub splits: Population,
    /// Records by source and by each attribute, if there are such columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub populations: Vec<Population>,
    /// The record list.
    pub list: ListDescriptor,
    /// What happened since the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
}

/// A column of a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListedColumn {
    /// Its name.
    pub name: String,
    /// Its type: `text`, `int64`, `list<float32>`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A shard of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListedShard {
    /// Name of the file or folder below the root of the dataset; empty for the root itself.
    pub name: String,
    /// The split that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// Which format it was read from. Not part of any hash.
    pub format: String,
    /// How many records it has.
    pub records: u64,
    /// Fingerprint of its columns.
    pub schema: Digest,
    /// Merkle root over its records.
    pub root: Digest,
    /// Records by label: those labels of the dataset that are listed and occur in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, u64>,
}

/// The record list that belongs to a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListDescriptor {
    /// SHA-256 of it.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
}

/// What happened since an earlier version, in records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Previous {
    /// Digest of the earlier version's manifest.
    pub digest: Digest,
    /// Root of the earlier version.
    pub root: Digest,
    /// Records that are new.
    pub added: u64,
    /// Records that are gone.
    pub removed: u64,
    /// Records with the same key and other content.
    pub changed: u64,
    /// Records with the same content and another label.
    pub relabelled: u64,
    /// Records that are the same in another split.
    pub moved: u64,
}

/// What a maker may say.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManifestOptions {
    /// When the manifest is made, in seconds since 1970.
    pub created: Option<i64>,
    /// What happened since the version before.
    pub previous: Option<Previous>,
    /// Most values of a column that are listed with their counts; those with most records.
    pub listed_values: usize,
}

impl Default for ManifestOptions {
    fn default() -> Self {
        Self {
            created: None,
            previous: None,
            listed_values: 1_000,
        }
    }
}

impl Manifest {
    /// The document, always the same bytes for the same manifest.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Keys are text and numbers are whole: there is nothing in it that JSON cannot say.
        let mut json = serde_json::to_vec(self).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// SHA-256 of the document.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::sha256(Sha256::digest(self.to_json()).into())
    }

    /// The shard of this name.
    #[must_use]
    pub fn shard(&self, name: &str) -> Option<&ListedShard> {
        let found = self
            .shards
            .binary_search_by(|shard| shard.name.as_str().cmp(name));
        found.ok().and_then(|index| self.shards.get(index))
    }

    /// The record as it is printed: `train.parquet#17`.
    #[must_use]
    pub fn record_name(&self, id: crate::RecordId) -> String {
        let shard = usize::try_from(id.shard).ok();
        match shard.and_then(|shard| self.shards.get(shard)) {
            Some(shard) => {
                let name = bonafide_core::RawName::from(shard.name.as_str());
                format!("{name}#{}", id.record)
            }
            None => format!("{}#{}", id.shard, id.record),
        }
    }
}

/// The bytes of a SHA-256 digest; none of another.
pub(super) fn hash_in(digest: &Digest) -> Option<Hash> {
    match digest.algorithm() {
        Algorithm::Sha256 => digest.bytes().try_into().ok(),
        _ => None,
    }
}

/// The leaf of a shard in the tree of the dataset.
pub(super) fn shard_leaf(
    name: &str,
    records: u64,
    root: &Hash,
    schema: &Hash,
    split: Option<&str>,
) -> Hash {
    use super::encoding::{
        append_bytes, append_count, append_length, append_name, append_text, domain, tag,
    };
    let mut bytes = vec![domain::LEAF, tag::STRUCTURE];
    append_length(&mut bytes, 5);
    append_name(&mut bytes, "name");
    append_text(&mut bytes, name);
    append_name(&mut bytes, "records");
    append_count(&mut bytes, records);
    append_name(&mut bytes, "root");
    append_bytes(&mut bytes, root);
    append_name(&mut bytes, "schema");
    append_bytes(&mut bytes, schema);
    append_name(&mut bytes, "split");
    match split {
        Some(split) => append_text(&mut bytes, split),
        None => bytes.push(tag::NULL),
    }
    Sha256::digest(&bytes).into()
}

impl ListedShard {
    /// Its leaf; none if its digests are not SHA-256.
    pub(super) fn leaf(&self) -> Option<Hash> {
        let root = hash_in(&self.root)?;
        let schema = hash_in(&self.schema)?;
        let split = self.split.as_deref();
        Some(shard_leaf(&self.name, self.records, &root, &schema, split))
    }
}
