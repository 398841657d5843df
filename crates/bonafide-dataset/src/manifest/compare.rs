//! Records that are there, against a manifest that somebody signed.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use bonafide_core::{Digest, ReadAt, excerpt};
use data_encoding::HEXLOWER;

use super::comparison::{RecordComparison, ShardComparison, ShardStanding};
use super::diff::{columns_of, run};
use super::difference::{Change, Difference, column_changes, columns};
use super::document::{ListedShard, Manifest};
use super::list::RecordList;
use super::measure::{Measured, MeasuredShard, measure};
use super::side::Side as _;
use super::told::{First, Told, name};
use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::finding::Sample;
use crate::records::{RecordId, Records};
use crate::shift::Population;

/// Most differences that are said in words for each kind.
const MOST_SAID: usize = 20;

/// Reads all records and holds them against a manifest. With the manifest's record list,
/// the records that differ have names; without it, only their shards.
pub fn compare(
    signed: &Manifest,
    list: Option<&dyn ReadAt>,
    records: &dyn Records,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<RecordComparison, DatasetError> {
    // A list that is not the manifest's is found before the data is read.
    let list = list
        .map(|bytes| RecordList::open(signed, bytes))
        .transpose()?;
    let measured = measure(records, &signed.roles, workers, budget, usize::MAX)?;
    let mut shards = differing(signed, &measured);
    let mut differences = Vec::new();
    if signed.root != Digest::sha256(measured.root) {
        differences.extend(splits_of_shards(signed, &measured));
        differences.extend(column_differences(signed, &measured));
    }
    let counted = [
        (Some(&signed.splits), Some(&measured.splits)),
        (signed.label.as_ref(), measured.label.as_ref()),
    ];
    for (said, found) in counted {
        if let (Some(said), Some(found)) = (said, found) {
            differences.extend(count_differences(said, found));
        }
    }
    for said in &signed.populations {
        let found = measured.populations.iter();
        if let Some(found) = found.into_iter().find(|found| found.column == said.column) {
            differences.extend(count_differences(said, found));
        }
    }
    differences.extend(label_differences(signed, &measured));
    let difference = match &list {
        Some(list) => Some(name_records(signed, list, &measured, budget, &mut shards)?),
        None => None,
    };
    if let Some(difference) = &difference
        && difference.is_none()
        && !shards.is_empty()
    {
        differences.push("the records are the same, in another order or other shards".to_owned());
    }
    Ok(RecordComparison {
        expected: signed.records,
        found: measured.records,
        expected_root: signed.root.hex(),
        found_root: HEXLOWER.encode(&measured.root),
        shards,
        differences,
        difference,
    })
}

/// Shards that are not what the manifest says, ordered by name.
fn differing(signed: &Manifest, measured: &Measured) -> Vec<ShardComparison> {
    let mut found = Vec::new();
    for (name, said, there) in shards_of(signed, measured) {
        let standing = match (said, there) {
            (Some(_), None) => ShardStanding::Missing,
            (None, _) => ShardStanding::Unlisted,
            (Some(said), Some(there)) if said.root != Digest::sha256(there.root) => {
                match said.schema == Digest::sha256(there.fingerprint) {
                    true => ShardStanding::OtherRecords,
                    false => ShardStanding::OtherSchema,
                }
            }
            (Some(said), Some(there)) if said.schema != Digest::sha256(there.fingerprint) => {
                ShardStanding::OtherSchema
            }
            _ => continue,
        };
        found.push(ShardComparison {
            shard: bonafide_core::RawName::from(name).to_string(),
            standing,
            records: Sample::default(),
        });
    }
    found
}

/// A name, and the shard of this name on either side.
type Both<'a> = (&'a str, Option<&'a ListedShard>, Option<&'a MeasuredShard>);

fn shards_of<'a>(signed: &'a Manifest, measured: &'a Measured) -> Vec<Both<'a>> {
    let mut both: BTreeMap<&str, (Option<&ListedShard>, Option<&MeasuredShard>)> = BTreeMap::new();
    for shard in &signed.shards {
        both.entry(&shard.name).or_default().0 = Some(shard);
    }
    for shard in &measured.shards {
        both.entry(&shard.name).or_default().1 = Some(shard);
    }
    both.into_iter()
        .map(|(name, (said, there))| (name, said, there))
        .collect()
}

fn splits_of_shards(signed: &Manifest, measured: &Measured) -> Vec<String> {
    let shown = |split: &Option<String>| match split {
        Some(split) => format!("`{}`", excerpt(split, 100)),
        None => "no split".to_owned(),
    };
    let mut said = Vec::new();
    for (name, listed, there) in shards_of(signed, measured) {
        if let (Some(listed), Some(there)) = (listed, there)
            && listed.split != there.split
        {
            said.push(format!(
                "shard `{}` is in {}, and the manifest says {}",
                excerpt(name, 200),
                shown(&there.split),
                shown(&listed.split)
            ));
        }
    }
    capped(said)
}

fn column_differences(signed: &Manifest, measured: &Measured) -> Vec<String> {
    let found = measured.shards.iter();
    let found = found.flat_map(|shard| &shard.schema.columns);
    let after = columns(found.map(|(name, kind)| (name.as_str(), kind.as_str())));
    column_changes(&columns_of(signed), &after)
}

/// Values that the manifest lists, with other counts. What was not counted apart here,
/// because there are too many values, is not compared.
fn count_differences(said: &Population, found: &Population) -> Vec<String> {
    let column = excerpt(&said.column, 100);
    let mut differences = Vec::new();
    for (value, expected) in &said.values {
        let count = match found.values.get(value) {
            Some(count) => *count,
            None if found.others == 0 => 0,
            None => continue,
        };
        if count != *expected {
            let value = excerpt(value, 100);
            differences.push(format!(
                "`{column}` is `{value}` in {count} records, and the manifest says {expected}"
            ));
        }
    }
    if said.null != found.null {
        differences.push(format!(
            "`{column}` is missing in {} records, and the manifest says {}",
            found.null, said.null
        ));
    }
    if said.others == 0 && found.others == 0 {
        for (value, count) in &found.values {
            if !said.values.contains_key(value) {
                let value = excerpt(value, 100);
                differences.push(format!(
                    "`{column}` is `{value}` in {count} records, and in none in the manifest"
                ));
            }
        }
    }
    capped(differences)
}

/// Label counts of shards whose records are those of the manifest.
fn label_differences(signed: &Manifest, measured: &Measured) -> Vec<String> {
    let mut said = Vec::new();
    for (name, listed, there) in shards_of(signed, measured) {
        let (Some(listed), Some(there)) = (listed, there) else {
            continue;
        };
        if listed.root != Digest::sha256(there.root) {
            continue;
        }
        let wrong = listed.labels.iter().find(|(label, records)| {
            let counted = there.labels.get(*label);
            counted.is_some_and(|counted| counted != *records)
        });
        if let Some((label, records)) = wrong {
            said.push(format!(
                "shard `{}` does not have the {records} records with the label `{}` that the \
                 manifest says",
                excerpt(name, 200),
                excerpt(label, 100)
            ));
        }
    }
    capped(said)
}

fn capped(mut said: Vec<String>) -> Vec<String> {
    let more = said.len().saturating_sub(MOST_SAID);
    if more > 0 {
        said.truncate(MOST_SAID);
        said.push(format!("and {more} more of this kind"));
    }
    said
}

/// Finds the records that differ, and puts their names to their shards.
fn name_records(
    signed: &Manifest,
    list: &RecordList<'_>,
    measured: &Measured,
    budget: &DatasetBudget,
    shards: &mut [ShardComparison],
) -> Result<Difference, DatasetError> {
    let old = (signed, list);
    let (old_shards, new_shards) = (old.shards(), measured.shards());
    let mut told = Told::new([signed.label.as_ref(), measured.label.as_ref()]);
    // Numbers of shards on both sides, by place in `shards`.
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names: Vec<&str> = Vec::new();
    for (name, said, there) in shards_of(signed, measured) {
        let same = match (said, there) {
            (Some(said), Some(there)) => {
                said.root == Digest::sha256(there.root)
                    && said.schema == Digest::sha256(there.fingerprint)
            }
            _ => false,
        };
        if !same {
            places.insert(name, names.len());
            names.push(name);
        }
    }
    let mut firsts: Vec<First<(RecordId, bool)>> = names.iter().map(|_| First::default()).collect();
    let mut put = |name: Option<&str>, id: RecordId, is_new: bool| {
        let place = name.and_then(|name| places.get(name));
        if let Some(first) = place.and_then(|place| firsts.get_mut(*place)) {
            first.push((id, is_new));
        }
    };
    let name_in = |shards: &[super::side::SideShard<'_>], id: RecordId| {
        let index = usize::try_from(id.shard).ok()?;
        shards.get(index).map(|shard| shard.name.to_owned())
    };
    run(&old, measured, budget, &mut told, &mut |change| {
        match change {
            Change::Added { new } => put(name_in(&new_shards, new).as_deref(), new, true),
            Change::Removed { old } => put(name_in(&old_shards, old).as_deref(), old, false),
            Change::Changed { old, new }
            | Change::Relabelled { old, new }
            | Change::Moved { old, new } => {
                let (before, after) = (name_in(&old_shards, old), name_in(&new_shards, new));
                put(after.as_deref(), new, true);
                if before != after {
                    put(before.as_deref(), old, false);
                }
            }
        }
        Ok(())
    })?;
    for (comparison, first) in shards.iter_mut().zip(firsts) {
        comparison.records = first.sample(|(id, is_new)| match is_new {
            true => name(&new_shards, id),
            false => format!("{} (gone)", name(&old_shards, id)),
        });
    }
    let changes = column_differences(signed, measured);
    Ok(told.finish(&old_shards, &new_shards, changes))
}
