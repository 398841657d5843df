//! Ranks of changes, through the rounding of every type.

use super::{Made, Random, against, sum, through_bf16, with};
use crate::{CompareOptions, Float, Relation};

fn half(number: f32) -> f32 {
    // To the nearest by its distance to the neighbours.
    let step = 2.0 * Float::F16.half_step(f64::from(number));
    ((f64::from(number) / step).round_ties_even() * step) as f32
}

/// A low-rank change shows its rank when base and model are rounded to any type.
#[test]
fn a_merged_adapter_shows_its_rank_through_rounding() {
    for rank in [1_usize, 4, 8, 31] {
        for dtype in ["f32", "f16", "bf16"] {
            let round = |numbers: Vec<f32>| -> Vec<f32> {
                match dtype {
                    "f16" => numbers.into_iter().map(half).collect(),
                    "bf16" => numbers.into_iter().map(through_bf16).collect(),
                    _ => numbers,
                }
            };
            let mut random = Random(1 + rank as u64);
            let (mut base, mut model) = (Made::default(), Made::default());
            for (index, (rows, columns)) in
                [(96, 200), (200, 96), (128, 128)].into_iter().enumerate()
            {
                let before = round(random.matrix(rows * columns, 0.02));
                let change = random.low_rank(rows, columns, rank, 0.004);
                let after = round(sum(&before, &change));
                let shape = [rows as u64, columns as u64];
                let name = format!("layers.{index}.q_proj.weight");
                let write = |made: Made, numbers: &[f32]| match dtype {
                    "bf16" => made.bf16(&name, &shape, numbers),
                    "f16" => {
                        let bytes: Vec<u8> = numbers
                            .iter()
                            .flat_map(|n| encode(*n).to_le_bytes())
                            .collect();
                        made.raw(&name, "F16", &shape, &bytes)
                    }
                    _ => made.f32(&name, &shape, numbers),
                };
                base = write(base, &before);
                model = write(model, &after);
            }
            let comparison = against(&model, &base);
            for change in &comparison.changes {
                let found = change.rank.unwrap();
                assert_eq!(found.rank as usize, rank, "{dtype} {change:?}");
                assert!(found.is_exact(), "{dtype} {change:?}");
            }
            let expected = Relation::LowRank {
                rank: rank as u32,
                matrices: 3,
            };
            assert_eq!(comparison.relation, expected, "{dtype}");
        }
    }
}

/// The bits of a number that binary16 has.
fn encode(number: f32) -> u16 {
    let bits = number.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let magnitude = f64::from(number.abs());
    if magnitude < 2.0_f64.powi(-14) {
        return sign | (magnitude * 2.0_f64.powi(24)) as u16;
    }
    let exponent = (bits >> 23 & 0xFF) as i32 - 127;
    sign | ((exponent + 15) as u16) << 10 | (bits >> 13 & 0x3FF) as u16
}

/// Changes of all numbers are of full rank, whatever the type.
#[test]
fn training_all_numbers_is_of_high_rank() {
    let mut random = Random(9);
    let before = random.matrix(160 * 100, 0.02);
    let after = sum(&before, &random.matrix(160 * 100, 0.002));
    for dtype in ["f32", "bf16"] {
        let write = |numbers: &[f32]| {
            if dtype == "f32" {
                Made::default()
                    .f32("w", &[160, 100], numbers)
                    .f32("v", &[160, 100], numbers)
            } else {
                Made::default()
                    .bf16("w", &[160, 100], numbers)
                    .bf16("v", &[160, 100], numbers)
            }
        };
        let comparison = against(&write(&after), &write(&before));
        let found = comparison.changes[0].rank.unwrap();
        assert_eq!((found.rank, found.computed), (32, 32), "{dtype}");
        assert!(
            found.remainder > 1.0 && found.energy < 0.9 && !found.is_exact(),
            "{found:?}"
        );
        assert_eq!(comparison.relation, Relation::FineTuned, "{dtype}");
    }
}

/// Singular values against those that are known: the sketch misses nothing that is there.
#[test]
fn energy_and_norms_are_those_of_the_change() {
    let (rows, columns) = (120_usize, 90_usize);
    let before = vec![1.0_f32; rows * columns];
    // Three outer products of unit vectors along axes: singular values 4, 2, 1.
    let mut after = before.clone();
    for (at, value) in [(0, 4.0), (1, 2.0), (2, 1.0)] {
        after[at * columns + at] += value;
    }
    let shape = [rows as u64, columns as u64];
    let base = Made::default().f32("w", &shape, &before);
    let model = Made::default().f32("w", &shape, &after);
    let options = CompareOptions {
        rank: 2,
        ..CompareOptions::default()
    };
    let change = with(&model, &[&base], &options).changes[0].clone();
    let norm = (rows as f64 * columns as f64).sqrt();
    assert!((change.relative_norm.unwrap() - 21.0_f64.sqrt() / norm).abs() < 1e-12);
    let rank = change.rank.unwrap();
    assert_eq!((rank.rank, rank.computed, rank.full), (2, 2, 90));
    assert!((rank.energy - 20.0 / 21.0).abs() < 1e-9, "{rank:?}");
    assert!(rank.remainder > 1.0);
    assert_eq!(change.differing, 3);
    let all = against(&model, &base).changes[0].rank.unwrap();
    assert_eq!(all.rank, 3);
    assert!(all.is_exact());
}

/// A change too large to be held is read again for each pass, with the same result.
#[test]
fn a_matrix_beyond_the_memory_is_streamed() {
    let mut random = Random(77);
    let (rows, columns) = (400_usize, 64_usize);
    let before = random.matrix(rows * columns, 0.02);
    let after = sum(&before, &random.low_rank(rows, columns, 3, 0.01));
    let shape = [rows as u64, columns as u64];
    let base = Made::default()
        .f32("w", &shape, &before)
        .f32("other", &[2], &[1.0, 2.0]);
    let model = Made::default()
        .f32("w", &shape, &after)
        .f32("other", &[2], &[1.0, 2.0]);
    let held = against(&model, &base);
    // Enough for 3 workers' sketches, and not for the change.
    let options = CompareOptions {
        memory: 200_000,
        ..CompareOptions::default()
    };
    let streamed = with(&model, &[&base], &options);
    assert_eq!(held.changes[0].rank.unwrap().rank, 3);
    assert_eq!(streamed.changes[0].rank.unwrap().rank, 3);
    assert_eq!(held.relation, streamed.relation);
    // Without memory no rank is said, and no low rank is believed.
    let options = CompareOptions {
        memory: 0,
        ..CompareOptions::default()
    };
    assert_eq!(with(&model, &[&base], &options).changes[0].rank, None);
}
