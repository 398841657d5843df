use crate::{Columns, DatasetBudget, InMemory};

use super::super::tests::samples::{gz, member, sealed, shard, tar};
use super::super::tests::{error, rows, rows_of};
use super::{UNIT_BYTES, place};

#[test]
fn files_up_to_the_first_dot_are_one_sample() {
    let expected = [
        "__key__=a/000 cls=3 jpg=ffd870696374757265",
        "__key__=a/001 jpg= json={\"x\": 1}",
    ];
    assert_eq!(rows("a.tar", &shard()).unwrap(), expected);
    assert_eq!(rows("a.tar.gz", &gz(&shard())).unwrap(), expected);
    assert!(rows("a.tar", &tar(&[])).unwrap().is_empty());
}

#[test]
fn names_tell_sample_and_column() {
    for (name, key, ending) in [
        ("a/b.c/000.seg.PNG", "a/b.c/000", "seg.png"),
        ("000.jpg", "000", "jpg"),
        ("LICENSE", "LICENSE", "__file__"),
        ("a/.hidden", "a/.hidden", "__file__"),
    ] {
        assert_eq!(place(name), (key, ending.to_owned()), "{name}");
    }
}

#[test]
fn long_names_of_pax_and_gnu_are_read() {
    let long = format!("{}/x.txt", "d".repeat(150));
    let mut record = format!(" path={long}\n");
    record = format!("{}{record}", record.len() + 3);
    let pax = tar(&[
        member("h", b'x', record.as_bytes()),
        member("s", b'0', b"1"),
    ]);
    let gnu = tar(&[
        member("././@LongLink", b'L', format!("{long}\0").as_bytes()),
        member("s", b'0', b"1"),
    ]);
    let expected = format!("__key__={}/x txt=1", "d".repeat(150));
    assert_eq!(rows("a.tar", &pax).unwrap()[0], expected);
    assert_eq!(rows("a.tar", &gnu).unwrap(), [expected]);
}

#[test]
fn what_could_lead_elsewhere_is_an_error() {
    let file = member("a.txt", b'0', b"1");
    let mut wrong_sum = file.clone();
    wrong_sum[148] ^= 1;
    let mut huge = file[..512].to_vec();
    huge[124..136].copy_from_slice(b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff");
    let huge = sealed(huge.try_into().unwrap()).to_vec();
    let sparse = b"22 GNU.sparse.major=1\n";
    for (members, expected) in [
        (vec![member("a.txt", b'2', b"")], "a link"),
        (vec![member("a.txt", b'1', b"")], "a link"),
        (vec![member("a.txt", b'3', b"")], "a device"),
        (vec![member("a.txt", b'6', b"")], "a device"),
        (vec![member("a.txt", b'S', b"")], "sparse"),
        (vec![member("h", b'x', sparse), file.clone()], "sparse"),
        (vec![member("a.txt", b'Z', b"")], "unknown kind"),
        (vec![member("/a.txt", b'0', b"")], "absolute"),
        (vec![member("a/../../b.txt", b'0', b"")], "leads out"),
        (vec![member("../", b'5', b"")], "leads out"),
        (vec![member("a\nb.txt", b'0', b"")], "control characters"),
        (vec![member("a.txt", b'0', b"\xff")], "not UTF-8"),
        (vec![file.clone(), file.clone()], "two files like `a.txt`"),
        (vec![file.clone(), wrong_sum], "checksum"),
        (vec![file.clone(), huge], "9223372036854775807 bytes"),
        (
            vec![member("h", b'x', b"9 path=x\n")],
            "ends after an extended header",
        ),
        (
            vec![member("h", b'x', b"99 path=x\n")],
            "a pax header that is none",
        ),
    ] {
        let said = error("a.tar", &tar(&members));
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let mut behind = shard();
    behind.extend([1; 512]);
    assert!(error("a.tar", &behind).contains("bytes follow the end"));
    assert!(error("a.tar", &file).contains("has no end"));
}

#[test]
fn a_long_shard_is_read_by_several_workers() {
    let body = vec![7; 1 << 20];
    let count = UNIT_BYTES / (1 << 20) * 3;
    let mut members = Vec::new();
    for number in 0..count {
        members.push(member(&format!("{number:06}.bin"), b'0', &body));
        members.push(member(
            &format!("{number:06}.cls"),
            b'0',
            number.to_string().as_bytes(),
        ));
    }
    let files = InMemory::new([("a.tar", tar(&members))]);
    for workers in [1, 3] {
        let named = Columns::Named(vec!["cls".to_owned(), "__key__".to_owned()]);
        let read = rows_of(&files, DatasetBudget::DEFAULT, &named, workers).unwrap();
        assert_eq!(read.len() as u64, count);
        for ((_, number), row) in &read {
            assert_eq!(
                row[..],
                [format!("__key__={number:06}"), format!("cls={number}")]
            );
        }
    }
}
