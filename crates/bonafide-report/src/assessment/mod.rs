//! A document held against a profile, in the forms that people and machines read.

mod json;
mod markdown;
#[cfg(test)]
mod tests;
mod text;

use bonafide_core::assessment::{Assessment, Evidence, Tally};

use crate::{Colour, RenderError};

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessmentFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// For pages and tickets.
    Markdown,
}

impl AssessmentFormat {
    /// Every form, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Markdown];

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }
}

/// Renders an assessment; the text ends with a newline.
///
/// # Errors
///
/// [`RenderError`] if JSON cannot be written.
pub fn render_assessment(
    assessment: &Assessment,
    format: AssessmentFormat,
    colour: Colour,
) -> Result<String, RenderError> {
    match format {
        AssessmentFormat::Text => Ok(text::render(assessment, colour)),
        AssessmentFormat::Json => json::render(assessment),
        AssessmentFormat::Markdown => Ok(markdown::render(assessment)),
    }
}

/// `2 verified, 1 missing`: the best first, without zeros.
fn tally(tally: &Tally) -> String {
    let parts: Vec<String> = Evidence::ALL
        .into_iter()
        .rev()
        .map(|evidence| (evidence, tally.of(evidence)))
        .filter(|(_, count)| *count > 0)
        .map(|(evidence, count)| format!("{count} {evidence}"))
        .collect();
    if parts.is_empty() {
        "nothing that applies".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Said before anything else, if there is anything to say.
fn contradicted(assessment: &Assessment) -> Option<String> {
    let names: Vec<&str> = assessment
        .rows()
        .filter(|row| row.evidence == Evidence::Contradicted)
        .map(|row| row.id)
        .collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    (!names.is_empty()).then(|| {
        format!(
            "{} element{plural} contradicted: {}",
            names.len(),
            names.join(", ")
        )
    })
}
