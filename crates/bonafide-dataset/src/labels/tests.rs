#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used)]

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, FixedSizeListArray, Float64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field};

use super::confident::{Filter, NotProbabilities, issues};
use super::features::{Judged, mixed};
use super::{LabelFindings, LabelOptions, find};
use crate::{Answer, DatasetBudget, Memory, Roles};

const FILTERS: [Filter; 6] = [
    Filter::PruneByNoiseRate,
    Filter::PruneByClass,
    Filter::Both,
    Filter::ConfidentLearning,
    Filter::PredictedNeqGiven,
    Filter::LowSelfConfidence,
];

fn one() -> NonZeroUsize {
    NonZeroUsize::MIN
}

fn roles(text: &[&str], features: &[&str]) -> Roles {
    Roles {
        label: Some("label".into()),
        text: text.iter().map(|name| (*name).into()).collect(),
        features: features.iter().map(|name| (*name).into()).collect(),
        ..Roles::default()
    }
}

fn memory(columns: Vec<(&str, ArrayRef)>) -> Memory {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, true)),
    );
    Memory::new(vec![("made", None, batch.unwrap())])
}

/// Two kinds of sentences; every record in `wrong` has the other label.
fn sentences(count: usize, wrong: &[usize]) -> Memory {
    let words = [
        ["harbour", "vessel", "anchor", "sail", "tide", "mast"],
        ["orchard", "meadow", "plough", "harvest", "barn", "sheaf"],
    ];
    let (mut text, mut label) = (Vec::new(), Vec::new());
    for index in 0..count {
        let kind = index % 2;
        let word = |place: u64| {
            let random = mixed(index as u64 * 31 + place) % 6;
            words[kind][random as usize]
        };
        text.push(format!(
            "the {} and the {} near a {} {index}",
            word(1),
            word(2),
            word(3)
        ));
        let said = if wrong.contains(&index) {
            1 - kind
        } else {
            kind
        };
        label.push(["sea", "land"][said]);
    }
    memory(vec![
        ("text", Arc::new(StringArray::from(text))),
        ("label", Arc::new(StringArray::from(label))),
    ])
}

fn known(answer: Answer<LabelFindings>) -> LabelFindings {
    match answer {
        Answer::Known(found) => found,
        Answer::Inconclusive(why) => panic!("inconclusive: {why}"),
    }
}

fn why(records: &Memory, roles: &Roles, options: &LabelOptions) -> String {
    match find(records, roles, options, one(), &DatasetBudget::DEFAULT).unwrap() {
        Answer::Inconclusive(why) => why,
        Answer::Known(found) => panic!("{found:?}"),
    }
}

#[test]
fn finds_the_labels_that_were_changed() {
    let wrong = [10, 33, 100, 251];
    let records = sentences(400, &wrong);
    // Exactly those for which the probe finds the other label more probable.
    let options = LabelOptions {
        filter: Filter::PredictedNeqGiven,
        ..LabelOptions::DEFAULT
    };
    let found = find(
        &records,
        &roles(&["text"], &[]),
        &options,
        one(),
        &DatasetBudget::DEFAULT,
    );
    let found = known(found.unwrap());
    let mut flagged: Vec<&str> = found
        .doubtful
        .doubtful
        .shown
        .iter()
        .map(|each| each.record.as_str())
        .collect();
    flagged.sort_unstable();
    assert_eq!(flagged, ["made#10", "made#100", "made#251", "made#33"]);
    assert_eq!(found.doubtful.doubtful.total, 4);
    assert_eq!(found.doubtful.records, 400);
    assert_eq!(found.doubtful.agreement, 0.99);
    let first = &found.doubtful.doubtful.shown[0];
    assert_ne!(first.given, first.suggested);
    assert!(first.self_confidence < 0.5);
    assert_eq!(found.classes, ["land", "sea"]);
}

#[test]
fn same_answer_with_any_number_of_workers() {
    let records = sentences(3_000, &[1, 2, 3, 1_500]);
    let with = |workers| {
        find(
            &records,
            &roles(&["text"], &[]),
            &LabelOptions::DEFAULT,
            NonZeroUsize::new(workers).unwrap(),
            &DatasetBudget::DEFAULT,
        )
    };
    assert_eq!(with(1).unwrap(), with(7).unwrap());
}

#[test]
fn sampling_to_the_budget_is_said() {
    let records = sentences(3_000, &[]);
    let budget = DatasetBudget {
        memory: 300_000,
        ..DatasetBudget::DEFAULT
    };
    let options = LabelOptions::DEFAULT;
    let found = find(&records, &roles(&["text"], &[]), &options, one(), &budget);
    let found = known(found.unwrap()).doubtful;
    let [(reason, left)] = &found.left_out[..] else {
        panic!("{:?}", found.left_out);
    };
    assert_eq!(reason, "not in the sample that memory and time allow");
    assert_eq!(left + found.records, 3_000);
    assert!((200..2_000).contains(&found.records), "{}", found.records);
}

#[test]
fn numbers_and_lists_are_judged() {
    let count = 300;
    let value = |index: usize| (mixed(index as u64) % 1_000) as f64 / 1_000.0;
    let wrong = |index: usize| index == 7 || index == 200;
    let label = (0..count).map(|index| {
        if (index % 3 == 0) ^ wrong(index) {
            "a"
        } else {
            "b"
        }
    });
    let single = (0..count).map(|index| match index {
        5 => f64::NAN,
        6 => f64::INFINITY,
        index if index % 3 == 0 => 5.0 + value(index),
        index => value(index),
    });
    let list = Float64Array::from_iter_values(
        (0..count * 2).map(|place| value(place) + if place / 2 % 3 == 0 { -3.0 } else { 0.0 }),
    );
    let item = Arc::new(Field::new("item", DataType::Float64, true));
    let records = memory(vec![
        ("label", Arc::new(label.map(Some).collect::<StringArray>())),
        ("width", Arc::new(Float64Array::from_iter_values(single))),
        (
            "pixels",
            Arc::new(FixedSizeListArray::new(item, 2, Arc::new(list), None)),
        ),
    ]);
    let roles = roles(&[], &["width", "pixels"]);
    let options = LabelOptions::DEFAULT;
    let found = known(find(&records, &roles, &options, one(), &DatasetBudget::DEFAULT).unwrap());
    let flagged: Vec<u64> = found
        .judged
        .iter()
        .filter(|judged| judged.doubtful)
        .map(|j| j.record.record)
        .collect();
    assert_eq!(flagged, [7, 200]);
    let [(reason, 2)] = &found.doubtful.left_out[..] else {
        panic!("{:?}", found.doubtful.left_out);
    };
    assert!(reason.contains("not finite"), "{reason}");
}

#[test]
fn bytes_are_pixels_unless_encoded() {
    let batch = |bytes: Vec<&[u8]>| {
        let column: ArrayRef = Arc::new(BinaryArray::from(bytes));
        RecordBatch::try_from_iter(vec![("pixels", column)]).unwrap()
    };
    let roles = Roles {
        bytes: Some("pixels".into()),
        ..Roles::default()
    };
    let batch = batch(vec![&[0, 7, 255], b"\x89PNG\r\n"]);
    let judged = Judged::of(&batch, &roles);
    assert_eq!(judged.numbers(0).unwrap(), [0.0, 7.0, 255.0]);
    assert_eq!(judged.numbers(1).unwrap(), [0.0; 0]);
    assert_eq!(judged.number_names(0).name(2), "pixels[2]");
}

#[test]
fn tokens_are_words_marks_and_single_symbols() {
    let column: ArrayRef = Arc::new(StringArray::from(vec!["Grüße, a_1!! \u{200b}x☃☃ ."]));
    let batch = RecordBatch::try_from_iter(vec![("text", column)]).unwrap();
    let roles = roles(&["text"], &[]);
    let mut all = Vec::new();
    let judged = Judged::of(&batch, &roles);
    judged.tokens(0, 100, |tokens| {
        all.extend(tokens.iter().map(|token| token.to_string()))
    });
    assert_eq!(all, ["grüße", "a_1", "!!", "\u{200b}", "x", "☃", "☃"]);
    let mut few = 0;
    judged.tokens(0, 3, |tokens| few += tokens.len());
    assert_eq!(few, 3);
}

#[test]
fn what_cannot_be_judged_is_said() {
    let options = LabelOptions::DEFAULT;
    let text = |count: usize| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            (0..count).map(|i| format!("word{i} common")),
        ))
    };
    let labels = |labels: Vec<Option<&str>>| -> ArrayRef { Arc::new(StringArray::from(labels)) };
    let roles = roles(&["text"], &[]);

    let none = memory(vec![("label", labels(vec![])), ("text", text(0))]);
    assert!(why(&none, &roles, &options).ends_with("there are 0"));
    let single = memory(vec![("label", labels(vec![Some("a")])), ("text", text(1))]);
    assert!(why(&single, &roles, &options).contains("1 records of a class with fewer than 10"));
    let same = memory(vec![
        ("label", labels(vec![Some("a"); 50])),
        ("text", text(50)),
    ]);
    assert!(why(&same, &roles, &options).ends_with("there are 1"));
    let unlabelled = memory(vec![("label", labels(vec![None; 50])), ("text", text(50))]);
    assert!(why(&unlabelled, &roles, &options).contains("50 records without a label"));
    let different: Vec<String> = (0..50).map(|index| index.to_string()).collect();
    let different = different.iter().map(|label| Some(label.as_str())).collect();
    let many = memory(vec![("label", labels(different)), ("text", text(50))]);
    let few = LabelOptions {
        classes: 40,
        ..options
    };
    assert_eq!(why(&many, &roles, &few), "more than 40 different labels");
    let mut without = roles.clone();
    without.label = None;
    assert_eq!(why(&same, &without, &options), "no column has the label");
    without.label = Some("label".into());
    without.text.clear();
    assert!(why(&same, &without, &options).starts_with("no column has text"));
}

#[test]
fn rare_classes_are_left_out_and_named() {
    let mut labels: Vec<&str> = (0..60).map(|index| ["a", "b"][index % 2]).collect();
    labels.extend(["rare", "rare", "rare"]);
    let text = labels
        .iter()
        .zip(0..)
        .map(|(label, index)| format!("{label}word x{index}"));
    let records = memory(vec![
        ("text", Arc::new(StringArray::from_iter_values(text))),
        ("label", Arc::new(StringArray::from(labels))),
    ]);
    let options = LabelOptions::DEFAULT;
    let roles = roles(&["text"], &[]);
    let found = known(find(&records, &roles, &options, one(), &DatasetBudget::DEFAULT).unwrap());
    assert_eq!(
        found.doubtful.left_out,
        [("of a class with fewer than 10 records".into(), 3)]
    );
    assert_eq!((found.doubtful.records, found.doubtful.classes), (60, 2));
}

/// Probabilities and answers of cleanlab 2.9.0: thirty records of three classes, where
/// record `i` has the label `i % 3` and its row follows from a formula.
#[test]
fn takes_what_cleanlab_takes() {
    let labels: Vec<u32> = (0..30).map(|index| index % 3).collect();
    let mut probabilities = Vec::new();
    for index in 0..30_u32 {
        let row: Vec<f64> = (0..3)
            .map(|class| {
                let random = f64::from((index * 7 + class * 13 + index * index * class) % 29 + 1);
                let own = if class == index % 3 && index % 7 != 0 {
                    4.0
                } else {
                    0.0
                };
                random + own
            })
            .collect();
        let sum: f64 = row.iter().sum();
        probabilities.extend(row.iter().map(|value| value / sum));
    }
    let expected: [&[usize]; 6] = [
        &[0, 8, 16, 18, 20, 21, 28],
        &[0, 6, 8, 9, 16, 18, 20, 21, 28],
        &[0, 8, 16, 18, 20, 21, 28],
        &[0, 6, 8, 15, 16, 18, 20, 21, 28],
        &[0, 6, 7, 8, 9, 13, 15, 16, 18, 20, 21, 27, 28],
        &[0, 7, 8, 9, 16, 18, 20, 21, 28],
    ];
    for (filter, expected) in FILTERS.into_iter().zip(expected) {
        assert_eq!(
            issues(&probabilities, &labels, filter).unwrap(),
            expected,
            "{filter:?}"
        );
    }
}

#[test]
fn no_probabilities_are_refused() {
    for filter in FILTERS {
        assert_eq!(issues(&[], &[], filter), Ok(vec![]));
        assert_eq!(issues(&[1.0], &[0], filter), Ok(vec![]));
        assert_eq!(issues(&[0.5; 4], &[0, 0], filter), Ok(vec![]));
        let shape = issues(&[0.5; 5], &[0, 1], filter);
        assert!(matches!(shape, Err(NotProbabilities::Shape { .. })));
        assert!(issues(&[], &[0], filter).is_err());
        let label = issues(&[0.5; 4], &[0, 2], filter);
        assert_eq!(
            label,
            Err(NotProbabilities::Label {
                record: 1,
                label: 2
            })
        );
        for bad in [f64::NAN, f64::INFINITY, -0.1, 1.1] {
            let value = issues(&[0.5, 0.5, bad, 0.5], &[0, 1], filter);
            assert_eq!(value, Err(NotProbabilities::Value { record: 1 }));
        }
    }
}
