//! Everything that is wrong with a policy file, each shown in its own line.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Most problems that are shown: nobody reads on, and each costs a pass over the text.
const MOST_SHOWN: usize = 20;

/// One mistake, with the bytes of the file that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Problem {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A place in one of the files that a policy is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// Which file, in the order of override.
    pub(crate) layer: usize,
    /// Where in it.
    pub(crate) span: Range<usize>,
}

impl Place {
    /// A place in a file that does not know its number yet.
    pub(crate) const fn at(span: Range<usize>) -> Self {
        Self { layer: 0, span }
    }
}

/// A policy that cannot be used. `Display` shows every problem with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// Name of the file, or of the preset.
    pub origin: String,
    /// The text that the spans refer to.
    pub text: String,
    /// At least one.
    pub problems: Vec<Problem>,
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = Renderer::plain();
        for (index, problem) in self.problems.iter().take(MOST_SHOWN).enumerate() {
            if index > 0 {
                formatter.write_str("\n\n")?;
            }
            let snippet = Snippet::source(self.text.as_str())
                .line_start(1)
                .path(self.origin.as_str())
                .annotation(AnnotationKind::Primary.span(self.clamp(&problem.span)));
            let mut group = Level::ERROR
                .primary_title(problem.message.as_str())
                .element(snippet);
            if let Some(help) = &problem.help {
                group = group.element(Level::HELP.message(help.as_str()));
            }
            formatter.write_str(&renderer.render(&[group]))?;
        }
        match self.problems.len().checked_sub(MOST_SHOWN) {
            Some(more) if more > 0 => write!(formatter, "\n\nand {more} more"),
            _ => Ok(()),
        }
    }
}

impl PolicyError {
    /// Spans come from a parser, but the renderer must not be led off the text.
    fn clamp(&self, span: &Range<usize>) -> Range<usize> {
        let boundary = |mut position: usize| {
            position = position.min(self.text.len());
            while !self.text.is_char_boundary(position) {
                position -= 1;
            }
            position
        };
        let start = boundary(span.start);
        start..boundary(span.end).max(start)
    }
}
