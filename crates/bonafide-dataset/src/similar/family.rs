//! Hash functions that stand for permutations, and signatures by them.

use super::Family;
use super::twister::Twister;

/// 2^61 − 1.
const PRIME: u64 = (1 << 61) - 1;

/// The parameters of all functions.
#[derive(Debug)]
pub(crate) enum Permutations {
    /// Blocks of factors and summands; what fills the last block is cut off at the end.
    Affine {
        blocks: Vec<([u32; BLOCK], [u32; BLOCK])>,
        count: usize,
    },
    /// Factor and summand of each.
    Mersenne(Vec<(u64, u64)>),
}

/// Functions that are worked on at once: their minima stay in registers.
const BLOCK: usize = 16;

impl Permutations {
    /// As `datasketch` draws them with seed 1.
    pub(crate) fn new(family: Family, count: u32) -> Self {
        let mut random = Twister::new(1);
        match family {
            Family::Mersenne => Self::Mersenne(
                (0..count)
                    .map(|_| (1 + random.at_most(PRIME - 2), random.at_most(PRIME - 1)))
                    .collect(),
            ),
            Family::Affine => {
                // All factors come first. They are odd.
                let factors: Vec<u32> = (0..count).map(|_| (random.draw() << 1) | 1).collect();
                let summands: Vec<u32> = (0..count).map(|_| random.draw()).collect();
                let mut blocks = Vec::new();
                for (factors, summands) in factors.chunks(BLOCK).zip(summands.chunks(BLOCK)) {
                    let mut block = ([0; BLOCK], [0; BLOCK]);
                    for (to, from) in block.0.iter_mut().zip(factors) {
                        *to = *from;
                    }
                    for (to, from) in block.1.iter_mut().zip(summands) {
                        *to = *from;
                    }
                    blocks.push(block);
                }
                let count = factors.len();
                Self::Affine { blocks, count }
            }
        }
    }

    /// The least value of each function over all hashes.
    pub(crate) fn sign(&self, hashes: &[u32], signature: &mut Vec<u32>) {
        signature.clear();
        match self {
            Self::Affine { blocks, count } => {
                for (factors, summands) in blocks {
                    let mut least = [u32::MAX; BLOCK];
                    for hash in hashes {
                        let mixed = mix(*hash);
                        for ((least, factor), summand) in
                            least.iter_mut().zip(factors).zip(summands)
                        {
                            let value = factor.wrapping_mul(mixed).wrapping_add(*summand);
                            *least = value.min(*least);
                        }
                    }
                    signature.extend(least);
                }
                signature.truncate(*count);
            }
            Self::Mersenne(functions) => {
                signature.extend(functions.iter().map(|(factor, summand)| {
                    hashes
                        .iter()
                        .map(|hash| mersenne(*factor, *summand, *hash))
                        .min()
                        .unwrap_or(u32::MAX)
                }));
            }
        }
    }
}

/// The finalizer of `MurmurHash3` for 32 bits.
#[inline]
const fn mix(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the low 32 bits are what is wanted"
)]
fn mersenne(factor: u64, summand: u64, hash: u32) -> u32 {
    let number = factor.wrapping_mul(u64::from(hash)).wrapping_add(summand);
    let once = (number & PRIME) + (number >> 61);
    // Taking the prime away is adding one, as far as the low bits are concerned.
    (once + ((once + 1) >> 61)) as u32
}
