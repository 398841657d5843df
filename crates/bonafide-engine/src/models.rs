//! What is in the files of a tree, on all the workers that there are.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use bonafide_checks::ModelFile;
use bonafide_core::{Algorithm, Digest, RawName};
use bonafide_format::{
    FileInspection, InspectionBudget, ReadAt, ReadError, hold_against, inspect, relate,
};
use bonafide_hash::{EntryKind, HashError, ReadFailure, StableFile, Tree, digest_bytes};

use crate::Work;
use crate::advisories::Snapshot;
use crate::error::EngineError;

/// Stack of a worker. Readers bound how deep they go; this leaves room for all of it.
const STACK: usize = 16 << 20;

/// Files up to this many bytes are read with one call, and inspected in memory.
pub(crate) const SMALL: u64 = 64 << 10;

/// Whether the digests of small files are taken while they are in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digests {
    Small,
    None,
}

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

/// What is in every regular file of the tree that was opened at `path`, held against
/// published vulnerabilities. In the order of the listing.
pub(crate) fn models(
    path: &Path,
    tree: &Tree,
    snapshot: Option<&Snapshot>,
    digests: Digests,
    work: Work<'_>,
) -> Result<Vec<ModelFile>, EngineError> {
    let mut models = work.inspect(path, tree, digests)?;
    if let Some(snapshot) = snapshot {
        let inspections = models
            .iter_mut()
            .filter_map(|model| model.inspected.as_mut().ok());
        for inspection in inspections {
            hold_against(std::slice::from_mut(inspection), &snapshot.advisories);
        }
    }
    Ok(models)
}

/// Inspects every regular file of the tree, and how they fit each other.
pub(crate) fn read(
    tree: &Tree,
    digests: Digests,
    work: Work<'_>,
) -> Result<Vec<ModelFile>, EngineError> {
    let names: Vec<&RawName> = tree
        .entries()
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File { .. }))
        .map(|entry| &entry.name)
        .collect();
    let next = AtomicUsize::new(0);
    let slots: Mutex<Vec<Option<Inspected>>> = Mutex::new(vec![None; names.len()]);
    let take = || {
        while !work.observer.cancelled() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(index) else {
                return;
            };
            let inspected = one(tree, name, digests);
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
    let mut models = Vec::with_capacity(names.len());
    for (name, slot) in names.into_iter().zip(slots) {
        let (inspected, digest) = slot.ok_or(HashError::Cancelled)?;
        let failure = inspected.map(|inspection| inspections.push(inspection));
        models.push((name.clone(), failure, digest));
    }
    relate(&mut inspections);
    // In the same order as before: relating moves none.
    let mut inspections = inspections.into_iter();
    let lost = || "its inspection is not there, which is a fault of this program".to_owned();
    Ok(models
        .into_iter()
        .map(|(name, inspected, digest)| ModelFile {
            name,
            inspected: inspected.and_then(|()| inspections.next().ok_or_else(lost)),
            digest,
        })
        .collect())
}

/// What inspecting a file gave, and its digest if that was asked for.
type Inspected = (Result<FileInspection, String>, Option<Digest>);

/// Inspects one file, which has to be the one of the listing before and after.
fn one(tree: &Tree, name: &RawName, digests: Digests) -> Inspected {
    let file = match tree.file(name) {
        Ok(file) => Open(file),
        Err(failure) => return (Err(failure.to_string()), None),
    };
    let mut whole = None;
    if file.size() <= SMALL {
        let mut bytes = vec![0; usize::try_from(file.size()).unwrap_or(0)];
        if let Err(failure) = file.0.read_exact(&mut bytes, 0) {
            return (Err(failure.to_string()), None);
        }
        whole = Some(bytes);
    }
    let source: &dyn ReadAt = match &whole {
        Some(bytes) => bytes,
        None => &file,
    };
    let inspected = catch_unwind(AssertUnwindSafe(|| {
        inspect(name, source, &InspectionBudget::DEFAULT)
    }));
    if let Err(failure) = file.0.ensure_unchanged() {
        return (Err(failure.to_string()), None);
    }
    let digest = whole
        .filter(|_| digests == Digests::Small)
        .map(|bytes| digest_bytes(Algorithm::Sha256, &bytes));
    // One file must not keep the others from being judged, whatever is wrong with us.
    let fault = "the reader of its format failed, which is a fault of this program";
    (inspected.map_err(|_| fault.to_owned()), digest)
}
