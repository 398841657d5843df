//! What the crate promises, tried on real file systems: every test makes its
//! own tree, honest or hostile, in a temporary directory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on should stop"
)]

mod changes;
mod documents;
mod hashing;
mod hostile;
mod links;
mod tap;
mod walk;

use std::num::NonZeroUsize;
use std::path::Path;

use bonafide_core::{Algorithm, Budget, Digest, Measured, RawName};
use bonafide_hash::{
    EntryKind, HashError, Job, Measurement, Observer, Options, ReadFailure, Silent, Tree, measure,
};

fn open(path: &Path) -> Tree {
    Tree::open(path, &Budget::DEFAULT).unwrap()
}

fn names(tree: &Tree) -> Vec<String> {
    let entries = tree.entries().iter();
    entries.map(|entry| entry.name.to_string()).collect()
}

fn kind<'a>(tree: &'a Tree, name: &str) -> &'a EntryKind {
    &tree
        .entry(name.as_bytes())
        .unwrap_or_else(|| panic!("no {name}"))
        .kind
}

fn job(name: &str) -> Job {
    Job::whole(RawName::from(name), Algorithm::Sha256)
}

fn run(tree: &Tree, jobs: Vec<Job>, workers: usize) -> Result<Vec<Measurement>, HashError> {
    observed(tree, jobs, workers, &Silent)
}

fn observed(
    tree: &Tree,
    jobs: Vec<Job>,
    workers: usize,
    observer: &dyn Observer,
) -> Result<Vec<Measurement>, HashError> {
    let options = Options {
        workers: NonZeroUsize::new(workers).unwrap(),
        budget: &Budget::DEFAULT,
        observer,
        tap: None,
    };
    measure(tree, jobs, &options)
}

/// The answer for one whole file.
fn measured(tree: &Tree, name: &str) -> Result<Vec<Measured<Digest>>, ReadFailure> {
    run(tree, vec![job(name)], 1).unwrap().remove(0).digests
}

/// Bytes without a pattern that could hide a swapped or repeated block.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn make_fifo(path: &Path) {
    let made = std::process::Command::new("mkfifo")
        .arg(path)
        .status()
        .unwrap();
    assert!(made.success());
}
