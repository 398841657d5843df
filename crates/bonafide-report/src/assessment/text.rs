//! The assessment for a terminal: what is wrong first, then element by element.

use anstyle::{AnsiColor, Style};
use bonafide_core::assessment::{Assessment, AssessmentCluster, AssessmentRow, Evidence};

use super::{contradicted, tally};
use crate::Colour;

/// Columns of a line, where a single word is not longer.
const WIDTH: usize = 110;

/// Columns of the evidence.
const EVIDENCE: usize = 12;

/// Longest title that decides how wide its column is.
const TITLE: usize = 36;

const BOLD: Style = Style::new().bold();
const RED: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const YELLOW: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
const GREEN: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const BLUE: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));

pub(super) fn render(assessment: &Assessment, colour: Colour) -> String {
    let width = |text: fn(&AssessmentRow) -> &'static str| {
        let lengths = assessment.rows().map(|row| text(row).chars().count());
        lengths.max().unwrap_or_default()
    };
    let mut page = Page {
        text: String::new(),
        colour,
        id: width(|row| row.id).min(TITLE),
        title: width(|row| row.title).min(TITLE),
    };
    page.header(assessment);
    for cluster in &assessment.clusters {
        page.cluster(cluster);
    }
    page.text
}

struct Page {
    text: String,
    colour: Colour,
    id: usize,
    title: usize,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn paint(&self, style: Style, text: &str) -> String {
        match self.colour {
            Colour::Ansi => format!("{style}{text}{style:#}"),
            Colour::Plain => text.to_owned(),
        }
    }

    fn header(&mut self, assessment: &Assessment) {
        if let Some(warning) = contradicted(assessment) {
            let label = self.paint(RED, "CONTRADICTED");
            self.wrapped(&format!("{label}  "), 14, &warning);
        }
        let score = format!("{} of 100", assessment.score.percent());
        let score = self.paint(BOLD, &format!("EVIDENCE {score}"));
        let subject = match &assessment.subject {
            Some(name) => format!("{name} ({})", assessment.format),
            None => assessment.format.clone(),
        };
        self.line(&format!("{score}  {subject}"));
        let profile = &assessment.profile;
        self.line(&format!("  {}", tally(&assessment.tally)));
        self.wrapped("  ", 2, &format!("{}: {}", profile.name, profile.title));
        self.wrapped("  ", 2, profile.caveat);
    }

    fn cluster(&mut self, cluster: &AssessmentCluster) {
        let title = self.paint(BOLD, cluster.title);
        self.line("");
        self.line(&format!(
            "{title}  {} of 100: {}",
            cluster.score.percent(),
            tally(&cluster.tally)
        ));
        for row in &cluster.rows {
            self.row(row);
        }
    }

    fn row(&mut self, row: &AssessmentRow) {
        let (style, word) = match row.evidence {
            Evidence::Contradicted => (RED, "CONTRADICTED"),
            Evidence::Missing if !row.counts() => (Style::new(), "n/a"),
            Evidence::Missing => (YELLOW, "missing"),
            Evidence::Declared => (Style::new(), "declared"),
            Evidence::Consistent => (BLUE, "consistent"),
            Evidence::Verified => (GREEN, "verified"),
        };
        let word = self.paint(style, &format!("{word:<EVIDENCE$}"));
        let (id, title) = (self.id, self.title);
        let start = format!("  {:<id$}  {:<title$}  {word}  ", row.id, row.title);
        let indent = 2 + id.max(row.id.chars().count()) + 2;
        let indent = indent + title.max(row.title.chars().count()) + 2 + EVIDENCE + 2;
        self.wrapped(&start, indent, &row.reason);
    }

    /// Words after a start, in lines that begin below its end.
    fn wrapped(&mut self, start: &str, indent: usize, text: &str) {
        let mut line = start.to_owned();
        let mut width = indent;
        let mut fresh = true;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if !fresh && width + 1 + length > WIDTH {
                self.line(&line);
                line = " ".repeat(indent);
                width = indent;
                fresh = true;
            }
            if !fresh {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += length;
            fresh = false;
        }
        self.line(&line);
    }
}
