//! The part of JSON Schema that the facts are described in: what a path can lead to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Number of a part of the schema.
pub(crate) type Part = usize;

/// Deepest nesting of a schema.
const DEEPEST: usize = 64;

/// The schema of the facts, for following paths.
#[derive(Debug, Clone)]
pub struct Schema {
    parts: Vec<Kind>,
    root: Part,
}

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// It uses something that is not understood, so paths could not be followed.
    #[error("`{place}`: {reason}")]
    NotUnderstood {
        /// JSON pointer.
        place: String,
        /// What is wrong.
        reason: String,
    },
}

/// What a part of the facts is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Anything: the word of somebody else, which no schema knows.
    Any,
    /// A string, number or the like; with its values, where they are listed.
    Scalar(Option<BTreeSet<String>>),
    /// A table with these members, and for others.
    Object(BTreeMap<String, Part>, Option<Part>),
    /// A list.
    Array(Part),
    /// One of these.
    Either(Vec<Part>),
}

/// What a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Member {
    /// To these.
    Known(BTreeSet<Part>),
    /// To something that the schema does not describe.
    Open,
    /// Nowhere; with what it may have meant, and what there is.
    Unknown(Option<String>, Vec<String>),
    /// Nowhere, because it is a list.
    List,
    /// Nowhere, because it is a single value.
    Single,
}

impl Schema {
    /// Reads a schema.
    pub fn parse(document: &Value) -> Result<Self, SchemaError> {
        let mut reader = Reader {
            definitions: document.get("$defs").and_then(Value::as_object),
            named: BTreeMap::new(),
            parts: Vec::new(),
        };
        let root = reader.read(document, "", 0)?;
        Ok(Self {
            parts: reader.parts,
            root,
        })
    }

    pub(crate) fn root(&self) -> BTreeSet<Part> {
        self.spread([self.root])
    }

    fn kind(&self, part: Part) -> &Kind {
        self.parts.get(part).unwrap_or(&Kind::Any)
    }

    /// Parts without [`Kind::Either`].
    fn spread(&self, parts: impl IntoIterator<Item = Part>) -> BTreeSet<Part> {
        let mut flat = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<Part> = parts.into_iter().collect();
        while let Some(part) = open.pop() {
            if !seen.insert(part) {
                continue;
            }
            match self.kind(part) {
                Kind::Either(others) => open.extend(others),
                _ => {
                    flat.insert(part);
                }
            }
        }
        flat
    }

    /// Where a name leads from any of these parts.
    pub(crate) fn member(&self, parts: &BTreeSet<Part>, name: &str) -> Member {
        let mut found = Vec::new();
        let mut names = BTreeSet::new();
        let (mut lists, mut objects) = (0, 0);
        for part in parts {
            match self.kind(*part) {
                Kind::Any => return Member::Open,
                Kind::Object(members, others) => {
                    objects += 1;
                    found.extend(members.get(name).copied().or(*others));
                    names.extend(members.keys().cloned());
                }
                Kind::Array(_) => lists += 1,
                Kind::Scalar(_) | Kind::Either(_) => {}
            }
        }
        if !found.is_empty() {
            return Member::Known(self.spread(found));
        }
        match (objects, lists) {
            (0, 0) => Member::Single,
            (0, _) => Member::List,
            _ => {
                let names: Vec<String> = names.into_iter().collect();
                Member::Unknown(nearest(name, names.iter().map(String::as_str)), names)
            }
        }
    }

    /// Where any index leads: into the elements of a list, or the values of a table that
    /// may have any names. None if it is about a table whose names are fixed.
    pub(crate) fn elements(&self, parts: &BTreeSet<Part>) -> Result<BTreeSet<Part>, Elements> {
        let mut found = Vec::new();
        let mut fixed = false;
        for part in parts {
            match self.kind(*part) {
                Kind::Any => return Err(Elements::Open),
                Kind::Array(items) => found.push(*items),
                Kind::Object(members, Some(others)) if members.is_empty() => found.push(*others),
                Kind::Object(..) => fixed = true,
                Kind::Scalar(_) | Kind::Either(_) => {}
            }
        }
        match (fixed, found.is_empty()) {
            (true, _) => Err(Elements::Fixed),
            (false, true) => Err(Elements::Single),
            (false, false) => Ok(self.spread(found)),
        }
    }

    /// The values that a text can have here, if they are listed for all parts.
    pub(crate) fn values(&self, parts: &BTreeSet<Part>) -> Option<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for part in parts {
            match self.kind(*part) {
                Kind::Scalar(Some(values)) => all.extend(values.iter().cloned()),
                _ => return None,
            }
        }
        (!all.is_empty()).then_some(all)
    }
}

/// Why an index leads to nothing that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Elements {
    /// The schema does not describe it.
    Open,
    /// It is a table whose names are fixed.
    Fixed,
    /// It is a single value.
    Single,
}

struct Reader<'a> {
    definitions: Option<&'a Map<String, Value>>,
    named: BTreeMap<String, Part>,
    parts: Vec<Kind>,
}

impl Reader<'_> {
    fn reserve(&mut self) -> Part {
        self.parts.push(Kind::Any);
        self.parts.len() - 1
    }

    fn read(&mut self, value: &Value, place: &str, depth: usize) -> Result<Part, SchemaError> {
        let part = self.reserve();
        let kind = self.kind(value, place, depth)?;
        if let Some(slot) = self.parts.get_mut(part) {
            *slot = kind;
        }
        Ok(part)
    }

    fn kind(&mut self, value: &Value, place: &str, depth: usize) -> Result<Kind, SchemaError> {
        let not = |reason: &str| SchemaError::NotUnderstood {
            place: place.to_owned(),
            reason: reason.to_owned(),
        };
        if depth > DEEPEST {
            return Err(not("nested too deeply"));
        }
        let schema = match value {
            Value::Bool(true) => return Ok(Kind::Any),
            Value::Object(schema) => schema,
            _ => return Err(not("neither a table nor `true`")),
        };
        if let Some(reference) = schema.get("$ref") {
            return self.reference(reference, place, depth);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(key).and_then(Value::as_array) {
                let place = format!("{place}/{key}");
                let parts = choices
                    .iter()
                    .map(|choice| self.read(choice, &place, depth + 1));
                return Ok(Kind::Either(parts.collect::<Result<_, _>>()?));
            }
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            return Ok(Kind::Scalar(texts.collect()));
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema, place, depth),
            Some("array") => {
                let items = schema.get("items").ok_or_else(|| not("no `items`"))?;
                let items = self.read(items, &format!("{place}/items"), depth + 1)?;
                Ok(Kind::Array(items))
            }
            Some("string" | "integer" | "number" | "boolean" | "null") => Ok(Kind::Scalar(None)),
            Some(_) => Err(not("unknown `type`")),
            None if schema.contains_key("const") => Ok(Kind::Scalar(None)),
            None => Err(not("no `type`")),
        }
    }

    fn object(
        &mut self,
        schema: &Map<String, Value>,
        place: &str,
        depth: usize,
    ) -> Result<Kind, SchemaError> {
        let mut members = BTreeMap::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, value) in properties.into_iter().flatten() {
            let part = self.read(value, &format!("{place}/properties/{name}"), depth + 1)?;
            members.insert(name.clone(), part);
        }
        let others = match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(value) => {
                Some(self.read(value, &format!("{place}/additionalProperties"), depth + 1)?)
            }
            None => {
                return Err(SchemaError::NotUnderstood {
                    place: place.to_owned(),
                    reason: "does not say whether there may be other members".to_owned(),
                });
            }
        };
        Ok(Kind::Object(members, others))
    }

    fn reference(
        &mut self,
        reference: &Value,
        place: &str,
        depth: usize,
    ) -> Result<Kind, SchemaError> {
        let not = |reason: &str| SchemaError::NotUnderstood {
            place: place.to_owned(),
            reason: reason.to_owned(),
        };
        let name = reference
            .as_str()
            .and_then(|text| text.strip_prefix("#/$defs/"));
        let name = name.ok_or_else(|| not("`$ref` leads elsewhere than to `$defs`"))?;
        if let Some(part) = self.named.get(name) {
            return Ok(Kind::Either(vec![*part]));
        }
        let definitions = self.definitions;
        let value = definitions.and_then(|definitions| definitions.get(name));
        let value = value.ok_or_else(|| not("`$ref` leads to nothing"))?;
        let part = self.reserve();
        self.named.insert(name.to_owned(), part);
        let kind = self.kind(value, &format!("/$defs/{name}"), depth + 1)?;
        if let Some(slot) = self.parts.get_mut(part) {
            *slot = kind;
        }
        Ok(Kind::Either(vec![part]))
    }
}

/// The name that is most like another, if any is like it.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    if name.len() > 64 {
        return None;
    }
    let (distance, best) = known.map(|known| (distance(name, known), known)).min()?;
    (distance <= 1 + best.len() / 4).then(|| best.to_owned())
}

/// How many letters have to be changed, added or taken away (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&right) {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = *cell;
            before = changed.min(before + 1).min(diagonal + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
