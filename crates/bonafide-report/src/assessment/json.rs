//! The assessment as JSON.

use bonafide_core::SCHEMA_VERSION;
use bonafide_core::assessment::Assessment;
use serde::Serialize;

use crate::RenderError;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    schema_version: u32,
    #[serde(flatten)]
    assessment: &'a Assessment,
}

pub(super) fn render(assessment: &Assessment) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(&Document {
        schema_version: SCHEMA_VERSION,
        assessment,
    })?;
    text.push('\n');
    Ok(text)
}
