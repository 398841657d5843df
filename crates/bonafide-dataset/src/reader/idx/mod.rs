//! IDX, the format of MNIST: arrays of numbers, images and labels in two files.
//! <https://yann.lecun.org/exdb/mnist/index.html>

#[cfg(test)]
mod tests;

use std::io::Read;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, UInt8Type,
};
use arrow_array::{ArrayRef, FixedSizeListArray, PrimitiveArray};
use arrow_schema::{DataType, Field, Schema};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::decompress::{Compression, stream};
use super::input::{Input, read_full};
use super::source::{BATCH_BYTES, Emit, Opened, Source, Wanted, batch_of};

/// The column of images, as a list of numbers each.
const PIXELS: &str = "pixels";
/// The column of files with one number for each record.
const LABEL: &str = "label";

/// Types of numbers by their byte in the header; all are big-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    U8,
    I8,
    I16,
    I32,
    F32,
    F64,
}

impl Number {
    const fn of(code: u8) -> Option<Self> {
        match code {
            0x08 => Some(Self::U8),
            0x09 => Some(Self::I8),
            0x0b => Some(Self::I16),
            0x0c => Some(Self::I32),
            0x0d => Some(Self::F32),
            0x0e => Some(Self::F64),
            _ => None,
        }
    }

    const fn width(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    const fn stored(self) -> DataType {
        match self {
            Self::U8 => DataType::UInt8,
            Self::I8 => DataType::Int8,
            Self::I16 => DataType::Int16,
            Self::I32 => DataType::Int32,
            Self::F32 => DataType::Float32,
            Self::F64 => DataType::Float64,
        }
    }

    /// Numbers out of their bytes.
    fn array(self, bytes: &[u8]) -> ArrayRef {
        fn numbers<T: ArrowPrimitiveType, const N: usize>(
            bytes: &[u8],
            read: fn([u8; N]) -> T::Native,
        ) -> ArrayRef {
            let (whole, _) = bytes.as_chunks::<N>();
            let values = whole.iter().map(|number| read(*number));
            Arc::new(PrimitiveArray::<T>::from_iter_values(values))
        }
        match self {
            Self::U8 => numbers::<UInt8Type, 1>(bytes, u8::from_be_bytes),
            Self::I8 => numbers::<Int8Type, 1>(bytes, i8::from_be_bytes),
            Self::I16 => numbers::<Int16Type, 2>(bytes, i16::from_be_bytes),
            Self::I32 => numbers::<Int32Type, 4>(bytes, i32::from_be_bytes),
            Self::F32 => numbers::<Float32Type, 4>(bytes, f32::from_be_bytes),
            Self::F64 => numbers::<Float64Type, 8>(bytes, f64::from_be_bytes),
        }
    }
}

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    number: Number,
    records: u64,
    /// Numbers of one record; none if there is one dimension only.
    list: Option<i32>,
    header: u64,
}

impl Shape {
    /// None if the beginning of a file is no header.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let (first, mut rest) = head.split_first_chunk::<4>()?;
        let [0, 0, code, dimensions] = *first else {
            return None;
        };
        let number = Number::of(code)?;
        let mut sizes = Vec::new();
        if !(1..=4).contains(&dimensions) {
            return None;
        }
        for _ in 0..dimensions {
            let (size, behind) = rest.split_first_chunk::<4>()?;
            sizes.push(u32::from_be_bytes(*size));
            rest = behind;
        }
        let (records, inner) = sizes.split_first()?;
        let list = inner.iter().try_fold(1_i32, |all, size| {
            all.checked_mul(i32::try_from(*size).ok()?)
        })?;
        Some(Self {
            number,
            records: u64::from(*records),
            list: (!inner.is_empty()).then_some(list),
            header: 4 + 4 * u64::from(dimensions),
        })
    }

    /// Bytes of one record.
    fn record(&self) -> usize {
        let values = self
            .list
            .map_or(1, |list| usize::try_from(list).unwrap_or(0));
        values.saturating_mul(self.number.width())
    }

    /// Bytes of a whole file.
    fn file(&self) -> u64 {
        self.header
            .saturating_add(self.records.saturating_mul(self.record() as u64))
    }

    fn field(&self) -> Field {
        match self.list {
            None => Field::new(LABEL, self.number.stored(), false),
            Some(list) => {
                let item = Field::new_list_field(self.number.stored(), false);
                Field::new(PIXELS, DataType::FixedSizeList(Arc::new(item), list), false)
            }
        }
    }

    fn array(&self, bytes: &[u8], rows: usize) -> Result<ArrayRef, String> {
        let numbers = self.number.array(bytes);
        let Some(list) = self.list else {
            return Ok(numbers);
        };
        let item = Arc::new(Field::new_list_field(self.number.stored(), false));
        match FixedSizeListArray::try_new(item, list, numbers, None) {
            Ok(array) if arrow_array::Array::len(&array) == rows => Ok(Arc::new(array)),
            Ok(_) => Err("numbers and records do not fit together".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// True if the beginning of a file and its size fit together.
pub(super) fn is_whole(head: &[u8], size: u64) -> bool {
    Shape::of(head).is_some_and(|shape| shape.file() == size && shape.record() > 0)
}

/// A file with one column.
struct Part<'f> {
    input: Input<'f>,
    compression: Option<Compression>,
    shape: Shape,
}

/// Images with their labels, or either alone.
struct IdxFiles<'f> {
    parts: Vec<Part<'f>>,
    records: u64,
    budget: DatasetBudget,
}

/// Headers are no longer than this.
pub(super) const HEAD: usize = 20;

/// Reads the headers. The first file gives the shard its name.
pub(super) fn open<'f>(
    files: Vec<(Input<'f>, Option<Compression>)>,
    split: Option<String>,
    budget: &DatasetBudget,
) -> Result<Opened<'f>, DatasetError> {
    let mut parts: Vec<Part<'f>> = Vec::new();
    for (input, compression) in files {
        let mut head = [0; HEAD];
        let mut reader = stream(&input, compression, budget)?;
        let length =
            read_full(&mut reader, &mut head).map_err(|error| input.failed("header", error))?;
        drop(reader);
        let shape = Shape::of(head.get(..length).unwrap_or_default())
            .ok_or_else(|| input.malformed("header", "it is no header of IDX"))?;
        if shape.record() == 0 {
            return Err(input.malformed("header", "a dimension is zero"));
        }
        if shape.record() as u64 > budget.record_bytes {
            let most = budget.record_bytes;
            let reason = format!(
                "{} bytes, {most} are allowed (record_bytes)",
                shape.record()
            );
            return Err(input.over("header", reason));
        }
        if compression.is_none() && shape.file() != input.size {
            let reason = format!("{} bytes, its header says {}", input.size, shape.file());
            return Err(input.malformed("header", reason));
        }
        if let Some(other) = parts.first()
            && other.shape.records != shape.records
        {
            let reason = format!(
                "{} records, `{}` has {}",
                shape.records, other.input.name, other.shape.records
            );
            return Err(input.malformed("header", reason));
        }
        parts.push(Part {
            input,
            compression,
            shape,
        });
    }
    let fields: Vec<Field> = parts.iter().map(|part| part.shape.field()).collect();
    let records = parts.first().map_or(0, |part| part.shape.records);
    let name = parts.first().map(|part| part.input.name.clone());
    Ok(Opened {
        name: name.unwrap_or_else(|| bonafide_core::RawName::from("")),
        format: "idx",
        split,
        schema: Arc::new(Schema::new(fields)),
        declared: Some(records),
        source: Box::new(IdxFiles {
            parts,
            records,
            budget: budget.clone(),
        }),
    })
}

impl Source for IdxFiles<'_> {
    fn units(&self) -> usize {
        1
    }

    fn read(&self, _unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError> {
        let mut readers: Vec<(&Part<'_>, Box<dyn Read>)> = Vec::new();
        for part in wanted
            .columns
            .iter()
            .filter_map(|column| self.parts.get(*column))
        {
            let mut reader = stream(&part.input, part.compression, &self.budget)?;
            let mut header = [0; HEAD];
            let length = usize::try_from(part.shape.header).unwrap_or(HEAD).min(HEAD);
            let header = header.get_mut(..length).unwrap_or_default();
            let read = read_full(&mut reader, header);
            let read = read.map_err(|error| part.input.failed("header", error))?;
            if read != length || Shape::of(header) != Some(part.shape) {
                return Err(part
                    .input
                    .malformed("header", "it changed while it was read"));
            }
            readers.push((part, reader));
        }
        let record: u64 = readers
            .iter()
            .map(|(part, _)| part.shape.record() as u64)
            .sum();
        let fitting = usize::try_from(BATCH_BYTES / record.max(1)).unwrap_or(usize::MAX);
        let step = fitting.min(self.budget.batch_records).max(1) as u64;
        let mut first = 0;
        while first < self.records {
            let rows = step.min(self.records - first);
            let rows = usize::try_from(rows).unwrap_or(1);
            let mut columns = Vec::new();
            for (part, reader) in &mut readers {
                let at = || format!("record {first}");
                let mut bytes = Vec::new();
                let length = part.shape.record().saturating_mul(rows);
                reader
                    .take(length as u64)
                    .read_to_end(&mut bytes)
                    .map_err(|error| part.input.failed(at(), error))?;
                if bytes.len() != length {
                    return Err(part.input.malformed(at(), "it ends too early"));
                }
                let array = part.shape.array(&bytes, rows);
                columns.push(array.map_err(|reason| part.input.malformed(at(), reason))?);
            }
            let batch = batch_of(&wanted.schema, columns, rows);
            let input = self.parts.first().map(|part| &part.input);
            match (batch, input) {
                (Ok(batch), _) => emit(first, batch)?,
                (Err(reason), Some(input)) => return Err(input.malformed("", reason)),
                (Err(_), None) => {}
            }
            first += rows as u64;
        }
        for (part, reader) in &mut readers {
            let mut more = [0; 1];
            let read = read_full(reader, &mut more);
            if read.map_err(|error| part.input.failed("end", error))? > 0 {
                return Err(part.input.malformed("end", "bytes follow the last record"));
            }
        }
        Ok(())
    }
}
