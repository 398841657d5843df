use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray};

use super::twister::Twister;
use super::{Bands, Family, Linked, Shingles, Signer, SimilarOptions, bands, find};
use crate::duplicates::Duplicates;
use crate::{Answer, DatasetBudget, Memory, Roles};

/// The first draws of NumPy's `RandomState(1)`.
#[test]
fn the_generator_is_that_of_numpy() {
    let mut random = Twister::new(1);
    let drawn: Vec<u32> = (0..3).map(|_| random.draw()).collect();
    assert_eq!(drawn, [1_791_095_845, 4_282_876_139, 3_093_770_124]);
}

/// What `datasketch` 2.0.0 says of the shingles of "The quick  brown fox".
#[test]
fn signatures_are_those_of_datasketch() {
    let options = SimilarOptions {
        permutations: 8,
        ..SimilarOptions::DEFAULT
    };
    let text = "The quick  brown\nFOX";
    assert_eq!(signature(text, &options).unwrap(), AFFINE);
    let legacy = SimilarOptions {
        family: Family::Mersenne,
        ..options
    };
    assert_eq!(signature(text, &legacy).unwrap(), LEGACY);
    let characters = SimilarOptions {
        shingles: Shingles::Characters(3),
        ..options
    };
    assert_eq!(signature(text, &characters).unwrap(), CHARACTERS);
    assert_eq!(signature(" \n", &options), None);
}

/// The bands that `MinHashLSH(threshold, num_perm)` of `datasketch` 2.0.0 chooses.
#[test]
fn bands_are_those_of_datasketch() {
    for (jaccard, permutations, count, rows) in BANDS {
        let expected = Bands { bands: count, rows };
        assert_eq!(
            bands(jaccard, permutations),
            expected,
            "{jaccard} {permutations}"
        );
    }
}

fn signature(text: &str, options: &SimilarOptions<'_>) -> Option<Vec<u32>> {
    let signature = Signer::new(options)?.sign(text)?.to_vec();
    Some(signature)
}

fn texts(texts: Vec<String>, labels: Option<Vec<i32>>) -> Memory {
    let text: ArrayRef = Arc::new(StringArray::from(texts));
    let mut columns = vec![("text", text)];
    if let Some(labels) = labels {
        columns.push(("label", Arc::new(Int32Array::from(labels))));
    }
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    Memory::new(vec![("s", None, batch)])
}

fn answer(
    records: &Memory,
    options: &SimilarOptions<'_>,
    workers: usize,
    memory: u64,
) -> Answer<Duplicates> {
    let roles = Roles {
        text: vec!["text".to_owned()],
        label: Some("label".to_owned()),
        ..Roles::default()
    };
    let budget = DatasetBudget {
        memory,
        ..DatasetBudget::DEFAULT
    };
    let workers = NonZeroUsize::new(workers).unwrap();
    find(records, &roles, options, workers, &budget).unwrap()
}

fn known(records: &Memory, options: &SimilarOptions<'_>) -> Duplicates {
    let one = answer(records, options, 1, 1 << 30);
    assert_eq!(one, answer(records, options, 2, 1 << 30));
    assert_eq!(one, answer(records, options, 2, 1));
    match one {
        Answer::Known(found) => found,
        Answer::Inconclusive(reason) => panic!("{reason}"),
    }
}

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn text(&mut self, words: u64) -> Vec<String> {
        (0..words)
            .map(|_| format!("word{}", self.below(20_000)))
            .collect()
    }

    /// Another text with a part of its words changed.
    fn edited(&mut self, text: &[String], percent: u64) -> Vec<String> {
        let edit = |word: &String| match self.below(100) < percent {
            true => format!("edit{}", self.below(20_000)),
            false => word.clone(),
        };
        text.iter().map(edit).collect()
    }
}

/// Fifty variants of one text of 200 words among 500 others.
fn flood(percent: u64) -> Memory {
    let mut numbers = Numbers(11);
    let first = numbers.text(200);
    let mut all: Vec<String> = (0..500).map(|_| numbers.text(200).join(" ")).collect();
    all.extend((0..50).map(|_| numbers.edited(&first, percent).join(" ")));
    texts(all, None)
}

#[test]
fn variants_of_one_text_are_one_cluster() {
    for (percent, least) in [(2, 50), (5, 50), (10, 40)] {
        let found = known(&flood(percent), &SimilarOptions::DEFAULT);
        assert_eq!(found.clusters, 1, "{percent} %");
        let [cluster] = &found.largest.shown[..] else {
            panic!("{:?}", found.largest);
        };
        assert!(
            cluster.members.total >= least,
            "{percent} %: {}",
            cluster.members.total
        );
        assert!(
            cluster
                .members
                .shown
                .iter()
                .all(|member| { member.trim_start_matches("s#").parse::<u64>().unwrap() >= 500 })
        );
    }
    // What is changed beyond the threshold is not found.
    assert_eq!(known(&flood(60), &SimilarOptions::DEFAULT).clusters, 0);
}

/// All pairs of a small corpus, compared without any bands.
#[test]
fn clusters_are_those_of_all_pairs_but_for_those_that_bands_miss() {
    let mut numbers = Numbers(5);
    let mut all = Vec::new();
    for _ in 0..60 {
        let first = numbers.text(40);
        all.push(first.join(" "));
        for _ in 0..numbers.below(6) {
            let percent = numbers.below(25);
            all.push(numbers.edited(&first, percent).join(" "));
        }
    }
    for permutations in [64, 128] {
        let options = SimilarOptions {
            permutations,
            shown: 1_000,
            members: 1_000,
            ..SimilarOptions::DEFAULT
        };
        let signatures: Vec<Vec<u32>> = all
            .iter()
            .map(|text| signature(text, &options).unwrap())
            .collect();
        let shape = bands(options.jaccard, permutations);
        let linked = |one: &[u32], other: &[u32]| {
            let shared = one
                .chunks_exact(shape.rows)
                .zip(other.chunks_exact(shape.rows))
                .take(shape.bands)
                .any(|(one, other)| one == other);
            let same = one.iter().zip(other).filter(|(one, other)| one == other);
            shared && same.count() * 2 >= permutations as usize
        };
        let mut cluster: Vec<usize> = (0..all.len()).collect();
        for one in 0..all.len() {
            for other in 0..one {
                if linked(&signatures[one], &signatures[other]) {
                    let (from, to) = (cluster[one], cluster[other]);
                    cluster
                        .iter_mut()
                        .filter(|c| **c == from)
                        .for_each(|c| *c = to);
                }
            }
        }
        let mut expected: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (index, number) in cluster.iter().enumerate() {
            expected
                .entry(*number)
                .or_default()
                .push(format!("s#{index}"));
        }
        let mut expected: Vec<Vec<String>> = expected
            .into_values()
            .filter(|members| members.len() > 1)
            .collect();
        let found = known(&texts(all.clone(), None), &options);
        let mut members: Vec<Vec<String>> = found
            .largest
            .shown
            .into_iter()
            .map(|cluster| cluster.members.shown)
            .collect();
        members.sort();
        expected.sort();
        assert_eq!(members, expected);
        assert!(members.len() > 20);
    }
}

#[test]
fn a_flood_of_equal_records_is_no_crowd() {
    let mut all = vec!["the same text again and again".to_owned(); 100_000];
    all.push("something else that is there once".to_owned());
    all.push(String::new());
    let labels = (0..100_002).map(|index| i32::from(index == 5)).collect();
    let found = known(&texts(all, Some(labels)), &SimilarOptions::DEFAULT);
    assert_eq!((found.records, found.empty, found.crowded), (100_001, 1, 0));
    assert_eq!((found.clusters, found.clustered), (1, 100_000));
    assert_eq!(found.conflicts.shown[0].labels["1"], 1);
    assert_eq!(found.labels["0"], 100_001);
}

/// A long text that all begin with, and an end of their own: all share their buckets.
#[test]
fn a_crowd_of_variants_is_one_cluster_and_is_said() {
    let start = Numbers(1).text(60).join(" ");
    let all = (0..3_000)
        .map(|index| format!("{start} end{index}"))
        .collect();
    let found = known(&texts(all, None), &SimilarOptions::DEFAULT);
    assert_eq!((found.clusters, found.clustered), (1, 3_000));
    assert!(found.crowded > 0);
}

#[test]
fn candidates_are_linked_without_a_comparison() {
    let candidates = SimilarOptions {
        linked: Linked::Candidates,
        ..SimilarOptions::DEFAULT
    };
    let (more, fewer) = (
        known(&flood(25), &candidates),
        known(&flood(25), &SimilarOptions::DEFAULT),
    );
    assert!(more.clustered > fewer.clustered);
}

#[test]
fn what_cannot_be_compared_is_no_answer() {
    let said =
        |records: &Memory, options: &SimilarOptions<'_>| match answer(records, options, 2, 1 << 30)
        {
            Answer::Inconclusive(reason) => reason,
            Answer::Known(found) => panic!("{found:?}"),
        };
    let one = texts(vec!["a b c".to_owned(), " ".to_owned()], None);
    assert!(said(&one, &SimilarOptions::DEFAULT).contains("one record"));
    assert!(
        said(
            &texts(vec![String::new(); 9], None),
            &SimilarOptions::DEFAULT
        )
        .contains("no records")
    );
    for options in [
        SimilarOptions {
            permutations: 0,
            ..SimilarOptions::DEFAULT
        },
        SimilarOptions {
            permutations: u32::MAX,
            ..SimilarOptions::DEFAULT
        },
        SimilarOptions {
            jaccard: f64::NAN,
            ..SimilarOptions::DEFAULT
        },
        SimilarOptions {
            jaccard: 0.0,
            ..SimilarOptions::DEFAULT
        },
        SimilarOptions {
            shingles: Shingles::Words(0),
            ..SimilarOptions::DEFAULT
        },
        SimilarOptions {
            shingles: Shingles::Characters(65),
            ..SimilarOptions::DEFAULT
        },
    ] {
        assert!(
            said(&one, &options).contains("possible") || said(&one, &options).contains("at most 1")
        );
    }
}

const AFFINE: [u32; 8] = [
    327807514, 354999831, 953609770, 432869323, 295965259, 281731034, 2399578372, 1051825543,
];
const LEGACY: [u32; 8] = [
    418309714, 646447938, 568966711, 575538264, 175067588, 852371501, 689470020, 607464164,
];
const CHARACTERS: [u32; 8] = [
    472495465, 342517004, 6162948, 48413517, 16010612, 382626064, 148044752, 294826922,
];
const BANDS: [(f64, u32, usize, usize); 40] = [
    (0.05, 2, 2, 1),
    (0.3, 2, 2, 1),
    (0.5, 2, 1, 1),
    (0.6, 2, 1, 2),
    (0.7, 2, 1, 2),
    (0.8, 2, 1, 2),
    (0.9, 2, 1, 2),
    (0.99, 2, 1, 2),
    (0.05, 16, 16, 1),
    (0.3, 16, 8, 2),
    (0.5, 16, 5, 3),
    (0.6, 16, 4, 4),
    (0.7, 16, 3, 5),
    (0.8, 16, 2, 8),
    (0.9, 16, 1, 15),
    (0.99, 16, 1, 16),
    (0.05, 64, 32, 1),
    (0.3, 64, 21, 3),
    (0.5, 64, 14, 4),
    (0.6, 64, 10, 6),
    (0.7, 64, 8, 8),
    (0.8, 64, 5, 11),
    (0.9, 64, 3, 21),
    (0.99, 64, 1, 64),
    (0.05, 100, 32, 1),
    (0.3, 100, 33, 3),
    (0.5, 100, 20, 5),
    (0.6, 100, 16, 6),
    (0.7, 100, 11, 9),
    (0.8, 100, 8, 12),
    (0.9, 100, 4, 23),
    (0.99, 100, 1, 100),
    (0.05, 128, 32, 1),
    (0.3, 128, 37, 3),
    (0.5, 128, 25, 5),
    (0.6, 128, 18, 7),
    (0.7, 128, 14, 9),
    (0.8, 128, 9, 13),
    (0.9, 128, 5, 25),
    (0.99, 128, 1, 128),
];
