//! Where in a document something is: RFC 6901 pointers, lines and columns.

use std::collections::BTreeMap;
use std::fmt;

use super::admission::MOST_DEPTH;
use super::node::Node;
use crate::excerpt;

/// Most characters of a pointer that are shown.
const MOST_SHOWN: usize = 1_000;

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

/// Fit to print: the names of members are the document's, control characters and all.
impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            "" => formatter.write_str("/"),
            text => formatter.write_str(&excerpt(text, MOST_SHOWN)),
        }
    }
}

fn index(step: &str) -> Option<usize> {
    let plain = step.bytes().all(|byte| byte.is_ascii_digit());
    (plain && (step == "0" || !step.starts_with('0')))
        .then(|| step.parse().ok())
        .flatten()
}

/// Where in the text of an admitted document pointers lead: to the name of a member, to
/// the first byte of an element. Where a pointer leads nowhere, the innermost thing that
/// is there.
///
/// Positions are not kept in the tree: few are ever asked for, and then the text is read
/// once again, whatever the number of pointers.
#[must_use]
pub fn locate<'p>(
    document: &[u8],
    pointers: impl IntoIterator<Item = &'p Pointer>,
) -> Vec<Position> {
    let mut wanted = Wanted::default();
    let mut count = 0;
    for (number, pointer) in pointers.into_iter().enumerate() {
        wanted.add(&pointer.steps().unwrap_or_default(), number);
        count = number + 1;
    }
    let mut found = vec![0; count];
    if count > 0 {
        let mut scanner = Scanner {
            bytes: document,
            at: 0,
        };
        scanner.space();
        let start = scanner.at;
        scanner.search(&wanted, start, &mut found);
    }
    positions(document, &found)
}

/// Lines and columns of offsets, in one pass.
fn positions(document: &[u8], offsets: &[usize]) -> Vec<Position> {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    let offset = |number: &usize| offsets.get(*number).copied().unwrap_or_default();
    order.sort_by_key(offset);
    let mut found = vec![Position { line: 1, column: 1 }; offsets.len()];
    let (mut line, mut line_start, mut reached) = (1, 0, 0);
    for number in order {
        let at = offset(&number).min(document.len());
        let between = document.get(reached..at).unwrap_or_default();
        line += between.iter().filter(|byte| **byte == b'\n').count();
        if let Some(newline) = between.iter().rposition(|byte| *byte == b'\n') {
            line_start = reached + newline + 1;
        }
        reached = at;
        if let Some(place) = found.get_mut(number) {
            *place = Position {
                line,
                column: 1 + at - line_start,
            };
        }
    }
    found
}

/// Pointers as a tree of steps.
#[derive(Debug, Default)]
struct Wanted {
    /// Numbers of the pointers that lead here.
    here: Vec<usize>,
    inner: BTreeMap<String, Wanted>,
}

impl Wanted {
    /// No pointer leads further than a document can be deep.
    fn add(&mut self, steps: &[String], number: usize) {
        match steps.split_first() {
            Some((step, rest)) if steps.len() <= MOST_DEPTH + 1 => {
                self.inner
                    .entry(step.clone())
                    .or_default()
                    .add(rest, number);
            }
            _ => self.here.push(number),
        }
    }

    /// Notes a place for everything that leads here or further.
    fn note(&self, place: usize, found: &mut [usize]) {
        for number in &self.here {
            if let Some(slot) = found.get_mut(*number) {
                *slot = place;
            }
        }
        for inner in self.inner.values() {
            inner.note(place, found);
        }
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

    /// Finds what is wanted in the value that starts here, and steps over it. `place` is
    /// where the thing is that the value belongs to.
    fn search(&mut self, wanted: &Wanted, place: usize, found: &mut [usize]) {
        wanted.note(place, found);
        match self.peek() {
            Some(b'{') if !wanted.inner.is_empty() => {
                self.over(b'{');
                while self.peek() == Some(b'"') {
                    let start = self.at;
                    self.value();
                    let name = self.bytes.get(start..self.at).unwrap_or_default();
                    let name: String = serde_json::from_slice(name).unwrap_or_default();
                    self.over(b':');
                    match wanted.inner.get(&name) {
                        Some(inner) => self.search(inner, start, found),
                        None => self.value(),
                    }
                    self.over(b',');
                }
                self.over(b'}');
            }
            Some(b'[') if !wanted.inner.is_empty() => {
                self.over(b'[');
                let mut number = 0_usize;
                while !matches!(self.peek(), None | Some(b']')) {
                    match wanted.inner.get(&number.to_string()) {
                        Some(inner) => self.search(inner, self.at, found),
                        None => self.value(),
                    }
                    self.over(b',');
                    number += 1;
                }
                self.over(b']');
            }
            _ => self.value(),
        }
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
        let pointers = [Pointer::root(), Pointer::from_text(pointer)];
        let position = locate(TEXT.as_bytes(), &pointers)[1];
        (position.line, position.column)
    }

    /// Names come from the document: a terminal must not obey them.
    #[test]
    fn shows_no_control_characters() {
        let pointer = Pointer::root().member("\u{1b}[31m\n\u{7f}");
        assert_eq!(pointer.to_string(), "/\\u{1b}[31m\\n\\u{7f}");
        assert_eq!(pointer.as_str(), "/\u{1b}[31m\n\u{7f}");
        let long = Pointer::root().member(&"a".repeat(5_000)).to_string();
        assert!(long.chars().count() <= MOST_SHOWN + 1);
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
