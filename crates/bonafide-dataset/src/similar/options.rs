//! How near-duplicates are looked for.

use crate::duplicates::Added;

/// What a text is cut into. Upper and lower case are the same, and so is any white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shingles {
    /// So many words next to each other. A text of fewer words is one shingle.
    Words(usize),
    /// So many characters next to each other, white space between words as one.
    Characters(usize),
}

/// Which hash functions take the place of random permutations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// `datasketch` from 2.0 on (`affine32`, seed 1): `a · fmix32(h) + b` modulo 2^32.
    #[default]
    Affine,
    /// `datasketch` before 2.0 (`legacy`, seed 1): `(a · h + b mod 2^64)` modulo
    /// 2^61 − 1, its low 32 bits.
    Mersenne,
}

/// When candidates count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Linked {
    /// If as large a part of their signatures agrees as the threshold says.
    #[default]
    Verified,
    /// Always, as the answers of a `MinHashLSH` are without a check.
    Candidates,
}

/// How near-duplicates are looked for, and how much of them is shown.
#[derive(Clone, Copy)]
pub struct SimilarOptions<'a> {
    /// What a text is cut into.
    pub shingles: Shingles,
    /// Which hash functions.
    pub family: Family,
    /// How many: 2 to 1,024.
    pub permutations: u32,
    /// Least Jaccard similarity: above 0, at most 1.
    pub jaccard: f64,
    /// When candidates count as the same.
    pub linked: Linked,
    /// Clusters that are shown of each kind.
    pub shown: usize,
    /// Members that are shown of each cluster.
    pub members: usize,
    /// Which records were added since the earlier version, if there is one.
    pub added: Option<Added<'a>>,
}

impl SimilarOptions<'_> {
    /// Pairs of words, 64 permutations, a Jaccard similarity of 0.5. A text in which
    /// every twentieth word was changed keeps a similarity of about 0.8 with the first,
    /// and two such variants about 0.7; with every tenth, 0.7 and 0.5. The error of the
    /// estimate is 0.06 (one standard deviation at 0.5).
    pub const DEFAULT: Self = Self {
        shingles: Shingles::Words(2),
        family: Family::Affine,
        permutations: 64,
        jaccard: 0.5,
        linked: Linked::Verified,
        shown: 50,
        members: 20,
        added: None,
    };

    /// Why these options cannot be used, if they cannot.
    pub(crate) fn unusable(&self) -> Option<String> {
        let (Shingles::Words(length) | Shingles::Characters(length)) = self.shingles;
        if !(1..=64).contains(&length) {
            return Some(format!("shingles of {length}; 1 to 64 are possible"));
        }
        if !(2..=1_024).contains(&self.permutations) {
            let count = self.permutations;
            return Some(format!("{count} permutations; 2 to 1,024 are possible"));
        }
        if !(self.jaccard > 0.0 && self.jaccard <= 1.0) {
            let jaccard = self.jaccard;
            return Some(format!(
                "a similarity of {jaccard}; it is above 0 and at most 1"
            ));
        }
        None
    }
}

impl Default for SimilarOptions<'_> {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl std::fmt::Debug for SimilarOptions<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SimilarOptions")
            .field("shingles", &self.shingles)
            .field("family", &self.family)
            .field("permutations", &self.permutations)
            .field("jaccard", &self.jaccard)
            .field("linked", &self.linked)
            .field("shown", &self.shown)
            .field("members", &self.members)
            .field("added", &self.added.map(|_| "…"))
            .finish()
    }
}
