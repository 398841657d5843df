//! JSON as tokens, as far as it is JSON: mutants are mutated again.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// A string before a colon.
    Name,
    /// Another string.
    Text,
    /// A number or a word.
    Scalar,
    /// `:` or `,`.
    Mark,
}

#[derive(Debug, Clone)]
pub struct Token {
    pub kind: Kind,
    /// Bytes of the document.
    pub range: Range<usize>,
    /// Directly inside of `[` and `]`.
    pub in_list: bool,
}

/// The tokens of a document; of a broken one, whatever looks like tokens.
pub fn tokens(text: &[u8]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut around: Vec<u8> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at;
        let in_list = around.last() == Some(&b'[');
        let kind = match text[at] {
            b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            open @ (b'{' | b'[') => {
                around.push(open);
                at += 1;
                Kind::Open
            }
            b'}' | b']' => {
                around.pop();
                at += 1;
                Kind::Close
            }
            mark @ (b':' | b',') => {
                at += 1;
                if let Some(last) = tokens.last_mut()
                    && mark == b':'
                    && last.kind == Kind::Text
                {
                    last.kind = Kind::Name;
                }
                Kind::Mark
            }
            b'"' => {
                at = end_of_string(text, at);
                Kind::Text
            }
            _ => {
                while at < text.len() && !b" \t\n\r{}[]:,\"".contains(&text[at]) {
                    at += 1;
                }
                Kind::Scalar
            }
        };
        tokens.push(Token {
            kind,
            range: start..at,
            in_list,
        });
    }
    tokens
}

fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Bytes of the value that starts with a token: all of an object or list.
pub fn value(tokens: &[Token], index: usize) -> Range<usize> {
    let first = &tokens[index];
    let mut depth = 0_usize;
    for token in &tokens[index..] {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return first.range.start..token.range.end;
        }
    }
    first.range.start..tokens.last().map_or(first.range.end, |last| last.range.end)
}
