//! Shingles of text, and their hashes.

use sha1::block_api::compress;
use sha1::{Digest, Sha1};

use super::Shingles;

/// Cuts texts into shingles, with memory that is used again.
#[derive(Debug)]
pub(crate) struct Shingler {
    shingles: Shingles,
    folded: String,
    /// Where the words or characters of the folded text begin and end.
    parts: Vec<(usize, usize)>,
    hashes: Vec<u32>,
}

impl Shingler {
    pub(crate) const fn new(shingles: Shingles) -> Self {
        Self {
            shingles,
            folded: String::new(),
            parts: Vec::new(),
            hashes: Vec::new(),
        }
    }

    /// Forgets the last record.
    pub(crate) fn clear(&mut self) {
        self.hashes.clear();
    }

    /// The hashes of all shingles that were added.
    pub(crate) fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// Adds the shingles of a text.
    pub(crate) fn add(&mut self, text: &str) {
        self.fold(text);
        let length = match self.shingles {
            Shingles::Words(length) => length,
            Shingles::Characters(length) => {
                self.parts.clear();
                let characters = self.folded.char_indices();
                let ends = characters.map(|(start, one)| (start, start + one.len_utf8()));
                self.parts.extend(ends);
                length
            }
        };
        let whole = [(0, self.folded.len())];
        let few = self.parts.len() < length;
        if few && self.parts.is_empty() {
            return;
        }
        let starts = if few { &whole[..] } else { &self.parts };
        let ends = if few {
            &whole[..]
        } else {
            self.parts.get(length - 1..).unwrap_or_default()
        };
        let bytes = self.folded.as_bytes();
        for ((start, _), (_, end)) in starts.iter().zip(ends) {
            if let Some(shingle) = bytes.get(*start..*end) {
                self.hashes.push(hash(shingle));
            }
        }
    }

    /// Lower case, with one space between words.
    fn fold(&mut self, text: &str) {
        self.folded.clear();
        self.parts.clear();
        for word in text.split_whitespace() {
            if !self.folded.is_empty() {
                self.folded.push(' ');
            }
            let start = self.folded.len();
            if word.is_ascii() {
                self.folded.push_str(word);
                if let Some(word) = self.folded.get_mut(start..) {
                    word.make_ascii_lowercase();
                }
            } else {
                self.folded.push_str(&word.to_lowercase());
            }
            self.parts.push((start, self.folded.len()));
        }
    }
}

/// The state that SHA-1 begins with (FIPS 180-4, section 5.3.1).
const START: [u32; 5] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
];

/// Longest message that fits in one block: there are a bit and the length besides.
const ONE_BLOCK: usize = 55;

/// The first four bytes of the SHA-1, least first: `sha1_hash32` of `datasketch`. A short
/// shingle, as nearly all are, is padded here to its only block, which takes half the
/// time that the general way takes.
fn hash(shingle: &[u8]) -> u32 {
    if shingle.len() > ONE_BLOCK {
        let digest = Sha1::digest(shingle);
        let first = digest.first_chunk();
        return first.map_or(0, |bytes| u32::from_le_bytes(*bytes));
    }
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(shingle.iter().chain(&[0x80])) {
        *to = *from;
    }
    if let Some(length) = block.last_chunk_mut() {
        *length = (shingle.len() as u64 * 8).to_be_bytes();
    }
    let mut state = START;
    compress(&mut state, &[block]);
    let [first, ..] = state;
    first.swap_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Digest, Sha1, hash};

    #[test]
    fn hashes_are_those_of_sha1() {
        for length in 0..200 {
            let shingle = vec![b'a'; length];
            let digest = Sha1::digest(&shingle);
            let expected = u32::from_le_bytes(digest[..4].try_into().unwrap());
            assert_eq!(hash(&shingle), expected, "{length}");
        }
    }
}
