//! One value of bytes.

use super::PayloadKind;
use super::media::{Promise, recognise};
use super::places::Places;
use super::polyglot::second_type;
use super::text;
use super::visible::{around, first_bytes};

/// What bytes hide, by kind, with what to show.
pub(super) fn look(
    bytes: &[u8],
    promise: Option<Promise>,
    take: &mut dyn FnMut(PayloadKind, String),
) {
    let found = recognise(bytes);
    if let Some(promise) = promise {
        match found {
            Some(found) if !promise.allows(found) => {
                take(
                    PayloadKind::OtherFileType,
                    format!("{}: {}", found.name, first_bytes(bytes)),
                );
            }
            None if promise.strict && !bytes.is_empty() => {
                take(
                    PayloadKind::OtherFileType,
                    format!("no known type: {}", first_bytes(bytes)),
                );
            }
            _ => {}
        }
    }
    if let Some(first) = found
        && let Some(second) = second_type(bytes, first)
    {
        take(
            PayloadKind::OtherFileType,
            format!("{} that is a {second} too", first.name),
        );
    }
    // Bytes that are text are looked at as text, SVG pictures among them.
    if let Some(text) = as_text(bytes) {
        let places: Places = text::look(text);
        for (kind, place) in places.iter() {
            take(kind, around(text, place));
        }
    }
}

/// Bytes that are text. Those with a zero among the first, and those that are no UTF-8,
/// are none.
fn as_text(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.len().min(1_024)).unwrap_or(bytes);
    let controls = head
        .iter()
        .filter(|byte| **byte < 0x09 || (0x0E..0x1B).contains(*byte))
        .count();
    // Numbers below 128 are UTF-8 too, and no text.
    if controls > 0 {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::super::media::promise;
    use super::super::polyglot::tests::{png, zip};
    use super::*;

    fn kinds(bytes: &[u8], name: &str) -> Vec<PayloadKind> {
        let mut found = Vec::new();
        look(bytes, promise(name), &mut |kind, _| found.push(kind));
        found
    }

    #[test]
    fn what_is_not_what_the_name_says() {
        assert!(kinds(&png(), "jpg").is_empty());
        assert_eq!(
            kinds(b"\x7fELF\x01\x02", "jpg"),
            [PayloadKind::OtherFileType]
        );
        assert_eq!(kinds(&zip(), "image"), [PayloadKind::OtherFileType]);
        assert_eq!(kinds(b"nothing known", "png"), [PayloadKind::OtherFileType]);
        assert!(kinds(&[0; 784], "image").is_empty());
        assert!(kinds(b"\x7fELF\x01\x02", "binary").is_empty());
        assert!(kinds(b"", "png").is_empty());
        let mut both = png();
        both.extend_from_slice(&zip());
        assert_eq!(kinds(&both, "data"), [PayloadKind::OtherFileType]);
    }

    #[test]
    fn bytes_that_are_text() {
        assert_eq!(
            kinds("a\u{202e}b".as_bytes(), "txt"),
            [PayloadKind::Bidirectional]
        );
        assert_eq!(
            kinds(b"<svg><script>x()</script></svg>", "image"),
            [PayloadKind::OtherFileType, PayloadKind::ActiveMarkup]
        );
        assert!(kinds(&[1, 2, 3, 127], "data").is_empty());
    }
}
