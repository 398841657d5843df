//! A report in the forms that people and machines read.
//!
//! A renderer prints everything that the report holds and decides nothing. A
//! new form is one module here and one line in [`Format`].

mod account;
mod assessment;
mod declarations;
mod entry;
mod html;
mod inspection;
mod json;
mod junit;
mod lineage;
mod location;
mod markdown;
mod oscal;
mod requirement;
#[cfg(test)]
mod sample;
mod sarif;
mod size;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod uuid;
mod vsa;

use bonafide_core::Report;
use declarations::Specification;

pub use assessment::{AssessmentFormat, render_assessment};
pub use inspection::{Detail, InspectionFormat, render_inspection};
pub use lineage::{LineageFormat, render_lineage};
pub use size::bytes as human_bytes;
pub use vsa::{ROOT_DIGEST, VERIFIER_ID, vsa_statement};

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
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for pipelines.
    Junit,
    /// A verification summary (SLSA VSA v1) in an in-toto Statement v1, to be signed.
    Vsa,
    /// CycloneDX 1.6 with `declarations`: provisions, and what the run is evidence for.
    Cyclonedx,
    /// The same in CycloneDX 1.7.
    CyclonedxNext,
    /// OSCAL assessment results 1.1.3.
    Oscal,
}

impl Format {
    /// Every form, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Json,
        Self::Markdown,
        Self::Html,
        Self::Sarif,
        Self::Junit,
        Self::Vsa,
        Self::Cyclonedx,
        Self::CyclonedxNext,
        Self::Oscal,
    ];

    /// True where the form names every file by its digest, so that a run has to hash them all.
    #[must_use]
    pub const fn needs_digests(self) -> bool {
        matches!(self, Self::Vsa)
    }

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Vsa => "vsa",
            Self::Cyclonedx => "cyclonedx",
            Self::CyclonedxNext => "cyclonedx-1.7",
            Self::Oscal => "oscal",
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
    /// The JUnit writer refused.
    #[error("report cannot be written as JUnit XML")]
    Junit(#[from] quick_junit::SerializeError),
    /// A summary names every file by its digest, and the report has none.
    #[error(
        "a verification summary needs the digest of every file, and this run was not asked for them"
    )]
    NoDigests,
}

/// Renders a report; the text ends with a newline.
pub fn render(report: &Report, format: Format, colour: Colour) -> Result<String, RenderError> {
    match format {
        Format::Text => Ok(text::render(report, colour)),
        Format::Json => json::render(report),
        Format::Markdown => Ok(markdown::render(report)),
        Format::Html => Ok(html::render(report)),
        Format::Sarif => sarif::render(report),
        Format::Junit => junit::render(report),
        Format::Vsa => vsa::render(report),
        Format::Cyclonedx => declarations::render(report, Specification::V1_6),
        Format::CyclonedxNext => declarations::render(report, Specification::V1_7),
        Format::Oscal => oscal::render(report),
    }
}
