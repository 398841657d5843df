use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use bonafide_core::Budget;
use bonafide_hash::{EntryKind, Operation, ReadFailure, SpecialKind, Tree, TreeError, TreeKind};

use crate::{kind, make_fifo, measured, names, open};

#[test]
fn entries_are_sorted_by_the_bytes_of_their_full_names_however_they_were_made() {
    let made: [&[&str]; 2] = [
        &["a-b", "a/c", "a.d", "b", "é", "Z", "a/b/c", "a0"],
        &["a0", "é", "a/b/c", "Z", "a.d", "a/c", "b", "a-b"],
    ];
    let lists = made.map(|files| {
        let place = tempfile::tempdir().unwrap();
        for file in files {
            let path = place.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        names(&open(place.path()))
    });
    assert_eq!(lists[0], lists[1]);
    assert_eq!(
        lists[0],
        [
            "Z", "a", "a-b", "a.d", "a/b", "a/b/c", "a/c", "a0", "b", "é"
        ]
    );
}

#[test]
fn every_kind_of_thing_is_named_and_none_is_opened() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path();
    fs::write(root.join("file"), "four").unwrap();
    fs::create_dir(root.join("directory")).unwrap();
    symlink("file", root.join("link")).unwrap();
    make_fifo(&root.join("fifo"));
    let _socket = UnixListener::bind(root.join("socket")).unwrap();
    let tree = open(root);
    assert_eq!(tree.kind(), TreeKind::Directory);
    assert!(matches!(
        kind(&tree, "file"),
        EntryKind::File { size: 4, .. }
    ));
    assert_eq!(kind(&tree, "directory"), &EntryKind::Directory);
    assert!(matches!(kind(&tree, "link"), EntryKind::Link { .. }));
    assert_eq!(kind(&tree, "fifo"), &EntryKind::Special(SpecialKind::Fifo));
    assert_eq!(
        kind(&tree, "socket"),
        &EntryKind::Special(SpecialKind::Socket)
    );
    assert_eq!(tree.entries().len(), 5);
}

#[test]
fn a_single_file_is_a_tree_of_one_entry_under_the_name_that_the_user_gave() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("store")).unwrap();
    fs::write(place.path().join("store/blob"), "abc").unwrap();
    symlink("store/blob", place.path().join("model.bin")).unwrap();
    for path in ["store/blob", "model.bin"] {
        let tree = open(&place.path().join(path));
        let name = path.rsplit('/').next().unwrap();
        assert_eq!(tree.kind(), TreeKind::File);
        assert_eq!(names(&tree), [name]);
        let digests = measured(&tree, name).unwrap();
        assert!(digests[0].get().hex().starts_with("ba7816bf"));
    }
}

#[test]
fn a_root_that_is_a_link_is_the_users_own_word_and_followed() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("real")).unwrap();
    fs::write(place.path().join("real/file"), "x").unwrap();
    symlink("real", place.path().join("alias")).unwrap();
    assert_eq!(names(&open(&place.path().join("alias"))), ["file"]);
}

#[test]
fn a_path_that_is_no_tree_is_an_error_that_says_why() {
    let place = tempfile::tempdir().unwrap();
    let fail = |path: &Path| Tree::open(path, &Budget::DEFAULT).unwrap_err();
    let missing = fail(&place.path().join("mis\nsing"));
    assert!(matches!(missing, TreeError::NotFound { .. }));
    assert!(missing.to_string().ends_with("mis\\nsing` does not exist"));
    make_fifo(&place.path().join("fifo"));
    let fifo = fail(&place.path().join("fifo"));
    assert!(matches!(fifo, TreeError::NotAFileOrDirectory { .. }));
    assert!(matches!(
        fail(Path::new("/dev/null")),
        TreeError::NotAFileOrDirectory { .. }
    ));
}

#[test]
fn a_file_is_found_by_its_inode() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("a")).unwrap();
    fs::write(place.path().join("a/file"), "x").unwrap();
    fs::write(place.path().join("other"), "x").unwrap();
    let tree = open(place.path());
    let metadata = fs::metadata(place.path().join("a/file")).unwrap();
    let found = tree
        .find_by_identity(metadata.dev(), metadata.ino())
        .unwrap();
    assert_eq!(found.name.to_string(), "a/file");
    let directory = fs::metadata(place.path().join("a")).unwrap();
    assert_eq!(
        tree.find_by_identity(directory.dev(), directory.ino()),
        None
    );
}

#[test]
fn more_entries_than_allowed_end_the_walk() {
    let place = tempfile::tempdir().unwrap();
    for number in 0..12 {
        fs::write(place.path().join(number.to_string()), "").unwrap();
    }
    let with = |entries| {
        let budget = Budget {
            entries,
            ..Budget::DEFAULT
        };
        Tree::open(place.path(), &budget)
    };
    assert_eq!(with(12).unwrap().entries().len(), 12);
    assert!(matches!(
        with(11),
        Err(TreeError::TooManyEntries { limit: 11 })
    ));
}

#[test]
fn more_levels_than_allowed_end_the_walk() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir_all(place.path().join("1/2/3")).unwrap();
    fs::write(place.path().join("1/2/3/file"), "").unwrap();
    let with = |depth| {
        let budget = Budget {
            depth,
            ..Budget::DEFAULT
        };
        Tree::open(place.path(), &budget)
    };
    assert_eq!(with(3).unwrap().entries().len(), 4);
    match with(2) {
        Err(TreeError::TooDeep { limit: 2, at }) => assert_eq!(at.to_string(), "1/2/3"),
        other => panic!("{other:?}"),
    }
}

/// Root may read everything, so as root the test runs itself again as nobody.
#[test]
fn what_may_not_be_read_is_listed_with_the_reason() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path();
    fs::create_dir(root.join("closed")).unwrap();
    fs::write(root.join("closed/inside"), "x").unwrap();
    fs::create_dir(root.join("names-only")).unwrap();
    fs::write(root.join("names-only/inside"), "x").unwrap();
    fs::write(root.join("file"), "x").unwrap();
    fs::write(root.join("good"), "abc").unwrap();
    let set = |name: &str, mode| {
        fs::set_permissions(root.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("closed", 0o000);
    set("names-only", 0o400);
    set("file", 0o000);

    if fs::File::open(root.join("file")).is_ok() {
        return again_as_nobody("walk::what_may_not_be_read_is_listed_with_the_reason");
    }
    let tree = open(root);
    let denied = |operation| ReadFailure::Denied { operation };
    assert_eq!(
        kind(&tree, "closed"),
        &EntryKind::Unreadable(denied(Operation::Open))
    );
    assert_eq!(
        kind(&tree, "names-only/inside"),
        &EntryKind::Unreadable(denied(Operation::Inspect))
    );
    assert_eq!(
        measured(&tree, "names-only/inside"),
        Err(denied(Operation::Inspect))
    );
    assert_eq!(measured(&tree, "file"), Err(denied(Operation::Open)));
    assert!(measured(&tree, "good").is_ok());
    set("closed", 0o700);
    set("names-only", 0o700);
}

#[allow(clippy::print_stderr, reason = "a part that is skipped must be seen")]
fn again_as_nobody(test: &str) {
    const NOBODY: u32 = 65534;
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("suite");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    for path in [place.path(), &program] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(&program);
    command
        .args(["--exact", test])
        .uid(NOBODY)
        .gid(NOBODY)
        .current_dir("/");
    match command.output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{text}");
            assert!(text.contains("1 passed"), "{text}");
        }
        Err(error) => eprintln!("SKIPPED {test}: permissions do not bind us, and {error}"),
    }
}
