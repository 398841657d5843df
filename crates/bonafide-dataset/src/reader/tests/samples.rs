//! Small files of each format.

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// Text and labels; every third label is null.
pub(in crate::reader) fn table(rows: i32) -> RecordBatch {
    let text: Vec<String> = (0..rows)
        .map(|row| format!("text number {row} ä"))
        .collect();
    let labels: Vec<Option<i32>> = (0..rows).map(|row| (row % 3 != 2).then_some(row)).collect();
    let text: ArrayRef = Arc::new(StringArray::from(text));
    let labels: ArrayRef = Arc::new(Int32Array::from(labels));
    RecordBatch::try_from_iter_with_nullable([("text", text, false), ("label", labels, true)])
        .unwrap()
}

pub(in crate::reader) fn parquet_with(
    batch: &RecordBatch,
    properties: WriterProperties,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// With row groups of so many rows.
pub(in crate::reader) fn parquet(batch: &RecordBatch, group: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(group))
        .build();
    parquet_with(batch, properties)
}

pub(in crate::reader) fn ipc_file(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = FileWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

pub(in crate::reader) fn ipc_stream(batch: &RecordBatch) -> Vec<u8> {
    ipc_packed(batch, None)
}

pub(in crate::reader) fn ipc_packed(
    batch: &RecordBatch,
    compression: Option<arrow_ipc::CompressionType>,
) -> Vec<u8> {
    let options = IpcWriteOptions::default()
        .try_with_compression(compression)
        .unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        StreamWriter::try_new_with_options(&mut bytes, &batch.schema(), options).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

pub(in crate::reader) const CSV: &[u8] =
    b"text,label\n\"one, two\",1\n\"a \"\"quote\"\"\nand a line\",2\n\xc3\xa4,3\n";

pub(in crate::reader) const JSONL: &[u8] =
    b"{\"text\": \"a\\u00e4\", \"label\": 1, \"more\": {\"b\": [1.0, 2], \"a\": null}}\n\
    {\"label\": 2, \"text\": \"b\", \"ok\": true}\n\
    \n\
    {\"text\": null, \"label\": -3, \"ok\": false}\n";

/// A member of a tar archive with its padding.
pub(in crate::reader) fn member(name: &str, kind: u8, body: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000644\0");
    let size = format!("{:011o}\0", body.len());
    block[124..136].copy_from_slice(size.as_bytes());
    block[136..148].copy_from_slice(b"00000000000\0");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    let mut bytes = sealed(block).to_vec();
    bytes.extend_from_slice(body);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

/// With its checksum.
pub(in crate::reader) fn sealed(mut block: [u8; 512]) -> [u8; 512] {
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

pub(in crate::reader) fn tar(members: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = members.concat();
    bytes.extend([0; 1024]);
    bytes
}

pub(in crate::reader) fn shard() -> Vec<u8> {
    tar(&[
        member("a/000.jpg", b'0', b"\xff\xd8picture"),
        member("a/000.cls", b'0', b"3"),
        member("a/", b'5', b""),
        member("a/001.json", b'0', b"{\"x\": 1}"),
        member("a/001.jpg", b'0', b""),
    ])
}

/// An array of bytes with its header.
pub(in crate::reader) fn idx(sizes: &[u32], body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, u8::try_from(sizes.len()).unwrap()];
    for size in sizes {
        bytes.extend(size.to_be_bytes());
    }
    bytes.extend_from_slice(body);
    bytes
}

pub(in crate::reader) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(in crate::reader) fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut writer = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    writer.include_checksum(true).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(in crate::reader) fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(in crate::reader) fn lz4(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lz4_flex::frame::FrameEncoder::new(Vec::new());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// `label\n1\n2\n`, as `xz` packs it: there is no encoder here.
pub(in crate::reader) const XZ: &[u8] = &XZ_BYTES;
const XZ_BYTES: [u8; 68] = [
    0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 0xe6, 0xd6, 0xb4, 0x46, 0x02, 0x00, 0x21, 0x01,
    0x16, 0x00, 0x00, 0x00, 0x74, 0x2f, 0xe5, 0xa3, 0x01, 0x00, 0x09, 0x6c, 0x61, 0x62, 0x65, 0x6c,
    0x0a, 0x31, 0x0a, 0x32, 0x0a, 0x00, 0x00, 0x00, 0xd2, 0x5a, 0xd8, 0x0b, 0x59, 0x84, 0x10, 0xb7,
    0x00, 0x01, 0x22, 0x0a, 0x15, 0x1a, 0xe1, 0x67, 0x1f, 0xb6, 0xf3, 0x7d, 0x01, 0x00, 0x00, 0x00,
    0x00, 0x04, 0x59, 0x5a,
];
