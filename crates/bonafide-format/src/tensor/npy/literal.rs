//! Python literals, as far as headers of arrays have them. Anything that would have to be
//! evaluated is malformed.

use crate::stop::Stop;

/// Deepest nesting: a column of a table that is a table, and so on.
const DEEPEST: usize = 16;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    None,
    Boolean(bool),
    Number(u64),
    Text(String),
    Tuple(Vec<Literal>),
    List(Vec<Literal>),
    Dictionary(Vec<(Literal, Literal)>),
}

impl Literal {
    pub(super) fn unsigned(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// For people, shortened to what tells types apart.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(columns) => format!("{} columns", columns.len()),
            _ => "something else".to_owned(),
        }
    }
}

/// Reads one value; gives what comes after it. `start` is where the text is in the file.
pub(super) fn parse(text: &str, start: u64) -> Result<(Literal, &str), Stop> {
    let mut parser = Parser { text, at: 0, start };
    let value = parser.value(0)?;
    Ok((value, parser.rest()))
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    start: u64,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self, wanted: &str) -> Stop {
        Stop::malformed(
            self.start.saturating_add(self.at as u64),
            format!("expected {wanted}"),
        )
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let visible = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - visible.len();
    }

    fn take(&mut self, word: &str) -> bool {
        self.blanks();
        let is = self.rest().starts_with(word);
        self.at += if is { word.len() } else { 0 };
        is
    }

    fn value(&mut self, depth: usize) -> Result<Literal, Stop> {
        if depth > DEEPEST {
            return Err(self.wrong("less nesting"));
        }
        if self.take("{") {
            return self.dictionary(depth);
        }
        if self.take("(") {
            let (mut values, commas) = self.values(")", depth)?;
            // One value in brackets is that value.
            return Ok(match values.pop() {
                Some(only) if commas == 0 => only,
                last => {
                    values.extend(last);
                    Literal::Tuple(values)
                }
            });
        }
        if self.take("[") {
            return Ok(Literal::List(self.values("]", depth)?.0));
        }
        for (word, value) in [
            ("True", Literal::Boolean(true)),
            ("False", Literal::Boolean(false)),
            ("None", Literal::None),
        ] {
            if self.take(word) {
                return Ok(value);
            }
        }
        match self.rest().bytes().next() {
            Some(b'0'..=b'9') => self.number(),
            Some(b'\'' | b'"' | b'u' | b'b') => self.string(),
            _ => Err(self.wrong("a literal")),
        }
    }

    fn values(&mut self, close: &str, depth: usize) -> Result<(Vec<Literal>, usize), Stop> {
        let mut values = Vec::new();
        let mut commas = 0;
        loop {
            if self.take(close) {
                return Ok((values, commas));
            }
            values.push(self.value(depth + 1)?);
            if self.take(",") {
                commas += 1;
            } else if self.take(close) {
                return Ok((values, commas));
            } else {
                return Err(self.wrong("`,` or a closing bracket"));
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Literal, Stop> {
        let mut entries = Vec::new();
        loop {
            if self.take("}") {
                return Ok(Literal::Dictionary(entries));
            }
            let key = self.value(depth + 1)?;
            if !self.take(":") {
                return Err(self.wrong("`:`"));
            }
            entries.push((key, self.value(depth + 1)?));
            if !self.take(",") {
                if self.take("}") {
                    return Ok(Literal::Dictionary(entries));
                }
                return Err(self.wrong("`,` or `}`"));
            }
        }
    }

    fn number(&mut self) -> Result<Literal, Stop> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let number = self.rest().get(..digits).unwrap_or_default().parse();
        let number = number.map_err(|_| self.wrong("a smaller number"))?;
        self.at += digits;
        // Python 2 wrote lengths as `10L`.
        if self.rest().starts_with('L') {
            self.at += 1;
        }
        Ok(Literal::Number(number))
    }

    fn string(&mut self) -> Result<Literal, Stop> {
        if self.rest().starts_with(['u', 'b']) {
            self.at += 1;
        }
        let Some(quote @ ('\'' | '"')) = self.rest().chars().next() else {
            return Err(self.wrong("a literal"));
        };
        self.at += 1;
        let mut text = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((index, character)) = characters.next() {
            match character {
                '\n' => break,
                '\\' => {
                    // Names of columns may have escapes; what they are is of no concern,
                    // but an escaped quote must not end the text.
                    text.push('\\');
                    text.extend(characters.next().map(|(_, escaped)| escaped));
                }
                _ if character == quote => {
                    self.at += index + 1;
                    return Ok(Literal::Text(text));
                }
                _ => text.push(character),
            }
        }
        Err(self.wrong("the end of a text"))
    }
}
