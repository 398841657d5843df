//! The parser (RFC 8259, and what CPython's `json` takes beyond it).

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Document, Member, Node, Quirk, QuirkKind, Value};
use crate::stop::Stop;

/// Deepest nesting. CPython stops at about 1,000; no configuration gets near this.
const DEEPEST: usize = 128;

/// Most values of a document. A tree takes some 30 times the room of a text of short numbers;
/// the longest vocabularies have a tenth of this.
const MOST_VALUES: u64 = 4_000_000;

/// Most quirks that are kept: one is enough to judge.
const MOST_QUIRKS: usize = 1000;

/// Reads a value and the blanks around it. What comes after it is the caller's concern.
pub(crate) fn parse(bytes: &[u8]) -> Result<Document<'_>, Stop> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Stop::malformed(error.valid_up_to() as u64, "the text is not UTF-8"))?;
    parse_text(text)
}

/// The same of a text. It costs what the value is long, however much comes after it.
pub(crate) fn parse_text(text: &str) -> Result<Document<'_>, Stop> {
    let mut parser = Parser {
        text,
        at: 0,
        values: 0,
        quirks: Vec::new(),
    };
    if text.starts_with('\u{feff}') {
        parser.quirk(QuirkKind::ByteOrderMark);
        parser.at = 3;
    }
    parser.blanks();
    let root = parser.value(0)?;
    parser.blanks();
    Ok(Document {
        root,
        end: parser.at as u64,
        quirks: parser.quirks,
    })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: u64,
    quirks: Vec<Quirk>,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn slice(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn quirk(&mut self, kind: QuirkKind) {
        if self.quirks.len() < MOST_QUIRKS {
            self.quirks.push(Quirk {
                at: self.at as u64,
                kind,
            });
        }
    }

    fn wrong(&self, wanted: &str) -> Stop {
        let found = match self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            None => "the end".to_owned(),
            Some(character) => format!("`{}`", bonafide_core::excerpt(&character.to_string(), 10)),
        };
        Stop::malformed(self.at as u64, format!("expected {wanted}, found {found}"))
    }

    fn blanks(&mut self) {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.rest().iter().take_while(blank).count();
    }

    fn take(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>, Stop> {
        if depth > DEEPEST {
            return Err(Stop::malformed(
                self.at as u64,
                format!("nested more than {DEEPEST} deep"),
            ));
        }
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(Stop::Exhausted {
                what: "values of a JSON document",
                limit: MOST_VALUES,
            });
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node {
            value,
            range: start as u64..self.at as u64,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>, Stop> {
        self.at += 1;
        let mut members: Vec<Member<'a>> = Vec::new();
        let mut seen: HashSet<Cow<'a, str>> = HashSet::new();
        self.blanks();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a name in quotes"));
            }
            let start = self.at;
            let name = self.string()?;
            if !seen.insert(name.clone()) {
                let at = std::mem::replace(&mut self.at, start);
                self.quirk(QuirkKind::DuplicateMember(name.clone().into_owned()));
                self.at = at;
            }
            self.blanks();
            if !self.take(b':') {
                return Err(self.wrong("`:`"));
            }
            self.blanks();
            let value = self.value(depth + 1)?;
            members.push(Member { name, value });
            self.blanks();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err(self.wrong("`,` or `}`"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value<'a>, Stop> {
        self.at += 1;
        let mut elements = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            self.blanks();
            elements.push(self.value(depth + 1)?);
            self.blanks();
            if self.take(b']') {
                return Ok(Value::Array(elements));
            }
            if !self.take(b',') {
                return Err(self.wrong("`,` or `]`"));
            }
        }
    }

    fn word(&mut self) -> Result<Value<'a>, Stop> {
        for (word, value) in [
            ("null", Value::Null),
            ("true", Value::Boolean(true)),
            ("false", Value::Boolean(false)),
            ("NaN", Value::Number("NaN")),
            ("Infinity", Value::Number("Infinity")),
        ] {
            if self.rest().starts_with(word.as_bytes()) {
                if matches!(value, Value::Number(_)) {
                    self.quirk(QuirkKind::NotFinite);
                }
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.wrong("a value"))
    }

    fn number(&mut self) -> Result<Value<'a>, Stop> {
        let start = self.at;
        if self.rest().starts_with(b"-Infinity") {
            self.quirk(QuirkKind::NotFinite);
            self.at += b"-Infinity".len();
            return Ok(Value::Number(self.slice(start)));
        }
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Value::Number(self.slice(start)))
    }

    fn digits(&mut self) -> Result<(), Stop> {
        let count = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if count == 0 {
            return Err(self.wrong("a digit"));
        }
        self.at += count;
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        self.at += 1;
        let start = self.at;
        let mut decoded: Option<String> = None;
        loop {
            let run = self.at;
            let plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
            self.at += self.rest().iter().take_while(plain).count();
            if let Some(decoded) = &mut decoded {
                decoded.push_str(self.text.get(run..self.at).unwrap_or_default());
            }
            match self.peek() {
                None => return Err(self.wrong("`\"`")),
                Some(b'"') => {
                    let plain = self.slice(start);
                    self.at += 1;
                    return Ok(decoded.map_or(Cow::Borrowed(plain), Cow::Owned));
                }
                Some(b'\\') => {
                    let mut text = decoded.unwrap_or_else(|| self.slice(start).to_owned());
                    text.push(self.escape()?);
                    decoded = Some(text);
                }
                Some(_) => {
                    self.quirk(QuirkKind::ControlCharacter);
                    let run = self.at;
                    self.at += 1;
                    if let Some(decoded) = &mut decoded {
                        decoded.push_str(self.text.get(run..self.at).unwrap_or_default());
                    }
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.wrong("an escape")),
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode(&mut self) -> Result<char, Stop> {
        let first = self.hex()?;
        if !(0xd800..0xe000).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let behind = self.at;
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with(b"\\u") {
            self.at += 1;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = behind;
        }
        self.quirk(QuirkKind::LoneSurrogate);
        Ok(char::REPLACEMENT_CHARACTER)
    }

    /// Four hexadecimal digits after `u`.
    fn hex(&mut self) -> Result<u32, Stop> {
        self.at += 1;
        let digits = self.text.get(self.at..self.at.saturating_add(4));
        let code = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.wrong("four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        parse(json.as_bytes())
            .unwrap()
            .root
            .text()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn strings_are_unescaped() {
        assert_eq!(text(r#" "a\u0061\n\ud83d\ude00b" "#), "aa\n😀b");
        assert_eq!(text(r#""\ud800x""#), "\u{fffd}x");
        assert_eq!(text("\"a\tb\\tc\td\""), "a\tb\tc\td");
    }

    #[test]
    fn what_readers_take_in_different_ways_is_kept_and_said() {
        let document = parse(br#"{"a": 1, "b": NaN, "\u0061": -Infinity} tail"#).unwrap();
        assert_eq!(document.root.members().len(), 3);
        assert_eq!(
            document.root.get("a").unwrap().value,
            Value::Number("-Infinity")
        );
        let kinds: Vec<_> = document
            .quirks
            .iter()
            .map(|quirk| quirk.kind.clone())
            .collect();
        assert_eq!(
            kinds,
            [
                QuirkKind::NotFinite,
                QuirkKind::DuplicateMember("a".to_owned()),
                QuirkKind::NotFinite,
            ]
        );
        assert_eq!(document.quirks[1].at, 19);
        assert_eq!(document.end, 40);
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (json, at) in [
            ("", 0),
            ("{\"a\" 1}", 5),
            ("[1,]", 3),
            ("[1 2]", 3),
            ("01", 2),
            ("-", 1),
            ("\"\\x\"", 2),
            ("\"\\u12g4\"", 3),
            ("\"abc", 4),
            ("nul", 0),
        ] {
            match parse(json.as_bytes()) {
                Err(Stop::Malformed { at: found, .. }) => assert_eq!(found, at, "{json}"),
                other => {
                    // A number with a leading zero ends after the zero: the rest is a tail.
                    assert_eq!((json, other.unwrap().end), ("01", 1));
                }
            }
        }
        let deep = "[".repeat(10_000);
        assert!(matches!(
            parse(deep.as_bytes()),
            Err(Stop::Malformed { .. })
        ));
    }

    #[test]
    fn a_tree_has_bounds() {
        let mut parser = Parser {
            text: "[0,0,0]",
            at: 0,
            values: MOST_VALUES - 3,
            quirks: Vec::new(),
        };
        assert!(matches!(parser.value(0), Err(Stop::Exhausted { .. })));
        assert!(parse(b"[0,0,0]").is_ok());
    }
}
