//! A dataset with repeats, conflicts and leaks, as Parquet files, and what is in it by
//! plain counting and by the scan that is built in.

#![allow(dead_code, reason = "each test needs some of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use bonafide_cluster::{Equal, Found};
use bonafide_dataset::duplicates::{self, Cluster, DuplicateOptions};
use bonafide_dataset::{Answer, Dataset, DatasetBudget, InMemory, OpenOptions, Roles, Sample};
use datafusion::arrow::array::{Int32Array, RecordBatch, StringArray};
use datafusion::parquet::arrow::ArrowWriter;

/// Numbers that look like chance and are the same each time (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// What all ways have to agree on.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) records: u64,
    pub(crate) empty: u64,
    pub(crate) clusters: u64,
    pub(crate) clustered: u64,
    pub(crate) conflicts: u64,
    pub(crate) leaks: u64,
    pub(crate) labels: BTreeMap<String, u64>,
    /// Sizes of the largest clusters.
    pub(crate) largest: Vec<u64>,
}

/// One record: split, text and label.
pub(crate) type Record = (&'static str, Option<String>, Option<i32>);

/// Writes `files` files of `records` records each, every third for the test.
pub(crate) fn write(folder: &Path, files: usize, records: usize) -> Vec<Record> {
    let mut numbers = Numbers(7);
    let mut all = Vec::new();
    for file in 0..files {
        let split = if file % 3 == 2 { "test" } else { "train" };
        let mut texts = Vec::new();
        let mut labels = Vec::new();
        for _ in 0..records {
            // Every tenth record is one of a few hundred texts, the rest is nearly unique.
            let text = match numbers.below(10) {
                0 => format!("often said {}", numbers.below(300)),
                _ => format!(
                    "said once {} and {}",
                    numbers.below(1 << 40),
                    numbers.below(1 << 40)
                ),
            };
            let label = match numbers.below(1_000) {
                0 => None,
                1 => Some(9),
                _ => i32::try_from(text.len() % 3).ok(),
            };
            texts.push((numbers.below(5_000) > 0).then_some(text));
            labels.push(label);
        }
        for (text, label) in texts.iter().zip(&labels) {
            all.push((split, text.clone(), *label));
        }
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("text", Arc::new(StringArray::from(texts)) as _, true),
            ("label", Arc::new(Int32Array::from(labels)) as _, true),
        ])
        .unwrap();
        let path = folder.join(format!("{split}-{file:05}.parquet"));
        let file = std::fs::File::create(path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
    all
}

/// What is in the records.
pub(crate) fn plain(records: &[Record]) -> Counts {
    let mut groups: BTreeMap<&Option<String>, Vec<&Record>> = BTreeMap::new();
    let mut counts = Counts {
        records: records.len() as u64,
        ..Counts::default()
    };
    for record in records {
        groups.entry(&record.1).or_default().push(record);
        counts.empty += u64::from(record.1.is_none());
        if let Some(label) = record.2 {
            *counts.labels.entry(label.to_string()).or_default() += 1;
        }
    }
    groups.retain(|_, members| members.len() > 1);
    for members in groups.values() {
        counts.clusters += 1;
        counts.clustered += members.len() as u64;
        let labels: BTreeSet<i32> = members.iter().filter_map(|record| record.2).collect();
        let splits: BTreeSet<&str> = members.iter().map(|record| record.0).collect();
        counts.conflicts += u64::from(labels.len() > 1);
        counts.leaks += u64::from(splits.len() > 1);
        counts.largest.push(members.len() as u64);
    }
    counts.largest.sort_unstable_by(|one, other| other.cmp(one));
    counts.largest.truncate(SHOWN);
    counts
}

/// What the built-in scan says of the files in a folder.
pub(crate) fn built_in(folder: &Path) -> Counts {
    let files = InMemory::new(std::fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    }));
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    assert!(dataset.skipped().is_empty(), "{:?}", dataset.skipped());
    let roles = Roles {
        text: vec!["text".to_owned()],
        label: Some("label".to_owned()),
        ..Roles::default()
    };
    let found = duplicates::find(
        &dataset,
        &roles,
        &DuplicateOptions::default(),
        NonZeroUsize::new(2).unwrap(),
        &DatasetBudget::DEFAULT,
    );
    let found = match found.unwrap() {
        Answer::Known(found) => found,
        Answer::Inconclusive(reason) => panic!("{reason}"),
    };
    let sizes = |sample: &Sample<Cluster>| {
        let sizes = sample.shown.iter().map(|cluster| cluster.members.total);
        sizes.take(SHOWN).collect::<Vec<u64>>()
    };
    Counts {
        records: found.records,
        empty: found.empty,
        clusters: found.clusters,
        clustered: found.clustered,
        conflicts: found.conflicts.total,
        leaks: found.leaks.total,
        labels: found.labels,
        largest: sizes(&found.largest),
    }
}

/// What the cluster says of them, with what is shown of it held against it.
pub(crate) fn counted(found: &Equal) -> Counts {
    let sizes = |sample: &Sample<Found>| {
        let sizes = sample.shown.iter().map(|cluster| {
            assert_eq!(cluster.splits.values().sum::<u64>(), cluster.records);
            assert!(cluster.labels.values().sum::<u64>() <= cluster.records);
            cluster.records
        });
        sizes.collect::<Vec<u64>>()
    };
    assert!(
        found
            .conflicts
            .shown
            .iter()
            .all(|cluster| cluster.labels.len() > 1)
    );
    assert!(
        found
            .leaks
            .shown
            .iter()
            .all(|cluster| cluster.splits.len() > 1)
    );
    assert!(!sizes(&found.conflicts).is_empty() && !sizes(&found.leaks).is_empty());
    Counts {
        records: found.records,
        empty: found.empty,
        clusters: found.clusters,
        clustered: found.clustered,
        conflicts: found.conflicts.total,
        leaks: found.leaks.total,
        labels: found.labels.clone(),
        largest: sizes(&found.largest),
    }
}

/// Clusters that are shown.
pub(crate) const SHOWN: usize = 5;
