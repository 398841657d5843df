//! The features of one record.

use super::{FeatureKind, TriggerOptions};
use crate::labels::features::{Judged, number_hash, phrase_hash, token_hash};

/// Hashes of all features of a record, each once, ascending.
pub(super) fn hashes(judged: &Judged<'_>, index: usize, options: &TriggerOptions) -> Vec<u64> {
    let mut hashes = Vec::new();
    phrases(judged, index, options, |hash, _| hashes.push(hash));
    let numbers = judged.numbers(index).unwrap_or_default();
    let numbers = numbers.iter().enumerate();
    let known = numbers.filter(|(_, value)| !value.is_nan());
    hashes.extend(known.map(|(place, value)| number_hash(place, *value)));
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Tokens and tokens in a row, with their hashes.
fn phrases(
    judged: &Judged<'_>,
    index: usize,
    options: &TriggerOptions,
    mut each: impl FnMut(u64, &[&str]),
) {
    let longest = options.phrase.clamp(1, 3);
    judged.tokens(index, options.tokens, |tokens| {
        let single: Vec<u64> = tokens.iter().map(|token| token_hash(token)).collect();
        for start in 0..tokens.len() {
            let mut hash = None;
            for length in 1..=longest {
                let Some(words) = tokens.get(start..start + length) else {
                    break;
                };
                let Some(&next) = single.get(start + length - 1) else {
                    break;
                };
                let joined = hash.map_or(next, |before| phrase_hash(before, next));
                each(joined, words);
                hash = Some(joined);
            }
        }
    });
}

/// Which of the wanted features a record has, as they are printed.
pub(super) fn named(
    judged: &Judged<'_>,
    index: usize,
    options: &TriggerOptions,
    wanted: impl Fn(u64) -> bool,
) -> Vec<(u64, FeatureKind, String)> {
    let mut found = Vec::new();
    phrases(judged, index, options, |hash, words| {
        if wanted(hash) {
            let shown: Vec<String> = words
                .iter()
                .map(|word| bonafide_core::excerpt(word, 80))
                .collect();
            let kind = match words.len() {
                1 => FeatureKind::Token,
                _ => FeatureKind::Phrase,
            };
            found.push((hash, kind, shown.join(" ")));
        }
    });
    let numbers = judged.numbers(index).unwrap_or_default();
    let names = judged.number_names(index);
    for (place, value) in numbers.iter().enumerate() {
        let hash = number_hash(place, *value);
        if !value.is_nan() && wanted(hash) {
            let name = names.name(place);
            found.push((hash, FeatureKind::Patch, format!("{name} = {value}")));
        }
    }
    found.sort();
    found.dedup_by_key(|(hash, ..)| *hash);
    found
}
