//! From hostile bytes to a tree.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::node::{Node, Number, Object};
use super::pointer::Position;
use crate::excerpt;

/// Most objects and lists inside each other. The parser gives up by itself at
/// 127; one less, and the refusal is ours and has a name.
pub const MOST_DEPTH: usize = 126;

/// Integers of this size and above are not all doubles (RFC 7493 §2.2).
const TOO_LARGE: f64 = 9_007_199_254_740_992.0;

/// Objects up to this size are searched for a repeated name without a set.
const FEW: usize = 24;

/// Why bytes are not a JSON document that everybody reads alike.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdmissionError {
    /// Larger than the reader takes.
    #[error("the document has {size} bytes, more than {limit}")]
    Size {
        /// Bytes of the document.
        size: usize,
        /// Most bytes.
        limit: usize,
    },
    /// Not JSON (RFC 8259), not UTF-8, or followed by something else.
    #[error("not JSON: {detail}")]
    Syntax {
        /// What the parser met, with line and column.
        detail: String,
    },
    /// Two members of one object have the same name, once escapes are resolved.
    #[error("`{name}` comes twice in one object, {position}")]
    RepeatedName {
        /// The name, cut to 100 characters.
        name: String,
        /// Where it comes again.
        position: Position,
    },
    /// More than [`MOST_DEPTH`] objects and lists inside each other.
    #[error("nested deeper than {MOST_DEPTH}, {position}")]
    Depth {
        /// Where the limit was passed.
        position: Position,
    },
    /// A number of 2^53 or more: readers that use doubles, and canonical JSON, change it.
    #[error("a number of 2^53 or more, which not every reader keeps, {position}")]
    Number {
        /// Where it ends.
        position: Position,
    },
}

impl AdmissionError {
    /// Where in the text, if it is known apart from the message.
    #[must_use]
    pub const fn position(&self) -> Option<Position> {
        match self {
            Self::Size { .. } | Self::Syntax { .. } => None,
            Self::RepeatedName { position, .. }
            | Self::Depth { position }
            | Self::Number { position } => Some(*position),
        }
    }
}

/// Reads exactly one JSON value of at most `limit` bytes.
///
/// # Errors
///
/// [`AdmissionError`] for everything that is not JSON, for repeated names, for nesting
/// beyond [`MOST_DEPTH`] and for numbers beyond the range in which doubles are exact.
pub fn admit(bytes: &[u8], limit: usize) -> Result<Node<'_>, AdmissionError> {
    admit_numbers(bytes, limit, Numbers::Exact)
}

/// What becomes of numbers of 2^53 and above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// They refuse the document, as RFC 7493 §2.2 would have it.
    Exact,
    /// They become the nearest double. For files that are never signed as JSON and hold
    /// such numbers as a rule: tokenizer settings say 10^30 for "no limit".
    Rounded,
}

/// As [`admit`], with a choice for large numbers.
///
/// # Errors
///
/// [`AdmissionError`].
pub fn admit_numbers(
    bytes: &[u8],
    limit: usize,
    numbers: Numbers,
) -> Result<Node<'_>, AdmissionError> {
    if bytes.len() > limit {
        return Err(AdmissionError::Size {
            size: bytes.len(),
            limit,
        });
    }
    let refusal = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let level = Level {
        depth: 0,
        numbers,
        refusal: &refusal,
    };
    let outcome = level
        .deserialize(&mut deserializer)
        .and_then(|node| deserializer.end().map(|()| node));
    outcome.map_err(|error| {
        let position = Position {
            line: error.line(),
            column: error.column(),
        };
        match refusal.into_inner() {
            Some(Refusal::RepeatedName(name)) => AdmissionError::RepeatedName { name, position },
            Some(Refusal::Depth) => AdmissionError::Depth { position },
            Some(Refusal::Number) => AdmissionError::Number { position },
            None => AdmissionError::Syntax {
                detail: excerpt(&error.to_string(), 200),
            },
        }
    })
}

/// What the visitor found; an error of the parser carries text only.
enum Refusal {
    RepeatedName(String),
    Depth,
    Number,
}

/// One value, with the number of objects and lists around it.
#[derive(Clone, Copy)]
struct Level<'r> {
    depth: usize,
    numbers: Numbers,
    refusal: &'r RefCell<Option<Refusal>>,
}

impl Level<'_> {
    fn refuse<E: Error>(self, refusal: Refusal) -> E {
        self.refusal.replace(Some(refusal));
        E::custom("refused")
    }

    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth == MOST_DEPTH {
            return Err(self.refuse(Refusal::Depth));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }

    fn number<'de, E: Error>(self, number: Number) -> Result<Node<'de>, E> {
        if number.value().abs() >= TOO_LARGE {
            if self.numbers == Numbers::Rounded {
                return Ok(Node::Number(Number::Fraction(number.value())));
            }
            return Err(self.refuse(Refusal::Number));
        }
        Ok(Node::Number(number))
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Node<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node<'de>, E> {
        self.number(Number::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node<'de>, E> {
        match i64::try_from(value) {
            Ok(value) => self.number(Number::Integer(value)),
            #[expect(
                clippy::cast_precision_loss,
                reason = "beyond 2^63: refused or rounded"
            )]
            Err(_) => self.number(Number::Fraction(value as f64)),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node<'de>, E> {
        self.number(Number::Fraction(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(node) = access.next_element_seed(inner)? {
            list.push(node);
        }
        list.shrink_to_fit();
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let inner = self.inner()?;
        let mut members: Vec<(Cow<'de, str>, Node<'de>)> = Vec::new();
        // Only for large objects: comparing each name with each other would be quadratic.
        let mut names: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(name) = access.next_key_seed(Name)? {
            let known = if members.len() < FEW {
                members.iter().any(|(known, _)| *known == name)
            } else {
                if names.is_empty() {
                    names.extend(members.iter().map(|(known, _)| known.clone()));
                }
                !names.insert(name.clone())
            };
            if known {
                return Err(self.refuse(Refusal::RepeatedName(excerpt(&name, 100))));
            }
            members.push((name, access.next_value_seed(inner)?));
        }
        members.shrink_to_fit();
        Ok(Node::Object(Object::of(members)))
    }
}

/// A name with its escapes resolved; borrowed where it has none.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(text: &str) -> Result<Node<'_>, AdmissionError> {
        admit(text.as_bytes(), 1 << 20)
    }

    #[test]
    fn keeps_what_the_text_says() {
        for text in [
            "null",
            "-0.5",
            "1.0",
            "9007199254740991",
            r#"{"b":[1,2.5,"x"],"a":{"":null},"c":"\u0000"}"#,
        ] {
            let node = admitted(text).unwrap();
            assert_eq!(serde_json::to_string(&node).unwrap(), text);
        }
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        for (text, expected) in [
            (r#"{"a":1,"\u0061":2}"#, "`a` comes twice"),
            ("[9007199254740992]", "2^53"),
            ("[-9007199254740993]", "2^53"),
            ("[18446744073709551616]", "2^53"),
            ("{} {}", "not JSON"),
            ("\u{feff}{}", "not JSON"),
            (r#""\ud800""#, "not JSON"),
        ] {
            let error = admitted(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let deep = "[".repeat(MOST_DEPTH + 1);
        assert!(matches!(admitted(&deep), Err(AdmissionError::Depth { .. })));
        assert!(matches!(
            admit(b"[1]", 2),
            Err(AdmissionError::Size { size: 3, limit: 2 })
        ));
    }

    #[test]
    fn rounds_large_numbers_where_asked() {
        let text = b"[1000000000000000019884624838656, 18446744073709551615, -9007199254740993, 7]";
        let node = admit_numbers(text, 1 << 20, Numbers::Rounded).unwrap();
        assert_eq!(
            serde_json::to_string(&node).unwrap(),
            "[1e+30,1.8446744073709552e+19,-9007199254740992.0,7]"
        );
    }

    #[test]
    fn finds_repetition_in_large_objects_too() {
        let mut text = String::from("{");
        for number in 0..100_000 {
            text.push_str(&format!("\"n{number}\":0,"));
        }
        text.push_str("\"n7\":0}");
        assert!(matches!(
            admit(text.as_bytes(), 1 << 24),
            Err(AdmissionError::RepeatedName { name, .. }) if name == "n7"
        ));
    }
}
