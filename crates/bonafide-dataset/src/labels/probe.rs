//! A linear probe: logistic regression with an L2 penalty, one class against the rest.
//!
//! Solved in the dual, one record after the other (Yu, Huang and Lin, "Dual coordinate
//! descent methods for logistic regression and maximum entropy models", Machine Learning
//! 85, 2011). It needs memory for the weights of one class alone, and the order of the
//! records is fixed, so that the answer is the same on every run.

use super::features::mixed;
use super::rows::Rows;

/// How a probe learns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Learning {
    /// Weight of the errors against the penalty (`C`).
    pub(crate) strength: f64,
    /// Most passes over the records.
    pub(crate) passes: usize,
    /// Stops when no dual variable moved by more than this part of `strength`.
    pub(crate) tolerance: f64,
}

/// A learnt probe of one class.
pub(crate) struct Probe {
    weights: Vec<f64>,
}

impl Probe {
    /// Learns to tell `members` from the others in `training`, numbers of rows.
    pub(crate) fn learn(
        rows: &Rows,
        training: &[u32],
        member: impl Fn(u32) -> bool,
        learning: Learning,
    ) -> Self {
        let most = learning.strength;
        let mut probe = Self {
            weights: vec![0.0; rows.width() + 1],
        };
        let mut dual = vec![0.0_f64; training.len()];
        let mut order: Vec<usize> = (0..training.len()).collect();
        for pass in 0..learning.passes {
            shuffle(&mut order, pass as u64);
            let mut moved = 0.0_f64;
            for &at in &order {
                let (Some(&row), Some(current)) = (training.get(at), dual.get_mut(at)) else {
                    continue;
                };
                let sign = if member(row) { 1.0 } else { -1.0 };
                // The constant feature of the intercept adds one.
                let length = rows.squared_length(row) + 1.0;
                let margin = sign * probe.score(rows, row);
                let next = most * squashed(minimum(margin, length, most, *current));
                let step = next - *current;
                *current = next;
                moved = moved.max(step.abs());
                probe.add(rows, row, sign * step);
            }
            if moved <= learning.tolerance * most {
                break;
            }
        }
        probe
    }

    /// Probability that a row is of the class, by this probe alone.
    pub(crate) fn probability(&self, rows: &Rows, row: u32) -> f64 {
        squashed(self.score(rows, row))
    }

    fn score(&self, rows: &Rows, row: u32) -> f64 {
        let (weights, bias) = self.split();
        rows.dot(row, weights) + bias
    }

    fn add(&mut self, rows: &Rows, row: u32, factor: f64) {
        if let Some((bias, weights)) = self.weights.split_last_mut() {
            *bias += factor;
            rows.add_to(row, factor, weights);
        }
    }

    fn split(&self) -> (&[f64], f64) {
        match self.weights.split_last() {
            Some((bias, weights)) => (weights, *bias),
            None => (&[], 0.0),
        }
    }
}

/// Where the dual is least in one variable `a = most · squashed(t)`, as `t`: the root of
/// `length · (a - current) + margin + t`, which rises in `t` with a slope of at least one.
/// Newton's method, kept between bounds that follow from `0 < a < most`.
fn minimum(margin: f64, length: f64, most: f64, current: f64) -> f64 {
    let mut low = -margin - length * (most - current);
    let mut high = -margin + length * current;
    let mut at = match current > 0.0 && current < most {
        true => (current / (most - current)).ln().clamp(low, high),
        false => f64::midpoint(low, high),
    };
    for _ in 0..50 {
        let part = squashed(at);
        let value = length * (most * part - current) + margin + at;
        if value.abs() < 1e-9 {
            break;
        }
        if value > 0.0 {
            high = at;
        } else {
            low = at;
        }
        let slope = 1.0 + length * most * part * (1.0 - part);
        let next = at - value / slope;
        at = match next > low && next < high {
            true => next,
            false => f64::midpoint(low, high),
        };
    }
    at
}

/// The logistic function.
fn squashed(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

/// Another order on every pass, the same on every run (Fisher and Yates).
fn shuffle(order: &mut [usize], pass: u64) {
    let mut state = mixed(pass.wrapping_add(0x9e37_79b9_7f4a_7c15));
    for last in (1..order.len()).rev() {
        state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
        let other = state % (last as u64 + 1);
        if let Ok(other) = usize::try_from(other) {
            order.swap(last, other);
        }
    }
}
