//! Hashes many files, and parts of files, on all the workers that it is given.
//!
//! Memory does not depend on the sizes of files: each worker has one buffer of
//! [`worker::BUFFER`] bytes, and at most [`MOST_READERS`] of them have a ring.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use bonafide_core::{Digest, Measured};

use crate::beneath::Root;
use crate::plan::{Item, Plan};
use crate::{HashError, Job, Measurement, Observer, Options, ReadFailure, Tap, Tree, worker};

/// Most reader threads at a time; each costs a ring of 1 MiB.
pub(crate) const MOST_READERS: usize = 8;

/// Hashes what the jobs ask for and answers in their order.
///
/// A file that cannot be read, or is not what was listed, fails alone. The
/// whole fails only if the jobs make no sense, cost too much, or are cancelled.
pub fn measure(
    tree: &Tree,
    jobs: Vec<Job>,
    options: &Options<'_>,
) -> Result<Vec<Measurement>, HashError> {
    let plan = Plan::new(tree, &jobs, options.budget)?;
    options.observer.begin(plan.bytes, plan.files);
    let results = run(tree, plan, jobs.len(), options).ok_or(HashError::Cancelled)?;
    let measurements = jobs.into_iter().zip(results);
    Ok(measurements
        .map(|(job, digests)| Measurement { job, digests })
        .collect())
}

type Slot = Option<Result<Vec<Measured<Digest>>, ReadFailure>>;

/// What all workers share.
pub(crate) struct Shared<'a> {
    pub(crate) root: &'a Root,
    pub(crate) observer: &'a dyn Observer,
    pub(crate) tap: Option<&'a dyn Tap>,
    pub(crate) readers: Readers,
    items: Vec<Item<'a>>,
    next: AtomicUsize,
    stopped: AtomicBool,
    slots: Mutex<Vec<Slot>>,
}

/// `None` when a slot stayed empty, which happens only by cancellation.
fn run(
    tree: &Tree,
    plan: Plan<'_>,
    slots: usize,
    options: &Options<'_>,
) -> Option<Vec<Result<Vec<Measured<Digest>>, ReadFailure>>> {
    let workers = options.workers.get();
    let busy = workers.min(plan.items.len()).max(1);
    let shared = Shared {
        readers: Readers::new(workers - busy),
        items: plan.items,
        tap: options.tap,
        slots: Mutex::new(vec![None; slots]),
        ..Shared::new(tree.root(), options.observer)
    };
    for (slot, failure) in plan.settled {
        shared.store(slot, Err(failure));
    }
    thread::scope(|scope| {
        for _ in 1..busy {
            let worker = thread::Builder::new().name("hash".into());
            // Where no more threads are to be had, the others do the work.
            if worker
                .spawn_scoped(scope, || worker::work(&shared))
                .is_err()
            {
                break;
            }
        }
        worker::work(&shared);
    });
    let slots = shared.slots.into_inner();
    slots
        .unwrap_or_else(PoisonError::into_inner)
        .into_iter()
        .collect()
}

impl<'a> Shared<'a> {
    /// With nothing to do yet.
    pub(crate) fn new(root: &'a Root, observer: &'a dyn Observer) -> Self {
        Self {
            root,
            observer,
            tap: None,
            readers: Readers::new(0),
            items: Vec::new(),
            next: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            slots: Mutex::default(),
        }
    }

    pub(crate) fn take(&self) -> Option<&Item<'a>> {
        self.items.get(self.next.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn store(&self, slot: usize, result: Result<Vec<Measured<Digest>>, ReadFailure>) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = slots.get_mut(slot) {
            *place = Some(result);
        }
    }

    /// Asks the observer, and tells all workers if it says yes.
    pub(crate) fn cancelled(&self) -> bool {
        if self.observer.cancelled() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        self.stopped.load(Ordering::Relaxed)
    }
}

/// Workers without work, who may read ahead for those that have a long file.
pub(crate) struct Readers {
    idle: AtomicUsize,
    rings: AtomicUsize,
}

impl Readers {
    fn new(idle: usize) -> Self {
        Self {
            idle: AtomicUsize::new(idle),
            rings: AtomicUsize::new(MOST_READERS),
        }
    }

    /// Takes one, if there is one; it must be given back with [`Self::put_back`].
    pub(crate) fn take(&self) -> bool {
        if !decrement(&self.idle) {
            return false;
        }
        if !decrement(&self.rings) {
            self.add_idle();
            return false;
        }
        true
    }

    pub(crate) fn put_back(&self) {
        self.rings.fetch_add(1, Ordering::Relaxed);
        self.add_idle();
    }

    /// A worker has found the queue empty.
    pub(crate) fn add_idle(&self) {
        self.idle.fetch_add(1, Ordering::Relaxed);
    }
}

fn decrement(counter: &AtomicUsize) -> bool {
    let less = |count: usize| count.checked_sub(1);
    counter
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
        .is_ok()
}
