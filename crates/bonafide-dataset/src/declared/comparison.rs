//! The comparison.

use std::collections::{BTreeMap, BTreeSet};

use arrow_schema::DataType;
use bonafide_core::excerpt;

use super::kind::{Fit, fit};
use super::{DeclaredField, DeclaredRecords, FieldDisagreement, SchemaAgreement};
use crate::{Records, Sample, Shard};

/// Shards that are named with each disagreement.
const SHOWN: usize = 10;
/// Comparisons of fields with shards, beyond which no more fields are compared.
const MOST: usize = 50_000_000;
/// Formats in which every value is text.
const UNTYPED: &[&str] = &["csv", "tsv"];

/// Holds the columns and splits of records against what is declared.
///
/// A field whose files cannot be told is held against every shard: it is missing if none
/// has its column, and its type is compared where one has it.
#[must_use]
pub fn compare(declared: &DeclaredRecords, records: &dyn Records) -> SchemaAgreement {
    let shards = records.shards();
    let mut agreement = SchemaAgreement::default();
    // For each shard, what fields say of its columns; none if they say nothing of it.
    let mut said: Vec<Option<BTreeSet<&str>>> = vec![None; shards.len()];
    let places: BTreeMap<String, usize> = shards
        .iter()
        .enumerate()
        .map(|(place, shard)| (shard.name.to_string(), place))
        .collect();
    let mut work = 0_usize;
    for field in &declared.fields {
        let Some(column) = &field.column else {
            uncompared(&mut agreement, field, "its values are not in a column");
            continue;
        };
        let of_field = match &field.files {
            None => Ok((0..shards.len()).collect()),
            Some(files) => {
                let mut found: Vec<usize> = files
                    .iter()
                    .filter_map(|file| places.get(file).copied())
                    .collect();
                found.sort_unstable();
                found.dedup();
                if found.is_empty() { Err(()) } else { Ok(found) }
            }
        };
        let of_field: Vec<usize> = match of_field {
            Ok(of_field) if !of_field.is_empty() => of_field,
            _ => {
                uncompared(
                    &mut agreement,
                    field,
                    "none of its files was read as records",
                );
                continue;
            }
        };
        work = work.saturating_add(of_field.len());
        if work > MOST {
            uncompared(&mut agreement, field, "fields and shards are too many");
            continue;
        }
        agreement.compared += 1;
        one_field(field, column, shards, &of_field, &mut agreement);
        for place in of_field {
            if let Some(said) = said.get_mut(place) {
                said.get_or_insert_default().insert(column.as_str());
            }
        }
    }
    agreement.undeclared = undeclared(shards, &said);
    splits(declared, shards, &mut agreement);
    agreement
}

fn one_field(
    field: &DeclaredField,
    column: &str,
    shards: &[Shard],
    of_field: &[usize],
    agreement: &mut SchemaAgreement,
) {
    let mut without = Vec::new();
    let mut others: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unknown = false;
    for shard in of_field.iter().filter_map(|place| shards.get(*place)) {
        let Ok(found) = shard.schema.field_with_name(column) else {
            without.push(shard.name.to_string());
            continue;
        };
        let untyped = UNTYPED.contains(&shard.format);
        match fit(
            &field.data_types,
            field.repeated,
            found.data_type(),
            untyped,
        ) {
            Fit::Fits => {}
            Fit::Unknown => unknown = true,
            Fit::Differs => others
                .entry(shown_type(found.data_type()))
                .or_default()
                .push(shard.name.to_string()),
        }
    }
    let disagreement = |found, shards| FieldDisagreement {
        field: named(field),
        column: excerpt(column, 200),
        declared: field
            .data_types
            .iter()
            .take(8)
            .map(|declared| excerpt(declared, 80))
            .collect(),
        found,
        shards: Sample::of(shards, SHOWN),
    };
    let everywhere = without.len() == of_field.len();
    if !without.is_empty() && (field.files.is_some() || everywhere) {
        agreement.missing.push(disagreement(None, without));
    }
    for (found, shards) in others {
        agreement
            .other_types
            .push(disagreement(Some(found), shards));
    }
    if unknown {
        uncompared(
            agreement,
            field,
            "it has no type that says what its column is",
        );
    }
}

/// Columns of shards that fields say something of, and not of them.
fn undeclared(shards: &[Shard], said: &[Option<BTreeSet<&str>>]) -> Vec<(String, Sample<String>)> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (shard, said) in shards.iter().zip(said) {
        let Some(said) = said else {
            continue;
        };
        for field in shard.schema.fields() {
            if !said.contains(field.name().as_str()) {
                found
                    .entry(excerpt(field.name(), 200))
                    .or_default()
                    .push(shard.name.to_string());
            }
        }
    }
    let sampled = found
        .into_iter()
        .map(|(column, shards)| (column, Sample::of(shards, SHOWN)));
    sampled.collect()
}

fn splits(declared: &DeclaredRecords, shards: &[Shard], agreement: &mut SchemaAgreement) {
    let said: BTreeSet<&str> = declared.splits.iter().map(String::as_str).collect();
    let there: BTreeSet<&str> = shards
        .iter()
        .filter_map(|shard| shard.split.as_deref())
        .collect();
    if said.is_empty() {
        return;
    }
    let shown = |split: &&str| excerpt(split, 200);
    agreement.missing_splits = said.difference(&there).map(shown).collect();
    agreement.undeclared_splits = there.difference(&said).map(shown).collect();
}

fn uncompared(agreement: &mut SchemaAgreement, field: &DeclaredField, reason: &str) {
    agreement.uncompared.push((named(field), reason.to_owned()));
}

fn named(field: &DeclaredField) -> String {
    format!(
        "{}/{}",
        excerpt(&field.record_set, 120),
        excerpt(&field.name, 120)
    )
}

fn shown_type(kind: &DataType) -> String {
    excerpt(&kind.to_string(), 200)
}
