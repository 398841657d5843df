//! `bonafide threats`: the catalogue of threats, which checks speak to each, and what it maps to.

mod explanation;
mod list;
mod page;
mod selection;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bonafide_core::Severity;
use bonafide_engine::{RawName, read_document};
use bonafide_threats::{AddedMappings, LONGEST_MAPPING_FILE, Stage, Threat, catalogue};
use clap::{Args, ValueEnum};

use crate::USAGE;
use crate::terminal::{print, say};
use selection::Selection;

#[derive(Debug, Args)]
pub(crate) struct ThreatsArguments {
    /// Only threats that strike in this stage of the life cycle; repeatable
    #[arg(long, value_enum, value_name = "STAGE")]
    stage: Vec<StageName>,
    /// Only threats that map to this framework, and what they map to there: `atlas`, or
    /// `atlas@2026.09` for one version; repeatable
    #[arg(long, value_name = "FRAMEWORK")]
    framework: Vec<String>,
    /// Only threats of this category: a publicly named one of ISO/IEC 27090, such as
    /// `data-poisoning`, or a permalink of the OWASP AI Exchange, such as `go/datapoison`;
    /// repeatable
    #[arg(long, value_name = "CATEGORY")]
    category: Vec<String>,
    /// Only threats of this severity; repeatable
    #[arg(long, value_enum, value_name = "SEVERITY")]
    severity: Vec<SeverityName>,
    /// Only threats that this check speaks to; repeatable
    #[arg(long, value_name = "CHECK")]
    check: Vec<String>,
    /// Mappings of your own (TOML), such as the clauses of a standard that you own; repeatable
    #[arg(long, value_name = "FILE")]
    mapping: Vec<PathBuf>,
    /// Print which checks cover which threat, what is attested only and what is out of reach, as
    /// Markdown
    #[arg(long, conflicts_with = "output")]
    matrix: bool,
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
}

/// Form of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One line for each threat
    Text,
    /// Everything, with frameworks and categories, as one JSON document
    Json,
    /// Everything, as Markdown
    Markdown,
    /// One row for each mapping
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StageName {
    Development,
    Training,
    Deployment,
    Operation,
}

impl From<StageName> for Stage {
    fn from(name: StageName) -> Self {
        match name {
            StageName::Development => Self::Development,
            StageName::Training => Self::Training,
            StageName::Deployment => Self::Deployment,
            StageName::Operation => Self::Operation,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SeverityName {
    Low,
    Medium,
    High,
    Critical,
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Low => Self::Low,
            SeverityName::Medium => Self::Medium,
            SeverityName::High => Self::High,
            SeverityName::Critical => Self::Critical,
        }
    }
}

pub(crate) fn run(arguments: &ThreatsArguments) -> anyhow::Result<u8> {
    let added = read(&arguments.mapping)?;
    let selection = match Selection::of(arguments, &added) {
        Ok(selection) => selection,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    let mut without = selection.without_threats().peekable();
    if selection.threats().is_empty() && without.peek().is_none() {
        say("no threat of the catalogue is all of this");
    }
    for category in without {
        say(&format!(
            "{}: no threat of the catalogue, and no check, speaks to this category. {}",
            category.label, category.attestation
        ));
    }
    let text = match (arguments.matrix, arguments.output) {
        (true, _) => page::matrix(&selection),
        (false, Form::Text) => list::text(&selection),
        (false, Form::Json) => format!("{:#}\n", list::document(&selection)),
        (false, Form::Csv) => list::rows(&selection),
        (false, Form::Markdown) => page::details(&selection),
    };
    print(&text)?;
    Ok(0)
}

/// The threat with this id, if it is one.
pub(crate) fn find(id: &str) -> Option<&'static Threat> {
    catalogue().threat(id)
}

/// Everything about one threat.
pub(crate) fn explain(threat: &'static Threat, mappings: &[PathBuf]) -> anyhow::Result<String> {
    let added = read(mappings)?;
    let selection = Selection::all(&added);
    Ok(explanation::of(threat, &selection))
}

fn read(paths: &[PathBuf]) -> anyhow::Result<Vec<AddedMappings>> {
    paths.iter().map(|path| read_one(path)).collect()
}

fn read_one(path: &Path) -> anyhow::Result<AddedMappings> {
    let name = RawName::from(path).to_string();
    let bytes = read_document(path, LONGEST_MAPPING_FILE)?;
    let text = String::from_utf8(bytes).with_context(|| format!("{name}: is not UTF-8"))?;
    Ok(AddedMappings::parse(&name, &text, catalogue())?)
}
