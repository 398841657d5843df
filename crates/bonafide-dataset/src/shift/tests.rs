#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};

use super::*;
use crate::{DatasetBudget, Memory, Roles};

fn population(column: &str, counts: &[u64]) -> Population {
    Population {
        column: column.to_owned(),
        values: counts
            .iter()
            .enumerate()
            .map(|(at, count)| (format!("v{at}"), *count))
            .collect(),
        others: 0,
        null: 0,
    }
}

fn close(found: f64, expected: f64) {
    let error = (found - expected).abs() / expected.abs().max(1e-300);
    assert!(error < 1e-9, "{found} is not {expected}");
}

#[test]
fn as_scipy_and_numpy_compute_it() {
    // scipy.stats.chi2_contingency(table, correction=False); the stability index by numpy.
    let tables: [(&[u64], &[u64], [f64; 4]); 4] = [
        (
            &[10, 20, 30],
            &[6, 9, 17],
            [
                0.271_574_651_504_035_04,
                0.873_028_283_380_073,
                0.054_331_375_704_222_73,
                0.012_396_785_523_013_435,
            ],
        ),
        (
            &[100, 200],
            &[300, 100],
            [
                121.527_777_777_777_76,
                2.928_719_037_924_811e-28,
                0.416_666_666_666_666_63,
                0.742_042_064_838_235,
            ],
        ),
        (
            &[5, 0, 3, 1],
            &[0, 7, 2, 4],
            [
                13.726_495_726_495_726,
                0.003_302_096_038_862_485,
                0.789_893_425_679_454_5,
                2.580_703_265_440_664_3,
            ],
        ),
        (
            &[1_880, 4_142],
            &[1_500, 4_700],
            [
                75.359_708_353_344_59,
                3.923_146_110_532_494e-18,
                0.078_523_285_891_566_51,
                0.024_733_076_089_563_204,
            ],
        ),
    ];
    for (old, new, [chi_square, p_value, cramers_v, index]) in tables {
        let shift = between(&[population("c", old)], &[population("c", new)]).remove(0);
        close(shift.chi_square, chi_square);
        close(shift.p_value, p_value);
        close(shift.cramers_v, cramers_v);
        close(shift.population_stability_index, index);
        assert_eq!(shift.degrees, old.len() as u64 - 1);
    }
}

#[test]
fn edges() {
    let same = between(&[population("c", &[7])], &[population("c", &[90])]).remove(0);
    assert_eq!(
        (same.degrees, same.chi_square, same.moved.len()),
        (0, 0.0, 0)
    );
    close(same.p_value, 1.0);
    assert!(same.population_stability_index.abs() < f64::EPSILON);
    // A value that was not there before is much, and not infinite.
    let fresh = between(
        &[population("c", &[1_000, 0])],
        &[population("c", &[0, 1_000])],
    )
    .remove(0);
    assert!(fresh.population_stability_index.is_finite());
    close(fresh.cramers_v, 1.0);
    // Nothing to compare.
    assert!(between(&[population("c", &[])], &[population("c", &[1])]).is_empty());
    assert!(between(&[population("c", &[0])], &[population("c", &[1])]).is_empty());
    assert!(between(&[population("c", &[1])], &[population("d", &[1])]).is_empty());
    // Sums that do not fit.
    let huge = between(
        &[population("c", &[u64::MAX, u64::MAX])],
        &[population("c", &[u64::MAX, 1])],
    )
    .remove(0);
    assert!(huge.chi_square.is_finite() && huge.p_value.is_finite());
}

#[test]
fn what_is_not_listed_is_put_together() {
    let mut old = population("c", &[10, 10]);
    let mut new = population("c", &[10]);
    old.others = 5;
    new.others = 15;
    new.null = 5;
    let shift = between(&[old], &[new]).remove(0);
    // v0, the rest (15 and 15), none (0 and 5).
    assert_eq!(shift.degrees, 2);
    assert!(shift.moved.iter().all(|(value, _, _)| value != "v1"));
}

fn counts(
    batches: Vec<(&str, Option<&str>, RecordBatch)>,
    roles: &Roles,
    workers: usize,
    memory: u64,
) -> Vec<Population> {
    let budget = DatasetBudget {
        memory,
        ..DatasetBudget::DEFAULT
    };
    let workers = NonZeroUsize::new(workers).unwrap();
    populations(&Memory::new(batches), roles, workers, &budget).unwrap()
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

#[test]
fn labels_lengths_and_splits() {
    let labels: ArrayRef = Arc::new(Float64Array::from(vec![
        Some(1.0),
        None,
        Some(f64::NAN),
        Some(1.0),
    ]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["", "abc", "abcd", "x"]));
    let other: ArrayRef = Arc::new(StringArray::from(vec!["only this", "column"]));
    let roles = Roles {
        label: Some("label".to_owned()),
        text: vec!["text".to_owned()],
        ..Roles::default()
    };
    let found = counts(
        vec![
            (
                "a",
                Some("train"),
                batch(vec![("label", labels), ("text", texts)]),
            ),
            ("b", None, batch(vec![("other", other)])),
        ],
        &roles,
        2,
        1 << 30,
    );
    let of = |pairs: &[(&str, u64)]| -> BTreeMap<String, u64> {
        pairs
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    };
    assert_eq!(found[0].column, "label");
    assert_eq!(
        (&found[0].values, found[0].null),
        (&of(&[("1", 2), ("NaN", 1)]), 3)
    );
    assert_eq!(found[1].column, "text (length)");
    assert_eq!(
        (&found[1].values, found[1].null),
        (
            &of(&[
                ("0", 1),
                ("2^00 (1 to 1)", 1),
                ("2^01 (2 to 3)", 1),
                ("2^02 (4 to 7)", 1)
            ]),
            2
        )
    );
    assert_eq!((&found[2].values, found[2].null), (&of(&[("train", 4)]), 2));
}

#[test]
fn many_distinct_values_are_capped_whoever_saw_them() {
    let values: Vec<String> = (0..12_000).map(|at| format!("value {at}")).collect();
    let array: ArrayRef = Arc::new(StringArray::from(values));
    let roles = Roles {
        source: Some("source".to_owned()),
        ..Roles::default()
    };
    let of = |workers, memory| {
        let batch = batch(vec![("source", Arc::clone(&array))]);
        counts(vec![("a", None, batch)], &roles, workers, memory)
    };
    let listed = of(1, 1 << 30);
    assert_eq!(
        (listed[0].values.len(), listed[0].others),
        (MOST_VALUES, 2_000)
    );
    assert_eq!(listed, of(4, 1 << 30));
    // 2,000 distinct values are allowed, and no worker of eight sees more.
    let short = of(1, 2_000 * 4_096);
    assert_eq!((short[0].values.len(), short[0].others), (0, 12_000));
    assert_eq!(short, of(8, 2_000 * 4_096));
}

#[test]
fn long_values_are_shortened_and_kept_apart() {
    let long = "ä".repeat(1 << 20);
    let array: ArrayRef = Arc::new(StringArray::from(vec![
        long.clone(),
        format!("{long}x"),
        long,
    ]));
    let roles = Roles {
        attributes: vec!["a".to_owned(), "missing".to_owned()],
        ..Roles::default()
    };
    let found = counts(
        vec![("a", None, batch(vec![("a", array)]))],
        &roles,
        1,
        1 << 30,
    );
    assert_eq!(
        found[0]
            .values
            .values()
            .copied()
            .collect::<Vec<_>>()
            .iter()
            .sum::<u64>(),
        3
    );
    assert_eq!(found[0].values.len(), 2);
    assert!(found[0].values.keys().all(|value| value.len() < 256));
}
