//! A folder for each class, and in it a file for each record.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{BinaryBuilder, StringBuilder};
use arrow_schema::{DataType, Field, Schema};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::files::Files;

use super::folders::Tree;
use super::input::Input;
use super::source::{BATCH_BYTES, Emit, Opened, Source, Wanted, batch_of};

/// So many files are one unit of work.
const UNIT_FILES: usize = 256;

/// The files of one split.
struct ClassFolder<'f> {
    files: &'f dyn Files,
    /// Where in the listing each is, and which class.
    members: Vec<Member>,
    classes: Vec<String>,
    budget: DatasetBudget,
}

/// One file of a class folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) file: usize,
    pub(super) class: usize,
}

/// Positions of the columns.
const PATH: usize = 0;
const LABEL: usize = 1;
const BYTES: usize = 2;

/// One shard of the files of one split. `text` says that all are text; then there is a
/// column with their text as well, in which bytes that are not UTF-8 are replaced, so that
/// one such byte does not hide a whole record from whoever looks at the text.
pub(super) fn open<'f>(
    files: &'f dyn Files,
    tree: Tree,
    text: bool,
    budget: &DatasetBudget,
) -> Opened<'f> {
    let mut fields = vec![
        Field::new("path", DataType::Utf8, false),
        Field::new("label", DataType::Utf8, false),
        Field::new("bytes", DataType::Binary, false),
    ];
    if text {
        fields.push(Field::new("text", DataType::Utf8, false));
    }
    Opened {
        name: tree.name,
        format: "class-folder",
        split: tree.split,
        schema: Arc::new(Schema::new(fields)),
        declared: Some(tree.members.len() as u64),
        source: Box::new(ClassFolder {
            files,
            members: tree.members,
            classes: tree.classes,
            budget: budget.clone(),
        }),
    }
}

/// The file as one record.
struct Record<'r> {
    path: &'r str,
    label: &'r str,
    bytes: Vec<u8>,
}

/// Columns that are being filled.
struct Rows<'w> {
    wanted: &'w Wanted,
    texts: Vec<StringBuilder>,
    bytes: BinaryBuilder,
    rows: usize,
    size: u64,
}

impl Rows<'_> {
    fn push(&mut self, record: &Record<'_>) {
        for (column, text) in self.wanted.columns.iter().zip(&mut self.texts) {
            match *column {
                PATH => text.append_value(record.path),
                LABEL => text.append_value(record.label),
                BYTES => self.bytes.append_value(&record.bytes),
                _ => text.append_value(String::from_utf8_lossy(&record.bytes)),
            }
        }
        self.rows += 1;
        self.size += (record.bytes.len() + record.path.len() + record.label.len()) as u64;
    }

    fn finish(&mut self) -> Result<arrow_array::RecordBatch, String> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        for (column, text) in self.wanted.columns.iter().zip(&mut self.texts) {
            columns.push(match *column {
                BYTES => Arc::new(self.bytes.finish()),
                _ => Arc::new(text.finish()),
            });
        }
        let batch = batch_of(&self.wanted.schema, columns, self.rows);
        self.rows = 0;
        self.size = 0;
        batch
    }
}

impl Source for ClassFolder<'_> {
    fn units(&self) -> usize {
        self.members.len().div_ceil(UNIT_FILES)
    }

    fn read(&self, unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError> {
        let start = unit.saturating_mul(UNIT_FILES);
        let end = start.saturating_add(UNIT_FILES).min(self.members.len());
        let needs_bytes = wanted.columns.iter().any(|column| *column >= BYTES);
        let mut rows = Rows {
            wanted,
            texts: wanted
                .columns
                .iter()
                .map(|_| StringBuilder::new())
                .collect(),
            bytes: BinaryBuilder::new(),
            rows: 0,
            size: 0,
        };
        let mut first = start as u64;
        for (number, member) in (start..end).zip(self.members.get(start..end).unwrap_or_default()) {
            let Some(input) = Input::at(self.files, member.file) else {
                continue;
            };
            if input.size > self.budget.record_bytes {
                let most = self.budget.record_bytes;
                let reason = format!("{} bytes, {most} are allowed (record_bytes)", input.size);
                return Err(input.over("", reason));
            }
            let mut bytes = Vec::new();
            if needs_bytes {
                bytes = vec![0; usize::try_from(input.size).unwrap_or(0)];
                input.fill(&input.open()?, 0, &mut bytes)?;
            }
            let path = str::from_utf8(input.name.as_bytes())
                .map_err(|_| input.malformed("", "its name is not UTF-8"))?;
            let label = self.classes.get(member.class).map_or("", String::as_str);
            rows.push(&Record { path, label, bytes });
            if rows.rows >= self.budget.batch_records || rows.size >= BATCH_BYTES {
                let batch = rows
                    .finish()
                    .map_err(|reason| input.malformed("", reason))?;
                emit(first, batch)?;
                first = number as u64 + 1;
            }
        }
        if rows.rows > 0 {
            let last = self.members.get(end.saturating_sub(1));
            let input = last.and_then(|member| Input::at(self.files, member.file));
            match (rows.finish(), input) {
                (Ok(batch), _) => emit(first, batch)?,
                (Err(reason), Some(input)) => return Err(input.malformed("", reason)),
                (Err(_), None) => {}
            }
        }
        Ok(())
    }
}
