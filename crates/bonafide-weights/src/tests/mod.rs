//! Models that are made here, compared and judged.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod claims;
mod hostile;
mod ranks;
mod reading;

use std::num::NonZeroUsize;

use bonafide_format::{Order, Place, Tensor};

use crate::{CompareOptions, Comparison, WeightFile, compare};

/// The file of a model, as the tests make it.
#[derive(Clone, Default)]
pub(crate) struct Made {
    pub(crate) bytes: Vec<u8>,
    pub(crate) tensors: Vec<Tensor>,
}

impl Made {
    pub(crate) fn raw(mut self, name: &str, dtype: &str, shape: &[u64], bytes: &[u8]) -> Self {
        let start = self.bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
        self.tensors.push(Tensor {
            name: name.to_owned(),
            dtype: dtype.to_owned(),
            shape: shape.to_vec(),
            place: Some(Place {
                range: start..start + bytes.len() as u64,
                order: Order::RowMajor,
                big_endian: false,
            }),
        });
        self
    }

    pub(crate) fn f32(self, name: &str, shape: &[u64], numbers: &[f32]) -> Self {
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        self.raw(name, "F32", shape, &bytes)
    }

    /// Rounded to the nearest, ties to even.
    pub(crate) fn bf16(self, name: &str, shape: &[u64], numbers: &[f32]) -> Self {
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|number| bf16(*number).to_le_bytes())
            .collect();
        self.raw(name, "BF16", shape, &bytes)
    }

    pub(crate) fn file(&self) -> WeightFile<'_> {
        WeightFile {
            name: "model".to_owned(),
            source: &self.bytes,
            tensors: &self.tensors,
        }
    }
}

pub(crate) fn bf16(number: f32) -> u16 {
    let bits = number.to_bits();
    ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16) as u16
}

/// The nearest number of BF16.
pub(crate) fn through_bf16(number: f32) -> f32 {
    f32::from_bits(u32::from(bf16(number)) << 16)
}

pub(crate) fn against(model: &Made, base: &Made) -> Comparison {
    with(model, &[base], &CompareOptions::default())
}

pub(crate) fn with(model: &Made, bases: &[&Made], options: &CompareOptions) -> Comparison {
    let bases: Vec<_> = bases
        .iter()
        .enumerate()
        .map(|(index, base)| (format!("base {index}"), vec![base.file()]))
        .collect();
    let one = compare(&[model.file()], &bases, options, NonZeroUsize::MIN);
    let three = compare(
        &[model.file()],
        &bases,
        options,
        NonZeroUsize::new(3).unwrap(),
    );
    assert_eq!(
        serde_json::to_string(&one).unwrap(),
        serde_json::to_string(&three).unwrap(),
        "the number of workers must not change anything"
    );
    one
}

/// Numbers that look normal, the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn normal(&mut self, deviation: f32) -> f32 {
        let sum: f64 = (0..12)
            .map(|_| (self.next() >> 11) as f64 / (1_u64 << 53) as f64)
            .sum();
        (sum - 6.0) as f32 * deviation
    }

    pub(crate) fn matrix(&mut self, count: usize, deviation: f32) -> Vec<f32> {
        (0..count).map(|_| self.normal(deviation)).collect()
    }

    /// A matrix of this rank.
    pub(crate) fn low_rank(
        &mut self,
        rows: usize,
        columns: usize,
        rank: usize,
        deviation: f32,
    ) -> Vec<f32> {
        let left = self.matrix(rows * rank, deviation);
        let right = self.matrix(rank * columns, 1.0);
        let mut product = vec![0.0_f32; rows * columns];
        for row in 0..rows {
            for k in 0..rank {
                for column in 0..columns {
                    product[row * columns + column] +=
                        left[row * rank + k] * right[k * columns + column];
                }
            }
        }
        product
    }
}

pub(crate) fn sum(left: &[f32], right: &[f32]) -> Vec<f32> {
    left.iter()
        .zip(right)
        .map(|(left, right)| left + right)
        .collect()
}
