//! The questions, asked of an engine in this process.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array,
    StringArray, UInt64Array,
};
use datafusion::arrow::datatypes::Int8Type;
use datafusion::parquet::arrow::ArrowWriter;

use super::*;

type Named<'a> = (&'a str, ArrayRef);

fn write(folder: &Path, name: &str, columns: Vec<Named<'_>>) {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, values)| (name, values, true)),
    )
    .unwrap();
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn strings(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn asked(root: &Path, columns: &Columns) -> Result<Scan, ClusterError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let shards = Shards::find(root)?;
    runtime.block_on(ask(&SessionContext::new(), &shards, columns, 3))
}

fn labelled() -> Columns {
    Columns {
        label: Some("label".to_owned()),
        ..Columns::default()
    }
}

fn known(scan: &Scan) -> &Equal {
    scan.duplicates.known().unwrap()
}

fn counts(found: &Equal) -> [u64; 5] {
    [
        found.records,
        found.clusters,
        found.clustered,
        found.conflicts.total,
        found.leaks.total,
    ]
}

#[test]
fn clusters_conflicts_and_leaks_are_counted_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "train-0.parquet",
        vec![
            ("text", strings(&["a", "a", "a", "b", "c", "d"])),
            ("label", Arc::new(Int32Array::from(vec![1, 2, 1, 1, 1, 1]))),
        ],
    );
    write(
        folder.path(),
        "test.parquet",
        vec![
            ("text", strings(&["b", "e"])),
            ("label", Arc::new(Int32Array::from(vec![Some(1), None]))),
        ],
    );
    let scan = asked(folder.path(), &labelled()).unwrap();
    let found = known(&scan);
    assert_eq!(counts(found), [8, 2, 5, 1, 1]);
    assert_eq!(
        found.labels,
        [("1".to_owned(), 6), ("2".to_owned(), 1)].into()
    );
    let conflict = &found.conflicts.shown[0];
    assert_eq!(conflict.records, 3);
    assert_eq!(
        conflict.labels,
        [("1".to_owned(), 2), ("2".to_owned(), 1)].into()
    );
    // SHA-256 of `a`, from sha256sum.
    assert_eq!(
        conflict.equal["text"].as_deref(),
        Some("sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")
    );
    let splits = [("test".to_owned(), 1), ("train".to_owned(), 1)];
    assert_eq!(found.leaks.shown[0].splits, splits.into());
    let split = &scan.populations[0];
    assert_eq!((split.values["train"], split.values["test"]), (6, 2));
}

#[test]
fn hostile_names_stay_names() {
    let folder = tempfile::tempdir().unwrap();
    let column = r#"te"xt'; DROP TABLE part0; -- \"#;
    let label = "l.a\"bel";
    for name in [
        "it's [a]*{b,c}?.parquet",
        "a b%20c%2e test.parquet",
        "'; DROP TABLE part0; --/train/x.parquet",
        "ä/日本.pq",
        "no-ending",
    ] {
        write(
            folder.path(),
            name,
            vec![
                (column, strings(&["x'y", "x'y", "\"; --"])),
                (label, strings(&["it's", "\\", "it's"])),
            ],
        );
    }
    let columns = Columns {
        label: Some(label.to_owned()),
        attributes: vec![label.to_owned(), column.to_owned()],
        ..Columns::default()
    };
    let scan = asked(folder.path(), &columns).unwrap();
    assert_eq!(scan.files, 5);
    assert_eq!(counts(known(&scan)), [15, 2, 15, 1, 2]);
    assert_eq!(known(&scan).labels["it's"], 10);
    assert_eq!(known(&scan).labels["\\"], 5);
    assert_eq!(scan.populations[2].values["x'y"], 10);
    assert_eq!(scan.compared, [column]);
}

#[test]
fn names_that_the_engine_cannot_open_are_errors_and_not_empty() {
    for name in ["line\nbreak.parquet", "staged#1"] {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            "good.parquet",
            vec![("text", strings(&["a"]))],
        );
        write(folder.path(), name, vec![("text", strings(&["a"]))]);
        let scan = asked(folder.path(), &Columns::default());
        match scan {
            Err(error) => assert!(!error.to_string().is_empty()),
            Ok(scan) => assert_eq!(known(&scan).records, 2, "{name:?}"),
        }
    }
}

#[test]
fn all_kinds_of_values_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let dictionary: DictionaryArray<Int8Type> = vec!["p", "q", "p", "p"].into_iter().collect();
    write(
        folder.path(),
        "x.parquet",
        vec![
            (
                "text",
                Arc::new(StringArray::from(vec![Some("a"), None, None, Some("")])),
            ),
            (
                "bytes",
                Arc::new(BinaryArray::from_vec(vec![b"\xff", b"\xff", b"\xff", b""])),
            ),
            ("dictionary", Arc::new(dictionary)),
            (
                "large",
                Arc::new(UInt64Array::from(vec![u64::MAX, 1, 1, 1])),
            ),
            (
                "truth",
                Arc::new(BooleanArray::from(vec![true, false, false, false])),
            ),
            ("label", Arc::new(Int64Array::from(vec![i64::MIN, 2, 3, 4]))),
        ],
    );
    let narrow = |text: &str| Columns {
        text: vec![text.to_owned()],
        attributes: vec!["truth".to_owned()],
        ..labelled()
    };
    for (text, clusters, clustered) in [
        // Null is equal to null, and not to nothing.
        ("text", 1, 2),
        ("bytes", 1, 3),
        ("dictionary", 1, 3),
        ("large", 1, 3),
        ("truth", 1, 3),
    ] {
        let scan = asked(folder.path(), &narrow(text)).unwrap();
        let found = known(&scan);
        assert_eq!(counts(found), [4, clusters, clustered, 1, 0], "{text}");
        assert_eq!(
            found.conflicts.shown[0].labels.len() as u64,
            clustered,
            "{text}"
        );
        assert_eq!(scan.populations[1].values["false"], 3);
    }
    // `q` tells the only two apart that are equal in the rest.
    let scan = asked(folder.path(), &labelled()).unwrap();
    assert_eq!(counts(known(&scan)), [4, 0, 0, 0, 0]);
    assert_eq!(known(&scan).labels["-9223372036854775808"], 1);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "train.parquet",
        vec![
            ("number", Arc::new(Float64Array::from(vec![0.5]))),
            ("text", strings(&["a"])),
        ],
    );
    write(
        folder.path(),
        "test.parquet",
        vec![("text", Arc::new(Int32Array::from(vec![1])))],
    );
    let failed = |columns: Columns| asked(folder.path(), &columns).unwrap_err();
    let text = || vec!["text".to_owned()];
    let number = failed(Columns {
        text: vec!["number".to_owned()],
        ..Columns::default()
    });
    assert!(matches!(number, ClusterError::Kind { .. }), "{number}");
    let mixed = failed(Columns {
        text: text(),
        ..Columns::default()
    });
    assert!(matches!(mixed, ClusterError::Mixed { .. }), "{mixed}");
    let missing = failed(labelled());
    assert!(
        matches!(missing, ClusterError::NoSuchColumn { .. }),
        "{missing}"
    );
    let twice = failed(Columns {
        label: Some("text".to_owned()),
        text: text(),
        ..Columns::default()
    });
    assert!(matches!(twice, ClusterError::TwoUses { .. }), "{twice}");
}

#[test]
fn no_record_and_one_record() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "x.parquet", vec![("text", strings(&[]))]);
    let scan = asked(folder.path(), &Columns::default()).unwrap();
    assert!(matches!(scan.duplicates, Answer::Inconclusive(_)));
    write(folder.path(), "y.parquet", vec![("text", strings(&["a"]))]);
    let scan = asked(folder.path(), &Columns::default()).unwrap();
    assert!(matches!(scan.duplicates, Answer::Inconclusive(_)));
    write(folder.path(), "z.parquet", vec![("text", strings(&["a"]))]);
    let scan = asked(folder.path(), &Columns::default()).unwrap();
    assert_eq!(counts(known(&scan)), [2, 1, 2, 0, 0]);
}

/// A file that is cut off or changed gives an error or an answer over what it declares,
/// and never a panic that ends the process.
#[test]
fn damaged_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "x.parquet",
        vec![("text", strings(&["a", "b", "a"]))],
    );
    let path = folder.path().join("x.parquet");
    let whole = std::fs::read(&path).unwrap();
    let mut failed = 0;
    for length in (0..whole.len()).step_by(7) {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(
            asked(folder.path(), &Columns::default()).is_err(),
            "{length}"
        );
    }
    for place in (0..whole.len()).step_by(5) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x41;
        std::fs::write(&path, &bytes).unwrap();
        failed += u32::from(asked(folder.path(), &Columns::default()).is_err());
    }
    assert!(failed > 10, "{failed}");
}
