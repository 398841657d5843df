//! Canonical forms: the same for the same value, whatever stores it, and never for two.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder, ListViewBuilder, MapBuilder, StringBuilder};
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::*;
use arrow_buffer::{OffsetBuffer, ScalarBuffer, i256};
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit, UnionFields};

use super::{columns, made};
use crate::manifest::encoding::encoder;
use crate::manifest::make;
use crate::manifest::rows::{Rows, Scratch};
use crate::{DatasetBudget, Memory, Roles};

fn forms(column: &ArrayRef) -> Vec<Vec<u8>> {
    let values = encoder(column).unwrap();
    (0..column.len())
        .map(|row| {
            let mut out = Vec::new();
            values.append(row, &mut out, 1 << 20).unwrap();
            out
        })
        .collect()
}

fn same(columns: Vec<ArrayRef>) {
    let expected = forms(&columns[0]);
    for column in &columns {
        assert_eq!(forms(column), expected, "{}", column.data_type());
        // A slice has the forms of what it is a slice of.
        for start in 0..column.len() {
            let slice = column.slice(start, column.len() - start);
            assert_eq!(forms(&slice), expected[start..], "{}", column.data_type());
        }
    }
}

#[test]
fn how_a_value_is_stored_does_not_matter() {
    let texts = vec![
        Some("a"),
        None,
        Some(""),
        Some("a"),
        Some("longer than twelve bytes"),
    ];
    let runs = StringArray::from(vec![Some("a"), None, Some("")]);
    let ends = Int32Array::from(vec![1, 2, 3]);
    let values = StringArray::from(vec![
        Some("x"),
        None,
        Some("a"),
        Some(""),
        Some("longer than twelve bytes"),
    ]);
    let keys = Int32Array::from(vec![Some(2), None, Some(3), Some(2), Some(4)]);
    let null_by_value = Int32Array::from(vec![Some(2), Some(1), Some(3), Some(2), Some(4)]);
    same(vec![
        Arc::new(StringArray::from(texts.clone())),
        Arc::new(LargeStringArray::from(texts.clone())),
        Arc::new(StringViewArray::from(texts.clone())),
        Arc::new(
            texts
                .iter()
                .copied()
                .collect::<DictionaryArray<Int32Type>>(),
        ),
        Arc::new(
            texts
                .iter()
                .copied()
                .collect::<DictionaryArray<Int64Type>>(),
        ),
        Arc::new(DictionaryArray::new(keys, Arc::new(values.clone()))),
        Arc::new(DictionaryArray::new(null_by_value, Arc::new(values))),
    ]);
    same(vec![
        Arc::new(StringArray::from(vec![Some("a"), None, Some("")])),
        Arc::new(RunArray::<Int32Type>::try_new(&ends, &runs).unwrap()),
    ]);
    let bytes: Vec<Option<&[u8]>> = vec![Some(b"ab"), None, Some(b"\0\xff")];
    same(vec![
        Arc::new(BinaryArray::from(bytes.clone())),
        Arc::new(LargeBinaryArray::from(bytes.clone())),
        Arc::new(BinaryViewArray::from(bytes.clone())),
        Arc::new(
            FixedSizeBinaryArray::try_from_sparse_iter_with_size(bytes.into_iter(), 2).unwrap(),
        ),
    ]);
    same(vec![
        Arc::new(Int8Array::from(vec![Some(0), Some(127), None])),
        Arc::new(Int64Array::from(vec![Some(0), Some(127), None])),
        Arc::new(UInt8Array::from(vec![Some(0), Some(127), None])),
        Arc::new(UInt64Array::from(vec![Some(0), Some(127), None])),
    ]);
    same(vec![
        Arc::new(Int16Array::from(vec![-1, i16::MIN])),
        Arc::new(Int64Array::from(vec![-1, i64::from(i16::MIN)])),
    ]);
    same(vec![
        Arc::new(Float32Array::from(vec![
            0.5,
            -0.0,
            f32::INFINITY,
            f32::NAN,
            -f32::NAN,
        ])),
        Arc::new(Float64Array::from(vec![
            0.5,
            -0.0,
            f64::INFINITY,
            f64::NAN,
            f64::from_bits(0x7ff0_0000_0000_0001),
        ])),
    ]);
    same(vec![
        Arc::new(Date32Array::from(vec![-1, 20_000])),
        Arc::new(Date64Array::from(vec![-86_400_000, 20_000 * 86_400_000])),
    ]);
    same(vec![
        Arc::new(TimestampSecondArray::from(vec![-1, 1_700_000_000])),
        Arc::new(TimestampMillisecondArray::from(vec![
            -1_000,
            1_700_000_000_000,
        ])),
        Arc::new(TimestampNanosecondArray::from(vec![
            -1_000_000_000,
            1_700_000_000_000_000_000,
        ])),
    ]);
    same(vec![
        Arc::new(
            Decimal128Array::from(vec![1_000, -150, 0])
                .with_precision_and_scale(10, 2)
                .unwrap(),
        ),
        Arc::new(
            Decimal64Array::from(vec![100, -15, 0])
                .with_precision_and_scale(10, 1)
                .unwrap(),
        ),
        Arc::new(
            Decimal32Array::from(vec![100, -15, 0])
                .with_precision_and_scale(9, 1)
                .unwrap(),
        ),
        Arc::new(
            Decimal256Array::from(vec![i256::from(10_000), i256::from(-1_500), i256::from(0)])
                .with_precision_and_scale(60, 3)
                .unwrap(),
        ),
    ]);
    let lists = || {
        vec![
            Some(vec![Some(1), None]),
            None,
            Some(vec![]),
            Some(vec![Some(3), Some(4)]),
        ]
    };
    let mut views = ListViewBuilder::new(Int32Builder::new());
    lists()
        .into_iter()
        .for_each(|list| views.append_option(list));
    same(vec![
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists())),
        Arc::new(LargeListArray::from_iter_primitive::<Int64Type, _, _>(
            lists().into_iter().map(|list| {
                list.map(|items| {
                    items
                        .into_iter()
                        .map(|item| item.map(i64::from))
                        .collect::<Vec<_>>()
                })
            }),
        )),
        Arc::new(views.finish()),
    ]);
    let fixed = || {
        vec![
            Some(vec![Some(1), None]),
            None,
            Some(vec![Some(3), Some(4)]),
        ]
    };
    same(vec![
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(fixed())),
        Arc::new(FixedSizeListArray::from_iter_primitive::<Int32Type, _, _>(
            fixed(),
            2,
        )),
    ]);
    // A key of an empty dictionary stands for nothing.
    let empty = DictionaryArray::new(
        Int32Array::from(vec![None, None]),
        Arc::new(StringArray::new_null(0)),
    );
    same(vec![
        Arc::new(StringArray::new_null(2)),
        Arc::new(empty),
        Arc::new(NullArray::new(2)),
    ]);
}

fn structure(names: [&str; 2], nulls: Option<Vec<bool>>) -> ArrayRef {
    let fields = Fields::from(
        names
            .map(|name| Field::new(name, DataType::Int32, true))
            .to_vec(),
    );
    let parts: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(vec![Some(1), None])),
        Arc::new(Int32Array::from(vec![2, 3])),
    ];
    Arc::new(StructArray::new(fields, parts, nulls.map(Into::into)))
}

fn map(entries: &[&[(&str, i32)]]) -> ArrayRef {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for entry in entries {
        for (key, value) in *entry {
            builder.keys().append_value(key);
            builder.values().append_value(*value);
        }
        builder.append(true).unwrap();
    }
    Arc::new(builder.finish())
}

#[test]
fn no_two_values_have_one_form() {
    let mut nested = ListBuilder::new(ListBuilder::new(StringBuilder::new()));
    for list in [
        vec![vec!["a", "b"]],
        vec![vec!["a"], vec!["b"]],
        vec![],
        vec![vec![]],
        vec![vec!["ab"]],
    ] {
        for items in list {
            items
                .iter()
                .for_each(|item| nested.values().values().append_value(item));
            nested.values().append(true);
        }
        nested.append(true);
    }
    let all: Vec<(&str, ArrayRef)> = vec![
        ("null", Arc::new(NullArray::new(1))),
        ("bool", Arc::new(BooleanArray::from(vec![false, true]))),
        (
            "int",
            Arc::new(Int64Array::from(vec![0, 1, -1, i64::MAX, i64::MIN, 256, 6])),
        ),
        (
            "uint",
            Arc::new(UInt64Array::from(vec![u64::MAX, u64::MAX - 1, 1 << 63])),
        ),
        (
            "float",
            Arc::new(Float64Array::from(vec![
                0.0,
                -0.0,
                1.0,
                f64::NAN,
                f64::INFINITY,
                5e-324,
                -1.0,
            ])),
        ),
        (
            "text",
            Arc::new(StringArray::from(vec![
                "", "0", "1", "a", "é", "e\u{301}", "null", "true", "\0", "\0\0",
            ])),
        ),
        (
            "long",
            Arc::new(StringArray::from(vec![
                "a".repeat(127),
                "a".repeat(128),
                "a".repeat(20_000),
            ])),
        ),
        (
            "bytes",
            Arc::new(BinaryArray::from(vec![&b""[..], b"0", b"a", b"\0"])),
        ),
        ("date", Arc::new(Date32Array::from(vec![0, 1]))),
        (
            "local",
            Arc::new(TimestampSecondArray::from(vec![0, 1, i64::MAX, i64::MIN])),
        ),
        (
            "instant",
            Arc::new(TimestampSecondArray::from(vec![0, 1]).with_timezone("UTC")),
        ),
        (
            "time",
            Arc::new(Time64NanosecondArray::from(vec![0, 1, i64::MAX])),
        ),
        (
            "duration",
            Arc::new(DurationNanosecondArray::from(vec![0, 1])),
        ),
        (
            "decimal",
            Arc::new(
                Decimal128Array::from(vec![0, 1, 10, 11, -1])
                    .with_precision_and_scale(10, 0)
                    .unwrap(),
            ),
        ),
        (
            "smaller",
            Arc::new(
                Decimal128Array::from(vec![1, 11])
                    .with_precision_and_scale(10, 3)
                    .unwrap(),
            ),
        ),
        ("months", Arc::new(IntervalYearMonthArray::from(vec![1, 2]))),
        (
            "days",
            Arc::new(IntervalDayTimeArray::from(vec![
                arrow_buffer::IntervalDayTime::new(1, 0),
                arrow_buffer::IntervalDayTime::new(0, 1),
            ])),
        ),
        ("nested", Arc::new(nested.finish())),
        ("struct", structure(["x", "y"], None)),
        ("renamed", structure(["x", "z"], None)),
        (
            "map",
            map(&[
                &[],
                &[("a", 1)],
                &[("a", 2)],
                &[("a", 1), ("b", 1)],
                &[("b", 1), ("a", 1)],
            ]),
        ),
    ];
    let mut seen: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    for (name, column) in all {
        for (row, form) in forms(&column).into_iter().enumerate() {
            let this = format!("{name} {row}");
            if let Some(other) = seen.insert(form, this.clone()) {
                panic!("{this} is {other}");
            }
        }
    }
    // Nor is one the beginning of another: what comes after a value cannot change it.
    let forms: Vec<&Vec<u8>> = seen.keys().collect();
    for pair in forms.windows(2) {
        assert!(!pair[1].starts_with(pair[0]), "{pair:?}");
    }
}

#[test]
fn fields_are_ordered_and_null_is_not_absent() {
    let turned = {
        let fields = Fields::from(vec![
            Field::new("y", DataType::Int32, true),
            Field::new("x", DataType::Int32, true),
        ]);
        let parts: Vec<ArrayRef> = vec![
            Arc::new(Int32Array::from(vec![2, 3])),
            Arc::new(Int32Array::from(vec![Some(1), None])),
        ];
        Arc::new(StructArray::new(fields, parts, None)) as ArrayRef
    };
    same(vec![structure(["x", "y"], None), turned]);
    let nulls = forms(&structure(["x", "y"], Some(vec![false, true])));
    assert_eq!(nulls[0], [0]);
    let a: ArrayRef = Arc::new(StringArray::from(vec!["v"]));
    let null: ArrayRef = Arc::new(StringArray::new_null(1));
    let empty: ArrayRef = Arc::new(StringArray::from(vec![""]));
    let hash = |batch: &RecordBatch| {
        let mut scratch = Scratch::default();
        Rows::of(batch, &Roles::default())
            .unwrap()
            .encode(0, &mut scratch, 1 << 20)
            .unwrap();
        scratch.record_hash()
    };
    let hashes = [
        columns(vec![("a", a.clone())]),
        columns(vec![("b", a.clone())]),
        columns(vec![("a", a.clone()), ("b", null.clone())]),
        columns(vec![("a", a.clone()), ("b", empty.clone())]),
        columns(vec![("a", null), ("b", a.clone())]),
        columns(vec![("a", empty), ("b", a)]),
    ]
    .map(|batch| hash(&batch));
    let distinct: std::collections::BTreeSet<_> = hashes.iter().collect();
    assert_eq!(distinct.len(), hashes.len());
}

fn attempt(batch: RecordBatch) -> Result<(), String> {
    let records = Memory::new(vec![("a", None, batch)]);
    let budget = DatasetBudget {
        record_bytes: 1 << 16,
        columns: 100,
        ..DatasetBudget::DEFAULT
    };
    let workers = std::num::NonZeroUsize::MIN;
    make(
        &records,
        &Roles::default(),
        &Default::default(),
        workers,
        &budget,
        &mut Vec::new(),
    )
    .map(|_| ())
    .map_err(|error| error.to_string())
}

#[test]
fn what_has_no_form_is_said() {
    let fields =
        UnionFields::try_new(vec![0], vec![Field::new("x", DataType::Int32, true)]).unwrap();
    let union = UnionArray::try_new(
        fields,
        vec![0].into(),
        None,
        vec![Arc::new(Int32Array::from(vec![1]))],
    )
    .unwrap();
    let error = attempt(columns(vec![("u", Arc::new(union))])).unwrap_err();
    assert!(error.contains("column `u`: a union"), "{error}");
    let one: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let schema = Schema::new(vec![
        Field::new("a", DataType::Int32, true),
        Field::new("a", DataType::Int32, true),
    ]);
    let twice = RecordBatch::try_new(Arc::new(schema), vec![one.clone(), one.clone()]).unwrap();
    let error = attempt(twice).unwrap_err();
    assert!(error.contains("two columns are called `a`"), "{error}");
    let deep = |levels: usize| {
        (0..levels).fold(one.clone(), |inner, _| {
            let field = Arc::new(Field::new("item", inner.data_type().clone(), true));
            Arc::new(ListArray::new(
                field,
                OffsetBuffer::from_lengths([inner.len()]),
                inner,
                None,
            )) as ArrayRef
        })
    };
    assert_eq!(attempt(columns(vec![("d", deep(64))])), Ok(()));
    let error = attempt(columns(vec![("d", deep(65))])).unwrap_err();
    assert!(
        error.contains("column `d`: nested deeper than 64"),
        "{error}"
    );
    let names: Vec<String> = (0..101).map(|number| number.to_string()).collect();
    let wide = names
        .iter()
        .map(|name| (name.as_str(), one.clone()))
        .collect();
    let error = attempt(columns(wide)).unwrap_err();
    assert!(error.contains("more than 100 columns"), "{error}");
}

#[test]
fn views_that_show_the_same_items_again_and_again_end_at_the_budget() {
    // Ten levels of a hundred views each: 10^20 values out of a few hundred bytes.
    let mut inner: ArrayRef = Arc::new(Int32Array::from(vec![1; 100]));
    for _ in 0..10 {
        let field = Arc::new(Field::new("item", inner.data_type().clone(), true));
        let offsets = ScalarBuffer::from(vec![0_i32; 100]);
        let sizes = ScalarBuffer::from(vec![100_i32; 100]);
        inner = Arc::new(ListViewArray::new(field, offsets, sizes, inner, None));
    }
    let error = attempt(columns(vec![("bomb", inner)])).unwrap_err();
    assert!(error.contains("record_bytes"), "{error}");
}

#[test]
fn types_are_in_the_fingerprint_and_storage_is_not() {
    let root_and_schema = |column: ArrayRef| {
        let (manifest, _) = made(
            &Memory::new(vec![("a", None, columns(vec![("c", column)]))]),
            &Roles::default(),
        );
        (manifest.shards[0].root, manifest.shards[0].schema)
    };
    let narrow = root_and_schema(Arc::new(Int32Array::from(vec![1, 2])));
    let wide = root_and_schema(Arc::new(Int64Array::from(vec![1, 2])));
    assert_eq!(narrow.0, wide.0);
    assert_ne!(narrow.1, wide.1);
    let text = root_and_schema(Arc::new(StringArray::from(vec!["a", "b"])));
    let dictionary = root_and_schema(Arc::new(
        vec!["a", "b"]
            .into_iter()
            .collect::<DictionaryArray<Int32Type>>(),
    ));
    assert_eq!(text, dictionary);
    let zones = ["UTC", "Europe/Rome"].map(|zone| {
        root_and_schema(Arc::new(
            TimestampSecondArray::from(vec![5]).with_timezone(zone),
        ))
    });
    assert_eq!(zones[0].0, zones[1].0);
    assert_ne!(zones[0].1, zones[1].1);
    let (manifest, _) = made(
        &Memory::new(vec![(
            "a",
            None,
            columns(vec![
                ("s", structure(["y", "x\"}"], None)),
                ("m", map(&[&[], &[]])),
                (
                    "t",
                    Arc::new(
                        TimestampSecondArray::from(vec![5, 6])
                            .with_timezone("UTC")
                            .with_data_type(DataType::Timestamp(
                                TimeUnit::Second,
                                Some("UTC".into()),
                            )),
                    ),
                ),
            ]),
        )]),
        &Roles::default(),
    );
    let kinds: Vec<&str> = manifest
        .schemas
        .values()
        .flatten()
        .map(|column| column.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "map<text, int32>",
            r#"struct<"x\"}": int32, "y": int32>"#,
            r#"timestamp[s, "UTC"]"#
        ]
    );
}
