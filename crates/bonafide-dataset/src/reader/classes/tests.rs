use crate::{Columns, Dataset, DatasetBudget, InMemory, OpenOptions, Records};

use super::super::tests::{rows_of, small};

fn read(files: &InMemory) -> Vec<String> {
    let read = rows_of(files, DatasetBudget::DEFAULT, &Columns::All, 2).unwrap();
    let rows = read.into_iter();
    rows.map(|((shard, _), row)| format!("{shard}: {}", row.join(" ")))
        .collect()
}

#[test]
fn the_folder_of_a_file_is_its_class() {
    let files = InMemory::new([
        ("README.md", b"about".to_vec()),
        (".DS_Store", vec![0]),
        ("cat/1.jpg", vec![1]),
        ("cat/deep/2.JPG", vec![2]),
        ("dog/1.png", vec![]),
    ]);
    assert_eq!(
        read(&files),
        [
            ".: path=cat/1.jpg label=cat bytes=01",
            ".: path=cat/deep/2.JPG label=cat bytes=02",
            ".: path=dog/1.png label=dog bytes="
        ]
    );
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    assert_eq!(dataset.skipped().len(), 2);
}

#[test]
fn folders_of_splits_are_shards() {
    let files = InMemory::new([
        ("set/test/neg/1.txt", b"bad \xff".to_vec()),
        ("set/test/pos/1.txt", b"good".to_vec()),
        ("set/train/neg/1.txt", b"worse".to_vec()),
        ("set/train/pos/1.txt", b"better".to_vec()),
    ]);
    let found = read(&files);
    assert_eq!(
        found[0],
        "set/test: path=set/test/neg/1.txt label=neg bytes=62616420ff text=bad \u{fffd}"
    );
    assert_eq!(found.len(), 4);
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    let splits: Vec<Option<&str>> = dataset
        .shards()
        .iter()
        .map(|shard| shard.split.as_deref())
        .collect();
    assert_eq!(splits, [Some("test"), Some("train")]);
}

#[test]
fn one_class_or_other_files_are_no_such_folder() {
    for names in [
        vec!["cat/1.jpg", "cat/2.jpg"],
        vec!["1.jpg", "2.jpg"],
        vec!["train/1.jpg", "test/2.jpg"],
    ] {
        let files = InMemory::new(names.into_iter().map(|name| (name, vec![1])));
        assert!(Dataset::open(&files, OpenOptions::default()).is_err());
    }
    let files = InMemory::new([
        ("cat/1.jpg", vec![1]),
        ("dog/1.jpg", vec![1]),
        ("metadata.csv", b"file,label\na,b\n".to_vec()),
    ]);
    assert_eq!(read(&files), ["metadata.csv: file=a label=b"]);
}

#[test]
fn many_files_and_long_ones() {
    let files = InMemory::new((0..1_000).map(|number| {
        let class = ["a", "b"][number % 2];
        (
            format!("{class}/{number:04}.png"),
            number.to_string().into_bytes(),
        )
    }));
    assert_eq!(read(&files).len(), 1_000);
    let long = InMemory::new([("a/1.png", vec![0; 2 << 20]), ("b/1.png", vec![0])]);
    assert!(rows_of(&long, small(), &Columns::All, 1).is_err());
}
