//! What is looked at before the parser: encoding, depth, counts.
//!
//! The parser (`roxmltree`) does not recurse into elements, but it takes time that is
//! quadratic in the attributes of one element and in the namespaces in force, and it
//! reserves memory by the number of `<` and `=` in the text. Our own walk recurses.

use super::violation::XmlError;
use crate::excerpt;
use crate::json::{MOST_DEPTH, Position};

/// Most attributes of one element; CycloneDX has none with more than six.
pub const MOST_ATTRIBUTES: usize = 32;

/// Most tags, and most signs of equality.
pub(super) const MOST_NODES: u32 = 8_000_000;

/// Most namespaces that are in force at one place.
const MOST_NAMESPACES: usize = 64;

/// Most comparisons of prefixes that declarations of namespaces may cost.
const MOST_COMPARISONS: usize = 50_000_000;

/// Looks over the bytes, and gives the text that the parser reads.
pub(super) fn admit(bytes: &[u8], limit: usize) -> Result<&str, XmlError> {
    if bytes.len() > limit {
        return Err(XmlError::Size {
            size: bytes.len(),
            limit,
        });
    }
    // XML 1.0 appendix F: how the other encodings begin.
    let other = match bytes {
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, b'<', ..] | [b'<', 0, ..] => Some("UTF-16"),
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => Some("UTF-32"),
        _ => None,
    };
    if let Some(encoding) = other {
        let encoding = encoding.to_owned();
        return Err(XmlError::Encoding { encoding });
    }
    let declared = declared_encoding(bytes).unwrap_or("UTF-8");
    if !["UTF-8", "US-ASCII", "ASCII"]
        .iter()
        .any(|known| declared.eq_ignore_ascii_case(known))
    {
        return Err(XmlError::Encoding {
            encoding: excerpt(declared, 100),
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| XmlError::Utf8 {
        position: position(bytes, error.valid_up_to()),
    })?;
    count(bytes)?;
    Scanner { bytes, at: 0 }.scan()?;
    Ok(text)
}

/// The encoding that the XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let rest = bytes.strip_prefix(b"<?xml")?;
    let end = rest.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(rest.get(..end)?).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|quote| "'\"".contains(*quote))?;
    Some(value.get(1..)?.split(quote).next()?.trim())
}

fn count(bytes: &[u8]) -> Result<(), XmlError> {
    let limit = MOST_NODES as usize;
    let many = |wanted: u8| bytes.iter().filter(|byte| **byte == wanted).count() > limit;
    // Signs of equality in text count too: the parser reserves memory for each.
    if bytes.len() > limit && (many(b'<') || many(b'=')) {
        return Err(XmlError::Nodes { limit: MOST_NODES });
    }
    Ok(())
}

/// Line and column of a byte.
pub(super) fn position(bytes: &[u8], at: usize) -> Position {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    Position {
        line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
        column: 1 + before.len() - line_start,
    }
}

/// Steps over tags. What is not well-formed is left to the parser to refuse.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn scan(mut self) -> Result<(), XmlError> {
        // How many namespaces are in force in each open element.
        let mut open: Vec<usize> = Vec::new();
        let mut comparisons = 0_usize;
        while self.find(b"<") {
            let start = self.at;
            let rest = self.bytes.get(start..).unwrap_or_default();
            let here = || position(self.bytes, start);
            if rest.starts_with(b"<!--") {
                self.at += 4;
                self.over(b"-->");
            } else if rest.starts_with(b"<![CDATA[") {
                self.at += 9;
                self.over(b"]]>");
            } else if rest.starts_with(b"<?") {
                self.at += 2;
                self.over(b"?>");
            } else if rest.starts_with(b"<!") {
                return Err(XmlError::DocumentType { position: here() });
            } else if rest.starts_with(b"</") {
                open.pop();
                self.over(b">");
            } else {
                let tag = self.tag();
                if tag.attributes > MOST_ATTRIBUTES {
                    return Err(XmlError::Attributes { position: here() });
                }
                let outer = open.last().copied().unwrap_or(2);
                let namespaces = outer + tag.namespaces;
                if tag.namespaces > 0 {
                    comparisons += namespaces * namespaces;
                }
                if namespaces > MOST_NAMESPACES || comparisons > MOST_COMPARISONS {
                    return Err(XmlError::Namespaces { position: here() });
                }
                if open.len() == MOST_DEPTH {
                    return Err(XmlError::Depth { position: here() });
                }
                if tag.form == Form::Open {
                    open.push(namespaces);
                }
            }
        }
        Ok(())
    }

    /// Goes to the next byte that is this; false at the end.
    fn find(&mut self, wanted: &[u8; 1]) -> bool {
        let [wanted] = *wanted;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match rest.iter().position(|byte| *byte == wanted) {
            Some(offset) => {
                self.at += offset;
                true
            }
            None => {
                self.at = self.bytes.len();
                false
            }
        }
    }

    /// Goes behind the next such bytes, or to the end.
    fn over(&mut self, wanted: &[u8]) {
        let Some((last, head)) = wanted.split_last() else {
            return;
        };
        let start = self.at;
        while self.find(&[*last]) {
            let read = self.bytes.get(start..self.at).unwrap_or_default();
            self.at += 1;
            if read.ends_with(head) {
                return;
            }
        }
    }

    /// Steps over a start tag.
    fn tag(&mut self) -> Tag {
        let mut tag = Tag {
            attributes: 0,
            namespaces: 0,
            form: Form::Open,
        };
        let mut previous = b'<';
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            match byte {
                b'>' => {
                    if previous == b'/' {
                        tag.form = Form::Closed;
                    }
                    return tag;
                }
                b'"' | b'\'' => {
                    tag.attributes += 1;
                    if self.find(&[byte]) {
                        self.at += 1;
                    }
                }
                b'x' if previous.is_ascii_whitespace() => {
                    let rest = self.bytes.get(self.at..).unwrap_or_default();
                    if rest.starts_with(b"mlns") {
                        tag.namespaces += 1;
                    }
                }
                _ => {}
            }
            previous = byte;
        }
        tag
    }
}

struct Tag {
    attributes: usize,
    namespaces: usize,
    form: Form,
}

#[derive(PartialEq, Eq)]
enum Form {
    Open,
    Closed,
}
