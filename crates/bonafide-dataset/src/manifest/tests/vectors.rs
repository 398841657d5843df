//! The same roots as `.ci/dataset/record_root.py`, which knows nothing but the specification.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields};

use super::{Shuffled, columns, made};
use crate::manifest::{Known, Manifest, Proof};
use crate::{DatasetBudget, Roles};

/// What this says of each number, in JSON Lines: `{"id": "r8", "text": "wörd wörd … 8",
/// "label": 1, "score": 1.0, "ok": true, "tags": [], "box": {"x": 8, "n\"m": null}}`.
fn train() -> arrow_array::RecordBatch {
    let numbers = 0..1_100_i64;
    let text = |number: i64| "wörd ".repeat((number % 40) as usize) + &number.to_string();
    let mut tags = ListBuilder::new(StringBuilder::new());
    for number in numbers.clone() {
        (0..number % 4).for_each(|tag| tags.values().append_value(tag.to_string()));
        tags.append(true);
    }
    let quoted: StringArray = numbers
        .clone()
        .map(|n| (n % 3 == 0).then_some("q"))
        .collect();
    let inside: Int64Array = numbers.clone().map(Some).collect();
    let fields = Fields::from(vec![
        Field::new("x", DataType::Int64, true),
        Field::new("n\"m", DataType::Utf8, true),
    ]);
    let nulls: NullBuffer = numbers.clone().map(|number| number % 5 != 0).collect();
    let parts: Vec<ArrayRef> = vec![Arc::new(inside), Arc::new(quoted)];
    let structure = StructArray::new(fields, parts, Some(nulls));
    let ids: StringArray = numbers.clone().map(|n| Some(format!("r{n}"))).collect();
    let texts: StringArray = numbers.clone().map(|n| Some(text(n))).collect();
    let labels: Int64Array = numbers.clone().map(|n| Some(n % 3 - 1)).collect();
    let scores: Float64Array = numbers.clone().map(|n| Some(n as f64 / 8.0)).collect();
    let ok: BooleanArray = numbers
        .map(|n| (n % 7 != 0).then_some(n % 2 == 0))
        .collect();
    columns(vec![
        ("id", Arc::new(ids) as ArrayRef),
        ("text", Arc::new(texts)),
        ("label", Arc::new(labels)),
        ("score", Arc::new(scores)),
        ("ok", Arc::new(ok)),
        ("tags", Arc::new(tags.finish())),
        ("box", Arc::new(structure)),
    ])
}

fn test() -> arrow_array::RecordBatch {
    columns(vec![
        (
            "text",
            Arc::new(StringArray::from(vec![Some("a"), Some(""), None])) as ArrayRef,
        ),
        (
            "label",
            Arc::new(Int64Array::from(vec![Some(1), None, Some(-5)])),
        ),
    ])
}

#[test]
fn another_implementation_of_the_specification_has_the_same_roots() {
    let records = Shuffled::new(
        vec![
            ("train.jsonl", Some("train"), train()),
            ("test.jsonl", None, test()),
        ],
        3,
    );
    let (manifest, _) = made(&records, &Roles::default());
    let found: Vec<(&str, u64, String, String)> = manifest
        .shards
        .iter()
        .map(|shard| {
            (
                shard.name.as_str(),
                shard.records,
                shard.root.hex(),
                shard.schema.hex(),
            )
        })
        .collect();
    let expected = [
        (
            "test.jsonl",
            3,
            "bb3a9ffad82d1537c8ff7f3b5c227e267dbd55dfef4504ec509e8dca062eafa5",
            "1bed0f8d4d4867f559255e355da27f37ae6326db8e5b8be4282bf953577b9013",
        ),
        (
            "train.jsonl",
            1_100,
            "6095c1a3f1cdd7f47cae2bb88a9bffc9ab9197ae6e483fb90861506328c3dff1",
            "c7adc5b5acb7f9b2d5256b4a6795eca056ffb6467e200935475686ed4142035d",
        ),
    ];
    let expected = expected
        .map(|(name, records, root, schema)| (name, records, root.to_owned(), schema.to_owned()));
    assert_eq!(found, expected);
    assert_eq!(
        manifest.root.hex(),
        "706bf14a8684c7fec26ddf345b672629e20a8014a6e3d59adeb8a83e59bf5596"
    );
}

/// What `tests/fuzz/corpus.py` writes from the specification alone.
macro_rules! seed {
    ($target:literal) => {
        include_bytes!(concat!(
            "../../../../../tests/fuzz/corpus/",
            $target,
            "/genuine-two-shards"
        ))
    };
}

#[test]
fn documents_of_another_implementation_are_read() {
    let manifest = Manifest::parse(seed!("record_manifest")).unwrap();
    assert_eq!(manifest.records, 4);
    let list = seed!("record_list").to_vec();
    let known = Known::read(&manifest, &list, &DatasetBudget::DEFAULT).unwrap();
    let proof = Proof::parse(seed!("record_proof")).unwrap();
    assert_eq!(proof.verify(&manifest.root, &proof.record_hash), Ok(()));
    let hash = proof.record_hash.bytes().try_into().unwrap();
    assert!(known.contains(&hash).unwrap());
    // The same records, read by us, have the same list.
    let shard = |texts: Vec<&str>, labels: Vec<i64>| {
        columns(vec![
            ("text", Arc::new(StringArray::from(texts)) as ArrayRef),
            ("label", Arc::new(Int64Array::from(labels))),
        ])
    };
    let records = Shuffled::new(
        vec![
            (
                "a.jsonl",
                None,
                shard(vec!["one", "two", "three"], vec![0, 1, 1]),
            ),
            ("b.jsonl", None, shard(vec!["four"], vec![0])),
        ],
        1,
    );
    let (ours, our_list) = made(&records, &super::roles());
    assert_eq!(our_list, list);
    assert_eq!(
        (ours.root, ours.label, ours.list),
        (manifest.root, manifest.label, manifest.list)
    );
}
