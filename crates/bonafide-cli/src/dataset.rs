//! `bonafide dataset`: what is in a dataset, record by record.

mod column;
mod text;

use std::path::PathBuf;

use anyhow::Context as _;
use bonafide_engine::{
    Analyses, Analysis, DatasetBudget, DatasetError, DatasetRequest, EngineError, ManifestRequest,
    ProofRequest, RawName,
};
use clap::{Args, Subcommand, ValueEnum};

use crate::USAGE;
use crate::arguments::{Common, Size};
use crate::command::working;
use crate::terminal::{print, say, write_file};

pub(crate) use column::{Column, roles};

#[derive(Debug, Subcommand)]
pub(crate) enum DatasetCommand {
    /// Look for what deserves a look: duplicates, hidden text, doubtful labels, triggers
    ///
    /// Reads Parquet, Arrow, CSV, TSV, JSON Lines, WebDataset shards, IDX and folders of files,
    /// compressed ones too, and tells what is in the records. It judges nothing: thresholds are in
    /// policies, for `bonafide verify`. Exit code 0 if all of it was done, 2 if something that was
    /// asked for could not be, 3 if there are no records.
    Scan(ScanArguments),
    /// Write a record manifest: a hash for each record, a root over all
    ///
    /// Two files: the manifest (JSON), to be signed with `bonafide attest`, and beside it the list of
    /// the records' hashes. With them, later versions can be compared without the data.
    Manifest(ManifestArguments),
    /// List the records that two versions do not share, by their manifests
    ///
    /// Exit code 0 if the versions have the same records, 1 if not.
    Diff(DiffArguments),
    /// Prove that a record is in a dataset, with a few hashes instead of the dataset
    Prove(ProveArguments),
    /// Check such a proof against a record manifest
    ///
    /// Exit code 0 if the record is in the dataset, 1 if the proof does not show it.
    CheckProof(CheckProofArguments),
}

/// Which dataset, and what its columns are for.
#[derive(Debug, Args)]
pub(crate) struct DatasetArguments {
    /// Directory or file with the records
    target: PathBuf,
    /// What a column is for, instead of what its name suggests: text, label, features, bytes, key,
    /// source, attribute, url, content-hash, time or revision; repeatable
    #[arg(long, value_name = "ROLE=COLUMN")]
    column: Vec<Column>,
    /// Most memory for tables; what does not fit is spilled to disk [default: 1GiB]
    #[arg(long, value_name = "SIZE")]
    memory: Option<Size>,
    /// Folder to spill to [default: the system's for temporary files]
    #[arg(long, value_name = "DIR")]
    spill: Option<PathBuf>,
    /// Record manifest of the version before, with its `.records` beside it
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    #[command(flatten)]
    dataset: DatasetArguments,
    /// Look only in this way; repeatable [default: all; `delta` and `shift` with `--previous`]
    #[arg(long, value_enum, value_name = "ANALYSIS")]
    analysis: Vec<AnalysisName>,
    /// Form of the answer
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people
    Text,
    /// Everything, as one JSON document
    Json,
}

/// A way to look at records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AnalysisName {
    /// Equal records, labels that contradict each other, leakage between splits
    Duplicates,
    /// The same for nearly equal records (MinHash)
    Similar,
    /// Characters, markup and files that hide something
    Payload,
    /// Hashes and times of content that is elsewhere
    Content,
    /// Labels that the rest of the records would not give (confident learning)
    Labels,
    /// Features that go with doubtful labels
    Triggers,
    /// Features of the records that an earlier version did not have
    Delta,
    /// Shares that moved since an earlier version
    Shift,
}

impl From<AnalysisName> for Analysis {
    fn from(name: AnalysisName) -> Self {
        match name {
            AnalysisName::Duplicates => Self::Duplicates,
            AnalysisName::Similar => Self::Similar,
            AnalysisName::Payload => Self::Payload,
            AnalysisName::Content => Self::Content,
            AnalysisName::Labels => Self::Labels,
            AnalysisName::Triggers => Self::Triggers,
            AnalysisName::Delta => Self::Delta,
            AnalysisName::Shift => Self::Shift,
        }
    }
}

pub(crate) fn run(command: DatasetCommand, common: &Common) -> anyhow::Result<u8> {
    match command {
        DatasetCommand::Scan(arguments) => scan(arguments, common),
        DatasetCommand::Manifest(arguments) => manifest(arguments, common),
        DatasetCommand::Diff(arguments) => diff(arguments, common),
        DatasetCommand::Prove(arguments) => prove(&arguments),
        DatasetCommand::CheckProof(arguments) => check_proof(arguments, common),
    }
}

impl DatasetArguments {
    fn request(self) -> DatasetRequest {
        DatasetRequest {
            target: self.target,
            roles: roles(&self.column),
            budget: budget(self.memory, self.spill),
            previous: self.previous,
        }
    }
}

/// Exit code where nothing holds records.
const NOTHING: u8 = 3;

/// True if there is nothing to look at, which is no fault of anybody.
fn is_empty(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(EngineError::Dataset(DatasetError::NoRecords { .. }))
    )
}

/// The budget with what the user says of it.
pub(crate) fn budget(memory: Option<Size>, spill: Option<PathBuf>) -> DatasetBudget {
    let default = DatasetBudget::DEFAULT;
    DatasetBudget {
        memory: memory.map_or(default.memory, |size| size.0.get()),
        spill,
        ..default
    }
}

fn scan(arguments: ScanArguments, common: &Common) -> anyhow::Result<u8> {
    let request = arguments.dataset.request();
    let is_asked = !arguments.analysis.is_empty();
    let analyses: Analyses = match is_asked {
        true => arguments.analysis.into_iter().map(Analysis::from).collect(),
        false => Analysis::ALL
            .into_iter()
            .filter(|analysis| request.previous.is_some() || !analysis.needs_previous())
            .collect(),
    };
    let scan = working(common, |work| {
        bonafide_engine::scan_dataset(&request, &analyses, work)
    });
    let scan = match scan {
        Err(error) if is_empty(&error) => {
            say(&format!("{error:#}"));
            return Ok(NOTHING);
        }
        scan => scan?,
    };
    let examination = &scan.examination;
    let answer = match arguments.output {
        Form::Json => {
            let mut document = serde_json::to_value(examination)?;
            if let Some(members) = document.as_object_mut() {
                let declared = serde_json::to_value(&scan.declared)?;
                members.insert("declared".to_owned(), declared);
            }
            format!("{document:#}\n")
        }
        Form::Text => text::scan(&scan),
    };
    match &arguments.write {
        Some(path) => write_file(path, answer.as_bytes())?,
        None if arguments.output == Form::Json || !common.quiet => print(&answer)?,
        None => {}
    }
    // What nobody asked for by name may not apply; an error is one in any case.
    let undone = is_asked && text::undone(examination).next().is_some();
    Ok(match undone || !examination.failures.is_empty() {
        true => 2,
        false => 0,
    })
}

#[derive(Debug, Args)]
pub(crate) struct ManifestArguments {
    #[command(flatten)]
    dataset: DatasetArguments,
    /// Where to write the manifest [default: `NAME.manifest.json` beside the target]; the list of
    /// records is written beside it (`NAME.records`)
    #[arg(long, short, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// Record manifest of the older version, with its `.records` beside it
    old: PathBuf,
    /// The same of the newer version
    new: PathBuf,
    /// Most memory; what does not fit is spilled to disk [default: 1GiB]
    #[arg(long, value_name = "SIZE")]
    memory: Option<Size>,
    /// Folder to spill to [default: the system's for temporary files]
    #[arg(long, value_name = "DIR")]
    spill: Option<PathBuf>,
    /// Form of the answer
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
}

#[derive(Debug, Args)]
pub(crate) struct ProveArguments {
    /// Record manifest, with its `.records` beside it
    manifest: PathBuf,
    /// The record, as reports write it: `train.parquet#17`
    record: String,
    /// Write the proof to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckProofArguments {
    /// The proof
    proof: PathBuf,
    /// Record manifest, plain or in a signed statement (whose signature `bonafide verify` checks)
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Directory or file with the record itself, whose hash is taken and held against the proof
    #[arg(long, value_name = "PATH")]
    dataset: Option<PathBuf>,
}

fn manifest(arguments: ManifestArguments, common: &Common) -> anyhow::Result<u8> {
    let created = match made_at()? {
        Ok(created) => created,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    let dataset = arguments.dataset.request();
    let output = match arguments.write {
        Some(path) => path,
        None => beside(&dataset.target, ".manifest.json")?,
    };
    let request = ManifestRequest {
        dataset,
        output,
        created,
    };
    let written = working(common, |work| {
        bonafide_engine::write_manifest(&request, work)
    })?;
    if !common.quiet {
        print(&text::manifest(&request, &written))?;
    }
    Ok(0)
}

/// SOURCE_DATE_EPOCH, as whoever wants the same bytes again sets it, or now.
fn made_at() -> anyhow::Result<Result<i64, String>> {
    let Some(text) = std::env::var_os("SOURCE_DATE_EPOCH") else {
        return Ok(Ok(jiff::Timestamp::now().as_second()));
    };
    let seconds = text.to_str().and_then(|text| text.parse().ok());
    Ok(seconds.ok_or_else(|| {
        format!(
            "SOURCE_DATE_EPOCH is `{}`, not a number of seconds since 1970",
            RawName::from(std::path::Path::new(&text))
        )
    }))
}

/// A file beside the target, with its name and another ending.
fn beside(target: &std::path::Path, ending: &str) -> anyhow::Result<PathBuf> {
    let real = target
        .canonicalize()
        .with_context(|| format!("{}", RawName::from(target)))?;
    let name = real
        .file_name()
        .context("give `--write`: the target has no name")?;
    let mut name = name.to_owned();
    name.push(ending);
    Ok(real.with_file_name(name))
}

fn diff(arguments: DiffArguments, common: &Common) -> anyhow::Result<u8> {
    let budget = budget(arguments.memory, arguments.spill);
    let difference = bonafide_engine::diff_datasets(&arguments.old, &arguments.new, &budget)?;
    match arguments.output {
        Form::Json => print(&format!("{}\n", serde_json::to_string_pretty(&difference)?))?,
        Form::Text if !common.quiet => print(&text::difference(&difference))?,
        Form::Text => {}
    }
    let is_same = difference.is_none() && difference.columns.is_empty();
    Ok(u8::from(!is_same))
}

fn prove(arguments: &ProveArguments) -> anyhow::Result<u8> {
    let proof = bonafide_engine::prove_record(&arguments.manifest, &arguments.record)?;
    match &arguments.write {
        Some(path) => write_file(path, &proof)?,
        None => print(&String::from_utf8_lossy(&proof))?,
    }
    Ok(0)
}

fn check_proof(arguments: CheckProofArguments, common: &Common) -> anyhow::Result<u8> {
    let request = ProofRequest {
        proof: arguments.proof,
        manifest: arguments.manifest,
        dataset: arguments.dataset,
    };
    let checked = working(common, |work| bonafide_engine::check_proof(&request, work))?;
    if !common.quiet {
        print(&text::proof(&checked))?;
    }
    Ok(u8::from(checked.failure.is_some()))
}
