//! Forms of text that XML Schema part 2 defines: numbers, dates, URI references.

use crate::json::Number;

/// Integers of this size and above are not all doubles (RFC 7493 §2.2).
const TOO_LARGE: i64 = 9_007_199_254_740_992;

/// `xs:decimal` (§3.2.3), and `xs:integer` if it has no point. None for anything else,
/// and for numbers that a double cannot tell from their neighbours.
pub(super) fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction.unwrap_or_default()) {
        return None;
    }
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return None;
    }
    if fraction.is_none() {
        let value: i64 = text.parse().ok()?;
        return (value.abs() < TOO_LARGE).then_some(Number::Integer(value));
    }
    let value: f64 = text.parse().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    (value.abs() < TOO_LARGE as f64).then_some(Number::Fraction(value))
}

/// `xs:dateTime` (§3.2.7). Unlike RFC 3339, the zone may be missing, and so may the
/// restraint in years: any number of digits from four on, and a sign.
pub(super) fn is_date_time(text: &str) -> bool {
    text.split_once('T')
        .is_some_and(|(date, time)| date_part(date).is_some_and(str::is_empty) && is_time(time))
}

/// `xs:date` (§3.2.9).
pub(super) fn is_date(text: &str) -> bool {
    date_part(text).is_some_and(is_zone)
}

/// Reads year, month and day; gives what follows.
fn date_part(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (year, rest) = unsigned.split_once('-')?;
    let numeric = year.bytes().all(|byte| byte.is_ascii_digit());
    // §3.2.7.1: no year 0000, no leading zeros beyond four digits.
    if !numeric
        || year.len() < 4
        || (year.len() > 4 && year.starts_with('0'))
        || year.bytes().all(|byte| byte == b'0')
    {
        return None;
    }
    let (month, rest) = two(rest)?;
    let (day, rest) = two(rest.strip_prefix('-')?)?;
    // 10,000 is a multiple of 400: the last four digits say whether it is a leap year.
    let tail: u32 = year.get(year.len() - 4..)?.parse().ok()?;
    let leap = tail.is_multiple_of(4) && (!tail.is_multiple_of(100) || tail.is_multiple_of(400));
    let most = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=most).contains(&day).then_some(rest)
}

fn is_time(text: &str) -> bool {
    let parts = || {
        let (hour, rest) = two(text)?;
        let (minute, rest) = two(rest.strip_prefix(':')?)?;
        let (second, rest) = two(rest.strip_prefix(':')?)?;
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let end = rest
                    .find(|character: char| !character.is_ascii_digit())
                    .unwrap_or(rest.len());
                (Some(rest.get(..end)?), rest.get(end..)?)
            }
            None => (None, rest),
        };
        let zero = fraction.is_none_or(|digits| digits.bytes().all(|byte| byte == b'0'));
        // §3.2.7.1: 24:00:00 is the end of the day; there is no leap second.
        let in_day = hour < 24 || (hour == 24 && minute == 0 && second == 0 && zero);
        let good = in_day
            && minute < 60
            && second < 60
            && fraction.is_none_or(|digits| !digits.is_empty())
            && is_zone(rest);
        Some(good)
    };
    parts().unwrap_or(false)
}

/// Nothing, `Z`, or hours and minutes up to 14:00.
fn is_zone(text: &str) -> bool {
    if text.is_empty() || text == "Z" {
        return true;
    }
    let parts = || {
        let (hour, rest) = two(text.strip_prefix(['+', '-'])?)?;
        let (minute, rest) = two(rest.strip_prefix(':')?)?;
        let good = rest.is_empty() && minute < 60 && (hour < 14 || (hour == 14 && minute == 0));
        Some(good)
    };
    parts().unwrap_or(false)
}

/// Two digits, and what follows.
fn two(text: &str) -> Option<(u32, &str)> {
    let digits = text.get(..2)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().ok()?, text.get(2..)?))
}

/// `xs:anyURI` (§3.2.17): what becomes a URI reference (RFC 2396, RFC 2732) once the
/// characters that no URI may hold are escaped (XLink §5.4). Little is wrong after that:
/// a bad escape, a second `#`, brackets before it elsewhere than around an address, a port
/// that is no number, a scheme that is none.
pub(super) fn is_uri_reference(text: &str) -> bool {
    let (rest, fragment) = match text.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (text, None),
    };
    if fragment.is_some_and(|fragment| fragment.contains('#')) {
        return false;
    }
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let escape = [bytes.next(), bytes.next()];
            if !escape
                .iter()
                .all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
            {
                return false;
            }
        }
    }
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    if query.contains(['[', ']']) {
        return false;
    }
    let first = rest.split('/').next().unwrap_or_default();
    let rest = match first.split_once(':') {
        Some((scheme, _)) => {
            let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
            if !named {
                return false;
            }
            rest.get(scheme.len() + 1..).unwrap_or_default()
        }
        None => rest,
    };
    match rest.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest
                .find('/')
                .and_then(|slash| rest.split_at_checked(slash))
                .unwrap_or((rest, ""));
            is_authority(authority) && !path.contains(['[', ']'])
        }
        None => !rest.contains(['[', ']']),
    }
}

fn is_authority(authority: &str) -> bool {
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            if user.contains(['[', ']', '@']) {
                return false;
            }
            host
        }
        None => authority,
    };
    let port = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if !address.contains('[') && !address.is_empty() => port,
            _ => return false,
        },
        None => match host.find(':') {
            Some(colon) => host.get(colon..).unwrap_or_default(),
            None => "",
        },
    };
    let bracketed = !host.starts_with('[') && host.contains(['[', ']']);
    let port = match port.strip_prefix(':') {
        Some(digits) => digits,
        None if port.is_empty() => port,
        None => return false,
    };
    !bracketed && port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_exist() {
        for good in [
            "2026-01-31T12:00:00Z",
            "2026-01-31T12:00:00",
            "2026-01-31T12:00:00.123456789+14:00",
            "2024-02-29T24:00:00-00:30",
            "-0044-03-15T00:00:00Z",
            "12026-01-31T12:00:00Z",
        ] {
            assert!(is_date_time(good), "{good}");
        }
        for bad in [
            "2026-01-31",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-31T24:00:01Z",
            "2026-01-31T12:00:60Z",
            "2026-01-31T12:00Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00+14:01",
            "2026-01-31t12:00:00z",
            "026-01-31T12:00:00Z",
            "0000-01-31T12:00:00Z",
            "02026-01-31T12:00:00Z",
            "2026-01-31 12:00:00Z",
            "",
        ] {
            assert!(!is_date_time(bad), "{bad}");
        }
        assert!(is_date("2026-01-31") && is_date("2026-01-31Z") && is_date("2026-01-31-05:00"));
        assert!(!is_date("2026-1-31") && !is_date("2026-01-31T00:00:00"));
    }

    #[test]
    fn numbers_are_decimal() {
        for good in ["0", "+1", "-1.5", ".5", "1.", "9007199254740991"] {
            assert!(number(good).is_some(), "{good}");
        }
        for bad in [
            "",
            ".",
            "-",
            "1e3",
            "NaN",
            "INF",
            " 1",
            "0x1",
            "9007199254740992",
            "1_0",
        ] {
            assert!(number(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn references_need_little() {
        for good in [
            "",
            "https://example.com/a b?q=1#f",
            "https://[2001:db8::1]:8080/",
            "urn:cdx:x/1#a",
            "pkg:pypi/x@1?checksum=sha256:00",
            "../é",
            "a/b:c",
            "//user@host:80/",
            "a#[1]",
            "//host:/",
        ] {
            assert!(is_uri_reference(good), "{good}");
        }
        for bad in [
            "%zz",
            "a#b#c",
            "http://[::1",
            "http://h:p/",
            ":a",
            "1a:b",
            "a[1]",
        ] {
            assert!(!is_uri_reference(bad), "{bad}");
        }
    }
}
