//! Types of text: attribute values, and elements without elements inside.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use regex::Regex;

use super::lexical;
use crate::grammar::{SpecVersion, licence_ids};
use crate::json::{Node, Number};

/// A simple type (XML Schema part 2): how white space is treated, and what is left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Simple {
    base: Base,
    /// Least and most characters, and since when.
    length: (usize, usize, SpecVersion),
    /// Smallest and largest number.
    range: (f64, f64),
    /// An expression that the whole text matches.
    pattern: Option<&'static str>,
    /// The only values, each with the version that brought it; empty if all are good.
    values: &'static [(SpecVersion, &'static [&'static str])],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    String,
    Normalized,
    Token,
    Uri,
    DateTime,
    Date,
    Boolean,
    Integer,
    Decimal,
    LicenceId,
}

pub(super) const STRING: Simple = Simple::of(Base::String);
pub(super) const NORMALIZED: Simple = Simple::of(Base::Normalized);
pub(super) const TOKEN: Simple = Simple::of(Base::Token);
pub(super) const URI: Simple = Simple::of(Base::Uri);
pub(super) const DATE_TIME: Simple = Simple::of(Base::DateTime);
pub(super) const DATE: Simple = Simple::of(Base::Date);
pub(super) const BOOLEAN: Simple = Simple::of(Base::Boolean);
pub(super) const INTEGER: Simple = Simple::of(Base::Integer);
pub(super) const POSITIVE: Simple = INTEGER.range(1.0, f64::MAX);
pub(super) const NATURAL: Simple = INTEGER.range(0.0, f64::MAX);
pub(super) const DECIMAL: Simple = Simple::of(Base::Decimal);
pub(super) const PERCENT: Simple = DECIMAL.range(0.0, 1.0);
/// An identifier of the SPDX list; the schemas of all versions import the same list.
pub(super) const LICENCE_ID: Simple = Simple::of(Base::LicenceId);
/// `refType`, `refLinkType`, and their unions with `BOM-Link`, which add nothing to them.
pub(super) const REFERENCE: Simple = STRING.length_since(1, usize::MAX, SpecVersion::V1_5);
/// `versionType` of 1.6; before, any text on one line.
pub(super) const VERSION: Simple = NORMALIZED.length_since(0, 1024, SpecVersion::V1_6);
/// `versionRangeType` of 1.6; before, any text on one line.
pub(super) const VERSION_RANGE: Simple = NORMALIZED.length_since(1, 4096, SpecVersion::V1_6);

impl Simple {
    const fn of(base: Base) -> Self {
        Self {
            base,
            length: (0, usize::MAX, SpecVersion::V1_3),
            range: (f64::MIN, f64::MAX),
            pattern: None,
            values: &[],
        }
    }

    pub(super) const fn one_of(values: &'static [(SpecVersion, &'static [&'static str])]) -> Self {
        let mut simple = STRING;
        simple.values = values;
        simple
    }

    pub(super) const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub(super) const fn range(mut self, least: f64, most: f64) -> Self {
        self.range = (least, most);
        self
    }

    const fn length_since(mut self, least: usize, most: usize, since: SpecVersion) -> Self {
        self.length = (least, most, since);
        self
    }

    /// The text as its type sees it (XML Schema part 2 §4.3.6), or none if the type
    /// does not take it.
    pub(super) fn read<'a>(
        &self,
        text: Cow<'a, str>,
        version: SpecVersion,
        patterns: &mut Patterns,
    ) -> Result<Node<'a>, Cow<'a, str>> {
        let text = match self.base {
            Base::String | Base::LicenceId => text,
            Base::Normalized => replaced(text),
            _ => collapsed(text),
        };
        let (least, most, since) = self.length;
        let value = match self.base {
            Base::String | Base::Normalized | Base::Token => None,
            Base::Uri if lexical::is_uri_reference(&text) => None,
            Base::DateTime if lexical::is_date_time(&text) => None,
            Base::Date if lexical::is_date(&text) => None,
            Base::LicenceId if licence_ids().binary_search(&&*text).is_ok() => None,
            Base::Boolean => match &*text {
                "true" | "1" => Some(Node::Bool(true)),
                "false" | "0" => Some(Node::Bool(false)),
                _ => return Err(text),
            },
            Base::Integer | Base::Decimal => match lexical::number(&text) {
                Some(number) if self.takes(number) => Some(Node::Number(number)),
                _ => return Err(text),
            },
            _ => return Err(text),
        };
        let good = (self.values.is_empty() || self.known(version).any(|value| **value == *text))
            && (version < since
                || (least == 0 && most >= text.len())
                || (least..=most).contains(&text.chars().count()))
            && self
                .pattern
                .is_none_or(|pattern| patterns.matches(pattern, &text));
        match value {
            _ if !good => Err(text),
            Some(value) => Ok(value),
            None => Ok(Node::Text(text)),
        }
    }

    fn takes(&self, number: Number) -> bool {
        let (least, most) = self.range;
        (self.base == Base::Decimal || matches!(number, Number::Integer(_)))
            && (least..=most).contains(&number.value())
    }

    fn known(&self, version: SpecVersion) -> impl Iterator<Item = &'static &'static str> {
        self.values
            .iter()
            .take_while(move |(since, _)| *since <= version)
            .flat_map(|(_, values)| values.iter())
    }

    /// What is expected, in a few words.
    pub(super) const fn expectation(&self, version: SpecVersion) -> ValueRule {
        ValueRule {
            simple: *self,
            version,
        }
    }
}

/// What a text is expected to be.
#[derive(Debug, Clone, Copy)]
pub struct ValueRule {
    simple: Simple,
    version: SpecVersion,
}

impl fmt::Display for ValueRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let simple = &self.simple;
        let (least, most, since) = simple.length;
        let (smallest, largest) = simple.range;
        if !simple.values.is_empty() {
            let values: Vec<_> = simple.known(self.version).copied().collect();
            return write!(formatter, "one of {}", values.join(", "));
        }
        formatter.write_str(match simple.base {
            Base::String | Base::Normalized | Base::Token => "text",
            Base::Uri => "a URI reference",
            Base::DateTime => "a date and time such as 2026-01-31T12:00:00Z",
            Base::Date => "a date such as 2026-01-31",
            Base::Boolean => "true or false",
            Base::Integer => "a whole number below 2^53",
            Base::Decimal => "a decimal number below 2^53",
            Base::LicenceId => "an identifier of the SPDX licence list",
        })?;
        if smallest > f64::MIN {
            write!(formatter, " of {smallest} or more")?;
        }
        if largest < f64::MAX {
            write!(formatter, ", {largest} at most")?;
        }
        if self.version >= since && least > 0 {
            write!(formatter, " of at least {least} characters")?;
        }
        if self.version >= since && most < usize::MAX {
            write!(formatter, " of at most {most} characters")?;
        }
        match simple.pattern {
            Some(pattern) => write!(formatter, " that matches {pattern}"),
            None => Ok(()),
        }
    }
}

/// The expressions that a document needed, compiled once.
#[derive(Debug, Default)]
pub(super) struct Patterns(HashMap<&'static str, Option<Regex>>);

impl Patterns {
    /// True if the whole text matches (XML Schema part 2 appendix F: always anchored).
    fn matches(&mut self, pattern: &'static str, text: &str) -> bool {
        self.0
            .entry(pattern)
            .or_insert_with(|| Regex::new(&format!("^(?:{pattern})$")).ok())
            .as_ref()
            .is_some_and(|expression| expression.is_match(text))
    }
}

/// `whiteSpace` `replace`: every tab and line end is a space.
fn replaced(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(['\t', '\n', '\r']) {
        Cow::Owned(text.replace(['\t', '\n', '\r'], " "))
    } else {
        text
    }
}

/// `whiteSpace` `collapse`: single spaces, none at the ends.
fn collapsed(text: Cow<'_, str>) -> Cow<'_, str> {
    const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];
    let dense = !text.contains(['\t', '\n', '\r'])
        && !text.contains("  ")
        && !text.starts_with(' ')
        && !text.ends_with(' ');
    if dense {
        return text;
    }
    let words: Vec<_> = text.split(SPACE).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(simple: &Simple, text: &'static str, version: SpecVersion) -> Option<Node<'static>> {
        let mut patterns = Patterns::default();
        simple
            .read(Cow::Borrowed(text), version, &mut patterns)
            .ok()
    }

    #[test]
    fn white_space_is_treated_as_the_type_says() {
        let text = |simple: &Simple| {
            let node = read(simple, " a\n\tb ", SpecVersion::V1_6).unwrap();
            node.text().unwrap().to_owned()
        };
        assert_eq!(text(&STRING), " a\n\tb ");
        assert_eq!(text(&NORMALIZED), " a  b ");
        assert_eq!(text(&TOKEN), "a b");
    }

    #[test]
    fn values_have_types_and_bounds() {
        use SpecVersion::{V1_4, V1_5, V1_6};
        assert_eq!(read(&BOOLEAN, " 1 ", V1_4), Some(Node::Bool(true)));
        assert_eq!(read(&BOOLEAN, "True", V1_4), None);
        let number = |value| Some(Node::Number(Number::Integer(value)));
        assert_eq!(read(&INTEGER, "-007", V1_4), number(-7));
        assert_eq!(read(&INTEGER, "1.0", V1_4), None);
        assert_eq!(read(&INTEGER, "9007199254740992", V1_4), None);
        assert_eq!(read(&POSITIVE, "0", V1_4), None);
        assert_eq!(read(&NATURAL, "0", V1_4), number(0));
        assert!(read(&PERCENT, ".5", V1_4).is_some());
        assert_eq!(read(&PERCENT, "1.01", V1_4), None);
        assert_eq!(read(&PERCENT, "1e-1", V1_4), None);
        assert!(read(&REFERENCE, "", V1_4).is_some());
        assert_eq!(read(&REFERENCE, "", V1_5), None);
        assert_eq!(read(&VERSION_RANGE, "", V1_6), None);
        assert!(read(&LICENCE_ID, "Apache-2.0", V1_6).is_some());
        assert_eq!(read(&LICENCE_ID, "Apache 2.0", V1_6), None);
    }

    #[test]
    fn identifiers_are_sorted() {
        assert!(licence_ids().len() > 700);
    }
}
