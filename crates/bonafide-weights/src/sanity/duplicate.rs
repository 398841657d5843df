//! Tensors with the same bytes.
//!
//! Most tensors of a length are told apart by three short samples. Those that are not are read
//! once more for a digest (XXH3, 128 bits), and those that agree in it once more to be compared
//! byte by byte, so nobody can make two tensors the same on paper. What is read is at most
//! three times the tensors, whatever the file.

use std::collections::BTreeMap;
use std::ops::Range;

use bonafide_core::{ReadAt, ReadError};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use super::element::Element;
use super::scan::PIECE;
use super::usual::SHORTEST_DUPLICATE;
use crate::file::WeightFile;

/// Bytes of a sample.
const SAMPLE: usize = 64;

/// A tensor that may be the same as another.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) file: usize,
    pub(super) extent: usize,
    pub(super) range: Range<u64>,
    pub(super) element: Element,
}

/// The later and the earlier of two with the same bytes; and those that could not be read.
pub(super) type Found = (Vec<(Candidate, Candidate)>, Vec<(Candidate, String)>);

/// Finds those with the same bytes, in the order in which they are given.
pub(super) fn duplicates(files: &[WeightFile<'_>], candidates: Vec<Candidate>) -> Found {
    let mut unread = Vec::new();
    let long = candidates
        .into_iter()
        .filter(|candidate| candidate.range.end - candidate.range.start >= SHORTEST_DUPLICATE);
    let mut groups: BTreeMap<(u64, usize), Vec<Candidate>> = BTreeMap::new();
    for candidate in long {
        let length = candidate.range.end - candidate.range.start;
        let key = (length, candidate.element.bytes());
        groups.entry(key).or_default().push(candidate);
    }
    let mut groups: Vec<Vec<Candidate>> = groups.into_values().collect();
    for key in [sample, digest] {
        groups = groups
            .into_iter()
            .filter(|group| group.len() > 1)
            .flat_map(|group| split(files, group, key, &mut unread))
            .collect();
    }
    let mut pairs = Vec::new();
    for group in groups {
        let mut group = group.into_iter();
        let Some(earlier) = group.next() else {
            continue;
        };
        for later in group {
            if later.element != earlier.element {
                continue;
            }
            match same(files, &earlier, &later) {
                Ok(true) => pairs.push((later, earlier.clone())),
                // Two tensors of one digest: made so. They are not the same.
                Ok(false) => {}
                Err(error) => unread.push((later, error.to_string())),
            }
        }
    }
    (pairs, unread)
}

type Key = fn(&dyn ReadAt, Range<u64>) -> Result<u128, ReadError>;

/// Splits a group by a key of the bytes.
fn split(
    files: &[WeightFile<'_>],
    group: Vec<Candidate>,
    key: Key,
    unread: &mut Vec<(Candidate, String)>,
) -> Vec<Vec<Candidate>> {
    let mut groups: BTreeMap<u128, Vec<Candidate>> = BTreeMap::new();
    for candidate in group {
        let Some(file) = files.get(candidate.file) else {
            continue;
        };
        match key(file.source, candidate.range.clone()) {
            Ok(key) => groups.entry(key).or_default().push(candidate),
            Err(error) => unread.push((candidate, error.to_string())),
        }
    }
    groups.into_values().collect()
}

/// From the start, the middle and the end.
fn sample(source: &dyn ReadAt, range: Range<u64>) -> Result<u128, ReadError> {
    let mut bytes = [0; 3 * SAMPLE];
    let last = range.end.saturating_sub(SAMPLE as u64).max(range.start);
    let middle = range.start + (last - range.start) / 2;
    for (at, sample) in [range.start, middle, last]
        .into_iter()
        .zip(bytes.chunks_exact_mut(SAMPLE))
    {
        source.read_at(at, sample)?;
    }
    Ok(xxh3_128(&bytes))
}

fn digest(source: &dyn ReadAt, range: Range<u64>) -> Result<u128, ReadError> {
    let mut hasher = Xxh3Default::new();
    let mut buffer = vec![0; PIECE];
    let mut at = range.start;
    while at < range.end {
        let piece = piece(&mut buffer, at, range.end);
        source.read_at(at, piece)?;
        hasher.update(piece);
        at += piece.len() as u64;
    }
    Ok(hasher.digest128())
}

fn same(files: &[WeightFile<'_>], left: &Candidate, right: &Candidate) -> Result<bool, ReadError> {
    let (Some(left_file), Some(right_file)) = (files.get(left.file), files.get(right.file)) else {
        return Ok(false);
    };
    let (mut left_buffer, mut right_buffer) = (vec![0; PIECE], vec![0; PIECE]);
    let (mut at, mut other) = (left.range.start, right.range.start);
    while at < left.range.end {
        let left_piece = piece(&mut left_buffer, at, left.range.end);
        let right_piece = piece(&mut right_buffer, other, right.range.end);
        left_file.source.read_at(at, left_piece)?;
        right_file.source.read_at(other, right_piece)?;
        if left_piece != right_piece {
            return Ok(false);
        }
        at += left_piece.len() as u64;
        other += right_piece.len() as u64;
    }
    Ok(true)
}

/// As much of the buffer as is left to read.
fn piece(buffer: &mut [u8], at: u64, end: u64) -> &mut [u8] {
    let left = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
    let length = left.min(buffer.len());
    buffer.get_mut(..length).unwrap_or_default()
}
