//! Differences between versions, against a slow count over the values themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{Numbers, Row, keyed, made_of, roles, row, rows};
use crate::manifest::{Change, Difference, Known, Manifest, diff, diff_each, hash_batch};
use crate::{Batch, DatasetBudget, DatasetError, Roles};

type Version = Vec<(&'static str, Option<&'static str>, Vec<Row>)>;

/// Spills and merges, also with few records.
fn tight() -> DatasetBudget {
    DatasetBudget {
        memory: 1 << 20,
        ..DatasetBudget::DEFAULT
    }
}

fn difference(old: &Version, new: &Version, roles: &Roles) -> Difference {
    let (old, new) = (made_of(old, roles), made_of(new, roles));
    let mut changes = Vec::new();
    let (old_side, new_side): ((&Manifest, &dyn bonafide_core::ReadAt), _) =
        ((&old.0, &old.1), (&new.0, &new.1 as _));
    let found = diff_each(old_side, new_side, &DatasetBudget::DEFAULT, &mut |change| {
        changes.push(change);
        Ok(())
    })
    .unwrap();
    let count =
        |kind: fn(&Change) -> bool| changes.iter().filter(|change| kind(change)).count() as u64;
    assert_eq!(
        found.added.total,
        count(|change| matches!(change, Change::Added { .. }))
    );
    assert_eq!(
        found.removed.total,
        count(|change| matches!(change, Change::Removed { .. }))
    );
    assert_eq!(
        found.moved.total,
        count(|change| matches!(change, Change::Moved { .. }))
    );
    let distinct: BTreeSet<Change> = changes.iter().copied().collect();
    assert_eq!(distinct.len(), changes.len());
    assert_eq!(diff(old_side, new_side, &tight()).unwrap(), found);
    let both = found.unchanged + found.moved.total + found.relabelled.total + found.changed.total;
    assert_eq!(both + found.removed.total, found.old_records);
    assert_eq!(both + found.added.total, found.new_records);
    found
}

/// Unchanged, moved, relabelled, changed, removed and added records, counted by values.
fn counted(old: &Version, new: &Version, keyed: bool) -> [u64; 6] {
    type Sides<T> = BTreeMap<T, [u64; 2]>;
    let mut keys: BTreeMap<String, Sides<(Row, Option<&str>)>> = BTreeMap::new();
    for (side, version) in [old, new].into_iter().enumerate() {
        for (_, split, rows) in version {
            for row in rows {
                let key = match keyed {
                    true => row.id.clone(),
                    false => format!("{}\n{}", row.id, row.text),
                };
                keys.entry(key)
                    .or_default()
                    .entry((row.clone(), *split))
                    .or_default()[side] += 1;
            }
        }
    }
    let mut totals = [0; 6];
    for records in keys.into_values() {
        let mut by_record: BTreeMap<Row, [u64; 2]> = BTreeMap::new();
        for ((row, _), [old, new]) in &records {
            let same = old.min(new);
            totals[0] += same;
            let sides = by_record.entry(row.clone()).or_default();
            sides[0] += old - same;
            sides[1] += new - same;
        }
        let mut by_content: BTreeMap<(String, String), [u64; 2]> = BTreeMap::new();
        for (row, [old, new]) in by_record {
            let moved = old.min(new);
            totals[1] += moved;
            let sides = by_content.entry((row.id, row.text)).or_default();
            sides[0] += old - moved;
            sides[1] += new - moved;
        }
        // With a key, the content is the text alone; the id is the same for all of them.
        let mut rest = [0, 0];
        for [old, new] in by_content.into_values() {
            let relabelled = old.min(new);
            totals[2] += relabelled;
            rest[0] += old - relabelled;
            rest[1] += new - relabelled;
        }
        let changed = rest[0].min(rest[1]);
        totals[3] += changed;
        totals[4] += rest[0] - changed;
        totals[5] += rest[1] - changed;
    }
    totals
}

fn totals(found: &Difference) -> [u64; 6] {
    [
        found.unchanged,
        found.moved.total,
        found.relabelled.total,
        found.changed.total,
        found.removed.total,
        found.added.total,
    ]
}

#[test]
fn each_kind_of_change_has_its_name() {
    let old: Version = vec![("a", Some("train"), rows(20)), ("b", Some("test"), rows(3))];
    let mut new = old.clone();
    assert!(difference(&old, &new, &keyed()).is_none());
    new[0].2[4].label = Some(9);
    new[0].2[5].text = "other".to_owned();
    new[0].2.remove(7);
    new[0].2.insert(0, row("new", "new", 1));
    let moved = new[0].2.pop().unwrap();
    new[1].2.push(moved);
    let found = difference(&old, &new, &keyed());
    assert_eq!(totals(&found), [19, 1, 1, 1, 1, 1]);
    assert_eq!(found.added.shown, ["a#0"]);
    assert_eq!(found.removed.shown, ["a#7"]);
    assert_eq!(found.changed.shown, [("a#5".to_owned(), "a#6".to_owned())]);
    assert_eq!(found.moved.shown, [("a#19".to_owned(), "b#3".to_owned())]);
    let relabelled = &found.relabelled.shown[0];
    assert_eq!(
        (relabelled.old.as_str(), relabelled.new.as_str()),
        ("a#4", "a#5")
    );
    assert_eq!(
        (relabelled.from.as_deref(), relabelled.to.as_deref()),
        (Some("1"), Some("9"))
    );
    assert_eq!(found.label_flows.shown[0].records, 1);
    // Without a key, a record whose text is another is another record.
    let found = difference(&old, &new, &roles());
    assert_eq!(totals(&found), [19, 1, 1, 0, 2, 2]);
    // A shard of another name is none of it.
    new = old.clone();
    new[0].0 = "z";
    assert!(difference(&old, &new, &keyed()).is_none());
}

#[test]
fn copies_count_one_by_one() {
    let one = || row("k", "same", 1);
    let old: Version = vec![("a", None, vec![one(), one(), one()]), ("b", None, rows(2))];
    let new: Version = vec![("a", None, vec![one(), one()]), ("b", None, rows(2))];
    for roles in [roles(), keyed()] {
        assert_eq!(totals(&difference(&old, &new, &roles)), [4, 0, 0, 0, 1, 0]);
        assert_eq!(totals(&difference(&new, &old, &roles)), [4, 0, 0, 0, 0, 1]);
    }
    assert_eq!(difference(&old, &new, &roles()).removed.shown, ["a#2"]);
}

#[test]
fn random_versions_differ_as_a_slow_count_says() {
    let mut numbers = Numbers(17);
    for round in 0..150 {
        let mut version = || -> Version {
            let mut shard = |name, split| {
                let count = numbers.below(30);
                let rows = (0..count).map(|_| {
                    row(
                        &format!("k{}", numbers.below(8)),
                        &format!("t{}", numbers.below(3)),
                        numbers.below(3) as i64,
                    )
                });
                (name, split, rows.collect())
            };
            vec![
                shard("a", Some("train")),
                shard("b", Some("test")),
                shard("c", None),
            ]
        };
        let (old, new) = (version(), version());
        for (is_keyed, roles) in [(false, roles()), (true, keyed())] {
            let found = difference(&old, &new, &roles);
            assert_eq!(
                totals(&found),
                counted(&old, &new, is_keyed),
                "round {round}"
            );
        }
    }
}

#[test]
fn what_does_not_fit_is_sorted_on_disk_with_the_same_answer() {
    let mut numbers = Numbers(5);
    let old: Version = vec![("a", Some("train"), rows(30_000))];
    let mut new: Version = vec![("b", Some("train"), rows(30_000))];
    let records = &mut new[0].2;
    for index in (1..records.len()).rev() {
        records.swap(index, numbers.below(index + 1));
    }
    for _ in 0..500 {
        let at = numbers.below(records.len());
        match numbers.below(3) {
            0 => records[at].label = Some(77),
            1 => records[at].text.push('!'),
            _ => drop(records.remove(at)),
        }
    }
    let found = difference(&old, &new, &keyed());
    assert_eq!(totals(&found), counted(&old, &new, true));
    assert_eq!(found.changed.shown.len(), 100);
    assert!(found.changed.total > 100);
    // More records with one key than fit.
    let same = |text: &str| {
        (0..9_000)
            .map(|number| row("k", &format!("{text}{number}"), 0))
            .collect()
    };
    let (old, new) = (
        made_of(&[("a", None, same("x"))], &keyed()),
        made_of(&[("a", None, same("y"))], &keyed()),
    );
    let budget = DatasetBudget {
        memory: 1 << 18,
        ..DatasetBudget::DEFAULT
    };
    let error = diff((&old.0, &old.1), (&new.0, &new.1), &budget).unwrap_err();
    assert!(matches!(error, DatasetError::OverBudget { .. }), "{error}");
}

#[test]
fn records_are_known_in_memory_and_on_disk() {
    let (manifest, list) = made_of(
        &[("a", None, rows(20_000)), ("b", None, rows(10))],
        &keyed(),
    );
    let there = Batch {
        shard: 0,
        first: 0,
        records: super::batch(&rows(20_000)),
    };
    let mut others = rows(2_000);
    others.iter_mut().for_each(|row| row.text.push('?'));
    let absent = Batch {
        shard: 0,
        first: 0,
        records: super::batch(&others),
    };
    let records = super::Shuffled::new(vec![("a", None, there.records.clone())], 1);
    let shard = &crate::Records::shards(&records)[0];
    for budget in [DatasetBudget::DEFAULT, tight()] {
        let known = Known::read(&manifest, &list, &budget).unwrap();
        assert_eq!(known.records(), 20_010);
        for hash in hash_batch(shard, &there).unwrap() {
            assert!(known.contains(&hash).unwrap());
        }
        for hash in hash_batch(shard, &absent).unwrap() {
            assert!(!known.contains(&hash).unwrap());
        }
        assert!(!known.contains(&[0; 32]).unwrap() && !known.contains(&[255; 32]).unwrap());
    }
    let (empty, list) = made_of(&[("a", None, vec![])], &keyed());
    let known = Known::read(&empty, &list, &tight()).unwrap();
    assert!(!known.contains(&[0; 32]).unwrap());
}

#[test]
fn versions_with_other_roles_cannot_be_compared() {
    let one = made_of(&[("a", None, rows(3))], &keyed());
    let two = made_of(&[("a", None, rows(3))], &roles());
    let error = diff((&one.0, &one.1), (&two.0, &two.1), &tight()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("its key column is `id`, and the other's is none"),
        "{error}"
    );
}

#[test]
fn a_delta_goes_into_the_next_manifest() {
    let old = made_of(&[("a", None, rows(5))], &keyed());
    let new = made_of(&[("a", None, rows(8))], &keyed());
    let found = diff((&old.0, &old.1), (&new.0, &new.1), &tight()).unwrap();
    let mut next = new.0.clone();
    next.previous = Some(found.since(&old.0));
    next.created = Some(1_800_000_000);
    let read = Manifest::parse(&next.to_json()).unwrap();
    assert_eq!(read, next);
    let previous = read.previous.unwrap();
    assert_eq!(
        (previous.digest, previous.added, previous.removed),
        (old.0.digest(), 3, 0)
    );
    assert_ne!(next.digest(), new.0.digest());
}
