//! Items of a fixed width, sorted within the budget: runs go to disk and are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::os::unix::fs::FileExt as _;

use super::spill::{failed, unnamed};
use crate::budget::DatasetBudget;
use crate::error::DatasetError;

/// Bytes that are written at a time.
const PIECE: usize = 1 << 20;

/// Sorts items by their bytes.
#[derive(Debug)]
pub(super) struct Sorter<'a, const WIDTH: usize> {
    budget: &'a DatasetBudget,
    /// Most items in memory.
    most: usize,
    items: Vec<[u8; WIDTH]>,
    file: Option<File>,
    /// Items in the file so far.
    written: u64,
    /// First and last item of each sorted run in the file.
    runs: Vec<(u64, u64)>,
}

impl<'a, const WIDTH: usize> Sorter<'a, WIDTH> {
    /// Takes a quarter of the budget's memory.
    pub(super) fn new(budget: &'a DatasetBudget) -> Self {
        let most = budget.memory / 4 / WIDTH as u64;
        Self {
            budget,
            most: usize::try_from(most).unwrap_or(usize::MAX).max(1_024),
            items: Vec::new(),
            file: None,
            written: 0,
            runs: Vec::new(),
        }
    }

    /// Adds an item.
    pub(super) fn push(&mut self, item: [u8; WIDTH]) -> Result<(), DatasetError> {
        if self.items.len() == self.items.capacity() {
            // Never more than what may be held, which doubling could reach.
            let more = self
                .items
                .len()
                .max(1_024)
                .min(self.most - self.items.len());
            self.items.reserve_exact(more);
        }
        self.items.push(item);
        match self.items.len() >= self.most {
            true => self.spill(),
            false => Ok(()),
        }
    }

    fn spill(&mut self) -> Result<(), DatasetError> {
        let file = match self.file.take() {
            Some(file) => file,
            None => unnamed(self.budget)?,
        };
        self.items.sort_unstable();
        let start = self.written;
        let mut piece = Vec::with_capacity(PIECE + WIDTH);
        for items in self.items.chunks((PIECE / WIDTH).max(1)) {
            piece.clear();
            for item in items {
                piece.extend_from_slice(item);
            }
            file.write_all_at(&piece, self.written * WIDTH as u64)
                .map_err(|error| failed(&error))?;
            self.written += items.len() as u64;
        }
        self.items.clear();
        self.runs.push((start, self.written));
        self.file = Some(file);
        Ok(())
    }

    /// Gives all items in their order.
    pub(super) fn finish(
        mut self,
        mut take: impl FnMut(&[u8; WIDTH]) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        if self.runs.is_empty() {
            self.items.sort_unstable();
            return self.items.iter().try_for_each(take);
        }
        self.spill()?;
        self.items = Vec::new();
        let Some(file) = self.file.take() else {
            return Ok(());
        };
        let share = self.budget.memory / 4 / self.runs.len() as u64;
        let share = usize::try_from(share).unwrap_or(PIECE).clamp(4_096, PIECE);
        let runs = self.runs.iter();
        let mut runs: Vec<Run<WIDTH>> = runs
            .map(|(start, end)| Run {
                next: *start,
                end: *end,
                piece: Vec::new(),
                at: 0,
                most: (share / WIDTH).max(1),
            })
            .collect();
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for (index, run) in runs.iter_mut().enumerate() {
            if let Some(item) = run.next(&file)? {
                heap.push(Reverse((item, index)));
            }
        }
        while let Some(Reverse((item, index))) = heap.pop() {
            take(&item)?;
            if let Some(run) = runs.get_mut(index)
                && let Some(item) = run.next(&file)?
            {
                heap.push(Reverse((item, index)));
            }
        }
        Ok(())
    }
}

/// A sorted run in the file, read a piece at a time.
#[derive(Debug)]
struct Run<const WIDTH: usize> {
    next: u64,
    end: u64,
    piece: Vec<u8>,
    at: usize,
    /// Most items of a piece.
    most: usize,
}

impl<const WIDTH: usize> Run<WIDTH> {
    fn next(&mut self, file: &File) -> Result<Option<[u8; WIDTH]>, DatasetError> {
        if self.at >= self.piece.len() {
            let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
            let count = left.min(self.most);
            if count == 0 {
                return Ok(None);
            }
            self.piece.resize(count * WIDTH, 0);
            file.read_exact_at(&mut self.piece, self.next * WIDTH as u64)
                .map_err(|error| failed(&error))?;
            self.next += count as u64;
            self.at = 0;
        }
        let rest = self.piece.get(self.at..).unwrap_or_default();
        self.at += WIDTH;
        Ok(rest.first_chunk().copied())
    }
}
