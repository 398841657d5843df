//! The whole report as one JSON document.

use bonafide_core::Report;

use crate::RenderError;

pub(crate) fn render(report: &Report) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
