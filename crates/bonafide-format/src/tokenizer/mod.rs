//! Tokenizers: between what is written and the numbers that a model works with.
//!
//! Whoever changes one changes what the model reads and what is shown of its answers, and
//! leaves every weight as it was. What is looked for shows in the files themselves; that
//! tokens have changed places does not, and needs the tokenizer of the base: see
//! [`Facts::tokenizer`](crate::Facts).

mod document;
mod lines;
mod pieces;
mod relation;
mod replacement;
mod rules;

use std::collections::BTreeMap;

use bonafide_core::{Algorithm, Digest};
use sha2::{Digest as _, Sha256};

pub(crate) use document::analyse;
pub(crate) use lines::{MERGES, TIKTOKEN};
pub(crate) use pieces::SENTENCEPIECE;
pub(crate) use relation::relate;
pub(crate) use rules::RULES;

/// What a file of a tokenizer says that others have to fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tokenizer {
    /// Numbers of the tokens that are written out one by one: added and special ones.
    pub(crate) tokens: BTreeMap<String, u64>,
    /// The token with the highest number that can occur in a text, and that number.
    pub(crate) highest: Option<(String, u64)>,
    /// Of the vocabulary, without added tokens.
    pub(crate) vocabulary: Option<Digest>,
}

impl Tokenizer {
    /// Takes down a token that can occur in a text. One for padding is never looked up.
    pub(crate) fn see(&mut self, token: &str, number: u64) {
        let higher = self
            .highest
            .as_ref()
            .is_none_or(|(_, highest)| *highest < number);
        if higher && !token.to_ascii_lowercase().contains("pad") {
            self.highest = Some((token.to_owned(), number));
        }
    }
}

/// A digest over tokens and their numbers, whatever their order in the file.
fn digest_of(pairs: &mut [(&str, u64)]) -> Option<Digest> {
    pairs.sort_unstable();
    let mut hasher = Sha256::new();
    for (token, number) in pairs {
        hasher.update((token.len() as u64).to_le_bytes());
        hasher.update(token.as_bytes());
        hasher.update(number.to_le_bytes());
    }
    Digest::new(Algorithm::Sha256, hasher.finalize().as_slice()).ok()
}

#[cfg(test)]
mod tests;
