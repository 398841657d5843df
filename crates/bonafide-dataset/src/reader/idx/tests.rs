use crate::{Columns, Dataset, DatasetBudget, InMemory, OpenOptions, Records};

use super::super::tests::samples::{gz, idx};
use super::super::tests::{error, rows, rows_of};

#[test]
fn images_and_labels_are_one_shard() {
    let images = idx(&[3, 1, 2], &[1, 2, 3, 4, 5, 6]);
    let labels = idx(&[3], &[7, 8, 9]);
    for (one, other, images, labels) in [
        (
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
            images.clone(),
            labels.clone(),
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz",
            gz(&images),
            gz(&labels),
        ),
    ] {
        let files = InMemory::new([(other, labels), (one, images)]);
        let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
        assert_eq!(dataset.shards().len(), 1);
        assert_eq!(dataset.shards()[0].split.as_deref(), Some("test"));
        let read = rows_of(&files, DatasetBudget::DEFAULT, &Columns::All, 2).unwrap();
        let read: Vec<String> = read.into_values().map(|row| row.join(" ")).collect();
        assert_eq!(
            read,
            [
                "pixels=[1, 2] label=7",
                "pixels=[3, 4] label=8",
                "pixels=[5, 6] label=9"
            ]
        );
    }
}

#[test]
fn other_numbers_are_big_endian() {
    let mut bytes = vec![0, 0, 0x0c, 1, 0, 0, 0, 2];
    bytes.extend(5_i32.to_be_bytes());
    bytes.extend((-6_i32).to_be_bytes());
    assert_eq!(
        rows("numbers.idx", &bytes).unwrap(),
        ["label=5", "label=-6"]
    );
}

#[test]
fn what_does_not_fit_its_header_is_an_error() {
    let name = "a-images-idx3-ubyte";
    for (bytes, expected) in [
        (idx(&[2, 2, 2], &[0; 7]), "23 bytes, its header says 24"),
        (idx(&[2, 2, 2], &[0; 9]), "25 bytes, its header says 24"),
        (idx(&[u32::MAX, 2, 2], &[0; 8]), "24 bytes, its header says"),
        (idx(&[2, u32::MAX, u32::MAX], &[0; 8]), "no header"),
        (idx(&[2, 0, 2], &[]), "a dimension is zero"),
        (vec![0, 0, 8], "no header"),
        (vec![1, 0, 8, 1, 0, 0, 0, 0], "no header"),
    ] {
        let said = error(name, &bytes);
        assert!(said.contains(expected), "{expected}: {said}");
    }
    for (body, expected) in [
        (&[0; 7][..], "ends too early"),
        (&[0; 9][..], "bytes follow"),
    ] {
        let said = error("a-images-idx3-ubyte.gz", &gz(&idx(&[2, 2, 2], body)));
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let files = InMemory::new([
        ("a-images-idx3-ubyte", idx(&[2, 1, 1], &[1, 2])),
        ("a-labels-idx1-ubyte", idx(&[3], &[1, 2, 3])),
    ]);
    let said = Dataset::open(&files, OpenOptions::default())
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("3 records, `a-images-idx3-ubyte` has 2"),
        "{said}"
    );
}
