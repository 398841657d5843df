//! Invisible characters that are written as references: `&#xE0041;`.

use memchr::memmem;

use crate::payload::PayloadKind;
use crate::payload::places::Places;
use crate::payload::script::{is_selector, is_tag};

/// References that are looked at in one text.
const MOST: usize = 1_000_000;

/// Looks for numeric references to tag characters, to overrides of direction, and to
/// selectors beyond those of emoji. Joiners and spaces without width are not looked for:
/// pages are full of them, to break lines.
pub(super) fn look(text: &str, places: &mut Places) {
    for place in memmem::find_iter(text.as_bytes(), "&#").take(MOST) {
        let digits = text.get(place + 2..).unwrap_or("");
        let (digits, base) = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (digits, 10),
        };
        let end = digits
            .bytes()
            .take(9)
            .position(|byte| !char::from(byte).is_digit(base))
            .unwrap_or_else(|| digits.len().min(9));
        let character = digits
            .get(..end)
            .and_then(|digits| u32::from_str_radix(digits, base).ok())
            .and_then(char::from_u32);
        match character {
            Some(character) if is_tag(character) => places.note(PayloadKind::TagCharacters, place),
            Some('\u{202D}' | '\u{202E}') => places.note(PayloadKind::Bidirectional, place),
            Some(character) if is_selector(character) && character > '\u{FFFF}' => {
                places.note(PayloadKind::VariationSelectors, place);
            }
            _ => {}
        }
    }
}
