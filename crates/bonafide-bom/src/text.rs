//! Text of a document, made fit to print.

use bonafide_core::RawName;

/// The text with control characters escaped, cut to about so many characters.
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
