//! Puts together what passes of several files, while something else reads them.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::kernel::Eye;
use super::layout::{Extent, Layout};
use super::partial::{Partial, Whole};
use crate::file::WeightFile;

/// Looks at the numbers of files as their bytes pass, in any order and on any thread.
///
/// Each run of bytes is a [`Stream`]; it counts only when it was finished, so whoever finds
/// that a file changed lets the stream go. What was not seen in the end is said in
/// [`Sanity::unread`](crate::Sanity::unread).
#[derive(Debug)]
pub struct Collector {
    pub(super) files: Vec<Passing>,
    eye: Eye,
}

/// A file whose bytes pass.
#[derive(Debug)]
pub(super) struct Passing {
    pub(super) layout: Layout,
    size: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What was taken by a stream, so that no byte counts twice.
    claimed: Vec<Range<u64>>,
    /// One for each extent.
    parts: Vec<Partial>,
}

impl Collector {
    /// Where the numbers are, from what the readers of formats found. Nothing is read yet.
    #[must_use]
    pub fn new(files: &[WeightFile<'_>]) -> Self {
        let files = files.iter().map(|file| {
            let layout = Layout::of(file);
            let parts = vec![Partial::default(); layout.extents.len()];
            Passing {
                layout,
                size: file.source.size(),
                state: Mutex::new(State {
                    claimed: Vec::new(),
                    parts,
                }),
            }
        });
        Self {
            files: files.collect(),
            eye: Eye::new(),
        }
    }

    /// Starts to look at a run of bytes of a file, by its place in the list; none if it has no
    /// tensors that can be looked at, or another stream has some of them already.
    #[must_use]
    pub fn stream(&self, file: usize, range: Range<u64>) -> Option<Stream<'_>> {
        let passing = self.files.get(file)?;
        let next = passing.layout.after(range.start);
        let first = passing.layout.extents.get(next)?;
        if range.is_empty() || range.end > passing.size || first.range.start >= range.end {
            return None;
        }
        let mut state = passing.lock();
        let claimed = &mut state.claimed;
        let place = claimed.partition_point(|other| other.end <= range.start);
        if claimed
            .get(place)
            .is_some_and(|other| other.start < range.end)
        {
            return None;
        }
        claimed.insert(place, range.clone());
        Some(Stream {
            passing,
            eye: self.eye,
            at: range.start,
            end: range.end,
            next,
            part: Partial::default(),
            carry: Vec::new(),
            done: Vec::new(),
            broken: false,
        })
    }

    /// What all bytes of each extent of a file show, where all were seen.
    pub(super) fn results(&self, file: usize) -> Vec<Option<Whole>> {
        let Some(passing) = self.files.get(file) else {
            return Vec::new();
        };
        let parts = std::mem::take(&mut passing.lock().parts);
        let both = parts.into_iter().zip(&passing.layout.extents);
        both.map(|(part, extent)| part.finish(self.eye, extent))
            .collect()
    }
}

impl Passing {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One run of bytes that passes, in order.
#[derive(Debug)]
pub struct Stream<'c> {
    passing: &'c Passing,
    eye: Eye,
    at: u64,
    end: u64,
    /// The extent that comes next, or that the stream is in.
    next: usize,
    part: Partial,
    /// The start of an element whose end has not passed yet.
    carry: Vec<u8>,
    done: Vec<(usize, Partial)>,
    broken: bool,
}

impl Stream<'_> {
    /// Takes the next bytes, which start at `offset` of the file. They have to follow what
    /// was given before; else the whole stream counts for nothing.
    pub fn feed(&mut self, offset: u64, bytes: &[u8]) {
        let end = offset.checked_add(bytes.len() as u64);
        if offset != self.at || end.is_none_or(|end| end > self.end) {
            self.broken = true;
        }
        if self.broken {
            return;
        }
        let mut rest = bytes;
        while let Some(extent) = self.passing.layout.extents.get(self.next) {
            // What is between two tensors is nobody's.
            let gap = extent.range.start.saturating_sub(self.at);
            let gap = usize::try_from(gap).unwrap_or(usize::MAX).min(rest.len());
            rest = rest.get(gap..).unwrap_or_default();
            self.at += gap as u64;
            if rest.is_empty() {
                return;
            }
            let left = usize::try_from(extent.range.end - self.at).unwrap_or(usize::MAX);
            let (this, behind) = rest.split_at_checked(left).unwrap_or((rest, &[]));
            self.take(extent, this);
            rest = behind;
            if self.at == extent.range.end {
                self.close(extent);
            }
        }
        self.at += rest.len() as u64;
    }

    /// Takes bytes of one extent.
    fn take(&mut self, extent: &Extent, bytes: &[u8]) {
        let width = extent.element.bytes();
        let start = self.at - extent.range.start;
        self.at += bytes.len() as u64;
        let into = usize::try_from(start % width as u64).unwrap_or(0);
        let mut rest = bytes;
        let mut number = start / width as u64;
        if into > 0 {
            let missing = (width - into).min(rest.len());
            let (head, behind) = rest.split_at_checked(missing).unwrap_or((rest, &[]));
            rest = behind;
            if self.carry.len() == into {
                self.carry.extend_from_slice(head);
                if self.carry.len() == width {
                    self.part.elements(self.eye, extent, number, &self.carry);
                    self.carry.clear();
                }
            } else {
                // Its start passes in another stream.
                self.part.fragment(start, head);
            }
            number += 1;
        }
        let whole = rest.len() - rest.len() % width;
        let (whole, tail) = rest.split_at_checked(whole).unwrap_or((rest, &[]));
        self.part.elements(self.eye, extent, number, whole);
        self.carry.extend_from_slice(tail);
    }

    /// The extent has ended, or the stream has.
    fn close(&mut self, extent: &Extent) {
        let carried = self.carry.len() as u64;
        let start = (self.at - extent.range.start).saturating_sub(carried);
        self.part.fragment(start, &self.carry);
        self.carry.clear();
        self.done.push((self.next, std::mem::take(&mut self.part)));
        self.next += 1;
    }

    /// All bytes have passed, and the file is the one that it was: now they count.
    pub fn finish(mut self) {
        if self.broken || self.at != self.end {
            return;
        }
        let passing = self.passing;
        if let Some(extent) = passing.layout.extents.get(self.next)
            && self.at > extent.range.start
        {
            self.close(extent);
        }
        let mut state = passing.lock();
        for (index, part) in self.done {
            let row = passing
                .layout
                .extents
                .get(index)
                .and_then(|extent| extent.row);
            if let Some(sum) = state.parts.get_mut(index) {
                sum.add(part, row);
            }
        }
    }
}
