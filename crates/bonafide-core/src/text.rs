//! Text out of hostile input, made fit to be printed.

use crate::RawName;

/// At most `characters` of a text, escaped like [`RawName`]; `…` says that it was cut.
#[must_use]
pub fn excerpt(text: &str, characters: usize) -> String {
    let mut shown = String::new();
    let mut left = characters;
    for character in text.chars() {
        let piece = RawName::from(&*character.encode_utf8(&mut [0; 4])).to_string();
        match left.checked_sub(piece.chars().count()) {
            Some(rest) => left = rest,
            None => {
                shown.push('…');
                break;
            }
        }
        shown.push_str(&piece);
    }
    shown
}
