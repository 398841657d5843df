//! Trees made to hurt. Each gives a clear outcome, and soon.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bonafide_core::{Budget, NameError};
use bonafide_hash::{EntryKind, Tree, TreeError};
use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat, renameat};

use crate::{measured, names, open};

const LEVELS: usize = 50_000;

/// How long a test waits for two threads to meet, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn fifty_thousand_levels_are_too_deep_and_found_out_soon() {
    let place = tempfile::tempdir().unwrap();
    let _pit = Pit::dig(place.path());
    let start = Instant::now();
    match Tree::open(place.path(), &Budget::DEFAULT) {
        Err(TreeError::TooDeep { limit: 256, at }) => {
            assert_eq!(at.as_bytes().len(), 257 * 2 - 1);
        }
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() < Duration::from_secs(1));
}

/// Directories within directories; no path reaches the last one. Dropping it
/// takes it apart level by level, which a recursive removal would not survive.
struct Pit<'a>(&'a Path);

impl<'a> Pit<'a> {
    fn dig(place: &'a Path) -> Self {
        let flags = OFlags::DIRECTORY | OFlags::RDONLY;
        let mut bottom: OwnedFd = openat(CWD, place, flags, Mode::empty()).unwrap();
        for _ in 0..LEVELS {
            mkdirat(&bottom, "d", Mode::RWXU).unwrap();
            bottom = openat(&bottom, "d", flags, Mode::empty()).unwrap();
        }
        Self(place)
    }
}

impl Drop for Pit<'_> {
    fn drop(&mut self) {
        let (top, rest) = (self.0.join("d"), self.0.join("rest"));
        while renameat(CWD, top.join("d"), CWD, &rest).is_ok() {
            fs::remove_dir(&top).unwrap();
            fs::rename(&rest, &top).unwrap();
        }
    }
}

#[test]
fn names_that_are_no_artifact_names_stay_in_the_list_and_can_be_hashed() {
    let place = tempfile::tempdir().unwrap();
    let long = [b'n'; 255];
    let table: [(&[u8], Option<NameError>); 6] = [
        (
            b"two\nlines",
            Some(NameError::Control {
                code: 10,
                position: 3,
            }),
        ),
        (b"\xff\xfe", Some(NameError::NotUtf8 { position: 0 })),
        ("\u{202e}gnp.exe".as_bytes(), None),
        ("\u{1f600}".as_bytes(), None),
        (b"-rf *", None),
        (&long, None),
    ];
    for (name, _) in &table {
        fs::write(place.path().join(OsStr::from_bytes(name)), "abc").unwrap();
    }
    let tree = open(place.path());
    for (name, expected) in table {
        let entry = tree.entry(name).unwrap();
        assert_eq!(
            entry.parsed.as_ref().err(),
            expected.as_ref(),
            "{}",
            entry.name
        );
        let job = bonafide_hash::Job::whole(entry.name.clone(), bonafide_core::Algorithm::Sha256);
        let answers = crate::run(&tree, vec![job], 1).unwrap();
        assert!(answers[0].digests.is_ok(), "{}", entry.name);
    }
}

#[test]
fn names_longer_than_any_path_are_listed_and_hashed() {
    let place = tempfile::tempdir().unwrap();
    let component = "c".repeat(255);
    let flags = OFlags::DIRECTORY | OFlags::RDONLY;
    let mut bottom: OwnedFd = openat(CWD, place.path(), flags, Mode::empty()).unwrap();
    for _ in 0..30 {
        mkdirat(&bottom, &component, Mode::RWXU).unwrap();
        bottom = openat(&bottom, &component, flags, Mode::empty()).unwrap();
    }
    openat(&bottom, "leaf", OFlags::CREATE | OFlags::WRONLY, Mode::RUSR).unwrap();
    let tree = open(place.path());
    let leaf = tree.entries().last().unwrap();
    assert_eq!(leaf.name.as_bytes().len(), 30 * 256 + 4);
    assert!(matches!(leaf.parsed, Err(NameError::TooLong { .. })));
    let name = std::str::from_utf8(leaf.name.as_bytes()).unwrap();
    assert!(measured(&tree, name).is_ok());
}

#[test]
fn a_hundred_links_to_everything_above_end_the_walk_where_it_stands() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir_all(place.path().join("a/b")).unwrap();
    for number in 0..50 {
        symlink("..", place.path().join(format!("a/up{number}"))).unwrap();
        symlink("../..", place.path().join(format!("a/b/up{number}"))).unwrap();
    }
    assert_eq!(open(place.path()).entries().len(), 102);
}

#[test]
fn a_walk_through_a_tree_that_is_being_torn_down_neither_fails_nor_lies() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path();
    let make = |number: usize| {
        let directory = root.join(format!("d{}", number % 40));
        let _ = fs::create_dir(&directory);
        let _ = fs::write(directory.join(format!("f{number}")), "x");
    };
    // The root itself holds still, so that the walk always gets past it.
    (0..40).for_each(make);
    let done = AtomicBool::new(false);
    let mut noticed = false;
    let deadline = Instant::now() + PATIENCE;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while !done.load(Ordering::Relaxed) {
                make(number);
                let old = number.wrapping_sub(20);
                let _ = fs::remove_file(root.join(format!("d{}/f{old}", old % 40)));
                number += 1;
            }
        });
        let mut walks = 0;
        while walks < 200 || !noticed && Instant::now() < deadline {
            walks += 1;
            let tree = open(root);
            assert!(names(&tree).is_sorted());
            for entry in tree.entries() {
                match &entry.kind {
                    EntryKind::File { .. } | EntryKind::Directory => {}
                    EntryKind::Unreadable(_) => noticed = true,
                    other => panic!("{}: {other:?}", entry.name),
                }
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(noticed, "the meddling was never noticed");
}

#[test]
fn a_root_that_changes_while_it_is_listed_is_no_tree() {
    let place = tempfile::tempdir().unwrap();
    for number in 0..2000 {
        fs::write(place.path().join(number.to_string()), "").unwrap();
    }
    let done = AtomicBool::new(false);
    let noticed = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                fs::write(place.path().join("new"), "").unwrap();
                fs::remove_file(place.path().join("new")).unwrap();
            }
        });
        let deadline = Instant::now() + PATIENCE;
        let mut noticed = false;
        while !noticed && Instant::now() < deadline {
            let outcome = Tree::open(place.path(), &Budget::DEFAULT);
            noticed = matches!(outcome, Err(TreeError::Changed { .. }));
        }
        done.store(true, Ordering::Relaxed);
        noticed
    });
    assert!(noticed);
}
