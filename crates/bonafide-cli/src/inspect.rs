//! `bonafide inspect`: what is in a model's files, without running any.

use std::path::PathBuf;

use bonafide_engine::InspectRequest;
use bonafide_report::{Colour, Detail, InspectionFormat, render_inspection};
use clap::{Args, ValueEnum};

use crate::arguments::Common;
use crate::command::working;
use crate::terminal::{self, print, write_file};

#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    /// Directory or file to inspect
    target: PathBuf,
    /// Form of the report
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Published vulnerabilities that dependencies are held against: a file in OSV format, or a
    /// folder of them; repeatable
    #[arg(long, value_name = "FILE")]
    advisories: Vec<PathBuf>,
    /// Show every file and finding instead of one screen
    #[arg(long)]
    all: bool,
}

/// Form of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// Everything, as one JSON document
    Json,
}

pub(crate) fn run(arguments: InspectArguments, common: &Common) -> anyhow::Result<u8> {
    let request = InspectRequest {
        target: arguments.target,
        advisories: arguments.advisories,
    };
    let report = working(common, |work| bonafide_engine::inspect(&request, work))?;
    let format = match arguments.output {
        Form::Text => InspectionFormat::Text,
        Form::Json => InspectionFormat::Json,
    };
    let detail = if arguments.all {
        Detail::Everything
    } else {
        Detail::Screen
    };
    let colour = match arguments.write {
        Some(_) => Colour::Plain,
        None => terminal::colour(common.color),
    };
    let is_wanted = arguments.write.is_some() || arguments.output == Form::Json || !common.quiet;
    if is_wanted {
        let text = render_inspection(&report, format, detail, colour)?;
        match &arguments.write {
            Some(path) => write_file(path, text.as_bytes())?,
            None => print(&text)?,
        }
    }
    Ok(report.verdict.exit_code())
}
