//! The only place that opens what an untrusted name points at.
//!
//! A held descriptor stands for the root. On Linux `openat2` resolves the whole
//! name in the kernel and refuses links and anything that leaves the root.
//! Where it is missing (other systems, old kernels, sandboxes) or the name is
//! longer than one call takes, the name is walked component by component, each
//! opened without following links from the descriptor of the one before.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use bonafide_core::RawName;
use rustix::fs::{Mode, OFlags, openat};
use rustix::io::{self, Errno, retry_on_intr};

use crate::snapshot::Blobs;
use crate::{Operation, ReadFailure};

/// A fifo or device that took the place of a file must neither block us nor
/// become our terminal.
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOCTTY);

/// For reading the names in it.
pub(crate) const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// For reaching what is in it; permission to list is not needed where the
/// system can tell the difference.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) const PASSAGE: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) const PASSAGE: OFlags = DIRECTORY;

/// Where names start.
#[derive(Debug)]
pub(crate) struct Root {
    /// None where the tree is but the record of one.
    directory: Option<OwnedFd>,
    /// For a tree of one file: its name in `directory`, whatever the user calls it.
    file: Option<Box<[u8]>>,
    /// Where the files of a snapshot lie.
    blobs: Option<Blobs>,
}

impl Root {
    pub(crate) const fn directory(directory: OwnedFd, blobs: Option<Blobs>) -> Self {
        Self {
            directory: Some(directory),
            file: None,
            blobs,
        }
    }

    /// Of a recorded tree: nothing can be opened in it.
    pub(crate) const fn absent() -> Self {
        Self {
            directory: None,
            file: None,
            blobs: None,
        }
    }

    pub(crate) const fn single_file(parent: OwnedFd, name: Box<[u8]>) -> Self {
        Self {
            directory: Some(parent),
            file: Some(name),
            blobs: None,
        }
    }

    /// Opens what should be a regular file; the caller must still ask what it got.
    pub(crate) fn open_file(&self, name: &[u8]) -> Result<OwnedFd, ReadFailure> {
        let Some(directory) = &self.directory else {
            return Err(ReadFailure::Absent);
        };
        let blob = self.blobs.as_ref().and_then(|blobs| {
            let blob = blobs.names.get(&RawName::new(name))?;
            Some((blobs.directory.as_fd(), &**blob))
        });
        let (root, name) =
            blob.unwrap_or((directory.as_fd(), self.file.as_deref().unwrap_or(name)));
        open_beneath(root, name).map_err(|errno| ReadFailure::from_errno(Operation::Open, errno))
    }
}

/// Opens a directory by one component, for listing.
pub(crate) fn open_directory(parent: BorrowedFd<'_>, component: &[u8]) -> io::Result<OwnedFd> {
    open_component(parent, component, DIRECTORY | OFlags::NOFOLLOW)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn open_beneath(root: BorrowedFd<'_>, name: &[u8]) -> io::Result<OwnedFd> {
    use rustix::fs::{ResolveFlags, openat2};

    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    match retry_on_intr(|| openat2(root, name, FILE, Mode::empty(), resolve)) {
        // Old kernels and gVisor answer NOSYS, seccomp filters often PERM. If
        // the file itself is why, the walk below gives the same answer.
        Err(Errno::NOSYS | Errno::PERM | Errno::NAMETOOLONG | Errno::AGAIN) => {
            open_stepwise(root, name)
        }
        answer => answer,
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn open_beneath(root: BorrowedFd<'_>, name: &[u8]) -> io::Result<OwnedFd> {
    open_stepwise(root, name)
}

fn open_stepwise(root: BorrowedFd<'_>, name: &[u8]) -> io::Result<OwnedFd> {
    let mut components = name.split(|byte| *byte == b'/').peekable();
    let mut reached: Option<OwnedFd> = None;
    while let Some(component) = components.next() {
        let parent = reached.as_ref().map_or(root, AsFd::as_fd);
        if components.peek().is_none() {
            return open_component(parent, component, FILE);
        }
        reached = Some(open_component(
            parent,
            component,
            PASSAGE | OFlags::NOFOLLOW,
        )?);
    }
    Err(Errno::NOENT)
}

fn open_component(parent: BorrowedFd<'_>, component: &[u8], flags: OFlags) -> io::Result<OwnedFd> {
    // Listings hold no such names, but this is the last door.
    if matches!(component, b"" | b"." | b"..") || component.contains(&b'/') {
        return Err(Errno::XDEV);
    }
    retry_on_intr(|| openat(parent, component, flags, Mode::empty()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    type Opener = fn(BorrowedFd<'_>, &[u8]) -> io::Result<OwnedFd>;

    #[test]
    fn both_ways_of_opening_stay_below_the_root_and_follow_no_link() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("root");
        fs::create_dir_all(inner.join("a/b")).unwrap();
        fs::write(inner.join("a/b/file"), "x").unwrap();
        fs::write(outer.path().join("secret"), "x").unwrap();
        symlink("file", inner.join("a/b/link")).unwrap();
        symlink("a", inner.join("door")).unwrap();
        symlink("../secret", inner.join("escape")).unwrap();
        let root: OwnedFd = fs::File::open(&inner).unwrap().into();

        let secret = outer.path().join("secret");
        let absolute = std::os::unix::ffi::OsStrExt::as_bytes(secret.as_os_str());
        for (way, open) in [
            ("kernel", open_beneath as Opener),
            ("stepwise", open_stepwise),
        ] {
            assert!(open(root.as_fd(), b"a/b/file").is_ok(), "{way}");
            for name in [
                b"a/b/link".as_slice(),
                b"door/b/file",
                b"escape",
                b"../secret",
                b"a/../../secret",
                absolute,
                b"",
                b"missing",
            ] {
                assert!(open(root.as_fd(), name).is_err(), "{way} opened {name:?}");
            }
        }
    }

    #[test]
    fn names_longer_than_one_call_takes_are_walked() {
        let place = tempfile::tempdir().unwrap();
        let root: OwnedFd = fs::File::open(place.path()).unwrap().into();
        let component = [b'd'; 255];
        let mut directory = root.try_clone().unwrap();
        let mut name = Vec::new();
        for _ in 0..20 {
            rustix::fs::mkdirat(&directory, component.as_slice(), Mode::RWXU).unwrap();
            directory = open_directory(directory.as_fd(), &component).unwrap();
            name.extend_from_slice(&component);
            name.push(b'/');
        }
        let create = OFlags::CREATE | OFlags::WRONLY;
        openat(&directory, "leaf", create, Mode::RUSR).unwrap();
        name.extend_from_slice(b"leaf");
        assert!(name.len() > 4096);
        assert!(open_beneath(root.as_fd(), &name).is_ok());
    }
}
