//! A file must be the one that was listed, before and after it is read.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Once;

use bonafide_hash::{Change, Observer, ReadFailure};

use crate::{job, make_fifo, measured, noise, observed, open, run};

fn changed(what: Change) -> ReadFailure {
    ReadFailure::Changed { what }
}

/// Lists a tree with `sub/file` (5 bytes), lets `meddle` loose on it, hashes the file.
fn after(meddle: impl FnOnce(&Path)) -> ReadFailure {
    let place = tempfile::tempdir().unwrap();
    let root = place.path().join("root");
    fs::create_dir_all(root.join("sub")).unwrap();
    fs::write(root.join("sub/file"), "12345").unwrap();
    fs::write(place.path().join("secret"), "12345").unwrap();
    let tree = open(&root);
    assert!(measured(&tree, "sub/file").is_ok());
    meddle(&root);
    measured(&tree, "sub/file").unwrap_err()
}

#[test]
fn a_file_that_changed_after_the_walk_has_no_digest() {
    let failure = after(|root| fs::write(root.join("sub/file"), "1234567").unwrap());
    assert_eq!(
        failure,
        changed(Change::Size {
            listed: 5,
            found: 7
        })
    );
    let failure = after(|root| fs::write(root.join("sub/file"), "123").unwrap());
    assert_eq!(
        failure,
        changed(Change::Size {
            listed: 5,
            found: 3
        })
    );
    let failure = after(|root| {
        let times = fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
        let file = OpenOptions::new()
            .write(true)
            .open(root.join("sub/file"))
            .unwrap();
        file.set_times(times).unwrap();
    });
    assert_eq!(failure, changed(Change::Times));
    let failure = after(|root| {
        let mode = fs::Permissions::from_mode(0o640);
        fs::set_permissions(root.join("sub/file"), mode).unwrap();
    });
    assert_eq!(failure, changed(Change::Times));
}

#[test]
fn a_file_that_was_replaced_after_the_walk_is_not_read() {
    let failure = after(|root| {
        fs::write(root.join("new"), "12345").unwrap();
        fs::rename(root.join("new"), root.join("sub/file")).unwrap();
    });
    assert_eq!(failure, changed(Change::Identity));
    let failure = after(|root| fs::remove_file(root.join("sub/file")).unwrap());
    assert_eq!(failure, ReadFailure::Vanished);
    let failure = after(|root| {
        fs::remove_file(root.join("sub/file")).unwrap();
        fs::create_dir(root.join("sub/file")).unwrap();
    });
    assert_eq!(failure, changed(Change::Kind));
}

#[test]
fn a_file_that_became_a_link_after_the_walk_is_not_followed() {
    let failure = after(|root| {
        fs::rename(root.join("sub/file"), root.join("sub/moved")).unwrap();
        symlink("moved", root.join("sub/file")).unwrap();
    });
    assert_eq!(failure, changed(Change::Kind));
}

/// The same inode is behind the link, so only not following it can tell.
#[test]
fn a_directory_that_became_a_link_after_the_walk_is_not_followed() {
    let failure = after(|root| {
        fs::rename(root.join("sub"), root.join("moved")).unwrap();
        symlink("moved", root.join("sub")).unwrap();
    });
    assert_eq!(failure, changed(Change::Kind));
}

#[test]
fn a_file_that_became_a_fifo_after_the_walk_blocks_nobody() {
    let failure = after(|root| {
        fs::remove_file(root.join("sub/file")).unwrap();
        make_fifo(&root.join("sub/file"));
    });
    assert_eq!(failure, changed(Change::Kind));
}

#[test]
fn a_file_that_became_a_socket_after_the_walk_is_no_file() {
    let failure = after(|root| {
        fs::remove_file(root.join("sub/file")).unwrap();
        drop(std::os::unix::net::UnixListener::bind(root.join("sub/file")).unwrap());
    });
    assert_eq!(failure, changed(Change::Kind));
}

/// Meddles once, as soon as the first piece has been hashed.
struct Meddler<F: Fn() + Sync> {
    once: Once,
    meddle: F,
}

impl<F: Fn() + Sync> Observer for Meddler<F> {
    fn advance(&self, _bytes: u64) {
        self.once.call_once(&self.meddle);
    }
}

/// One worker reads in turn, two workers read ahead.
#[test]
fn a_file_that_changes_while_it_is_read_has_no_digest() {
    const LENGTH: usize = 40 << 20;
    type Meddle = fn(&Path);
    let ways: [(&str, Meddle); 3] = [
        ("shrinks", |path| {
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.set_len(100).unwrap();
        }),
        ("grows", |path| {
            let mut file = OpenOptions::new().append(true).open(path).unwrap();
            file.write_all(b"more").unwrap();
        }),
        ("is overwritten", |path| {
            let mut file = OpenOptions::new().write(true).open(path).unwrap();
            file.write_all(b"other").unwrap();
        }),
    ];
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("file");
    let bytes = noise(LENGTH, 1);
    for workers in [1, 2] {
        for (way, meddle) in &ways {
            fs::write(&path, &bytes).unwrap();
            let tree = open(place.path());
            let meddler = Meddler {
                once: Once::new(),
                meddle: || meddle(&path),
            };
            let shard = bonafide_hash::Job {
                range: Some(0..36 << 20),
                ..job("file")
            };
            for job in [job("file"), shard] {
                let answer = observed(&tree, vec![job], workers, &meddler)
                    .unwrap()
                    .remove(0);
                let failure = answer.digests.expect_err(way);
                assert!(
                    matches!(
                        failure,
                        ReadFailure::Changed {
                            what: Change::Size { .. } | Change::Times
                        }
                    ),
                    "{way}, {workers} workers: {failure:?}"
                );
            }
        }
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let place = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        fs::write(place.path().join(name), name).unwrap();
    }
    let tree = open(place.path());
    fs::remove_file(place.path().join("b")).unwrap();
    let answers = run(&tree, ["a", "b", "c"].map(job).to_vec(), 2).unwrap();
    let good: Vec<bool> = answers
        .iter()
        .map(|answer| answer.digests.is_ok())
        .collect();
    assert_eq!(good, [true, false, true]);
    assert_eq!(answers[1].digests, Err(ReadFailure::Vanished));
}

/// `/proc` says that its files are empty, which they are not.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_holds_more_than_its_size_says_has_no_digest() {
    let tree = open(Path::new("/proc/self/status"));
    let failure = measured(&tree, "status").unwrap_err();
    assert!(
        matches!(failure, ReadFailure::Changed { .. }),
        "{failure:?}"
    );
}

#[test]
fn a_single_file_is_held_to_the_same_rules() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("model");
    fs::write(&path, "12345").unwrap();
    let tree = open(&path);
    fs::rename(&path, place.path().join("moved")).unwrap();
    symlink("moved", &path).unwrap();
    assert_eq!(measured(&tree, "model"), Err(changed(Change::Kind)));
}
