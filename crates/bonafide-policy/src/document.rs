//! Walking a parsed document without losing where things stand.

use std::ops::Range;

use bonafide_core::RawName;
use jiff::civil::Date;

use crate::node::{Content, Key, Node};
use crate::problem::Problem;

/// A table whose keys are taken out one by one; what remains is unknown.
pub(crate) struct Section<'a> {
    table: &'a [(Key, Node)],
    /// Where the table stands, for what is missing in it.
    pub(crate) span: Range<usize>,
    taken: Vec<&'static str>,
}

/// A value and where it stands.
pub(crate) type Value<'a> = &'a Node;

impl<'a> Section<'a> {
    /// The root of a document.
    pub(crate) fn root(node: &'a Node) -> Self {
        Self::new(node.as_table().unwrap_or_default(), 0..0)
    }

    const fn new(table: &'a [(Key, Node)], span: Range<usize>) -> Self {
        Self {
            table,
            span,
            taken: Vec::new(),
        }
    }

    /// All that it says, as JSON.
    pub(crate) fn stated(&self) -> serde_json::Value {
        let entries = self.table.iter();
        entries
            .map(|(key, value)| (key.text.clone(), value.json()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// Takes the value of a key that may be absent.
    pub(crate) fn optional(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.taken.push(key);
        let (_, value) = self.table.iter().find(|(known, _)| known.text == key)?;
        Some(value)
    }

    /// Takes the value of a key that has to be there.
    pub(crate) fn required(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Value<'a>> {
        let value = self.optional(key);
        if value.is_none() {
            problems.push(Problem::new(
                self.span.clone(),
                format!("`{key}` is missing here"),
            ));
        }
        value
    }

    /// Takes a string that may be absent.
    pub(crate) fn optional_text(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<(&'a str, Range<usize>)> {
        text(self.optional(key)?, problems)
    }

    /// Takes a required string.
    pub(crate) fn required_text(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<(&'a str, Range<usize>)> {
        let value = self.required(key, problems)?;
        text(value, problems)
    }

    /// Takes a required string that says something.
    pub(crate) fn required_words(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        let (text, span) = self.required_text(key, problems)?;
        if text.trim().is_empty() {
            problems.push(Problem::new(span, format!("`{key}` is empty")));
            return None;
        }
        check_lines(key, text, span, problems);
        Some(text.to_owned())
    }

    /// Takes one of a few words, if it is there.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&str, T)],
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let (text, span) = self.optional_text(key, problems)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            problems.push(
                Problem::new(span, format!("unknown value `{text}`"))
                    .with_help(format!("`{}`", known.join("` or `"))),
            );
        }
        found.map(|(_, choice)| *choice)
    }

    /// Everything that was not taken.
    pub(crate) fn rest(&self) -> impl Iterator<Item = (&'a Key, Value<'a>)> {
        let taken = self.taken.clone();
        self.table
            .iter()
            .filter(move |(key, _)| !taken.contains(&key.text.as_str()))
            .map(|(key, value)| (key, value))
    }

    /// Reports everything that was not taken.
    pub(crate) fn refuse_rest(&self, problems: &mut Vec<Problem>) {
        for (key, _) in self.rest() {
            let known = self.taken.join("`, `");
            problems.push(
                Problem::new(key.span.clone(), format!("unknown key `{}`", key.text))
                    .with_help(format!("known here are `{known}`")),
            );
        }
    }
}

/// Sentences are printed in reports: they may have several lines, and nothing that steers a
/// terminal or hides among letters.
pub(crate) fn check_lines(key: &str, text: &str, span: Range<usize>, problems: &mut Vec<Problem>) {
    let strange = |character: char| {
        let shown = RawName::from(&*character.to_string()).to_string();
        !matches!(character, '\n' | '\\') && !shown.starts_with(character)
    };
    if text.chars().any(strange) {
        let message = format!("`{key}` holds control or invisible characters");
        problems.push(Problem::new(span, message));
    }
}

pub(crate) fn wrong_type(value: Value<'_>, expected: &str) -> Problem {
    Problem::new(
        value.span(),
        format!("expected {expected}, found {}", value.kind()),
    )
}

pub(crate) fn text<'a>(
    value: Value<'a>,
    problems: &mut Vec<Problem>,
) -> Option<(&'a str, Range<usize>)> {
    let text = value.as_str();
    if text.is_none() {
        problems.push(wrong_type(value, "a string"));
    }
    text.map(|text| (text, value.span()))
}

pub(crate) fn table<'a>(value: Value<'a>, problems: &mut Vec<Problem>) -> Option<Section<'a>> {
    let table = value.as_table();
    if table.is_none() {
        problems.push(wrong_type(value, "a table"));
    }
    table.map(|table| Section::new(table, value.span()))
}

/// The elements of an array of tables.
pub(crate) fn tables<'a>(value: Value<'a>, problems: &mut Vec<Problem>) -> Vec<Section<'a>> {
    match value.as_list() {
        Some(list) => list
            .iter()
            .filter_map(|element| table(element, problems))
            .collect(),
        None => {
            problems.push(wrong_type(value, "an array of tables"));
            Vec::new()
        }
    }
}

/// Texts, and where they stand.
pub(crate) type Texts = Vec<(String, Range<usize>)>;

/// A list of texts.
pub(crate) fn texts(value: Value<'_>, problems: &mut Vec<Problem>) -> Texts {
    let Some(list) = value.as_list() else {
        problems.push(wrong_type(value, "an array of strings"));
        return Vec::new();
    };
    list.iter()
        .filter_map(|element| text(element, problems))
        .map(|(text, span)| (text.to_owned(), span))
        .collect()
}

/// A text, or a list of at least one.
pub(crate) fn one_or_several(value: Value<'_>, problems: &mut Vec<Problem>) -> Texts {
    match &value.content {
        Content::Text(text) => vec![(text.clone(), value.span())],
        Content::List(list) if !list.is_empty() => texts(value, problems),
        Content::List(_) => {
            problems.push(
                Problem::new(value.span(), "an empty list applies to nothing")
                    .with_help("leave it out to apply to everything"),
            );
            Vec::new()
        }
        _ => {
            problems.push(wrong_type(value, "a string or an array of strings"));
            Vec::new()
        }
    }
}

/// A TOML local date, or the same as a string.
pub(crate) fn date(value: Value<'_>, problems: &mut Vec<Problem>) -> Option<Date> {
    let text = match &value.content {
        Content::Moment(text) | Content::Text(text) => text,
        _ => {
            problems.push(wrong_type(value, "a date such as 2027-12-31"));
            return None;
        }
    };
    // Only the plain form: of a time of day, nobody could say in which zone it counts.
    let date = if text.len() == 10 {
        text.parse::<Date>().map_err(|error| error.to_string())
    } else {
        Err("it has to be a year, a month and a day".to_owned())
    };
    date.map_err(|reason| {
        problems.push(
            Problem::new(value.span(), format!("not a date: {reason}"))
                .with_help("write it as `2027-12-31`"),
        );
    })
    .ok()
}
