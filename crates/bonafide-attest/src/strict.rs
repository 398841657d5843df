//! One pass over a JSON document before anything in it is believed.
//!
//! RFC 8259 §4 leaves open what an object with a repeated name means: one
//! reader keeps the first value, another the last, so two tools could find two
//! statements under one signature. Such a document is refused as a whole.
//!
//! The pass is driven by the parser that reads the document afterwards, so the
//! two cannot disagree on what a name is. No tree is built; what is kept are
//! the names of the objects that are open, in hash sets, so that time grows
//! with the length of the document and not with its square.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use crate::rejection::excerpt;

/// Most objects and lists inside each other. The parser gives up by itself at
/// 127; one less, and the refusal is ours and has a name.
pub const MOST_DEPTH: usize = 126;

/// Why a document is not strict JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StrictError {
    /// Not JSON (RFC 8259), not UTF-8, or followed by something else.
    #[error("not JSON: {detail}")]
    Syntax {
        /// What the parser met, with line and column.
        detail: String,
    },
    /// Two members of one object have the same name, once escapes are resolved.
    #[error("`{name}` comes twice in one object, at line {line} column {column}")]
    RepeatedName {
        /// The name, cut to 100 characters.
        name: String,
        /// Line of the repetition, from 1.
        line: usize,
        /// Column in that line, in bytes.
        column: usize,
    },
    /// More than [`MOST_DEPTH`] objects and lists inside each other.
    #[error("nested deeper than {MOST_DEPTH}, at line {line} column {column}")]
    Depth {
        /// Line at which the limit was passed, from 1.
        line: usize,
        /// Column in that line, in bytes.
        column: usize,
    },
}

/// Accepts exactly one JSON value without repeated names.
///
/// # Errors
///
/// [`StrictError`] for a repeated name at any depth, nesting beyond
/// [`MOST_DEPTH`], text after the value, bytes that are not UTF-8, lone
/// surrogates, numbers outside of the range of a double, and whatever else is not JSON.
pub(crate) fn scan(bytes: &[u8]) -> Result<(), StrictError> {
    let refusal = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let level = Level {
        depth: 0,
        refusal: &refusal,
    };
    let outcome = level
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    outcome.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match refusal.into_inner() {
            Some(Refusal::RepeatedName(name)) => StrictError::RepeatedName { name, line, column },
            Some(Refusal::Depth) => StrictError::Depth { line, column },
            None => StrictError::Syntax {
                detail: excerpt(&error.to_string(), 200),
            },
        }
    })
}

/// What the visitor found; an error of the parser carries text only.
enum Refusal {
    RepeatedName(String),
    Depth,
}

/// One value, with the number of objects and lists around it.
#[derive(Clone, Copy)]
struct Level<'a> {
    depth: usize,
    refusal: &'a RefCell<Option<Refusal>>,
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
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while list.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        let mut names = HashSet::new();
        while let Some(name) = object.next_key_seed(Name)? {
            if names.contains(&name) {
                return Err(self.refuse(Refusal::RepeatedName(excerpt(&name, 100))));
            }
            names.insert(name);
            object.next_value_seed(inner)?;
        }
        Ok(())
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
    use std::fmt::Write as _;
    use std::time::{Duration, Instant};

    use super::*;

    fn repeated(document: &str) -> String {
        match scan(document.as_bytes()) {
            Err(StrictError::RepeatedName { name, .. }) => name,
            other => panic!("{document}: {other:?}"),
        }
    }

    fn malformed(document: &[u8]) {
        let found = scan(document);
        assert!(
            matches!(found, Err(StrictError::Syntax { .. })),
            "{found:?}"
        );
    }

    #[test]
    fn takes_every_kind_of_value() {
        for document in [
            "null",
            " true\n",
            "-0.5e-3",
            "18446744073709551615",
            r#""text \u00e9 \ud83d\ude00 \u0000""#,
            "[]",
            "{}",
            r#"{"a":{"a":1},"b":[{"a":1},{"a":2}],"A":0,"":null}"#,
        ] {
            assert_eq!(scan(document.as_bytes()), Ok(()), "{document}");
        }
    }

    #[test]
    fn finds_repeated_names_at_every_depth_and_through_escapes() {
        assert_eq!(repeated(r#"{"a":1,"b":2,"a":3}"#), "a");
        assert_eq!(repeated(r#"[0,{"x":{"y":[{"k":1,"k":1}]}}]"#), "k");
        assert_eq!(repeated(r#"{"a":1,"\u0061":2}"#), "a");
        assert_eq!(repeated(r#"{"\u0061":1,"a":2}"#), "a");
        assert_eq!(repeated(r#"{"/":1,"\/":2}"#), "/");
        assert_eq!(
            repeated("{\"\u{1F600}\":1,\"\\ud83d\\ude00\":2}"),
            "\u{1F600}"
        );
        assert_eq!(repeated(r#"{"":1,"":2}"#), "");
        // What is printed is escaped and short.
        let long = "\\u001b".repeat(500);
        let shown = repeated(&format!(r#"{{"{long}":1,"{long}":2}}"#));
        assert!(!shown.contains('\u{1b}') && shown.len() < 1000, "{shown}");
    }

    #[test]
    fn says_where() {
        assert_eq!(
            scan(b"{\n  \"a\": 1,\n  \"a\": 2\n}"),
            Err(StrictError::RepeatedName {
                name: "a".to_owned(),
                line: 3,
                column: 5,
            })
        );
    }

    #[test]
    fn refuses_what_is_not_json() {
        malformed(b"");
        malformed(b"   ");
        malformed(b"{} {}");
        malformed(b"{}\0");
        malformed(b"\xef\xbb\xbf{}");
        malformed(b"{\"a\":1,}");
        malformed(b"{a:1}");
        malformed(b"[1,2");
        malformed(b"NaN");
        malformed(b"01");
        malformed(b"1e999");
        malformed(b"// comment\n{}");
        // Raw control characters, and bytes that are not UTF-8, in names and in values.
        malformed(b"\"a\0b\"");
        malformed(b"{\"a\nb\":1}");
        malformed(b"{\"\xff\":1}");
        malformed(b"{\"a\":\"\xc0\x80\"}");
        malformed(b"\"\xed\xa0\x80\"");
        // Lone surrogates name no character.
        malformed(br#"{"a":"\ud800"}"#);
        malformed(br#"{"\udc00":1}"#);
        malformed(br#""\ud800\u0041""#);
    }

    #[test]
    fn stops_at_its_depth() {
        let nested = |open: &str, close: &str, levels: usize| {
            format!("{}0{}", open.repeat(levels), close.repeat(levels))
        };
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            assert_eq!(scan(nested(open, close, MOST_DEPTH).as_bytes()), Ok(()));
            for levels in [MOST_DEPTH + 1, MOST_DEPTH + 2, 10_000, 1_000_000] {
                let found = scan(nested(open, close, levels).as_bytes());
                assert!(matches!(found, Err(StrictError::Depth { .. })), "{found:?}");
            }
            // Never closed.
            let found = scan(open.repeat(10_000).as_bytes());
            assert!(matches!(found, Err(StrictError::Depth { .. })), "{found:?}");
        }
    }

    #[test]
    fn stays_linear_over_a_million_names() {
        let mut document = String::from("{");
        for number in 0..1_000_000 {
            let _ = write!(document, "\"name {number}\":0,");
        }
        let mut twice = document.clone();
        document.push_str("\"last\":0}");
        twice.push_str("\"name 0\":0}");
        let start = Instant::now();
        assert_eq!(scan(document.as_bytes()), Ok(()));
        assert_eq!(repeated(&twice), "name 0");
        // Comparing each name with each other would take 10^12 steps: hours.
        assert!(start.elapsed() < Duration::from_secs(60));
    }
}
