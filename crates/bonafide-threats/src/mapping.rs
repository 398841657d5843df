//! Mappings that a user adds, such as the clauses of a standard that the user owns.

use std::fmt;
use std::ops::Range;

use bonafide_core::RawName;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::crosswalk::{Mapping, Relation, Verification};
use crate::data::Catalogue;

/// Largest file with mappings, in bytes.
pub const LONGEST_MAPPING_FILE: u64 = 1 << 20;

/// Most rows of a file.
const MOST_ROWS: usize = 10_000;

/// Most mistakes that are told.
const MOST_PROBLEMS: usize = 20;

/// Longest text of a row, in characters.
const LONGEST_TEXT: usize = 300;

/// Mappings of one framework, from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedMappings {
    /// The framework, as the user names it.
    pub framework: String,
    /// Its version.
    pub version: String,
    /// The file.
    pub origin: String,
    /// Its rows.
    pub rows: Vec<AddedMapping>,
}

/// A row of such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedMapping {
    /// What is mapped.
    pub target: MappingTarget,
    /// Identifier in the framework.
    pub reference: String,
    /// Short title there.
    pub title: String,
    /// How they are related.
    pub relation: Relation,
    /// Line of the file.
    pub line: usize,
}

/// What a row maps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MappingTarget {
    /// One threat, by its id.
    Threat(String),
    /// All threats of a category, by its id.
    Category(String),
}

/// A file with mappings that cannot be used. `Display` tells each mistake with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingError {
    /// The file.
    pub origin: String,
    /// At least one, in the order of the file.
    pub problems: Vec<MappingProblem>,
    /// How many more there are.
    pub omitted: usize,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingProblem {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl std::error::Error for MappingError {}

impl fmt::Display for MappingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = RawName::from(self.origin.as_str());
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            let MappingProblem {
                line,
                column,
                message,
            } = problem;
            write!(formatter, "{origin}:{line}:{column}: {message}")?;
        }
        match self.omitted {
            0 => Ok(()),
            more => write!(formatter, "\nand {more} more"),
        }
    }
}

impl AddedMappings {
    /// Reads a file. `origin` is its name, for messages.
    pub fn parse(origin: &str, text: &str, catalogue: &Catalogue) -> Result<Self, MappingError> {
        let starts = text.match_indices('\n').map(|(index, _)| index + 1);
        let mut reader = Reader {
            text,
            lines: std::iter::once(0).chain(starts).collect(),
            catalogue,
            problems: Vec::new(),
        };
        let read = match DeTable::parse(text) {
            Ok(table) => reader.document(&table),
            Err(error) => {
                let message = error.message().to_owned();
                reader.problem(error.span().unwrap_or(0..0), message);
                None
            }
        };
        match read {
            Some((framework, version, rows)) if reader.problems.is_empty() => Ok(Self {
                framework,
                version,
                origin: origin.to_owned(),
                rows,
            }),
            _ => Err(reader.error(origin)),
        }
    }

    /// The rows of a threat, its own and those of its categories, as the crosswalk writes them.
    #[must_use]
    pub fn of_threat(&self, threat: &str, categories: &[&str]) -> Vec<Mapping> {
        let about = |row: &&AddedMapping| match &row.target {
            MappingTarget::Threat(id) => id == threat,
            MappingTarget::Category(id) => categories.contains(&id.as_str()),
        };
        let rows = self.rows.iter().filter(about);
        rows.map(|row| Mapping {
            threat: threat.to_owned(),
            framework: self.framework.clone(),
            version: self.version.clone(),
            reference: row.reference.clone(),
            title: row.title.clone(),
            relation: row.relation,
            source: format!("{}, line {}", self.origin, row.line),
            verification: Verification::User,
            line: u64::try_from(row.line).unwrap_or(u64::MAX),
        })
        .collect()
    }
}

type Value<'a, 'i> = &'a Spanned<DeValue<'i>>;

struct Reader<'t> {
    text: &'t str,
    /// Where each line starts.
    lines: Vec<usize>,
    catalogue: &'t Catalogue,
    problems: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn document(
        &mut self,
        table: &Spanned<DeTable<'_>>,
    ) -> Option<(String, String, Vec<AddedMapping>)> {
        self.keys(table.get_ref(), &["framework", "version", "mapping"]);
        let whole = table.span().start..table.span().start;
        let framework = self.text(table.get_ref(), "framework", &whole);
        let version = self.text(table.get_ref(), "version", &whole);
        let mut rows = Vec::new();
        match table.get_ref().get("mapping") {
            None => self.problem(whole, "there is no `[[mapping]]`"),
            Some(value) => match value.get_ref() {
                DeValue::Array(array) if array.len() > MOST_ROWS => {
                    self.problem(value.span(), format!("more than {MOST_ROWS} rows"));
                }
                DeValue::Array(array) if array.is_empty() => {
                    self.problem(value.span(), "there is no `[[mapping]]`");
                }
                DeValue::Array(array) => {
                    let mut seen = std::collections::BTreeMap::new();
                    for entry in array.iter() {
                        let Some(row) = self.row(entry) else { continue };
                        let key = (row.target.clone(), row.reference.clone());
                        if let Some(first) = seen.get(&key) {
                            let message = format!("says the same as line {first}");
                            self.problem(entry.span(), message);
                        } else {
                            seen.insert(key, row.line);
                            rows.push(row);
                        }
                    }
                }
                _ => self.problem(value.span(), "`mapping` is a list: write `[[mapping]]`"),
            },
        }
        Some((framework?, version?, rows))
    }

    fn row(&mut self, entry: Value<'_, '_>) -> Option<AddedMapping> {
        let DeValue::Table(table) = entry.get_ref() else {
            self.problem(
                entry.span(),
                "`mapping` is a list of tables: write `[[mapping]]`",
            );
            return None;
        };
        let place = entry.span();
        self.keys(
            table,
            &["threat", "category", "reference", "title", "relation"],
        );
        let target = match (table.get("threat"), table.get("category")) {
            (Some(_), None) => {
                let id = self.text(table, "threat", &place)?;
                let known = self.catalogue.threat(&id).map(|threat| threat.id.clone());
                if known.is_none() {
                    let message = format!(
                        "there is no threat `{}`; `bonafide threats` lists them",
                        RawName::from(id.as_str())
                    );
                    self.problem_at(table, "threat", message);
                }
                known.map(MappingTarget::Threat)
            }
            (None, Some(_)) => {
                let id = self.text(table, "category", &place)?;
                let mut all = self.catalogue.categories.iter();
                let known = all.any(|category| category.id == id);
                if !known {
                    let ids: Vec<&str> = self
                        .catalogue
                        .categories
                        .iter()
                        .map(|category| category.id.as_str())
                        .collect();
                    let message = format!(
                        "there is no category `{}`; known are {}",
                        RawName::from(id.as_str()),
                        ids.join(", ")
                    );
                    self.problem_at(table, "category", message);
                }
                known.then_some(MappingTarget::Category(id))
            }
            (None, None) => {
                self.problem(place.clone(), "`threat` or `category` is missing here");
                None
            }
            (Some(_), Some(_)) => {
                self.problem(place.clone(), "`threat` and `category` exclude each other");
                None
            }
        };
        let reference = self.text(table, "reference", &place);
        let title = self.text(table, "title", &place);
        let relation = match table.get("relation") {
            None => match target {
                Some(MappingTarget::Category(_)) => Some(Relation::InCategory),
                _ => Some(Relation::Related),
            },
            Some(_) => {
                let word = self.text(table, "relation", &place)?;
                let known = Relation::ALL.into_iter().find(|known| known.name() == word);
                if known.is_none() {
                    let words: Vec<&str> = Relation::ALL.into_iter().map(Relation::name).collect();
                    let message = format!(
                        "there is no relation `{}`; known are {}",
                        RawName::from(word.as_str()),
                        words.join(", ")
                    );
                    self.problem_at(table, "relation", message);
                }
                known
            }
        };
        Some(AddedMapping {
            target: target?,
            reference: reference?,
            title: title?,
            relation: relation?,
            line: self.line(place.start),
        })
    }

    /// A text that has to be there, can be printed and is not empty.
    fn text(
        &mut self,
        table: &DeTable<'_>,
        key: &'static str,
        place: &Range<usize>,
    ) -> Option<String> {
        let Some(value) = table.get(key) else {
            self.problem(place.clone(), format!("`{key}` is missing here"));
            return None;
        };
        let DeValue::String(text) = value.get_ref() else {
            self.problem(
                value.span(),
                format!("`{key}` is a text: write it in quotes"),
            );
            return None;
        };
        let wrong = if text.trim().is_empty() {
            Some("is empty".to_owned())
        } else if text.chars().any(char::is_control) {
            Some("holds control characters".to_owned())
        } else if text.chars().count() > LONGEST_TEXT {
            Some(format!("is longer than {LONGEST_TEXT} characters"))
        } else {
            None
        };
        match wrong {
            Some(wrong) => {
                self.problem(value.span(), format!("`{key}` {wrong}"));
                None
            }
            None => Some(text.to_string()),
        }
    }

    fn keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for (key, _) in table.iter() {
            if !known.contains(&key.get_ref().as_ref()) {
                let message = format!(
                    "unknown key `{}`; known are {}",
                    RawName::from(key.get_ref().as_ref()),
                    known.join(", ")
                );
                self.problem(key.span(), message);
            }
        }
    }

    fn problem_at(&mut self, table: &DeTable<'_>, key: &str, message: String) {
        let span = table.get(key).map_or(0..0, Spanned::span);
        self.problem(span, message);
    }

    fn problem(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.problems.push((span.start, message.into()));
    }

    fn error(mut self, origin: &str) -> MappingError {
        self.problems.sort();
        let problems = std::mem::take(&mut self.problems);
        let omitted = problems.len().saturating_sub(MOST_PROBLEMS);
        let shown = problems.into_iter().take(MOST_PROBLEMS);
        MappingError {
            origin: origin.to_owned(),
            problems: shown
                .map(|(start, message)| {
                    let line = self.line(start);
                    let begin = self.lines.get(line - 1).copied().unwrap_or(0);
                    let before = self.text.get(begin..start).unwrap_or("");
                    MappingProblem {
                        line,
                        column: before.chars().count() + 1,
                        message,
                    }
                })
                .collect(),
            omitted,
        }
    }

    /// The line of a byte, from 1.
    fn line(&self, start: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= start).max(1)
    }
}

#[cfg(test)]
mod tests;
