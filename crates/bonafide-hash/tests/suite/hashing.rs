use std::fs;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bonafide_core::{Algorithm, Budget, Digest, RawName};
use bonafide_hash::{HashError, Job, Observer, Options, ReadFailure, digest_bytes, measure};

use crate::{job, noise, observed, open, run};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

fn digests(answer: &bonafide_hash::Measurement) -> Vec<Digest> {
    let digests = answer.digests.as_ref().unwrap();
    digests.iter().map(|digest| *digest.get()).collect()
}

#[test]
fn parallel_equals_serial_equals_in_memory_around_every_border() {
    let sizes = [
        0,
        1,
        63,
        64,
        4 * KIB,
        255 * KIB,
        256 * KIB - 1,
        256 * KIB,
        256 * KIB + 1,
        512 * KIB,
        MIB - 1,
        MIB,
        MIB + 1,
        3 * MIB + 12_345,
        8 * MIB - 1,
        8 * MIB,
        13 * MIB + 7,
        33 * MIB,
    ];
    let algorithms = vec![Algorithm::Blake3, Algorithm::Sha256];
    let place = tempfile::tempdir().unwrap();
    let mut jobs = Vec::new();
    let mut expected = Vec::new();
    let mut add = |name: &str, range: Option<Range<usize>>, bytes: &[u8]| {
        let part = range.clone().map_or(bytes, |range| &bytes[range]);
        expected.push(
            algorithms
                .iter()
                .map(|algorithm| digest_bytes(*algorithm, part))
                .collect::<Vec<_>>(),
        );
        jobs.push(Job {
            name: RawName::from(name),
            range: range.map(|range| range.start as u64..range.end as u64),
            algorithms: algorithms.clone(),
        });
    };
    for (seed, size) in sizes.into_iter().enumerate() {
        let bytes = noise(size, seed as u64 + 1);
        let name = format!("file-{size}");
        fs::write(place.path().join(&name), &bytes).unwrap();
        add(&name, None, &bytes);
        for shard in [100 * KIB + 1, MIB, 9 * MIB] {
            for start in (0..size).step_by(shard) {
                add(&name, Some(start..size.min(start + shard)), &bytes);
            }
        }
        add(&name, Some(size..size), &bytes);
    }
    let tree = open(place.path());
    for workers in [1, 2, 3, 16, 500] {
        let answers = run(&tree, jobs.clone(), workers).unwrap();
        assert_eq!(answers.len(), expected.len());
        for ((answer, job), expected) in answers.iter().zip(&jobs).zip(&expected) {
            assert_eq!(&answer.job, job);
            assert_eq!(&digests(answer), expected, "{job:?}, {workers} workers");
        }
    }
}

/// With more workers than jobs, the reader thread is taken from the start.
#[test]
fn one_long_file_read_ahead_equals_the_same_bytes_in_memory() {
    let place = tempfile::tempdir().unwrap();
    let bytes = noise(50 * MIB + 5, 9);
    fs::write(place.path().join("long"), &bytes).unwrap();
    let tree = open(place.path());
    for workers in [1, 2, 64] {
        let answers = run(&tree, vec![job("long")], workers).unwrap();
        let expected = digest_bytes(Algorithm::Sha256, &bytes);
        assert_eq!(digests(&answers[0]), [expected], "{workers} workers");
    }
}

#[test]
fn a_range_outside_its_file_fails_alone_and_is_not_read() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "12345").unwrap();
    let tree = open(place.path());
    #[allow(clippy::reversed_empty_ranges, reason = "a statement may say so")]
    let ranges = [0..6, 6..6, 3..2, 0..u64::MAX, 2..4];
    let jobs = ranges.map(|range| Job {
        range: Some(range),
        ..job("file")
    });
    let answers = run(&tree, jobs.to_vec(), 2).unwrap();
    for answer in &answers[..4] {
        let failure = answer.digests.as_ref().unwrap_err();
        assert!(matches!(failure, ReadFailure::OutsideFile { size: 5, .. }));
    }
    assert_eq!(
        digests(&answers[4]),
        [digest_bytes(Algorithm::Sha256, b"34")]
    );
}

#[test]
fn jobs_that_make_no_sense_are_refused_by_name() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "x").unwrap();
    fs::create_dir(place.path().join("directory")).unwrap();
    let tree = open(place.path());
    let refuse = |job: Job| run(&tree, vec![job], 1).unwrap_err();
    assert!(matches!(
        refuse(job("../file")),
        HashError::NoSuchFile { .. }
    ));
    assert!(matches!(
        refuse(job("directory")),
        HashError::NotAFile { .. }
    ));
    assert!(matches!(
        refuse(Job {
            algorithms: vec![],
            ..job("file")
        }),
        HashError::NoAlgorithm { .. }
    ));
    let twice = vec![Algorithm::Sha256, Algorithm::Blake3, Algorithm::Sha256];
    assert!(matches!(
        refuse(Job {
            algorithms: twice,
            ..job("file")
        }),
        HashError::RepeatedAlgorithm {
            algorithm: Algorithm::Sha256,
            ..
        }
    ));
    assert_eq!(run(&tree, vec![], 4), Ok(vec![]));
}

#[test]
fn the_cost_is_judged_before_anything_is_read() {
    let place = tempfile::tempdir().unwrap();
    let file = fs::File::create(place.path().join("sparse")).unwrap();
    file.set_len(1 << 40).unwrap();
    fs::write(place.path().join("small"), "12345").unwrap();
    let tree = open(place.path());
    let recorder = Recorder::default();
    let with = |bytes, jobs| {
        let budget = Budget {
            bytes,
            ..Budget::DEFAULT
        };
        let options = Options {
            workers: std::num::NonZeroUsize::MIN,
            budget: &budget,
            observer: &recorder,
            tap: None,
        };
        measure(&tree, jobs, &options)
    };
    let over = with(1 << 30, vec![job("small"), job("sparse")]);
    let needed = (1 << 40) + 5;
    assert_eq!(
        over,
        Err(HashError::OverBudget {
            needed,
            limit: 1 << 30
        })
    );
    assert!(recorder.begun.lock().unwrap().is_empty());
    assert!(with(10, vec![job("small"), job("small")]).is_ok());
    assert!(with(9, vec![job("small"), job("small")]).is_err());
    let part = Job {
        range: Some(1 << 39..(1 << 39) + 7),
        ..job("sparse")
    };
    assert!(with(7, vec![part]).is_ok());
}

#[derive(Default)]
struct Recorder {
    begun: Mutex<Vec<(u64, u64)>>,
    advanced: AtomicU64,
    largest: AtomicU64,
}

impl Observer for Recorder {
    fn begin(&self, total_bytes: u64, files: u64) {
        self.begun.lock().unwrap().push((total_bytes, files));
    }

    fn advance(&self, bytes: u64) {
        self.advanced.fetch_add(bytes, Ordering::Relaxed);
        self.largest.fetch_max(bytes, Ordering::Relaxed);
    }
}

#[test]
fn progress_adds_up_to_what_was_announced() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("long"), noise(50 * MIB + 3, 4)).unwrap();
    fs::write(place.path().join("short"), "12345").unwrap();
    let tree = open(place.path());
    let shard = Job {
        range: Some(0..1000),
        ..job("long")
    };
    for workers in [1, 4] {
        let recorder = Recorder::default();
        let jobs = vec![job("long"), shard.clone(), job("short")];
        observed(&tree, jobs, workers, &recorder).unwrap();
        let total = 50 * MIB as u64 + 3 + 1000 + 5;
        assert_eq!(*recorder.begun.lock().unwrap(), [(total, 2)]);
        assert_eq!(recorder.advanced.load(Ordering::Relaxed), total);
        assert!(recorder.largest.load(Ordering::Relaxed) <= MIB as u64);
    }
}

/// Says stop once so many bytes have been hashed.
struct Impatient {
    limit: u64,
    advanced: AtomicU64,
}

impl Observer for Impatient {
    fn advance(&self, bytes: u64) {
        self.advanced.fetch_add(bytes, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.advanced.load(Ordering::Relaxed) >= self.limit
    }
}

/// The file has a terabyte, so a test that ends at all shows that it stopped.
#[test]
fn cancelling_stops_soon_whoever_is_reading() {
    let place = tempfile::tempdir().unwrap();
    let file = fs::File::create(place.path().join("sparse")).unwrap();
    file.set_len(1 << 40).unwrap();
    let tree = open(place.path());
    for (workers, jobs, limit) in [
        (1, 1, 0),
        (1, 1, 5 * MIB),
        (2, 1, 12 * MIB),
        (2, 2, 20 * MIB),
    ] {
        let impatient = Impatient {
            limit: limit as u64,
            advanced: AtomicU64::new(0),
        };
        let jobs = vec![job("sparse"); jobs];
        let outcome = observed(&tree, jobs, workers, &impatient);
        assert_eq!(outcome, Err(HashError::Cancelled));
        let advanced = impatient.advanced.into_inner();
        assert!(
            advanced <= (limit + 2 * MIB) as u64,
            "{advanced} of {limit}"
        );
    }
}

#[test]
fn many_small_files_keep_their_order() {
    let place = tempfile::tempdir().unwrap();
    let mut jobs = Vec::new();
    for number in 0..500_usize {
        let name = format!("{:03}", (number * 337) % 500);
        fs::write(place.path().join(&name), noise(number % 7, number as u64)).unwrap();
        jobs.push(job(&name));
    }
    let tree = open(place.path());
    let one = run(&tree, jobs.clone(), 1).unwrap();
    let many = run(&tree, jobs.clone(), 8).unwrap();
    assert_eq!(one, many);
    for (number, answer) in many.iter().enumerate() {
        let expected = digest_bytes(Algorithm::Sha256, &noise(number % 7, number as u64));
        assert_eq!(digests(answer), [expected]);
    }
}
