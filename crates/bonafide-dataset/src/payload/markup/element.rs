//! Elements that are open, and whether text in them can be seen.

use super::style::{Colour, Style, WHITE};
use super::tag::Tag;
use crate::payload::PayloadKind;
use crate::payload::places::Places;

/// Elements inside each other that are followed. What is deeper is looked at as if it
/// stood in the deepest.
const DEEPEST: usize = 64;
/// Letters that hidden text has at least; less is a mark that a layout needs.
const LETTERS: usize = 3;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

#[derive(Debug, Default)]
pub(super) struct Elements<'t> {
    open: Vec<Element<'t>>,
}

#[derive(Debug, Clone, Copy)]
struct Element<'t> {
    name: &'t str,
    place: usize,
    hides: bool,
    colour: Option<Colour>,
    /// What is behind; none if that is not known.
    background: Option<Colour>,
    /// It was found already.
    found: bool,
}

impl<'t> Elements<'t> {
    pub(super) fn open(&mut self, place: usize, tag: &Tag<'t>) {
        if tag.closed || tag.is(VOID) || self.open.len() >= DEEPEST {
            return;
        }
        let around = self.open.last();
        let style = tag.attribute("style").map(Style::parse).unwrap_or_default();
        let named = |name: &str| tag.attribute(name).and_then(Colour::parse);
        let behind = match around {
            Some(around) => around.background,
            None => Some(WHITE),
        };
        let unknown = style.background_unknown
            || tag.attribute("class").is_some()
            || tag.attribute("background").is_some();
        let background = match style.background.or_else(|| named("bgcolor")) {
            Some(colour) if !style.background_unknown => Some(colour),
            _ if unknown || tag.attribute("bgcolor").is_some() => None,
            _ => behind,
        };
        let of_font = || named("color").or_else(|| named("text"));
        let hides = style.hides
            || tag
                .attribute("hidden")
                .is_some_and(|value| value.is_empty() || value.eq_ignore_ascii_case("hidden"));
        self.open.push(Element {
            name: tag.name,
            place: match around {
                Some(around) if around.hides && !hides => around.place,
                _ => place,
            },
            hides: hides || around.is_some_and(|around| around.hides),
            colour: style
                .colour
                .or_else(of_font)
                .or_else(|| around.and_then(|around| around.colour)),
            background,
            found: false,
        });
    }

    /// Closes the innermost element of this name, and what was forgotten inside it.
    pub(super) fn close(&mut self, name: &str) {
        let found = self
            .open
            .iter()
            .rposition(|element| element.name.eq_ignore_ascii_case(name));
        if let Some(found) = found {
            self.open.truncate(found);
        }
    }

    pub(super) fn text(&mut self, text: &str, places: &mut Places) {
        let Some(element) = self.open.last_mut().filter(|element| !element.found) else {
            return;
        };
        let same = element.colour.is_some() && element.colour == element.background;
        if !(element.hides || same) {
            return;
        }
        if has_letters(text) {
            element.found = true;
            places.note(PayloadKind::HiddenMarkup, element.place);
        }
    }
}

/// True if text has some letters that are not of a reference such as `&nbsp;`.
fn has_letters(text: &str) -> bool {
    let mut reference = false;
    text.chars()
        .filter(|character| {
            match character {
                '&' => reference = true,
                character if character.is_ascii_alphanumeric() || *character == '#' => {}
                _ => reference = false,
            }
            !reference && character.is_alphabetic()
        })
        .take(LETTERS)
        .count()
        == LETTERS
}
