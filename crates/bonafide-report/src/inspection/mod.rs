//! What the inspection of files found, in the forms that people and machines read.

mod json;
mod screen;

use bonafide_core::InspectionReport;

use crate::{Colour, RenderError};

/// A form of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectionFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// How much a report for people tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// One screen: what would run, what is wrong, what was not looked at.
    Screen,
    /// Every file and every finding.
    Everything,
}

/// Renders an inspection; the text ends with a newline.
pub fn render_inspection(
    report: &InspectionReport,
    format: InspectionFormat,
    detail: Detail,
    colour: Colour,
) -> Result<String, RenderError> {
    match format {
        InspectionFormat::Text => Ok(screen::render(report, detail, colour)),
        InspectionFormat::Json => json::render(report),
    }
}
