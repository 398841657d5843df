//! Characters that change the direction of text (UAX #9, sections 2.1 to 2.4).
//!
//! Overrides are found wherever they are. Embeddings and isolates are usual in Arabic and
//! Hebrew, and programs put them around names and numbers; they are found where they are
//! not closed before the paragraph ends, where something is closed that was not opened,
//! and where they turn text around that has no letter to be read from right to left.

use super::PayloadKind;
use super::places::Places;
use super::script::is_right_to_left;

/// Deepest nesting that is followed; UAX #9 stops at 125, and so does what is shown.
const DEEPEST: usize = 125;

/// Follows one text.
#[derive(Debug, Default)]
pub(super) struct Direction {
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    isolate: bool,
    /// Where it turns text to be read from right to left, without a letter of that kind
    /// until now.
    turned: bool,
    place: usize,
}

impl Direction {
    /// Takes the next character.
    pub(super) fn take(&mut self, character: char, place: usize, places: &mut Places) {
        let kind = PayloadKind::Bidirectional;
        match character {
            '\u{202D}' | '\u{202E}' => {
                places.note(kind, place);
                self.open(false, false, place, places);
            }
            '\u{202A}' => self.open(false, false, place, places),
            '\u{202B}' => self.open(false, true, place, places),
            '\u{2066}' | '\u{2068}' => self.open(true, false, place, places),
            '\u{2067}' => self.open(true, true, place, places),
            '\u{202C}' => self.close(false, place, places),
            '\u{2069}' => self.close(true, place, places),
            '\n' | '\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2029}' => self.end(places),
            character if !self.open.is_empty() && is_right_to_left(character) => {
                for open in &mut self.open {
                    open.turned = false;
                }
            }
            _ => {}
        }
    }

    /// The paragraph ends.
    pub(super) fn end(&mut self, places: &mut Places) {
        for open in self.open.drain(..) {
            places.note(PayloadKind::Bidirectional, open.place);
        }
    }

    fn open(&mut self, isolate: bool, turned: bool, place: usize, places: &mut Places) {
        if self.open.len() >= DEEPEST {
            places.note(PayloadKind::Bidirectional, place);
        } else {
            self.open.push(Open {
                isolate,
                turned,
                place,
            });
        }
    }

    fn close(&mut self, isolate: bool, place: usize, places: &mut Places) {
        match self.open.pop() {
            Some(open) if open.isolate == isolate => {
                if open.turned {
                    places.note(PayloadKind::Bidirectional, open.place);
                }
            }
            Some(open) => {
                places.note(PayloadKind::Bidirectional, open.place.min(place));
            }
            None => places.note(PayloadKind::Bidirectional, place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<usize> {
        let mut places = Places::default();
        let mut direction = Direction::default();
        for (place, character) in text.char_indices() {
            direction.take(character, place, &mut places);
        }
        direction.end(&mut places);
        places.of(PayloadKind::Bidirectional)
    }

    #[test]
    fn overrides_are_found_everywhere() {
        assert_eq!(found("a \u{202e}fdp.exe\u{202c}"), Some(2));
        assert_eq!(found("\u{202d}אבג\u{202c}"), Some(0));
    }

    #[test]
    fn what_scripts_need_is_not_found() {
        assert_eq!(found("called \u{2068}Ada\u{2069} today"), None);
        assert_eq!(found("\u{202a}+49 30 1234\u{202c}"), None);
        assert_eq!(found("he said \u{2067}שלום, world\u{2069}!"), None);
        assert_eq!(
            found("\u{202b}العربية \u{202a}PDF\u{202c} ملف\u{202c}"),
            None
        );
    }

    #[test]
    fn what_is_not_closed_is_found() {
        assert_eq!(found("if admin {\u{2066} //\u{2067} begin\n}"), Some(10));
        assert_eq!(found("a\u{2069}"), Some(1));
        assert_eq!(found("\u{2066}a\u{202c}"), Some(0));
        assert_eq!(found("turned \u{2067}latin only\u{2069}"), Some(7));
        assert_eq!(found(&"\u{2066}".repeat(500)), Some(0));
    }
}
