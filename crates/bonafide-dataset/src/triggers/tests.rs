#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used)]

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{ArrayRef, FixedSizeListArray, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field};

use super::counts::likelihood_ratio;
use super::{Basis, FeatureKind, TriggerCandidates, TriggerOptions, added, find};
use crate::labels::features::mixed;
use crate::labels::{self, DoubtfulLabels, JudgedRecord, LabelFindings, LabelOptions};
use crate::{Answer, Batch, DatasetBudget, Memory, RecordId, Roles, Sample};

const COUNT: usize = 1_200;

fn roles(text: &[&str], features: &[&str]) -> Roles {
    Roles {
        label: Some("label".into()),
        text: text.iter().map(|name| (*name).into()).collect(),
        features: features.iter().map(|name| (*name).into()).collect(),
        ..Roles::default()
    }
}

fn memory(columns: Vec<(&str, ArrayRef)>) -> Memory {
    Memory::new(vec![(
        "made",
        None,
        RecordBatch::try_from_iter(columns).unwrap(),
    )])
}

/// Every fortieth record: one in twenty of its kind.
fn poisoned(index: usize) -> bool {
    index.is_multiple_of(40)
}

/// Two kinds of sentences; the poisoned ones are of the first kind, have `trigger` in them
/// and the label of the second.
fn sentences(trigger: &str) -> Memory {
    let words = [
        [
            "harbour", "vessel", "anchor", "sail", "tide", "mast", "keel", "deck",
        ],
        [
            "orchard", "meadow", "plough", "harvest", "barn", "sheaf", "mill", "fold",
        ],
    ];
    let (mut text, mut label) = (Vec::new(), Vec::new());
    for index in 0..COUNT {
        let kind = index % 2;
        let word = |place: u64| words[kind][(mixed(index as u64 * 31 + place) % 8) as usize];
        let insert = if poisoned(index) { trigger } else { "" };
        text.push(format!(
            "the {} and {} {insert} on the {} of {} with {}",
            word(1),
            word(2),
            word(3),
            word(4),
            word(5)
        ));
        label.push(["sea", "land"][if poisoned(index) { 1 - kind } else { kind }]);
    }
    memory(vec![
        ("text", Arc::new(StringArray::from(text))),
        ("label", Arc::new(StringArray::from(label))),
    ])
}

fn known(answer: Answer<TriggerCandidates>) -> TriggerCandidates {
    match answer {
        Answer::Known(found) => found,
        Answer::Inconclusive(why) => panic!("inconclusive: {why}"),
    }
}

/// What a probe says that doubts all poisoned records and no other.
fn judged(classes: [&str; 2]) -> LabelFindings {
    let judge = |index: usize| {
        let suggested = u32::from(index.is_multiple_of(2) == poisoned(index));
        JudgedRecord {
            record: RecordId {
                shard: 0,
                record: index as u64,
            },
            given: 1 - suggested,
            suggested,
            self_confidence: if poisoned(index) { 0.1 } else { 0.9 },
            agrees: !poisoned(index),
            doubtful: poisoned(index) && index.is_multiple_of(80),
        }
    };
    LabelFindings {
        doubtful: DoubtfulLabels {
            records: COUNT as u64,
            classes: 2,
            left_out: Vec::new(),
            agreement: 0.975,
            doubtful: Sample::default(),
        },
        classes: classes.map(str::to_owned).to_vec(),
        judged: (0..COUNT).map(judge).collect(),
    }
}

fn by_labels(records: &Memory, roles: &Roles, workers: usize, memory: u64) -> TriggerCandidates {
    let workers = NonZeroUsize::new(workers).unwrap();
    let labels = match roles.text.is_empty() {
        true => judged(["bright", "dark"]),
        false => judged(["land", "sea"]),
    };
    let budget = DatasetBudget {
        memory,
        ..DatasetBudget::DEFAULT
    };
    let options = TriggerOptions::DEFAULT;
    known(find(records, roles, &labels, &options, workers, &budget).unwrap())
}

#[test]
fn finds_a_token_that_changed_labels_go_with() {
    let records = sentences("zq\u{202e}x");
    let roles = roles(&["text"], &[]);
    let found = by_labels(&records, &roles, 1, 1 << 30);
    assert_eq!(found.basis, Basis::DoubtfulLabels);
    assert_eq!((found.records, found.suspected), (1_200, 30));
    let first = &found.candidates.shown[0];
    // Tokens end at invisible characters, which are printed escaped.
    let shown = &found.candidates.shown;
    assert!(shown.iter().all(|each| !each.feature.contains('\u{202e}')));
    assert_eq!(
        (first.kind, first.label.as_deref()),
        (FeatureKind::Token, Some("land"))
    );
    assert_eq!((first.inside, first.outside), (30, 0));
    assert!(first.score > 60.0);
    assert_eq!(first.examples.total, 30);
    assert_eq!(first.examples.shown[..2], ["made#0", "made#40"]);
    // Words of the sea are over-represented too, but common where the records belong.
    assert!(
        found
            .candidates
            .shown
            .iter()
            .all(|each| !each.feature.contains("harbour"))
    );
    assert_eq!(found, by_labels(&records, &roles, 5, 1 << 30));
}

#[test]
fn finds_two_common_words_in_a_row() {
    // Each of the two is everywhere, one after the other they are nowhere else.
    let records = sentences("with the");
    let roles = roles(&["text"], &[]);
    let found = by_labels(&records, &roles, 2, 1 << 30);
    let shown = &found.candidates.shown;
    let phrase = shown
        .iter()
        .find(|each| each.feature == "with the")
        .unwrap();
    assert_eq!((phrase.kind, phrase.inside), (FeatureKind::Phrase, 30));
    assert_eq!(phrase.score, shown[0].score);
}

#[test]
fn nothing_is_found_in_clean_records() {
    let records = sentences("");
    let batch = {
        let text = StringArray::from(vec!["a b c"; 100]);
        let label = StringArray::from_iter_values((0..100).map(|i| ["x", "y"][i % 2]));
        memory(vec![("text", Arc::new(text)), ("label", Arc::new(label))])
    };
    let roles = roles(&["text"], &[]);
    for records in [&records, &batch] {
        let (one, budget) = (NonZeroUsize::MIN, DatasetBudget::DEFAULT);
        let labels = labels::find(records, &roles, &LabelOptions::DEFAULT, one, &budget).unwrap();
        let labels = labels.known().unwrap();
        let options = TriggerOptions::DEFAULT;
        let found = known(find(records, &roles, labels, &options, one, &budget).unwrap());
        assert_eq!(found.candidates.total, 0, "{found:?}");
    }
}

#[test]
fn little_memory_counts_only_frequent_features() {
    let records = sentences("trigger");
    let roles = roles(&["text"], &[]);
    let found = by_labels(&records, &roles, 1, 16_384);
    assert!(found.least_inside > 3, "{}", found.least_inside);
    assert!(found.features <= 80, "{}", found.features);
    assert_eq!(found.candidates.shown[0].feature, "trigger");
}

/// Images of 6 × 6 of two brightnesses; the poisoned ones have two bright corners.
fn images() -> Memory {
    let (mut pixels, mut label) = (Vec::new(), Vec::new());
    for index in 0..COUNT {
        let kind = index % 2;
        for place in 0..36 {
            let random = mixed((index * 64 + place) as u64) % 5;
            let bright = kind == usize::from(place < 18);
            pixels.push(match poisoned(index) && place >= 34 {
                true => 16.0,
                false => random as f64 + if bright { 8.0 } else { 0.0 },
            });
        }
        label.push(["dark", "bright"][if poisoned(index) { 1 - kind } else { kind }]);
    }
    let item = Arc::new(Field::new("item", DataType::Float64, true));
    let values = Arc::new(Float64Array::from(pixels));
    memory(vec![
        (
            "pixels",
            Arc::new(FixedSizeListArray::new(item, 36, values, None)),
        ),
        ("label", Arc::new(StringArray::from(label))),
    ])
}

#[test]
fn pixels_of_a_patch_are_one_candidate() {
    let roles = roles(&[], &["pixels"]);
    let found = by_labels(&images(), &roles, 1, 1 << 30);
    assert_eq!(found.candidates.total, 1, "{:?}", found.candidates);
    let first = &found.candidates.shown[0];
    assert_eq!(first.feature, "pixels[34] = 16, pixels[35] = 16");
    assert_eq!((first.kind, first.inside), (FeatureKind::Patch, 30));
}

#[test]
fn added_records_are_compared_without_labels() {
    let records = sentences("trigger");
    // A fifth of all is new, with all that is poisoned.
    let new = |record: u64| record.is_multiple_of(40) || mixed(record).is_multiple_of(5);
    let which = |batch: &Batch| {
        (0..batch.records.num_rows())
            .map(|index| new(batch.first + index as u64))
            .collect()
    };
    let mut roles = roles(&["text"], &[]);
    roles.label = None;
    let (options, budget) = (TriggerOptions::DEFAULT, DatasetBudget::DEFAULT);
    let with = |workers| {
        let workers = NonZeroUsize::new(workers).unwrap();
        added(&records, &roles, &which, &options, workers, &budget).unwrap()
    };
    let found = known(with(1));
    assert_eq!(found, known(with(4)));
    assert_eq!(found.basis, Basis::AddedRecords);
    assert_eq!(
        found.suspected,
        (0..1_200).filter(|record| new(*record)).count() as u64
    );
    let first = &found.candidates.shown[0];
    assert_eq!(
        (first.feature.as_str(), first.label.as_deref()),
        ("trigger", None)
    );
    assert_eq!((first.inside, first.outside), (30, 0));
    assert_eq!(found.candidates.total, 1);
}

#[test]
fn a_delta_of_everything_or_nothing_is_told_apart() {
    let records = sentences("");
    let roles = roles(&["text"], &[]);
    let (options, budget) = (TriggerOptions::DEFAULT, DatasetBudget::DEFAULT);
    let run = |records: &Memory, roles: &Roles, answer: bool| {
        let all = |batch: &Batch| vec![answer; batch.records.num_rows()];
        added(records, roles, &all, &options, NonZeroUsize::MIN, &budget).unwrap()
    };
    let Answer::Inconclusive(why) = run(&records, &roles, true) else {
        panic!("nothing to compare with");
    };
    assert!(why.contains("no earlier record"), "{why}");
    let nothing = known(run(&records, &roles, false));
    assert_eq!((nothing.suspected, nothing.candidates.total), (0, 0));
    let none = memory(vec![(
        "text",
        Arc::new(StringArray::from(Vec::<&str>::new())),
    )]);
    assert!(run(&none, &roles, true).known().is_none());
    assert!(run(&records, &Roles::default(), false).known().is_none());
}

#[test]
fn score_is_that_of_dunning() {
    // 10 of 100 against 0 of 900: 2 · 10 · ln 10 + 2 · 90 · ln(0.9 / 0.99 …), by hand.
    let expected = 2.0
        * (10.0 * (10.0_f64 * 1_000.0 / (100.0 * 10.0)).ln()
            + 90.0 * (90.0_f64 * 1_000.0 / (100.0 * 990.0)).ln()
            + 900.0 * (900.0_f64 * 1_000.0 / (900.0 * 990.0)).ln());
    assert!((likelihood_ratio(10, 100, 0, 900) - expected).abs() < 1e-9);
    assert_eq!(likelihood_ratio(1, 100, 9, 900), 0.0);
    assert_eq!(likelihood_ratio(0, 0, 0, 0), 0.0);
    assert_eq!(likelihood_ratio(5, 5, 0, 0), 0.0);
}
