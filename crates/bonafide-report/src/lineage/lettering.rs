//! How wide text will be, without asking a font: estimates that err on the wide side.

use std::fmt::Write as _;

/// How much wider bold text is.
pub(super) const BOLD: f64 = 1.1;

/// Estimated width of a character in a sans-serif font, in parts of the font's size.
fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.33,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '"' => 0.43,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 1.0,
        'a'..='z' | '0'..='9' | '_' => 0.63,
        'A'..='Z' => 0.74,
        '{' | '}' => 0.66,
        '+' | '=' | '<' | '>' | '#' | '&' | '~' | '^' => 0.84,
        // Hangul, kana, ideographs, full-width forms, emoji.
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{1F000}'..='\u{3FFFF}' => 1.05,
        _ => 0.7,
    }
}

/// Estimated width of text.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// As much of the text as fits, with an ellipsis where some does not.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size);
    let mut fitted: String = text
        .chars()
        .take_while(|character| {
            left -= advance(*character) * size;
            left >= 0.0
        })
        .collect();
    fitted.truncate(fitted.trim_end().len());
    fitted.push('…');
    fitted
}

/// As much of the text as fits on so many lines, broken between words where possible.
pub(super) fn wrapped(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && width(&line, size) + width(word, size) + size > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    lines.iter().map(|line| fitted(line, size, room)).collect()
}

/// A coordinate with at most one digit after the point.
pub(super) fn number(value: f64) -> String {
    let mut text = String::new();
    let _ = write!(text, "{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_what_does_not_fit() {
        assert_eq!(fitted("short", 10.0, 100.0), "short");
        let long = "x".repeat(1_000);
        let cut = fitted(&long, 10.0, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 10.0) <= 100.0);
        let wide = fitted(&"数".repeat(50), 10.0, 100.0);
        assert!(wide.chars().count() < cut.chars().count());
        assert_eq!(
            wrapped("aaaa bbbb cccc", 10.0, 70.0, 2),
            ["aaaa bbbb", "cccc"]
        );
        assert_eq!(wrapped("aaaa bbbb cccc", 10.0, 40.0, 2).len(), 2);
    }

    #[test]
    fn writes_coordinates_briefly() {
        assert_eq!(number(12.0), "12");
        assert_eq!(number(12.34), "12.3");
        assert_eq!(number(-0.01), "0");
    }
}
