use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use bonafide_core::RawName;
use bonafide_hash::{EntryKind, LinkEnd};

use crate::{kind, make_fifo, open};

#[test]
fn links_lead_where_the_listing_says_and_nowhere_else() {
    let outer = tempfile::tempdir().unwrap();
    fs::write(outer.path().join("secret"), "x").unwrap();
    let root = outer.path().join("model");
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::write(root.join("top"), "x").unwrap();
    fs::write(root.join("a/b/deep"), "x").unwrap();
    make_fifo(&root.join("a/fifo"));

    let file = |name: &str| LinkEnd::File(RawName::from(name));
    let directory = |name: &str| LinkEnd::Directory(RawName::from(name));
    let absolute = root.join("top");
    let table: Vec<(&str, &str, LinkEnd)> = vec![
        ("plain", "top", file("top")),
        ("a/up", "../top", file("top")),
        ("dotted", "./a/.//b/./deep", file("a/b/deep")),
        ("dir", "a", directory("a")),
        ("dir-slash", "a/", directory("a")),
        ("through", "dir/b/deep", file("a/b/deep")),
        ("through-slash", "dir-slash/b/deep", file("a/b/deep")),
        ("twice", "through", file("a/b/deep")),
        ("back", "dir/b/../../top", file("top")),
        ("a/b/climb", "../../dir/b", directory("a/b")),
        ("self-root", ".", directory("")),
        ("a/to-root", "..", directory("")),
        ("via-root", "a/to-root/top", file("top")),
        (
            "special",
            "dir/fifo",
            LinkEnd::Special(RawName::from("a/fifo")),
        ),
        ("absolute", absolute.to_str().unwrap(), LinkEnd::Outside),
        ("via-absolute", "absolute", LinkEnd::Outside),
        ("escape", "../secret", LinkEnd::Outside),
        ("round-trip", "../model/top", LinkEnd::Outside),
        ("a/b/escape", "../../../secret", LinkEnd::Outside),
        // `dir` is `a`, so `dir/..` is the root, and one more leaves it.
        ("hidden-escape", "dir/../../secret", LinkEnd::Outside),
        ("broken", "nothing", LinkEnd::Broken),
        ("via-broken", "broken/x", LinkEnd::Broken),
        ("below-file", "top/x", LinkEnd::Broken),
        ("file-slash", "top/", LinkEnd::Broken),
        ("link-to-file-slash", "plain/", LinkEnd::Broken),
        ("back-from-file", "top/../a", LinkEnd::Broken),
        ("below-fifo", "a/fifo/x", LinkEnd::Broken),
        ("itself", "itself", LinkEnd::Loop),
        ("inside-itself", "inside-itself/x", LinkEnd::Loop),
        ("ping", "pong", LinkEnd::Loop),
        ("pong", "./ping", LinkEnd::Loop),
        ("into-circle", "ping/x", LinkEnd::Loop),
    ];
    for (name, target, _) in &table {
        symlink(target, root.join(name)).unwrap();
    }
    let tree = open(&root);
    for (name, target, expected) in table {
        let EntryKind::Link {
            target: stored,
            leads_to,
        } = kind(&tree, name)
        else {
            panic!("{name} is no link");
        };
        assert_eq!(stored, &RawName::from(target));
        assert_eq!(leads_to, &expected, "{name} -> {target}");
        // The kernel is asked only where it stays inside.
        if let LinkEnd::File(end) | LinkEnd::Directory(end) = leads_to {
            let ours = root.join(end.to_string()).canonicalize().unwrap();
            assert_eq!(root.join(name).canonicalize().unwrap(), ours, "{name}");
        }
    }
}

#[test]
fn a_chain_of_forty_links_is_followed_and_one_of_forty_one_is_not() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("0"), "x").unwrap();
    for number in 1..=45 {
        symlink(
            (number - 1).to_string(),
            place.path().join(number.to_string()),
        )
        .unwrap();
    }
    let tree = open(place.path());
    for number in 1..=45 {
        let name = number.to_string();
        let EntryKind::Link { leads_to, .. } = kind(&tree, &name) else {
            panic!("{name} is no link");
        };
        let kernel = fs::metadata(place.path().join(&name)).is_ok();
        assert_eq!(leads_to != &LinkEnd::Loop, number <= 40);
        assert_eq!(
            leads_to != &LinkEnd::Loop,
            kernel,
            "the kernel differs at {name}"
        );
    }
}

/// Each link names the next one a thousand times on its way. Followed naively,
/// that is 1000 to the power of 60 steps.
#[test]
fn links_that_multiply_each_other_cost_no_more_than_their_length() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path();
    symlink(".", root.join("l0")).unwrap();
    for number in 1..=60 {
        let step = format!("l{}/", number - 1);
        let target = step.repeat(1000);
        let name = root.join(format!("l{number}"));
        symlink(target, &name).unwrap();
    }
    let tree = open(root);
    assert!(matches!(
        kind(&tree, "l0"),
        EntryKind::Link {
            leads_to: LinkEnd::Directory(_),
            ..
        }
    ));
    assert!(matches!(
        kind(&tree, "l60"),
        EntryKind::Link {
            leads_to: LinkEnd::Loop,
            ..
        }
    ));
}

#[test]
fn a_link_is_never_a_file_to_be_read() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "x").unwrap();
    symlink("file", place.path().join("link")).unwrap();
    symlink(Path::new("/etc"), place.path().join("etc")).unwrap();
    let tree = open(place.path());
    assert_eq!(tree.entries().len(), 3, "nothing below /etc is listed");
    let refused = crate::run(&tree, vec![crate::job("link")], 1);
    assert!(matches!(
        refused,
        Err(bonafide_hash::HashError::NotAFile { .. })
    ));
}
