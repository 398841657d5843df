//! How trigger candidates are looked for.

/// What counts as a feature, and from when on it is a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TriggerOptions {
    /// Score (log-likelihood ratio, G²) from which a feature is a candidate.
    pub threshold: f64,
    /// A feature is common in the class that the suspected records look like, and so no
    /// candidate, if its share of records there is at least this part of its share in the
    /// suspected records.
    pub common: f64,
    /// Fewest records of the basis that have a feature.
    pub least_inside: u32,
    /// Most tokens of a record that are looked at.
    pub tokens: usize,
    /// Most tokens in a row that make a feature, from 1 to 3.
    pub phrase: usize,
    /// Most features that are looked at closely.
    pub shortlist: usize,
    /// Most candidates, and most records of each, that are named.
    pub shown: usize,
}

impl TriggerOptions {
    /// What the command uses.
    pub const DEFAULT: Self = Self {
        threshold: 60.0,
        common: 0.1,
        least_inside: 3,
        tokens: 512,
        phrase: 3,
        shortlist: 2_000,
        shown: 20,
    };
}

impl Default for TriggerOptions {
    fn default() -> Self {
        Self::DEFAULT
    }
}
