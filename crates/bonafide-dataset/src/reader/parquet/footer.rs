//! The footer of a Parquet file: read within the budget, looked at, and only then decoded.
//! <https://parquet.apache.org/docs/file-format/metadata/>

use std::sync::Arc;

use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::super::guard::guarded;
use super::super::input::Input;
use super::thrift::{Compact, Fault, Fields, I32, LIST, STRUCT};

/// Both ends of a file.
pub(in crate::reader) const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";

/// Groups of a schema are nested no deeper: its decoders call themselves.
const DEEPEST_SCHEMA: usize = 48;

/// A row group has no fewer bytes in the footer.
const SMALLEST_ROW_GROUP: u64 = 8;

/// Reads the footer of a file.
pub(super) fn read(
    input: &Input<'_>,
    budget: &DatasetBudget,
) -> Result<ArrowReaderMetadata, DatasetError> {
    let malformed = |reason: String| input.malformed("footer", reason);
    if input.size < 12 {
        return Err(malformed(format!("{} bytes are too few", input.size)));
    }
    let bytes = input.open()?;
    let mut head = [0; 4];
    input.fill(&bytes, 0, &mut head)?;
    let mut tail = [0; 8];
    input.fill(&bytes, input.size - 8, &mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    if head == ENCRYPTED || magic == ENCRYPTED {
        return Err(malformed("it is encrypted".to_owned()));
    }
    if head != MAGIC || magic != MAGIC {
        return Err(malformed("`PAR1` is not at both ends".to_owned()));
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if length > input.size - 12 {
        let reason = format!("{length} bytes of footer do not fit in the file");
        return Err(malformed(reason));
    }
    if length > budget.metadata_bytes {
        let most = budget.metadata_bytes;
        let reason = format!("{length} bytes, {most} are allowed (metadata_bytes)");
        return Err(input.over("footer", reason));
    }
    let mut footer = vec![0; usize::try_from(length).unwrap_or(0)];
    input.fill(&bytes, input.size - 8 - length, &mut footer)?;
    look(&footer, budget).map_err(|found| match found {
        Found::Wrong(fault) => malformed(fault.reason().to_owned()),
        Found::Columns(count) => {
            let most = budget.columns;
            let reason = format!("{count} columns, {most} are allowed (columns)");
            input.over("footer", reason)
        }
    })?;
    let decoded = guarded(|| {
        let metadata = ParquetMetaDataReader::decode_metadata(&footer)?;
        // What Arrow writers add says the same in another way, and could contradict it.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        ArrowReaderMetadata::try_new(Arc::new(metadata), options)
    });
    let metadata = match decoded {
        Ok(Ok(metadata)) => metadata,
        Ok(Err(error)) => return Err(malformed(error.to_string())),
        Err(reason) => return Err(malformed(reason)),
    };
    check(input, metadata.metadata(), budget)?;
    Ok(metadata)
}

enum Found {
    Wrong(Fault),
    Columns(u64),
}

impl From<Fault> for Found {
    fn from(fault: Fault) -> Self {
        Self::Wrong(fault)
    }
}

/// Goes over the whole footer: every list has the elements that it declares, and the
/// schema is neither too long nor too deep.
fn look(footer: &[u8], budget: &DatasetBudget) -> Result<(), Found> {
    let mut bytes = Compact::new(footer);
    let mut fields = Fields::default();
    while let Some((id, wire)) = bytes.field(&mut fields)? {
        match (id, wire) {
            (2, LIST) => schema(&mut bytes, budget)?,
            (4, LIST) => {
                let mut ahead = bytes;
                let (_, count) = ahead.list()?;
                if count.saturating_mul(SMALLEST_ROW_GROUP) > ahead.left() as u64 {
                    return Err(Fault::Wrong("it declares more row groups than fit").into());
                }
                bytes.skip(wire)?;
            }
            _ => bytes.skip(wire)?,
        }
    }
    Ok(())
}

/// The list of schema elements, a tree in depth-first order with the number of children at
/// each group.
fn schema(bytes: &mut Compact<'_>, budget: &DatasetBudget) -> Result<(), Found> {
    let (wire, count) = bytes.list()?;
    if wire != STRUCT && count > 0 {
        return Err(Fault::Wrong("the schema is no list of elements").into());
    }
    if count > (budget.columns as u64).saturating_mul(4) {
        return Err(Found::Columns(count));
    }
    // How many children are still to come, at each level.
    let mut open: Vec<u64> = Vec::new();
    for _ in 0..count {
        let mut fields = Fields::default();
        let mut children = 0;
        while let Some((id, wire)) = bytes.field(&mut fields)? {
            match (id, wire) {
                (5, I32) => {
                    children = u64::try_from(bytes.number()?)
                        .map_err(|_| Fault::Wrong("a group has fewer than no children"))?;
                }
                _ => bytes.skip(wire)?,
            }
        }
        while open.last() == Some(&0) {
            open.pop();
        }
        if let Some(last) = open.last_mut() {
            *last -= 1;
        }
        if children > 0 {
            open.push(children);
            if open.len() > DEEPEST_SCHEMA {
                return Err(Fault::Wrong("groups are nested too deeply").into());
            }
        }
    }
    Ok(())
}

/// What the footer says of rows and places, against the file that it is in.
fn check(
    input: &Input<'_>,
    metadata: &ParquetMetaData,
    budget: &DatasetBudget,
) -> Result<(), DatasetError> {
    let leaves = metadata.file_metadata().schema_descr().num_columns();
    if leaves > budget.columns {
        let most = budget.columns;
        let reason = format!("{leaves} columns, {most} are allowed (columns)");
        return Err(input.over("footer", reason));
    }
    let mut rows = 0_u64;
    for (number, group) in metadata.row_groups().iter().enumerate() {
        let at = || format!("row group {number}");
        let count = u64::try_from(group.num_rows());
        let count = count.map_err(|_| input.malformed(at(), "it has fewer than no rows"))?;
        rows = rows
            .checked_add(count)
            .ok_or_else(|| input.malformed(at(), "the sum of all rows is too large"))?;
        if group.columns().len() != leaves {
            let reason = format!("{} of {leaves} columns", group.columns().len());
            return Err(input.malformed(at(), reason));
        }
    }
    let declared = metadata.file_metadata().num_rows();
    if u64::try_from(declared).ok() != Some(rows) {
        let reason = format!("{declared} rows are declared, its row groups have {rows}");
        return Err(input.malformed("footer", reason));
    }
    // A row takes a byte in memory at least.
    let most = most_bytes(input, budget);
    if rows > most {
        let reason = format!(
            "{rows} rows in {} bytes; {most} are allowed (expansion, expanded_bytes)",
            input.size
        );
        return Err(input.over("footer", reason));
    }
    Ok(())
}

/// What the columns of a file may become in memory, all together.
pub(super) fn most_bytes(input: &Input<'_>, budget: &DatasetBudget) -> u64 {
    input
        .size
        .saturating_mul(budget.expansion)
        .max(budget.expanded_bytes)
}
