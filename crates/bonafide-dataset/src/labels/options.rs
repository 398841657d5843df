//! How doubtful labels are looked for.

use super::confident::Filter;

/// What a probe learns from, and which doubts are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelOptions {
    /// Which doubtful labels are taken.
    pub filter: Filter,
    /// Parts that the records are split into; each is judged by a probe of the others.
    pub folds: usize,
    /// Most different labels.
    pub classes: usize,
    /// Fewest records of a class that is looked at; never fewer than folds.
    pub least_of_class: usize,
    /// Most tokens of a record that are looked at.
    pub tokens: usize,
    /// Two tokens in a row count as a feature of their own.
    pub pairs: bool,
    /// Tokens are hashed into two to the power of so many buckets, at most 24.
    pub buckets: u32,
    /// Weight of errors against the L2 penalty for text (`C` of scikit-learn).
    pub strength: f64,
    /// The same where there are numbers.
    pub strength_of_numbers: f64,
    /// Most passes of the optimiser over the records.
    pub passes: usize,
    /// Most multiplications of all probes together, about; beyond it records are sampled.
    pub work: u64,
    /// Most doubtful labels that are named.
    pub shown: usize,
}

impl LabelOptions {
    /// What the command uses.
    pub const DEFAULT: Self = Self {
        filter: Filter::Both,
        folds: 5,
        classes: 1_000,
        least_of_class: 10,
        tokens: 512,
        pairs: false,
        buckets: 18,
        strength: 10.0,
        strength_of_numbers: 10.0,
        passes: 20,
        work: 400_000_000_000,
        shown: 100,
    };
}

impl Default for LabelOptions {
    fn default() -> Self {
        Self::DEFAULT
    }
}
