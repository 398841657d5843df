//! Where in a document something is: RFC 6901 pointers, lines and columns.

use std::fmt;

use super::node::Node;

/// A JSON Pointer (RFC 6901) that grows and shrinks with a walk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(String);

/// A place in the text, both counted from 1; columns in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in bytes.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {} column {}", self.line, self.column)
    }
}

impl Pointer {
    /// The whole document.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// A pointer as text, taken as it is.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, with `~0` and `~1` for `~` and `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pointer to a member of what this one points at.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let mut inner = self.clone();
        inner.push(name);
        inner
    }

    /// The pointer to an element of what this one points at.
    #[must_use]
    pub fn element(&self, index: usize) -> Self {
        self.member(&index.to_string())
    }

    /// Goes one step down; returns the mark that [`Pointer::pop`] takes to go back.
    pub fn push(&mut self, name: &str) -> usize {
        let mark = self.0.len();
        self.0.push('/');
        for character in name.chars() {
            match character {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                _ => self.0.push(character),
            }
        }
        mark
    }

    /// Goes back to where [`Pointer::push`] was called.
    pub fn pop(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    /// Steps of the pointer with escapes resolved; none if it is not a pointer.
    fn steps(&self) -> Option<Vec<String>> {
        if self.0.is_empty() {
            return Some(Vec::new());
        }
        let steps = self.0.strip_prefix('/')?.split('/');
        steps
            .map(|step| {
                let mut rest = step.split('~');
                let mut plain = rest.next().unwrap_or_default().to_owned();
                for piece in rest {
                    plain.push(match piece.chars().next()? {
                        '0' => '~',
                        '1' => '/',
                        _ => return None,
                    });
                    plain.push_str(piece.get(1..)?);
                }
                Some(plain)
            })
            .collect()
    }

    /// What it points at in the document; none if nothing is there, or if it is not a
    /// pointer. RFC 6901 §4: an index has no leading zero, and `-` names nothing.
    #[must_use]
    pub fn resolve<'n, 'a>(&self, root: &'n Node<'a>) -> Option<&'n Node<'a>> {
        self.steps()?
            .iter()
            .try_fold(root, |node, step| match node {
                Node::Object(object) => object.get(step),
                Node::List(list) => list.get(index(step)?),
                _ => None,
            })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

fn index(step: &str) -> Option<usize> {
    let plain = step.bytes().all(|byte| byte.is_ascii_digit());
    (plain && (step == "0" || !step.starts_with('0')))
        .then(|| step.parse().ok())
        .flatten()
}

/// Where in the text of an admitted document a pointer leads: to the name of a member,
/// to the first byte of an element. Where the pointer leads nowhere, the innermost
/// thing that is there.
///
/// Positions are not kept in the tree: few are ever asked for, and then the text is read again.
#[must_use]
pub fn locate(document: &[u8], pointer: &Pointer) -> Position {
    let mut scanner = Scanner {
        bytes: document,
        at: 0,
    };
    scanner.space();
    let mut place = scanner.at;
    for step in pointer.steps().unwrap_or_default() {
        let found = match scanner.peek() {
            Some(b'{') => scanner.enter_member(&step),
            Some(b'[') => index(&step).and_then(|index| scanner.enter_element(index)),
            _ => None,
        };
        match found {
            Some(start) => place = start,
            None => break,
        }
    }
    let before = document.get(..place).unwrap_or(document);
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    Position {
        line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
        column: 1 + before.len() - line_start,
    }
}

/// Steps over the text of a document that is known to be JSON.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Steps over a separator, if it is there.
    fn over(&mut self, separator: u8) {
        self.space();
        if self.peek() == Some(separator) {
            self.at += 1;
        }
        self.space();
    }

    /// From `{` to the value of the member; gives where its name starts.
    fn enter_member(&mut self, wanted: &str) -> Option<usize> {
        self.over(b'{');
        while self.peek() == Some(b'"') {
            let start = self.at;
            self.value();
            let name = self.bytes.get(start..self.at)?;
            let name: String = serde_json::from_slice(name).ok()?;
            self.over(b':');
            if name == wanted {
                return Some(start);
            }
            self.value();
            self.over(b',');
        }
        None
    }

    /// From `[` to the element.
    fn enter_element(&mut self, index: usize) -> Option<usize> {
        self.over(b'[');
        for _ in 0..index {
            if matches!(self.peek(), None | Some(b']')) {
                return None;
            }
            self.value();
            self.over(b',');
        }
        (!matches!(self.peek(), None | Some(b']'))).then_some(self.at)
    }

    /// Steps over one value.
    fn value(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += 1;
                    while let Some(byte) = self.peek() {
                        self.at += if byte == b'\\' { 2 } else { 1 };
                        if byte == b'"' {
                            break;
                        }
                    }
                }
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' if open == 0 => return,
                b'}' | b']' => {
                    open -= 1;
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if open == 0 => return,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if open == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    const TEXT: &str = "{\n  \"a\": [1, {\"b/c\": \"}\\\"]\"}],\n  \"d\": {\"~\": null}\n}";

    fn at(pointer: &str) -> (usize, usize) {
        let position = locate(TEXT.as_bytes(), &Pointer::from_text(pointer));
        (position.line, position.column)
    }

    #[test]
    fn finds_names_and_elements() {
        assert_eq!(at(""), (1, 1));
        assert_eq!(at("/a"), (2, 3));
        assert_eq!(at("/a/0"), (2, 9));
        assert_eq!(at("/a/1"), (2, 12));
        assert_eq!(at("/a/1/b~1c"), (2, 13));
        assert_eq!(at("/d/~0"), (3, 9));
        // As far as it leads.
        assert_eq!(at("/a/7"), (2, 3));
        assert_eq!(at("/x"), (1, 1));
    }

    #[test]
    fn resolves_as_rfc_6901_says() {
        let root = admit(TEXT.as_bytes(), 1 << 20).unwrap();
        let resolve = |pointer: &str| Pointer::from_text(pointer).resolve(&root).is_some();
        for good in ["", "/a", "/a/0", "/a/1/b~1c", "/d/~0"] {
            assert!(resolve(good), "{good}");
        }
        for bad in ["a", "/a/2", "/a/00", "/a/-", "/d/~", "/d/~2", "/a/0/x", "/"] {
            assert!(!resolve(bad), "{bad}");
        }
    }
}
