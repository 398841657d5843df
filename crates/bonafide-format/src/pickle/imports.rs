//! What an unpickler would import, and nothing else.

use std::ops::Range;

use super::machine::{Arrays, Constant, Ended, Machine, Standing, Watch};
use super::tape::Reading;
use crate::pytorch::Stored;
use crate::read::ReadAt;
use crate::rule::Rule;

/// Takes down imports.
#[derive(Default)]
pub(super) struct Recorder {
    pub(super) imports: Vec<(String, String)>,
    pub(super) places: Vec<Range<u64>>,
    /// As many are kept; all if there is no limit.
    pub(super) most: Option<usize>,
}

impl Watch for Recorder {
    fn import(&mut self, module: &str, name: &str, range: Range<u64>) -> Standing {
        if self.most.is_none_or(|most| self.imports.len() < most) {
            self.imports.push((module.to_owned(), name.to_owned()));
            self.places.push(range);
        }
        Standing::Harmless
    }

    fn constant(&mut self, _: Constant<'_>) {}

    fn defect(&mut self, _: &'static Rule, _: Range<u64>, _: Option<&str>, _: String) {}

    fn tensor(&mut self, _: &str, _: &str, _: Stored) {}

    fn numbers(&mut self, _: Range<u64>) {}
}

/// Module and name of everything that unpickling would import, in the order in which
/// CPython's unpickler asks for it: pickle after pickle, until one is broken or the bytes end.
#[must_use]
pub fn imports(source: &dyn ReadAt, reading: Reading) -> Vec<(String, String)> {
    let mut recorder = Recorder::default();
    let mut at = 0;
    while at < source.size() {
        let mut machine = Machine::new(source, at, reading, Arrays::Nowhere, &mut recorder);
        let ended = machine.run(u64::MAX);
        at = machine.resume();
        if ended != Ok(Ended::Stopped) {
            break;
        }
    }
    recorder.imports
}
