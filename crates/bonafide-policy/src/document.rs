//! Walking a parsed TOML document without losing where things stand.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Problem;

/// A table whose keys are taken out one by one; what remains is unknown.
pub(crate) struct Section<'a, 'i> {
    table: &'a DeTable<'i>,
    /// Where the table stands, for what is missing in it.
    pub(crate) span: Range<usize>,
    taken: Vec<&'static str>,
}

/// A value and where it stands.
pub(crate) type Value<'a, 'i> = &'a Spanned<DeValue<'i>>;

impl<'a, 'i> Section<'a, 'i> {
    pub(crate) fn new(table: &'a DeTable<'i>, span: Range<usize>) -> Self {
        Self {
            table,
            span,
            taken: Vec::new(),
        }
    }

    /// Takes the value of a key that may be absent.
    pub(crate) fn optional(&mut self, key: &'static str) -> Option<Value<'a, 'i>> {
        self.taken.push(key);
        self.table.get(key)
    }

    /// Takes the value of a key that has to be there.
    pub(crate) fn required(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Value<'a, 'i>> {
        let value = self.optional(key);
        if value.is_none() {
            problems.push(Problem::new(
                self.span.clone(),
                format!("`{key}` is missing here"),
            ));
        }
        value
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

    /// Everything that was not taken.
    pub(crate) fn rest(
        &self,
    ) -> impl Iterator<Item = (&'a Spanned<toml::de::DeString<'i>>, Value<'a, 'i>)> {
        let taken = self.taken.clone();
        self.table
            .iter()
            .filter(move |(key, _)| !taken.contains(&key.get_ref().as_ref()))
    }

    /// Reports everything that was not taken.
    pub(crate) fn refuse_rest(&self, problems: &mut Vec<Problem>) {
        for (key, _) in self.rest() {
            let known = self.taken.join("`, `");
            problems.push(
                Problem::new(key.span(), format!("unknown key `{}`", key.get_ref()))
                    .with_help(format!("known here are `{known}`")),
            );
        }
    }
}

pub(crate) fn wrong_type(value: Value<'_, '_>, expected: &str) -> Problem {
    Problem::new(
        value.span(),
        format!("expected {expected}, found {}", value.get_ref().type_str()),
    )
}

pub(crate) fn text<'a>(
    value: Value<'a, '_>,
    problems: &mut Vec<Problem>,
) -> Option<(&'a str, Range<usize>)> {
    let text = value.get_ref().as_str();
    if text.is_none() {
        problems.push(wrong_type(value, "a string"));
    }
    text.map(|text| (text, value.span()))
}

pub(crate) fn table<'a, 'i>(
    value: Value<'a, 'i>,
    problems: &mut Vec<Problem>,
) -> Option<Section<'a, 'i>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        problems.push(wrong_type(value, "a table"));
    }
    table.map(|table| Section::new(table, value.span()))
}

/// The elements of an array of tables.
pub(crate) fn tables<'a, 'i>(
    value: Value<'a, 'i>,
    problems: &mut Vec<Problem>,
) -> Vec<Section<'a, 'i>> {
    match value.get_ref().as_array() {
        Some(array) => array
            .iter()
            .filter_map(|element| table(element, problems))
            .collect(),
        None => {
            problems.push(wrong_type(value, "an array of tables"));
            Vec::new()
        }
    }
}

/// The same value as JSON, for parameter types that know nothing of TOML.
pub(crate) fn json(value: &DeValue<'_>) -> Result<serde_json::Value, String> {
    Ok(match value {
        DeValue::String(text) => serde_json::Value::String(text.to_string()),
        DeValue::Integer(integer) => {
            let digits = integer.as_str().replace('_', "");
            i64::from_str_radix(&digits, integer.radix())
                .map(serde_json::Value::from)
                .map_err(|_| format!("integer `{}` is out of range", integer.as_str()))?
        }
        DeValue::Float(float) => float
            .as_str()
            .replace('_', "")
            .parse::<f64>()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map(serde_json::Value::Number)
            .ok_or_else(|| format!("number `{}` is not finite", float.as_str()))?,
        DeValue::Boolean(flag) => serde_json::Value::Bool(*flag),
        DeValue::Datetime(time) => serde_json::Value::String(time.to_string()),
        DeValue::Array(array) => array
            .iter()
            .map(|element| json(element.get_ref()))
            .collect::<Result<Vec<_>, _>>()?
            .into(),
        DeValue::Table(table) => table
            .iter()
            .map(|(key, value)| Ok((key.get_ref().to_string(), json(value.get_ref())?)))
            .collect::<Result<serde_json::Map<_, _>, String>>()?
            .into(),
    })
}

/// Where the value stands that a path of keys and indices leads to, or the last
/// part of the way that exists.
pub(crate) fn locate(start: Value<'_, '_>, path: &[String]) -> Range<usize> {
    let mut value = start;
    for step in path {
        let next = match value.get_ref() {
            DeValue::Table(table) => table.get(step.as_str()),
            DeValue::Array(array) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| array.get(index)),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    value.span()
}

/// Texts, and where they stand.
pub(crate) type Texts = Vec<(String, Range<usize>)>;

/// A list of texts.
pub(crate) fn texts(value: Value<'_, '_>, problems: &mut Vec<Problem>) -> Texts {
    let Some(array) = value.get_ref().as_array() else {
        problems.push(wrong_type(value, "an array of strings"));
        return Vec::new();
    };
    array
        .iter()
        .filter_map(|element| text(element, problems))
        .map(|(text, span)| (text.to_owned(), span))
        .collect()
}
