//! Strict JSON in, canonical JSON out (RFC 8785).
//!
//! Our own, because what is signed must be read in exactly one way, and the
//! general readers are more forgiving: they take the last of two equal names,
//! and they round an integer beyond ±2^53 without a word. Strings with escapes
//! and the shortest form of a number are still the libraries' business.
//!
//! Reading and writing are one pass. A byte is moved once more for each object
//! around it whose names were out of order, so the work is bounded by size
//! times depth, and depth by [`MOST_DEPTH`].

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::error::JsonDefect;
use crate::rejection::excerpt;

/// How deep arrays and objects may be nested, the outermost one included.
pub(super) const MOST_DEPTH: usize = 128;

/// 2^53, from where not every integer is a double. Beyond it an integer is
/// refused even where it happens to be one: no rule for readers to disagree on.
const MOST_INTEGER: u64 = 1 << 53;

/// A property of the document with its value in canonical form.
pub(super) struct Member<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Vec<u8>,
    /// Where in the text it stands, from the quote of its name to the end of its value.
    pub(super) source: Range<usize>,
}

/// A document whose properties are in canonical form and order.
pub(super) struct Document<'a> {
    pub(super) members: Vec<Member<'a>>,
    /// Objects named `signature` below the top, outside the document's own signature.
    pub(super) nested_signatures: usize,
}

impl<'a> Document<'a> {
    /// Reads a JSON object.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, JsonDefect> {
        let mut reader = Reader::new(bytes)?;
        let mut members: Vec<Member<'a>> = Vec::new();
        reader.space();
        reader.members(|reader, name| {
            let mut value = Vec::new();
            let outside = reader.nested_signatures;
            let start = reader.name_at;
            reader.value(&mut value)?;
            if name == super::SIGNATURE {
                reader.nested_signatures = outside;
            }
            let source = start..reader.at;
            members.push(Member {
                name,
                value,
                source,
            });
            Ok(())
        })?;
        reader.end()?;
        members.sort_by(|left, right| by_code_unit(&left.name, &right.name));
        refuse_duplicates(members.iter().map(|member| &*member.name))?;
        Ok(Self {
            members,
            nested_signatures: reader.nested_signatures,
        })
    }
}

/// The canonical form of one JSON value.
pub(super) fn canonical(bytes: &[u8]) -> Result<Vec<u8>, JsonDefect> {
    let mut reader = Reader::new(bytes)?;
    let mut out = Vec::with_capacity(bytes.len());
    reader.space();
    reader.value(&mut out)?;
    reader.end()?;
    Ok(out)
}

/// Appends a string as RFC 8785 §3.2.2.2 writes it.
pub(super) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            0x08 => out.extend(b"\\b"),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            0x0c => out.extend(b"\\f"),
            b'\r' => out.extend(b"\\r"),
            0..=0x1f => out.extend(format!("\\u{byte:04x}").into_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// RFC 8785 §3.2.3: names are ordered by UTF-16 code units, which is not the order of their bytes.
pub(super) fn by_code_unit(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

fn refuse_duplicates<'n>(names: impl Iterator<Item = &'n str>) -> Result<(), JsonDefect> {
    let mut last = None;
    for name in names {
        if last == Some(name) {
            return Err(JsonDefect::DuplicateName {
                name: excerpt(name, 100),
            });
        }
        last = Some(name);
    }
    Ok(())
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    nested_signatures: usize,
    /// Where the last name stands that was read.
    name_at: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, JsonDefect> {
        let text = std::str::from_utf8(bytes).map_err(|error| JsonDefect::Encoding {
            position: error.valid_up_to(),
        })?;
        if text.starts_with('\u{feff}') {
            return Err(JsonDefect::ByteOrderMark);
        }
        Ok(Self {
            text,
            at: 0,
            depth: 0,
            nested_signatures: 0,
            name_at: 0,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn expected(&self, expected: &'static str) -> JsonDefect {
        JsonDefect::Syntax {
            expected,
            position: self.at,
        }
    }

    /// Takes one character that has to be there.
    fn take(&mut self, byte: u8, what: &'static str) -> Result<(), JsonDefect> {
        if self.peek() != Some(byte) {
            return Err(self.expected(what));
        }
        self.at += 1;
        Ok(())
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn end(&mut self) -> Result<(), JsonDefect> {
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.expected("the end")),
        }
    }

    fn enter(&mut self) -> Result<(), JsonDefect> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(JsonDefect::TooDeep);
        }
        Ok(())
    }

    /// Recursion ends with [`Self::enter`].
    fn value(&mut self, out: &mut Vec<u8>) -> Result<(), JsonDefect> {
        match self.peek() {
            Some(b'{') => self.object(out),
            Some(b'[') => self.array(out),
            Some(b'"') => {
                let start = self.at;
                match self.string()? {
                    // Without an escape nothing needs one: the literal is canonical.
                    Cow::Borrowed(_) => out.extend(self.since(start).as_bytes()),
                    Cow::Owned(text) => write_string(&text, out),
                }
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => self.number(out),
            _ => self.word(out),
        }
    }

    fn word(&mut self, out: &mut Vec<u8>) -> Result<(), JsonDefect> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for word in ["true", "false", "null"] {
            if rest.starts_with(word) {
                self.at += word.len();
                out.extend(word.as_bytes());
                return Ok(());
            }
        }
        Err(self.expected("a value"))
    }

    fn array(&mut self, out: &mut Vec<u8>) -> Result<(), JsonDefect> {
        self.enter()?;
        self.take(b'[', "`[`")?;
        out.push(b'[');
        self.space();
        if self.peek() != Some(b']') {
            loop {
                self.space();
                self.value(out)?;
                self.space();
                if self.peek() != Some(b',') {
                    break;
                }
                self.at += 1;
                out.push(b',');
            }
        }
        self.take(b']', "`,` or `]`")?;
        out.push(b']');
        self.depth -= 1;
        Ok(())
    }

    /// Names as they come; `each` reads the value behind its name.
    fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), JsonDefect>,
    ) -> Result<(), JsonDefect> {
        self.enter()?;
        self.take(b'{', "an object")?;
        self.space();
        if self.peek() != Some(b'}') {
            loop {
                self.space();
                self.name_at = self.at;
                let name = self.string()?;
                self.space();
                self.take(b':', "`:`")?;
                self.space();
                each(self, name)?;
                self.space();
                if self.peek() != Some(b',') {
                    break;
                }
                self.at += 1;
            }
        }
        self.take(b'}', "`,` or `}`")?;
        self.depth -= 1;
        Ok(())
    }

    fn object(&mut self, out: &mut Vec<u8>) -> Result<(), JsonDefect> {
        out.push(b'{');
        let start = out.len();
        let mut members: Vec<(Cow<'a, str>, Range<usize>)> = Vec::new();
        let mut in_order = true;
        self.members(|reader, name| {
            if let Some((last, _)) = members.last() {
                out.push(b',');
                in_order &= by_code_unit(last, &name) == Ordering::Less;
            }
            let begin = out.len();
            write_string(&name, out);
            out.push(b':');
            if name == super::SIGNATURE && reader.peek() == Some(b'{') {
                reader.nested_signatures += 1;
            }
            reader.value(out)?;
            members.push((name, begin..out.len()));
            Ok(())
        })?;
        if !in_order {
            members.sort_by(|left, right| by_code_unit(&left.0, &right.0));
            refuse_duplicates(members.iter().map(|(name, _)| &**name))?;
            let unsorted = out.split_off(start);
            for (index, (_, range)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                let range = range.start - start..range.end - start;
                out.extend(unsorted.get(range).unwrap_or_default());
            }
        }
        out.push(b'}');
        Ok(())
    }

    /// Borrowed exactly when it has no escapes.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonDefect> {
        let start = self.at;
        self.take(b'"', "a string")?;
        let mut escaped = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                None | Some(0..=0x1f) => return Err(self.expected("the end of a string")),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let literal = self.since(start);
        if escaped {
            return serde_json::from_str(literal)
                .map(Cow::Owned)
                .map_err(|error| JsonDefect::Text {
                    position: start,
                    detail: excerpt(&error.to_string(), 100),
                });
        }
        Ok(Cow::Borrowed(
            literal.get(1..literal.len() - 1).unwrap_or_default(),
        ))
    }

    fn digits(&mut self) -> Result<(), JsonDefect> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.expected("a digit"));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    /// RFC 8785 §3.2.2.3: every number is the double next to it, in the form of ECMAScript.
    fn number(&mut self, out: &mut Vec<u8>) -> Result<(), JsonDefect> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let unsigned = self.at;
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        let integer = self.since(unsigned);
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        let mantissa = self.since(unsigned);
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let literal = self.since(start);
        if self.since(unsigned).len() == integer.len() {
            if !integer
                .parse()
                .is_ok_and(|value: u64| value <= MOST_INTEGER)
            {
                return Err(JsonDefect::InexactInteger {
                    literal: excerpt(literal, 40),
                });
            }
            // Up to there an integer is written as it is, and zero has no sign.
            let canonical = if integer == "0" { integer } else { literal };
            out.extend(canonical.as_bytes());
            return Ok(());
        }
        let range = || JsonDefect::NumberRange {
            literal: excerpt(literal, 40),
        };
        let value: f64 = literal.parse().map_err(|_| range())?;
        let vanished = value == 0.0 && mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        if !value.is_finite() || vanished {
            return Err(range());
        }
        out.extend(ryu_js::Buffer::new().format_finite(value).as_bytes());
        Ok(())
    }
}
