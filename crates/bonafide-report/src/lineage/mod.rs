//! A lineage graph in the forms that people and machines read.
//!
//! Every form says of every link how it is known, in words as well as by line
//! and colour. Names come from documents: each form escapes them its own way,
//! after the characters that could mislead a reader have been made visible.

mod dot;
mod html;
mod json;
mod layers;
mod layout;
mod lettering;
mod markup;
mod scene;
mod svg;
mod text;
mod words;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use bonafide_core::lineage::Lineage;

use crate::{Colour, RenderError};
use scene::Scene;

/// A form of a lineage graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineageFormat {
    /// For people, in a terminal.
    Text,
    /// For machines; versioned by `schema-version`.
    Json,
    /// For Graphviz.
    Dot,
    /// A picture.
    Svg,
    /// A page with the picture and tables of everything behind it.
    Html,
}

impl LineageFormat {
    /// Every form, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Text, Self::Json, Self::Dot, Self::Svg, Self::Html];

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Dot => "dot",
            Self::Svg => "svg",
            Self::Html => "html",
        }
    }
}

pub(crate) use markup::escaped;

/// The picture, to stand in a page.
pub(crate) fn picture(lineage: &Lineage) -> String {
    svg::render(&Scene::new(lineage))
}

/// What stands in the style element of the picture.
pub(crate) fn picture_style() -> &'static str {
    let style = svg::STYLE.trim_end();
    let style = style.strip_prefix("<style>").unwrap_or(style);
    style.strip_suffix("</style>").unwrap_or(style)
}

/// The text form, whose first line is its title.
pub(crate) fn tree(lineage: &Lineage, colour: Colour) -> String {
    text::render(&Scene::new(lineage), colour)
}

/// Renders a lineage graph; the text ends with a newline. Colours are for the
/// terminal, so only the text form heeds them.
pub fn render_lineage(
    lineage: &Lineage,
    format: LineageFormat,
    colour: Colour,
) -> Result<String, RenderError> {
    let scene = Scene::new(lineage);
    match format {
        LineageFormat::Text => Ok(text::render(&scene, colour)),
        LineageFormat::Json => json::render(&scene),
        LineageFormat::Dot => Ok(dot::render(&scene)),
        LineageFormat::Svg => Ok(svg::render(&scene)),
        LineageFormat::Html => Ok(html::render(&scene)),
    }
}
