//! Markdown that is not shown, and links in it that run something (CommonMark 0.31.2,
//! sections 4.7 and 6.3).

use memchr::memmem;

use super::tag::is_program_address;
use crate::payload::PayloadKind;
use crate::payload::places::Places;

/// So far behind a bracket its end is looked for, in bytes.
const NEAR: usize = 2_048;
/// Longest label of a definition that hides a comment, in bytes.
const LABEL: usize = 256;
/// Brackets that are looked at in one text; a text with more is one long table.
const MOST: usize = 100_000;

/// True if there may be something for [`look`].
pub(in crate::payload) fn may_be(bytes: &[u8]) -> bool {
    memchr::memchr(b']', bytes).is_some()
        && (memmem::find(bytes, b"](").is_some() || memmem::find(bytes, b"]:").is_some())
}

pub(super) fn look(text: &str, places: &mut Places) {
    let bytes = text.as_bytes();
    for place in memmem::find_iter(bytes, "](").take(MOST) {
        let rest = bytes.get(place + 2..).unwrap_or(&[]);
        let end = rest.len().min(NEAR);
        let Some(inside) = rest.get(..end) else {
            continue;
        };
        let target: String =
            String::from_utf8_lossy(inside.get(..64.min(end)).unwrap_or(&[])).into();
        if is_program_address(target.trim_start_matches('<')) {
            places.note(PayloadKind::ActiveMarkup, place);
        }
        // A link without text, whose title nobody sees.
        let empty = place
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_some_and(|before| *before == b'[');
        let image = place
            .checked_sub(2)
            .and_then(|before| bytes.get(before))
            .is_some_and(|before| *before == b'!');
        if empty && !image && has_title(inside) {
            places.note(PayloadKind::HiddenMarkup, place - 1);
        }
    }
    for place in memmem::find_iter(bytes, "]:").take(MOST) {
        if let Some(start) = comment(text, place) {
            places.note(PayloadKind::HiddenMarkup, start);
        }
    }
}

/// True if a link's end is near, with a title of several words before it.
fn has_title(inside: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b')', inside) else {
        return false;
    };
    let inside = inside.get(..end).unwrap_or(&[]);
    let Some(quote) = memchr::memchr2(b'"', b'\'', inside) else {
        return false;
    };
    let title = inside.get(quote..).unwrap_or(&[]);
    memchr::memchr_iter(b' ', title).count() >= 2
}

/// `[//]: # (a comment)`, at the beginning of a line: a definition that leads nowhere and
/// whose title is the comment. Where it begins.
fn comment(text: &str, place: usize) -> Option<usize> {
    // Labels are short; a long line is none, and is not searched again and again.
    let near = place.saturating_sub(LABEL);
    let line = text.as_bytes().get(near..place)?;
    let line_start = match memchr::memrchr(b'\n', line) {
        Some(end) => near + end + 1,
        None if near == 0 => 0,
        None => return None,
    };
    let label = text.get(line_start..place)?;
    let indent = label.len() - label.trim_start_matches(' ').len();
    if indent > 3 || !label.trim_start_matches(' ').starts_with('[') {
        return None;
    }
    let rest = text.get(place + 2..)?;
    let rest = rest.trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix("<>").or_else(|| rest.strip_prefix('#'))?;
    let title = rest
        .strip_prefix([' ', '\t'])?
        .trim_start_matches([' ', '\t', '\n']);
    let title = title.strip_prefix(['(', '"', '\''])?;
    let letters = title.chars().take(64).filter(|found| found.is_alphabetic());
    (letters.take(3).count() == 3).then_some(line_start + indent)
}
