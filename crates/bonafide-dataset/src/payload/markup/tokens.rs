//! Text into tags, comments and text, in one pass whatever the text.
//!
//! Every search for an end either succeeds, and reading goes on behind it, or fails, and
//! then it fails for the rest of the text, which is remembered. So the time is linear in
//! the length, for hostile text too.

use memchr::{memchr, memmem};

use super::tag::Tag;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `<!-- … -->`, also without an end.
    Comment {
        /// Where it begins, in bytes.
        place: usize,
        /// What is in it.
        text: &'t str,
    },
    /// What is between tags; not what is in scripts and style sheets.
    Text(&'t str),
    /// `<name …>`.
    Open {
        /// Where it begins, in bytes.
        place: usize,
        /// What is in it.
        tag: Tag<'t>,
    },
    /// `</name>`.
    Close {
        /// The name as written.
        name: &'t str,
    },
}

#[derive(Debug)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    place: usize,
    /// The element whose content is no markup, which was just opened.
    raw: Option<&'t str>,
    /// There is no `"` from here to the end; no `'`.
    no_double: bool,
    no_single: bool,
}

/// Elements whose content is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp"];

impl<'t> Tokens<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            place: 0,
            raw: None,
            no_double: false,
            no_single: false,
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.place..).unwrap_or("")
    }

    /// Goes to behind the content of a script or style sheet.
    fn pass_raw(&mut self, name: &str) {
        let rest = self.rest();
        let end = memmem::find_iter(rest.as_bytes(), "</").find(|start| {
            rest.as_bytes()
                .get(start + 2..start + 2 + name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        });
        self.place = end.map_or(self.text.len(), |end| self.place + end);
    }

    fn comment(&mut self) -> Token<'t> {
        let place = self.place;
        let start = place + 4;
        let rest = self.text.get(start..).unwrap_or("");
        let end = memmem::find(rest.as_bytes(), b"-->").unwrap_or(rest.len());
        self.place = (start + end + 3).min(self.text.len());
        Token::Comment {
            place,
            text: rest.get(..end).unwrap_or(""),
        }
    }

    /// A declaration or processing instruction.
    fn pass_declaration(&mut self) {
        let end = memchr(b'>', self.rest().as_bytes());
        self.place = end.map_or(self.text.len(), |end| self.place + end + 1);
    }

    /// A tag, beginning at its name.
    fn tag(&mut self, mut at: usize) -> (Tag<'t>, usize) {
        let bytes = self.text.as_bytes();
        let is_name =
            |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'/' | b'>');
        let part = |from: usize, to: usize| self.text.get(from..to).unwrap_or("");
        let until = |from: usize, stop: &dyn Fn(&u8) -> bool| {
            let rest = bytes.get(from..).unwrap_or(&[]);
            from + rest.iter().position(stop).unwrap_or(rest.len())
        };
        let name_end = until(at, &|byte| !is_name(byte) || *byte == b'<');
        let mut tag = Tag::new(part(at, name_end));
        at = name_end;
        let (mut no_double, mut no_single) = (self.no_double, self.no_single);
        loop {
            at = until(at, &|byte| {
                !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
            });
            match bytes.get(at) {
                None => break,
                Some(b'>') => {
                    at += 1;
                    break;
                }
                // The tag was none, or forgets its end; what begins here counts.
                Some(b'<') => break,
                Some(b'/') => {
                    tag.closed = bytes.get(at + 1) == Some(&b'>');
                    at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let start = at;
            // A `=` at the beginning belongs to the name (13.2.5.32).
            at = until(at + 1, &|byte| {
                !is_name(byte) || matches!(byte, b'=' | b'<')
            });
            let name = part(start, at);
            let space = until(at, &|byte| {
                !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
            });
            if bytes.get(space) != Some(&b'=') {
                tag.push(name, "");
                continue;
            }
            at = until(space + 1, &|byte| {
                !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
            });
            let quote = match bytes.get(at) {
                Some(b'"') if !no_double => Some(b'"'),
                Some(b'\'') if !no_single => Some(b'\''),
                _ => None,
            };
            if let Some(quote) = quote {
                let rest = bytes.get(at + 1..).unwrap_or(&[]);
                if let Some(end) = memchr(quote, rest) {
                    tag.push(name, part(at + 1, at + 1 + end));
                    at += end + 2;
                    continue;
                }
                match quote {
                    b'"' => no_double = true,
                    _ => no_single = true,
                }
            }
            let start = at;
            at = until(at, &|byte| {
                matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'>' | b'<')
            });
            tag.push(name, part(start, at));
        }
        (self.no_double, self.no_single) = (no_double, no_single);
        (tag, at)
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        if let Some(name) = self.raw.take() {
            self.pass_raw(name);
        }
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let place = self.place;
            let (first, second) = (rest.as_bytes().first(), rest.as_bytes().get(1));
            match (first, second) {
                (Some(b'<'), Some(b'!')) if rest.starts_with("<!--") => {
                    return Some(self.comment());
                }
                (Some(b'<'), Some(b'!' | b'?')) => self.pass_declaration(),
                (Some(b'<'), Some(b'/'))
                    if rest.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) =>
                {
                    let (tag, end) = self.tag(place + 2);
                    self.place = end;
                    return Some(Token::Close { name: tag.name });
                }
                (Some(b'<'), Some(letter)) if letter.is_ascii_alphabetic() => {
                    let (tag, end) = self.tag(place + 1);
                    self.place = end;
                    if tag.is(RAW) && !tag.closed {
                        self.raw = Some(tag.name);
                    }
                    return Some(Token::Open { place, tag });
                }
                _ => {
                    // A `<` that opens nothing belongs to the text.
                    let from = usize::from(first == Some(&b'<'));
                    let next = rest.as_bytes().get(from..).unwrap_or(&[]);
                    let end = memchr(b'<', next).map_or(rest.len(), |end| from + end);
                    self.place = place + end;
                    return Some(Token::Text(rest.get(..end).unwrap_or("")));
                }
            }
        }
    }
}
