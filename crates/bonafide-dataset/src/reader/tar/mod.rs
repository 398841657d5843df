//! WebDataset shards: tar archives in which a sample is the run of files whose names are
//! equal up to their first dot. <https://github.com/webdataset/webdataset>

mod header;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::decompress::{Compression, stream};
use super::input::{Input, Sequential};
use super::source::{BATCH_BYTES, Emit, Opened, Source, Wanted, batch_of};
pub(super) use header::is_archive;
use header::{Archive, Body};

/// The column with the part of the names that the files of a sample share.
const KEY: &str = "__key__";
/// The column of files whose name has no dot.
const WITHOUT_ENDING: &str = "__file__";
/// Endings of files that are text.
const TEXT: &[&str] = &[
    "json",
    "txt",
    "cls",
    "cls2",
    "text",
    "caption",
    "id",
    "index",
    "transcript",
    "html",
    "md",
];
/// While only headers are read, so much is read at a time.
const HEADER_STEP: usize = 8 << 10;
/// Workers begin so many bytes apart.
const UNIT_BYTES: u64 = 16 << 20;

/// One archive.
struct TarFile<'f> {
    input: Input<'f>,
    compression: Option<Compression>,
    endings: Vec<String>,
    marks: Vec<Mark>,
    samples: u64,
    budget: DatasetBudget,
}

/// A sample from which reading can begin.
#[derive(Clone, Copy)]
struct Mark {
    offset: u64,
    sample: u64,
}

/// Where a file belongs: the sample, and the column.
fn place(name: &str) -> (&str, String) {
    let file = name.rfind('/').map_or(0, |slash| slash + 1);
    let dot = name.get(file..).and_then(|file| file.find('.'));
    match dot {
        // A name that begins with a dot has nothing before it that could be shared.
        Some(dot) if dot > 0 => {
            let (key, ending) = name.split_at(file + dot);
            (key, ending.trim_start_matches('.').to_lowercase())
        }
        _ => (name, WITHOUT_ENDING.to_owned()),
    }
}

fn is_text(ending: &str) -> bool {
    let last = ending.rsplit('.').next().unwrap_or(ending);
    TEXT.contains(&last)
}

/// Reads all headers of an archive.
pub(super) fn open<'f>(
    input: Input<'f>,
    split: Option<String>,
    compression: Option<Compression>,
    budget: &DatasetBudget,
) -> Result<Opened<'f>, DatasetError> {
    let mut endings = BTreeSet::new();
    let mut marks: Vec<Mark> = Vec::new();
    let mut samples = 0_u64;
    let mut key = String::new();
    let mut names = 0_u64;
    let body = match compression {
        // Bodies are gone over without reading them.
        None => Body::Plain(Sequential::open(&input, 0)?.in_steps_of(HEADER_STEP)),
        Some(_) => Body::Packed(stream(&input, compression, budget)?),
    };
    let mut archive = Archive::new(&input, body, 0, budget);
    while let Some(member) = archive.next()? {
        let (found, ending) = place(&member.name);
        if samples == 0 || found != key {
            let from = marks.last().map_or(0, |mark| mark.offset);
            let apart = archive.began.saturating_sub(from) >= UNIT_BYTES;
            if marks.is_empty() || (apart && compression.is_none()) {
                marks.push(Mark {
                    offset: archive.began,
                    sample: samples,
                });
            }
            samples += 1;
            found.clone_into(&mut key);
        }
        if member.size > budget.record_bytes {
            let most = budget.record_bytes;
            let reason = format!("{} bytes, {most} are allowed (record_bytes)", member.size);
            return Err(input.over(format!("byte {}", archive.began), reason));
        }
        if samples > budget.records {
            let reason = format!("more than {} samples (records)", budget.records);
            return Err(input.over("", reason));
        }
        if !endings.contains(&ending) {
            names += ending.len() as u64;
            endings.insert(ending);
        }
        if endings.len() >= budget.columns || names > budget.metadata_bytes {
            let reason = format!(
                "{} endings of names (columns, metadata_bytes)",
                endings.len()
            );
            return Err(input.over("", reason));
        }
    }
    let cells = samples.saturating_mul(endings.len() as u64);
    let by_ratio = input.size.saturating_mul(budget.expansion);
    let most = by_ratio.max(budget.expanded_bytes);
    if cells > most {
        let reason = format!(
            "{samples} samples of {} columns in {} bytes (expansion, expanded_bytes)",
            endings.len(),
            input.size
        );
        return Err(input.over("", reason));
    }
    let endings: Vec<String> = endings.into_iter().collect();
    Ok(Opened {
        name: input.name.clone(),
        format: "webdataset",
        split,
        schema: schema(&endings),
        declared: Some(samples),
        source: Box::new(TarFile {
            input,
            compression,
            endings,
            marks,
            samples,
            budget: budget.clone(),
        }),
    })
}

fn schema(endings: &[String]) -> SchemaRef {
    let mut fields = vec![Field::new(KEY, DataType::Utf8, false)];
    fields.extend(endings.iter().map(|ending| {
        let kind = match is_text(ending) {
            true => DataType::Utf8,
            false => DataType::Binary,
        };
        Field::new(ending, kind, true)
    }));
    Arc::new(Schema::new(fields))
}

/// One column of a batch.
enum Builder {
    Text(StringBuilder),
    Bytes(BinaryBuilder),
}

impl Builder {
    fn new(kind: &DataType) -> Self {
        match kind {
            DataType::Utf8 => Self::Text(StringBuilder::new()),
            _ => Self::Bytes(BinaryBuilder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Bytes(builder) => Arc::new(builder.finish()),
        }
    }
}

/// The sample that is being read, and the batch before it.
struct Samples<'s> {
    file: &'s TarFile<'s>,
    wanted: &'s Wanted,
    builders: Vec<Builder>,
    key: String,
    /// For each wanted column its body; of others only that it was there.
    bodies: Vec<Option<Vec<u8>>>,
    seen: BTreeSet<String>,
    rows: usize,
    bytes: u64,
    sample_bytes: u64,
}

impl Samples<'_> {
    /// Puts the sample behind the others.
    fn push(&mut self, archive: &Archive<'_>) -> Result<(), DatasetError> {
        for (builder, body) in self.builders.iter_mut().zip(&mut self.bodies) {
            match (builder, body.take()) {
                (Builder::Text(builder), None) => builder.append_null(),
                (Builder::Bytes(builder), None) => builder.append_null(),
                (Builder::Bytes(builder), Some(body)) => builder.append_value(body),
                (Builder::Text(builder), Some(body)) => {
                    let Ok(text) = str::from_utf8(&body) else {
                        let key = self.key.escape_debug();
                        let reason = format!("text of the sample `{key}` is not UTF-8");
                        return Err(archive.malformed(reason));
                    };
                    builder.append_value(text);
                }
            }
        }
        self.rows += 1;
        self.bytes += self.sample_bytes + 8 * self.builders.len() as u64;
        self.sample_bytes = 0;
        self.seen.clear();
        Ok(())
    }

    fn finish(&mut self) -> Result<RecordBatch, DatasetError> {
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        let batch = batch_of(&self.wanted.schema, columns, self.rows);
        self.rows = 0;
        self.bytes = 0;
        batch.map_err(|reason| self.file.input.malformed("", reason))
    }
}

impl TarFile<'_> {
    /// Position of a column in the shard: the key comes first.
    fn position(&self, ending: &str) -> Option<usize> {
        let found = self
            .endings
            .binary_search_by(|known| known.as_str().cmp(ending));
        found.ok().map(|position| position + 1)
    }
}

impl Source for TarFile<'_> {
    fn units(&self) -> usize {
        self.marks.len()
    }

    fn read(&self, unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError> {
        let Some(mark) = self.marks.get(unit).copied() else {
            return Ok(());
        };
        let next = self.marks.get(unit + 1);
        let last = next.map_or(self.samples, |next| next.sample);
        let (body, offset) = match self.compression {
            Some(_) => {
                let reader = stream(&self.input, self.compression, &self.budget)?;
                (Body::Packed(reader), 0)
            }
            None => (
                Body::Plain(Sequential::open(&self.input, mark.offset)?),
                mark.offset,
            ),
        };
        let mut archive = Archive::new(&self.input, body, offset, &self.budget);
        let fields = wanted.schema.fields();
        let mut samples = Samples {
            file: self,
            wanted,
            builders: fields
                .iter()
                .map(|field| Builder::new(field.data_type()))
                .collect(),
            key: String::new(),
            bodies: vec![None; fields.len()],
            seen: BTreeSet::new(),
            rows: 0,
            bytes: 0,
            sample_bytes: 0,
        };
        let changed = || self.input.malformed("", "it changed while it was read");
        let mut first = mark.sample;
        // Samples that were begun.
        let mut begun = mark.sample;
        while let Some(member) = archive.next()? {
            // What begins behind the last sample is the next unit's.
            if next.is_some_and(|next| archive.began >= next.offset) {
                break;
            }
            let (key, ending) = place(&member.name);
            if begun == mark.sample || key != samples.key {
                if begun > mark.sample {
                    samples.push(&archive)?;
                }
                if samples.rows >= self.budget.batch_records || samples.bytes >= BATCH_BYTES {
                    emit(first, samples.finish()?)?;
                    first = begun;
                }
                begun += 1;
                key.clone_into(&mut samples.key);
                if wanted.columns.first() == Some(&0)
                    && let Some(body) = samples.bodies.first_mut()
                {
                    *body = Some(key.as_bytes().to_vec());
                }
            }
            let position = self.position(&ending).ok_or_else(changed)?;
            if !samples.seen.insert(ending) {
                let name = member.name.escape_debug();
                let reason = format!("the sample has two files like `{name}`");
                return Err(archive.malformed(reason));
            }
            let column = wanted.columns.binary_search(&position).ok();
            if let Some(body) = column.and_then(|column| samples.bodies.get_mut(column)) {
                let read = archive.body()?;
                samples.sample_bytes = samples.sample_bytes.saturating_add(read.len() as u64);
                *body = Some(read);
                if samples.sample_bytes > self.budget.record_bytes {
                    let key = samples.key.escape_debug();
                    let most = self.budget.record_bytes;
                    let reason = format!("`{key}` has more than {most} bytes (record_bytes)");
                    return Err(self.input.over(format!("byte {}", archive.began), reason));
                }
            }
        }
        if begun > mark.sample {
            samples.push(&archive)?;
        }
        if begun != last {
            return Err(changed());
        }
        if samples.rows > 0 {
            emit(first, samples.finish()?)?;
        }
        Ok(())
    }
}
