#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::*;
use crate::{Answer, DatasetBudget, DatasetError, Files, InMemory, Memory, Roles};

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn roles() -> Roles {
    Roles {
        url: Some("url".to_owned()),
        content_hash: Some("sha256".to_owned()),
        ..Roles::default()
    }
}

fn look(
    batch: RecordBatch,
    roles: &Roles,
    content: Option<&dyn Files>,
) -> Result<Answer<ContentIndex>, DatasetError> {
    find(
        &Memory::new(vec![("index.parquet", None, batch)]),
        roles,
        &ContentOptions::default(),
        content,
        NonZeroUsize::new(3).unwrap(),
        &DatasetBudget::DEFAULT,
    )
}

fn known(answer: Result<Answer<ContentIndex>, DatasetError>) -> ContentIndex {
    answer.unwrap().known().unwrap().clone()
}

#[test]
fn hashes_that_lack_and_that_are_none() {
    let good = hash(b"x");
    let found = known(look(
        batch(vec![
            (
                "url",
                texts(&[
                    Some("https://a/1"),
                    Some("https://a/2"),
                    Some("https://a/3"),
                    None,
                    Some("https://a/5"),
                    Some(" "),
                ]),
            ),
            (
                "sha256",
                texts(&[
                    Some(&good),
                    None,
                    Some("900150983cd24fb0d6963f7d28e17f72"),
                    None,
                    Some(" "),
                    None,
                ]),
            ),
        ]),
        &roles(),
        None,
    ));
    assert_eq!(found.addressed, 4);
    assert_eq!(
        found.without_hash,
        Sample {
            total: 2,
            shown: vec!["index.parquet#1".to_owned(), "index.parquet#4".to_owned()]
        }
    );
    assert_eq!(
        found.malformed_hash.shown,
        [(
            "index.parquet#2".to_owned(),
            "900150983cd24fb0d6963f7d28e17f72".to_owned()
        )]
    );
    assert_eq!((found.absent, found.matching, found.capture), (1, 0, None));
    // No column of hashes at all.
    let found = known(look(
        batch(vec![("url", texts(&[Some("https://a/1")]))]),
        &roles(),
        None,
    ));
    assert_eq!((found.addressed, found.without_hash.total), (1, 1));
}

#[test]
fn content_in_folders_and_shards() {
    let shard: Vec<u8> = [
        super::tar::tests::member("0001.jpg", b'0', b"one"),
        super::tar::tests::member("0001.json", b'0', b"{}"),
        super::tar::tests::member("0002.jpg", b'0', b"changed"),
        vec![0; 1_024],
    ]
    .concat();
    let by_hash = hash(b"four");
    let content = InMemory::new(vec![
        ("00000.tar".to_owned(), shard),
        ("pictures/cat photo.png".to_owned(), b"three".to_vec()),
        (format!("{by_hash}.bin"), b"four".to_vec()),
        ("a/same.jpg".to_owned(), b"five".to_vec()),
        ("b/same.jpg".to_owned(), b"other".to_vec()),
    ]);
    let hashes = [
        hash(b"one"),
        hash(b"two"),
        hash(b"three"),
        by_hash,
        hash(b"five"),
        hash(b"six"),
    ];
    let found = known(look(
        batch(vec![
            (
                "key",
                texts(&[Some("0001"), Some("0002"), None, None, None, Some("0006")]),
            ),
            (
                "url",
                texts(&[
                    Some("https://a/x"),
                    Some("https://a/y"),
                    Some("https://a/cat%20photo.png?w=1"),
                    Some("https://a/z"),
                    Some("https://a/same.jpg"),
                    Some("https://a/q"),
                ]),
            ),
            (
                "sha256",
                texts(
                    &hashes
                        .iter()
                        .map(|hash| Some(hash.as_str()))
                        .collect::<Vec<_>>(),
                ),
            ),
        ]),
        &Roles {
            key: Some("key".to_owned()),
            ..roles()
        },
        Some(&content),
    ));
    assert_eq!((found.matching, found.absent, found.ambiguous), (3, 1, 1));
    assert_eq!(found.mismatching.shown, ["index.parquet#1"]);
}

#[test]
fn hashes_as_bytes() {
    let good = Sha256::digest(b"x").to_vec();
    let hashes: ArrayRef = Arc::new(BinaryArray::from(vec![
        Some(good.as_slice()),
        Some(b"short"),
        Some(b""),
        None,
    ]));
    let content = InMemory::new(vec![("x", b"x".to_vec())]);
    let url = Some("https://a/x");
    let found = known(look(
        batch(vec![
            ("url", texts(&[url, url, url, url])),
            ("sha256", hashes),
        ]),
        &roles(),
        Some(&content),
    ));
    assert_eq!(
        (
            found.matching,
            found.malformed_hash.total,
            found.without_hash.total
        ),
        (1, 1, 2)
    );
}

#[test]
fn a_shard_that_is_cut_off_is_an_error() {
    let content = InMemory::new(vec![("a.tar", vec![b'x'; 700])]);
    let answer = look(
        batch(vec![("url", texts(&[Some("https://a/x")]))]),
        &roles(),
        Some(&content),
    );
    assert!(matches!(answer, Err(DatasetError::Malformed { .. })));
}

#[test]
fn times_and_revisions() {
    let times: ArrayRef = Arc::new(StringArray::from(vec![
        Some("2026-01-01T00:00:00Z"),
        Some("2026-01-31T00:00:00Z"),
        Some("2026-01-30T23:30:00Z"),
        Some("2026-01-30T00:00:00Z"),
        Some("never"),
        None,
    ]));
    let revisions: ArrayRef = Arc::new(Int64Array::from(vec![
        Some(1),
        None,
        Some(3),
        Some(4),
        Some(5),
        Some(6),
    ]));
    let roles = Roles {
        time: Some("time".to_owned()),
        revision: Some("revision".to_owned()),
        ..Roles::default()
    };
    let found = known(look(
        batch(vec![("time", times), ("revision", revisions)]),
        &roles,
        None,
    ));
    let capture = found.capture.unwrap();
    assert_eq!(
        (capture.earliest, capture.latest),
        (1_767_225_600, 1_769_817_600)
    );
    assert_eq!(
        capture.before_latest,
        [(3_600, 2), (86_400, 3), (604_800, 3), (2_592_000, 4)]
    );
    assert_eq!((capture.records, capture.unknown.total), (6, 2));
    assert_eq!(found.without_revision.unwrap().shown, ["index.parquet#1"]);
    assert_eq!(found.addressed, 0);
}

#[test]
fn nothing_to_look_at() {
    let empty = batch(vec![("url", texts(&[]))]);
    assert_eq!(known(look(empty, &roles(), None)).addressed, 0);
    let answer = look(
        batch(vec![("x", texts(&[Some("y")]))]),
        &Roles::default(),
        None,
    );
    assert!(matches!(answer.unwrap(), Answer::Inconclusive(_)));
    let roles = Roles {
        time: Some("x".to_owned()),
        ..Roles::default()
    };
    let capture = known(look(batch(vec![("x", texts(&[Some("y")]))]), &roles, None))
        .capture
        .unwrap();
    assert_eq!(
        (capture.unknown.total, capture.before_latest[3]),
        (1, (2_592_000, 0))
    );
}
