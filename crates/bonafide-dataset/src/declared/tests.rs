#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};

use super::*;
use crate::Memory;

fn batch(fields: Vec<(&str, DataType)>) -> RecordBatch {
    let fields: Vec<Field> = fields
        .into_iter()
        .map(|(name, kind)| Field::new(name, kind, true))
        .collect();
    RecordBatch::new_empty(Arc::new(Schema::new(fields)))
}

fn field(name: &str, kinds: &[&str], files: Option<&[&str]>) -> DeclaredField {
    DeclaredField {
        record_set: "default".to_owned(),
        name: name.to_owned(),
        data_types: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        repeated: false,
        column: Some(name.to_owned()),
        files: files.map(|files| files.iter().map(|file| (*file).to_owned()).collect()),
    }
}

fn shards() -> Memory {
    let usual = || batch(vec![("text", DataType::Utf8), ("label", DataType::Int64)]);
    Memory::new(vec![
        ("train.parquet", Some("train"), usual()),
        ("test.parquet", Some("test"), usual()),
        ("other.parquet", None, batch(vec![("x", DataType::Float32)])),
    ])
}

const BOTH: Option<&[&str]> = Some(&["train.parquet", "test.parquet"]);

#[test]
fn what_is_declared_is_there() {
    let declared = DeclaredRecords {
        fields: vec![
            field("text", &["Text"], BOTH),
            field("label", &["Integer", "Label"], BOTH),
        ],
        splits: vec!["train".to_owned(), "test".to_owned()],
    };
    let agreement = compare(&declared, &shards());
    assert!(agreement.agrees(), "{agreement:?}");
    assert_eq!(agreement.compared, 2);
}

#[test]
fn every_disagreement() {
    let mut gone = field("gone", &["Text"], None);
    let declared = DeclaredRecords {
        fields: vec![
            field("text", &["Integer"], BOTH),
            field("rating", &["Integer"], BOTH),
            gone.clone(),
            field("x", &["Text"], None),
            field("y", &["Text"], Some(&["absent.parquet"])),
            field("label", &["wd:Q1"], Some(&["train.parquet"])),
            {
                gone.column = None;
                gone
            },
        ],
        splits: vec!["train".to_owned(), "validation".to_owned()],
    };
    let agreement = compare(&declared, &shards());
    let missing: Vec<(&str, u64)> = agreement
        .missing
        .iter()
        .map(|of| (of.field.as_str(), of.shards.total))
        .collect();
    assert_eq!(missing, [("default/rating", 2), ("default/gone", 3)]);
    let others: Vec<(&str, &str)> = agreement
        .other_types
        .iter()
        .map(|of| (of.field.as_str(), of.found.as_deref().unwrap()))
        .collect();
    assert_eq!(others, [("default/text", "Utf8"), ("default/x", "Float32")]);
    // The fields of unknown files are said of every shard, by their names alone.
    assert_eq!(
        agreement.undeclared,
        [(
            "label".to_owned(),
            Sample {
                total: 1,
                shown: vec!["test.parquet".to_owned()]
            }
        )]
    );
    assert_eq!(agreement.uncompared.len(), 3);
    assert_eq!(agreement.missing_splits, ["validation"]);
    assert_eq!(agreement.undeclared_splits, ["test"]);
    assert!(!agreement.agrees());
}

#[test]
fn types() {
    let list = |item| DataType::List(Arc::new(Field::new("item", item, true)));
    let cases = [
        ("Text", false, DataType::LargeUtf8, true),
        ("Text", false, DataType::Int32, false),
        ("Int32", false, DataType::Int16, true),
        ("Int32", false, DataType::UInt32, false),
        ("Int32", false, DataType::Int64, false),
        ("Int64", false, DataType::UInt32, true),
        ("UInt8", false, DataType::Int8, false),
        ("Float64", false, DataType::Int32, true),
        ("Integer", false, DataType::Float64, false),
        ("Boolean", false, DataType::Boolean, true),
        ("Boolean", false, DataType::Int8, false),
        ("Date", false, DataType::Date32, true),
        ("ImageObject", false, DataType::Binary, true),
        ("ImageObject", false, DataType::Int64, false),
        ("Text", true, list(DataType::Utf8), true),
        ("Text", false, list(DataType::Utf8), false),
        ("Integer", true, list(list(DataType::Int8)), true),
        ("Integer", true, DataType::Int8, false),
        ("BoundingBox", false, list(DataType::Float32), true),
        (
            "Text",
            false,
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            true,
        ),
    ];
    for (declared, repeated, found, fits) in cases {
        let declared_field = DeclaredField {
            repeated,
            ..field("c", &[declared], None)
        };
        let memory = Memory::new(vec![("a", None, batch(vec![("c", found.clone())]))]);
        let declared_records = DeclaredRecords {
            fields: vec![declared_field],
            splits: Vec::new(),
        };
        let agreement = compare(&declared_records, &memory);
        assert_eq!(
            agreement.other_types.is_empty(),
            fits,
            "{declared} {repeated} {found}"
        );
    }
}

#[test]
fn nothing_is_no_agreement() {
    assert!(!compare(&DeclaredRecords::default(), &shards()).agrees());
    let declared = DeclaredRecords {
        fields: vec![field("a", &[], None)],
        splits: Vec::new(),
    };
    assert!(!compare(&declared, &Memory::default()).agrees());
}
