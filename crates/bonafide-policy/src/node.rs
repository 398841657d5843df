//! A parsed document, whatever it was written in: values, and the bytes of the file that
//! each of them stands in.

use std::ops::Range;

use crate::problem::Problem;
use crate::{toml_reader, yaml_reader};

/// Deepest nesting of lists and tables. A policy needs five.
pub(crate) const MOST_DEPTH: usize = 32;

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) content: Content,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Text(String),
    Integer(i64),
    Float(f64),
    Flag(bool),
    /// A date or a time of TOML, as text. In YAML they are text.
    Moment(String),
    /// The null of YAML.
    Nothing,
    List(Vec<Node>),
    /// In the order of the keys, none twice.
    Table(Vec<(Key, Node)>),
}

/// The key of a table, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Toml,
    Yaml,
}

impl Syntax {
    /// By the end of the file's name; TOML unless it says YAML.
    pub(crate) fn of(origin: &str) -> Self {
        let ending = origin.rsplit_once('.').map(|(_, ending)| ending);
        match ending {
            Some(ending)
                if ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml") =>
            {
                Self::Yaml
            }
            _ => Self::Toml,
        }
    }

    /// Reads a document; its root is a table.
    pub(crate) fn read(self, text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
        match self {
            Self::Toml => toml_reader::read(text, problems),
            Self::Yaml => yaml_reader::read(text, problems),
        }
    }
}

impl Node {
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match &self.content {
            Content::List(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn as_table(&self) -> Option<&[(Key, Self)]> {
        match &self.content {
            Content::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The value of a key, if this is a table that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let (_, value) = self
            .as_table()?
            .iter()
            .find(|(known, _)| known.text == key)?;
        Some(value)
    }

    /// What it is, for messages.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.content {
            Content::Text(_) => "string",
            Content::Integer(_) => "integer",
            Content::Float(_) => "float",
            Content::Flag(_) => "boolean",
            Content::Moment(_) => "datetime",
            Content::Nothing => "null",
            Content::List(_) => "array",
            Content::Table(_) => "table",
        }
    }

    /// The same value as JSON, for parameter types that know nothing of TOML or YAML.
    pub(crate) fn json(&self) -> serde_json::Value {
        match &self.content {
            Content::Text(text) | Content::Moment(text) => text.as_str().into(),
            Content::Integer(integer) => (*integer).into(),
            Content::Float(float) => (*float).into(),
            Content::Flag(flag) => (*flag).into(),
            Content::Nothing => serde_json::Value::Null,
            Content::List(list) => list.iter().map(Self::json).collect(),
            Content::Table(table) => table
                .iter()
                .map(|(key, value)| (key.text.clone(), value.json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    /// Where the value stands that a path of keys and indices leads to, or the last part
    /// of the way that exists.
    pub(crate) fn locate(&self, path: &[String]) -> Range<usize> {
        let mut value = self;
        for step in path {
            let next = match &value.content {
                Content::Table(_) => value.get(step),
                Content::List(list) => step.parse::<usize>().ok().and_then(|index| list.get(index)),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => break,
            }
        }
        value.span()
    }
}
