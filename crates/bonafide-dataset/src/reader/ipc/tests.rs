use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{ArrayRef, DictionaryArray, NullArray, RecordBatch};
use arrow_ipc::CompressionType;

use super::super::tests::{error, rows, samples};

#[test]
fn files_and_streams_are_read() {
    let table = samples::table(4);
    let file = rows("a.arrow", &samples::ipc_file(&table)).unwrap();
    assert_eq!(file.len(), 8);
    assert_eq!(file[0], file[4]);
    assert_eq!(file[0], "text=text number 0 ä label=0");
    for packed in [
        None,
        Some(CompressionType::ZSTD),
        Some(CompressionType::LZ4_FRAME),
    ] {
        let stream = rows("a.arrow", &samples::ipc_packed(&table, packed)).unwrap();
        assert_eq!(stream, file[..4]);
    }
}

#[test]
fn dictionaries_are_read_before_what_needs_them() {
    let labels: ArrayRef = Arc::new(DictionaryArray::<Int8Type>::from_iter(["x", "y", "x"]));
    let batch = RecordBatch::try_from_iter([("label", labels)]).unwrap();
    let read = rows("a.arrow", &samples::ipc_file(&batch)).unwrap();
    assert_eq!(read, ["label=x", "label=y", "label=x"].repeat(2));
}

#[test]
fn no_records_are_none() {
    assert!(
        rows("a.arrow", &samples::ipc_stream(&samples::table(0)))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn what_is_unpacked_is_within_the_budget() {
    let table = samples::table(100);
    let bytes = samples::ipc_packed(&table, Some(CompressionType::ZSTD));
    // The length before each packed buffer, of which text has the longest.
    let text: usize = (0..100)
        .map(|row| format!("text number {row} ä").len())
        .sum();
    let before = u64::try_from(text).unwrap().to_le_bytes();
    let place = bytes
        .windows(8)
        .position(|window| window == before)
        .unwrap();
    let mut bomb = bytes;
    bomb[place..place + 8].copy_from_slice(&(1_u64 << 40).to_le_bytes());
    let said = error("a.arrow", &bomb);
    assert!(said.contains("unpack to"), "{said}");
}

#[test]
fn a_billion_nulls_are_over_budget() {
    let nulls: ArrayRef = Arc::new(NullArray::new(1_000_000_000));
    let batch = RecordBatch::try_from_iter_with_nullable([("x", nulls, true)]).unwrap();
    let said = error("a.arrow", &samples::ipc_stream(&batch));
    assert!(said.contains("1000000000 records"), "{said}");
}

#[test]
fn bytes_behind_the_end_are_an_error() {
    let mut bytes = samples::ipc_stream(&samples::table(2));
    bytes.extend(b"more");
    let said = error("a.arrow", &bytes);
    assert!(said.contains("follow the end"), "{said}");
}
