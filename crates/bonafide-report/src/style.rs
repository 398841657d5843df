//! How text for people is set. Colour never carries meaning alone.

use anstyle::{AnsiColor, Style};

use crate::Colour;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const RED: Style = bold(AnsiColor::Red);
pub(crate) const YELLOW: Style = bold(AnsiColor::Yellow);
pub(crate) const GREEN: Style = bold(AnsiColor::Green);
pub(crate) const CYAN: Style = bold(AnsiColor::Cyan);

const fn bold(colour: AnsiColor) -> Style {
    let colour = anstyle::Color::Ansi(colour);
    Style::new().bold().fg_color(Some(colour))
}

/// The text in a style, if it may have one.
pub(crate) fn paint(colour: Colour, style: Style, text: &str) -> String {
    match colour {
        Colour::Ansi => format!("{style}{text}{style:#}"),
        Colour::Plain => text.to_owned(),
    }
}
