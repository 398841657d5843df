//! The YAML between two lines `---` at the beginning of a Markdown file.

use super::yaml::MOST_BYTES;
use super::{ModelCardError, yaml};
use crate::json::{Node, Object};

/// The map in the front matter of a file; empty front matter is an empty map.
pub(super) fn read(file: &[u8]) -> Result<Object<'static>, ModelCardError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    match yaml::read(between(file)?)? {
        Node::Object(object) => Ok(object),
        Node::Null => Ok(Object::default()),
        other => Err(ModelCardError::Shape {
            found: other.kind(),
        }),
    }
}

/// As the Hub's own client finds it: white space may stand before the first line, and the
/// lines are `---` and nothing else. Where another reader sees a card, so do we.
fn between(file: &[u8]) -> Result<&[u8], ModelCardError> {
    let is_mark = |line: &[u8]| matches!(line, b"---" | b"---\n" | b"---\r\n");
    let file = file.trim_ascii_start();
    let mut lines = file.split_inclusive(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    if !is_mark(first) {
        return Err(ModelCardError::NoFrontMatter);
    }
    let start = first.len();
    let mut length: usize = 0;
    for line in lines {
        if is_mark(line) {
            let end = start.saturating_add(length);
            return Ok(file.get(start..end).unwrap_or_default());
        }
        length = length.saturating_add(line.len());
        if length > MOST_BYTES {
            break;
        }
    }
    Err(ModelCardError::Unclosed { limit: MOST_BYTES })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_front_matter_and_nothing_else() {
        for (file, members) in [
            ("---\nlicense: mit\n---\n# Title\n---\nx: y\n---\n", 1),
            ("---\r\nlicense: mit\r\ntags:\r\n- a\r\n---\r\ntext", 2),
            ("\u{feff}---\na: b\n---", 1),
            ("---\n---\n", 0),
            ("\n \r\n---\n# comment\n---\n", 0),
        ] {
            assert_eq!(read(file.as_bytes()).unwrap().len(), members, "{file}");
        }
        for (file, expected) in [
            ("", "no front matter"),
            ("# Title\n---\na: b\n---\n", "no front matter"),
            ("----\na: b\n---\n", "no front matter"),
            ("---  \na: b\n---\n", "no front matter"),
            ("---\na: b\n", "without an end"),
            ("---\na: b\n--- \nc: d\n---\n", "second YAML document"),
            ("---\n- a\n---\n", "found a list"),
            ("---\ntext\n---\n", "found text"),
        ] {
            let error = read(file.as_bytes()).expect_err(file).to_string();
            assert!(error.contains(expected), "{file}: {error}");
        }
        let long = format!("---\n{}", "#\n".repeat(MOST_BYTES));
        assert!(matches!(
            read(long.as_bytes()),
            Err(ModelCardError::Unclosed { .. })
        ));
        // What follows the front matter may be anything.
        assert!(read(b"---\na: b\n---\n\xff\xfe").is_ok());
    }
}
