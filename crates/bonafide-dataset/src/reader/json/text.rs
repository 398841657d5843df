//! One JSON text (RFC 8259), read strictly, with nested values as canonical JSON.
//!
//! Whole numbers keep every digit, so that two records that differ stay different; apart
//! from that, canonical text is that of RFC 8785.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A value of a record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Boolean(bool),
    Whole(i64),
    /// A whole number that 64 bits do not hold, as it was written.
    Large(&'a str),
    Number(f64),
    Text(Cow<'a, str>),
    /// An array or object as canonical JSON.
    Nested(String),
}

/// Values are nested no deeper.
const DEEPEST: usize = 128;

type Parsed<T> = Result<T, &'static str>;

/// Text that is read from its beginning.
pub(super) struct JsonText<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> JsonText<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Which byte comes next.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// The whole text as one object: `visit` gets each member.
    pub(super) fn object(
        &mut self,
        visit: &mut dyn FnMut(Cow<'a, str>, Value<'a>) -> Parsed<()>,
    ) -> Parsed<()> {
        self.space();
        if self.peek() != Some(b'{') {
            return Err("a record is no object");
        }
        self.members(DEEPEST, visit)?;
        self.space();
        match self.at == self.text.len() {
            true => Ok(()),
            false => Err("something follows the record"),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn members(
        &mut self,
        depth: usize,
        visit: &mut dyn FnMut(Cow<'a, str>, Value<'a>) -> Parsed<()>,
    ) -> Parsed<()> {
        self.at += 1;
        self.space();
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err("a name in quotes is missing");
            }
            let name = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err("a colon is missing");
            }
            let value = self.value(depth)?;
            visit(name, value)?;
            self.space();
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err("a comma or the end of an object is missing");
            }
        }
    }

    fn value(&mut self, depth: usize) -> Parsed<Value<'a>> {
        self.space();
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'{') => self.nested_object(depth).map(Value::Nested),
            Some(b'[') => self.nested_array(depth).map(Value::Nested),
            Some(b't') => self.word("true", Value::Boolean(true)),
            Some(b'f') => self.word("false", Value::Boolean(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'N' | b'I') => Err("NaN and Infinity are no JSON"),
            Some(_) => Err("a value is missing"),
            None => Err("it ends too early"),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Parsed<Value<'a>> {
        if !self.rest().starts_with(word) {
            return Err("a word that is no JSON");
        }
        self.at += word.len();
        Ok(value)
    }

    fn digits(&mut self) -> Parsed<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err("a number without digits"),
        }
    }

    fn number(&mut self) -> Parsed<Value<'a>> {
        let start = self.at;
        if self.take(b'-') && self.rest().starts_with("Infinity") {
            return Err("NaN and Infinity are no JSON");
        }
        if !self.take(b'0') {
            self.digits()?;
        } else if let Some(b'0'..=b'9') = self.peek() {
            return Err("a number begins with a zero");
        }
        let mut whole = true;
        if self.take(b'.') {
            whole = false;
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            whole = false;
            let _signed = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        if whole {
            return Ok(match written.parse() {
                Ok(number) => Value::Whole(number),
                Err(_) => Value::Large(written),
            });
        }
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => Err("a number is too large"),
        }
    }

    fn string(&mut self) -> Parsed<Cow<'a, str>> {
        self.at += 1;
        let mut made = String::new();
        loop {
            let rest = self.rest();
            let Some(length) = memchr::memchr2(b'"', b'\\', rest.as_bytes()) else {
                return Err("a text has no end");
            };
            let plain = rest.get(..length).unwrap_or_default();
            if plain.bytes().any(|byte| byte < 0x20) {
                return Err("a control character in a text");
            }
            self.at += length + 1;
            if rest.as_bytes().get(length) == Some(&b'"') {
                return Ok(match made.is_empty() {
                    true => Cow::Borrowed(plain),
                    false => Cow::Owned(made + plain),
                });
            }
            made.push_str(plain);
            made.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Parsed<char> {
        let kind = self.peek().ok_or("a text has no end")?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hexadecimal()?;
                if (0xd800..0xdc00).contains(&code) && self.rest().starts_with("\\u") {
                    self.at += 2;
                    let low = self.hexadecimal()?;
                    if !(0xdc00..0xe000).contains(&low) {
                        return Err("half of a surrogate pair");
                    }
                    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                }
                char::from_u32(code).ok_or("half of a surrogate pair")?
            }
            _ => return Err("an escape that is no JSON"),
        })
    }

    fn hexadecimal(&mut self) -> Parsed<u32> {
        let digits = self.rest().get(..4).ok_or("an escape that is no JSON")?;
        let all = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16);
        self.at += 4;
        match code {
            Ok(code) if all => Ok(code),
            _ => Err("an escape that is no JSON"),
        }
    }

    fn nested_array(&mut self, depth: usize) -> Parsed<String> {
        let depth = depth.checked_sub(1).ok_or("it is nested too deeply")?;
        self.at += 1;
        let mut made = String::from("[");
        self.space();
        if self.take(b']') {
            return Ok(made + "]");
        }
        loop {
            let value = self.value(depth)?;
            write_canonical(&value, &mut made);
            self.space();
            if self.take(b']') {
                return Ok(made + "]");
            }
            if !self.take(b',') {
                return Err("a comma or the end of an array is missing");
            }
            made.push(',');
        }
    }

    fn nested_object(&mut self, depth: usize) -> Parsed<String> {
        let depth = depth.checked_sub(1).ok_or("it is nested too deeply")?;
        let mut members: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
        self.members(depth, &mut |name, value| {
            members.push((name, value));
            Ok(())
        })?;
        members.sort_by(|one, other| by_code_units(&one.0, &other.0));
        let twice = members.windows(2).any(|pair| match pair {
            [one, other] => one.0 == other.0,
            _ => false,
        });
        if twice {
            return Err(TWICE);
        }
        let mut made = String::from("{");
        for (number, (name, value)) in members.iter().enumerate() {
            if number > 0 {
                made.push(',');
            }
            write_string(name, &mut made);
            made.push(':');
            write_canonical(value, &mut made);
        }
        made.push('}');
        Ok(made)
    }
}

/// What is said of an object that has a name twice: each reader takes another value.
pub(super) const TWICE: &str = "a name comes twice in one object";

/// The order of RFC 8785: by UTF-16 code units, which differs from that of characters.
fn by_code_units(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// Writes a value as canonical JSON.
pub(super) fn write_canonical(value: &Value<'_>, into: &mut String) {
    match value {
        Value::Null => into.push_str("null"),
        Value::Boolean(true) => into.push_str("true"),
        Value::Boolean(false) => into.push_str("false"),
        Value::Whole(number) => into.push_str(&number.to_string()),
        Value::Large(written) => into.push_str(written),
        Value::Number(number) => into.push_str(ryu_js::Buffer::new().format_finite(*number)),
        Value::Text(text) => write_string(text, into),
        Value::Nested(json) => into.push_str(json),
    }
}

fn write_string(text: &str, into: &mut String) {
    into.push('"');
    for character in text.chars() {
        match character {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\u{8}' => into.push_str("\\b"),
            '\t' => into.push_str("\\t"),
            '\n' => into.push_str("\\n"),
            '\u{c}' => into.push_str("\\f"),
            '\r' => into.push_str("\\r"),
            control if control < ' ' => into.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => into.push(other),
        }
    }
    into.push('"');
}
