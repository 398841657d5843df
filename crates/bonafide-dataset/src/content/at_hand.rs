//! Content that is at hand: files in folders and members of tar shards.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bonafide_core::ReadAt;
use sha2::{Digest, Sha256 as Hasher};

use super::hash::Sha256;
use crate::{DatasetBudget, DatasetError, Files};

/// Bytes that are read at once.
const BLOCK: usize = 1 << 20;
/// What one piece of content takes in memory, about, in bytes.
const PIECE_BYTES: u64 = 512;

/// Content by the names under which it can be asked for.
pub(super) struct AtHand<'f> {
    files: &'f dyn Files,
    pieces: Vec<Piece>,
    /// Pieces by name without folders, and by the same without extension.
    names: HashMap<String, Found>,
    stems: HashMap<String, Found>,
    /// Hashes that were computed already.
    known: Mutex<HashMap<usize, Sha256>>,
    /// The shard that was opened last, so that its members need not open it again.
    opened: Mutex<Option<(usize, Arc<dyn ReadAt + Send + Sync>)>>,
}

/// A file, or a part of one.
struct Piece {
    file: usize,
    range: Option<Range<u64>>,
}

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// This piece.
    One(usize),
    /// More than one: which is meant cannot be told.
    Several,
}

/// Extensions of files that describe content and are none: what download tools put next
/// to each picture.
const BESIDE: &[&str] = &[
    "json", "txt", "parquet", "csv", "tsv", "jsonl", "md", "arrow",
];

impl<'f> AtHand<'f> {
    /// Lists all content: each file, and each member of a file that is called `.tar`.
    pub(super) fn of(files: &'f dyn Files, budget: &DatasetBudget) -> Result<Self, DatasetError> {
        let mut made = Self {
            files,
            pieces: Vec::new(),
            names: HashMap::new(),
            stems: HashMap::new(),
            known: Mutex::new(HashMap::new()),
            opened: Mutex::new(None),
        };
        let most = usize::try_from(budget.memory / PIECE_BYTES).unwrap_or(usize::MAX);
        for (file, listed) in files.list().iter().enumerate() {
            let name = listed.name.to_string();
            let too_many = || DatasetError::OverBudget {
                file: listed.name.clone(),
                at: String::new(),
                reason: format!("more than {most} pieces of content for what `memory` allows"),
            };
            if !name.to_ascii_lowercase().ends_with(".tar") {
                made.add(&name, Piece { file, range: None });
                if made.pieces.len() > most {
                    return Err(too_many());
                }
                continue;
            }
            let read = |error| DatasetError::Read {
                file: listed.name.clone(),
                error,
            };
            let bytes = files.open(file).map_err(read)?;
            let mut full = false;
            let ended = super::tar::members(&*bytes, &mut |name, range| {
                if made.pieces.len() > most {
                    full = true;
                    return;
                }
                let range = Some(range);
                made.add(&name, Piece { file, range });
            });
            if full {
                return Err(too_many());
            }
            if !ended.map_err(read)? {
                return Err(DatasetError::Malformed {
                    file: listed.name.clone(),
                    at: String::new(),
                    reason: "no tar archive, or one that is cut off".to_owned(),
                });
            }
        }
        Ok(made)
    }

    fn add(&mut self, name: &str, piece: Piece) {
        let last = name.rsplit('/').next().unwrap_or(name);
        let number = self.pieces.len();
        self.pieces.push(piece);
        let put =
            |names: &mut HashMap<String, Found>, name: &str| match names.entry(name.to_owned()) {
                Entry::Vacant(free) => {
                    free.insert(Found::One(number));
                }
                Entry::Occupied(mut taken) => {
                    taken.insert(Found::Several);
                }
            };
        put(&mut self.names, last);
        let (stem, extension) = last.split_once('.').unwrap_or((last, ""));
        if !stem.is_empty()
            && !BESIDE
                .iter()
                .any(|beside| beside.eq_ignore_ascii_case(extension))
        {
            put(&mut self.stems, stem);
        }
    }

    /// The content of a record: by its key, by its hash, or by the last part of its
    /// address, the first of them that names something.
    pub(super) fn find(&self, key: Option<&str>, hash: &str, address: &str) -> Option<Found> {
        let named = |name: &str| {
            let found = self.names.get(name).or_else(|| self.stems.get(name));
            found.copied()
        };
        let key = key.map(|key| key.rsplit('/').next().unwrap_or(key));
        key.filter(|key| !key.is_empty())
            .and_then(named)
            .or_else(|| named(hash))
            .or_else(|| self.names.get(&last_part(address)?).copied())
    }

    /// The SHA-256 of a piece, read once.
    pub(super) fn hash(&self, piece: usize) -> Result<Option<Sha256>, DatasetError> {
        let known = |map: &Mutex<HashMap<usize, Sha256>>| {
            let map = map.lock().unwrap_or_else(PoisonError::into_inner);
            map.get(&piece).copied()
        };
        if let Some(hash) = known(&self.known) {
            return Ok(Some(hash));
        }
        let Some(Piece { file, range }) = self.pieces.get(piece) else {
            return Ok(None);
        };
        let read = |error| DatasetError::Read {
            file: self
                .files
                .list()
                .get(*file)
                .map_or_else(|| "".into(), |listed| listed.name.clone()),
            error,
        };
        let bytes = self.open(*file).map_err(read)?;
        let range = range.clone().unwrap_or(0..bytes.size());
        let mut hasher = Hasher::new();
        let mut at = range.start;
        let mut buffer = vec![0; BLOCK];
        while at < range.end {
            let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
            let length = left.min(BLOCK);
            let Some(part) = buffer.get_mut(..length) else {
                break;
            };
            bytes.read_at(at, part).map_err(read)?;
            hasher.update(&*part);
            at += length as u64;
        }
        let hash: Sha256 = hasher.finalize().into();
        let mut map = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        map.insert(piece, hash);
        Ok(Some(hash))
    }

    fn open(&self, file: usize) -> Result<Arc<dyn ReadAt + Send + Sync>, bonafide_core::ReadError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        match &*opened {
            Some((known, bytes)) if *known == file => Ok(Arc::clone(bytes)),
            _ => {
                let bytes = self.files.open(file)?;
                *opened = Some((file, Arc::clone(&bytes)));
                Ok(bytes)
            }
        }
    }
}

/// The last part of an address's path, without percent signs.
fn last_part(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let (_, last) = path.rsplit_once('/')?;
    let mut bytes = Vec::with_capacity(last.len());
    let mut rest = last.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let escaped = (*byte == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(value) => {
                bytes.push(value);
                rest = after.get(2..).unwrap_or(&[]);
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_parts_of_addresses() {
        for (address, expected) in [
            ("https://a.example/b/c%20d.jpg?x=/y#/z", Some("c d.jpg")),
            ("https://a.example", None),
            ("https://a.example/", None),
            ("file:///a%2", Some("a%2")),
            ("plain", None),
            ("a/%ff", None),
        ] {
            assert_eq!(last_part(address).as_deref(), expected, "{address}");
        }
    }
}
