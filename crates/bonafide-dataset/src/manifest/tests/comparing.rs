//! What `verify` shows of records that are not those that were signed.

use super::{Row, Shuffled, batch, keyed, made_of, roles, row, rows, two};
use crate::manifest::{Manifest, RecordComparison, ShardStanding, compare};
use crate::{DatasetBudget, DatasetError};

type Version = Vec<(&'static str, Option<&'static str>, Vec<Row>)>;

fn base() -> Version {
    vec![
        ("a", Some("train"), rows(2_000)),
        ("b", Some("test"), rows(30)),
        ("c", None, rows(5)),
    ]
}

fn compared(signed: &(Manifest, Vec<u8>), with_list: bool, now: &Version) -> RecordComparison {
    let batches = now
        .iter()
        .map(|(name, split, rows)| (*name, *split, batch(rows)));
    let records = Shuffled::new(batches.collect(), 13);
    let list = with_list.then_some(&signed.1 as &dyn bonafide_core::ReadAt);
    compare(&signed.0, list, &records, two(), &DatasetBudget::DEFAULT).unwrap()
}

#[test]
fn the_same_records_agree() {
    for roles in [roles(), keyed()] {
        let signed = made_of(&base(), &roles);
        for with_list in [false, true] {
            let found = compared(&signed, with_list, &base());
            assert!(found.agrees(), "{found:?}");
            assert_eq!(found.found_root, signed.0.root.hex());
        }
    }
}

#[test]
fn every_difference_is_named_as_far_as_the_list_allows() {
    let signed = made_of(&base(), &keyed());
    let mut now = base();
    now[0].2[1_500].label = Some(9);
    now[0].2.insert(10, row("new", "new", 0));
    now[0].2.remove(1_900);
    now.remove(1);
    now.push(("d", None, rows(2)));
    let without = compared(&signed, false, &now);
    let standings: Vec<(&str, ShardStanding)> = without
        .shards
        .iter()
        .map(|shard| (shard.shard.as_str(), shard.standing))
        .collect();
    let expected = [
        ("a", ShardStanding::OtherRecords),
        ("b", ShardStanding::Missing),
        ("d", ShardStanding::Unlisted),
    ];
    assert_eq!(standings, expected);
    assert!(!without.agrees() && without.difference.is_none());
    assert!(without.shards.iter().all(|shard| shard.records.total == 0));
    let said = without.differences.join("\n");
    assert!(
        said.contains("`split` is `test` in 0 records, and the manifest says 30"),
        "{said}"
    );
    assert!(
        said.contains("`label` is `9` in 1 records, and in none in the manifest"),
        "{said}"
    );
    let with = compared(&signed, true, &now);
    assert_eq!(with.differences, without.differences);
    assert_eq!(
        with.shards[0].records.shown,
        ["a#10", "a#1501", "a#1899 (gone)"]
    );
    assert_eq!(with.shards[1].records.total, 30);
    let difference = with.difference.unwrap();
    assert_eq!(difference.relabelled.shown[0].new, "a#1501");
    // Two records of `b` turn up in `d`, where there is no split.
    assert_eq!(difference.moved.total, 2);
    assert_eq!((difference.added.total, difference.removed.total), (1, 29));
}

#[test]
fn order_split_and_types_are_part_of_it() {
    let signed = made_of(&base(), &keyed());
    let mut now = base();
    now[0].2.swap(3, 4);
    let found = compared(&signed, true, &now);
    assert_eq!(found.shards[0].standing, ShardStanding::OtherRecords);
    assert!(
        found
            .differences
            .iter()
            .any(|said| said.contains("in another order")),
        "{found:?}"
    );
    let mut now = base();
    now[1].1 = Some("train");
    let found = compared(&signed, true, &now);
    assert!(
        found.differences[0].contains("shard `b` is in `train`, and the manifest says `test`"),
        "{found:?}"
    );
    assert_eq!(found.difference.as_ref().unwrap().moved.total, 30);
    assert!(!found.agrees());
    // Labels of another width have the same roots, and are another schema.
    use arrow_array::{ArrayRef, Int32Array, cast::AsArray, types::Int64Type};
    let whole = batch(&rows(5));
    let narrow: Int32Array = whole
        .column(2)
        .as_primitive::<Int64Type>()
        .iter()
        .map(|n| n.map(|n| n as i32))
        .collect();
    let other = super::columns(vec![
        ("id", whole.column(0).clone()),
        ("text", whole.column(1).clone()),
        ("label", std::sync::Arc::new(narrow) as ArrayRef),
    ]);
    let batches = base().into_iter().map(|(name, split, rows)| match name {
        "c" => (name, split, other.clone()),
        _ => (name, split, batch(&rows)),
    });
    let records = Shuffled::new(batches.collect(), 1);
    let found = compare(
        &signed.0,
        Some(&signed.1),
        &records,
        two(),
        &DatasetBudget::DEFAULT,
    )
    .unwrap();
    assert_eq!(found.shards.len(), 1);
    assert_eq!(found.shards[0].standing, ShardStanding::OtherSchema);
    assert!(
        found
            .differences
            .iter()
            .any(|said| said == "column `label` was int64 and is int32 or int64"),
        "{found:?}"
    );
}

#[test]
fn counts_that_a_signer_made_up_are_found() {
    let (mut manifest, list) = made_of(&base(), &keyed());
    let label = manifest.label.as_mut().unwrap();
    *label.values.get_mut("0").unwrap() += 5;
    *label.values.get_mut("1").unwrap() -= 5;
    for shard in &mut manifest.shards {
        shard.labels.clear();
    }
    let manifest = Manifest::parse(&manifest.to_json()).unwrap();
    let found = compared(&(manifest, list), true, &base());
    assert_eq!(found.expected_root, found.found_root);
    assert!(!found.agrees());
    assert_eq!(found.differences.len(), 2, "{found:?}");
}

#[test]
fn a_list_of_another_manifest_is_an_error() {
    let signed = made_of(&base(), &keyed());
    let mut other = base();
    other[0].2[0].text.push('x');
    let list = made_of(&other, &keyed()).1;
    let batches = base()
        .into_iter()
        .map(|(name, split, rows)| (name, split, batch(&rows)));
    let records = Shuffled::new(batches.collect(), 13);
    let error = compare(
        &signed.0,
        Some(&list),
        &records,
        two(),
        &DatasetBudget::DEFAULT,
    )
    .unwrap_err();
    assert!(
        matches!(
            error,
            DatasetError::Document {
                kind: "record list",
                ..
            }
        ),
        "{error}"
    );
}
