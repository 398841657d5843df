//! The inspection for people: the verdict, what would run on load, what is wrong and how
//! to fix it, what the model is, and what was not looked at.
//!
//! Texts out of files arrive escaped and cut.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::Style;
use bonafide_core::{Hazard, InspectedFile, InspectionReport, ModelFinding, Verdict, Weight};

use super::Detail;
use crate::style::{BOLD, CYAN, GREEN, RED, YELLOW, paint};
use crate::{Colour, human_bytes};

/// Most findings of a rule, files without findings, and gaps that one screen shows.
const MOST: usize = 5;

/// Most entries of a list in a line.
const MOST_WORDS: usize = 6;

/// Widest line of our own text.
const WIDTH: usize = 96;

pub(super) fn render(report: &InspectionReport, detail: Detail, colour: Colour) -> String {
    let most = match detail {
        Detail::Screen => MOST,
        Detail::Everything => usize::MAX,
    };
    let mut screen = Screen {
        text: String::new(),
        colour,
        most,
    };
    screen.verdict(report);
    screen.model(report);
    screen.runs(report);
    screen.findings(report);
    screen.files(report);
    screen.left_out(report);
    screen.circumstances(report);
    screen.text
}

struct Screen {
    text: String,
    colour: Colour,
    most: usize,
}

impl Screen {
    fn paint(&self, style: Style, text: &str) -> String {
        paint(self.colour, style, text)
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let painted = self.paint(BOLD, text);
        self.line("");
        self.line(&painted);
    }

    /// A label and its text, wrapped between words.
    fn entry(&mut self, label: &str, text: &str) {
        let indent = 16;
        let mut line = format!("  {label:<14}");
        let mut width = indent;
        for (index, word) in text.split(' ').enumerate() {
            let length = word.chars().count();
            if index > 0 && width + 1 + length > WIDTH {
                self.line(&line);
                line = " ".repeat(indent);
                width = indent;
            } else if index > 0 {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += length;
        }
        self.line(&line);
    }

    fn more(&mut self, all: usize, what: &str) {
        let more = all.saturating_sub(self.most);
        if more > 0 {
            self.line(&format!("  … and {more} more {what} (`--all` shows them)"));
        }
    }

    fn verdict(&mut self, report: &InspectionReport) {
        let style = match report.verdict {
            Verdict::Allow => GREEN,
            Verdict::Deny => RED,
            Verdict::Undecided | Verdict::NothingToVerify => YELLOW,
        };
        let verdict = self.paint(style, &report.verdict.to_string());
        self.line(&format!("{verdict}  {}", report.target));
        for reason in &report.reasons {
            self.line(&format!("  {reason}"));
        }
    }

    /// What it is: formats, size, architecture, numbers.
    fn model(&mut self, report: &InspectionReport) {
        if report.files.is_empty() {
            return;
        }
        self.heading("What it is");
        let bytes = report.files.iter().map(|file| file.size).sum();
        let plural = if report.files.len() == 1 { "" } else { "s" };
        let size = format!(
            "{} file{plural}, {}",
            report.files.len(),
            human_bytes(bytes)
        );
        self.entry("size", &size);
        let mut formats: BTreeMap<&str, usize> = BTreeMap::new();
        for file in &report.files {
            *formats
                .entry(file.title.unwrap_or("unknown format"))
                .or_default() += 1;
        }
        let mut formats: Vec<(&str, usize)> = formats.into_iter().collect();
        formats.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let formats: Vec<String> = formats
            .into_iter()
            .map(|(title, count)| {
                if count == 1 {
                    title.to_owned()
                } else {
                    format!("{title} × {count}")
                }
            })
            .collect();
        self.entry("formats", &listed(&formats, self.most));
        let contents = || report.files.iter().map(|file| &file.content);
        for (label, words) in [
            (
                "architecture",
                unique(contents().flat_map(|content| &content.architectures)),
            ),
            (
                "written by",
                unique(contents().flat_map(|content| &content.producers)),
            ),
            (
                "licence",
                unique(contents().flat_map(|content| &content.licences)),
            ),
        ] {
            if !words.is_empty() {
                self.entry(label, &listed(&words, self.most));
            }
        }
        let tensors: u64 = contents().map(|content| content.tensors).sum();
        if tensors > 0 {
            let parameters = contents().fold(0_u128, |sum, content| {
                sum.saturating_add(content.parameters)
            });
            let mut dtypes: BTreeMap<&str, u128> = BTreeMap::new();
            for (dtype, count) in contents().flat_map(|content| &content.dtypes) {
                let sum = dtypes.entry(dtype).or_default();
                *sum = sum.saturating_add(*count);
            }
            let dtypes: Vec<String> = dtypes
                .iter()
                .map(|(dtype, count)| format!("{dtype} {}", grouped(*count)))
                .collect();
            let text = format!(
                "{} with {} parameters ({})",
                grouped(u128::from(tensors)),
                grouped(parameters),
                listed(&dtypes, self.most)
            );
            self.entry("tensors", &text);
        }
        let mut operators: BTreeMap<&str, u64> = BTreeMap::new();
        for (operator, count) in contents().flat_map(|content| &content.operators) {
            *operators.entry(operator).or_default() += count;
        }
        if !operators.is_empty() {
            let mut common: Vec<(&str, u64)> = operators.into_iter().collect();
            common.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let words: Vec<String> = common
                .iter()
                .map(|(name, count)| format!("{name} × {count}"))
                .collect();
            self.entry("operators", &listed(&words, self.most));
        }
    }

    /// What an ordinary loader would run.
    fn runs(&mut self, report: &InspectionReport) {
        if report.files.is_empty() {
            return;
        }
        self.heading("What would run on load");
        let runs = |hazard: Hazard| {
            matches!(
                hazard,
                Hazard::CodeOnLoad
                    | Hazard::CodeInGraph
                    | Hazard::CodeInRepository
                    | Hazard::Template
            )
        };
        let mut shown = 0;
        let mut all = 0;
        for file in &report.files {
            let notes = self.most == usize::MAX;
            let shows = |finding: &&ModelFinding| {
                (notes || finding.weight > Weight::Note) && runs(finding.rule.hazard)
            };
            for finding in file.findings.iter().filter(shows) {
                all += 1;
                if shown < self.most {
                    shown += 1;
                    let place = place(file, finding);
                    let mark = self.mark(finding.weight);
                    self.line(&format!("  {mark} {place}: {}", finding.message));
                }
            }
        }
        self.more(all, "of these");
        let allowed: Vec<String> = unique(report.files.iter().flat_map(|file| {
            let globals = file.content.globals.iter();
            globals
                .filter(|global| global.standing == "allowed")
                .map(|global| &global.name)
        }));
        if !allowed.is_empty() {
            let text = format!(
                "{} known names that only build data: {}",
                allowed.len(),
                listed(&allowed, self.most)
            );
            self.entry("imports", &text);
        }
        if all == 0 && allowed.is_empty() {
            self.line("  nothing that is known");
        }
    }

    fn mark(&self, weight: Weight) -> String {
        match weight {
            Weight::Deny => self.paint(RED, "✗"),
            Weight::Review => self.paint(YELLOW, "?"),
            Weight::Note => self.paint(CYAN, "·"),
        }
    }

    /// What is wrong, rule by rule, the worst first.
    fn findings(&mut self, report: &InspectionReport) {
        let mut by_rule: BTreeMap<&str, Vec<(&InspectedFile, &ModelFinding)>> = BTreeMap::new();
        for file in &report.files {
            for finding in &file.findings {
                by_rule
                    .entry(finding.rule.slug)
                    .or_default()
                    .push((file, finding));
            }
        }
        let mut rules: Vec<_> = by_rule.into_values().collect();
        rules.sort_by_key(|found| {
            std::cmp::Reverse(found.first().map(|(_, finding)| finding.rule.severity))
        });
        for found in rules {
            let Some((_, first)) = found.first() else {
                continue;
            };
            let rule = first.rule;
            if rule.weight() == Weight::Note && self.most == MOST {
                continue;
            }
            let (style, word) = match rule.weight() {
                Weight::Deny => (RED, "harmful"),
                Weight::Review => (YELLOW, "review"),
                Weight::Note => (CYAN, "note"),
            };
            let label = self.paint(style, &format!("{word}[{}]", rule.slug));
            let title = self.paint(BOLD, rule.title);
            self.line("");
            self.line(&format!("{label} {title}"));
            for (file, finding) in found.iter().take(self.most) {
                self.line(&format!("  {}: {}", place(file, finding), finding.message));
            }
            self.more(found.len(), "of these");
            let omitted: u64 = report
                .files
                .iter()
                .filter_map(|file| file.omitted.get(rule.slug))
                .sum();
            if omitted > 0 {
                self.line(&format!("  … and {omitted} more that are counted only"));
            }
            self.entry("why", rule.rationale);
            self.entry("fix", rule.remediation);
            self.entry("sure", &sources(rule));
        }
    }

    /// Each file, with what it is.
    fn files(&mut self, report: &InspectionReport) {
        if report.files.is_empty() {
            return;
        }
        self.heading("Files");
        let mut files: Vec<&InspectedFile> = report.files.iter().collect();
        // What needs a look first; then by size, since the weights are the model.
        files.sort_by_key(|file| {
            let weight = file.findings.iter().map(|finding| finding.weight).max();
            std::cmp::Reverse((weight, !file.coverage.is_complete(), file.size))
        });
        for file in files.iter().take(self.most.saturating_mul(2)) {
            let weight = file.findings.iter().map(|finding| finding.weight).max();
            let mark = match weight {
                Some(weight) => self.mark(weight),
                None if file.coverage.is_complete() => self.paint(GREEN, "✓"),
                None => self.paint(YELLOW, "?"),
            };
            let title = file.title.unwrap_or("unknown format");
            let mut line = format!(
                "  {mark} {}  {title}, {}, {}",
                file.name,
                human_bytes(file.size),
                file.coverage.word()
            );
            let inside = file.parts.len().saturating_sub(1);
            if inside > 0 {
                let _ = write!(line, ", {inside} inside");
            }
            self.line(&line);
        }
        let more = files.len().saturating_sub(self.most.saturating_mul(2));
        if more > 0 {
            self.line(&format!("  … and {more} more (`--all` shows them)"));
        }
    }

    /// What was not looked at.
    fn left_out(&mut self, report: &InspectionReport) {
        self.heading("Not looked at");
        let mut gaps: Vec<String> = Vec::new();
        for file in &report.files {
            for part in &file.parts {
                for span in &part.spans {
                    let Some(reason) = &span.reason else {
                        continue;
                    };
                    let within = if part.path.is_empty() {
                        String::new()
                    } else {
                        format!(" → {}", part.path)
                    };
                    gaps.push(format!(
                        "{}{within}, bytes {}..{}: {reason}",
                        file.name, span.start, span.end
                    ));
                }
            }
            if file
                .parts
                .iter()
                .flat_map(|part| &part.spans)
                .any(|span| span.state == "identified")
            {
                gaps.push(format!(
                    "{}: told apart by its signature, not read",
                    file.name
                ));
            }
        }
        for entry in &report.uninspected {
            gaps.push(format!("{}: {}", entry.name, entry.reason));
        }
        if gaps.is_empty() {
            self.line("  nothing: every byte is accounted for; what the weights make the model do is not judged");
        }
        for gap in gaps.iter().take(self.most) {
            self.line(&format!("  {gap}"));
        }
        self.more(gaps.len(), "of these");
    }

    fn circumstances(&mut self, report: &InspectionReport) {
        self.heading("Circumstances");
        self.entry(
            "tool",
            &format!("{} {}", report.tool.name, report.tool.version),
        );
        self.entry("rules", &report.rule_set.to_string());
        for advisory in &report.advisories {
            let newest = advisory.newest.as_deref().unwrap_or("no date");
            self.entry(
                "advisories",
                &format!(
                    "{} ({} entries, newest {newest})",
                    advisory.source, advisory.entries
                ),
            );
        }
    }
}

/// Where a finding is.
fn place(file: &InspectedFile, finding: &ModelFinding) -> String {
    let mut place = file.name.to_string();
    if !finding.part.is_empty() {
        let _ = write!(place, " → {}", finding.part);
    }
    if let Some(start) = finding.start {
        let _ = write!(place, " at {start}");
    }
    place
}

/// How sure a rule is, and what it speaks to.
fn sources(rule: &bonafide_core::Rule) -> String {
    let mut text = format!("severity {}, confidence {}", rule.severity, rule.confidence);
    let threats: Vec<String> = rule.threats.iter().map(ToString::to_string).collect();
    let weaknesses: Vec<String> = rule
        .cwe
        .iter()
        .map(|number| format!("CWE-{number}"))
        .collect();
    let named = |list: &[&str]| {
        list.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    for list in [threats, weaknesses, named(rule.cve), named(rule.atlas)] {
        if !list.is_empty() {
            let _ = write!(text, "; {}", list.join(", "));
        }
    }
    text
}

/// A list in a line, cut.
fn listed(words: &[String], most: usize) -> String {
    let most = if most == usize::MAX { most } else { MOST_WORDS };
    let shown: Vec<&str> = words.iter().take(most).map(String::as_str).collect();
    let more = match words.len().saturating_sub(most) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// Each once, in the order of their first appearance.
fn unique<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    words.filter(|word| seen.insert(*word)).cloned().collect()
}

/// With spaces between thousands.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
