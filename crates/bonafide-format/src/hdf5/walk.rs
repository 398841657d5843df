//! The walk through a file: which objects there are, and which bytes they account for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::fields::Fields;
use super::header;
use super::superblock::{self, Superblock};
use crate::coverage::State;
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

/// Longest path that is kept of an object, in bytes: links may nest as deep as they like.
const LONGEST_PATH: usize = 240;

/// Values of a collection by their index, and where they are.
type Values = BTreeMap<u32, Range<u64>>;

/// A walk under way.
pub(super) struct Walk<'w, 'v> {
    pub(super) visit: &'w mut Visit<'v>,
    pub(super) block: Superblock,
    /// Objects that were found, with their paths, and are still to be read.
    pub(super) objects: Vec<(u64, String)>,
    /// Where objects start that were found.
    known: HashSet<u64>,
    /// Where other structures start that were read.
    entered: HashSet<u64>,
    /// Bytes that were claimed: start and end.
    claimed: BTreeMap<u64, u64>,
    /// Collections of values that objects refer to, and those that were read.
    collections: HashSet<u64>,
    /// The collection that was read last: values mostly follow each other in one.
    latest: Option<(u64, Rc<Values>)>,
    /// Messages of objects that others share, by the object: where they are, and they.
    pub(super) committed: HashMap<u64, (u64, Vec<u8>)>,
    /// Numbers of datasets, with their names.
    pub(super) numbers: Vec<(Range<u64>, String)>,
    /// What could not be read.
    gap: Option<String>,
}

pub(super) fn walk(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let block = superblock::read(visit)?;
    let end = block.end_of_file.min(visit.size());
    let mut walk = Walk {
        visit,
        objects: Vec::new(),
        known: HashSet::new(),
        entered: HashSet::new(),
        claimed: BTreeMap::new(),
        collections: HashSet::new(),
        latest: None,
        committed: HashMap::new(),
        numbers: Vec::new(),
        gap: None,
        block,
    };
    walk.claim(walk.block.base, walk.block.end - walk.block.base);
    if walk.block.driver.is_some() {
        walk.gap("a driver that spreads the file over others");
    }
    if let Some(extension) = walk.block.extension {
        header::extension(&mut walk, extension)?;
    }
    walk.found(walk.block.root, String::new());
    while let Some((at, path)) = walk.objects.pop() {
        match header::object(&mut walk, at, &path) {
            Ok(()) => {}
            Err(Stop::Unsupported { what }) => walk.gap(what),
            Err(stop) => return Err(stop),
        }
    }
    walk.numbers.sort_unstable_by_key(|(range, _)| range.start);
    let mut examiner = Examiner::default();
    for (range, name) in std::mem::take(&mut walk.numbers) {
        examiner.examine(walk.visit, &name, range);
    }
    walk.rest(end)?;
    if let Some(gap) = walk.gap {
        let base = walk.block.base;
        walk.visit.cover(base..end, State::Unsupported(gap));
    }
    let announced = walk.block.end_of_file;
    if announced > walk.visit.size() {
        let message = format!("the file says that it ends at {announced}");
        return Err(Stop::malformed(walk.visit.size(), message));
    }
    Ok(())
}

impl Walk<'_, '_> {
    /// Bytes from here to the end.
    pub(super) fn left(&self, at: u64) -> u64 {
        self.visit.size().saturating_sub(at)
    }

    /// Metadata, which is paid for each time that it is read.
    pub(super) fn read(&mut self, at: u64, length: u64) -> Result<Vec<u8>, Stop> {
        self.visit.work(length / 8 + 16)?;
        self.visit.read(at..at.saturating_add(length))
    }

    pub(super) fn work(&mut self, steps: u64) -> Result<(), Stop> {
        self.visit.work(steps)
    }

    /// Claims metadata.
    pub(super) fn claim(&mut self, at: u64, length: u64) {
        self.claim_as(at, length, State::Scanned);
    }

    /// Claims bytes.
    pub(super) fn claim_as(&mut self, at: u64, length: u64, state: State) {
        let end = at.saturating_add(length).min(self.visit.size());
        if at < end {
            let known = self.claimed.entry(at).or_insert(end);
            *known = end.max(*known);
            self.visit.cover(at..end, state);
        }
    }

    /// Says what is not read. The first reason stands.
    pub(super) fn gap(&mut self, what: impl Into<String>) {
        self.gap
            .get_or_insert_with(|| format!("{} is not read by this release", what.into()));
    }

    /// Starts on a structure, which may be there once.
    pub(super) fn enter(&mut self, at: u64) -> Result<(), Stop> {
        if self.entered.insert(at) {
            return Ok(());
        }
        Err(Stop::malformed(
            at,
            "a structure is used twice, or contains itself",
        ))
    }

    /// An object. Several links may lead to it; it is read once.
    pub(super) fn found(&mut self, at: u64, path: String) {
        if self.known.insert(at) {
            self.objects.push((at, path));
        }
    }

    /// The collection (section III.E) at `at`, claimed and searched once, and the value of
    /// this index in it.
    pub(super) fn value(&mut self, at: u64, index: u32) -> Result<Vec<u8>, Stop> {
        let objects = self.collection(at)?;
        let Some(range) = objects.get(&index) else {
            return Err(Stop::malformed(at, "a value is not in its collection"));
        };
        self.read(range.start, range.end - range.start)
    }

    /// Values of a collection by index.
    fn collection(&mut self, at: u64) -> Result<Rc<Values>, Stop> {
        if let Some((latest, objects)) = &self.latest
            && *latest == at
        {
            return Ok(Rc::clone(objects));
        }
        let length = self.block.length;
        let head_size = (8 + length) as u64;
        let head = self.read(at, head_size)?;
        let mut fields = Fields::new(&head, at);
        fields.signature(b"GCOL")?;
        fields.take(4)?;
        let size = fields.number(length)?;
        if size > self.left(at) || size < head_size {
            return Err(Stop::malformed(at, "a collection is longer than the file"));
        }
        self.claim(at, size);
        let mut objects = BTreeMap::new();
        let mut next = at + head_size;
        let end = at + size;
        let is_new = self.collections.insert(at);
        while end - next >= head_size {
            // Dear, so that no file can have the same one read over and over.
            self.work(200)?;
            let head = self.read(next, head_size)?;
            let mut fields = Fields::new(&head, next);
            let index = fields.number(2)?;
            fields.take(6)?;
            let stored = fields.number(length)?;
            if index == 0 {
                break;
            }
            let start = next + head_size;
            let stop = start.saturating_add(stored);
            if stop > end {
                return Err(Stop::malformed(
                    next,
                    "a value is longer than its collection",
                ));
            }
            objects.insert(u32::try_from(index).unwrap_or(0), start..stop);
            next = start.saturating_add(stored.next_multiple_of(8)).min(end);
        }
        if is_new {
            for range in objects.values() {
                let bytes = self.read(range.start, range.end - range.start)?;
                crate::payload::examine(self.visit, &bytes, range.clone());
            }
        }
        let objects = Rc::new(objects);
        self.latest = Some((at, Rc::clone(&objects)));
        Ok(objects)
    }

    /// A manager of free space (section III.H), and the list that it keeps.
    pub(super) fn free_space(&mut self, at: u64) -> Result<(), Stop> {
        let block = self.block.clone();
        let size = (18 + 7 * block.length + block.offset) as u64;
        let bytes = self.read(at, size)?;
        let mut fields = Fields::new(&bytes, at);
        fields.signature(b"FSHD")?;
        fields.take(2 + 4 * block.length + 8 + block.length)?;
        let list = block.address(&mut fields)?;
        fields.take(block.length)?;
        let allocated = fields.number(block.length)?;
        self.claim(at, size);
        if let Some(list) = list {
            let bytes = self.read(list, 4)?;
            Fields::new(&bytes, list).signature(b"FSSE")?;
            self.claim(list, allocated);
        }
        Ok(())
    }

    /// Collections that only packed data refer to, which are found by their signature.
    fn rest(&mut self, end: u64) -> Result<(), Stop> {
        let mut gaps = Vec::new();
        let mut reached = self.block.base;
        for (start, stop) in &self.claimed {
            if *start > reached {
                gaps.push(reached..(*start).min(end));
            }
            reached = reached.max(*stop);
        }
        gaps.push(reached..end.max(reached));
        for gap in gaps {
            let mut next = gap.start;
            while next + 16 <= gap.end {
                let head = self.read(next, 16)?;
                let mut fields = Fields::new(&head, next);
                if fields.signature(b"GCOL").is_err() {
                    break;
                }
                fields.take(4)?;
                let size = fields.number(self.block.length)?;
                if size < 16 || size > gap.end - next {
                    break;
                }
                self.collection(next)?;
                next += size;
            }
        }
        Ok(())
    }
}

/// The path of something below an object, cut where it grows too long.
pub(super) fn below(path: &str, name: &str) -> String {
    let mut whole = if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}/{name}")
    };
    if whole.len() > LONGEST_PATH {
        let mut cut = LONGEST_PATH;
        while !whole.is_char_boundary(cut) {
            cut -= 1;
        }
        whole.truncate(cut);
        whole.push('…');
    }
    whole
}
