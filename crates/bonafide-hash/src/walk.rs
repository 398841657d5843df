//! Lists a tree without trusting it: from descriptor to descriptor, never by
//! path, so that a directory that becomes a link under our feet is not entered.
//!
//! The walk is a loop with its own stack, because the tree decides how deep it
//! goes; the stack holds one descriptor a level, at most [`Budget::depth`].
//! Every cap is checked before the thing that it caps is stored.

use std::ffi::CStr;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;

use bonafide_core::{ArtifactName, Budget, RawName};
use rustix::fs::{AtFlags, Dir, FileType, Stat, fstat, readlinkat_raw, statat};
use rustix::io::{Errno, retry_on_intr};

use crate::beneath::open_directory;
use crate::entry::{Entry, EntryKind, LinkEnd, SpecialKind};
use crate::{Change, FileIdentity, Operation, ReadFailure, TreeError, link};

/// Most bytes of names and link targets in one tree. Without it, a million
/// files below a few hundred nested directories with long names would take
/// tens of gigabytes. Every model tree that we know stays below one megabyte.
pub(crate) const NAME_BYTES: u64 = 256 << 20;

/// Longest text of a link (`PATH_MAX`); Linux itself stores no longer ones.
const LINK_BYTES: usize = 4096;

/// Lists everything below `root`, sorted by name. `path` is for messages only.
pub(crate) fn list(root: &OwnedFd, path: &Path, budget: &Budget) -> Result<Vec<Entry>, TreeError> {
    let mut walk = Walk {
        entries: Vec::new(),
        name_bytes: 0,
        budget,
    };
    walk.run(root, path)?;
    let mut entries = walk.entries;
    entries.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    // A directory that changes while it is listed may show a name twice.
    entries.dedup_by(|later, earlier| later.name == earlier.name);
    link::resolve_all(&mut entries, NAME_BYTES - walk.name_bytes)?;
    Ok(entries)
}

struct Walk<'a> {
    entries: Vec<Entry>,
    name_bytes: u64,
    budget: &'a Budget,
}

/// A directory that is open because some of its subdirectories are still to be listed.
struct Level {
    directory: Dir,
    pending: Vec<Subdirectory>,
}

struct Subdirectory {
    /// Its place in `Walk::entries`.
    index: usize,
    component: Box<CStr>,
    identity: FileIdentity,
}

/// A limit ends the walk; a failure concerns one directory only.
enum Stop {
    Limit(TreeError),
    Failure(ReadFailure),
}

impl Walk<'_> {
    fn run(&mut self, root: &OwnedFd, path: &Path) -> Result<(), TreeError> {
        let failed = |errno: Errno| TreeError::Io {
            path: path.to_path_buf(),
            source: errno.into(),
        };
        let before = fstat(root).map_err(failed)?;
        let top = Dir::read_from(root).map_err(failed)?;
        let (top, complete) = self.list_directory(top, &[], 0, &before);
        complete.map_err(|stop| match stop {
            Stop::Limit(error) => error,
            Stop::Failure(ReadFailure::Changed { .. } | ReadFailure::Vanished) => {
                TreeError::Changed {
                    path: path.to_path_buf(),
                }
            }
            Stop::Failure(failure) => TreeError::Io {
                path: path.to_path_buf(),
                source: std::io::Error::other(failure),
            },
        })?;

        let mut levels = vec![top];
        while let Some(level) = levels.last_mut() {
            let Some(subdirectory) = level.pending.pop() else {
                levels.pop();
                continue;
            };
            let depth = levels.len();
            match self.enter(&levels, &subdirectory, depth) {
                Ok(Some(level)) => levels.push(level),
                Ok(None) => {}
                Err(Stop::Limit(error)) => return Err(error),
                Err(Stop::Failure(failure)) => self.give_up(subdirectory.index, failure),
            }
        }
        Ok(())
    }

    /// Opens and lists one subdirectory of the last level.
    fn enter(
        &mut self,
        levels: &[Level],
        subdirectory: &Subdirectory,
        depth: usize,
    ) -> Result<Option<Level>, Stop> {
        let Some(parent) = levels.last() else {
            return Ok(None);
        };
        let parent = directory_descriptor(&parent.directory)?;
        let opened = open_directory(parent, subdirectory.component.to_bytes())
            .map_err(|errno| stop(Operation::Open, errno))?;
        let before = fstat(&opened).map_err(|errno| stop(Operation::Inspect, errno))?;
        if !subdirectory
            .identity
            .is_same_inode(&FileIdentity::from_stat(&before))
        {
            return Err(Stop::Failure(ReadFailure::changed(Change::Identity)));
        }
        let name = self
            .entries
            .get(subdirectory.index)
            .map(|entry| entry.name.as_bytes().to_vec())
            .unwrap_or_default();
        let directory = Dir::new(opened).map_err(|errno| stop(Operation::List, errno))?;
        let (level, complete) = self.list_directory(directory, &name, depth, &before);
        match complete {
            Ok(()) => {}
            Err(Stop::Failure(failure)) => self.give_up(subdirectory.index, failure),
            Err(limit) => return Err(limit),
        }
        Ok((!level.pending.is_empty()).then_some(level))
    }

    /// Stores an entry for each name in the directory. What was listed counts
    /// even if the listing then fails.
    fn list_directory(
        &mut self,
        mut directory: Dir,
        name: &[u8],
        depth: usize,
        before: &Stat,
    ) -> (Level, Result<(), Stop>) {
        let mut pending = Vec::new();
        let mut complete = Ok(());
        while let Some(item) = directory.read() {
            let stored = item
                .map_err(|errno| stop(Operation::List, errno))
                .and_then(|item| match item.file_name() {
                    component if matches!(component.to_bytes(), b"." | b"..") => Ok(()),
                    component => {
                        let parent = directory_descriptor(&directory)?;
                        self.store(parent, name, component, depth, &mut pending)
                    }
                });
            if let Err(stopped) = stored {
                complete = Err(stopped);
                break;
            }
        }
        if complete.is_ok() {
            complete = ensure_unchanged(&directory, before);
        }
        let level = Level { directory, pending };
        (level, complete)
    }

    fn store(
        &mut self,
        parent: BorrowedFd<'_>,
        parent_name: &[u8],
        component: &CStr,
        depth: usize,
        pending: &mut Vec<Subdirectory>,
    ) -> Result<(), Stop> {
        if self.entries.len() as u64 >= self.budget.entries {
            return Err(Stop::Limit(TreeError::TooManyEntries {
                limit: self.budget.entries,
            }));
        }
        let length = parent_name.len() + 1 + component.count_bytes();
        self.spend(length)?;
        let mut name = Vec::with_capacity(length);
        if !parent_name.is_empty() {
            name.extend_from_slice(parent_name);
            name.push(b'/');
        }
        name.extend_from_slice(component.to_bytes());

        let kind = match retry_on_intr(|| statat(parent, component, AtFlags::SYMLINK_NOFOLLOW)) {
            Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => EntryKind::File {
                    size: FileIdentity::from_stat(&stat).size(),
                    identity: FileIdentity::from_stat(&stat),
                },
                FileType::Directory => {
                    if depth >= self.budget.depth {
                        return Err(Stop::Limit(TreeError::TooDeep {
                            limit: self.budget.depth,
                            at: RawName::new(name),
                        }));
                    }
                    pending.push(Subdirectory {
                        index: self.entries.len(),
                        component: component.into(),
                        identity: FileIdentity::from_stat(&stat),
                    });
                    EntryKind::Directory
                }
                FileType::Symlink => self.read_link(parent, component)?,
                other => EntryKind::Special(SpecialKind::from_type(other)),
            },
            Err(errno) => EntryKind::Unreadable(ReadFailure::from_errno(Operation::Inspect, errno)),
        };
        self.entries.push(Entry {
            parsed: ArtifactName::parse(&name),
            name: RawName::new(name),
            kind,
        });
        Ok(())
    }

    fn read_link(&mut self, parent: BorrowedFd<'_>, component: &CStr) -> Result<EntryKind, Stop> {
        let mut buffer = [0; LINK_BYTES + 1];
        let length = match retry_on_intr(|| readlinkat_raw(parent, component, &mut buffer[..])) {
            Ok(length) => length,
            Err(errno) => {
                let failure = ReadFailure::from_errno(Operation::ReadLink, errno);
                return Ok(EntryKind::Unreadable(failure));
            }
        };
        let Some(target) = buffer
            .get(..length)
            .filter(|target| target.len() <= LINK_BYTES)
        else {
            return Ok(EntryKind::Unreadable(ReadFailure::LinkTooLong {
                limit: LINK_BYTES,
            }));
        };
        self.spend(length)?;
        Ok(EntryKind::Link {
            target: RawName::new(target),
            // Known once everything is listed.
            leads_to: LinkEnd::Broken,
        })
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Stop> {
        self.name_bytes += bytes as u64;
        if self.name_bytes > NAME_BYTES {
            return Err(Stop::Limit(TreeError::NamesTooLong { limit: NAME_BYTES }));
        }
        Ok(())
    }

    fn give_up(&mut self, index: usize, failure: ReadFailure) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.kind = EntryKind::Unreadable(failure);
        }
    }
}

/// A directory that gained or lost names during the listing may have hidden
/// some of them from it (a file renamed from the part that was still to be
/// read into the part that had been).
fn ensure_unchanged(directory: &Dir, before: &Stat) -> Result<(), Stop> {
    let after = directory
        .stat()
        .map_err(|errno| stop(Operation::Inspect, errno))?;
    if after.st_nlink == 0 {
        return Err(Stop::Failure(ReadFailure::Vanished));
    }
    if FileIdentity::from_stat(before) != FileIdentity::from_stat(&after) {
        return Err(Stop::Failure(ReadFailure::changed(Change::Listing)));
    }
    Ok(())
}

fn directory_descriptor(directory: &Dir) -> Result<BorrowedFd<'_>, Stop> {
    directory.fd().map_err(|errno| stop(Operation::List, errno))
}

fn stop(operation: Operation, errno: Errno) -> Stop {
    Stop::Failure(ReadFailure::from_errno(operation, errno))
}
