//! Guessing at a slip of the pen.

use std::cmp::Reverse;

/// The known name that is most like this one, if any is.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (similarity(name, known), known))
        // Of two that are as like it, always the same one.
        .max_by_key(|(similarity, known)| (*similarity, Reverse(*known)))
        .filter(|(similarity, known)| similarity * 2 > known.len())
        .map(|(_, known)| known)
}

/// Length of common beginning and end.
fn similarity(left: &str, right: &str) -> usize {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let start = left.bytes().zip(right.bytes()).take_while(same).count();
    let end = left
        .bytes()
        .rev()
        .zip(right.bytes().rev())
        .take_while(same)
        .count();
    (start + end).min(left.len()).min(right.len())
}
