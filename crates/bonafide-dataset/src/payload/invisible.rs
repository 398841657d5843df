//! Invisible characters of Unicode, with what scripts and emoji need left alone.

use super::PayloadKind;
use super::control::opens_sequence;
use super::direction::Direction;
use super::places::Places;
use super::script::{
    is_direction, is_emoji, is_of_interest, is_selector, is_tag, is_zero_width, lacks_spaces,
    takes_selector, uses_joiners,
};

/// So many characters without width next to each other are found wherever they are.
const RUN: usize = 3;
/// So many variation selectors after characters that take none are found; fewer are what
/// is left when emoji are removed from a text.
const STRAY: usize = 8;
/// Tag characters of a flag: `gbeng` and its like, without the end.
const FLAG: std::ops::RangeInclusive<usize> = 3..=6;

/// Looks at a text that is not all ASCII.
pub(super) fn look(text: &str, places: &mut Places) {
    // Most text of any language has none of these characters; this loop costs a quarter
    // of the one below.
    if !text.chars().any(is_of_interest) {
        return;
    }
    let mut reader = Reader::default();
    let mut characters = text.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        reader.take(text, place, character, next, places);
    }
    reader.end_run(None, places);
    reader.end_tags(places);
    reader.direction.end(places);
}

/// What was seen of a text until now.
#[derive(Debug, Default)]
struct Reader {
    /// The last character that can be seen.
    seen: Option<char>,
    /// The character before, seen or not.
    before: Option<char>,
    /// Characters without width since the last that can be seen.
    run: Vec<char>,
    run_place: usize,
    run_length: usize,
    /// Variation selectors in a row, whether two of them differ, and those that stand
    /// where none belongs.
    selectors: usize,
    selectors_differ: bool,
    selectors_place: usize,
    stray: usize,
    stray_place: usize,
    /// Tag characters in a row: whether a black flag is before them, and their text.
    flag: bool,
    tags: String,
    tags_length: usize,
    tags_place: usize,
    /// A soft hyphen was seen so many characters ago.
    since_hyphen: Option<usize>,
    direction: Direction,
}

/// Characters of a run that are looked at one by one; what is longer is found anyway.
const RUN_KEPT: usize = 4;

impl Reader {
    fn take(
        &mut self,
        text: &str,
        place: usize,
        character: char,
        next: Option<char>,
        places: &mut Places,
    ) {
        self.direction.take(character, place, places);
        if is_tag(character) {
            self.tag(place, character);
            self.before = Some(character);
            return;
        }
        self.end_tags(places);
        if is_selector(character) {
            self.selector(place, character, places);
        } else if is_zero_width(character) {
            self.zero_width(place, character, next, places);
        } else if is_direction(character) {
        } else {
            self.end_run(Some(character), places);
            self.selectors = 0;
            self.seen = Some(character);
            self.since_hyphen = self.since_hyphen.map(|since| since + 1);
            if matches!(character, '\u{80}'..='\u{9F}') {
                let after = text.get(place + character.len_utf8()..).unwrap_or("");
                if opens_sequence(character, after) {
                    places.note(PayloadKind::Control, place);
                }
            }
        }
        self.before = Some(character);
    }

    fn tag(&mut self, place: usize, character: char) {
        if self.tags_length == 0 {
            self.tags_place = place;
            self.flag = self.before == Some('\u{1F3F4}');
        }
        self.tags_length += 1;
        if self.tags.len() <= *FLAG.end()
            && let Some(ascii) = u32::from(character)
                .checked_sub(0xE_0000)
                .and_then(char::from_u32)
        {
            self.tags.push(ascii);
        }
    }

    /// Tag characters end here: they are the flag of a region (UTS #51, ED-14a), or hide
    /// a text.
    fn end_tags(&mut self, places: &mut Places) {
        if self.tags_length == 0 {
            return;
        }
        let is_flag = self.flag
            && self.tags.len() == self.tags_length
            && self.tags.strip_suffix('\u{7F}').is_some_and(|region| {
                FLAG.contains(&region.len())
                    && region
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            });
        if !is_flag {
            places.note(PayloadKind::TagCharacters, self.tags_place);
        }
        self.tags.clear();
        self.tags_length = 0;
    }

    /// One selector after a character that has variations is usual; twice the same is
    /// careless typing; a row of different ones is bytes.
    fn selector(&mut self, place: usize, character: char, places: &mut Places) {
        self.selectors += 1;
        if self.selectors == 1 {
            self.selectors_place = place;
            self.selectors_differ = false;
            if !self.seen.is_some_and(takes_selector) {
                if self.stray == 0 {
                    self.stray_place = place;
                }
                self.stray += 1;
            }
        } else {
            self.selectors_differ |= self.before != Some(character);
        }
        if self.selectors_differ || self.selectors > 2 {
            places.note(PayloadKind::VariationSelectors, self.selectors_place);
        }
        if self.stray >= STRAY {
            places.note(PayloadKind::VariationSelectors, self.stray_place);
        }
    }

    fn zero_width(
        &mut self,
        place: usize,
        character: char,
        next: Option<char>,
        places: &mut Places,
    ) {
        self.selectors = 0;
        // A mark of byte order at the beginning says how the text was stored.
        if character == '\u{FEFF}' && place == 0 {
            return;
        }
        if character == '\u{AD}' {
            self.soft_hyphen(place, next, places);
            return;
        }
        if self.run_length == 0 {
            self.run_place = place;
        }
        self.run_length += 1;
        if self.run.len() < RUN_KEPT {
            self.run.push(character);
        }
    }

    /// Hyphenation never leaves a single letter between two hyphens.
    fn soft_hyphen(&mut self, place: usize, next: Option<char>, places: &mut Places) {
        let inside =
            self.seen.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
        if inside && self.since_hyphen == Some(1) {
            places.note(PayloadKind::ZeroWidth, place);
        }
        self.since_hyphen = Some(0);
    }

    /// Characters without width end before `next`.
    fn end_run(&mut self, next: Option<char>, places: &mut Places) {
        if self.run_length == 0 {
            return;
        }
        let found = self.run_length >= RUN && !self.padding_of_script()
            || self
                .run
                .iter()
                .any(|character| self.splits_a_word(*character, next));
        if found {
            places.note(PayloadKind::ZeroWidth, self.run_place);
        }
        self.run.clear();
        self.run_length = 0;
    }

    /// Hangul fillers and Mongolian separators stand in rows where a syllable lacks parts,
    /// and careless typing repeats what parts words in Khmer; a row of one character
    /// carries nothing but its length.
    fn padding_of_script(&self) -> bool {
        let parts_words = self.run_length <= RUN_KEPT
            && self.seen.is_some_and(lacks_spaces)
            && self.run.iter().all(|character| *character == '\u{200B}');
        parts_words
            || self.run_length <= RUN_KEPT
                && self.run.iter().all(|character| {
                    matches!(character, '\u{115F}'..='\u{1160}' | '\u{180E}' | '\u{3164}')
                })
    }

    fn splits_a_word(&self, character: char, next: Option<char>) -> bool {
        let (Some(seen), Some(next)) = (self.seen, next) else {
            return false;
        };
        if !(seen.is_alphanumeric() && next.is_alphanumeric()) {
            return false;
        }
        match character {
            // Where a word is not joined as it would be, or the reverse.
            '\u{200C}' | '\u{200D}' | '\u{034F}' => {
                !(uses_joiners(seen)
                    || uses_joiners(next)
                    || is_emoji(seen)
                    || is_emoji(next)
                    || character == '\u{034F}' && !seen.is_ascii())
            }
            // Where a line may break, in text without spaces.
            '\u{200B}' | '\u{2060}' | '\u{FEFF}' => !(lacks_spaces(seen) || lacks_spaces(next)),
            '\u{115F}'..='\u{1160}' | '\u{3164}' | '\u{FFA0}' => {
                !(lacks_spaces(seen) || lacks_spaces(next))
            }
            '\u{17B4}'..='\u{17B5}' | '\u{180E}' => !(uses_joiners(seen) || uses_joiners(next)),
            // Marks of direction next to letters of both directions, and what formulas
            // multiply and apply with.
            '\u{200E}' | '\u{200F}' | '\u{061C}' => {
                seen.is_ascii_alphanumeric() && next.is_ascii_alphanumeric()
            }
            '\u{2061}'..='\u{2064}' => false,
            // Deprecated, and of no use to anybody.
            '\u{206A}'..='\u{206F}' => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PayloadKind::{Bidirectional, Control, TagCharacters, VariationSelectors, ZeroWidth};

    fn kinds(text: &str) -> Vec<PayloadKind> {
        let mut places = Places::default();
        look(text, &mut places);
        places.kinds()
    }

    fn tags(text: &str) -> String {
        text.bytes()
            .filter_map(|byte| char::from_u32(0xE_0000 + u32::from(byte)))
            .collect()
    }

    #[test]
    fn tag_characters_spell_text() {
        assert_eq!(kinds(&format!("Hi{}", tags("ignore all"))), [TagCharacters]);
        assert_eq!(kinds(&format!("Hi{}", tags("x"))), [TagCharacters]);
        let flag = |region: &str| format!("\u{1F3F4}{}\u{E007F}", tags(region));
        assert!(kinds(&flag("gbeng")).is_empty());
        assert!(kinds(&format!("{}{}", flag("gbsct"), flag("gbwls"))).is_empty());
        assert_eq!(kinds(&flag("ignoreall")), [TagCharacters]);
        assert_eq!(
            kinds(&format!("\u{1F3F4}{}", tags("gbeng"))),
            [TagCharacters]
        );
        assert_eq!(kinds(&flag("say me")), [TagCharacters]);
    }

    #[test]
    fn selectors_in_a_row_are_bytes() {
        assert!(
            kinds("\u{2764}\u{fe0f} \u{845b}\u{e0100} 1\u{fe0f}\u{20e3} \u{a9}\u{fe0f}").is_empty()
        );
        assert!(kinds("\u{2764}\u{fe0f}\u{fe0f}").is_empty());
        assert_eq!(kinds("\u{1f600}\u{fe01}\u{e0123}"), [VariationSelectors]);
        assert_eq!(
            kinds("\u{1f600}\u{fe01}\u{fe01}\u{fe01}"),
            [VariationSelectors]
        );
        assert!(kinds("left over \u{fe0f} here").is_empty());
        assert_eq!(kinds(&"a\u{fe03}".repeat(8)), [VariationSelectors]);
    }

    #[test]
    fn zero_width_inside_words() {
        assert_eq!(kinds("pass\u{200b}word"), [ZeroWidth]);
        assert_eq!(kinds("pass\u{200d}word"), [ZeroWidth]);
        assert_eq!(kinds("pass\u{2060}word"), [ZeroWidth]);
        assert_eq!(kinds("pass\u{feff}word"), [ZeroWidth]);
        assert_eq!(kinds("пар\u{200b}оль"), [ZeroWidth]);
        assert!(kinds("\u{feff}begins").is_empty());
        assert!(kinds("words \u{200b}and words.\u{200b}").is_empty());
        assert_eq!(kinds(". \u{200b}\u{200c}\u{200b}\u{200b}"), [ZeroWidth]);
        assert_eq!(kinds("V\u{ad}i\u{ad}a\u{ad}g\u{ad}ra"), [ZeroWidth]);
        assert!(kinds("Donau\u{ad}dampf\u{ad}schiff").is_empty());
        assert_eq!(kinds("a\u{200e}b"), [ZeroWidth]);
    }

    #[test]
    fn what_scripts_and_emoji_need() {
        for text in [
            "می\u{200c}خواهم",
            "PDF\u{200c}ها",
            "क\u{94d}\u{200d}ष",
            "ශ\u{dca}\u{200d}රී",
            "สวัสดี\u{200b}ครับ",
            "日本\u{200b}語",
            "ទិន្នន័យ\u{200b}\u{200b}\u{200b} របស់",
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}",
            "\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
            "\u{1f469}\u{1f3fd}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f468}",
            "שלום\u{200f}!",
            "x\u{2062}y",
        ] {
            assert!(kinds(text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn directions_and_terminals() {
        assert_eq!(kinds("a\u{202e}b"), [Bidirectional]);
        assert_eq!(kinds("a\u{9b}2Jb"), [Control]);
        assert!(kinds("it\u{92}s \u{93}quoted\u{94}").is_empty());
    }

    #[test]
    fn plain_text_of_any_language_has_nothing() {
        assert!(kinds("Ελληνικά, русский, 中文, ไทย, हिन्दी, العربية").is_empty());
    }

    #[test]
    fn long_runs_need_no_memory() {
        let mut reader = Reader::default();
        let mut places = Places::default();
        let text = "\u{200b}\u{e0041}".repeat(100_000);
        for (place, character) in text.char_indices() {
            reader.take(&text, place, character, None, &mut places);
        }
        assert!(reader.run.len() <= RUN_KEPT);
        assert_eq!(places.kinds(), [TagCharacters]);
    }
}
