//! Vocabularies of one entry a line: merges of byte-pair encoding, and those of tiktoken.

use std::collections::{HashMap, HashSet};

use bonafide_core::excerpt;
use data_encoding::BASE64;

use super::{Tokenizer, rules};
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

/// `merges.txt`: pairs of tokens, the most frequent first.
pub(crate) const MERGES: Format = Format {
    name: "bpe-merges",
    title: "Merges of byte-pair encoding",
    extensions: &["bpe"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe: probe_merges,
    inspect: inspect_merges,
};

/// `*.tiktoken`: base64 of a token, and its number.
pub(crate) const TIKTOKEN: Format = Format {
    name: "tiktoken",
    title: "Vocabulary of tiktoken",
    extensions: &["tiktoken"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe: probe_tiktoken,
    inspect: inspect_tiktoken,
};

fn probe_merges(probe: &Probe<'_>) -> Likeness {
    if probe.head.starts_with(b"#version: 0.") {
        return Likeness::Certain;
    }
    Likeness::No
}

fn inspect_merges(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    let text = text(&bytes)?;
    let mut seen = HashSet::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len() as u64;
        let merge = line.trim_end_matches(['\n', '\r']);
        if merge.is_empty() || (start == 0 && merge.starts_with("#version")) {
            continue;
        }
        let range = Some(start..at);
        match merge.split_once(' ') {
            Some((left, right))
                if !left.is_empty() && !right.is_empty() && !right.contains(' ') => {}
            _ => {
                let message = format!("`{}` is no pair", excerpt(merge, 60));
                visit.report(&rules::MERGES, range, message);
                continue;
            }
        }
        if !seen.insert(merge) {
            let message = format!("`{}` is there twice", excerpt(merge, 60));
            visit.report(&rules::MERGES, range, message);
        }
    }
    visit.cover_all();
    Ok(())
}

fn text(bytes: &[u8]) -> Result<&str, Stop> {
    std::str::from_utf8(bytes)
        .map_err(|error| Stop::malformed(error.valid_up_to() as u64, "the text is not UTF-8"))
}

/// The first lines, as far as they are whole, are all entries.
fn probe_tiktoken(probe: &Probe<'_>) -> Likeness {
    const ENOUGH: usize = 2;

    let Ok(head) = std::str::from_utf8(probe.head) else {
        return Likeness::No;
    };
    let whole = probe.size <= probe.head.len() as u64;
    let mut lines: Vec<&str> = head.split('\n').collect();
    if !whole {
        lines.pop();
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() >= ENOUGH && lines.iter().all(|line| entry(line).is_some()) {
        return Likeness::Possible;
    }
    Likeness::No
}

fn entry(line: &str) -> Option<(Vec<u8>, u64)> {
    let (token, number) = line.trim_end_matches('\r').split_once(' ')?;
    let decoded = BASE64.decode(token.as_bytes()).ok()?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|_| digits)?;
    Some((decoded, number))
}

fn inspect_tiktoken(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    let text = text(&bytes)?;
    let mut numbers: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut taken: HashSet<u64> = HashSet::new();
    let mut tokenizer = Tokenizer::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len() as u64;
        let line = line.trim_end_matches(['\n', '\r']);
        if line.is_empty() {
            continue;
        }
        let range = Some(start..at);
        let Some((token, number)) = entry(line) else {
            return Err(Stop::malformed(start, "a line is no token with its number"));
        };
        let shown = String::from_utf8_lossy(&token).into_owned();
        let first = numbers.get(&token).copied();
        if let Some(first) = first {
            if first != number {
                let message = format!(
                    "`{}` has the numbers {first} and {number}",
                    excerpt(&shown, 60)
                );
                visit.report_about(&rules::REMAPPED, range, &shown, message);
            }
        } else {
            if !taken.insert(number) {
                let message = format!(
                    "`{}` has the number {number}, like another",
                    excerpt(&shown, 60)
                );
                visit.report_about(&rules::COLLISION, range, &shown, message);
            }
            numbers.insert(token, number);
        }
        tokenizer.see(&shown, number);
    }
    let count = numbers.len().to_string();
    visit.facts().add_metadata("vocabulary", &count);
    visit.links().tokenizer = Some(tokenizer);
    visit.cover_all();
    Ok(())
}
