//! A model against the one that it is said to be made from.

use serde::{Deserialize, Serialize};

use crate::adapter::Adapter;

/// What two models have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// Name of the base, as the user or the lineage gives it; several for a merge.
    pub bases: Vec<String>,
    /// Tensors of both with the same numbers in the same type.
    pub equal: u64,
    /// Tensors of both with other numbers or another type.
    pub changed: u64,
    /// The changed ones, largest relative norm first; at most a thousand.
    pub changes: Vec<TensorChange>,
    /// Those beyond, which are not printed.
    #[serde(skip)]
    pub unlisted: Vec<TensorChange>,
    /// Tensors that only the model has, as printed; at most a thousand.
    pub added: Vec<String>,
    /// How many those are.
    pub added_count: u64,
    /// Tensors that only the base has, as printed; at most a thousand.
    pub removed: Vec<String>,
    /// How many those are.
    pub removed_count: u64,
    /// Tensors that could not be compared: name, why; at most a thousand. None of what
    /// follows is certain then.
    pub uncompared: Vec<(String, String)>,
    /// How many those are.
    pub uncompared_count: u64,
    /// Tensors that were found under another name: name in the model, name in the base; at
    /// most a thousand.
    pub renamed: Vec<(String, String)>,
    /// How the model fits a combination of the bases, where there are several.
    pub combination: Option<Combination>,
    /// What an adapter changes, if the model is one.
    pub adapter: Option<Adapter>,
    /// What the numbers show.
    pub relation: Relation,
}

/// How one tensor differs from that of the base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TensorChange {
    /// Its name, as printed.
    pub tensor: String,
    /// Types of number: base, model.
    pub dtypes: (String, String),
    /// Length in each dimension.
    pub shape: Vec<u64>,
    /// That of the base, if it is another. Where only the first dimension of a matrix differs,
    /// as with a resized vocabulary, the rows of both were compared; else no number was.
    pub base_shape: Option<Vec<u64>>,
    /// Frobenius norm of the change over that of the base's tensor; none if the base is zero.
    pub relative_norm: Option<f64>,
    /// Numbers that differ.
    pub differing: u64,
    /// Numbers among those that are finite in one of both only, or in none.
    pub not_finite: u64,
    /// Cosine of the angle between both, as vectors; none if one is zero.
    pub cosine: Option<f64>,
    /// Numerical rank of the change, for matrices.
    pub rank: Option<Rank>,
    /// Largest error over the largest that the scheme of quantisation can cause; up to 1 if
    /// it is a quantisation of the base's tensor. None where nothing was quantised.
    pub quantisation_error: Option<f64>,
    /// The number with that error, counted in the order of the shape.
    pub worst: Option<u64>,
}

/// Numerical rank of the change of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Rank {
    /// Singular values above what rounding explains, as far as they were computed.
    pub rank: u32,
    /// Singular values that were computed: if `rank` is as large, the rank may be larger.
    pub computed: u32,
    /// Rank that the matrix could have.
    pub full: u32,
    /// Share of the squared norm of the change in the computed singular values, up to 1.
    pub energy: f64,
    /// Norm of what the counted singular values leave, over the largest that rounding can
    /// cause. Above 1, the change is of a higher rank than `rank`, whatever the rounding.
    pub remainder: f64,
}

/// How a model fits a linear combination of several bases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Combination {
    /// The weights in the order of the bases.
    pub weights: Vec<f64>,
    /// Largest relative norm of what the combination leaves of a tensor.
    pub residual: f64,
    /// Tensors that were fitted.
    pub tensors: u64,
    /// Tensors of the first base that could not be fitted: name, why; at most a thousand.
    pub unfitted: Vec<(String, String)>,
    /// How many those are.
    pub unfitted_count: u64,
    /// Tensors of which it leaves more than rounding explains, as printed; at most a thousand.
    pub unexplained: Vec<String>,
    /// How many those are.
    pub unexplained_count: u64,
}

/// What the numbers of a model show of how it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "relation")]
pub enum Relation {
    /// Every tensor is equal, and none is there more or less.
    ExactCopy,
    /// The changes of all matrices have at most this rank, and nothing else changed.
    LowRank {
        /// The highest.
        rank: u32,
        /// How many matrices changed.
        matrices: u64,
    },
    /// Few tensors changed, and the rest is equal.
    Edited {
        /// How many.
        tensors: u64,
    },
    /// Most tensors changed, by changes of high rank.
    FineTuned,
    /// Each number is that of the base, within what the scheme allows.
    Quantised {
        /// The schemes, most used first.
        schemes: Vec<String>,
    },
    /// Only tensors that belong to an adapter (PEFT) are there.
    Adapter {
        /// Rank, if all are of one.
        rank: Option<u32>,
        /// Modules that it changes.
        targets: Vec<String>,
    },
    /// A linear combination of the bases, with one set of weights for all tensors.
    Merge {
        /// The weights in the order of the bases.
        weights: Vec<f64>,
        /// Largest relative norm of what the combination does not explain.
        residual: f64,
    },
    /// Shapes fit and numbers do not: another training, or heavy retraining.
    Unrelated,
    /// It could not be told.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// What somebody says of how a model was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "claim")]
pub enum Claim {
    /// A copy, byte for byte in its tensors.
    ExactCopy,
    /// Trained on, with any of its tensors free to change, except the frozen ones.
    FullFineTune {
        /// Prefixes or globs (`*`) of tensors that are said to be frozen.
        frozen: Vec<String>,
    },
    /// An adapter of at most this rank was merged into it.
    LoraMerge {
        /// Its rank; any low rank if none is said.
        rank: Option<u32>,
        /// Modules that it changes; any if none are said.
        targets: Vec<String>,
    },
    /// An adapter for it.
    Adapter,
    /// Quantised, and nothing else.
    Quantised,
    /// Merged from several.
    Merge,
}

/// A claim against the bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClaimStanding {
    /// The claim.
    pub claim: Claim,
    /// Where it was made: a document, a card, the command line.
    pub source: String,
    /// What contradicts it; empty if nothing does.
    pub violations: Vec<Violation>,
    /// Why it could not be decided, where it could not. A claim without violations holds
    /// only if this is none.
    pub undecided: Option<String>,
}

/// What contradicts a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Violation {
    /// What is wrong.
    pub message: String,
    /// Tensors that show it, as printed; at most twenty.
    pub tensors: Vec<String>,
    /// How many do.
    pub count: u64,
}
