//! The pages of a column chunk, from their headers: what decoding them would take.
//! <https://parquet.apache.org/docs/file-format/data-pages/>

use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

use std::sync::Arc;

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::files::FileBytes;

use super::super::guard::guarded;
use super::super::input::Input;
use super::super::source::MOST_BATCH_BYTES;
use super::chunk::Chunks;
use super::thrift::{Compact, Fault, Fields, I32, STRUCT};

/// What was found out about one column chunk.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Chunk {
    /// Bytes of all pages, unpacked.
    pub(super) unpacked: u64,
    /// Bytes that the values take at least when decoded.
    pub(super) decoded: u64,
    /// Most unpacked bytes for each value, of any page, rounded up.
    pub(super) densest: u64,
    /// Most bytes of a value that can be repeated without being stored again.
    pub(super) longest_repeated: u64,
}

struct Header {
    length: usize,
    kind: i64,
    unpacked: i64,
    packed: i64,
    values: Option<i64>,
    encoding: Option<i64>,
}

/// Kinds of pages, and an encoding, by their numbers in the Thrift definition.
const DATA: i64 = 0;
const INDEX: i64 = 1;
const DICTIONARY: i64 = 2;
const DATA_V2: i64 = 3;
const DELTA_BYTE_ARRAY: i64 = 7;

/// Goes over the page headers of one column chunk. `at` says where it is.
pub(super) fn walk(
    input: &Input<'_>,
    bytes: &FileBytes,
    column: &ColumnChunkMetaData,
    rows: u64,
    at: &str,
    budget: &DatasetBudget,
) -> Result<Chunk, DatasetError> {
    let (mut offset, end) = range(input, column, at)?;
    let width = width(column.column_type());
    let mut chunk = Chunk::default();
    let mut values = 0_u64;
    let mut dictionary = 0;
    let mut window = Vec::new();
    while offset < end {
        let header = header(input, bytes, offset, end, &mut window)?.map_err(|fault| {
            let at = format!("{at}, page at {offset}");
            input.malformed(at, fault.reason())
        })?;
        let at = || format!("{at}, page at {offset}");
        let sizes = (u64::try_from(header.packed), u64::try_from(header.unpacked));
        let (Ok(packed), Ok(unpacked)) = sizes else {
            return Err(input.malformed(at(), "its size is below zero"));
        };
        let body = offset.saturating_add(header.length as u64);
        let next = body.saturating_add(packed);
        if next > end {
            let reason = format!("its {packed} bytes reach beyond the column");
            return Err(input.malformed(at(), reason));
        }
        let most = budget.record_bytes.max(budget.memory / 4);
        if unpacked.max(packed) > most {
            let reason = format!("{unpacked} bytes unpacked, {most} are allowed (memory)");
            return Err(input.over(at(), reason));
        }
        chunk.unpacked = chunk.unpacked.saturating_add(unpacked);
        match header.kind {
            DICTIONARY => dictionary = unpacked,
            INDEX => {}
            DATA | DATA_V2 => {
                let count = header.values.and_then(|count| u64::try_from(count).ok());
                let Some(count) = count else {
                    return Err(input.malformed(at(), "it has no number of values"));
                };
                values = values.saturating_add(count);
                chunk.densest = chunk.densest.max(unpacked.div_ceil(count.max(1)));
                if header.encoding == Some(DELTA_BYTE_ARRAY) {
                    chunk.longest_repeated = chunk.longest_repeated.max(unpacked);
                }
            }
            _ => return Err(input.malformed(at(), "a page of unknown kind")),
        }
        offset = next;
    }
    if u64::try_from(column.num_values()).ok() != Some(values) {
        let declared = column.num_values();
        let reason = format!("{declared} values are declared, its pages have {values}");
        return Err(input.malformed(at, reason));
    }
    let flat = column.column_descr().max_rep_level() == 0;
    if values < rows || (flat && values != rows) {
        let reason = format!("{values} values for {rows} rows");
        return Err(input.malformed(at, reason));
    }
    chunk.decoded = values.saturating_mul(width);
    let repeats = matches!(
        column.column_type(),
        Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY
    );
    if !repeats {
        chunk.longest_repeated = 0;
    } else if dictionary.saturating_mul(rows.min(budget.batch_records as u64)) > MOST_BATCH_BYTES {
        let longest = longest(input, bytes, column, rows, at)?.unwrap_or(dictionary);
        chunk.longest_repeated = chunk.longest_repeated.max(longest);
    }
    Ok(chunk)
}

/// First byte of a column chunk, and the one behind its last.
fn range(
    input: &Input<'_>,
    column: &ColumnChunkMetaData,
    at: &str,
) -> Result<(u64, u64), DatasetError> {
    if column.file_path().is_some_and(|path| !path.is_empty()) {
        return Err(input.malformed(at, "its bytes are said to be in another file"));
    }
    let start = match column.dictionary_page_offset() {
        // Some writers say zero where there is none.
        Some(offset) if offset > 0 => offset.min(column.data_page_offset()),
        _ => column.data_page_offset(),
    };
    let found = (|| {
        // The reader of the pages takes the dictionary's place as it is given.
        if column
            .dictionary_page_offset()
            .is_some_and(|offset| offset != start)
        {
            return None;
        }
        let start = u64::try_from(start).ok()?;
        let end = start.checked_add(u64::try_from(column.compressed_size()).ok()?)?;
        (start >= 4 && end <= input.size.checked_sub(8)?).then_some((start, end))
    })();
    found.ok_or_else(|| input.malformed(at, "its bytes are not within the file"))
}

/// Bytes of one value in memory; of text and bytes those of its place.
const fn width(kind: Type) -> u64 {
    match kind {
        Type::BOOLEAN => 1,
        Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
        Type::FIXED_LEN_BYTE_ARRAY => 1,
    }
}

/// Page headers are mostly of some tens of bytes, but may carry statistics.
const WINDOW: usize = 512;
const LONGEST_HEADER: usize = 1 << 20;

fn header(
    input: &Input<'_>,
    bytes: &FileBytes,
    offset: u64,
    end: u64,
    window: &mut Vec<u8>,
) -> Result<Result<Header, Fault>, DatasetError> {
    let left = usize::try_from(end - offset).unwrap_or(usize::MAX);
    let mut length = WINDOW;
    loop {
        window.resize(length.min(left), 0);
        input.fill(bytes, offset, window)?;
        match parsed(window) {
            Err(Fault::Short) if length < left && length < LONGEST_HEADER => length *= 16,
            found => return Ok(found),
        }
    }
}

fn parsed(window: &[u8]) -> Result<Header, Fault> {
    let mut bytes = Compact::new(window);
    let mut header = Header {
        length: 0,
        kind: -1,
        unpacked: -1,
        packed: -1,
        values: None,
        encoding: None,
    };
    let mut fields = Fields::default();
    while let Some((id, wire)) = bytes.field(&mut fields)? {
        match (id, wire) {
            (1, I32) => header.kind = bytes.number()?,
            (2, I32) => header.unpacked = bytes.number()?,
            (3, I32) => header.packed = bytes.number()?,
            // Values and encoding have the same numbers in the first version, and in the
            // second the encoding comes as the fourth.
            (5 | 8, STRUCT) => {
                let encoding = if id == 5 { 2 } else { 4 };
                let mut inner = Fields::default();
                while let Some((id, wire)) = bytes.field(&mut inner)? {
                    match (id, wire) {
                        (1, I32) => header.values = Some(bytes.number()?),
                        (id, I32) if id == encoding => header.encoding = Some(bytes.number()?),
                        _ => bytes.skip(wire)?,
                    }
                }
            }
            _ => bytes.skip(wire)?,
        }
    }
    header.length = window.len() - bytes.left();
    Ok(header)
}

/// Length of the longest value of the dictionary; none if it is in an unknown encoding.
fn longest(
    input: &Input<'_>,
    bytes: &FileBytes,
    column: &ColumnChunkMetaData,
    rows: u64,
    at: &str,
) -> Result<Option<u64>, DatasetError> {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let page = guarded(|| {
        let chunks = Arc::new(Chunks::new(input, bytes));
        SerializedPageReader::new(chunks, column, rows, None)?.get_next_page()
    });
    match page {
        Err(reason) => Err(input.malformed(at, reason)),
        Ok(Err(error)) => Err(input.malformed(at, error.to_string())),
        Ok(Ok(Some(Page::DictionaryPage { buf, encoding, .. })))
            if matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY)
                && column.column_type() == Type::BYTE_ARRAY =>
        {
            let mut rest: &[u8] = &buf;
            let mut longest = 0;
            while let Some((length, values)) = rest.split_first_chunk::<4>() {
                let length = u32::from_le_bytes(*length);
                longest = longest.max(u64::from(length));
                let behind = usize::try_from(length).ok();
                match behind.and_then(|behind| values.get(behind..)) {
                    Some(behind) => rest = behind,
                    None => {
                        return Err(input.malformed(at, "a value reaches beyond the dictionary"));
                    }
                }
            }
            Ok(Some(longest))
        }
        Ok(Ok(_)) if column.column_type() == Type::FIXED_LEN_BYTE_ARRAY => {
            let length = column.column_descr().type_length();
            Ok(u64::try_from(length).ok())
        }
        Ok(Ok(_)) => Ok(None),
    }
}
