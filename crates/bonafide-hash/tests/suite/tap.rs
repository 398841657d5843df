//! Others see the bytes that are hashed.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Mutex;

use bonafide_core::{Algorithm, Budget, RawName};
use bonafide_hash::{Job, Observer, Options, Silent, Tap, TapStream, measure};

use super::{job, open};

/// Keeps what was finished.
#[derive(Default)]
struct Keeper {
    runs: Mutex<Vec<(RawName, u64, Vec<u8>)>>,
}

struct Run<'k> {
    keeper: &'k Keeper,
    name: RawName,
    range: Range<u64>,
    bytes: Vec<u8>,
}

impl Tap for Keeper {
    fn begin(&self, name: &RawName, range: Range<u64>) -> Option<Box<dyn TapStream + '_>> {
        if name.as_bytes() == b"boring" {
            return None;
        }
        Some(Box::new(Run {
            keeper: self,
            name: name.clone(),
            range,
            bytes: Vec::new(),
        }))
    }
}

impl TapStream for Run<'_> {
    fn feed(&mut self, offset: u64, bytes: &[u8]) {
        assert_eq!(offset, self.range.start + self.bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    fn finish(self: Box<Self>) {
        assert_eq!(self.bytes.len() as u64, self.range.end - self.range.start);
        let run = (self.name, self.range.start, self.bytes);
        self.keeper.runs.lock().unwrap().push(run);
    }
}

fn long() -> Vec<u8> {
    (0..30_000_001_u32)
        .map(|number| number.to_le_bytes()[1] ^ 3)
        .collect()
}

#[test]
fn every_byte_passes_once_and_in_order() {
    let place = tempfile::tempdir().unwrap();
    let bytes = long();
    fs::write(place.path().join("long"), &bytes).unwrap();
    fs::write(place.path().join("short"), b"abc").unwrap();
    fs::write(place.path().join("boring"), b"abc").unwrap();
    fs::write(place.path().join("none"), b"").unwrap();
    let tree = open(place.path());
    for workers in [1, 2, 4] {
        let mut jobs = vec![job("short"), job("boring"), job("none")];
        let parts = [
            0..9_000_000,
            9_000_000..9_000_001,
            9_000_001..bytes.len() as u64,
        ];
        jobs.extend(parts.map(|range| Job {
            range: Some(range),
            algorithms: vec![Algorithm::Sha256, Algorithm::Blake3],
            ..job("long")
        }));
        let measure_with = |tap: Option<&dyn Tap>| {
            let options = Options {
                workers: NonZeroUsize::new(workers).unwrap(),
                budget: &Budget::DEFAULT,
                observer: &Silent,
                tap,
            };
            measure(&tree, jobs.clone(), &options).unwrap()
        };
        let keeper = Keeper::default();
        assert_eq!(measure_with(Some(&keeper)), measure_with(None));
        let mut seen: BTreeMap<RawName, Vec<u8>> = BTreeMap::new();
        let mut runs = keeper.runs.into_inner().unwrap();
        runs.sort();
        for (name, start, part) in runs {
            let sum = seen.entry(name).or_default();
            assert_eq!(sum.len() as u64, start);
            sum.extend(part);
        }
        let names = ["long", "none", "short"].map(RawName::from);
        assert_eq!(seen.keys().cloned().collect::<Vec<_>>(), names);
        assert!(seen[&names[0]] == bytes);
        assert_eq!(seen[&names[2]], b"abc");
    }
}

/// Changes a file when some of it was hashed.
struct Writer<'p>(&'p std::path::Path);

impl Observer for Writer<'_> {
    fn advance(&self, _: u64) {
        let bytes = fs::read(self.0).unwrap();
        fs::write(self.0, &bytes[..bytes.len() - 1]).unwrap();
    }
}

#[test]
fn what_changes_while_it_is_read_is_never_finished() {
    let place = tempfile::tempdir().unwrap();
    for bytes in [long(), b"short".to_vec()] {
        let file = place.path().join("file");
        fs::write(&file, &bytes).unwrap();
        let tree = open(place.path());
        let keeper = Keeper::default();
        let options = Options {
            workers: NonZeroUsize::MIN,
            budget: &Budget::DEFAULT,
            observer: &Writer(&file),
            tap: Some(&keeper),
        };
        let measured = measure(&tree, vec![job("file")], &options).unwrap();
        assert!(measured[0].digests.is_err());
        assert_eq!(keeper.runs.into_inner().unwrap(), []);
    }
}
