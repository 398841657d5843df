//! Several digests from one pass over the bytes.

use blake2::Blake2b512;
use bonafide_core::{Algorithm, Digest};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// With several algorithms, the bytes go through all of them in pieces that
/// stay in the first cache level's reach, instead of once through memory each.
const PIECE: usize = 64 << 10;

/// Feeds the same bytes to several hash functions.
///
/// All of them choose the processor's best instructions at run time (SHA-NI,
/// AVX2, AVX-512, the ARMv8 extensions).
#[derive(Debug, Clone)]
pub struct MultiHasher {
    states: Vec<State>,
}

#[derive(Debug, Clone)]
enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Blake2b512(Blake2b512),
    /// Boxed: its state is ten times the size of the others.
    Blake3(Box<blake3::Hasher>),
}

impl MultiHasher {
    /// Starts one hash function for each algorithm given.
    #[must_use]
    pub fn new(algorithms: &[Algorithm]) -> Self {
        Self {
            states: algorithms.iter().copied().map(State::new).collect(),
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        if let [only] = self.states.as_mut_slice() {
            return only.update(bytes);
        }
        for piece in bytes.chunks(PIECE) {
            for state in &mut self.states {
                state.update(piece);
            }
        }
    }

    /// The digests, in the order of the algorithms.
    #[must_use]
    pub fn finish(self) -> Vec<Digest> {
        self.states.into_iter().map(State::finish).collect()
    }
}

/// The digest of bytes that are in memory anyway.
#[must_use]
pub fn digest_bytes(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut state = State::new(algorithm);
    state.update(bytes);
    state.finish()
}

impl State {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha384 => Self::Sha384(Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
            Algorithm::Blake2b512 => Self::Blake2b512(Blake2b512::new()),
            Algorithm::Blake3 => Self::Blake3(Box::default()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(state) => state.update(bytes),
            Self::Sha384(state) => state.update(bytes),
            Self::Sha512(state) => state.update(bytes),
            Self::Blake2b512(state) => state.update(bytes),
            Self::Blake3(state) => {
                state.update(bytes);
            }
        }
    }

    fn finish(self) -> Digest {
        match self {
            Self::Sha256(state) => seal(Algorithm::Sha256, &state.finalize()),
            Self::Sha384(state) => seal(Algorithm::Sha384, &state.finalize()),
            Self::Sha512(state) => seal(Algorithm::Sha512, &state.finalize()),
            Self::Blake2b512(state) => seal(Algorithm::Blake2b512, &state.finalize()),
            Self::Blake3(state) => seal(Algorithm::Blake3, state.finalize().as_bytes()),
        }
    }
}

/// The bytes come from the function that the algorithm names, so their number is right.
#[expect(
    clippy::expect_used,
    reason = "the length is a constant of each function; a test goes through all of them"
)]
fn seal(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    Digest::new(algorithm, bytes).expect("the length of the algorithm")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 (examples and their empty-message companions), RFC 7693
    /// appendix A, and the vectors published with BLAKE2 and BLAKE3.
    const KNOWN: [(Algorithm, &str, &str); 10] = [
        (
            Algorithm::Sha256,
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            Algorithm::Sha256,
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            Algorithm::Sha384,
            "",
            "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da\
             274edebfe76f65fbd51ad2f14898b95b",
        ),
        (
            Algorithm::Sha384,
            "abc",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
             8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            Algorithm::Sha512,
            "",
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
             47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        ),
        (
            Algorithm::Sha512,
            "abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (
            Algorithm::Blake2b512,
            "",
            "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419\
             d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
        ),
        (
            Algorithm::Blake2b512,
            "abc",
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
             7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        ),
        (
            Algorithm::Blake3,
            "",
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
        ),
        (
            Algorithm::Blake3,
            "abc",
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        ),
    ];

    #[test]
    fn published_answers_come_out_for_every_algorithm() {
        for (algorithm, text, hex) in KNOWN {
            let digest = digest_bytes(algorithm, text.as_bytes());
            assert_eq!(digest.hex(), hex, "{algorithm} of {text:?}");
        }
        for algorithm in Algorithm::ALL {
            assert!(KNOWN.iter().any(|(known, ..)| *known == algorithm));
        }
    }

    #[test]
    fn all_at_once_in_odd_pieces_equals_one_by_one_in_one_piece() {
        let bytes: Vec<u8> = (0..300_001_u32)
            .map(|number| number.to_le_bytes()[0] ^ 7)
            .collect();
        let mut together = MultiHasher::new(&Algorithm::ALL);
        for piece in bytes.chunks(70_007) {
            together.update(piece);
        }
        let alone = Algorithm::ALL.map(|algorithm| digest_bytes(algorithm, &bytes));
        assert_eq!(together.finish(), alone);
    }
}
