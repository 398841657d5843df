//! Indentation within flow collections of YAML.
//!
//! YAML 1.2 (7.4) has every line of a flow collection indented deeper than the block that it
//! is in. PyYAML and libyaml do not ask for that, and configurations are written so:
//!
//! ```yaml
//! paths: [
//!   a
//! ]
//! ```
//!
//! The blanks that are missing are put in before the text is parsed. Blanks at the start of
//! a line mean nothing within a flow collection, so nothing else changes.

use std::borrow::Cow;

use saphyr_parser::{Parser, ScanError};

/// Blanks that are put in at once.
const BLANKS: &str = "                ";

/// Most bytes that are parsed in order to find the lines.
const MOST_PARSED: usize = 4 << 20;

/// A text whose flow collections are indented.
pub(super) struct Indented<'t> {
    text: Cow<'t, str>,
    /// Where blanks were put in, in the order of the text.
    inserted: Vec<usize>,
}

impl Indented<'_> {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of it is in the text as written.
    pub(super) fn original(&self, at: usize) -> usize {
        let before = self.inserted.iter().take_while(|place| **place < at);
        let added: usize = before
            .map(|place| BLANKS.len().min(at.saturating_sub(*place)))
            .sum();
        at.saturating_sub(added)
    }
}

/// Indents the lines of flow collections that are not deep enough, as far as that is what
/// keeps the text from being parsed.
pub(super) fn indented(text: &str) -> Indented<'_> {
    let mut indented = Indented {
        text: Cow::Borrowed(text),
        inserted: Vec::new(),
    };
    let mut parsed = 0_usize;
    loop {
        parsed = parsed.saturating_add(indented.text.len());
        let place = if parsed <= MOST_PARSED || indented.inserted.is_empty() {
            failure(&indented.text).and_then(|error| line(&indented.text, &error))
        } else {
            None
        };
        let Some(place) = place else {
            return indented;
        };
        // The text is read from its start to its end; and no line needs many blanks.
        let last = indented.inserted.last().copied().unwrap_or(0);
        let again = indented.inserted.iter().rev();
        if place < last || again.take_while(|known| **known == place).count() > 8 {
            return indented;
        }
        indented.text.to_mut().insert_str(place, BLANKS);
        indented.inserted.push(place);
    }
}

/// What keeps a text from being parsed.
fn failure(text: &str) -> Option<ScanError> {
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        if let Err(error) = event {
            return Some(error);
        }
    }
    None
}

/// Start of the line that is not indented enough.
fn line(text: &str, error: &ScanError) -> Option<usize> {
    if !matches!(
        error.info(),
        "invalid indentation" | "invalid indentation in flow construct"
    ) {
        return None;
    }
    let index = error.marker().index();
    let (at, _) = text.char_indices().nth(index)?;
    let before = text.get(..at)?;
    Some(before.rfind(['\n', '\r']).map_or(0, |end| end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_at_the_column_of_the_key_are_indented() {
        for text in [
            "on:\n  push:\n    paths: [\n      'a',\n      'b'\n    ]\n    c: 1\n",
            "a:\n  b: [\n  x,\n  y\n  ]\n  c: {\n  d: 1\n  }\n",
        ] {
            assert!(failure(text).is_some(), "{text}");
            let indented = indented(text);
            assert!(failure(indented.text()).is_none(), "{}", indented.text());
            let at = indented.text().find("c:").unwrap();
            assert_eq!(Some(indented.original(at)), text.find("c:"));
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in ["a: 1\n", "a: [1\nb: 2\n", "a:\n    b: 1\n  c: 2\n", "]"] {
            assert_eq!(indented(text).text(), text);
        }
    }
}
