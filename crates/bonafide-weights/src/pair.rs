//! One tensor against that of the base, in pieces.

use crate::dtype::Scheme;
use crate::linear::Dense;
use crate::numbers::Numbers;
use crate::sketch::{RESOLUTION, Rows, singular_values};
use crate::{CompareOptions, Rank};

/// Numbers that are read at once.
const PIECE: u64 = 1 << 17;

/// Errors up to this share of what a scheme allows are taken as within it: the bounds are
/// themselves rounded.
pub(crate) const WITHIN: f64 = 1.01;

/// How rows of the base are to be taken, to be in the order of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowOrder {
    /// As they are.
    Same,
    /// The model is GGUF: llama.cpp writes the two halves of each head in turn.
    ModelInTurn { head: u64 },
    /// The base is.
    BaseInTurn { head: u64 },
}

impl RowOrder {
    fn row(self, row: u64) -> u64 {
        match self {
            Self::Same => row,
            Self::ModelInTurn { head } => {
                let (start, at) = (row / head * head, row % head);
                start + at % 2 * (head / 2) + at / 2
            }
            Self::BaseInTurn { head } => {
                let (start, at) = (row / head * head, row % head);
                start + at % (head / 2) * 2 + at / (head / 2)
            }
        }
    }
}

/// What the codes of the model are multiplied by.
pub(crate) struct Scales {
    /// One for each row, or one for all.
    pub(crate) numbers: Vec<f64>,
    /// Half the distance of neighbours of each.
    pub(crate) slack: Vec<f64>,
}

/// A tensor and that of the base, as matrices of the same shape.
pub(crate) struct Pair<'a> {
    pub(crate) base: Numbers<'a>,
    pub(crate) model: Numbers<'a>,
    pub(crate) rows: u64,
    pub(crate) columns: u64,
    /// Whether it is a matrix, so that it has a rank.
    pub(crate) matrix: bool,
    pub(crate) order: RowOrder,
    pub(crate) scales: Option<Scales>,
}

/// Numbers of both at the same places.
pub(crate) struct Piece<'p> {
    pub(crate) first: u64,
    pub(crate) base: &'p [f64],
    pub(crate) model: &'p [f64],
    /// What rounding into the model's scheme can have changed each by.
    pub(crate) bounds: &'p [f64],
}

/// What one pass over a pair sums up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    pub(crate) differing: u64,
    /// Squared norms, and the product.
    pub(crate) base: f64,
    pub(crate) model: f64,
    pub(crate) product: f64,
    pub(crate) change: f64,
    /// Numbers that are finite in one of them only, or differ and are finite in none.
    pub(crate) not_finite: u64,
    /// The largest error over what the scheme allows, and where it is.
    pub(crate) worst: (f64, u64),
    /// Squares of what rounding can cause: sum, the largest sums of a row and of a column.
    pub(crate) noise: f64,
    row_noise: f64,
    column_noise: f64,
}

/// Rows and columns of a shape without dimensions of one: the first against the rest. A
/// tensor whose rows are too long to be held, or that has one dimension, is a column.
pub(crate) fn as_matrix(shape: &[u64]) -> (u64, u64, bool) {
    let lengths: Vec<u64> = shape
        .iter()
        .copied()
        .filter(|length| *length != 1)
        .collect();
    let count = shape.iter().copied().fold(1, u64::saturating_mul);
    match lengths.as_slice() {
        [first, rest @ ..] if !rest.is_empty() => {
            let columns = rest.iter().copied().fold(1, u64::saturating_mul);
            if (2..=PIECE).contains(&columns) {
                return (*first, columns, true);
            }
            (count, 1, false)
        }
        _ => (count, 1, false),
    }
}

impl Pair<'_> {
    /// Whether the bytes of both are the same.
    pub(crate) fn same_bytes(&self) -> Result<bool, String> {
        let whole = self.order == RowOrder::Same
            && self.base.alike(&self.model)
            && self.base.count == self.model.count;
        if !whole {
            return Ok(false);
        }
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < self.model.count {
            let count = PIECE.min(self.model.count - at);
            self.base.bytes(at, count, &mut left)?;
            self.model.bytes(at, count, &mut right)?;
            if left != right {
                return Ok(false);
            }
            at += count;
        }
        Ok(true)
    }

    /// Reads both, and calls `each` with every piece; pieces are whole rows.
    pub(crate) fn walk(
        &self,
        with_bounds: bool,
        each: &mut dyn FnMut(&Piece<'_>),
    ) -> Result<(), String> {
        let in_piece = (PIECE / self.columns.max(1)).max(1);
        let (mut base, mut model, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
        let mut bytes = Vec::new();
        let mut row = 0;
        while row < self.rows && self.columns > 0 {
            let rows = in_piece.min(self.rows - row);
            base.clear();
            model.clear();
            bounds.clear();
            self.base_rows(row, rows, &mut base)?;
            self.model.read(
                row * self.columns,
                rows * self.columns,
                &mut model,
                &mut bytes,
            )?;
            if with_bounds {
                self.model.scheme.bounds(&bytes, &model, &mut bounds);
            }
            self.rescale(row, &mut model, &mut bounds);
            each(&Piece {
                first: row * self.columns,
                base: &base,
                model: &model,
                bounds: &bounds,
            });
            row += rows;
        }
        Ok(())
    }

    /// Rows of the base in the order of the model.
    fn base_rows(&self, first: u64, rows: u64, into: &mut Vec<f64>) -> Result<(), String> {
        let mut bytes = Vec::new();
        if self.order == RowOrder::Same {
            return self
                .base
                .read(first * self.columns, rows * self.columns, into, &mut bytes);
        }
        for row in first..first + rows {
            let row = self.order.row(row);
            self.base
                .read(row * self.columns, self.columns, into, &mut bytes)?;
        }
        Ok(())
    }

    /// Multiplies codes by their scales.
    fn rescale(&self, first: u64, model: &mut [f64], bounds: &mut [f64]) {
        let (Some(scales), Ok(width)) = (&self.scales, usize::try_from(self.columns)) else {
            return;
        };
        let of = |numbers: &[f64], row: u64| {
            let row = if numbers.len() == 1 {
                0
            } else {
                usize::try_from(row).unwrap_or(usize::MAX)
            };
            numbers.get(row).copied().unwrap_or(0.0)
        };
        let mut limits = bounds.chunks_mut(width.max(1));
        for (row, codes) in (first..).zip(model.chunks_mut(width.max(1))) {
            let (scale, slack) = (of(&scales.numbers, row), of(&scales.slack, row));
            if let Some(limits) = limits.next() {
                for (limit, code) in limits.iter_mut().zip(codes.iter()) {
                    *limit = *limit * (scale.abs() + slack) + code.abs() * slack;
                }
            }
            for code in codes {
                *code *= scale;
            }
        }
    }

    /// Chooses the order of rows that brings a sample of them closest to the base. How many
    /// heads there are is not in the tensors, so every even length of a head is tried.
    pub(crate) fn find_order(&mut self, model_is_gguf: bool) -> Result<(), String> {
        let lengths = (2..=self.rows / 2)
            .map(|half| 2 * half)
            .chain(std::iter::once(self.rows))
            .filter(|head| {
                *head >= 4 && self.rows.is_multiple_of(*head) && self.rows / head <= 512
            });
        let orders = lengths.map(|head| {
            if model_is_gguf {
                RowOrder::ModelInTurn { head }
            } else {
                RowOrder::BaseInTurn { head }
            }
        });
        let orders: Vec<RowOrder> = std::iter::once(RowOrder::Same)
            .chain(orders)
            .take(64)
            .collect();
        let sample: Vec<u64> = (0..24)
            .map(|index| index * self.rows / 24 + index % 7)
            .collect();
        let mut best = (f64::INFINITY, RowOrder::Same);
        let mut bytes = Vec::new();
        for order in orders {
            self.order = order;
            let mut distance = 0.0;
            for row in sample.iter().copied().filter(|row| *row < self.rows) {
                let (mut base, mut model) = (Vec::new(), Vec::new());
                self.base_rows(row, 1, &mut base)?;
                self.model
                    .read(row * self.columns, self.columns, &mut model, &mut bytes)?;
                let squares = base
                    .iter()
                    .zip(&model)
                    .map(|(base, model)| (base - model).powi(2));
                distance += squares.filter(|square| square.is_finite()).sum::<f64>();
            }
            if distance < best.0 {
                best = (distance, order);
            }
        }
        self.order = best.1;
        Ok(())
    }

    /// One pass: how the tensors differ. The change is kept if it has at most `keep` numbers.
    pub(crate) fn sums(&self, keep: u64) -> Result<(Sums, Option<Vec<f64>>), String> {
        let mut sums = Sums::default();
        let width = usize::try_from(self.columns).unwrap_or(1).max(1);
        let mut of_columns = vec![0.0_f64; if self.matrix { width } else { 0 }];
        let kept = self.matrix && self.rows.saturating_mul(self.columns) <= keep;
        let mut change = Vec::new();
        let other = self.model.scheme != self.base.scheme || self.scales.is_some();
        let largest = self.model.scheme.largest();
        self.walk(true, &mut |piece| {
            let numbers = piece.base.iter().zip(piece.model).zip(piece.bounds);
            let mut columns = of_columns.iter_mut();
            let mut row = 0.0;
            for (at, ((base, model), bound)) in (piece.first..).zip(numbers) {
                let delta = self.one(&mut sums, (*base, *model, *bound), other, largest, at);
                if kept {
                    change.push(delta);
                }
                if self.matrix {
                    let noise = self.noise(*base, *bound, delta);
                    sums.noise += noise;
                    row += noise;
                    if let Some(column) = columns.next() {
                        *column += noise;
                    }
                    if columns.len() == 0 {
                        sums.row_noise = sums.row_noise.max(row);
                        row = 0.0;
                        columns = of_columns.iter_mut();
                    }
                }
            }
        })?;
        sums.column_noise = of_columns.into_iter().fold(0.0, f64::max);
        Ok((sums, kept.then_some(change)))
    }

    /// Takes one number of both into the sums; the change, zero where it is not finite.
    fn one(
        &self,
        sums: &mut Sums,
        (base, model, bound): (f64, f64, f64),
        other: bool,
        largest: Option<f64>,
        at: u64,
    ) -> f64 {
        let both_nan = base.is_nan() && model.is_nan();
        let differs = if other {
            base != model && !both_nan
        } else {
            base.to_bits() != model.to_bits()
        };
        sums.differing += u64::from(differs);
        if !base.is_finite() || !model.is_finite() {
            // A number that is too large for the scheme becomes infinite, as it should.
            let overflow = other
                && base.is_finite()
                && model == f64::INFINITY.copysign(base)
                && largest.is_some_and(|largest| base.abs() > largest);
            sums.not_finite += u64::from(differs && !overflow);
            return 0.0;
        }
        let delta = model - base;
        sums.base += base * base;
        sums.model += model * model;
        sums.product += base * model;
        sums.change += delta * delta;
        if other && delta != 0.0 {
            let clipped =
                largest.is_some_and(|largest| model.abs() == largest && base / model > 1.0);
            let ratio = if clipped && self.scales.is_none() {
                0.0
            } else if bound > 0.0 {
                (delta.abs() / bound).min(f64::MAX)
            } else {
                f64::MAX
            };
            if ratio > sums.worst.0 {
                sums.worst = (ratio, at);
            }
        }
        delta
    }

    /// Square of what rounding can have changed a number by: that of the model, that of the
    /// change itself where it was computed in the same type, and that of a coarser base.
    fn noise(&self, base: f64, bound: f64, delta: f64) -> f64 {
        let mut sum = if bound.is_finite() { bound } else { 0.0 };
        if let Scheme::Float(float) = self.model.scheme {
            sum += 2.0 * float.half_step(delta);
        }
        if self.base.scheme != self.model.scheme
            && let Scheme::Float(float) = self.base.scheme
            && base.is_finite()
        {
            sum += float.half_step(base);
        }
        sum * sum
    }

    /// The numerical rank of the change.
    ///
    /// What counts is a singular value above what rounding can cause. The norm of a matrix of
    /// independent numbers is at most about the largest norm of a row and that of a column
    /// together (Bandeira and van Handel 2016), taken with the largest errors in place of
    /// usual ones, because errors of small changes are not independent of them. Whatever the
    /// errors are, what the counted values leave cannot be larger than all of them together.
    pub(crate) fn rank(
        &self,
        sums: &Sums,
        change: Option<Vec<f64>>,
        options: &CompareOptions,
        memory: u64,
    ) -> Result<Option<Rank>, String> {
        let full = self.rows.min(self.columns);
        let (Ok(columns), Ok(full_rank)) = (usize::try_from(self.columns), u32::try_from(full))
        else {
            return Ok(None);
        };
        // Basis, its image and a copy while it is made orthonormal.
        let affordable = usize::try_from(memory / 24 / self.columns.max(1)).unwrap_or(usize::MAX);
        let wanted = options.rank.saturating_add(options.oversampling);
        let width = wanted
            .min(affordable)
            .min(usize::try_from(full).unwrap_or(usize::MAX));
        let complete = width as u64 == full;
        let computed = if complete {
            width
        } else {
            width.saturating_sub(options.oversampling)
        };
        if computed == 0 || sums.not_finite > 0 {
            return Ok(None);
        }
        let mut rows = Changes { pair: self, change };
        let width = if complete && columns <= wanted.min(affordable) {
            columns
        } else {
            width
        };
        let mut values =
            singular_values(&mut rows, columns, width, options.iterations, options.seed)?;
        values.truncate(computed);
        let largest = values.first().copied().unwrap_or(0.0);
        let floor = (sums.row_noise.sqrt() + sums.column_noise.sqrt()).max(RESOLUTION * largest);
        let rank = values.iter().take_while(|value| **value > floor).count();
        let squares = |count: usize| {
            values
                .iter()
                .take(count)
                .map(|value| value * value)
                .sum::<f64>()
        };
        let unsure = (RESOLUTION * RESOLUTION).max(1e-12) * sums.change;
        let left = (sums.change - squares(rank) - unsure).max(0.0);
        Ok(Some(Rank {
            rank: u32::try_from(rank).unwrap_or(u32::MAX),
            computed: u32::try_from(computed).unwrap_or(u32::MAX),
            full: full_rank,
            energy: if sums.change > 0.0 {
                (squares(computed) / sums.change).min(1.0)
            } else {
                1.0
            },
            remainder: if left == 0.0 {
                0.0
            } else {
                (left / sums.noise).sqrt().min(f64::MAX)
            },
        }))
    }
}

/// The rows of the change, held or read again in each pass.
struct Changes<'p, 'a> {
    pair: &'p Pair<'a>,
    change: Option<Vec<f64>>,
}

impl Rows for Changes<'_, '_> {
    fn pass(&mut self, each: &mut dyn FnMut(&[f64])) -> Result<(), String> {
        let width = usize::try_from(self.pair.columns).unwrap_or(1).max(1);
        if let Some(change) = &self.change {
            for row in change.chunks_exact(width) {
                each(row);
            }
            return Ok(());
        }
        let mut row = Dense::zero(1, width);
        self.pair.walk(false, &mut |piece| {
            let rows = piece
                .base
                .chunks_exact(width)
                .zip(piece.model.chunks_exact(width));
            for (base, model) in rows {
                for ((place, base), model) in row.numbers.iter_mut().zip(base).zip(model) {
                    let change = model - base;
                    *place = if change.is_finite() { change } else { 0.0 };
                }
                each(&row.numbers);
            }
        })
    }
}
