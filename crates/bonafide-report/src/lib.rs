//! A report in the forms that people and machines read.
//!
//! A renderer prints everything that the report holds and decides nothing. A
//! new form is one module here and one line in [`Format`].

mod account;
mod assessment;
mod html;
mod inspection;
mod json;
mod lineage;
mod markdown;
mod size;
mod style;
mod text;

use bonafide_core::Report;

pub use assessment::{AssessmentFormat, render_assessment};
pub use inspection::{Detail, InspectionFormat, render_inspection};
pub use lineage::{LineageFormat, render_lineage};
pub use size::bytes as human_bytes;

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For machines; versioned by `schema-version`.
    Json,
    /// For the summary page of a step in a pipeline.
    Markdown,
    /// One page for a browser or a printer, which loads and runs nothing.
    Html,
}

impl Format {
    /// Every form, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Markdown, Self::Html];

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

/// Whether text may carry terminal colours. Colour never carries meaning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Escape sequences for a terminal.
    Ansi,
    /// None.
    Plain,
}

/// Why a report could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The JSON writer refused.
    #[error("report cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Renders a report; the text ends with a newline.
pub fn render(report: &Report, format: Format, colour: Colour) -> Result<String, RenderError> {
    match format {
        Format::Text => Ok(text::render(report, colour)),
        Format::Json => json::render(report),
        Format::Markdown => Ok(markdown::render(report)),
        Format::Html => Ok(html::render(report)),
    }
}
