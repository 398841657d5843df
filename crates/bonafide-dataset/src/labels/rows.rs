//! Records as a probe sees them: hashed tokens with weights, and standardised numbers.

use crate::records::RecordId;

/// One record.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The record.
    pub(crate) id: RecordId,
    /// Number of its label.
    pub(crate) label: u32,
    /// Hash of all that it is judged by.
    pub(crate) content: u64,
    /// Hash bucket and weight of its tokens, ascending by bucket.
    pub(crate) tokens: Box<[(u32, f32)]>,
    /// Its numbers.
    pub(crate) numbers: Box<[f32]>,
}

impl Row {
    /// Bytes that it takes in memory.
    pub(crate) fn bytes(&self) -> u64 {
        let tokens = size_of_val::<[(u32, f32)]>(&self.tokens);
        (size_of::<Self>() + tokens + size_of_val::<[f32]>(&self.numbers) + 32) as u64
    }
}

/// All records, in the order of their ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    squared: Vec<f64>,
    buckets: usize,
    numbers: usize,
}

impl Rows {
    /// Weighs tokens by how rare they are and standardises numbers. All rows have the same
    /// number of numbers. Second: how many rows have a number that is not finite, which
    /// counts as the mean.
    pub(crate) fn new(mut rows: Vec<Row>, buckets: usize) -> (Self, u64) {
        weigh(&mut rows, buckets);
        let odd = standardise(&mut rows);
        let numbers = rows.first().map_or(0, |row| row.numbers.len());
        let squared = rows
            .iter()
            .map(|row| {
                let tokens = row.tokens.iter().map(|(_, weight)| weight);
                tokens
                    .chain(&row.numbers)
                    .map(|&value| f64::from(value) * f64::from(value))
                    .sum()
            })
            .collect();
        let made = Self {
            rows,
            squared,
            buckets,
            numbers,
        };
        (made, odd)
    }

    pub(crate) fn all(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) const fn width(&self) -> usize {
        self.buckets + self.numbers
    }

    fn get(&self, row: u32) -> Option<&Row> {
        self.rows.get(usize::try_from(row).ok()?)
    }

    pub(crate) fn squared_length(&self, row: u32) -> f64 {
        let at = usize::try_from(row).ok();
        at.and_then(|at| self.squared.get(at))
            .copied()
            .unwrap_or_default()
    }

    /// Sum of the products with `weights`, which are as many as [`Rows::width`].
    pub(crate) fn dot(&self, row: u32, weights: &[f64]) -> f64 {
        let Some((row, (buckets, numbers))) =
            self.get(row).zip(weights.split_at_checked(self.buckets))
        else {
            return 0.0;
        };
        let mut sum = 0.0;
        for &(bucket, value) in &row.tokens {
            if let Some(weight) = buckets.get(bucket as usize) {
                sum += weight * f64::from(value);
            }
        }
        let mut lanes = [0.0_f64; 4];
        let (values, weights) = (row.numbers.chunks_exact(4), numbers.chunks_exact(4));
        let rest = values.remainder().iter().zip(weights.remainder());
        sum += rest
            .map(|(value, weight)| weight * f64::from(*value))
            .sum::<f64>();
        for (values, weights) in values.zip(weights) {
            for ((lane, value), weight) in lanes.iter_mut().zip(values).zip(weights) {
                *lane += weight * f64::from(*value);
            }
        }
        sum + lanes.iter().sum::<f64>()
    }

    /// Adds the row, times `factor`, to `weights`.
    pub(crate) fn add_to(&self, row: u32, factor: f64, weights: &mut [f64]) {
        let Some((row, (buckets, numbers))) = self
            .get(row)
            .zip(weights.split_at_mut_checked(self.buckets))
        else {
            return;
        };
        for &(bucket, value) in &row.tokens {
            if let Some(weight) = buckets.get_mut(bucket as usize) {
                *weight += factor * f64::from(value);
            }
        }
        for (value, weight) in row.numbers.iter().zip(numbers) {
            *weight += factor * f64::from(*value);
        }
    }
}

/// Counts become `(1 + ln count) · ln((1 + n) / (1 + rows that have it)) + 1`, and each row
/// gets the length one.
fn weigh(rows: &mut [Row], buckets: usize) {
    let mut having = vec![0_u32; buckets];
    for (bucket, _) in rows.iter().flat_map(|row| &row.tokens) {
        if let Some(count) = having.get_mut(*bucket as usize) {
            *count = count.saturating_add(1);
        }
    }
    let all = rows.len() as f64;
    for row in rows {
        let mut squares = 0.0;
        for (bucket, value) in &mut row.tokens {
            let rows = having.get(*bucket as usize).copied().unwrap_or_default();
            let rarity = ((1.0 + all) / (1.0 + f64::from(rows))).ln() + 1.0;
            let weight = (1.0 + f64::from(*value).max(1.0).ln()) * rarity;
            squares += weight * weight;
            *value = narrow(weight);
        }
        let length = squares.sqrt();
        if length > 0.0 {
            for (_, value) in &mut row.tokens {
                *value = narrow(f64::from(*value) / length);
            }
        }
    }
}

/// Mean zero and deviation one over all rows, divided by the root of how many numbers vary,
/// so that a row is about as long as one of text.
fn standardise(rows: &mut [Row]) -> u64 {
    let width = rows.first().map_or(0, |row| row.numbers.len());
    let mut columns = vec![(0.0_f64, 0.0_f64, 0.0_f64); width];
    let mut odd = 0;
    for row in rows.iter() {
        odd += u64::from(row.numbers.iter().any(|value| !value.is_finite()));
        for (value, (count, mean, squares)) in row.numbers.iter().zip(&mut columns) {
            if value.is_finite() {
                // Welford's method: exact enough for values far from zero.
                let value = f64::from(*value);
                *count += 1.0;
                let off = value - *mean;
                *mean += off / *count;
                *squares += off * (value - *mean);
            }
        }
    }
    let varying = columns.iter().filter(|(_, _, squares)| *squares > 0.0);
    let scale = (varying.count().max(1) as f64).sqrt();
    for row in rows {
        for (value, (count, mean, squares)) in row.numbers.iter_mut().zip(&columns) {
            let deviation = (squares / count.max(1.0)).sqrt();
            *value = match value.is_finite() && deviation > 0.0 {
                // One wild value must not be all that a row consists of.
                true => narrow(((f64::from(*value) - mean) / deviation).clamp(-8.0, 8.0) / scale),
                false => 0.0,
            };
        }
    }
    odd
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "half the memory, and far more digits than a probe needs"
)]
pub(crate) const fn narrow(value: f64) -> f32 {
    value as f32
}
