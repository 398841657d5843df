//! Splits a Jinja template into text and tokens, as `jinja2.lexer` does with the settings
//! that loaders of models use (`trim_blocks` and `lstrip_blocks` change blanks only).

use std::ops::Range;

use super::syntax::Unreadable;

/// A token of an expression or of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text between the blocks, also that of a `raw` block.
    Text,
    /// `{{`.
    OutputStart,
    /// `}}`.
    OutputEnd,
    /// `{%`.
    StatementStart,
    /// `%}`.
    StatementEnd,
    /// A name or keyword.
    Name,
    /// A string, decoded.
    String(String),
    /// A whole number; what does not fit is the largest.
    Integer(u64),
    /// Another number.
    Float,
    /// An operator.
    Operator(&'static str),
}

/// A token, with the bytes that it is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// Longest first.
const OPERATORS: &[&str] = &[
    "//", "**", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    "<", ">", "=", ".", ":", "|", ",", ";",
];

/// All tokens of a template; those before an error too.
pub(super) fn lex(source: &str) -> (Vec<Token>, Option<Unreadable>) {
    let mut lexer = Lexer {
        source,
        at: 0,
        tokens: Vec::new(),
    };
    let error = lexer.run().err();
    (lexer.tokens, error)
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    tokens: Vec<Token>,
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, start: usize) {
        if start < self.at || kind != Kind::Text {
            self.tokens.push(Token {
                kind,
                range: start..self.at,
            });
        }
    }

    fn error(&self, message: &'static str) -> Unreadable {
        Unreadable {
            at: self.at,
            message,
        }
    }

    fn run(&mut self) -> Result<(), Unreadable> {
        loop {
            let start = self.at;
            match next_block(self.rest()) {
                None => {
                    self.at = self.source.len();
                    self.push(Kind::Text, start);
                    return Ok(());
                }
                Some(length) => {
                    self.at += length;
                    self.push(Kind::Text, start);
                }
            }
            if self.rest().starts_with("{#") {
                match memchr::memmem::find(self.rest().as_bytes(), b"#}") {
                    Some(end) => self.at += end + 2,
                    None => return Err(self.error("a comment has no end")),
                }
            } else {
                self.block()?;
            }
        }
    }

    /// `{{ … }}` or `{% … %}`.
    fn block(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        let output = self.rest().starts_with("{{");
        self.at += 2;
        if self.rest().starts_with(['-', '+']) {
            self.at += 1;
        }
        let opening = if output {
            Kind::OutputStart
        } else {
            Kind::StatementStart
        };
        self.push(opening, start);
        let first = self.tokens.len();
        // Jinja looks for the end of a block only where brackets are balanced.
        let mut open = 0_usize;
        loop {
            let blanks = self.rest().trim_start();
            self.at = self.source.len() - blanks.len();
            let start = self.at;
            if blanks.is_empty() {
                return Err(self.error("a block has no end"));
            }
            let end = if output { "}}" } else { "%}" };
            let trimmed = blanks.strip_prefix(['-', '+']).unwrap_or(blanks);
            if open == 0 && trimmed.starts_with(end) {
                self.at = self.source.len() - trimmed.len() + 2;
                let closing = if output {
                    Kind::OutputEnd
                } else {
                    Kind::StatementEnd
                };
                self.push(closing, start);
                if !output && self.is_statement(first, "raw") {
                    self.raw()?;
                }
                return Ok(());
            }
            let kind = self.token(blanks)?;
            match kind {
                Kind::Operator("(" | "[" | "{") => open += 1,
                Kind::Operator(")" | "]" | "}") => open = open.saturating_sub(1),
                _ => {}
            }
            self.push(kind, start);
        }
    }

    /// True if the statement that starts at a token is this one.
    fn is_statement(&self, first: usize, name: &str) -> bool {
        self.tokens.get(first).is_some_and(|token| {
            token.kind == Kind::Name && self.source.get(token.range.clone()) == Some(name)
        })
    }

    /// What is between `raw` and `endraw` is text, whatever it looks like.
    fn raw(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        let rest = self.rest();
        let mut searched = 0;
        while let Some(found) = rest
            .get(searched..)
            .and_then(|rest| memchr::memmem::find(rest.as_bytes(), b"{%"))
        {
            let at = searched + found;
            let inner = rest.get(at + 2..).unwrap_or_default();
            let inner = inner.strip_prefix(['-', '+']).unwrap_or(inner);
            if inner.trim_start().starts_with("endraw") {
                self.at = start + at;
                self.push(Kind::Text, start);
                return Ok(());
            }
            searched = at + 2;
        }
        Err(self.error("`raw` has no end"))
    }

    fn token(&mut self, rest: &str) -> Result<Kind, Unreadable> {
        let Some(first) = rest.chars().next() else {
            return Err(self.error("a block has no end"));
        };
        if first == '\'' || first == '"' {
            return self.string(first);
        }
        if first.is_ascii_digit() {
            return Ok(self.number(rest));
        }
        if first == '_' || first.is_alphanumeric() {
            let name = |character: char| character == '_' || character.is_alphanumeric();
            let length = rest.find(|character| !name(character));
            self.at += length.unwrap_or(rest.len());
            return Ok(Kind::Name);
        }
        for operator in OPERATORS {
            if rest.starts_with(operator) {
                self.at += operator.len();
                return Ok(Kind::Operator(operator));
            }
        }
        Err(self.error("a character that Jinja does not know"))
    }

    fn number(&mut self, rest: &str) -> Kind {
        let digits = |text: &str, radix: u32| -> usize {
            text.find(|character: char| character != '_' && !character.is_digit(radix))
                .unwrap_or(text.len())
        };
        let radix = match rest.get(..2) {
            Some("0x" | "0X") => 16,
            Some("0o" | "0O") => 8,
            Some("0b" | "0B") => 2,
            _ => 10,
        };
        let prefix = if radix == 10 { 0 } else { 2 };
        let body = rest.get(prefix..).unwrap_or_default();
        let length = digits(body, radix);
        let after = body.get(length..).unwrap_or_default();
        let fraction = after
            .strip_prefix('.')
            .filter(|fraction| fraction.starts_with(|digit: char| digit.is_ascii_digit()));
        if radix == 10
            && let Some(fraction) = fraction
        {
            self.at += length + 1 + digits(fraction, 10);
            return Kind::Float;
        }
        self.at += prefix + length;
        let text: String = body.chars().take(length).filter(|c| *c != '_').collect();
        if radix == 10 && after.starts_with(['e', 'E']) {
            let exponent = after.get(1..).unwrap_or_default();
            let sign = usize::from(exponent.starts_with(['-', '+']));
            let length = digits(exponent.get(sign..).unwrap_or_default(), 10);
            if length > 0 {
                self.at += 1 + sign + length;
                return Kind::Float;
            }
        }
        Kind::Integer(u64::from_str_radix(&text, radix).unwrap_or(u64::MAX))
    }

    /// A string with the escapes of Python, which Jinja decodes.
    fn string(&mut self, quote: char) -> Result<Kind, Unreadable> {
        let rest = self.rest();
        let mut text = String::new();
        let mut characters = rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            if character == quote {
                self.at += at + 1;
                return Ok(Kind::String(text));
            }
            if character != '\\' {
                text.push(character);
                continue;
            }
            let Some((at, escaped)) = characters.next() else {
                break;
            };
            let after = rest.get(at + 1..).unwrap_or_default();
            let (decoded, more) = unescape(escaped, after);
            match decoded {
                Some(character) => text.push(character),
                None if escaped == '\n' => {}
                None => text.extend(['\\', escaped]),
            }
            for _ in 0..more {
                characters.next();
            }
        }
        Err(self.error("a string has no end"))
    }
}

/// What an escape stands for, and how many characters after its first belong to it.
fn unescape(escaped: char, after: &str) -> (Option<char>, usize) {
    let code = |from: usize, length: usize, radix: u32| {
        let digits = after.get(from..from + length)?;
        let all = digits.chars().all(|digit| digit.is_digit(radix));
        let code = u32::from_str_radix(digits, radix).ok().filter(|_| all)?;
        char::from_u32(code)
    };
    let fixed = |length: usize| match code(0, length, 16) {
        Some(character) => (Some(character), length),
        None => (None, 0),
    };
    match escaped {
        'n' => (Some('\n'), 0),
        't' => (Some('\t'), 0),
        'r' => (Some('\r'), 0),
        'a' => (Some('\u{7}'), 0),
        'b' => (Some('\u{8}'), 0),
        'f' => (Some('\u{c}'), 0),
        'v' => (Some('\u{b}'), 0),
        '\\' | '\'' | '"' => (Some(escaped), 0),
        'x' => fixed(2),
        'u' => fixed(4),
        'U' => fixed(8),
        '0'..='7' => {
            let mut value = escaped.to_digit(8).unwrap_or(0);
            let mut more = 0;
            for digit in after.chars().take(2).map_while(|c| c.to_digit(8)) {
                value = value * 8 + digit;
                more += 1;
            }
            (char::from_u32(value), more)
        }
        _ => (None, 0),
    }
}

/// Where the next `{{`, `{%` or `{#` is.
fn next_block(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'{', bytes)
        .find(|at| matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')))
}
