//! What a reader of a format is given: the bytes of one body, and where to say what they show.

use std::ops::Range;

use crate::budget::InspectionBudget;
use crate::coverage::{Ledger, State};
use crate::cursor::Cursor;
use crate::defect::Defect;
use crate::facts::{Facts, Order, Place, Tensor};
use crate::pytorch::{Expected, Storage, Stored};
use crate::read::{ReadAt, Window};
use crate::relation::Links;
use crate::route;
use crate::rule::Rule;
use crate::session::Session;
use crate::stop::Stop;

/// One body, being read.
///
/// A reader claims the bytes that it understood with [`Visit::cover`]. What it leaves
/// unclaimed when it is done is inspected as something hidden; what is unclaimed when it
/// stops is reported as not read. So forgetting to claim never makes a file clean.
pub(crate) struct Visit<'v> {
    source: &'v dyn ReadAt,
    session: &'v mut Session,
    /// Path of the body, empty for the file itself.
    path: &'v str,
    /// Name by which a loader knows it: the last part of the path.
    name: &'v str,
    depth: usize,
    ledger: Ledger,
}

impl<'v> Visit<'v> {
    pub(crate) fn new(
        session: &'v mut Session,
        source: &'v dyn ReadAt,
        path: &'v str,
        name: &'v str,
        depth: usize,
    ) -> Self {
        Self {
            source,
            session,
            path,
            name,
            depth,
            ledger: Ledger::default(),
        }
    }

    /// The bytes.
    pub(crate) fn source(&self) -> &'v dyn ReadAt {
        self.source
    }

    /// How many there are.
    pub(crate) fn size(&self) -> u64 {
        self.source.size()
    }

    /// Path of the body: empty for the file itself.
    pub(crate) fn path(&self) -> &'v str {
        self.path
    }

    /// Name by which a loader would know it: `data.pkl`, `config.json`. Made printable.
    pub(crate) fn name(&self) -> &'v str {
        self.name
    }

    /// Reads in order from `offset`. Independent of the visit.
    pub(crate) fn cursor(&self, offset: u64) -> Cursor<'v> {
        Cursor::new(self.source, offset)
    }

    /// A run of bytes in memory; more than `budget.document` is refused.
    pub(crate) fn read(&self, range: Range<u64>) -> Result<Vec<u8>, Stop> {
        let length = range.end.saturating_sub(range.start);
        let limit = self.session.budget.document;
        if length > limit {
            return Err(Stop::Exhausted {
                what: "bytes of a document",
                limit,
            });
        }
        if range.end > self.size() {
            return Err(Stop::malformed(
                range.start,
                format!(
                    "{length} bytes are announced and the file ends at {}",
                    self.size()
                ),
            ));
        }
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.source.read_at(range.start, &mut bytes)?;
        Ok(bytes)
    }

    /// The whole body in memory; more than `budget.document` is refused.
    pub(crate) fn read_all(&self) -> Result<Vec<u8>, Stop> {
        self.read(0..self.size())
    }

    /// What it may cost.
    pub(crate) fn budget(&self) -> &InspectionBudget {
        &self.session.budget
    }

    /// Takes from what may be unpacked in all; call it before (or while) unpacking.
    pub(crate) fn unpack(&mut self, bytes: u64) -> Result<(), Stop> {
        self.session.unpack(bytes)
    }

    /// Counts work that is repeated, so that no input costs more than its length deserves.
    pub(crate) fn work(&mut self, steps: u64) -> Result<(), Stop> {
        self.session.work(steps)
    }

    /// Claims bytes. What was claimed before stays as it was.
    pub(crate) fn cover(&mut self, range: Range<u64>, state: State) {
        let end = range.end.min(self.size());
        self.ledger.claim(range.start..end, &state);
    }

    /// Claims the whole body as read and understood.
    pub(crate) fn cover_all(&mut self) {
        self.cover(0..self.size(), State::Scanned);
    }

    /// Reports a defect. The message is one sentence, lower case, without advice; text
    /// from the file goes into it through [`excerpt`](bonafide_core::excerpt).
    pub(crate) fn report(
        &mut self,
        rule: &'static Rule,
        range: Option<Range<u64>>,
        message: impl Into<String>,
    ) {
        self.add(rule, range, None, message.into());
    }

    /// Reports a defect of something that has an exact name, by which a policy can excuse it.
    pub(crate) fn report_about(
        &mut self,
        rule: &'static Rule,
        range: Option<Range<u64>>,
        about: &str,
        message: impl Into<String>,
    ) {
        let about = bonafide_core::excerpt(about, 300);
        self.add(rule, range, Some(about), message.into());
    }

    fn add(
        &mut self,
        rule: &'static Rule,
        range: Option<Range<u64>>,
        about: Option<String>,
        message: String,
    ) {
        // What a file says of places may lead out of it.
        let size = self.size();
        let range = range.map(|range| {
            let start = range.start.min(size);
            start..range.end.clamp(start, size)
        });
        self.session.add(Defect {
            rule,
            body: self.path.to_owned(),
            range,
            about,
            message,
        });
    }

    /// Where facts are taken down.
    pub(crate) fn facts(&mut self) -> &mut Facts {
        &mut self.session.facts
    }

    /// Where is taken down what has to fit other files.
    pub(crate) fn links(&mut self) -> &mut Links {
        &mut self.session.links
    }

    /// Takes down a tensor, and tells where in the list it is, if there is room for it.
    pub(crate) fn tensor(&mut self, tensor: Tensor) -> Option<usize> {
        let limit = self.session.budget.tensors;
        self.session.facts.add_tensor(tensor, limit)
    }

    /// Takes down where the numbers are of a tensor that was taken down before.
    pub(crate) fn locate(&mut self, index: Option<usize>, place: Option<Place>) {
        let tensors = &mut self.session.facts.tensors;
        if let Some(tensor) = index.and_then(|index| tensors.get_mut(index)) {
            tensor.place = place;
        }
    }

    /// The place in the file of numbers in this body; none if the body is no run of the
    /// file, or the numbers reach beyond its end.
    pub(crate) fn place(&self, range: Range<u64>, order: Order, big_endian: bool) -> Option<Place> {
        if range.start > range.end || range.end > self.size() {
            return None;
        }
        let origin = self.session.origin?;
        Some(Place {
            range: origin.checked_add(range.start)?..origin.checked_add(range.end)?,
            order,
            big_endian,
        })
    }

    /// Inspects a run of this body as a body of its own, whatever format it turns out to
    /// be. The caller still claims the run.
    pub(crate) fn part(&mut self, name: &str, range: Range<u64>) {
        let window = Window::new(self.source, range.clone());
        let start = range.start.min(self.size());
        let origin = self.session.origin;
        let origin = origin.and_then(|origin| origin.checked_add(start));
        self.body(name, &window, origin);
    }

    /// Inspects other bytes (unpacked, decoded) as a body of this one.
    pub(crate) fn member(&mut self, name: &str, source: &dyn ReadAt) {
        self.body(name, source, None);
    }

    fn body(&mut self, name: &str, source: &dyn ReadAt, origin: Option<u64>) {
        let name = bonafide_core::excerpt(name, 300);
        let path = if self.path.is_empty() {
            name.clone()
        } else {
            format!("{}!{name}", self.path)
        };
        let last = name.rsplit('/').next().unwrap_or(&name);
        let own = std::mem::replace(&mut self.session.origin, origin);
        route::body(self.session, source, &path, last, self.depth + 1);
        self.session.origin = own;
    }

    /// Inspects other bytes as a body, but only if they are something that can run, or
    /// hold something that can. Text and numbers leave no trace. For constants.
    pub(crate) fn payload(&mut self, name: &str, bytes: &[u8]) -> bool {
        if !route::is_active(bytes) {
            return false;
        }
        self.member(name, &bytes);
        true
    }

    /// Starts to take down the storages that a pickle names.
    pub(crate) fn expect_storages(&mut self) {
        self.session.expected = Some(Expected::default());
    }

    /// Takes down a storage that a pickle names, if its archive wants to know.
    pub(crate) fn storage(&mut self, storage: Storage) {
        let limit = self.session.budget.tensors;
        if let Some(expected) = &mut self.session.expected
            && expected.storages.len() < limit
        {
            expected.storages.push(storage);
        }
    }

    /// Takes down a tensor whose numbers are in a storage.
    pub(crate) fn stored_tensor(&mut self, tensor: Tensor, stored: Stored) {
        let index = self.tensor(tensor);
        if let (Some(index), Some(expected)) = (index, &mut self.session.expected) {
            expected.tensors.push((index, stored));
        }
    }

    /// What was taken down of storages, and no more of it.
    pub(crate) fn expected(&mut self) -> Expected {
        self.session.expected.take().unwrap_or_default()
    }

    pub(crate) fn into_ledger(self) -> Ledger {
        self.ledger
    }
}
