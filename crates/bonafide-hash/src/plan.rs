//! Turns jobs into work, and refuses what would cost too much, before a byte is read.

use std::collections::HashSet;

use bonafide_core::{Algorithm, Budget, RawName};

use crate::{EntryKind, FileIdentity, HashError, Job, ReadFailure, Tree};

/// A run of bytes of one file whose digests belong into one slot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) name: &'a RawName,
    pub(crate) identity: FileIdentity,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) algorithms: &'a [Algorithm],
    /// Place of the job in the caller's list.
    pub(crate) slot: usize,
}

impl Item<'_> {
    pub(crate) const fn end(&self) -> u64 {
        self.offset + self.length
    }

    pub(crate) const fn is_whole_file(&self) -> bool {
        self.length == self.identity.size()
    }

    pub(crate) const fn reaches_end_of_file(&self) -> bool {
        self.end() == self.identity.size()
    }
}

#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// Longest first, so that no worker is left with a long one at the end;
    /// then in the order of the jobs, so that every run does the same.
    pub(crate) items: Vec<Item<'a>>,
    /// Slots whose answer is known without reading.
    pub(crate) settled: Vec<(usize, ReadFailure)>,
    pub(crate) bytes: u64,
    pub(crate) files: u64,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(tree: &Tree, jobs: &'a [Job], budget: &Budget) -> Result<Self, HashError> {
        let mut items = Vec::with_capacity(jobs.len());
        let mut settled = Vec::new();
        for (slot, job) in jobs.iter().enumerate() {
            check_algorithms(job)?;
            match locate(tree, job, slot)? {
                Ok(item) => items.push(item),
                Err(failure) => settled.push((slot, failure)),
            }
        }
        let bytes = items
            .iter()
            .fold(0_u64, |total, item| total.saturating_add(item.length));
        if bytes > budget.bytes {
            return Err(HashError::OverBudget {
                needed: bytes,
                limit: budget.bytes,
            });
        }
        let files = items.iter().map(|item| item.name).collect::<HashSet<_>>();
        let files = files.len() as u64;
        items.sort_by_key(|item| std::cmp::Reverse(item.length));
        Ok(Self {
            items,
            settled,
            bytes,
            files,
        })
    }
}

fn check_algorithms(job: &Job) -> Result<(), HashError> {
    if job.algorithms.is_empty() {
        return Err(HashError::NoAlgorithm {
            name: job.name.clone(),
        });
    }
    let mut seen = HashSet::new();
    match job
        .algorithms
        .iter()
        .find(|algorithm| !seen.insert(**algorithm))
    {
        None => Ok(()),
        Some(algorithm) => Err(HashError::RepeatedAlgorithm {
            name: job.name.clone(),
            algorithm: *algorithm,
        }),
    }
}

/// The outer error is the caller's mistake; the inner one concerns this job alone.
fn locate<'a>(
    tree: &Tree,
    job: &'a Job,
    slot: usize,
) -> Result<Result<Item<'a>, ReadFailure>, HashError> {
    let name = || job.name.clone();
    let entry = tree
        .entry(job.name.as_bytes())
        .ok_or_else(|| HashError::NoSuchFile { name: name() })?;
    let identity = match &entry.kind {
        EntryKind::File { identity, .. } => *identity,
        EntryKind::Unreadable(failure) => return Ok(Err(failure.clone())),
        _ => return Err(HashError::NotAFile { name: name() }),
    };
    let size = identity.size();
    let range = job.range.clone().unwrap_or(0..size);
    if range.start > range.end || range.end > size {
        return Ok(Err(ReadFailure::OutsideFile {
            start: range.start,
            end: range.end,
            size,
        }));
    }
    Ok(Ok(Item {
        name: &job.name,
        identity,
        offset: range.start,
        length: range.end - range.start,
        algorithms: &job.algorithms,
        slot,
    }))
}
