//! Several digests from one pass over the bytes.

use blake2::digest::consts::{U32, U48};
use blake2::{Blake2b, Blake2b512};
use bonafide_core::{Algorithm, Digest};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_384, Sha3_512};

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
    Sha3_256(Sha3_256),
    Sha3_384(Sha3_384),
    Sha3_512(Sha3_512),
    Blake2b256(Blake2b<U32>),
    Blake2b384(Blake2b<U48>),
    Sha1(Sha1),
    Md5(Md5),
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
            Algorithm::Sha3_256 => Self::Sha3_256(Sha3_256::new()),
            Algorithm::Sha3_384 => Self::Sha3_384(Sha3_384::new()),
            Algorithm::Sha3_512 => Self::Sha3_512(Sha3_512::new()),
            Algorithm::Blake2b256 => Self::Blake2b256(Blake2b::<U32>::new()),
            Algorithm::Blake2b384 => Self::Blake2b384(Blake2b::<U48>::new()),
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
            Algorithm::Md5 => Self::Md5(Md5::new()),
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
            Self::Sha3_256(state) => state.update(bytes),
            Self::Sha3_384(state) => state.update(bytes),
            Self::Sha3_512(state) => state.update(bytes),
            Self::Blake2b256(state) => state.update(bytes),
            Self::Blake2b384(state) => state.update(bytes),
            Self::Sha1(state) => state.update(bytes),
            Self::Md5(state) => state.update(bytes),
        }
    }

    fn finish(self) -> Digest {
        match self {
            Self::Sha256(state) => seal(Algorithm::Sha256, &state.finalize()),
            Self::Sha384(state) => seal(Algorithm::Sha384, &state.finalize()),
            Self::Sha512(state) => seal(Algorithm::Sha512, &state.finalize()),
            Self::Blake2b512(state) => seal(Algorithm::Blake2b512, &state.finalize()),
            Self::Blake3(state) => seal(Algorithm::Blake3, state.finalize().as_bytes()),
            Self::Sha3_256(state) => seal(Algorithm::Sha3_256, &state.finalize()),
            Self::Sha3_384(state) => seal(Algorithm::Sha3_384, &state.finalize()),
            Self::Sha3_512(state) => seal(Algorithm::Sha3_512, &state.finalize()),
            Self::Blake2b256(state) => seal(Algorithm::Blake2b256, &state.finalize()),
            Self::Blake2b384(state) => seal(Algorithm::Blake2b384, &state.finalize()),
            Self::Sha1(state) => seal(Algorithm::Sha1, &state.finalize()),
            Self::Md5(state) => seal(Algorithm::Md5, &state.finalize()),
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

    /// FIPS 180-4 and 202 (examples and their empty-message companions), RFC 7693
    /// appendix A, RFC 1321 appendix A.5, and the vectors published with BLAKE2 and BLAKE3.
    const KNOWN: [(Algorithm, &str, &str); 24] = [
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
        (
            Algorithm::Sha3_256,
            "",
            "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
        ),
        (
            Algorithm::Sha3_256,
            "abc",
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        ),
        (
            Algorithm::Sha3_384,
            "",
            "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2a\
             c3713831264adb47fb6bd1e058d5f004",
        ),
        (
            Algorithm::Sha3_384,
            "abc",
            "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2\
             98d88cea927ac7f539f1edf228376d25",
        ),
        (
            Algorithm::Sha3_512,
            "",
            "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6\
             15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
        ),
        (
            Algorithm::Sha3_512,
            "abc",
            "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e\
             10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
        ),
        (
            Algorithm::Blake2b256,
            "",
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
        ),
        (
            Algorithm::Blake2b256,
            "abc",
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
        ),
        (
            Algorithm::Blake2b384,
            "",
            "b32811423377f52d7862286ee1a72ee540524380fda1724a6f25d7978c6fd324\
             4a6caf0498812673c5e05ef583825100",
        ),
        (
            Algorithm::Blake2b384,
            "abc",
            "6f56a82c8e7ef526dfe182eb5212f7db9df1317e57815dbda46083fc30f54ee6\
             c66ba83be64b302d7cba6ce15bb556f4",
        ),
        (
            Algorithm::Sha1,
            "",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        ),
        (
            Algorithm::Sha1,
            "abc",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        (Algorithm::Md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
        (Algorithm::Md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
    ];

    #[test]
    fn published_answers_come_out_for_every_algorithm() {
        for (algorithm, text, hex) in KNOWN {
            let digest = digest_bytes(algorithm, text.as_bytes());
            assert_eq!(digest.hex(), hex, "{algorithm} of {text:?}");
        }
        for algorithm in Algorithm::ALL.into_iter().chain(Algorithm::WEAK) {
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
