//! What the differences of all tensors say of how a model was made.

use std::collections::BTreeMap;

use crate::comparison::{Comparison, Rank, Relation, TensorChange};
use crate::pair::WITHIN;

/// Share of the tensors up to which changed ones are few, if they are not one.
pub(crate) const FEW: f64 = 0.05;

/// Cosine below which matrices have nothing to do with each other. Independent ones have
/// about one over the root of their numbers.
const INDEPENDENT: f64 = 0.1;

impl Comparison {
    /// All changes, also those that are not listed.
    pub(crate) fn every_change(&self) -> impl Iterator<Item = &TensorChange> {
        self.changes.iter().chain(&self.unlisted)
    }

    /// Whether changes are missing: it was kept and read back.
    pub(crate) fn is_cut(&self) -> bool {
        self.changed > (self.changes.len() + self.unlisted.len()) as u64
    }
}

impl TensorChange {
    /// Whether it is the base's tensor in another type of number, within what that allows.
    #[must_use]
    pub fn is_quantised(&self) -> bool {
        let type_alone = self.differing == 0 && self.dtypes.0 != self.dtypes.1;
        let within = self.quantisation_error.is_some_and(|error| error <= WITHIN);
        (type_alone || within) && self.not_finite == 0 && same_but_for_ones(self)
    }

    /// Whether rows were added or removed, and those of both are the same.
    #[must_use]
    pub fn is_only_resized(&self) -> bool {
        self.is_resized()
            && (self.differing == 0 || self.quantisation_error.is_some_and(|error| error <= WITHIN))
            && self.not_finite == 0
    }

    /// Whether rows were added to a matrix, or removed.
    #[must_use]
    pub fn is_resized(&self) -> bool {
        match (self.base_shape.as_deref(), self.shape.as_slice()) {
            (Some([base, width]), [model, other]) => width == other && base != model,
            _ => false,
        }
    }
}

/// Whether the shapes of both are the same but for dimensions of one.
fn same_but_for_ones(change: &TensorChange) -> bool {
    let lengths = |shape: &[u64]| {
        shape
            .iter()
            .copied()
            .filter(|one| *one != 1)
            .collect::<Vec<_>>()
    };
    let base = change.base_shape.as_deref();
    base.is_none_or(|base| lengths(base) == lengths(&change.shape))
}

impl Rank {
    /// Whether the change is a matrix of the counted rank, and rounding; not more.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.remainder <= 1.0 && (self.rank < self.computed || self.computed == self.full)
    }

    /// Whether that rank is at most half of what the matrix could have, so that it is low.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.is_exact() && (self.rank <= 1 || self.rank <= self.full / 2)
    }
}

/// What the numbers show. Judged from the most certain down; every rule reads as its relation
/// is documented.
pub(crate) fn relation(comparison: &Comparison) -> Relation {
    if let Some(adapter) = &comparison.adapter {
        return Relation::Adapter {
            rank: adapter.rank,
            targets: adapter.targets.clone(),
        };
    }
    let unknown = |reason: String| Relation::Unknown { reason };
    let compared = comparison.equal + comparison.changed;
    if comparison.uncompared_count > 0 {
        return unknown(format!(
            "{} of {} tensors could not be compared",
            comparison.uncompared_count,
            compared + comparison.uncompared_count
        ));
    }
    if compared == 0 {
        return unknown("no tensor of the model has the name of one of the base".to_owned());
    }
    let whole = comparison.added_count == 0 && comparison.removed_count == 0;
    if comparison.changed == 0 && whole {
        return Relation::ExactCopy;
    }
    if let Some(combination) = &comparison.combination
        && combination.unexplained_count == 0
        && combination.unfitted_count == 0
        && whole
        && combination
            .weights
            .iter()
            .filter(|weight| weight.abs() > 1e-3)
            .count()
            > 1
    {
        return Relation::Merge {
            weights: combination.weights.clone(),
            residual: combination.residual,
        };
    }
    let quantised = comparison
        .every_change()
        .filter(|change| change.is_quantised());
    let mut schemes: BTreeMap<&str, u64> = BTreeMap::new();
    for change in quantised {
        *schemes.entry(change.dtypes.1.as_str()).or_default() += 1;
    }
    let changed: Vec<&TensorChange> = comparison
        .every_change()
        .filter(|change| !change.is_quantised() && !change.is_only_resized())
        .collect();
    if changed.is_empty() {
        return if schemes.is_empty() {
            // Tensors were added or removed, or have more rows.
            Relation::Edited {
                tensors: comparison.changed,
            }
        } else {
            let mut schemes: Vec<(&str, u64)> = schemes.into_iter().collect();
            schemes.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
            Relation::Quantised {
                schemes: schemes
                    .into_iter()
                    .map(|(name, _)| name.to_owned())
                    .collect(),
            }
        };
    }
    if changed.iter().all(|change| change.cosine.is_none()) && changed.len() as u64 == compared {
        return unknown("no tensor has the shape of the one in the base".to_owned());
    }
    if independent(&changed, compared) {
        return Relation::Unrelated;
    }
    let few = changed.len() == 1 || (changed.len() as f64) <= FEW * compared as f64;
    let ranks: Option<Vec<Rank>> = changed
        .iter()
        .map(|change| {
            change
                .rank
                .filter(|rank| rank.is_low() && rank.rank > 0 && !change.is_resized())
        })
        .collect();
    match ranks {
        Some(ranks) => {
            let rank = ranks.iter().map(|rank| rank.rank).max().unwrap_or(0);
            if few && rank <= 1 {
                Relation::Edited {
                    tensors: changed.len() as u64,
                }
            } else {
                Relation::LowRank {
                    rank,
                    matrices: changed.len() as u64,
                }
            }
        }
        None if few => Relation::Edited {
            tensors: changed.len() as u64,
        },
        None => Relation::FineTuned,
    }
}

/// Whether most matrices changed and have no more in common than chance.
fn independent(changed: &[&TensorChange], compared: u64) -> bool {
    let size = |change: &TensorChange| {
        change
            .shape
            .iter()
            .copied()
            .fold(1_u64, u64::saturating_mul)
    };
    let matrices = changed
        .iter()
        .filter(|change| change.shape.len() > 1 && size(change) >= 64);
    let mut cosines: Vec<f64> = matrices.filter_map(|change| change.cosine).collect();
    cosines.sort_by(f64::total_cmp);
    let median = cosines.get(cosines.len() / 2);
    changed.len() as u64 * 2 >= compared && median.is_some_and(|cosine| cosine.abs() < INDEPENDENT)
}
