use std::fs;

use bonafide_core::RawName;
use bonafide_hash::{Change, ReadFailure};

use crate::{noise, open};

#[test]
fn a_document_comes_back_whole_up_to_the_cap_and_not_at_all_above_it() {
    let place = tempfile::tempdir().unwrap();
    let bytes = noise(70_001, 3);
    fs::write(place.path().join("model.sig"), &bytes).unwrap();
    fs::write(place.path().join("empty"), "").unwrap();
    let tree = open(place.path());
    let read = |name: &str, cap| tree.read_document(&RawName::from(name), cap);
    assert_eq!(read("model.sig", 70_001), Ok(bytes));
    assert_eq!(
        read("model.sig", 70_000),
        Err(ReadFailure::TooLarge {
            size: 70_001,
            limit: 70_000
        })
    );
    assert_eq!(read("empty", 0), Ok(Vec::new()));
    for name in ["", ".", "..", "missing", "../empty"] {
        assert_eq!(read(name, 10), Err(ReadFailure::NotAFile), "{name}");
    }
}

#[test]
fn a_sparse_document_of_a_terabyte_is_refused_before_it_takes_memory() {
    let place = tempfile::tempdir().unwrap();
    let file = fs::File::create(place.path().join("model.sig")).unwrap();
    file.set_len(1 << 40).unwrap();
    let tree = open(place.path());
    assert_eq!(
        tree.read_document(&RawName::from("model.sig"), 1 << 20),
        Err(ReadFailure::TooLarge {
            size: 1 << 40,
            limit: 1 << 20
        })
    );
}

#[test]
fn a_document_that_changed_after_the_walk_is_not_returned() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("model.sig"), "12345").unwrap();
    let tree = open(place.path());
    fs::write(place.path().join("model.sig"), "123456").unwrap();
    assert_eq!(
        tree.read_document(&RawName::from("model.sig"), 100),
        Err(ReadFailure::Changed {
            what: Change::Size {
                listed: 5,
                found: 6
            }
        })
    );
}
