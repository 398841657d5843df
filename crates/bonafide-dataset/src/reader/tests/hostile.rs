//! Truncations, flips and bombs: an error or records, and never a panic or a hang.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::{Columns, DatasetBudget, DatasetError, InMemory};

use super::{rows, rows_of, samples, small};

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

fn every_format() -> Vec<(&'static str, Vec<u8>)> {
    let table = samples::table(5);
    let zstd = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .build();
    let delta = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_writer_version(parquet::file::properties::WriterVersion::PARQUET_2_0)
        .set_encoding(Encoding::DELTA_BYTE_ARRAY)
        .set_column_encoding("label".into(), Encoding::DELTA_BINARY_PACKED)
        .build();
    vec![
        ("a.parquet", samples::parquet(&table, 2)),
        ("b.parquet", samples::parquet_with(&table, zstd)),
        ("c.parquet", samples::parquet_with(&table, delta)),
        ("a.arrow", samples::ipc_file(&table)),
        ("b.arrow", samples::ipc_stream(&table)),
        (
            "c.arrow",
            samples::ipc_packed(&table, Some(arrow_ipc::CompressionType::ZSTD)),
        ),
        (
            "d.arrow",
            samples::ipc_packed(&table, Some(arrow_ipc::CompressionType::LZ4_FRAME)),
        ),
        ("a.csv", samples::CSV.to_vec()),
        ("a.jsonl", samples::JSONL.to_vec()),
        ("a.json", b"[{\"a\": 1}, {\"a\": \"x\"}]".to_vec()),
        ("a.tar", samples::shard()),
        (
            "a-images-idx3-ubyte",
            samples::idx(&[2, 2, 2], &[1, 2, 3, 4, 5, 6, 7, 8]),
        ),
        ("a.csv.gz", samples::gz(samples::CSV)),
        ("a.csv.zst", samples::zst(samples::CSV)),
        ("a.csv.bz2", samples::bz2(samples::CSV)),
        ("a.csv.lz4", samples::lz4(samples::CSV)),
        ("a.csv.xz", samples::XZ.to_vec()),
        ("a.tgz", samples::gz(&samples::shard())),
    ]
}

fn read(name: &str, bytes: Vec<u8>) -> Result<Vec<Vec<String>>, DatasetError> {
    let files = InMemory::new([(name, bytes)]);
    let started = Instant::now();
    let rows = rows_of(&files, small(), &Columns::All, 1);
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{name} takes too long"
    );
    rows.map(|rows| rows.into_values().collect())
}

#[test]
fn every_format_can_be_read_whole() {
    for (name, bytes) in every_format() {
        let read = rows(name, &bytes);
        assert!(read.is_ok_and(|rows| rows.len() >= 2), "{name}");
    }
}

/// What was cut is an error, but where a format has no end that could be missing.
#[test]
fn a_cut_is_an_error_or_leaves_whole_records() {
    for (name, bytes) in every_format() {
        let whole = read(name, bytes.clone()).unwrap();
        for length in 0..bytes.len() {
            match read(name, bytes[..length].to_vec()) {
                Err(_) => {}
                Ok(_) if name == "a.csv" || name == "a.jsonl" => {}
                // A stream of Arrow messages may end behind any of them.
                Ok(rows) => assert!(
                    name.ends_with(".arrow") && whole.starts_with(&rows),
                    "{name} cut at {length}"
                ),
            }
        }
    }
}

#[test]
fn flipped_bits_are_errors_or_other_records() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for (name, bytes) in every_format() {
        for _ in 0..600 {
            let mut flipped = bytes.clone();
            for _ in 0..=numbers.below(3) {
                let place = numbers.below(flipped.len());
                flipped[place] = match numbers.below(3) {
                    0 => flipped[place] ^ (1 << numbers.below(8)),
                    1 => 0xff,
                    _ => u8::try_from(numbers.below(256)).unwrap(),
                };
            }
            let _either = read(name, flipped);
        }
    }
}

#[test]
fn what_is_packed_with_checksums_is_never_other_records() {
    for name in ["a.csv.gz", "a.csv.zst", "a.csv.bz2", "a.csv.xz"] {
        let formats = every_format();
        let (_, bytes) = formats.iter().find(|(found, _)| *found == name).unwrap();
        let whole = read(name, bytes.clone()).unwrap();
        for place in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[place] ^= 0x10;
            if let Ok(rows) = read(name, flipped) {
                assert_eq!(rows, whole, "{name} flipped at {place}");
            }
        }
    }
}

#[test]
fn trailing_bytes_are_an_error_and_more_members_are_read() {
    for (name, packed) in [
        ("a.csv.gz", samples::gz as fn(&[u8]) -> Vec<u8>),
        ("a.csv.zst", samples::zst),
        ("a.csv.bz2", samples::bz2),
        ("a.csv.lz4", samples::lz4),
    ] {
        let mut two = packed(b"x\n1\n");
        two.extend(packed(b"2\n"));
        assert_eq!(rows(name, &two).unwrap(), ["x=1", "x=2"], "{name}");
        two.extend(b"garbage");
        assert!(rows(name, &two).is_err(), "{name}");
    }
    let mut two = samples::XZ.to_vec();
    two.extend(b"garbage!");
    assert!(rows("a.csv.xz", &two).is_err());
}

#[test]
fn bombs_are_over_budget() {
    let zeros = vec![0; 64 << 20];
    let spaces = vec![b' '; 64 << 20];
    for (name, bytes) in [
        ("a.csv.gz", samples::gz(&zeros)),
        ("a.csv.zst", samples::zst(&zeros)),
        ("a.tar.zst", samples::zst(&zeros)),
        ("a.jsonl.zst", samples::zst(&spaces)),
        ("a.csv.bz2", samples::bz2(&spaces)),
    ] {
        let said = read(name, bytes).unwrap_err();
        assert!(
            matches!(
                said,
                DatasetError::OverBudget { .. } | DatasetError::Malformed { .. }
            ),
            "{name}: {said}"
        );
    }
}

#[test]
fn a_record_without_end_is_over_budget() {
    let mut quoted = b"x\n\"".to_vec();
    quoted.resize(8 << 20, b'a');
    let mut object = b"{\"x\": \"".to_vec();
    object.resize(8 << 20, b'a');
    let mut array = b"[".to_vec();
    array.extend(&object);
    for (name, bytes) in [("a.csv", quoted), ("a.jsonl", object), ("a.json", array)] {
        let said = read(name, bytes).unwrap_err();
        assert!(
            matches!(said, DatasetError::OverBudget { .. }),
            "{name}: {said}"
        );
    }
}

/// One value repeated: tiny in the file, and large in memory.
#[test]
fn a_dictionary_of_long_values_makes_small_batches() {
    let long = "x".repeat(900 << 10);
    let text: ArrayRef = Arc::new(StringArray::from_iter_values(std::iter::repeat_n(
        long.as_str(),
        400,
    )));
    let batch = RecordBatch::try_from_iter([("text", text)]).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .build();
    let bytes = samples::parquet_with(&batch, properties);
    assert!(bytes.len() < 100 << 10);
    let files = InMemory::new([("a.parquet", bytes)]);
    let budget = DatasetBudget {
        expansion: 1_000_000,
        ..DatasetBudget::DEFAULT
    };
    let dataset = crate::Dataset::open(&files, super::options(budget)).unwrap();
    let scanned = crate::Records::scan(&dataset, super::workers(1), &Columns::All, &|_, batch| {
        let column = batch.records.column(0);
        assert!(column.get_buffer_memory_size() <= 160 << 20);
        assert!(batch.records.num_rows() <= 80);
        Ok(())
    });
    assert_eq!(scanned, Ok(()));
    // And where that much is not allowed, it is an error and no hang.
    let said = rows_of(&files, small(), &Columns::All, 1).unwrap_err();
    assert!(matches!(said, DatasetError::OverBudget { .. }), "{said}");
}

/// A billion rows of one value fit in a few bytes.
#[test]
fn a_billion_rows_in_few_bytes_are_over_budget() {
    let labels: ArrayRef = Arc::new(Int32Array::from(vec![7; 4 << 20]));
    let batch = RecordBatch::try_from_iter([("label", labels)]).unwrap();
    let properties = WriterProperties::builder()
        .set_data_page_row_count_limit(4 << 20)
        .set_write_batch_size(4 << 20)
        .build();
    let bytes = samples::parquet_with(&batch, properties);
    assert!(bytes.len() < 4 << 10);
    let said = read("a.parquet", bytes).unwrap_err();
    assert!(matches!(said, DatasetError::OverBudget { .. }), "{said}");
}
