use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder};
use arrow_array::{ArrayRef, BinaryArray, RecordBatch, StructArray};
use arrow_schema::{DataType, Field};
use parquet::file::properties::WriterProperties;

use crate::{Columns, Dataset, DatasetBudget, DatasetError, InMemory, OpenOptions, Records};

use super::super::tests::{error, rows, rows_of, samples};

#[test]
fn row_groups_are_read_once_each() {
    let read = rows("a.parquet", &samples::parquet(&samples::table(7), 3)).unwrap();
    assert_eq!(read.len(), 7);
    assert_eq!(read[0], "text=text number 0 ä label=0");
    assert_eq!(read[5], "text=text number 5 ä");
}

#[test]
fn no_rows_and_one_row() {
    let none = samples::parquet(&samples::table(0), 3);
    assert_eq!(rows("a.parquet", &none).unwrap().len(), 0);
    let one = samples::parquet(&samples::table(1), 3);
    assert_eq!(
        rows("a.parquet", &one).unwrap(),
        ["text=text number 0 ä label=0"]
    );
}

#[test]
fn nested_columns_come_whole() {
    let mut lists = ListBuilder::new(Int32Builder::new());
    lists.append_value([Some(1), None]);
    lists.append_null();
    lists.append_value([]);
    let bytes: ArrayRef = Arc::new(BinaryArray::from_iter_values([b"a".as_slice(), b"b", b""]));
    let field = Arc::new(Field::new("bytes", DataType::Binary, true));
    let images: ArrayRef = Arc::new(StructArray::from(vec![(field, bytes)]));
    let lists: ArrayRef = Arc::new(lists.finish());
    let batch = RecordBatch::try_from_iter([("numbers", lists), ("image", images)]).unwrap();
    let bytes = samples::parquet(&batch, 2);
    let read = rows("a.parquet", &bytes).unwrap();
    assert_eq!(
        read,
        [
            "numbers=[1, ] image={bytes: 61}",
            "image={bytes: 62}",
            "numbers=[] image={bytes: }"
        ]
    );
    let files = InMemory::new([("a.parquet", bytes)]);
    let named = Columns::Named(vec!["image".to_owned()]);
    let read = rows_of(&files, DatasetBudget::DEFAULT, &named, 2).unwrap();
    assert!(read.values().all(|row| row.len() == 1));
}

#[test]
fn text_that_is_not_utf8_is_an_error() {
    for dictionary in [true, false] {
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(dictionary)
            .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
            .build();
        let mut bytes = samples::parquet_with(&samples::table(3), properties);
        let place = bytes
            .windows(6)
            .position(|window| window == b"number")
            .unwrap();
        bytes[place] = 0xff;
        let said = error("a.parquet", &bytes);
        assert!(said.contains("`a.parquet` (row group 0)"), "{said}");
    }
}

/// The footer with some bytes exchanged.
fn with(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let length = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap());
    let start = bytes.len() - 8 - usize::try_from(length).unwrap();
    let footer = &bytes[start..bytes.len() - 8];
    let mut made = bytes[..start].to_vec();
    let mut exchanged = Vec::new();
    let mut at = 0;
    while at < footer.len() {
        match footer[at..].starts_with(from) {
            true => {
                exchanged.extend_from_slice(to);
                at += from.len();
            }
            false => {
                exchanged.push(footer[at]);
                at += 1;
            }
        }
    }
    made.extend_from_slice(&exchanged);
    made.extend(u32::try_from(exchanged.len()).unwrap().to_le_bytes());
    made.extend(b"PAR1");
    made
}

/// Number of rows as the footer has it: zigzag, seven bits a byte.
fn number(mut value: u64) -> Vec<u8> {
    value <<= 1;
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

#[test]
fn declared_rows_that_are_not_there_are_errors() {
    // So many rows that their number is nowhere else in the footer.
    let rows = 12_345;
    let bytes = samples::parquet(&samples::table(rows), 20_000);
    let true_number = number(u64::try_from(rows).unwrap());
    for declared in [12_344, 12_346, 1_000_000_000, 4_000_000_000_000_000] {
        let changed = with(&bytes, &true_number, &number(declared));
        assert_ne!(changed, bytes);
        let files = InMemory::new([("a.parquet", changed)]);
        let said = rows_of(&files, DatasetBudget::DEFAULT, &Columns::All, 1).unwrap_err();
        assert!(
            matches!(
                said,
                DatasetError::Malformed { .. } | DatasetError::OverBudget { .. }
            ),
            "{said}"
        );
    }
}

#[test]
fn a_long_footer_and_many_columns_are_over_budget() {
    let bytes = samples::parquet(&samples::table(3), 3);
    let files = InMemory::new([("a.parquet", bytes)]);
    for budget in [
        DatasetBudget {
            metadata_bytes: 10,
            ..DatasetBudget::DEFAULT
        },
        DatasetBudget {
            columns: 1,
            ..DatasetBudget::DEFAULT
        },
    ] {
        let options = OpenOptions {
            budget,
            ..OpenOptions::default()
        };
        let said = Dataset::open(&files, options).unwrap_err();
        assert!(matches!(said, DatasetError::OverBudget { .. }), "{said}");
    }
}

/// Thrift of a schema that is a chain of groups, one in the other.
#[test]
fn a_schema_that_is_too_deep_is_malformed() {
    let depth = 100_000;
    // Field 1 (version, i32) 1; field 2, a list of structs.
    let mut footer = vec![0x15, 0x02, 0x19, 0xfc];
    let mut count = depth + 1;
    while count >= 0x80 {
        footer.push(u8::try_from(count & 0x7f).unwrap() | 0x80);
        count >>= 7;
    }
    footer.push(u8::try_from(count).unwrap());
    for _ in 0..depth {
        // Field 3 (repetition) required, field 4 (name) `a`, field 5 (children) 1.
        footer.extend([0x35, 0x00, 0x18, 0x01, b'a', 0x15, 0x02, 0x00]);
    }
    footer.extend([0x15, 0x02, 0x25, 0x00, 0x18, 0x01, b'a', 0x00]);
    footer.extend([0x16, 0x00, 0x19, 0x0c, 0x00]);
    let mut bytes = b"PAR1".to_vec();
    bytes.extend(&footer);
    bytes.extend(u32::try_from(footer.len()).unwrap().to_le_bytes());
    bytes.extend(b"PAR1");
    let said = error("a.parquet", &bytes);
    assert!(said.contains("nested too deeply"), "{said}");
}

#[test]
fn scans_can_be_repeated() {
    let files = InMemory::new([("a.parquet", samples::parquet(&samples::table(9), 2))]);
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    for count in [1, 2, 3] {
        let seen = std::sync::atomic::AtomicUsize::new(0);
        let workers = super::super::tests::workers(count);
        let scanned = dataset.scan(workers, &Columns::All, &|_, batch| {
            seen.fetch_add(
                batch.records.num_rows(),
                std::sync::atomic::Ordering::Relaxed,
            );
            Ok(())
        });
        assert_eq!(scanned, Ok(()));
        assert_eq!(seen.into_inner(), 9);
    }
}
