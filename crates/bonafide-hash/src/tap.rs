//! Others who want the bytes that are hashed, so that nobody reads a file twice.

use std::ops::Range;

use bonafide_core::{Algorithm, Digest, RawName};

use crate::MultiHasher;
use crate::plan::Item;

/// Is shown the bytes of files while they are hashed, by several threads at once.
///
/// A file may be hashed in several runs, by several threads, in any order, and more than once
/// if several jobs ask for it: whoever takes a run twice is told the same bytes twice.
pub trait Tap: Sync {
    /// Asked before a run of bytes of a file is hashed; none if it is of no interest.
    fn begin(&self, name: &RawName, range: Range<u64>) -> Option<Box<dyn TapStream + '_>>;
}

/// One run of bytes. It is dropped without [`finish`](Self::finish) if the run could not be
/// read to its end, or the file changed, or the work was cancelled: what was fed is worth
/// nothing then.
pub trait TapStream {
    /// The next bytes, and where in the file they start; each byte of the run once, in order.
    fn feed(&mut self, offset: u64, bytes: &[u8]);

    /// The whole run was fed, and the file is still the one that was listed.
    fn finish(self: Box<Self>);
}

/// What the bytes of an item go to: hash functions, and whoever else wants them.
pub(crate) struct Sink<'a> {
    hasher: MultiHasher,
    tapped: Option<Box<dyn TapStream + 'a>>,
    position: u64,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(item: &Item<'_>, tap: Option<&'a dyn Tap>) -> Self {
        Self {
            tapped: tap.and_then(|tap| tap.begin(item.name, item.offset..item.end())),
            ..Self::hashing(item.algorithms, item.offset)
        }
    }

    /// Without a tap, from some place on.
    pub(crate) fn hashing(algorithms: &[Algorithm], position: u64) -> Self {
        Self {
            hasher: MultiHasher::new(algorithms),
            tapped: None,
            position,
        }
    }

    /// Takes the next bytes. The hash functions come first: they fetch them into the cache.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        if let Some(tapped) = &mut self.tapped {
            tapped.feed(self.position, bytes);
        }
        self.position += bytes.len() as u64;
    }

    /// All bytes were taken, and are those of the file.
    pub(crate) fn finish(self) -> Vec<Digest> {
        if let Some(tapped) = self.tapped {
            tapped.finish();
        }
        self.hasher.finish()
    }
}
