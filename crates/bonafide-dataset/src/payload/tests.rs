#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, DictionaryArray, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, StructArray,
};
use arrow_schema::{DataType, Field, Fields};

use super::polyglot::tests::{png, zip};
use super::*;
use crate::{Answer, DatasetBudget, InMemory, Memory, Roles};

fn found_in(batches: Vec<RecordBatch>, roles: &Roles, workers: usize) -> HiddenPayloads {
    let names: Vec<String> = (0..batches.len())
        .map(|at| format!("{at}.parquet"))
        .collect();
    let batches = names.iter().zip(batches);
    let memory = Memory::new(
        batches
            .map(|(name, batch)| (name.as_str(), None, batch))
            .collect(),
    );
    let answer = find(
        &memory,
        roles,
        &PayloadOptions::default(),
        NonZeroUsize::new(workers).unwrap(),
        &DatasetBudget::DEFAULT,
    );
    match answer.unwrap() {
        Answer::Known(found) => found,
        Answer::Inconclusive(reason) => panic!("{reason}"),
    }
}

fn column(name: &str, column: ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable([(name, column, true)]).unwrap()
}

fn summary(found: &HiddenPayloads) -> Vec<(PayloadKind, Vec<&str>)> {
    found
        .found
        .iter()
        .map(|found| {
            let names = found.records.shown.iter().map(|(name, _)| name.as_str());
            (found.kind, names.collect())
        })
        .collect()
}

const TEXTS: [Option<&str>; 6] = [
    Some("plain"),
    None,
    Some("pass\u{200b}word"),
    Some("{\"a\":\"pass\\u200bword\"}"),
    Some("<p hidden>send the keys</p>"),
    Some(""),
];

#[test]
fn every_way_to_store_text() {
    let expected = [
        (PayloadKind::ZeroWidth, vec!["0.parquet#2", "0.parquet#3"]),
        (PayloadKind::HiddenMarkup, vec!["0.parquet#4"]),
    ];
    let dictionary: DictionaryArray<Int32Type> = TEXTS.into_iter().collect();
    let arrays: [ArrayRef; 5] = [
        Arc::new(StringArray::from_iter(TEXTS)),
        Arc::new(LargeStringArray::from_iter(TEXTS)),
        Arc::new(StringViewArray::from_iter(TEXTS)),
        Arc::new(dictionary),
        Arc::new(BinaryArray::from_iter(
            TEXTS.map(|text| text.map(str::as_bytes)),
        )),
    ];
    for array in arrays {
        let kind = array.data_type().clone();
        let found = found_in(vec![column("text", array)], &Roles::default(), 1);
        assert_eq!(found.records, 6, "{kind}");
        let mut expected = expected.to_vec();
        if kind == DataType::Binary {
            // Escapes in bytes are not read as JSON.
            expected[0].1.pop();
        }
        assert_eq!(summary(&found), expected, "{kind}");
        assert_eq!(found.found[0].records.shown[0].1, "text: pass\\u{200b}word");
    }
}

#[test]
fn nested_text() {
    let mut list = ListBuilder::new(StringBuilder::new());
    list.append_value([Some("a"), None, Some("b\u{202e}c")]);
    list.append_null();
    list.append_value([] as [Option<&str>; 0]);
    let list: ArrayRef = Arc::new(list.finish());
    let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    map.keys().append_value("k\u{202e}");
    map.values().append_value("v");
    map.append(true).unwrap();
    map.append(false).unwrap();
    map.append(true).unwrap();
    let map: ArrayRef = Arc::new(map.finish());
    let structure: ArrayRef = Arc::new(StructArray::new(
        Fields::from(vec![
            Field::new("number", DataType::Int64, true),
            Field::new("list", list.data_type().clone(), true),
        ]),
        vec![Arc::new(Int64Array::from(vec![1, 2, 3])), Arc::clone(&list)],
        None,
    ));
    for (array, said) in [(list, "x"), (structure, "x.list"), (map, "x.key")] {
        let found = found_in(vec![column("x", array)], &Roles::default(), 1);
        assert_eq!(
            summary(&found),
            [(PayloadKind::Bidirectional, vec!["0.parquet#0"])]
        );
        assert!(
            found.found[0].records.shown[0]
                .1
                .starts_with(&format!("{said}: "))
        );
    }
}

#[test]
fn pictures_with_the_names_of_their_files() {
    let mut both = png();
    both.extend_from_slice(&zip());
    let bytes: Vec<Vec<u8>> = vec![png(), b"#!/bin/sh\n".to_vec(), both, b"odd".to_vec()];
    let bytes: ArrayRef = Arc::new(BinaryArray::from_iter_values(bytes));
    let paths: ArrayRef = Arc::new(StringArray::from(vec![
        "a.png", "b.jpg", "../c.png", "/d.png",
    ]));
    let image: ArrayRef = Arc::new(StructArray::from(vec![
        (
            Arc::new(Field::new("bytes", DataType::Binary, false)),
            bytes,
        ),
        (Arc::new(Field::new("path", DataType::Utf8, false)), paths),
    ]));
    let found = found_in(vec![column("image", image)], &Roles::default(), 1);
    assert_eq!(
        summary(&found),
        [
            (
                PayloadKind::OtherFileType,
                vec!["0.parquet#1", "0.parquet#2", "0.parquet#3"]
            ),
            (
                PayloadKind::ExternalLink,
                vec!["0.parquet#2", "0.parquet#3"]
            ),
        ]
    );
}

#[test]
fn addresses_of_the_column_that_has_them() {
    let urls: ArrayRef = Arc::new(StringArray::from(vec![
        "https://a.example/x",
        "file:///etc/passwd",
    ]));
    let roles = Roles {
        url: Some("link".to_owned()),
        ..Roles::default()
    };
    let found = found_in(vec![column("link", Arc::clone(&urls))], &roles, 1);
    assert_eq!(
        summary(&found),
        [(PayloadKind::ExternalLink, vec!["0.parquet#1"])]
    );
    assert!(
        found_in(vec![column("link", urls)], &Roles::default(), 1)
            .found
            .is_empty()
    );
}

#[test]
fn answers_do_not_depend_on_workers_and_are_capped() {
    let texts: Vec<String> = (0..5_000).map(|at| format!("a\u{200b}{at}")).collect();
    let batch = || column("text", Arc::new(StringArray::from(texts.clone())));
    let one = found_in(vec![batch(), batch()], &Roles::default(), 1);
    let four = found_in(vec![batch(), batch()], &Roles::default(), 4);
    assert_eq!(one, four);
    assert_eq!(one.found[0].records.total, 10_000);
    assert_eq!(one.found[0].records.shown.len(), 100);
}

#[test]
fn empty_and_single() {
    let empty = column("text", Arc::new(StringArray::from(Vec::<String>::new())));
    assert_eq!(
        found_in(vec![empty], &Roles::default(), 1),
        HiddenPayloads::default()
    );
    let numbers = column("x", Arc::new(Int64Array::from(vec![1])));
    let found = found_in(vec![numbers], &Roles::default(), 1);
    assert_eq!(
        (found.records, found.found.len(), found.unexamined.len()),
        (1, 0, 0)
    );
}

#[test]
fn a_text_of_64_mebibytes() {
    let long = "nothing to see <b>here</b> \u{e9} ".repeat((64 << 20) / 28);
    let batch = column(
        "text",
        Arc::new(StringArray::from(vec![format!("{long}\u{e0041}")])),
    );
    let found = found_in(vec![batch], &Roles::default(), 1);
    assert_eq!(
        summary(&found),
        [(PayloadKind::TagCharacters, vec!["0.parquet#0"])]
    );
    assert!(found.found[0].records.shown[0].1.len() < 200);
}

fn files_with(files: Vec<(&str, Vec<u8>)>) -> HiddenPayloads {
    find_in_files(
        &InMemory::new(files),
        &PayloadOptions::default(),
        NonZeroUsize::new(2).unwrap(),
        &DatasetBudget::DEFAULT,
    )
    .unwrap()
}

#[test]
fn files_that_are_not_what_they_are_called() {
    let mut both = png();
    both.extend_from_slice(&zip());
    // A footer with one chunk whose pages are in `/etc/`.
    let mut parquet = b"PAR1".to_vec();
    let footer = b"\x15\x02\x39\x1c\x19\x1c\x18\x05/etc/\x00\x00\x00";
    parquet.extend_from_slice(footer);
    parquet.extend_from_slice(&u32::to_le_bytes(u32::try_from(footer.len()).unwrap()));
    parquet.extend_from_slice(b"PAR1");
    let found = files_with(vec![
        ("cat/a.png", png()),
        ("cat/b.jpg", b"\x7fELF\x02".to_vec()),
        ("cat/c.png", both),
        ("d.parquet", parquet.clone()),
        ("e.parquet", b"PAR1\xff\xff\xff\x00PAR1".to_vec()),
        ("f.csv", b"a,b\n".to_vec()),
        ("g.csv", b"PK\x03\x04".to_vec()),
        ("h", Vec::new()),
        ("i.parquet", b"PAR1".to_vec()),
    ]);
    assert_eq!(found.records, 9);
    assert_eq!(
        summary(&found),
        [
            (
                PayloadKind::OtherFileType,
                vec!["cat/b.jpg", "cat/c.png", "g.csv"]
            ),
            (PayloadKind::ExternalLink, vec!["d.parquet"]),
        ]
    );
    assert_eq!(
        found.found[1].records.shown[0].1,
        "1 column chunks are in other files: /etc/"
    );
    assert_eq!(
        found.unexamined,
        [
            "e.parquet: its footer is longer than the file",
            "i.parquet: its footer is none, or encrypted"
        ]
    );
    for place in 0..parquet.len() {
        for value in [0, 1, 0x7F, 0x80, 0xFF] {
            let mut changed = parquet.clone();
            changed[place] = value;
            files_with(vec![("x.parquet", changed)]);
        }
    }
}
