//! YAML 1.2 into the same tree as JSON, with everything refused that makes YAML
//! dangerous or ambiguous: anchors, aliases, tags, repeated keys, keys that are not text.
//!
//! `saphyr-parser` gives the events one by one; its own loading function, which `saphyr`
//! uses, calls itself for each level without a limit, so the tree is built here.

use std::borrow::Cow;
use std::collections::HashSet;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::ModelCardError;
use crate::json::{Node, Number, Object, Position};

/// Most bytes of a YAML text.
pub const MOST_BYTES: usize = 256 << 10;

/// Most maps and lists inside each other.
pub const MOST_DEPTH: usize = 32;

/// Digits of an integer that a double surely holds.
const MOST_DIGITS: usize = 15;

/// A map or list whose end has not come yet.
enum Open {
    Map {
        members: Vec<(Cow<'static, str>, Node<'static>)>,
        names: HashSet<String>,
        key: Option<String>,
    },
    List(Vec<Node<'static>>),
}

/// Reads exactly one YAML document.
///
/// Plain scalars become `null`, booleans and numbers as YAML 1.2's core schema has them
/// (§10.3.2), but numbers only if they print as they were written: `1.10` stays text, so
/// that a version does not lose its zero. `no` is text, not a boolean.
pub(super) fn read(bytes: &[u8]) -> Result<Node<'static>, ModelCardError> {
    if bytes.len() > MOST_BYTES {
        return Err(ModelCardError::Size {
            size: bytes.len(),
            limit: MOST_BYTES,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| ModelCardError::Encoding {
        at: error.valid_up_to(),
    })?;
    let at = |marker: &Marker| position(text, marker);
    let mut parser = Parser::new_from_str(text);
    let mut stack: Vec<Open> = Vec::new();
    let mut root = None;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| ModelCardError::Yaml {
            detail: crate::excerpt(error.info(), 200),
            position: at(error.marker()),
        })?;
        refuse_indirection(&event, || at(&span.start))?;
        let done = match event {
            Event::DocumentStart(_) if root.is_some() => {
                return Err(ModelCardError::Documents {
                    position: at(&span.start),
                });
            }
            Event::Scalar(text, style, ..) => {
                if let Some(Open::Map { names, key, .. }) = stack.last_mut()
                    && key.is_none()
                {
                    if !names.insert(text.clone().into_owned()) {
                        return Err(ModelCardError::RepeatedKey {
                            name: crate::excerpt(&text, 100),
                            position: at(&span.start),
                        });
                    }
                    *key = Some(text.into_owned());
                    continue;
                }
                scalar(text.into_owned(), style)
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                if matches!(stack.last(), Some(Open::Map { key: None, .. })) {
                    return Err(ModelCardError::Key {
                        position: at(&span.start),
                    });
                }
                if stack.len() == MOST_DEPTH {
                    return Err(ModelCardError::Depth {
                        position: at(&span.start),
                    });
                }
                stack.push(match event {
                    Event::MappingStart(..) => Open::Map {
                        members: Vec::new(),
                        names: HashSet::new(),
                        key: None,
                    },
                    _ => Open::List(Vec::new()),
                });
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => match stack.pop() {
                Some(Open::Map { members, .. }) => Node::Object(Object::of(members)),
                Some(Open::List(list)) => Node::List(list),
                None => continue,
            },
            _ => continue,
        };
        match stack.last_mut() {
            Some(Open::List(list)) => list.push(done),
            Some(Open::Map { members, key, .. }) => {
                members.push((Cow::Owned(key.take().unwrap_or_default()), done));
            }
            None => root = Some(done),
        }
    }
    Ok(root.unwrap_or(Node::Null))
}

fn refuse_indirection(event: &Event<'_>, at: impl Fn() -> Position) -> Result<(), ModelCardError> {
    let (anchor, tag) = match event {
        Event::Alias(_) => (1, None),
        Event::Scalar(_, _, anchor, tag)
        | Event::SequenceStart(anchor, tag)
        | Event::MappingStart(anchor, tag) => (*anchor, tag.as_ref()),
        _ => return Ok(()),
    };
    if anchor != 0 {
        return Err(ModelCardError::Alias { position: at() });
    }
    match tag {
        Some(_) => Err(ModelCardError::Tag { position: at() }),
        None => Ok(()),
    }
}

fn scalar(text: String, style: ScalarStyle) -> Node<'static> {
    if style != ScalarStyle::Plain {
        return Node::Text(Cow::Owned(text));
    }
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => return Node::Null,
        "true" | "True" | "TRUE" => return Node::Bool(true),
        "false" | "False" | "FALSE" => return Node::Bool(false),
        _ => {}
    }
    let starts = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    if starts && text.len() <= MOST_DIGITS {
        if let Ok(integer) = text.parse::<i64>()
            && integer.to_string() == text
        {
            return Node::Number(Number::Integer(integer));
        }
        if let Ok(fraction) = text.parse::<f64>()
            && fraction.is_finite()
            && fraction.to_string() == text
        {
            return Node::Number(Number::Fraction(fraction));
        }
    }
    Node::Text(Cow::Owned(text))
}

/// The parser counts columns in characters, from 0.
fn position(text: &str, marker: &Marker) -> Position {
    let line = text
        .split('\n')
        .nth(marker.line().saturating_sub(1))
        .unwrap_or_default();
    let before = line.chars().take(marker.col());
    Position {
        line: marker.line(),
        column: 1 + before.map(char::len_utf8).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        let node = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        serde_json::to_string(&node).unwrap()
    }

    #[test]
    fn keeps_what_the_text_says() {
        for (text, expected) in [
            ("", "null"),
            ("# only a comment\n", "null"),
            ("a: 1\nb: [x, 'y', \"z\"]\n", r#"{"a":1,"b":["x","y","z"]}"#),
            (
                "a:\n- b: c\n  d: e\n- f\n",
                r#"{"a":[{"b":"c","d":"e"},"f"]}"#,
            ),
            (
                "v: 1.10\nw: 1.1\nx: 0x10\ny: 1e5\nz: 007",
                r#"{"v":"1.10","w":1.1,"x":"0x10","y":"1e5","z":"007"}"#,
            ),
            ("language: no\non: yes", r#"{"language":"no","on":"yes"}"#),
            (
                "a: True\nb: ~\nc:\nd: 'true'",
                r#"{"a":true,"b":null,"c":null,"d":"true"}"#,
            ),
            (
                "n: 12345678901234567890\nf: .nan\ni: -.inf",
                r#"{"n":"12345678901234567890","f":".nan","i":"-.inf"}"#,
            ),
            (
                "a: |\n  two\n  lines\nb: >-\n  one\n  line\n",
                r#"{"a":"two\nlines\n","b":"one line"}"#,
            ),
            ("1: a\n1.0: b\n", r#"{"1":"a","1.0":"b"}"#),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        for (text, expected) in [
            (
                "a: 1\na: 2\n",
                "`a` comes twice in one map, line 2 column 1",
            ),
            ("a: 1\n'a': 2\n", "`a` comes twice"),
            (
                "é: {b: 1, b: 2}\n",
                "`b` comes twice in one map, line 1 column 12",
            ),
            ("a: &x 1\n", "an anchor or alias"),
            ("a: &x [1]\nb: *x\n", "an anchor or alias"),
            ("a: *x\n", "not YAML"),
            (
                "a: !!python/object:os.system x\n",
                "a tag, which is not read",
            ),
            ("a: !x {}\n", "a tag, which is not read"),
            ("? [a]\n: b\n", "a key that is not text"),
            ("? {a: b}\n: c\n", "a key that is not text"),
            ("a: 1\n---\nb: 2\n", "a second YAML document"),
            ("a: [1", "not YAML"),
            ("a: b: c", "not YAML"),
            ("a:\n\tb: c", "not YAML"),
            ("a: \"\\q\"", "not YAML"),
        ] {
            let error = read(text.as_bytes()).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(matches!(
            read(b"a: \xff"),
            Err(ModelCardError::Encoding { at: 3 })
        ));
        let large = "a".repeat(MOST_BYTES + 1);
        assert!(matches!(
            read(large.as_bytes()),
            Err(ModelCardError::Size { .. })
        ));
    }

    #[test]
    fn depth_is_bounded() {
        for deep in ["[", "- ", "{a: ", "? "] {
            let text = deep.repeat(1000);
            let error = read(text.as_bytes()).unwrap_err();
            assert!(
                matches!(
                    error,
                    ModelCardError::Depth { .. }
                        | ModelCardError::Key { .. }
                        | ModelCardError::Yaml { .. }
                ),
                "{deep}: {error}"
            );
        }
        let fits = format!("{}{}", "[".repeat(MOST_DEPTH), "]".repeat(MOST_DEPTH));
        assert!(read(fits.as_bytes()).is_ok());
        assert!(matches!(
            read(format!("[{fits}]").as_bytes()),
            Err(ModelCardError::Depth { .. })
        ));
    }

    /// Patterns that make YAML readers slow, as large as they are let in.
    #[test]
    fn hostile_text_ends_in_time() {
        for piece in [
            "[", "{", "- ", "? ", "a: ", ": ", "&a ", "*a ", "!a ", "\"", "'", "|\n", ">\n", "#",
            "%", "\n", "\t", " ", ",", "a:\n", "- a\n", "a\n", "---\n", "...\n", "[],", "{}: ",
            "\r", "\u{feff}", "é", "\\", "x: y\n ", "-\n", "[a, ", "a: [", "\"\\x41", "''",
            "\n\n a",
        ] {
            let count = MOST_BYTES / piece.len();
            for prefix in ["", "[", "a: |\n "] {
                let text = format!("{prefix}{}", piece.repeat(count));
                let text = text.get(..MOST_BYTES).unwrap_or(&text);
                let start = std::time::Instant::now();
                let _ = read(text.as_bytes());
                let took = start.elapsed();
                assert!(took.as_secs() < 5, "{prefix:?} {piece:?}: {took:?}");
            }
        }
    }

    /// Random texts of YAML's own pieces: none may make the parser panic.
    #[test]
    fn random_text_does_not_panic() {
        const PIECES: [&str; 36] = [
            "a",
            "b",
            ": ",
            ":",
            "- ",
            "-",
            "\n",
            "\n  ",
            "\n    ",
            " ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "\"",
            "'",
            "|",
            ">",
            "|2-\n",
            "#",
            " #",
            "&x",
            "*x",
            "!t",
            "%YAML 1.2\n",
            "%TAG ! x\n",
            "---\n",
            "...\n",
            "? ",
            "\t",
            "\r\n",
            "é",
            "\u{85}",
            "\u{feff}",
            "\\x",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut draw = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 40).unwrap()
        };
        let mut good = 0;
        for _ in 0..ROUNDS {
            let text: String = (0..draw() % 24)
                .map(|_| PIECES[draw() % PIECES.len()])
                .collect();
            good += usize::from(read(text.as_bytes()).is_ok());
        }
        assert!(good > 100, "{good}");
    }

    const ROUNDS: usize = 20_000;
}
