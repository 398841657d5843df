//! Text inside of XML and HTML.

use bonafide_core::RawName;

use super::words::visible;

/// Text of our own, or text that was made visible before, for use between tags
/// and in quoted attributes. Characters that XML 1.0 forbids are spelled out.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push('\n'),
            character if character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}') => {
                escaped.extend(character.escape_unicode());
            }
            character => escaped.push(character),
        }
    }
    escaped
}

/// Text of a document, made visible and escaped.
pub(super) fn foreign(text: &str) -> String {
    escaped(&visible(&RawName::from(text)))
}

#[cfg(test)]
mod tests {
    use super::{escaped, foreign};

    #[test]
    fn nothing_of_a_document_becomes_markup_or_moves_text() {
        assert_eq!(
            foreign("<b a='x' c=\"y\">&\u{0}\u{202e}\u{ffff}\n"),
            "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;\\u{0}\\u{202e}\\u{ffff}\\n"
        );
        assert_eq!(escaped("a\nb"), "a\nb");
    }
}
