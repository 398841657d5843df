//! The inspection as one JSON document.

use bonafide_core::InspectionReport;

use crate::RenderError;

pub(super) fn render(report: &InspectionReport) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
