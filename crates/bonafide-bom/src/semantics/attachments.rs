//! Content that is carried along.

use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::{Node, Object, Pointer};

/// Content that is called base64 can be decoded.
pub(super) fn of_object(object: &Object<'_>, pointer: &mut Pointer, found: &mut Found) {
    let text = |name: &str| object.get(name).and_then(Node::text);
    if text("encoding") == Some("base64")
        && let Some(content) = text("content")
        && !is_base64(content)
    {
        let mark = pointer.push("content");
        let content = quote(content);
        found.add(pointer, DefectKind::AttachmentNotBase64 { content });
        pointer.pop(mark);
    }
}

/// Standard alphabet, padded; line breaks are let through, as MIME has them (RFC 2045 §6.8).
fn is_base64(text: &str) -> bool {
    let mut digits = 0_usize;
    let mut padding = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => digits += 1,
            b'=' => padding += 1,
            b'\r' | b'\n' | b'\t' | b' ' => {}
            _ => return false,
        }
    }
    padding <= 2 && (digits + padding).is_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use super::is_base64;

    #[test]
    fn knows_base64() {
        for good in ["", "QQ==", "QUI=", "QUJD", "QUJD\r\nQUJD", "+/+/"] {
            assert!(is_base64(good), "{good}");
        }
        for bad in ["Q", "QQ", "QQ=", "Q===", "=QQ=", "QU-_", "QQ==QQ==", "Qé=="] {
            assert!(!is_base64(bad), "{bad}");
        }
    }
}
