//! A report for people: the verdict first, then what is wrong and how to fix
//! it, then what was looked at.
//!
//! Names in a report come from the artifact; they arrive escaped
//! (`bonafide_core::RawName`), and whatever else is not ours is made visible here, so nothing
//! can move the cursor or reorder a line. What is cut says how much is missing.

mod circumstances;
mod controls;
mod documents;
mod findings;
mod inspection;
mod lineage;
mod signatures;
mod verdict;
mod waivers;

use anstyle::Style;
use bonafide_core::Report;

use crate::Colour;
use crate::account::{WHOLE, visible};
use crate::style::{BOLD, paint};

/// Widest line of our own text.
const WIDTH: usize = 88;

pub(crate) fn render(report: &Report, colour: Colour) -> String {
    let mut page = Page {
        text: String::new(),
        colour,
    };
    page.verdict(report);
    page.findings(report);
    page.undecided(report);
    page.waivers(report);
    page.warnings(report);
    page.signatures(report);
    page.lineage(report);
    page.documents(report);
    page.inspection(report);
    page.controls(report);
    page.threats(report);
    page.standards(report);
    page.circumstances(report);
    page.text
}

struct Page {
    text: String,
    colour: Colour,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn paint(&self, style: Style, text: &str) -> String {
        paint(self.colour, style, text)
    }

    fn heading(&mut self, text: &str) {
        let painted = self.paint(BOLD, text);
        self.line("");
        self.line(&painted);
    }

    /// Says how much is not shown, if anything is not.
    fn more(&mut self, indent: &str, count: usize, noun: &str) {
        if count == 0 {
            return;
        }
        let plural = if count == 1 || noun.is_empty() {
            ""
        } else {
            "s"
        };
        let space = if noun.is_empty() { "" } else { " " };
        self.line(&format!(
            "{indent}and {count} more{space}{noun}{plural}: {WHOLE}"
        ));
    }

    /// Wrapped between words.
    fn paragraph(&mut self, label: &str, text: &str) {
        let text = visible(text);
        let indent = label.chars().count() + 4;
        let mut line = format!("  {label}: ");
        let mut width = indent;
        for (index, word) in text.split_whitespace().enumerate() {
            let length = word.chars().count();
            if index > 0 && width + 1 + length > WIDTH {
                self.line(line.trim_end());
                line = " ".repeat(indent);
                width = indent;
            } else if index > 0 {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += length;
        }
        self.line(line.trim_end());
    }
}
