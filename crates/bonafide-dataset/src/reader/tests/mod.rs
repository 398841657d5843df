//! Whole datasets, and what hostile bytes do to each format.

mod hostile;
pub(in crate::reader) mod samples;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Mutex;

use arrow_cast::display::{ArrayFormatter, FormatOptions};

use crate::{Columns, Dataset, DatasetBudget, DatasetError, Files, InMemory, OpenOptions, Records};

pub(in crate::reader) fn workers(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

pub(in crate::reader) fn options(budget: DatasetBudget) -> OpenOptions {
    OpenOptions {
        budget,
        workers: workers(2),
    }
}

pub(in crate::reader) type Rows = BTreeMap<(String, u64), Vec<String>>;

/// Every record of all shards as text: `name=value` for each column that is not null.
pub(in crate::reader) fn rows_of(
    files: &dyn Files,
    budget: DatasetBudget,
    columns: &Columns,
    count: usize,
) -> Result<Rows, DatasetError> {
    let dataset = Dataset::open(files, options(budget))?;
    let rows = Mutex::new(Rows::new());
    dataset.scan(workers(count), columns, &|worker, batch| {
        assert!(worker < count);
        assert!(batch.records.num_rows() > 0);
        let format = FormatOptions::new();
        let schema = batch.records.schema();
        let shard = &dataset.shards()[batch.shard];
        let mut rows = rows.lock().unwrap();
        for row in 0..batch.records.num_rows() {
            let mut values = Vec::new();
            for (column, field) in batch.records.columns().iter().zip(schema.fields()) {
                if column.is_valid(row) {
                    let shown = ArrayFormatter::try_new(column, &format).unwrap();
                    values.push(format!("{}={}", field.name(), shown.value(row)));
                }
            }
            let id = (shard.name.to_string(), batch.first + row as u64);
            assert!(rows.insert(id, values).is_none(), "a record came twice");
        }
        Ok(())
    })?;
    let rows = rows.into_inner().unwrap();
    for shard in dataset.shards() {
        let name = shard.name.to_string();
        let found = rows.keys().filter(|(shard, _)| *shard == name).count() as u64;
        let last = rows
            .keys()
            .filter(|(shard, _)| *shard == name)
            .map(|id| id.1 + 1);
        assert_eq!(last.max().unwrap_or(0), found, "numbers without gaps");
        if let (Some(declared), Columns::All) = (shard.declared, columns) {
            assert_eq!(declared, found);
        }
    }
    Ok(rows)
}

/// The same for one file and all columns, with one and with three workers.
pub(in crate::reader) fn rows(name: &str, bytes: &[u8]) -> Result<Vec<String>, DatasetError> {
    let files = InMemory::new([(name, bytes.to_vec())]);
    let alone = rows_of(&files, DatasetBudget::DEFAULT, &Columns::All, 1);
    let together = rows_of(&files, DatasetBudget::DEFAULT, &Columns::All, 3);
    assert_eq!(alone, together);
    alone.map(|rows| rows.into_values().map(|row| row.join(" ")).collect())
}

pub(in crate::reader) fn error(name: &str, bytes: &[u8]) -> String {
    rows(name, bytes).unwrap_err().to_string()
}

/// A budget in which little fits.
pub(in crate::reader) fn small() -> DatasetBudget {
    DatasetBudget {
        memory: 16 << 20,
        record_bytes: 1 << 20,
        expanded_bytes: 4 << 20,
        metadata_bytes: 1 << 20,
        columns: 1_000,
        ..DatasetBudget::DEFAULT
    }
}

#[test]
fn a_folder_of_hugging_face_has_splits_and_says_what_it_skips() {
    let table = samples::table(3);
    let files = InMemory::new([
        ("README.md", b"---\nlicense: mit\n---".to_vec()),
        ("dataset_infos.json", b"{}".to_vec()),
        (".gitattributes", b"*.parquet filter=lfs".to_vec()),
        (
            "data/train-00000-of-00002.parquet",
            samples::parquet(&table, 2),
        ),
        (
            "data/train-00001-of-00002.parquet",
            samples::parquet(&table, 2),
        ),
        (
            "data/test-00000-of-00001.parquet",
            samples::parquet(&table, 2),
        ),
        ("extra/validation.jsonl", b"{\"text\": \"a\"}\n".to_vec()),
        ("model.safetensors", vec![8, 0, 0, 0, 0, 0, 0, 0]),
        ("croissant.json", b"{}".to_vec()),
    ]);
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    let shards: Vec<(String, &str, Option<&str>)> = dataset
        .shards()
        .iter()
        .map(|shard| (shard.name.to_string(), shard.format, shard.split.as_deref()))
        .collect();
    assert_eq!(
        shards,
        [
            (
                "data/test-00000-of-00001.parquet".to_owned(),
                "parquet",
                Some("test")
            ),
            (
                "data/train-00000-of-00002.parquet".to_owned(),
                "parquet",
                Some("train")
            ),
            (
                "data/train-00001-of-00002.parquet".to_owned(),
                "parquet",
                Some("train")
            ),
            (
                "extra/validation.jsonl".to_owned(),
                "jsonl",
                Some("validation")
            ),
        ]
    );
    let skipped: Vec<String> = dataset
        .skipped()
        .iter()
        .map(|(name, reason)| format!("{name}: {reason}"))
        .collect();
    assert_eq!(
        skipped,
        [
            ".gitattributes: hidden",
            "README.md: documentation",
            "croissant.json: a Croissant document",
            "dataset_infos.json: configuration",
            "model.safetensors: a model file",
        ]
    );
    let all = rows_of(&files, DatasetBudget::DEFAULT, &Columns::All, 3).unwrap();
    assert_eq!(all.len(), 10);
    // A shard that has none of the columns is not read.
    let labels = Columns::Named(vec!["label".to_owned()]);
    let some = rows_of(&files, DatasetBudget::DEFAULT, &labels, 2).unwrap();
    assert_eq!(some.len(), 9);
    assert!(
        some.values()
            .all(|row| row.iter().all(|value| value.starts_with("label=")))
    );
}

#[test]
fn two_files_may_have_different_columns() {
    let files = InMemory::new([
        ("a.csv", b"x,y\n1,2\n".to_vec()),
        ("b.jsonl", b"{\"x\": 3, \"z\": [1]}\n".to_vec()),
    ]);
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    let kinds: Vec<String> = dataset
        .shards()
        .iter()
        .flat_map(|shard| shard.schema.fields().iter())
        .map(|field| format!("{}: {}", field.name(), field.data_type()))
        .collect();
    assert_eq!(kinds, ["x: Utf8", "y: Utf8", "x: Int64", "z: Utf8"]);
}

#[test]
fn content_is_believed_before_names() {
    let table = samples::parquet(&samples::table(2), 2);
    assert_eq!(rows("README.md", &table).unwrap().len(), 2);
    let stream = samples::ipc_stream(&samples::table(2));
    assert_eq!(rows("data.bin", &stream).unwrap().len(), 2);
    let said = error("data.parquet", b"a,b\n1,2\n");
    assert!(said.contains("data.parquet"), "{said}");
    let said = error("data.csv.gz", b"a,b\n1,2\n");
    assert!(said.contains("not gzip"), "{said}");
}

#[test]
fn nothing_to_read_is_an_error_that_says_why() {
    let said = error("README.md", b"hello");
    assert!(said.contains("`README.md`: documentation"), "{said}");
    let none = InMemory::new::<&str>([]);
    let said = Dataset::open(&none, OpenOptions::default()).unwrap_err();
    assert!(matches!(said, DatasetError::NoRecords { .. }));
}

#[test]
fn the_first_error_stops_all_and_is_always_the_same() {
    let mut files = Vec::new();
    for number in 0..20 {
        let cell = if number >= 7 { "x,y" } else { "x" };
        files.push((
            format!("{number:02}.csv"),
            format!("a\n{cell}\n").into_bytes(),
        ));
    }
    let files = InMemory::new(files);
    for count in [1, 2, 5] {
        for _ in 0..5 {
            let said = rows_of(&files, DatasetBudget::DEFAULT, &Columns::All, count);
            let said = said.unwrap_err().to_string();
            assert!(said.starts_with("`07.csv` (line 2)"), "{said}");
        }
    }
}

#[test]
fn the_error_of_a_visitor_comes_back() {
    let files = InMemory::new([("a.csv", b"x\n1\n".to_vec())]);
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    let said = dataset.scan(workers(2), &Columns::All, &|_, _| {
        Err(DatasetError::Cancelled)
    });
    assert_eq!(said, Err(DatasetError::Cancelled));
}

#[test]
fn more_records_than_allowed_are_an_error() {
    let budget = DatasetBudget {
        records: 2,
        ..DatasetBudget::DEFAULT
    };
    for (name, bytes) in [
        ("a.csv", b"x\n1\n2\n3\n".to_vec()),
        ("a.jsonl", b"{}\n{}\n{}\n".to_vec()),
        ("a.parquet", samples::parquet(&samples::table(3), 1)),
    ] {
        let files = InMemory::new([(name, bytes)]);
        let said = rows_of(&files, budget.clone(), &Columns::All, 1).unwrap_err();
        assert!(matches!(said, DatasetError::OverBudget { .. }), "{said}");
    }
}

#[test]
fn batches_stay_small() {
    let text = "x".repeat(1 << 20);
    let mut lines = String::new();
    for _ in 0..40 {
        lines.push_str(&format!("{{\"text\": \"{text}\"}}\n"));
    }
    let files = InMemory::new([("a.jsonl", lines.into_bytes())]);
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    let most = Mutex::new(0);
    let scanned = dataset.scan(workers(2), &Columns::All, &|_, batch| {
        let mut most = most.lock().unwrap();
        *most = batch.records.num_rows().max(*most);
        Ok(())
    });
    assert_eq!(scanned, Ok(()));
    assert!(*most.lock().unwrap() <= 9);
}
