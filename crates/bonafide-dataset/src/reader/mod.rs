//! Files into records: Parquet, Arrow IPC, CSV and TSV, JSON Lines, WebDataset shards,
//! folders of classes, IDX, and what of it is compressed.
//!
//! A format is told by content first, then by name. Files that are no records (documents,
//! configurations, models, signatures) are listed with the reason; a file that is or claims
//! to be data and cannot be read is an error. Memory is bounded whatever the size: a batch
//! is made of about 8 MiB, and of no more than 64 MiB unless one record is longer.
//!
//! What is not read: compressed Parquet and Arrow, encrypted Parquet, zip archives, and the
//! `data_files` of a Hugging Face README; splits are told by names alone.

mod classes;
mod decompress;
mod documents;
mod folders;
mod guard;
mod idx;
mod input;
mod ipc;
mod json;
mod kind;
mod lz4;
mod parquet;
mod pool;
mod scan;
mod separated;
mod source;
mod split;
mod tar;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::num::NonZeroUsize;

use bonafide_core::RawName;

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::files::Files;
use crate::records::{Columns, Records, Shard, Visit};

use decompress::Compression;
use input::Input;
use kind::{Kind, Told, tell};
use source::{Opened, Wanted};

/// Key in the metadata of a column of text whose values are canonical JSON, because they
/// are arrays or objects, or of different types: such a text has its quotes.
pub const JSON_TEXT: &str = "bonafide:json";

/// How a dataset is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// What reading may cost.
    pub budget: DatasetBudget,
    /// Threads that look at the files; as many as the machine has if not said otherwise.
    pub workers: NonZeroUsize,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            budget: DatasetBudget::DEFAULT,
            workers: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        }
    }
}

/// The records of files. Nothing of them is kept in memory but what the scan needs to find
/// its way: names, schemas, and the places where workers may begin.
pub struct Dataset<'f> {
    shards: Vec<Shard>,
    opened: Vec<Opened<'f>>,
    skipped: Vec<(RawName, String)>,
    budget: DatasetBudget,
}

impl std::fmt::Debug for Dataset<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Dataset")
            .field("shards", &self.shards)
            .field("skipped", &self.skipped)
            .finish_non_exhaustive()
    }
}

impl<'f> Dataset<'f> {
    /// Looks at all files: footers and headers, and JSON from beginning to end, because its
    /// types show only then.
    pub fn open(files: &'f dyn Files, options: OpenOptions) -> Result<Self, DatasetError> {
        let budget = options.budget;
        let (mut opened, mut skipped) = match folders::of_classes(files) {
            Some(trees) => class_folders(files, trees, &budget),
            None => each_file(files, &budget, options.workers)?,
        };
        if opened.is_empty() {
            skipped.truncate(10);
            return Err(DatasetError::NoRecords { skipped });
        }
        opened.sort_by(|one, other| one.name.cmp(&other.name));
        let mut declared = 0_u64;
        for shard in &opened {
            check_columns(shard, &budget)?;
            declared = declared.saturating_add(shard.declared.unwrap_or(0));
            if declared > budget.records {
                let most = budget.records;
                return Err(DatasetError::OverBudget {
                    file: shard.name.clone(),
                    at: String::new(),
                    reason: format!("with it there are more than {most} records (records)"),
                });
            }
        }
        let shards = opened.iter().map(|opened| Shard {
            name: opened.name.clone(),
            format: opened.format,
            split: opened.split.clone(),
            schema: std::sync::Arc::clone(&opened.schema),
            declared: opened.declared,
        });
        Ok(Self {
            shards: shards.collect(),
            opened,
            skipped,
            budget,
        })
    }

    /// Files that have no records, ordered by name, each with why.
    #[must_use]
    pub fn skipped(&self) -> &[(RawName, String)] {
        &self.skipped
    }
}

/// Two columns of one name could not be told apart by whoever asks for one.
fn check_columns(shard: &Opened<'_>, budget: &DatasetBudget) -> Result<(), DatasetError> {
    let mut names = HashSet::new();
    for field in shard.schema.fields() {
        if !names.insert(field.name()) {
            let name: String = field.name().chars().take(60).collect();
            return Err(DatasetError::Malformed {
                file: shard.name.clone(),
                at: "schema".to_owned(),
                reason: format!("two columns are named `{name}`"),
            });
        }
    }
    if names.len() > budget.columns {
        let (count, most) = (names.len(), budget.columns);
        return Err(DatasetError::OverBudget {
            file: shard.name.clone(),
            at: "schema".to_owned(),
            reason: format!("{count} columns, {most} are allowed (columns)"),
        });
    }
    Ok(())
}

type Found<'f> = (Vec<Opened<'f>>, Vec<(RawName, String)>);

fn class_folders<'f>(
    files: &'f dyn Files,
    trees: folders::Trees,
    budget: &DatasetBudget,
) -> Found<'f> {
    let text = trees.text;
    let opened = trees
        .trees
        .into_iter()
        .map(|tree| classes::open(files, tree, text, budget));
    let other = trees.other.into_iter().filter_map(|(index, reason)| {
        let listed = files.list().get(index)?;
        Some((listed.name.clone(), reason.to_owned()))
    });
    (opened.collect(), other.collect())
}

/// Files that make one shard.
enum Group<'f> {
    One(Input<'f>, Kind, Option<Compression>),
    Idx(Vec<(Input<'f>, Option<Compression>)>),
}

fn each_file<'f>(
    files: &'f dyn Files,
    budget: &DatasetBudget,
    workers: NonZeroUsize,
) -> Result<Found<'f>, DatasetError> {
    let inputs: Vec<Input<'f>> = (0..files.list().len())
        .filter_map(|index| Input::at(files, index))
        .collect();
    let told = pool::each(&inputs, workers, |input| tell(input, budget))?;
    let mut skipped = Vec::new();
    let mut groups: Vec<Group<'f>> = Vec::new();
    let mut arrays: BTreeMap<String, Vec<(Input<'f>, Option<Compression>)>> = BTreeMap::new();
    for (input, told) in inputs.into_iter().zip(told) {
        match told {
            Told::Other(reason) => skipped.push((input.name, reason)),
            Told::Data(Kind::Idx, compression) => {
                let name = String::from_utf8_lossy(input.name.as_bytes()).into_owned();
                arrays
                    .entry(pair_name(&name))
                    .or_default()
                    .push((input, compression));
            }
            Told::Data(kind, compression) => groups.push(Group::One(input, kind, compression)),
        }
    }
    for pair in arrays.into_values() {
        // Images and labels; if names are equal otherwise too, nobody knows which belong
        // together.
        match pair.len() {
            2 => groups.push(Group::Idx(pair)),
            _ => groups.extend(pair.into_iter().map(|one| Group::Idx(vec![one]))),
        }
    }
    let opened = pool::each(&groups, workers, |group| open_group(group, budget))?;
    Ok((opened, skipped))
}

/// The same for images and labels that belong together, which come in this order by name.
fn pair_name(name: &str) -> String {
    name.to_lowercase()
        .replace("images", "*")
        .replace("labels", "*")
        .replace("idx3", "idx*")
        .replace("idx1", "idx*")
}

fn open_group<'f>(group: &Group<'f>, budget: &DatasetBudget) -> Result<Opened<'f>, DatasetError> {
    let (input, kind, compression) = match group {
        Group::One(input, kind, compression) => (input.clone(), *kind, *compression),
        Group::Idx(files) => {
            let name = files.first().map(|(input, _)| &input.name);
            let split = name.and_then(split_of);
            return idx::open(files.clone(), split, budget);
        }
    };
    let split = split_of(&input.name);
    match kind {
        Kind::Parquet => parquet::open(input, split, budget),
        Kind::Ipc => ipc::open(input, split, budget),
        Kind::Separated(delimiter) => separated::open(input, split, compression, delimiter, budget),
        Kind::JsonLines => json::open(input, split, compression, false, budget),
        Kind::JsonArray => json::open(input, split, compression, true, budget),
        Kind::Tar => tar::open(input, split, compression, budget),
        Kind::Idx => idx::open(vec![(input, compression)], split, budget),
    }
}

fn split_of(name: &RawName) -> Option<String> {
    split::of_name(&String::from_utf8_lossy(name.as_bytes()))
}

impl Records for Dataset<'_> {
    fn shards(&self) -> &[Shard] {
        &self.shards
    }

    fn scan(
        &self,
        workers: NonZeroUsize,
        columns: &Columns,
        visit: &Visit<'_>,
    ) -> Result<(), DatasetError> {
        let wanted: Vec<Option<Wanted>> = self
            .opened
            .iter()
            .map(|opened| Wanted::of(columns, &opened.schema))
            .collect();
        scan::scan(&self.opened, &wanted, &self.budget, workers, visit)
    }
}
