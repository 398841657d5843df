//! What a comparison may cost, and what it is told.

use crate::adapter::AdapterDeclaration;
use crate::comparison::Claim;

/// What a comparison may cost, and what it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareOptions {
    /// Singular values that are computed of each change: ranks up to this are told apart.
    pub rank: usize,
    /// Columns of the sketch beyond those.
    pub oversampling: usize,
    /// Iterations of the sketch; each is a pass over both tensors.
    pub iterations: u32,
    /// Bytes that sketches and changes may take, all workers together.
    pub memory: u64,
    /// Seed of the sketch.
    pub seed: u64,
    /// Names and changes that are listed; the rest are counted.
    pub listed: usize,
    /// How often a file may be read in one pass over the tensors that say they lie in it.
    /// Tensors that share numbers are read again for each; beyond this they are not compared.
    pub reads: u64,
    /// What the model's `adapter_config.json` says, if it has one.
    pub adapter: AdapterDeclaration,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self {
            rank: 32,
            oversampling: 8,
            iterations: 2,
            memory: 256 << 20,
            seed: 0x626F_6E61_6669_6465,
            listed: 1000,
            reads: 4,
            adapter: AdapterDeclaration::default(),
        }
    }
}

impl CompareOptions {
    /// Options under which these claims can be judged: a claim of a rank needs as many
    /// singular values, and one more.
    #[must_use]
    pub fn for_claims(claims: &[Claim]) -> Self {
        let ranks = claims.iter().filter_map(|claim| match claim {
            Claim::LoraMerge { rank, .. } => *rank,
            _ => None,
        });
        let most = ranks
            .max()
            .and_then(|rank| usize::try_from(rank).ok())
            .unwrap_or(0);
        let options = Self::default();
        Self {
            rank: options.rank.max(most.min(1024) + 1),
            ..options
        }
    }
}
