//! One thread reads while another hashes, for a long file when there is
//! nothing else for the first one to do. The hasher then waits neither for the
//! disk nor for the copy out of the page cache.
//!
//! Full buffers travel one way and empty ones back. There are never more than
//! [`BUFFERS`], so the reader waits when the hasher falls behind.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::ReadFailure;
use crate::measure::Shared;
use crate::stable::StableFile;
use crate::tap::Sink;
use crate::worker::Interruption;

const BUFFERS: usize = 4;

/// Small enough that all of them stay in a cache that both cores can see.
const BUFFER: usize = 256 << 10;

/// A buffer and how many bytes at its front are filled.
type Filled = Result<(Vec<u8>, usize), ReadFailure>;

/// Hashes the range and returns how far it came: to its end, or nowhere if
/// the system gives us no thread.
pub(crate) fn stream(
    shared: &Shared<'_>,
    file: &StableFile,
    range: Range<u64>,
    sink: &mut Sink<'_>,
) -> Result<u64, Interruption> {
    let mut position = range.start;
    let (give_back, empty) = channel();
    let (hand_over, full) = channel();
    for _ in 0..BUFFERS {
        // The receiver is alive, so this cannot fail.
        let _ = give_back.send(vec![0; BUFFER]);
    }
    // Moving both ends in here drops them on every way out, before the scope
    // waits for the reader; it finds them closed and ends.
    thread::scope(move |scope| {
        let reader = thread::Builder::new().name("read".into());
        if reader
            .spawn_scoped(scope, move || read_ahead(file, range, &empty, &hand_over))
            .is_err()
        {
            return Ok(position);
        }
        for filled in full {
            let (buffer, count) = filled?;
            if shared.cancelled() {
                return Err(Interruption::Cancelled);
            }
            sink.update(buffer.get(..count).unwrap_or_default());
            shared.observer.advance(count as u64);
            position += count as u64;
            // A reader that has finished takes no more buffers.
            let _ = give_back.send(buffer);
        }
        Ok(position)
    })
}

fn read_ahead(
    file: &StableFile,
    range: Range<u64>,
    empty: &Receiver<Vec<u8>>,
    hand_over: &Sender<Filled>,
) {
    let mut position = range.start;
    while position < range.end {
        let Ok(mut buffer) = empty.recv() else {
            return;
        };
        let read = file.read_range(&mut buffer, position, range.end);
        let failed = read.is_err();
        position += *read.as_ref().unwrap_or(&0) as u64;
        if hand_over.send(read.map(|count| (buffer, count))).is_err() || failed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU64, Ordering};

    use bonafide_core::{Algorithm, Budget};

    use super::*;
    use crate::{EntryKind, Observer, Tree, digest_bytes};

    const LENGTH: usize = 11 * BUFFER + 77;

    fn bytes() -> Vec<u8> {
        let words = (0..LENGTH as u64 / 8 + 1).map(|word| word.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut bytes: Vec<u8> = words.flat_map(u64::to_be_bytes).collect();
        bytes.truncate(LENGTH);
        bytes
    }

    /// Cuts the file down, or says stop, once so many bytes have been hashed.
    struct Spoiler {
        at: u64,
        cut: Option<PathBuf>,
        advanced: AtomicU64,
    }

    impl Observer for Spoiler {
        fn advance(&self, bytes: u64) {
            let before = self.advanced.fetch_add(bytes, Ordering::Relaxed);
            if let Some(path) = self.cut.as_ref().filter(|_| before + bytes >= self.at) {
                let file = OpenOptions::new().write(true).open(path).unwrap();
                file.set_len(5).unwrap();
            }
        }

        fn cancelled(&self) -> bool {
            self.cut.is_none() && self.advanced.load(Ordering::Relaxed) >= self.at
        }
    }

    fn run(range: Range<u64>, at: u64, cut: bool) -> Result<(u64, Sink<'static>), Interruption> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("file");
        fs::write(&path, bytes()).unwrap();
        let tree = Tree::open(place.path(), &Budget::DEFAULT).unwrap();
        let EntryKind::File { identity, .. } = tree.entries()[0].kind else {
            panic!("not a file");
        };
        let file = StableFile::open(tree.root(), &tree.entries()[0].name, identity).unwrap();
        let spoiler = Spoiler {
            at,
            cut: cut.then_some(path),
            advanced: AtomicU64::new(0),
        };
        let mut sink = Sink::hashing(&[Algorithm::Blake3], 0);
        let shared = Shared::new(tree.root(), &spoiler);
        let reached = stream(&shared, &file, range, &mut sink)?;
        Ok((reached, sink))
    }

    #[test]
    fn what_is_read_ahead_is_hashed_whole_and_in_order() {
        let bytes = bytes();
        for range in [0..LENGTH, 0..1, 3..LENGTH - 5, 5..5, LENGTH - 1..LENGTH] {
            let part = range.start as u64..range.end as u64;
            let (reached, sink) = run(part, u64::MAX, false).ok().unwrap();
            assert_eq!(reached, range.end as u64);
            let expected = digest_bytes(Algorithm::Blake3, &bytes[range]);
            assert_eq!(sink.finish(), [expected]);
        }
    }

    #[test]
    fn a_file_that_shrinks_ahead_of_the_hasher_is_a_failure() {
        let outcome = run(0..LENGTH as u64, 1, true);
        assert!(matches!(outcome, Err(Interruption::Failed(_))));
    }

    #[test]
    fn cancelling_ends_the_reader_too() {
        let outcome = run(0..LENGTH as u64, BUFFER as u64, false);
        assert!(matches!(outcome, Err(Interruption::Cancelled)));
    }
}
