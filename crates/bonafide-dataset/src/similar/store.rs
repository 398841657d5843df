//! Signatures by number, in memory or on disk.

use std::sync::{Mutex, PoisonError};

use crate::DatasetError;
use crate::spill::{Ledger, SpillFile, held};

/// Signatures of one chunk.
const CHUNK: usize = 256;

/// Bits of the number of a signature; above them is the worker that wrote it.
const NUMBER_BITS: u32 = 48;

/// Words before the numbers of a signature: the four halves of its key.
const KEY: usize = 4;

/// Takes signatures; each worker has its own part.
#[derive(Debug)]
pub(crate) struct Writing {
    width: usize,
    parts: Vec<Mutex<Part>>,
}

#[derive(Debug, Default)]
struct Part {
    open: Vec<u32>,
    chunks: Vec<Chunk>,
    file: SpillFile,
}

#[derive(Debug)]
enum Chunk {
    Held(Box<[u32]>),
    Spilled(u64),
}

/// All signatures, to be read.
#[derive(Debug)]
pub(crate) struct Store<'l> {
    ledger: &'l Ledger,
    width: usize,
    parts: Vec<Part>,
}

impl Writing {
    pub(crate) fn new(permutations: u32, workers: usize) -> Self {
        Self {
            width: KEY + permutations as usize,
            parts: (0..workers).map(|_| Mutex::default()).collect(),
        }
    }

    /// Adds a signature and gives its number.
    pub(crate) fn add(
        &self,
        ledger: &Ledger,
        worker: usize,
        key: [u64; 2],
        signature: &[u32],
    ) -> Result<u64, DatasetError> {
        let mut part = held(&self.parts, worker)?;
        let index = (part.chunks.len() * CHUNK + part.open.len() / self.width) as u64;
        part.open.extend(key.into_iter().flat_map(halves));
        part.open.extend(signature);
        if part.open.len() >= CHUNK * self.width {
            part.put(ledger)?;
        }
        Ok((worker as u64) << NUMBER_BITS | index)
    }

    /// Nothing comes any more.
    pub(crate) fn close(self, ledger: &Ledger) -> Result<Store<'_>, DatasetError> {
        let mut parts = Vec::new();
        for part in self.parts {
            let mut part = part.into_inner().unwrap_or_else(PoisonError::into_inner);
            if !part.open.is_empty() {
                part.put(ledger)?;
            }
            parts.push(part);
        }
        Ok(Store {
            ledger,
            width: self.width,
            parts,
        })
    }
}

impl Part {
    fn put(&mut self, ledger: &Ledger) -> Result<(), DatasetError> {
        let open = std::mem::take(&mut self.open);
        self.chunks.push(match ledger.take(open.len() as u64 * 4) {
            true => Chunk::Held(open.into_boxed_slice()),
            false => {
                let bytes: Vec<u8> = open.iter().flat_map(|word| word.to_le_bytes()).collect();
                self.open = open;
                self.open.clear();
                Chunk::Spilled(self.file.append(ledger, &bytes)?)
            }
        });
        Ok(())
    }
}

impl Store<'_> {
    /// The key of a signature; its numbers are appended to `to`.
    pub(crate) fn get(&self, number: u64, to: &mut Vec<u32>) -> Result<[u64; 2], DatasetError> {
        let start = to.len();
        self.copy(number, self.width, to)?;
        let key = to.get(start..).map(key_of).unwrap_or_default();
        to.drain(start..start + KEY);
        Ok(key)
    }

    /// The key of a signature.
    pub(crate) fn key(&self, number: u64) -> Result<[u64; 2], DatasetError> {
        let mut words = Vec::with_capacity(KEY);
        self.copy(number, KEY, &mut words)?;
        Ok(key_of(&words))
    }

    /// Appends the first words of what is stored.
    fn copy(&self, number: u64, count: usize, words: &mut Vec<u32>) -> Result<(), DatasetError> {
        let lost = || DatasetError::Spill {
            reason: format!("there is no signature {number}"),
        };
        let worker = usize::try_from(number >> NUMBER_BITS).map_err(|_| lost())?;
        let index = number & ((1 << NUMBER_BITS) - 1);
        let index = usize::try_from(index).map_err(|_| lost())?;
        let part = self.parts.get(worker).ok_or_else(lost)?;
        let start = (index % CHUNK) * self.width;
        match part.chunks.get(index / CHUNK).ok_or_else(lost)? {
            Chunk::Held(chunk) => {
                words.extend(chunk.get(start..start + count).ok_or_else(lost)?);
            }
            Chunk::Spilled(at) => {
                let mut bytes = vec![0; count * 4];
                part.file.read(at + start as u64 * 4, &mut bytes)?;
                let (read, _) = bytes.as_chunks::<4>();
                words.extend(read.iter().map(|word| u32::from_le_bytes(*word)));
            }
        }
        Ok(())
    }
}

impl Drop for Store<'_> {
    fn drop(&mut self) {
        for chunk in self.parts.iter().flat_map(|part| &part.chunks) {
            if let Chunk::Held(chunk) = chunk {
                self.ledger.give(chunk.len() as u64 * 4);
            }
        }
    }
}

fn key_of(words: &[u32]) -> [u64; 2] {
    let (halves, _) = words.as_chunks::<2>();
    let mut key = [0; 2];
    for (word, [low, high]) in key.iter_mut().zip(halves) {
        *word = u64::from(*high) << 32 | u64::from(*low);
    }
    key
}

#[expect(clippy::cast_possible_truncation, reason = "both halves are kept")]
const fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}
