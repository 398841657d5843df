//! CSV and TSV (RFC 4180): a header line, then records of text.

mod delimiter;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::str;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use arrow_schema::{DataType, Field, Schema};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::decompress::{Compression, stream};
use super::input::{Input, read_full};
use super::source::{BATCH_BYTES, Emit, Opened, Source, Wanted, batch_of};
use delimiter::sniffed;

/// One file.
struct SeparatedFile<'f> {
    input: Input<'f>,
    compression: Option<Compression>,
    delimiter: u8,
    columns: usize,
    budget: DatasetBudget,
}

/// The header line is looked for among so many bytes when the delimiter is guessed.
const SNIFFED: usize = 64 << 10;

/// Reads the header line. The delimiter is found out if it is not given.
pub(super) fn open<'f>(
    input: Input<'f>,
    split: Option<String>,
    compression: Option<Compression>,
    delimiter: Option<u8>,
    budget: &DatasetBudget,
) -> Result<Opened<'f>, DatasetError> {
    let delimiter = match delimiter {
        Some(delimiter) => delimiter,
        None => {
            let mut head = vec![0; SNIFFED];
            let mut reader = stream(&input, compression, budget)?;
            let length =
                read_full(&mut reader, &mut head).map_err(|error| input.failed("line 1", error))?;
            sniffed(head.get(..length).unwrap_or_default())
        }
    };
    let mut lines = Lines::open(&input, compression, delimiter, budget)?;
    if !lines.next()? {
        return Err(input.malformed("line 1", "there is no header line"));
    }
    if lines.record.len() > budget.columns {
        let reason = format!("{} columns (columns)", lines.record.len());
        return Err(input.over("line 1", reason));
    }
    let names = lines.fields()?;
    let mut fields = Vec::new();
    for (number, name) in names.iter().enumerate() {
        if names.iter().take(number).any(|other| other == name) {
            let shown: String = name.chars().take(60).collect();
            let reason = format!("two columns are named `{shown}`; is there a header line?");
            return Err(input.malformed("line 1", reason));
        }
        fields.push(Field::new(*name, DataType::Utf8, false));
    }
    let columns = fields.len();
    drop(lines);
    Ok(Opened {
        name: input.name.clone(),
        format: if delimiter == b'\t' { "tsv" } else { "csv" },
        split,
        schema: Arc::new(Schema::new(fields)),
        declared: None,
        source: Box::new(SeparatedFile {
            input,
            compression,
            delimiter,
            columns,
            budget: budget.clone(),
        }),
    })
}

/// Behind the last byte of a file comes this line. A quote that is never closed swallows it;
/// so its absence tells that the file was cut, which the parser itself would not.
const END: &str = "\u{1}end\u{1}";

/// A file with [`END`] behind it, that stops a record that is too long.
struct Watched<'f> {
    reader: Box<dyn Read + 'f>,
    end: &'static [u8],
    input: Input<'f>,
    /// How many bytes may still be read before a record ends.
    allowed: Rc<Cell<u64>>,
    most: u64,
}

/// The line that ends every file, on a line of its own in any case.
const END_LINE: &[u8] = b"\n\x01end\x01\n";

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.allowed.get() == 0 {
            let reason = format!("a record of more than {} bytes (record_bytes)", self.most);
            return Err(io::Error::other(self.input.over("", reason)));
        }
        let mut read = self.reader.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            read = self.end.read(buffer)?;
        }
        let left = self.allowed.get().saturating_sub(read as u64);
        self.allowed.set(left);
        Ok(read)
    }
}

/// Records of a file, one after the other.
struct Lines<'f> {
    input: Input<'f>,
    reader: csv::Reader<Watched<'f>>,
    allowed: Rc<Cell<u64>>,
    most: u64,
    record: csv::ByteRecord,
    line: u64,
}

/// The parser reads so much at a time, which may be beyond the record that it is at.
const AHEAD: usize = 256 << 10;

impl<'f> Lines<'f> {
    fn open(
        input: &Input<'f>,
        compression: Option<Compression>,
        delimiter: u8,
        budget: &DatasetBudget,
    ) -> Result<Self, DatasetError> {
        let most = budget.record_bytes.min(1 << 30);
        let allowed = Rc::new(Cell::new(most + AHEAD as u64));
        let watched = Watched {
            reader: stream(input, compression, budget)?,
            end: END_LINE,
            input: input.clone(),
            allowed: Rc::clone(&allowed),
            most,
        };
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(AHEAD)
            .from_reader(watched);
        Ok(Self {
            input: input.clone(),
            reader,
            allowed,
            most,
            record: csv::ByteRecord::new(),
            line: 1,
        })
    }

    fn at(&self) -> String {
        format!("line {}", self.line)
    }

    /// Reads the next record; false at the end.
    fn next(&mut self) -> Result<bool, DatasetError> {
        let end = self.reader.position().line();
        let read = self.reader.read_byte_record(&mut self.record);
        self.line = self.record.position().map_or(end, csv::Position::line);
        match read {
            Ok(true) => {}
            Ok(false) => return Err(self.input.malformed(self.at(), UNCLOSED)),
            Err(error) => {
                let at = self.at();
                return Err(match error.into_kind() {
                    csv::ErrorKind::Io(error) => self.input.failed(at, error),
                    other => self.input.malformed(at, format!("{other:?}")),
                });
            }
        }
        self.allowed.set(self.most + AHEAD as u64);
        if self.record.as_slice().len() as u64 > self.most {
            let reason = format!("a record of more than {} bytes (record_bytes)", self.most);
            return Err(self.input.over(self.at(), reason));
        }
        if self.record.as_slice() != END.as_bytes() || self.record.len() != 1 {
            return Ok(true);
        }
        // Such a line may also be in the middle of a file.
        let mut behind = csv::ByteRecord::new();
        match self.reader.read_byte_record(&mut behind) {
            Ok(false) => Ok(false),
            _ => Err(self
                .input
                .malformed(self.at(), "a line of control characters")),
        }
    }

    /// The fields of the record, as text.
    fn fields(&self) -> Result<Vec<&str>, DatasetError> {
        let wrong = || self.input.malformed(self.at(), "it is not UTF-8");
        let fields = self.record.iter().map(|field| str::from_utf8(field));
        fields.collect::<Result<_, _>>().map_err(|_| wrong())
    }
}

const UNCLOSED: &str = "a quote is never closed";

impl Source for SeparatedFile<'_> {
    fn units(&self) -> usize {
        1
    }

    fn read(&self, _unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError> {
        let mut lines = Lines::open(&self.input, self.compression, self.delimiter, &self.budget)?;
        if !lines.next()? {
            return Err(self.input.malformed("line 1", "there is no header line"));
        }
        let mut builders: Vec<StringBuilder> = wanted
            .columns
            .iter()
            .map(|_| StringBuilder::new())
            .collect();
        let (mut first, mut rows, mut bytes) = (0_u64, 0_usize, 0_u64);
        let finish = |builders: &mut Vec<StringBuilder>, rows: usize| {
            let columns = builders
                .iter_mut()
                .map(|builder| Arc::new(builder.finish()) as ArrayRef)
                .collect();
            batch_of(&wanted.schema, columns, rows)
                .map_err(|reason| self.input.malformed("", reason))
        };
        while lines.next()? {
            let length = lines.record.len();
            if length != self.columns {
                let reason = format!("{length} fields, the header line has {}", self.columns);
                return Err(self.input.malformed(lines.at(), reason));
            }
            for field in &lines.record {
                if str::from_utf8(field).is_err() {
                    return Err(self.input.malformed(lines.at(), "it is not UTF-8"));
                }
            }
            for (position, builder) in wanted.columns.iter().zip(&mut builders) {
                let field = lines.record.get(*position).unwrap_or_default();
                builder.append_value(str::from_utf8(field).unwrap_or_default());
            }
            rows += 1;
            bytes += lines.record.as_slice().len() as u64 + 8 * builders.len() as u64;
            if rows >= self.budget.batch_records || bytes >= BATCH_BYTES {
                emit(first, finish(&mut builders, rows)?)?;
                first += rows as u64;
                (rows, bytes) = (0, 0);
            }
        }
        if rows > 0 {
            emit(first, finish(&mut builders, rows)?)?;
        }
        Ok(())
    }
}
