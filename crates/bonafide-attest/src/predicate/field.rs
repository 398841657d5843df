//! Members of signed JSON objects, read with the path to what is wrong.
//!
//! A member that is absent and one that is `null` mean the same (SLSA
//! provenance v1, "Parsing rules"); unknown members are left alone (in-toto
//! attestation v1, "Parsing rules"); a known member of another kind is refused.

use bonafide_core::DigestError;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::rejection::excerpt;

/// Longest text of one member in bytes; identifiers and URIs are far shorter.
pub(crate) const MOST_TEXT: usize = 8_192;

/// A member of a statement that cannot be what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {defect}")]
pub struct FieldError {
    /// Path from the top of the statement or predicate: `subject[2].digest.sha256`.
    pub field: String,
    /// What is wrong.
    pub defect: FieldDefect,
}

/// What can be wrong with one member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldDefect {
    /// Required, but absent, `null` or empty.
    #[error("is missing")]
    Missing,
    /// Another kind of JSON value.
    #[error("is not {expected}")]
    Kind {
        /// `an object`, `a list`, `a string`, `a whole number`.
        expected: &'static str,
    },
    /// Longer than anything real.
    #[error("has {bytes} bytes, more than {limit}")]
    Length {
        /// How many.
        bytes: usize,
        /// How many there may be.
        limit: usize,
    },
    /// More entries than anything real.
    #[error("has {entries} entries, more than {limit}")]
    Count {
        /// How many.
        entries: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Holds control characters, where an identifier is due.
    #[error("holds control characters")]
    Control,
    /// Not a date and time after RFC 3339.
    #[error("is not an RFC 3339 time: `{found}`")]
    Time {
        /// As found, cut to 60 characters.
        found: String,
    },
    /// None of the words that the specification lists.
    #[error("is `{found}`, not {expected}")]
    Word {
        /// As found, cut to 60 characters.
        found: String,
        /// The words that are allowed.
        expected: &'static str,
    },
    /// Not a digest of the algorithm that it is named after.
    #[error("is unusable: {0}")]
    Digest(DigestError),
    /// Two different names of one algorithm in the same set.
    #[error("names an algorithm that the set has already")]
    RepeatedAlgorithm,
    /// Says the opposite of another member.
    #[error("contradicts `{other}`")]
    Contradiction {
        /// The other member.
        other: &'static str,
    },
}

/// A JSON object, and the path that led to it.
#[derive(Debug, Clone)]
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    /// The object at `path`; the top has the empty path.
    pub(crate) fn new(value: &'a Value, path: String) -> Result<Self, FieldError> {
        match value {
            Value::Object(object) => Ok(Self { object, path }),
            _ => Err(FieldError {
                field: path,
                defect: FieldDefect::Kind {
                    expected: "an object",
                },
            }),
        }
    }

    /// The path to a member; names out of hostile objects are cut and escaped.
    pub(crate) fn path(&self, name: &str) -> String {
        let name = excerpt(name, 100);
        if self.path.is_empty() {
            name
        } else {
            format!("{}.{name}", self.path)
        }
    }

    pub(crate) fn refuse(&self, name: &str, defect: FieldDefect) -> FieldError {
        FieldError {
            field: self.path(name),
            defect,
        }
    }

    fn wrong_kind(&self, name: &str, expected: &'static str) -> FieldError {
        self.refuse(name, FieldDefect::Kind { expected })
    }

    /// The member, unless it is absent or `null`.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// For every member, whatever its name.
    pub(crate) fn entries(&self) -> impl ExactSizeIterator<Item = (&'a String, &'a Value)> {
        self.object.iter()
    }

    pub(crate) fn optional_object(&self, name: &str) -> Result<Option<Self>, FieldError> {
        self.value(name)
            .map(|value| Self::new(value, self.path(name)))
            .transpose()
    }

    pub(crate) fn object(&self, name: &str) -> Result<Self, FieldError> {
        self.optional_object(name)?
            .ok_or_else(|| self.refuse(name, FieldDefect::Missing))
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<String>, FieldError> {
        self.value(name)
            .map(|value| self.limited(name, value))
            .transpose()
    }

    /// A string that has to be there and to say something.
    pub(crate) fn text(&self, name: &str) -> Result<String, FieldError> {
        self.optional_text(name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| self.refuse(name, FieldDefect::Missing))
    }

    fn limited(&self, name: &str, value: &Value) -> Result<String, FieldError> {
        let Value::String(text) = value else {
            return Err(self.wrong_kind(name, "a string"));
        };
        if text.len() > MOST_TEXT {
            return Err(self.refuse(
                name,
                FieldDefect::Length {
                    bytes: text.len(),
                    limit: MOST_TEXT,
                },
            ));
        }
        Ok(text.clone())
    }

    pub(crate) fn optional_list(
        &self,
        name: &str,
        limit: usize,
    ) -> Result<Option<&'a [Value]>, FieldError> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let Value::Array(list) = value else {
            return Err(self.wrong_kind(name, "a list"));
        };
        if list.len() > limit {
            return Err(self.refuse(
                name,
                FieldDefect::Count {
                    entries: list.len(),
                    limit,
                },
            ));
        }
        Ok(Some(list))
    }

    pub(crate) fn list(&self, name: &str, limit: usize) -> Result<&'a [Value], FieldError> {
        self.optional_list(name, limit)?
            .ok_or_else(|| self.refuse(name, FieldDefect::Missing))
    }

    /// A list of strings that has to be there; it may be empty.
    pub(crate) fn texts(&self, name: &str, limit: usize) -> Result<Vec<String>, FieldError> {
        self.strings(name, self.list(name, limit)?)
    }

    /// A list of strings; absent is empty.
    pub(crate) fn optional_texts(
        &self,
        name: &str,
        limit: usize,
    ) -> Result<Vec<String>, FieldError> {
        let list = self.optional_list(name, limit)?.unwrap_or_default();
        self.strings(name, list)
    }

    fn strings(&self, name: &str, list: &[Value]) -> Result<Vec<String>, FieldError> {
        list.iter()
            .enumerate()
            .map(|(index, value)| self.limited(&format!("{name}[{index}]"), value))
            .collect()
    }

    /// The objects of a list, each with its path.
    pub(crate) fn objects(
        &self,
        name: &'a str,
        list: &'a [Value],
    ) -> impl Iterator<Item = Result<Self, FieldError>> {
        list.iter()
            .enumerate()
            .map(move |(index, value)| Self::new(value, format!("{}[{index}]", self.path(name))))
    }

    /// An object of strings; absent is empty.
    pub(crate) fn optional_pairs(
        &self,
        name: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, FieldError> {
        let Some(pairs) = self.optional_object(name)? else {
            return Ok(Vec::new());
        };
        let entries = pairs.entries();
        if entries.len() > limit {
            return Err(self.too_many(name, entries.len(), limit));
        }
        entries
            .map(|(key, value)| Ok((key.clone(), pairs.limited(key, value)?)))
            .collect()
    }

    /// An object of whole numbers; absent is not the same as empty.
    pub(crate) fn optional_counts(
        &self,
        name: &str,
        limit: usize,
    ) -> Result<Option<Vec<(String, u64)>>, FieldError> {
        let Some(counts) = self.optional_object(name)? else {
            return Ok(None);
        };
        let entries = counts.entries();
        if entries.len() > limit {
            return Err(self.too_many(name, entries.len(), limit));
        }
        entries
            .map(|(key, value)| {
                // The JSON mapping of Protocol Buffers writes 64-bit integers as strings.
                let count = match value {
                    Value::String(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                        digits.parse().ok()
                    }
                    other => other.as_u64(),
                };
                count
                    .map(|count| (key.clone(), count))
                    .ok_or_else(|| counts.wrong_kind(key, "a whole number"))
            })
            .collect::<Result<_, _>>()
            .map(Some)
    }

    pub(crate) fn too_many(&self, name: &str, entries: usize, limit: usize) -> FieldError {
        self.refuse(name, FieldDefect::Count { entries, limit })
    }

    /// A point in time (in-toto field type `Timestamp`); empty is absent.
    ///
    /// The field type asks for UTC; an explicit offset names the same instant
    /// and is taken, local time is not.
    pub(crate) fn optional_time(&self, name: &str) -> Result<Option<Timestamp>, FieldError> {
        let Some(text) = self.optional_text(name)?.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        rfc3339(&text).map(Some).ok_or_else(|| {
            self.refuse(
                name,
                FieldDefect::Time {
                    found: excerpt(&text, 60),
                },
            )
        })
    }

    pub(crate) fn time(&self, name: &str) -> Result<Timestamp, FieldError> {
        self.optional_time(name)?
            .ok_or_else(|| self.refuse(name, FieldDefect::Missing))
    }
}

/// `jiff` reads more notations than RFC 3339 has: week dates, zone annotations, basic format.
fn rfc3339(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shape = |expected: &[u8], found: &[u8]| {
        expected.len() == found.len()
            && expected
                .iter()
                .zip(found)
                .all(|(expected, found)| match expected {
                    b'0' => found.is_ascii_digit(),
                    literal => found.eq_ignore_ascii_case(literal),
                })
    };
    let (head, rest) = bytes.split_at_checked(19)?;
    if !shape(b"0000-00-00T00:00:00", head) {
        return None;
    }
    let zone = match rest.strip_prefix(b".") {
        Some(fraction) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit());
            match digits.count() {
                // jiff keeps nine; more would be cut without saying so.
                count @ 1..=9 => fraction.get(count..)?,
                _ => return None,
            }
        }
        None => rest,
    };
    let known = shape(b"Z", zone) || shape(b"+00:00", zone) || shape(b"-00:00", zone);
    known.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc3339_and_nothing_else() {
        let noon = |text: &str| rfc3339(text).map(|time| time.to_string());
        let expected = Some("2024-03-15T12:00:00Z".to_owned());
        for text in [
            "2024-03-15T12:00:00Z",
            "2024-03-15t12:00:00z",
            "2024-03-15T12:00:00.000Z",
            "2024-03-15T14:00:00+02:00",
            "2024-03-15T11:30:00-00:30",
        ] {
            assert_eq!(noon(text), expected, "{text}");
        }
        assert_eq!(
            noon("1985-04-12T23:20:50.52Z").as_deref(),
            Some("1985-04-12T23:20:50.52Z")
        );
        for text in [
            "",
            "2024-03-15",
            "2024-03-15T12:00:00",
            "2024-03-15 12:00:00Z",
            "2024-03-15T12:00Z",
            "20240315T120000Z",
            "2024-W11-5T12:00:00Z",
            "2024-03-15T12:00:00Z[Europe/Berlin]",
            "2024-03-15T12:00:00+02",
            "2024-03-15T12:00:00+0200",
            "2024-03-15T12:00:00.Z",
            "2024-03-15T12:00:00.0000000001Z",
            "2024-02-30T12:00:00Z",
            "2024-13-01T12:00:00Z",
            "2024-03-15T25:00:00Z",
            "2024-03-15T12:00:00Z ",
            "+002024-03-15T12:00:00Z",
            "２024-03-15T12:00:00Z",
        ] {
            assert_eq!(noon(text), None, "{text}");
        }
    }

    #[test]
    fn names_out_of_objects_are_cut_and_escaped_in_paths() {
        let value = serde_json::json!({});
        let fields = Fields::new(&value, "digest".to_owned()).expect("object");
        let path = fields.path(&"\u{1b}".repeat(1_000));
        assert!(!path.contains('\u{1b}') && path.len() < 1_000, "{path}");
    }
}
