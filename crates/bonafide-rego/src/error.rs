//! Why rules cannot be used, or came to no end. None of it is ever a pass.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::{Deserialize, Serialize};

/// Most faults that are shown.
const MOST_SHOWN: usize = 20;

/// Longest line that is shown, in bytes.
const LONGEST_LINE: usize = 1_024;

/// A mistake in a file of rules, with the line that it is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// The file.
    pub origin: String,
    /// The line, counted from one; zero if it is about the whole file.
    pub line: u32,
    /// The column, counted from one in characters.
    pub column: u32,
    /// How many characters are meant.
    pub width: u32,
    /// The text of the line.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Fault {
    /// A fault of a file as a whole.
    pub(crate) fn of_file(origin: &str, message: impl Into<String>) -> Self {
        Self {
            origin: origin.to_owned(),
            line: 0,
            column: 0,
            width: 0,
            text: String::new(),
            message: message.into(),
            help: None,
        }
    }

    /// A fault at a place.
    pub(crate) fn at(span: &regorus::unstable::Span, message: impl Into<String>) -> Self {
        let contents = span.source.get_contents();
        let start = usize::try_from(span.start).unwrap_or(usize::MAX);
        let before = contents.get(..start).unwrap_or("");
        let before = before.rsplit('\n').next().unwrap_or(before);
        let text = span.source.line(span.line.saturating_sub(1));
        let width = span.text().lines().next().unwrap_or("").chars().count();
        Self {
            origin: span.source.get_path().clone(),
            line: span.line,
            column: u32::try_from(before.chars().count()).map_or(1, |before| before + 1),
            width: u32::try_from(width).unwrap_or(1).max(1),
            text: printable(text),
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Reads the place out of what the interpreter says:
    /// `--> FILE:LINE:COLUMN`, the line, a caret, `error: MESSAGE`.
    pub(crate) fn of_interpreter(said: &str) -> Option<Self> {
        let mut lines = said.lines();
        let place = lines.find_map(|line| line.strip_prefix("--> "))?;
        let mut parts = place.rsplitn(3, ':');
        let column: u32 = parts.next()?.parse().ok()?;
        let line: u32 = parts.next()?.parse().ok()?;
        let origin = parts.next()?.to_owned();
        lines.next();
        let (_, text) = lines.next()?.split_once("| ")?;
        let column = without_tab_stops(text, column);
        let text = printable(text);
        let (_, message) = said.split_once("\nerror: ")?;
        let message = message.lines().next()?.trim_end_matches(':').to_owned();
        Some(Self {
            origin,
            line,
            column,
            width: 1,
            text,
            message,
            help: None,
        })
    }

    /// The bytes of its line that are meant.
    fn span(&self) -> std::ops::Range<usize> {
        let place = |column: u32| {
            let skipped = usize::try_from(column).unwrap_or(usize::MAX);
            let mut places = self.text.char_indices().map(|(at, _)| at);
            places.nth(skipped).unwrap_or(self.text.len())
        };
        let start = place(self.column.saturating_sub(1));
        let end = place(self.column.saturating_sub(1).saturating_add(self.width));
        start..end.max(start)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = if self.line == 0 {
            let title = format!("{}: {}", self.origin, self.message);
            let group = annotate_snippets::Group::with_title(Level::ERROR.primary_title(title));
            return render(formatter, group, self.help.as_deref());
        } else {
            Level::ERROR.primary_title(self.message.as_str())
        }
        .element(
            Snippet::source(self.text.as_str())
                .line_start(usize::try_from(self.line).unwrap_or(1))
                .path(self.origin.as_str())
                .annotation(AnnotationKind::Primary.span(self.span())),
        );
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        formatter.write_str(&Renderer::plain().render(&[group]))
    }
}

fn render(
    formatter: &mut fmt::Formatter<'_>,
    group: annotate_snippets::Group<'_>,
    help: Option<&str>,
) -> fmt::Result {
    let group = match help {
        Some(help) => group.element(Level::HELP.message(help.to_owned())),
        None => group,
    };
    formatter.write_str(&Renderer::plain().render(&[group]))
}

/// A line as it can be printed; tabs stay, because whoever prints it knows their width.
fn printable(line: &str) -> String {
    let parts: Vec<String> = line
        .split('\t')
        .map(|part| bonafide_core::excerpt(part, LONGEST_LINE))
        .collect();
    parts.join("\t")
}

/// The column in characters; the interpreter counts four for a tab.
fn without_tab_stops(line: &str, column: u32) -> u32 {
    let mut left = column.saturating_sub(1);
    let mut characters = 1;
    for character in line.chars() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(if character == '\t' { 4 } else { 1 });
        characters += 1;
    }
    characters
}

/// A limit that ended the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Of time.
    Time,
    /// Of memory.
    Memory,
    /// Of the depth of calls.
    Depth,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RegoError {
    /// The rules cannot be used.
    #[error("{}", Faults(.faults))]
    Unusable {
        /// At least one.
        faults: Vec<Fault>,
    },
    /// A file is larger than rules may be.
    #[error("{origin}: the file has {size} bytes, and rules may have {limit}")]
    TooLarge {
        /// The file.
        origin: String,
        /// Its bytes.
        size: usize,
        /// How many it may have.
        limit: usize,
    },
    /// More files than rules may come in.
    #[error("the rules are in {count} files, and may be in {limit}")]
    TooManyFiles {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// What stands below `data` cannot be used.
    #[error("the data of the rules cannot be used: {reason}")]
    Data {
        /// Why.
        reason: String,
    },
    /// The schema of the facts cannot be used.
    #[error("the schema of the facts cannot be used: {reason}")]
    Schema {
        /// Why.
        reason: String,
    },
    /// A rule failed while it ran.
    #[error("{fault}")]
    Evaluation {
        /// Where and why.
        fault: Box<Fault>,
    },
    /// A rule gave something that is no finding.
    #[error("{fault}")]
    NoFinding {
        /// Which rule and why.
        fault: Box<Fault>,
    },
    /// A limit was reached. Nothing is decided.
    #[error("{}", words(*.limit, .allowed))]
    Limit {
        /// Which.
        limit: Limit,
        /// What would have been allowed.
        allowed: String,
    },
    /// The process that runs rules did not do it.
    #[error("custom rules could not be run: {reason}")]
    Process {
        /// What happened.
        reason: String,
    },
}

fn words(limit: Limit, allowed: &str) -> String {
    match limit {
        Limit::Time => format!("the rules did not come to an end within {allowed}"),
        Limit::Memory => format!("the rules need more memory than {allowed}"),
        Limit::Depth => format!("the rules call each other more deeply than {allowed}"),
    }
}

impl RegoError {
    /// The error that the interpreter reports.
    pub(crate) fn of_interpreter(error: &anyhow_message::Message, limits: &crate::Limits) -> Self {
        let said = &error.0;
        if said.contains("execution exceeded time limit") {
            return Self::Limit {
                limit: Limit::Time,
                allowed: format!("{} s", limits.time.as_secs_f64()),
            };
        }
        let fault = Fault::of_interpreter(said)
            .unwrap_or_else(|| Fault::of_file("rules", said.trim().to_owned()));
        Self::Evaluation {
            fault: Box::new(fault),
        }
    }
}

/// What the interpreter says, without its type of error.
pub(crate) mod anyhow_message {
    /// A message of the interpreter.
    pub(crate) struct Message(pub(crate) String);

    impl<E: std::fmt::Display> From<E> for Message {
        fn from(error: E) -> Self {
            Self(format!("{error:#}"))
        }
    }
}

struct Faults<'a>(&'a [Fault]);

impl fmt::Display for Faults<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().take(MOST_SHOWN).enumerate() {
            if index > 0 {
                formatter.write_str("\n\n")?;
            }
            fault.fmt(formatter)?;
        }
        match self.0.len().checked_sub(MOST_SHOWN) {
            Some(more) if more > 0 => write!(formatter, "\n\nand {more} more"),
            _ => Ok(()),
        }
    }
}
