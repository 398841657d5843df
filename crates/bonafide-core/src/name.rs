//! Names of files inside artifacts: untrusted bytes until they have been parsed.
//!
//! A name comes from a directory listing or out of a signed document. Both may
//! be written by an attacker, so joining such a name to a path is possible only
//! through [`ArtifactName`], and printing one only through an escaping `Display`.

use std::fmt;
use std::path::Path;

use serde::{Serialize, Serializer};

/// Longest name in bytes: what Linux and macOS can open in one call (`PATH_MAX`).
const LONGEST: usize = 4096;

/// The bytes of a name exactly as they were found.
///
/// `Display` escapes what could fool a reader or a terminal: control and
/// invisible characters, bidirectional overrides, the backslash itself and
/// bytes that are not UTF-8. Names longer than 4,096 bytes, which no system
/// call takes whole, are cut and say so.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawName(Box<[u8]>);

impl RawName {
    /// Keeps the bytes as they are.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes as they were found.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&Path> for RawName {
    fn from(path: &Path) -> Self {
        Self(path.as_os_str().as_encoded_bytes().into())
    }
}

impl From<&str> for RawName {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl fmt::Display for RawName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.get(..LONGEST).unwrap_or(&self.0);
        for chunk in shown.utf8_chunks() {
            for character in chunk.valid().chars() {
                write_escaped(formatter, character)?;
            }
            for byte in chunk.invalid() {
                write!(formatter, "\\x{byte:02x}")?;
            }
        }
        if shown.len() < self.0.len() {
            write!(formatter, "… ({} bytes)", self.0.len())?;
        }
        Ok(())
    }
}

fn write_escaped(formatter: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    match character {
        '\\' => formatter.write_str("\\\\"),
        '\n' => formatter.write_str("\\n"),
        '\r' => formatter.write_str("\\r"),
        '\t' => formatter.write_str("\\t"),
        character if character.is_control() || is_invisible(character) => {
            write!(formatter, "{}", character.escape_unicode())
        }
        character => fmt::Write::write_char(formatter, character),
    }
}

/// Characters that take no space or reorder their neighbours (Unicode
/// `Default_Ignorable_Code_Point` and `Bidi_Control`, without the variation
/// selectors and the zero-width joiner that ordinary emoji are made of).
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180E}'
            | '\u{200B}'..='\u{200C}'
            | '\u{200E}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

impl fmt::Debug for RawName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{self}\"")
    }
}

impl Serialize for RawName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A relative, normalized name with `/` between its components.
///
/// It cannot leave the root that it is joined to: no `..`, `.` or empty
/// component, no leading or trailing `/`, no NUL or other control character,
/// valid UTF-8. The accepted text is byte for byte what was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactName(Box<str>);

/// Why bytes are not an [`ArtifactName`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// No bytes at all.
    #[error("name is empty")]
    Empty,
    /// Longer than any system call takes.
    #[error("name has {length} bytes, more than {LONGEST}")]
    TooLong {
        /// Bytes of the name.
        length: usize,
    },
    /// Not UTF-8.
    #[error("name is not UTF-8 at byte {position}")]
    NotUtf8 {
        /// Offset of the first bad byte.
        position: usize,
    },
    /// Starts with `/`.
    #[error("name is absolute")]
    Absolute,
    /// Has a `..` component.
    #[error("name leaves its directory with `..`")]
    Traversal,
    /// Has a `.` component, an empty one, or a trailing `/`.
    #[error("name is not normalized (`.`, `//` or a trailing `/`)")]
    NotNormalized,
    /// Holds NUL or another control character.
    #[error("name holds the control character U+{code:04X} at byte {position}")]
    Control {
        /// Code point of the character.
        code: u32,
        /// Offset of the character in bytes.
        position: usize,
    },
}

impl ArtifactName {
    /// Accepts a name or says what is wrong with it.
    pub fn parse(raw: &[u8]) -> Result<Self, NameError> {
        if raw.is_empty() {
            return Err(NameError::Empty);
        }
        if raw.len() > LONGEST {
            return Err(NameError::TooLong { length: raw.len() });
        }
        let text = std::str::from_utf8(raw).map_err(|error| NameError::NotUtf8 {
            position: error.valid_up_to(),
        })?;
        if let Some((position, character)) = text
            .char_indices()
            .find(|(_, character)| character.is_control())
        {
            return Err(NameError::Control {
                code: character.into(),
                position,
            });
        }
        if text.starts_with('/') {
            return Err(NameError::Absolute);
        }
        if text.split('/').any(|component| component == "..") {
            return Err(NameError::Traversal);
        }
        if text
            .split('/')
            .any(|component| matches!(component, "" | "."))
        {
            return Err(NameError::NotNormalized);
        }
        Ok(Self(text.into()))
    }

    /// The name, exactly as found.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes, outermost first; never empty.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// True when `self` is `directory` itself or lies below it.
    #[must_use]
    pub fn is_within(&self, directory: &Self) -> bool {
        self.0
            .strip_prefix(&*directory.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The same bytes as an unparsed name.
    #[must_use]
    pub fn to_raw(&self) -> RawName {
        RawName::from(&*self.0)
    }

    /// Characters in the name that a reader would not see, or that reorder
    /// what a reader sees; first one with its byte offset.
    #[must_use]
    pub fn invisible_character(&self) -> Option<(usize, char)> {
        self.0
            .char_indices()
            .find(|(_, character)| is_invisible(*character))
    }
}

impl fmt::Display for ArtifactName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .chars()
            .try_for_each(|character| write_escaped(formatter, character))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_names_that_could_leave_the_root_or_fool_a_reader() {
        let table: [(&[u8], NameError); 11] = [
            (b"", NameError::Empty),
            (b"/etc/passwd", NameError::Absolute),
            (b"..", NameError::Traversal),
            (b"a/../b", NameError::Traversal),
            (b"./a", NameError::NotNormalized),
            (b"a//b", NameError::NotNormalized),
            (b"a/", NameError::NotNormalized),
            (
                b"a\0b",
                NameError::Control {
                    code: 0,
                    position: 1,
                },
            ),
            (
                b"a\nb",
                NameError::Control {
                    code: 10,
                    position: 1,
                },
            ),
            (
                "a\u{85}".as_bytes(),
                NameError::Control {
                    code: 0x85,
                    position: 1,
                },
            ),
            (b"a\xffb", NameError::NotUtf8 { position: 1 }),
        ];
        for (raw, expected) in table {
            assert_eq!(ArtifactName::parse(raw), Err(expected), "{raw:?}");
        }
        assert!(ArtifactName::parse(&vec![b'a'; LONGEST + 1]).is_err());
    }

    #[test]
    fn keeps_the_accepted_name_byte_for_byte() {
        for name in ["a", "a/b c/d", "..a", "a..", "😀/é", ".git", "a\\b"] {
            let parsed = ArtifactName::parse(name.as_bytes()).expect("accepted");
            assert_eq!(parsed.as_str(), name);
        }
    }

    #[test]
    fn within_looks_at_components_not_at_prefixes() {
        let name = |text: &str| ArtifactName::parse(text.as_bytes()).expect("valid");
        assert!(name("a/b").is_within(&name("a")));
        assert!(name("a").is_within(&name("a")));
        assert!(!name("ab").is_within(&name("a")));
        assert!(!name("a").is_within(&name("a/b")));
    }

    #[test]
    fn display_shows_what_a_terminal_would_hide() {
        let raw = RawName::new(*b"a\x1b[2J\n\xff\\");
        assert_eq!(raw.to_string(), "a\\u{1b}[2J\\n\\xff\\\\");
        assert_eq!(RawName::from("x\u{202e}y").to_string(), "x\\u{202e}y");
        assert_eq!(RawName::from("naïve 😀").to_string(), "naïve 😀");
    }
}
