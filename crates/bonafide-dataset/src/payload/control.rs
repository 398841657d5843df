//! Control characters and terminal sequences.

use super::PayloadKind;
use super::places::Places;
use super::script::is_control;

/// Looks for controls of ASCII. A Ctrl-Z that ends a text is how DOS ended files.
pub(super) fn ascii(text: &str, places: &mut Places) {
    let bytes = text.as_bytes();
    let end = match bytes.split_last() {
        Some((0x1A, rest)) => rest.len(),
        _ => bytes.len(),
    };
    let found = bytes
        .iter()
        .take(end)
        .position(|byte| is_control(char::from(*byte)));
    if let Some(place) = found {
        places.note(PayloadKind::Control, place);
    }
}

/// True if a control of C1 opens a sequence that a terminal obeys: CSI (ECMA-48, 8.3.16)
/// with a number, or a string (DCS, SOS, OSC, PM, APC) with its terminator near. Without
/// that it is a character of Windows-1252 that was taken for Latin-1.
pub(super) fn opens_sequence(control: char, after: &str) -> bool {
    match control {
        '\u{9B}' => {
            let parameters = after
                .find(|next: char| !(next.is_ascii_digit() || matches!(next, ';' | '?')))
                .unwrap_or(after.len());
            let ends = after
                .get(parameters..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|end| matches!(end, '@'..='~'));
            parameters > 0 && ends
        }
        '\u{90}' | '\u{98}' | '\u{9D}'..='\u{9F}' => after
            .chars()
            .take(256)
            .any(|end| matches!(end, '\u{9C}' | '\u{7}')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<usize> {
        let mut places = Places::default();
        ascii(text, &mut places);
        places.of(PayloadKind::Control)
    }

    #[test]
    fn finds_controls_but_no_white_space() {
        assert_eq!(found("ab\tc\r\nd\u{c}e\u{b}"), None);
        assert_eq!(found("ab\x1b[31mred"), Some(2));
        assert_eq!(found("a\0"), Some(1));
        assert_eq!(found("\u{7f}"), Some(0));
        assert_eq!(found("end\u{1a}"), None);
        assert_eq!(found("e\u{1a}nd"), Some(1));
        assert_eq!(found(""), None);
    }

    #[test]
    fn eight_bit_sequences() {
        assert!(opens_sequence('\u{9b}', "31mred"));
        assert!(!opens_sequence('\u{9b}', "quoted"));
        assert!(!opens_sequence('\u{9b}', ""));
        assert!(opens_sequence('\u{9d}', "0;title\u{9c}"));
        assert!(!opens_sequence('\u{9d}', "plain"));
        assert!(!opens_sequence('\u{92}', "s"));
    }
}
