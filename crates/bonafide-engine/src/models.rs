//! What is in the files of a tree, on all the workers that there are.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use bonafide_checks::ModelFile;
use bonafide_core::RawName;
use bonafide_format::{
    FileInspection, InspectionBudget, ReadAt, ReadError, hold_against, inspect, relate,
};
use bonafide_hash::{EntryKind, HashError, ReadFailure, StableFile, Tree};

use crate::Work;
use crate::advisories::Snapshot;
use crate::error::EngineError;

/// Stack of a worker. Readers bound how deep they go; this leaves room for all of it.
const STACK: usize = 16 << 20;

/// A file of the tree, as the readers want it.
struct Open(StableFile);

impl ReadAt for Open {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let failed = |failure: ReadFailure| ReadError::Failed {
            reason: failure.to_string(),
        };
        self.0.read_exact(buffer, offset).map_err(failed)
    }
}

/// Inspects every regular file of the tree, and how they fit each other. In the order of
/// the listing.
pub(crate) fn models(
    tree: &Tree,
    snapshot: Option<&Snapshot>,
    work: Work<'_>,
) -> Result<Vec<ModelFile>, EngineError> {
    let names: Vec<&RawName> = tree
        .entries()
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File { .. }))
        .map(|entry| &entry.name)
        .collect();
    let next = AtomicUsize::new(0);
    let slots: Mutex<Vec<Option<Result<FileInspection, String>>>> =
        Mutex::new(vec![None; names.len()]);
    let take = || {
        while !work.observer.cancelled() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(index) else {
                return;
            };
            let inspected = one(tree, name);
            let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(slot) = slots.get_mut(index) {
                *slot = Some(inspected);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..work.workers.get().min(names.len()) {
            let worker = thread::Builder::new().name("inspect".into());
            // Where no more threads are to be had, the others do the work.
            if worker.stack_size(STACK).spawn_scoped(scope, take).is_err() {
                break;
            }
        }
    });
    // If there is no thread at all; else there is nothing left to take.
    take();
    let slots = slots.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut inspections = Vec::with_capacity(names.len());
    let mut failures = Vec::new();
    for (name, slot) in names.into_iter().zip(slots) {
        match slot {
            None => return Err(HashError::Cancelled.into()),
            Some(Ok(inspection)) => inspections.push(inspection),
            Some(Err(reason)) => failures.push(ModelFile {
                name: name.clone(),
                inspected: Err(reason),
            }),
        }
    }
    relate(&mut inspections);
    if let Some(snapshot) = snapshot {
        hold_against(&mut inspections, &snapshot.advisories);
    }
    let read = inspections.into_iter().map(|inspection| ModelFile {
        name: inspection.name.clone(),
        inspected: Ok(inspection),
    });
    let mut models: Vec<ModelFile> = read.chain(failures).collect();
    models.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(models)
}

/// Inspects one file, which has to be the one of the listing before and after.
fn one(tree: &Tree, name: &RawName) -> Result<FileInspection, String> {
    let file = Open(tree.file(name).map_err(|failure| failure.to_string())?);
    let inspected = catch_unwind(AssertUnwindSafe(|| {
        inspect(name, &file, &InspectionBudget::DEFAULT)
    }));
    file.0
        .ensure_unchanged()
        .map_err(|failure| failure.to_string())?;
    // One file must not keep the others from being judged, whatever is wrong with us.
    inspected
        .map_err(|_| "the reader of its format failed, which is a fault of this program".to_owned())
}
