//! Inputs that are almost right: seeds with a few changes, most of which know
//! what JSON and base64 are.

use std::ops::Range;

use data_encoding::BASE64;

use super::random::Random;
use super::token::{Kind, Token, tokens, value};

/// Longest mutant in bytes.
const LONGEST: usize = 1 << 20;

/// Values that readers trip over.
const ODD: [&str; 28] = [
    "null",
    "true",
    "{}",
    "[]",
    "[[]]",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\u001b[31m\"",
    "\"\\u202e\"",
    "\"..\"",
    "\"/\"",
    "\"=\"",
    "\"AAAA\"",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e400",
    "1E-400",
    "1e18",
    "01",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999999999999999",
];

/// What long texts are made of.
const UNITS: [&str; 7] = ["a", "\\u001b", "\\n", "\u{202e}", "é", "\\\\", "/.."];

/// The input that a seed number makes of a corpus.
pub fn mutant(seed: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut input = random.of(corpus).clone();
    for _ in 0..=random.below(3) {
        let other = random.of(corpus);
        change(&mut random, &mut input, other);
        input.truncate(LONGEST);
    }
    input
}

fn change(random: &mut Random, input: &mut Vec<u8>, other: &[u8]) {
    let looks_like_json = input.trim_ascii_start().starts_with(b"{");
    if looks_like_json && random.below(4) > 0 {
        change_tokens(random, input, other);
    } else {
        change_bytes(random, input, other);
    }
}

fn change_bytes(random: &mut Random, input: &mut Vec<u8>, other: &[u8]) {
    let at = random.below(input.len());
    let short = 1 + random.below(16);
    let end = (at + short).min(input.len());
    match random.below(9) {
        0 | 1 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        2 => {
            if let Some(byte) = input.get_mut(at) {
                let odd = [0, 0x7f, 0x80, 0xff, random.byte()];
                *byte = *random.of(&odd);
            }
        }
        // The length in a DER header is such a byte.
        3 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = byte.wrapping_add(if random.below(2) == 0 { 1 } else { 255 });
            }
        }
        4 => input.truncate(at),
        5 => {
            input.truncate(at);
            input.extend(&other[random.below(other.len())..]);
        }
        6 => input.extend(other),
        7 => drop(input.drain(at..end)),
        _ => {
            let again = input[at..end].to_vec();
            input.splice(at..at, again);
        }
    }
}

fn change_tokens(random: &mut Random, input: &mut Vec<u8>, other: &[u8]) {
    let tokens = tokens(input);
    let of_kind = |is: fn(&Token) -> bool| -> Vec<usize> {
        (0..tokens.len())
            .filter(|index| is(&tokens[*index]))
            .collect()
    };
    let names = of_kind(|token| token.kind == Kind::Name);
    let values = of_kind(|token| matches!(token.kind, Kind::Open | Kind::Text | Kind::Scalar));
    if names.is_empty() || values.is_empty() {
        return change_bytes(random, input, other);
    }
    let name = *random.of(&names);
    let member = tokens[name].range.start..value(&tokens, (name + 2).min(tokens.len() - 1)).end;
    let target = value(&tokens, *random.of(&values));
    match random.below(12) {
        // A member twice.
        0 => {
            let mut copy = input[member.clone()].to_vec();
            copy.push(b',');
            input.splice(member.start..member.start, copy);
        }
        // A member less.
        1 => {
            let comma = input.get(member.end) == Some(&b',');
            input.drain(member.start..member.end + usize::from(comma));
        }
        2 | 3 => replace(input, target, random.of(&ODD).as_bytes()),
        4 => {
            let depth = *random.of(&[10, 100, 126, 127, 128, 129, 5_000, 100_000]);
            let (open, close) = *random.of(&[("[", "]"), ("{\"a\":", "}"), ("[", "")]);
            let nested = [&open.repeat(depth), "0", &close.repeat(depth)].concat();
            replace(input, target, nested.as_bytes());
        }
        5 => {
            let length = *random.of(&[40, 101, 1_000, 4_097, 70_000]);
            let text = format!("\"{}\"", random.of(&UNITS).repeat(length));
            let place = if random.below(4) == 0 {
                tokens[name].range.clone()
            } else {
                target
            };
            replace(input, place, text.as_bytes());
        }
        // Two values change places.
        6 => {
            let second = value(&tokens, *random.of(&values));
            if target.end <= second.start {
                let moved = input[target.clone()].to_vec();
                let back = input[second.clone()].to_vec();
                replace(input, second, &moved);
                replace(input, target, &back);
            }
        }
        // A value of another seed.
        7 => {
            let theirs = super::token::tokens(other);
            if !theirs.is_empty() {
                let taken = value(&theirs, random.below(theirs.len()));
                replace(input, target, &other[taken]);
            }
        }
        8 | 9 => change_encoded(random, input, &tokens, other),
        // Many of an entry.
        10 => {
            let entries: Vec<usize> = values
                .iter()
                .copied()
                .filter(|index| tokens[*index].in_list)
                .collect();
            if !entries.is_empty() {
                let entry = value(&tokens, *random.of(&entries));
                let mut copies = Vec::new();
                for _ in 0..*random.of(&[1, 2, 16, 33, 70, 1_100]) {
                    copies.extend(&input[entry.clone()]);
                    copies.push(b',');
                }
                input.splice(entry.start..entry.start, copies);
            }
        }
        // The same name, written otherwise.
        _ => {
            let first = tokens[name].range.start + 1;
            if input.get(first).is_some_and(u8::is_ascii_alphanumeric) {
                let escaped = format!("\\u{:04x}", input[first]);
                replace(input, first..first + 1, escaped.as_bytes());
            }
        }
    }
}

/// Changes what a text encodes, and encodes it again: certificates, log entries,
/// statements.
fn change_encoded(random: &mut Random, input: &mut Vec<u8>, tokens: &[Token], other: &[u8]) {
    let encoded: Vec<(Range<usize>, Vec<u8>)> = tokens
        .iter()
        .filter(|token| token.kind == Kind::Text && token.range.len() > 22)
        .map(|token| token.range.start + 1..token.range.end - 1)
        .filter_map(|range| Some((range.clone(), BASE64.decode(&input[range]).ok()?)))
        .collect();
    if encoded.is_empty() {
        return change_bytes(random, input, other);
    }
    let (range, mut inner) = random.of(&encoded).clone();
    change(random, &mut inner, other);
    replace(input, range, BASE64.encode(&inner).as_bytes());
}

fn replace(input: &mut Vec<u8>, range: Range<usize>, with: &[u8]) {
    input.splice(range, with.iter().copied());
}
