//! Shingles of text, and their hashes.

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

/// The first four bytes of the SHA-1, least first: `sha1_hash32` of `datasketch`.
fn hash(shingle: &[u8]) -> u32 {
    let digest = Sha1::digest(shingle);
    digest
        .first_chunk()
        .map_or(0, |bytes| u32::from_le_bytes(*bytes))
}
