//! Manifests of the same and of other records.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};

use super::{Row, Shuffled, batch, columns, keyed, made, made_of, roles, row, rows, two};
use crate::manifest::{Manifest, ManifestOptions, make};
use crate::{DatasetBudget, DatasetError, Memory, RecordId, Roles};

type Version = Vec<(&'static str, Option<&'static str>, Vec<Row>)>;

#[test]
fn neither_workers_nor_batches_nor_columns_change_a_byte() {
    let shards = [
        ("b/1", Some("train"), rows(5_000)),
        ("a", None, rows(1_025)),
        ("c", None, vec![]),
    ];
    let (manifest, list) = made_of(&shards, &keyed());
    for seed in [1, 99, 12_345] {
        for workers in [1, 2, 5] {
            let batches = shards
                .iter()
                .map(|(name, split, rows)| (*name, *split, batch(rows)));
            let records = Shuffled::new(batches.collect(), seed);
            let workers = NonZeroUsize::new(workers).unwrap();
            let mut again = Vec::new();
            let options = ManifestOptions::default();
            let budget = DatasetBudget::DEFAULT;
            let other = make(&records, &keyed(), &options, workers, &budget, &mut again).unwrap();
            assert_eq!(other.to_json(), manifest.to_json(), "{seed} {workers:?}");
            assert!(again == list, "{seed} {workers:?}");
        }
    }
    // The order of columns and of shards.
    let turned = shards.iter().rev().map(|(name, split, rows)| {
        let batch = batch(rows);
        (*name, *split, batch.project(&[2, 0, 1]).unwrap())
    });
    let (other, again) = made(&Memory::new(turned.collect()), &keyed());
    assert_eq!(other.to_json(), manifest.to_json());
    assert!(again == list);
    assert_eq!(
        manifest
            .shards
            .iter()
            .map(|shard| shard.name.as_str())
            .collect::<Vec<_>>(),
        ["a", "b/1", "c"]
    );
    assert_eq!(manifest.records, 6_025);
    assert_eq!(manifest.splits.values["train"], 5_000);
    assert_eq!(manifest.splits.null, 1_025);
    let label = manifest.label.as_ref().unwrap();
    assert_eq!(label.values["0"], 1_667 + 342);
    assert_eq!(manifest.shards[0].labels["1"], 342);
    assert_eq!(
        manifest.record_name(RecordId {
            shard: 1,
            record: 4
        }),
        "b/1#4"
    );
    assert_eq!(list.len() as u64, manifest.list.size);
}

#[test]
fn every_change_of_a_value_a_place_or_a_name_changes_the_root() {
    let base = vec![("s", Some("train"), rows(50)), ("t", None, rows(3))];
    let root = |shards: &[(&str, Option<&str>, Vec<Row>)]| made_of(shards, &keyed()).0.root;
    let mut roots = BTreeSet::from([root(&base)]);
    let mut expected = 1;
    let mut try_one = |change: &dyn Fn(&mut Version)| {
        let mut shards = base.clone();
        change(&mut shards);
        roots.insert(root(&shards));
        expected += 1;
        assert_eq!(roots.len(), expected);
    };
    for number in 0..50 {
        try_one(&|shards| shards[0].2[number].text.push('x'));
        try_one(&|shards| shards[0].2[number].id.push('x'));
        try_one(&|shards| shards[0].2[number].label = Some(7));
        try_one(&|shards| shards[0].2[number].label = None);
        try_one(&|shards| drop(shards[0].2.remove(number)));
        try_one(&|shards| shards[0].2.insert(number, row("new", "new", 0)));
        if number > 0 {
            try_one(&|shards| shards[0].2.swap(0, number));
        }
    }
    try_one(&|shards| shards[0].0 = "r");
    try_one(&|shards| shards[0].1 = Some("test"));
    try_one(&|shards| shards[0].1 = None);
    try_one(&|shards| shards[1].2.clear());
    try_one(&|shards| drop(shards.pop()));
    try_one(&|shards| shards[0].0 = "u");
    try_one(&|shards| {
        let moved = shards[0].2.pop().unwrap();
        shards[1].2.insert(0, moved);
    });
}

#[test]
fn what_has_no_manifest_is_an_error_that_names_it() {
    let options = ManifestOptions::default();
    let attempt = |name: &str, roles: &Roles, budget: &DatasetBudget| {
        let records = Memory::new(vec![(name, None, batch(&rows(10)))]);
        make(&records, roles, &options, two(), budget, &mut Vec::new())
    };
    let budget = DatasetBudget::DEFAULT;
    assert!(attempt("a", &roles(), &budget).is_ok());
    assert!(attempt("", &roles(), &budget).is_ok());
    for name in ["../a", "/a", "a//b", "a\nb"] {
        let error = attempt(name, &roles(), &budget).unwrap_err();
        assert!(
            matches!(error, DatasetError::Malformed { .. }),
            "{name:?}: {error}"
        );
    }
    let unknown = Roles {
        key: Some("no".to_owned()),
        ..roles()
    };
    let error = attempt("a", &unknown, &budget).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no column `no`; there are id, label, text"
    );
    let few = DatasetBudget {
        records: 9,
        ..budget.clone()
    };
    let error = attempt("a", &roles(), &few).unwrap_err();
    assert!(matches!(error, DatasetError::OverBudget { .. }), "{error}");
    let short = DatasetBudget {
        record_bytes: 20,
        ..budget.clone()
    };
    let error = attempt("a", &roles(), &short).unwrap_err().to_string();
    assert!(
        error.contains("`a` (record 0)") && error.contains("record_bytes"),
        "{error}"
    );
    let nowhere = DatasetBudget {
        spill: Some("/no/such/folder".into()),
        ..budget.clone()
    };
    let error = attempt("a", &roles(), &nowhere).unwrap_err();
    assert!(matches!(error, DatasetError::Spill { .. }), "{error}");
    let twice = Memory::new(vec![
        ("a", None, batch(&rows(1))),
        ("a", None, batch(&rows(2))),
    ]);
    let error = make(&twice, &roles(), &options, two(), &budget, &mut Vec::new()).unwrap_err();
    assert!(
        error.to_string().contains("two shards have this name"),
        "{error}"
    );
}

#[test]
fn labels_beyond_the_cap_are_counted_and_long_ones_are_cut() {
    let labels: StringArray = (0..3_000_u32)
        .map(|number| match number % 3 {
            0 => Some("often".to_owned()),
            1 => Some(number.to_string()),
            _ => (number != 2).then(|| format!("{}{}", "é".repeat(200), number % 2)),
        })
        .collect();
    let records = || {
        let labels: ArrayRef = Arc::new(labels.clone());
        Shuffled::new(vec![("a", None, columns(vec![("label", labels)]))], 5)
    };
    let roles = Roles {
        label: Some("label".to_owned()),
        ..Roles::default()
    };
    let of = |memory: u64, workers: usize, listed: usize| -> Manifest {
        let budget = DatasetBudget {
            memory,
            ..DatasetBudget::DEFAULT
        };
        let options = ManifestOptions {
            listed_values: listed,
            ..ManifestOptions::default()
        };
        let workers = NonZeroUsize::new(workers).unwrap();
        let manifest = make(
            &records(),
            &roles,
            &options,
            workers,
            &budget,
            &mut Vec::new(),
        );
        let manifest = manifest.unwrap();
        assert_eq!(Manifest::parse(&manifest.to_json()).unwrap(), manifest);
        manifest
    };
    let all = of(1 << 30, 2, 10_000).label.unwrap();
    assert_eq!((all.values.len(), all.others, all.null), (1_003, 0, 1));
    let long: Vec<(&String, &u64)> = all
        .values
        .iter()
        .filter(|(text, _)| text.starts_with('é'))
        .collect();
    assert_eq!(long.len(), 2);
    assert!(
        long.iter()
            .all(|(text, count)| text.len() < 200 && **count >= 499),
        "{long:?}"
    );
    let few = of(1 << 30, 2, 3).label.unwrap();
    assert_eq!((few.values.len(), few.others, few.null), (3, 1_000, 1));
    assert_eq!(few.values["often"], 1_000);
    // Where not even the values fit, it still does not matter who counted.
    let tight = of(0, 1, 10_000);
    assert_eq!(tight.to_json(), of(0, 3, 10_000).to_json());
    let label = tight.label.unwrap();
    assert_eq!(label.values.len(), 64);
    for (text, count) in &label.values {
        assert_eq!(all.values[text], *count);
    }
}

#[test]
fn a_reader_that_leaves_out_or_repeats_records_is_found() {
    use crate::{Batch, Columns, Records, Shard, Visit};
    struct Wrong(Memory, &'static [(u64, usize, usize)]);
    impl Records for Wrong {
        fn shards(&self) -> &[Shard] {
            self.0.shards()
        }
        fn scan(
            &self,
            _: NonZeroUsize,
            _: &Columns,
            visit: &Visit<'_>,
        ) -> Result<(), DatasetError> {
            let whole = batch(&rows(10));
            self.1.iter().try_for_each(|(first, from, length)| {
                let records = whole.slice(*from, *length);
                visit(
                    0,
                    Batch {
                        shard: 0,
                        first: *first,
                        records,
                    },
                )
            })
        }
    }
    let attempt = |pieces| {
        let records = Wrong(Memory::new(vec![("a", None, batch(&rows(10)))]), pieces);
        let options = ManifestOptions::default();
        let budget = DatasetBudget::DEFAULT;
        make(
            &records,
            &roles(),
            &options,
            two(),
            &budget,
            &mut Vec::new(),
        )
    };
    assert!(attempt(&[(5, 5, 5), (0, 0, 5)]).is_ok());
    for wrong in [
        &[(5_000, 0, 5)][..],
        &[(0, 0, 5), (2_000, 5, 5)],
        &[(u64::MAX, 0, 1)],
    ] {
        let error = attempt(wrong).unwrap_err();
        assert!(matches!(error, DatasetError::Malformed { .. }), "{error}");
    }
}
