//! Records into a manifest and a record list.

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;

use bonafide_core::Digest;

use super::document::{ListedColumn, ListedShard, Manifest, ManifestOptions, VERSION};
use super::list;
use super::measure::{Measured, measure};
use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::records::Records;
use crate::roles::Roles;

/// Reads all records once; writes the record list, and gives the manifest that binds it.
///
/// Every column that `roles` names has to be there. Memory does not depend on how many
/// records there are: their hashes go to disk first, 64 or 80 bytes for each.
pub fn make(
    records: &dyn Records,
    roles: &Roles,
    options: &ManifestOptions,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
    list: &mut dyn Write,
) -> Result<Manifest, DatasetError> {
    check_roles(records, roles)?;
    let measured = measure(records, roles, workers, budget, options.listed_values)?;
    let list = list::write(&measured, list)?;
    Ok(document(measured, roles, options, list))
}

fn check_roles(records: &dyn Records, roles: &Roles) -> Result<(), DatasetError> {
    let columns = || {
        let shards = records.shards().iter();
        shards.flat_map(|shard| shard.schema.fields().iter().map(|field| field.name()))
    };
    for name in roles.named() {
        if !columns().any(|column| column == name) {
            let mut known: Vec<String> = columns().take(10_000).cloned().collect();
            known.sort();
            known.dedup();
            known.truncate(100);
            return Err(DatasetError::NoSuchColumn {
                name: name.to_owned(),
                columns: known,
            });
        }
    }
    Ok(())
}

/// The manifest of what was measured.
fn document(
    measured: Measured,
    roles: &Roles,
    options: &ManifestOptions,
    list: super::ListDescriptor,
) -> Manifest {
    let mut schemas = BTreeMap::new();
    let mut shards = Vec::with_capacity(measured.shards.len());
    for shard in measured.shards {
        let schema = Digest::sha256(shard.fingerprint);
        schemas.entry(schema).or_insert_with(|| {
            let columns = shard.schema.columns.into_iter();
            columns
                .map(|(name, kind)| ListedColumn { name, kind })
                .collect()
        });
        shards.push(ListedShard {
            name: shard.name,
            split: shard.split,
            format: shard.format.to_owned(),
            records: shard.records,
            schema,
            root: Digest::sha256(shard.root),
            labels: shard.labels,
        });
    }
    Manifest {
        version: VERSION,
        created: options.created,
        roles: roles.clone(),
        schemas,
        shards,
        records: measured.records,
        root: Digest::sha256(measured.root),
        label: measured.label,
        splits: measured.splits,
        populations: measured.populations,
        list,
        previous: options.previous.clone(),
    }
}
