//! Percent escapes (RFC 3986 §2.1), read strictly.

use data_encoding::HEXUPPER;

/// Why a part of a URL cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EscapeError {
    /// `%` without two hexadecimal digits, or bytes that are not UTF-8.
    Escape,
    /// A character that text of an identifier cannot have, once decoded.
    Control,
}

/// Takes the escapes out. A `%` that starts no escape is refused, not kept: two
/// readers would disagree on what it stands for.
pub(super) fn decode(text: &str) -> Result<String, EscapeError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || {
            rest.next()
                .and_then(|digit| char::from(digit).to_digit(16))
                .and_then(|digit| u8::try_from(digit).ok())
                .ok_or(EscapeError::Escape)
        };
        let high = digit()?;
        bytes.push((high << 4) | digit()?);
    }
    let plain = String::from_utf8(bytes).map_err(|_| EscapeError::Escape)?;
    if plain.chars().any(char::is_control) {
        return Err(EscapeError::Control);
    }
    Ok(plain)
}

/// Escapes everything but RFC 3986's unreserved characters and the ones in `kept`.
pub(super) fn encode_into(text: &str, kept: &[u8], out: &mut String) {
    for byte in text.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&HEXUPPER.encode(&[byte]));
        }
    }
}

/// The first character that a URL cannot have, with its place in bytes: neither
/// unreserved, nor reserved, nor `%` (RFC 3986 §2); brackets only serve addresses of hosts.
pub(super) fn stray(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, character)| {
        !(character.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(*character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_strictly_and_encodes_back() {
        assert_eq!(decode("a%2Fb%c3%A9").unwrap(), "a/bé");
        for bad in ["%", "%4", "%zz", "%+1", "a%2", "%ff", "%c3"] {
            assert_eq!(decode(bad), Err(EscapeError::Escape), "{bad}");
        }
        for bad in ["%00", "%0a", "%7f", "%C2%85"] {
            assert_eq!(decode(bad), Err(EscapeError::Control), "{bad}");
        }
        let mut out = String::new();
        encode_into("a/b é:@", b":", &mut out);
        assert_eq!(out, "a%2Fb%20%C3%A9:%40");
    }
}
