use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BinaryArray, DictionaryArray, Float64Array, Int32Array, Int64Array, LargeStringArray,
    ListArray, RecordBatch, StringArray, StringViewArray, StructArray,
};
use arrow_schema::{DataType, Field};

use super::{Compared, DuplicateOptions, Duplicates, find};
use crate::{Answer, Batch, DatasetBudget, DatasetError, Memory, Roles};

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, true)),
    )
    .unwrap()
}

fn texts(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn labels(labels: &[Option<i32>]) -> ArrayRef {
    Arc::new(Int32Array::from(labels.to_vec()))
}

fn roles() -> Roles {
    Roles {
        text: vec!["text".to_owned()],
        label: Some("label".to_owned()),
        key: Some("id".to_owned()),
        ..Roles::default()
    }
}

fn workers(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

fn known(records: &Memory, options: &DuplicateOptions<'_>) -> Duplicates {
    let budget = DatasetBudget::DEFAULT;
    let one = find(records, &roles(), options, workers(1), &budget).unwrap();
    let two = find(records, &roles(), options, workers(2), &budget).unwrap();
    assert_eq!(one, two);
    let tiny = DatasetBudget {
        memory: 1,
        ..budget
    };
    assert_eq!(
        find(records, &roles(), options, workers(2), &tiny).unwrap(),
        one
    );
    match one {
        Answer::Known(found) => found,
        Answer::Inconclusive(reason) => panic!("{reason}"),
    }
}

fn map<const N: usize>(entries: [(&str, u64); N]) -> BTreeMap<String, u64> {
    entries.map(|(name, count)| (name.to_owned(), count)).into()
}

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }
}

#[test]
fn clusters_conflicts_leaks_and_labels() {
    let train = batch(vec![
        (
            "text",
            texts(&[
                Some("a"),
                Some("b"),
                Some("a"),
                Some(""),
                None,
                Some("c"),
                Some("b"),
            ]),
        ),
        (
            "label",
            labels(&[Some(0), Some(1), Some(1), Some(0), Some(0), None, None]),
        ),
    ]);
    let test = batch(vec![
        ("text", texts(&[Some("c"), Some("d"), Some(""), None])),
        ("label", labels(&[Some(2), Some(2), Some(0), Some(1)])),
    ]);
    let records = Memory::new(vec![
        ("train.parquet", Some("train"), train),
        ("test.parquet", Some("test"), test),
    ]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!(
        (found.records, found.clusters, found.clustered),
        (11, 5, 10)
    );
    assert_eq!(found.empty, 2);
    let members = |list: &crate::Sample<super::Cluster>| -> Vec<Vec<String>> {
        list.shown
            .iter()
            .map(|cluster| cluster.members.shown.clone())
            .collect()
    };
    let named =
        |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let a = named(&["train.parquet#0", "train.parquet#2"]);
    let b = named(&["train.parquet#1", "train.parquet#6"]);
    let empty = named(&["train.parquet#3", "test.parquet#2"]);
    let null = named(&["train.parquet#4", "test.parquet#3"]);
    let c = named(&["train.parquet#5", "test.parquet#0"]);
    assert_eq!(
        members(&found.largest),
        [a.clone(), b, empty.clone(), null.clone(), c.clone()]
    );
    // A record without a label contradicts none.
    assert_eq!(members(&found.conflicts), [a, null.clone()]);
    assert_eq!(members(&found.leaks), [empty, null, c]);
    assert_eq!(found.labels, map([("0", 4), ("1", 3), ("2", 2)]));
    assert_eq!(found.conflicts.shown[0].labels, map([("0", 1), ("1", 1)]));
    assert_eq!(
        found.leaks.shown[0].splits,
        map([("train", 1), ("test", 1)])
    );
    assert_eq!(found.growth, None);
}

#[test]
fn every_value_counts_but_label_key_and_split() {
    let shard = batch(vec![
        ("id", labels(&[Some(1), Some(2), Some(3), Some(4)])),
        ("label", labels(&[Some(1), Some(1), Some(1), Some(1)])),
        ("text", texts(&[Some("a"), Some("a"), Some("a"), Some("a")])),
        ("other", texts(&[Some("x"), Some("x"), Some("y"), None])),
        (
            "split",
            texts(&[Some("train"), Some("test"), Some("train"), Some("train")]),
        ),
    ]);
    let records = Memory::new(vec![("all", Some("train"), shard)]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!(
        (found.clusters, found.clustered, found.leaks.total),
        (1, 2, 1)
    );
    let by_text = DuplicateOptions {
        by: Compared::Text,
        ..DuplicateOptions::default()
    };
    let found = known(&records, &by_text);
    assert_eq!((found.clusters, found.clustered), (1, 4));
    assert_eq!(
        found.leaks.shown[0].splits,
        map([("train", 3), ("test", 1)])
    );
}

#[test]
fn the_same_value_is_the_same_however_it_is_stored() {
    let dictionary: DictionaryArray<Int8Type> =
        vec![Some("b"), None, Some("a")].into_iter().collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec![Some("b"), None, Some("a")])),
        Arc::new(LargeStringArray::from(vec![Some("b"), None, Some("a")])),
        Arc::new(StringViewArray::from(vec![Some("b"), None, Some("a")])),
        Arc::new(dictionary),
    ];
    for other in [None, Some("note")] {
        let shards: Vec<RecordBatch> = columns
            .iter()
            .map(|column| match other {
                None => batch(vec![("text", column.clone())]),
                Some(name) => batch(vec![
                    ("text", column.clone()),
                    (name, texts(&[Some("1"), Some("2"), Some("3")])),
                ]),
            })
            .collect();
        let records = Memory::new(
            shards
                .into_iter()
                .map(|shard| ("shard", None, shard))
                .collect(),
        );
        let found = known(&records, &DuplicateOptions::default());
        assert_eq!((found.clusters, found.clustered), (3, 12));
    }
}

#[test]
fn numbers_are_equal_by_value_and_unlike_their_text() {
    let records = Memory::new(vec![
        ("a", None, batch(vec![("x", labels(&[Some(1), Some(2)]))])),
        (
            "b",
            None,
            batch(vec![(
                "x",
                Arc::new(Int64Array::from(vec![1, 3])) as ArrayRef,
            )]),
        ),
        (
            "c",
            None,
            batch(vec![(
                "x",
                Arc::new(Float64Array::from(vec![1.0, 2.5, f64::NAN, -f64::NAN])) as ArrayRef,
            )]),
        ),
        (
            "d",
            None,
            batch(vec![("x", texts(&[Some("1"), Some("2.5")]))]),
        ),
        (
            "e",
            None,
            batch(vec![(
                "x",
                Arc::new(BinaryArray::from(vec![&b"1"[..]])) as ArrayRef,
            )]),
        ),
    ]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!((found.clusters, found.clustered), (2, 5));
    assert_eq!(found.largest.shown[0].members.shown, ["a#0", "b#0", "c#0"]);
    assert_eq!(found.largest.shown[1].members.shown, ["c#2", "c#3"]);
}

#[test]
fn nested_values_do_not_run_together() {
    let list = |lists: Vec<Option<Vec<Option<i32>>>>| -> ArrayRef {
        Arc::new(ListArray::from_iter_primitive::<
            arrow_array::types::Int32Type,
            _,
            _,
        >(lists))
    };
    let shard = batch(vec![
        (
            "x",
            list(vec![
                Some(vec![Some(1)]),
                Some(vec![]),
                Some(vec![Some(1), None]),
                Some(vec![Some(1)]),
            ]),
        ),
        (
            "y",
            list(vec![
                Some(vec![]),
                Some(vec![Some(1)]),
                Some(vec![]),
                Some(vec![]),
            ]),
        ),
    ]);
    let records = Memory::new(vec![("s", None, shard)]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!(found.largest.shown.len(), 1);
    assert_eq!(found.largest.shown[0].members.shown, ["s#0", "s#3"]);

    let fields = |reverse: bool| -> ArrayRef {
        let mut parts: Vec<(Arc<Field>, ArrayRef)> = vec![
            (
                Arc::new(Field::new("a", DataType::Utf8, true)),
                texts(&[Some("1"), None]),
            ),
            (
                Arc::new(Field::new("b", DataType::Utf8, true)),
                texts(&[None, Some("1")]),
            ),
        ];
        if reverse {
            parts.reverse();
        }
        Arc::new(StructArray::from(parts))
    };
    let records = Memory::new(vec![
        ("s", None, batch(vec![("x", fields(false))])),
        ("t", None, batch(vec![("x", fields(true))])),
    ]);
    let found = known(&records, &DuplicateOptions::default());
    let members: Vec<&[String]> = found
        .largest
        .shown
        .iter()
        .map(|cluster| &cluster.members.shown[..])
        .collect();
    assert_eq!(members, [["s#0", "t#0"], ["s#1", "t#1"]]);
}

#[test]
fn a_column_that_a_shard_lacks_is_null_in_it() {
    let records = Memory::new(vec![
        (
            "a",
            None,
            batch(vec![
                ("text", texts(&[Some("x")])),
                ("note", texts(&[None])),
            ]),
        ),
        ("b", None, batch(vec![("text", texts(&[Some("x")]))])),
        ("c", None, batch(vec![("note", texts(&[Some("x"), None]))])),
    ]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!(found.records, 4);
    assert_eq!(found.largest.shown.len(), 1);
    assert_eq!(found.largest.shown[0].members.shown, ["a#0", "b#0"]);
}

#[test]
fn labels_are_the_same_by_their_text() {
    let records = Memory::new(vec![
        (
            "a",
            None,
            batch(vec![
                ("text", texts(&[Some("x"), Some("y")])),
                ("label", labels(&[Some(1), Some(2)])),
            ]),
        ),
        (
            "b",
            None,
            batch(vec![
                ("text", texts(&[Some("x"), Some("y")])),
                (
                    "label",
                    Arc::new(Float64Array::from(vec![1.0, 3.0])) as ArrayRef,
                ),
            ]),
        ),
        (
            "c",
            None,
            batch(vec![
                ("text", texts(&[Some("x")])),
                ("label", texts(&[Some("1")])),
            ]),
        ),
    ]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!(found.labels, map([("1", 3), ("2", 1), ("3", 1)]));
    assert_eq!(found.conflicts.total, 1);
    assert_eq!(found.conflicts.shown[0].labels, map([("2", 1), ("3", 1)]));
}

#[test]
fn too_little_to_compare_is_no_answer() {
    let reason = |records: &Memory| {
        let options = DuplicateOptions::default();
        match find(
            records,
            &roles(),
            &options,
            workers(2),
            &DatasetBudget::DEFAULT,
        )
        .unwrap()
        {
            Answer::Inconclusive(reason) => reason,
            Answer::Known(found) => panic!("{found:?}"),
        }
    };
    let with = |texts: ArrayRef| Memory::new(vec![("s", None, batch(vec![("text", texts)]))]);
    assert!(reason(&Memory::default()).contains("no column"));
    assert!(reason(&with(texts(&[]))).contains("no records"));
    assert!(reason(&with(texts(&[Some("x")]))).contains("one record"));
    let only = batch(vec![("id", labels(&[Some(1), Some(1)]))]);
    assert!(reason(&Memory::new(vec![("s", None, only)])).contains("no column"));
    let list =
        ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>([Some([Some(1)])]);
    let odd = batch(vec![
        ("text", texts(&[Some("x")])),
        ("label", Arc::new(list) as ArrayRef),
    ]);
    assert!(reason(&Memory::new(vec![("s", None, odd)])).contains("holds no labels"));
    let splits: Vec<String> = (0..300).map(|number| format!("split {number}")).collect();
    let splits: ArrayRef = Arc::new(StringArray::from(splits));
    let same: ArrayRef = Arc::new(StringArray::from(vec!["x"; 300]));
    let many = batch(vec![("text", same), ("split", splits)]);
    assert!(reason(&Memory::new(vec![("s", None, many)])).contains("254"));
}

/// Random records, counted by the obvious means.
#[test]
fn counts_are_those_of_a_map() {
    let mut numbers = Numbers(3);
    let mut shards = Vec::new();
    type Seen = (u64, BTreeSet<i32>, BTreeSet<usize>, u64);
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut histogram: BTreeMap<String, u64> = BTreeMap::new();
    for (split, name) in ["train", "test"].into_iter().enumerate() {
        let mut text = Vec::new();
        let mut label = Vec::new();
        for _ in 0..20_000 {
            let one = format!("text {}", numbers.below(30_000).pow(2) % 20_011);
            let class = i32::try_from(numbers.below(5)).unwrap();
            let entry = seen.entry(one.clone()).or_default();
            entry.0 += 1;
            entry.1.insert(class);
            entry.2.insert(split);
            entry.3 += u64::from(split == 1);
            *histogram.entry(class.to_string()).or_default() += 1;
            text.push(one);
            label.push(class);
        }
        let text: ArrayRef = Arc::new(StringArray::from(text));
        let label: ArrayRef = Arc::new(Int32Array::from(label));
        shards.push((
            name,
            Some(name),
            batch(vec![("text", text), ("label", label)]),
        ));
    }
    let records = Memory::new(shards);
    let added = |batch: &Batch| vec![batch.shard == 1; batch.records.num_rows()];
    let options = DuplicateOptions {
        added: Some(&added),
        ..DuplicateOptions::default()
    };
    let found = known(&records, &options);
    let clusters: Vec<_> = seen.values().filter(|(count, ..)| *count > 1).collect();
    let total = |wanted: &dyn Fn(&Seen) -> bool| {
        clusters.iter().filter(|cluster| wanted(cluster)).count() as u64
    };
    assert_eq!(found.clusters, clusters.len() as u64);
    assert_eq!(
        found.clustered,
        clusters.iter().map(|(count, ..)| count).sum::<u64>()
    );
    assert_eq!(found.conflicts.total, total(&|cluster| cluster.1.len() > 1));
    assert_eq!(found.leaks.total, total(&|cluster| cluster.2.len() > 1));
    let growth = found.growth.unwrap();
    assert_eq!(growth.total, total(&|cluster| cluster.3 > 0));
    assert_eq!(found.labels, histogram);
    let most = clusters.iter().map(|cluster| cluster.3).max();
    assert_eq!(growth.shown[0].added, most);
    let sizes: Vec<u64> = found
        .largest
        .shown
        .iter()
        .map(|cluster| cluster.members.total)
        .collect();
    let mut expected: Vec<u64> = clusters.iter().map(|cluster| cluster.0).collect();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    expected.truncate(sizes.len());
    assert_eq!(sizes, expected);
    for cluster in &found.largest.shown {
        assert_eq!(cluster.labels.values().sum::<u64>(), cluster.members.total);
        assert_eq!(cluster.splits.values().sum::<u64>(), cluster.members.total);
    }
}

#[test]
fn more_labels_than_fit_are_counted_all_the_same() {
    // Each record has a label of its own, but every tenth has label 7.
    let count = 40_000;
    let text: ArrayRef = Arc::new(StringArray::from(vec!["the same"; count]));
    let label = (0..count).map(|index| match index % 10 {
        0 => "seven".to_owned(),
        _ => format!("{index:06}"),
    });
    let label: ArrayRef = Arc::new(StringArray::from(label.collect::<Vec<_>>()));
    let records = Memory::new(vec![(
        "s",
        None,
        batch(vec![("text", text), ("label", label)]),
    )]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!(found.labels.len(), 1_000);
    assert_eq!(found.labels["seven"], 4_000);
    // Of those with one record, the first.
    assert_eq!(found.labels["000001"], 1);
    assert_eq!(found.labels["001109"], 1);
    assert!(!found.labels.contains_key("001111"));
    let [cluster] = &found.conflicts.shown[..] else {
        panic!("{:?}", found.conflicts);
    };
    assert_eq!(cluster.members.total, count as u64);
    assert_eq!(cluster.labels, found.labels);
}

#[test]
fn long_labels_are_cut_and_told_apart() {
    let long = |last: char| format!("{}{last}", "x".repeat(100_000));
    let label: ArrayRef = Arc::new(StringArray::from(vec![long('a'), long('b')]));
    let shard = batch(vec![
        ("text", texts(&[Some("a"), Some("a")])),
        ("label", label),
    ]);
    let records = Memory::new(vec![("s", None, shard)]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!(found.labels.len(), 2);
    assert!(found.labels.keys().all(|label| label.len() < 300));
    assert_eq!(found.conflicts.total, 1);
}

#[test]
fn a_folder_that_is_not_there_is_said() {
    let text: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..1_000).map(|n| n.to_string()),
    ));
    let records = Memory::new(vec![("s", None, batch(vec![("text", text)]))]);
    let budget = DatasetBudget {
        memory: 1,
        spill: Some("/nowhere at all".into()),
        ..DatasetBudget::DEFAULT
    };
    let found = find(
        &records,
        &roles(),
        &DuplicateOptions::default(),
        workers(1),
        &budget,
    );
    assert!(
        matches!(found, Err(DatasetError::Spill { .. })),
        "{found:?}"
    );
}

/// More different values than one table of the least size can hold in each partition.
#[test]
fn partitions_are_parted_again() {
    let text: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..320_000).map(|number| (number % 300_000).to_string()),
    ));
    let records = Memory::new(vec![("s", None, batch(vec![("text", text)]))]);
    let found = known(&records, &DuplicateOptions::default());
    assert_eq!((found.clusters, found.clustered), (20_000, 40_000));
    let first = &found.largest.shown[0].members.shown;
    assert_eq!(first[..], ["s#0", "s#300000"]);
}
