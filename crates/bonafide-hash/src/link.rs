//! Where links lead, worked out on paper.
//!
//! Asking the kernel would follow the link, perhaps out of the root. The
//! listing knows every name below the root, so the walk along a link's target
//! is played over it, by the rules of `path_resolution(7)`.
//!
//! Links are resolved once each, with an explicit stack: a link that meets
//! another one waits for that one's answer. The work is therefore linear in the
//! bytes of all targets, however the links of a hostile tree point at each other.

use std::collections::HashMap;

use bonafide_core::RawName;

use crate::walk::NAME_BYTES;
use crate::{Entry, EntryKind, LinkEnd, TreeError};

/// Links that a kernel follows for one path before it gives up (`MAXSYMLINKS`).
const MOST_HOPS: u32 = 40;

/// Fills in `leads_to` of every link. `allowance` is what is left for names.
pub(crate) fn resolve_all(entries: &mut [Entry], mut allowance: u64) -> Result<(), TreeError> {
    if !entries
        .iter()
        .any(|entry| matches!(entry.kind, EntryKind::Link { .. }))
    {
        return Ok(());
    }
    let ends = Resolver::new(entries).run();
    let mut resolved = Vec::new();
    for (index, answer) in ends {
        let end = answer.end(entries);
        let length = match &end {
            LinkEnd::File(name)
            | LinkEnd::Directory(name)
            | LinkEnd::Special(name)
            | LinkEnd::Unreadable(name) => name.as_bytes().len() as u64,
            LinkEnd::Outside | LinkEnd::Broken | LinkEnd::Loop => 0,
        };
        allowance = allowance
            .checked_sub(length)
            .ok_or(TreeError::NamesTooLong { limit: NAME_BYTES })?;
        resolved.push((index, end));
    }
    for (index, end) in resolved {
        if let Some(EntryKind::Link { leads_to, .. }) =
            entries.get_mut(index).map(|entry| &mut entry.kind)
        {
            *leads_to = end;
        }
    }
    Ok(())
}

/// A directory of the listing, by its place in it; `None` is the root.
type Directory = Option<usize>;

#[derive(Debug, Clone, Copy)]
enum End {
    Entry(usize),
    Root,
    Outside,
    Broken,
    Loop,
}

/// An end, and how many links were followed to get there.
#[derive(Debug, Clone, Copy)]
struct Answer {
    end: End,
    hops: u32,
}

impl Answer {
    fn end(self, entries: &[Entry]) -> LinkEnd {
        let index = match self.end {
            End::Entry(index) => index,
            End::Root => return LinkEnd::Directory(RawName::from("")),
            End::Outside => return LinkEnd::Outside,
            End::Broken => return LinkEnd::Broken,
            End::Loop => return LinkEnd::Loop,
        };
        let Some(entry) = entries.get(index) else {
            return LinkEnd::Broken;
        };
        let name = entry.name.clone();
        match entry.kind {
            EntryKind::File { .. } => LinkEnd::File(name),
            EntryKind::Directory => LinkEnd::Directory(name),
            EntryKind::Special(_) => LinkEnd::Special(name),
            EntryKind::Unreadable(_) => LinkEnd::Unreadable(name),
            // A link's answer is where the next one ends, never a link.
            EntryKind::Link { .. } => LinkEnd::Broken,
        }
    }
}

enum Progress {
    Waiting,
    Done(Answer),
}

/// One link whose target is being walked.
struct Frame<'a> {
    link: usize,
    /// Components that are still to come.
    rest: Option<&'a [u8]>,
    at: Directory,
    hops: u32,
}

enum Step {
    Finished(End),
    Meets(usize),
}

struct Resolver<'a> {
    entries: &'a [Entry],
    parents: Vec<Directory>,
    children: HashMap<(Directory, &'a [u8]), usize>,
    progress: HashMap<usize, Progress>,
}

impl<'a> Resolver<'a> {
    fn new(entries: &'a [Entry]) -> Self {
        let mut by_name = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            if matches!(entry.kind, EntryKind::Directory | EntryKind::Unreadable(_)) {
                by_name.insert(entry.name.as_bytes(), index);
            }
        }
        let mut parents = Vec::with_capacity(entries.len());
        let mut children = HashMap::with_capacity(entries.len());
        let mut progress = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let name = entry.name.as_bytes();
            let (parent, component) = match name.iter().rposition(|byte| *byte == b'/') {
                Some(slash) => {
                    let (before, after) = name.split_at(slash);
                    (
                        by_name.get(before).copied(),
                        after.get(1..).unwrap_or_default(),
                    )
                }
                None => (None, name),
            };
            parents.push(parent);
            children.insert((parent, component), index);
            if let Some(end) = end_without_walk(&entry.kind) {
                progress.insert(index, Progress::Done(Answer { end, hops: 1 }));
            }
        }
        Self {
            entries,
            parents,
            children,
            progress,
        }
    }

    fn run(mut self) -> Vec<(usize, Answer)> {
        let mut answers = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            if matches!(entry.kind, EntryKind::Link { .. }) {
                answers.push((index, self.resolve(index)));
            }
        }
        answers
    }

    fn resolve(&mut self, link: usize) -> Answer {
        if let Some(Progress::Done(answer)) = self.progress.get(&link) {
            return *answer;
        }
        let mut frames = Vec::new();
        self.follow(link, &mut frames);
        let mut last = Answer {
            end: End::Broken,
            hops: 0,
        };
        while let Some(frame) = frames.last_mut() {
            let end = match self.advance(frame) {
                Step::Finished(end) => end,
                Step::Meets(next) => match self.progress.get(&next) {
                    Some(Progress::Done(answer)) => {
                        match continue_after(*answer, frame, self.entries) {
                            Some(end) => end,
                            None => continue,
                        }
                    }
                    // It waits for the very answer that we are looking for.
                    Some(Progress::Waiting) => End::Loop,
                    None => {
                        self.follow(next, &mut frames);
                        continue;
                    }
                },
            };
            let hops = frame.hops;
            last = Answer {
                end: if hops > MOST_HOPS { End::Loop } else { end },
                hops,
            };
            self.progress.insert(frame.link, Progress::Done(last));
            frames.pop();
        }
        last
    }

    /// Starts to walk along the target of a link.
    fn follow(&mut self, link: usize, frames: &mut Vec<Frame<'a>>) {
        self.progress.insert(link, Progress::Waiting);
        let target = match self.entries.get(link).map(|entry| &entry.kind) {
            Some(EntryKind::Link { target, .. }) => target.as_bytes(),
            _ => &[],
        };
        frames.push(Frame {
            link,
            rest: Some(target),
            at: self.parents.get(link).copied().flatten(),
            hops: 1,
        });
    }

    /// Walks along a target until it ends or meets a link, which is then left
    /// as the next component.
    fn advance(&self, frame: &mut Frame<'a>) -> Step {
        while let Some(target) = frame.rest {
            let (component, rest) = split_first(target);
            match component {
                b"" | b"." => {}
                b".." => match frame.at {
                    None => return Step::Finished(End::Outside),
                    Some(directory) => {
                        frame.at = self.parents.get(directory).copied().flatten();
                    }
                },
                component => {
                    let Some(&index) = self.children.get(&(frame.at, component)) else {
                        return Step::Finished(End::Broken);
                    };
                    match self.entries.get(index).map(|entry| &entry.kind) {
                        Some(EntryKind::Link { .. }) => return Step::Meets(index),
                        Some(EntryKind::Directory) => frame.at = Some(index),
                        Some(EntryKind::Unreadable(_)) => {
                            return Step::Finished(End::Entry(index));
                        }
                        Some(_) if rest.is_none() => return Step::Finished(End::Entry(index)),
                        // Something follows a file, if only a slash.
                        _ => return Step::Finished(End::Broken),
                    }
                }
            }
            frame.rest = rest;
        }
        Step::Finished(frame.at.map_or(End::Root, End::Entry))
    }
}

/// Targets that need no walk: absolute ones, and the empty one, which no
/// system makes but a file system may show.
fn end_without_walk(kind: &EntryKind) -> Option<End> {
    match kind {
        EntryKind::Link { target, .. } => match target.as_bytes().first() {
            None => Some(End::Broken),
            Some(b'/') => Some(End::Outside),
            Some(_) => None,
        },
        _ => None,
    }
}

/// Takes over the answer of a link that was the next component: `None` when it
/// was a directory and the walk goes on in there.
fn continue_after(answer: Answer, frame: &mut Frame<'_>, entries: &[Entry]) -> Option<End> {
    frame.hops = frame.hops.saturating_add(answer.hops);
    let (_, rest) = frame.rest.map_or((&[][..], None), split_first);
    frame.rest = rest;
    let directory = match answer.end {
        End::Root => None,
        End::Entry(index) => match entries.get(index).map(|entry| &entry.kind) {
            Some(EntryKind::Directory) => Some(index),
            Some(EntryKind::Unreadable(_)) => return Some(answer.end),
            _ if rest.is_none() => return Some(answer.end),
            _ => return Some(End::Broken),
        },
        end => return Some(end),
    };
    frame.at = directory;
    rest.is_none().then_some(answer.end)
}

fn split_first(path: &[u8]) -> (&[u8], Option<&[u8]>) {
    match path.iter().position(|byte| *byte == b'/') {
        Some(slash) => {
            let (component, rest) = path.split_at(slash);
            (component, rest.get(1..))
        }
        None => (path, None),
    }
}
