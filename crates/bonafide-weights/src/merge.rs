//! A model as a linear combination of several.

use crate::linear::{Dense, dot, solve};
use crate::numbers::Numbers;

/// Numbers that are read at once.
const PIECE: u64 = 1 << 16;

/// Least-squares sums of one tensor: the first base, and what the others and the model
/// differ from it by.
#[derive(Debug, Clone)]
pub(crate) struct Products {
    pub(crate) tensor: String,
    /// Products of the first base and the differences.
    gram: Dense,
    /// Products of those with the difference of the model.
    right: Vec<f64>,
    /// Squared norm of the difference of the model, and of the model.
    change: f64,
    model: f64,
    /// Squares of what rounding can have done.
    noise: f64,
}

/// What the least squares of all tensors gave.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fit {
    pub(crate) weights: Vec<f64>,
    pub(crate) residual: f64,
    pub(crate) unexplained: Vec<String>,
}

impl Products {
    /// One pass over a tensor of the model and of all bases; they have the same count.
    pub(crate) fn of(
        tensor: String,
        model: &Numbers<'_>,
        bases: &[Numbers<'_>],
    ) -> Result<Self, String> {
        let width = bases.len();
        let mut products = Self {
            tensor,
            gram: Dense::zero(width, width),
            right: vec![0.0; width],
            change: 0.0,
            model: 0.0,
            noise: 0.0,
        };
        let (mut numbers, mut bounds, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        let mut others: Vec<Vec<f64>> = vec![Vec::new(); width];
        let mut row = vec![0.0; width];
        let mut at = 0;
        while at < model.count {
            let count = PIECE.min(model.count - at);
            numbers.clear();
            bounds.clear();
            model.read(at, count, &mut numbers, &mut bytes)?;
            model.scheme.bounds(&bytes, &numbers, &mut bounds);
            for (base, into) in bases.iter().zip(&mut others) {
                into.clear();
                base.read(at, count, into, &mut bytes)?;
            }
            for (index, (number, bound)) in numbers.iter().zip(&bounds).enumerate() {
                let mut of_bases = others
                    .iter()
                    .map(|base| base.get(index).copied().unwrap_or(0.0));
                let first = of_bases.next().unwrap_or(0.0);
                let mut places = row.iter_mut();
                if let Some(place) = places.next() {
                    *place = first;
                }
                for (place, base) in places.zip(of_bases) {
                    *place = base - first;
                }
                let change = number - first;
                if !number.is_finite() || row.iter().any(|number| !number.is_finite()) {
                    return Err("it has numbers that are not finite".to_owned());
                }
                products.gram.add_gram(&row);
                for (sum, number) in products.right.iter_mut().zip(&row) {
                    *sum += change * number;
                }
                products.change += change * change;
                products.model += number * number;
                // One rounding for each base, and one at the end.
                products.noise += (bound * (width as f64 + 1.0)).powi(2);
            }
            at += count;
        }
        Ok(products)
    }

    /// Squared norm of what a combination does not explain.
    fn residual(&self, solution: &[f64]) -> f64 {
        let image: Vec<f64> = self.gram.rows().map(|row| dot(row, solution)).collect();
        (self.change - 2.0 * dot(&self.right, solution) + dot(&image, solution)).max(0.0)
    }

    fn explained(&self, solution: &[f64]) -> bool {
        self.residual(solution) <= self.noise + 1e-12 * self.change
    }

    /// Whether the bases differ here, so that it says something of the weights.
    fn tells(&self) -> bool {
        (1..self.gram.width).all(|index| self.gram.get(index, index) > 0.0)
    }
}

/// One set of weights for all tensors: least squares over all, the median of those of single
/// tensors (which a few edited tensors do not move), and each again over what it explains.
/// The one that explains most is taken.
pub(crate) fn fit(products: &[Products]) -> Option<Fit> {
    let width = products.first()?.gram.width;
    let over = |chosen: &[&Products]| {
        let mut gram = Dense::zero(width, width);
        let mut right = vec![0.0; width];
        for one in chosen {
            for (sum, number) in gram.numbers.iter_mut().zip(&one.gram.numbers) {
                *sum += number;
            }
            for (sum, number) in right.iter_mut().zip(&one.right) {
                *sum += number;
            }
        }
        solve(&gram, &right)
    };
    let all: Vec<&Products> = products.iter().collect();
    let each: Vec<Vec<f64>> = products
        .iter()
        .filter(|one| one.tells())
        .map(|one| over(&[one]))
        .collect();
    let median: Vec<f64> = (0..width)
        .map(|index| {
            let mut numbers: Vec<f64> = each
                .iter()
                .filter_map(|one| one.get(index).copied())
                .collect();
            numbers.sort_by(f64::total_cmp);
            numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
        })
        .collect();
    let mut candidates = vec![over(&all), median];
    for index in 0..2 {
        let Some(first) = candidates.get(index).cloned() else {
            continue;
        };
        let explained: Vec<&Products> = all
            .iter()
            .copied()
            .filter(|one| one.explained(&first))
            .collect();
        if !explained.is_empty() && explained.len() < all.len() {
            candidates.push(over(&explained));
        }
    }
    // The half of the tensors that a combination explains best, where none is exact.
    if let Some(first) = candidates.get(1).cloned() {
        let mut ordered = all.clone();
        let share = |one: &Products| one.residual(&first) / one.noise.max(f64::MIN_POSITIVE);
        ordered.sort_by(|left, right| share(left).total_cmp(&share(right)));
        ordered.truncate(all.len().div_ceil(2));
        candidates.push(over(&ordered));
    }
    let unexplained = |solution: &Vec<f64>| {
        products
            .iter()
            .filter(|one| !one.explained(solution))
            .count()
    };
    let solution = candidates.into_iter().min_by_key(unexplained)?;
    let relative = |one: &Products| {
        let norm = one.model.sqrt();
        if norm > 0.0 {
            one.residual(&solution).sqrt() / norm
        } else {
            0.0
        }
    };
    let residual = products.iter().map(relative).fold(0.0, f64::max);
    let names = products
        .iter()
        .filter(|one| !one.explained(&solution))
        .map(|one| one.tensor.clone());
    let unexplained = names.collect();
    // From the first base and differences to the bases.
    let mut weights = solution;
    let rest: f64 = weights.iter().skip(1).sum();
    if let Some(first) = weights.first_mut() {
        *first += 1.0 - rest;
    }
    Some(Fit {
        weights,
        residual,
        unexplained,
    })
}
