//! Texts and numbers of protocol 0, as CPython reads them.

use std::borrow::Cow;

use super::value::Encoding;

/// The text as Unicode; what is none is replaced.
pub(crate) fn decode(bytes: &[u8], encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Utf8 => Some(String::from_utf8_lossy(bytes).into_owned()),
        Encoding::RawEscaped => raw_escaped(bytes),
        Encoding::Quoted => Some(latin(&quoted(bytes)?)),
        Encoding::Latin => Some(latin(bytes)),
    }
}

/// Text that Python decodes with `surrogatepass`.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Err(error) = std::str::from_utf8(rest) {
        // A surrogate: ED, A0 to BF, any continuation.
        match rest.get(error.valid_up_to()..) {
            Some([0xed, 0xa0..=0xbf, 0x80..=0xbf, after @ ..]) => rest = after,
            _ => return false,
        }
    }
    true
}

pub(crate) fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Decodes `\uXXXX` and `\UXXXXXXXX`; a backslash that an odd number of others stands
/// before starts none.
fn raw_escaped(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        text.push(char::from(*first));
        if *first != b'\\' {
            continue;
        }
        let digits = match rest {
            [b'u', ..] => 4,
            [b'U', ..] => 8,
            [b'\\', after @ ..] => {
                text.push('\\');
                rest = after;
                continue;
            }
            _ => continue,
        };
        let hex = std::str::from_utf8(rest.get(1..=digits)?).ok()?;
        let code = u32::from_str_radix(hex, 16).ok()?;
        if code > 0x0010_ffff || hex.starts_with('+') {
            return None;
        }
        text.pop();
        match char::from_u32(code) {
            Some(character) => text.push(character),
            // A surrogate: replaced as the three bytes are that it is in other texts.
            None => text.push_str("\u{fffd}\u{fffd}\u{fffd}"),
        }
        rest = rest.get(digits + 1..)?;
    }
    Some(text)
}

/// What is between the quotes of a STRING, with its escapes undone.
pub(crate) fn quoted(line: &[u8]) -> Option<Cow<'_, [u8]>> {
    let inner = match line {
        [b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"'] => inner,
        _ => return None,
    };
    if !inner.contains(&b'\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let [escape, after @ ..] = rest else {
            return None;
        };
        rest = after;
        match escape {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => bytes.push(*escape),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b't' => bytes.push(b'\t'),
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b'v' => bytes.push(11),
            b'a' => bytes.push(7),
            b'0'..=b'7' => {
                let mut code = u32::from(escape - b'0');
                for _ in 0..2 {
                    let [digit @ b'0'..=b'7', after @ ..] = rest else {
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                    rest = after;
                }
                bytes.push(u8::try_from(code & 0xff).unwrap_or(0));
            }
            b'x' => {
                let [high, low, after @ ..] = rest else {
                    return None;
                };
                let digit = |digit: &u8| char::from(*digit).to_digit(16);
                let code = digit(high)? * 16 + digit(low)?;
                bytes.push(u8::try_from(code).ok()?);
                rest = after;
            }
            other => bytes.extend([b'\\', *other]),
        }
    }
    Some(Cow::Owned(bytes))
}

/// Whether some unpickler takes the line of INT or LONG for a number: that of C (base by
/// prefix, also the octal numbers of C, ending at a NUL) or that of Python.
pub(crate) fn is_integer(line: &[u8]) -> bool {
    let line = line.split(|byte| *byte == 0).next().unwrap_or_default();
    let line = line.trim_ascii();
    let digits = match line {
        [b'+' | b'-', rest @ ..] => rest,
        rest => rest,
    };
    let digits = digits.strip_suffix(b"L").unwrap_or(digits);
    let (base, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        rest => (10, rest),
    };
    let digits = match (base, digits) {
        (2 | 8 | 16, [b'_', rest @ ..]) => rest,
        (_, digits) => digits,
    };
    !digits.is_empty()
        && digits
            .iter()
            .all(|digit| *digit == b'_' || char::from(*digit).is_digit(base))
}

/// The value of such a line, if it is a plain decimal one.
pub(crate) fn integer(line: &[u8]) -> Option<i64> {
    let line = line.trim_ascii();
    let line = line.strip_suffix(b"L").unwrap_or(line);
    std::str::from_utf8(line).ok()?.parse().ok()
}

/// Whether the line of FLOAT is a number.
pub(crate) fn is_float(line: &[u8]) -> bool {
    let line = line.split(|byte| *byte == 0).next().unwrap_or_default();
    std::str::from_utf8(line.trim_ascii()).is_ok_and(|text| text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_decoded_as_python_does() {
        assert_eq!(quoted(br"'a\'b\x41\101\q\n'").unwrap(), &b"a'bAA\\q\n"[..]);
        assert_eq!(quoted(b"'a\""), None);
        assert_eq!(quoted(b"'"), None);
        assert_eq!(quoted(br"'a\x4'"), None);
        assert_eq!(
            decode(br"os\u002esystem\\u0041\n", Encoding::RawEscaped).unwrap(),
            "os.system\\\\u0041\\n"
        );
        assert_eq!(decode(br"\u00", Encoding::RawEscaped), None);
        assert!(is_text("aé😀".as_bytes()));
        assert!(is_text(b"a\xed\xa0\x80b"));
        assert!(!is_text(b"a\xff"));
        assert!(!is_text(b"\xc0\x80"));
    }

    #[test]
    fn numbers_are_those_that_some_unpickler_takes() {
        for line in [
            "1", "-5", " 7", "0x1F", "017", "1_000", "12\0x", "0b11", "99L", "01",
        ] {
            assert!(is_integer(line.as_bytes()), "{line}");
        }
        for line in ["", "x", "1.5", "-", "0x", "1 2", "é"] {
            assert!(!is_integer(line.as_bytes()), "{line}");
        }
        for line in ["1", "-1.5e3", "nan", "-inf", "1."] {
            assert!(is_float(line.as_bytes()), "{line}");
        }
        assert!(!is_float(b"1x") && !is_float(b""));
    }
}
