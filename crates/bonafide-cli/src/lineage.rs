//! `bonafide lineage`: where an artifact comes from, drawn.

pub(crate) mod compare;

use std::fmt::Write as _;
use std::path::PathBuf;

use bonafide_core::{EdgeGrade, LineageSummary, RawName, Scope, Verdict};
use bonafide_report::{Colour, LineageFormat, render_lineage};
use clap::{Args, Subcommand, ValueEnum};

use crate::USAGE;
use crate::arguments::{Common, EvidenceArguments};
use crate::command::{verify_request, working};
use crate::terminal::{self, print, say, write_file};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct LineageArguments {
    #[command(subcommand)]
    command: Option<LineageCommand>,
    /// Directory or file whose lineage is drawn
    #[arg(required = true)]
    target: Option<PathBuf>,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Form of the drawing
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum LineageCommand {
    /// Tell from the weights whether a model is what it is said to be made from another
    ///
    /// Compares tensor by tensor: which changed, by how much, with which rank. Exit code 0 if nothing
    /// that is claimed is contradicted, 1 if something is, 2 if it could not be decided.
    Compare(compare::CompareArguments),
}

/// Form of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A tree of lines
    Text,
    /// Everything, as one JSON document
    Json,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
    /// A page with the picture and everything behind it
    Html,
}

impl From<Form> for LineageFormat {
    fn from(form: Form) -> Self {
        match form {
            Form::Text => Self::Text,
            Form::Json => Self::Json,
            Form::Dot => Self::Dot,
            Form::Svg => Self::Svg,
            Form::Html => Self::Html,
        }
    }
}

pub(crate) fn run(arguments: LineageArguments, common: &Common) -> anyhow::Result<u8> {
    let target = match (arguments.command, arguments.target) {
        (Some(LineageCommand::Compare(arguments)), _) => return compare::run(arguments, common),
        (None, Some(target)) => target,
        (None, None) => {
            say("error: a directory or file is missing");
            return Ok(USAGE);
        }
    };
    let request = match verify_request(target, arguments.evidence)? {
        Ok(request) => request,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    let lineage = working(common, |work| bonafide_engine::trace(&request, work))?;
    let colour = match arguments.write {
        Some(_) => Colour::Plain,
        None => terminal::colour(common.color),
    };
    let mut drawing = render_lineage(&lineage.graph, arguments.output.into(), colour)?;
    let remarks = remarks(&lineage);
    if arguments.output == Form::Text {
        drawing.push_str(&remarks);
    } else if !common.quiet {
        for line in remarks.lines().filter(|line| !line.is_empty()) {
            say(line);
        }
    }
    match &arguments.write {
        Some(path) => write_file(path, drawing.as_bytes())?,
        None => print(&drawing)?,
    }
    Ok(exit_code(&lineage))
}

/// Who was examined, and what the drawing does not show.
fn remarks(lineage: &LineageSummary) -> String {
    let mut text = String::new();
    if !lineage.relatives.is_empty() {
        text.push_str("\nExamined by the same policy\n");
    }
    for relative in &lineage.relatives {
        let verdict = match (relative.verdict, &relative.reason) {
            (_, Some(reason)) => format!("could not be examined: {}", RawName::from(&**reason)),
            (Some(verdict), None) => verdict.to_string(),
            (None, None) => "not judged".to_owned(),
        };
        let _ = writeln!(text, "  {} ({}): {verdict}", relative.name, relative.found);
    }
    for (title, list) in [("Not known", &lineage.gaps), ("Not drawn", &lineage.notes)] {
        if !list.is_empty() {
            let _ = writeln!(text, "\n{title}");
        }
        for line in list {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// 1 where anything is wrong, 2 where it cannot be said that nothing is.
fn exit_code(lineage: &LineageSummary) -> u8 {
    let is_contradicted = lineage.graph.count(EdgeGrade::Contradicted) > 0;
    let is_circular = || !lineage.graph.analyse(Scope::Ancestry).cycles.is_empty();
    let is_denied = lineage
        .relatives
        .iter()
        .any(|relative| relative.verdict == Some(Verdict::Deny));
    if is_contradicted || is_denied || is_circular() {
        1
    } else if !lineage.gaps.is_empty() || lineage.graph.is_truncated() {
        2
    } else {
        0
    }
}
