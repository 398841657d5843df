//! Excerpts in which nothing is hidden any more.

use std::fmt::Write;

use super::script::is_of_interest;

/// Characters of an excerpt before its place, and from it on.
const BEFORE: usize = 16;
const AFTER: usize = 64;

/// What stands around a byte of a text, with everything that is invisible written as
/// `\u{…}`; `…` says where it was cut.
pub(super) fn around(text: &str, place: usize) -> String {
    let mut start = place.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
    let mut lead: Vec<char> = before.chars().rev().take(BEFORE).collect();
    lead.reverse();
    let mut shown = String::new();
    if before.chars().nth(BEFORE).is_some() {
        shown.push('…');
    }
    for character in lead {
        escape(&mut shown, character);
    }
    let mut rest = after.chars();
    for character in rest.by_ref().take(AFTER) {
        escape(&mut shown, character);
    }
    if rest.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The first bytes in hexadecimal.
pub(super) fn first_bytes(bytes: &[u8]) -> String {
    let mut shown = String::new();
    for byte in bytes.iter().take(12) {
        // Writing to a string does not fail.
        let _ = write!(shown, "{byte:02x}");
    }
    shown
}

fn escape(shown: &mut String, character: char) {
    match character {
        '\\' => shown.push_str("\\\\"),
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        character
            if character.is_control()
                || is_of_interest(character)
                || bonafide_core::excerpt(character.encode_utf8(&mut [0; 4]), 16).len()
                    != character.len_utf8() =>
        {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        }
        character => shown.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_is_hidden() {
        assert_eq!(
            around("ab\u{200d}c\u{e0041}\u{fe0f}\x1b[0m\u{202e}", 2),
            "ab\\u{200d}c\\u{e0041}\\u{fe0f}\\u{1b}[0m\\u{202e}"
        );
        assert_eq!(around("naïve", 1), "naïve");
        assert_eq!(around("", 7), "");
        assert_eq!(around("ä", 1), "ä");
    }

    #[test]
    fn is_short() {
        let long = "x".repeat(1 << 20);
        let shown = around(&long, 1 << 19);
        assert_eq!(shown.chars().count(), BEFORE + AFTER + 2);
        assert_eq!(first_bytes(&[0, 255]), "00ff");
    }
}
