//! The forms of text that the rules know.

use crate::json::{Node, Number};

/// An absolute IRI, as far as the JSON Schema of 3.0.1 looks: something, a colon, something.
pub(super) fn is_iri(text: &str) -> bool {
    !text.starts_with("_:") && {
        let line = text.split('\n').next().unwrap_or_default();
        let mut inner = line.chars();
        inner.next();
        inner.next_back();
        inner.as_str().contains(':')
    }
}

/// The name of a blank node (JSON-LD 1.1 §4.5.1).
pub(super) fn is_blank_node(text: &str) -> bool {
    text.strip_prefix("_:")
        .is_some_and(|name| name.chars().next().is_some_and(|first| first != '\n'))
}

/// What may stand for an object that is elsewhere.
pub(super) fn is_reference(text: &str) -> bool {
    is_iri(text) || is_blank_node(text)
}

/// `2026-11-22T07:10:52Z`: to the second, UTC, and no digit beyond what its place can be.
/// As the JSON Schema has it, which lets the 39th day pass; that is found by others.
pub(super) fn is_time(text: &str) -> bool {
    const FORM: &[u8; 20] = b"9999-19-39T29:69:69Z";
    text.len() == FORM.len()
        && text.bytes().zip(FORM).all(|(byte, form)| {
            if form.is_ascii_digit() {
                (b'0'..=*form).contains(&byte)
            } else {
                byte == *form
            }
        })
}

/// A media type, as far as the JSON Schema of 3.0.1 looks: two parts, one slash.
pub(super) fn is_media_type(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(kind, form)| !kind.is_empty() && !form.is_empty() && !form.contains('/'))
}

/// Semantic Versioning 2.0.0.
pub(super) fn is_version(text: &str) -> bool {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (core, early) = match text.split_once('-') {
        Some((core, early)) => (core, Some(early)),
        None => (text, None),
    };
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| {
        !part.is_empty() && digits(part) && (part.len() == 1 || !part.starts_with('0'))
    };
    core.split('.').count() == 3
        && core.split('.').all(number)
        && early.is_none_or(|early| {
            let mut parts = early.split('.');
            parts.all(|part| word(part) && (!digits(part) || number(part)))
        })
        && build.is_none_or(|build| build.split('.').all(word))
}

/// A decimal number: as a number, or as text so that no digit is lost.
pub(super) fn is_decimal(node: &Node<'_>) -> bool {
    match node {
        Node::Number(_) => true,
        Node::Text(text) => {
            let text = text.strip_prefix('-').unwrap_or(text);
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            !whole.is_empty() && digits(whole) && digits(part)
        }
        _ => false,
    }
}

/// An integer from `least` on. JSON Schema counts `1.0` among the integers.
pub(super) fn is_integer(node: &Node<'_>, least: i64) -> bool {
    matches!(node, Node::Number(number)
        if Number::whole(*number).is_some_and(|number| number >= least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        for good in ["a:b", "https://example.org/", "urn:x:y", "::a", "a:b:"] {
            assert!(is_iri(good), "{good}");
        }
        for bad in ["", ":", "a:", ":a", "_:a", "a", "\n:a", "a\nb:c"] {
            assert!(!is_iri(bad), "{bad}");
        }
        assert!(is_blank_node("_:a") && !is_blank_node("_:") && !is_blank_node("_"));
        for good in ["2026-11-22T07:10:52Z", "0000-00-00T00:00:60Z"] {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "",
            "2026-11-22T07:10:52",
            "2026-11-22T07:10:52+01:00",
            "2026-11-22T07:10:52.0Z",
            "2026-21-22T07:10:52Z",
            "2026-11-22 07:10:52Z",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
        for good in [
            "3.0.1",
            "0.0.0",
            "1.0.0-rc.1+build.01",
            "1.0.0--",
            "1.2.3+a-b",
        ] {
            assert!(is_version(good), "{good}");
        }
        for bad in [
            "3.0", "3.0.01", "3.0.1.0", "v3.0.1", "1.0.0-", "1.0.0-01", "1.0.0+",
        ] {
            assert!(!is_version(bad), "{bad}");
        }
        assert!(is_media_type("text/csv"));
        for bad in ["", "text", "/csv", "text/", "a/b/c"] {
            assert!(!is_media_type(bad), "{bad}");
        }
        for (text, good) in [
            ("1.5", true),
            ("-12.", true),
            ("", false),
            ("-", false),
            (".5", false),
            ("1e3", false),
        ] {
            assert_eq!(is_decimal(&Node::Text(text.into())), good, "{text}");
        }
    }
}
