//! The formats of the specification, asserted.

use super::iri;
use super::mailbox;

/// A format that a text must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 3339 `date-time`.
    DateTime,
    /// RFC 3339 `full-date`.
    Date,
    /// RFC 3987 `IRI-reference`.
    IriReference,
    /// RFC 3986 `URI`.
    Uri,
    /// RFC 6531 `Mailbox`.
    IdnEmail,
}

impl Format {
    /// The name of the format in JSON Schema.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DateTime => "date-time",
            Self::Date => "date",
            Self::IriReference => "iri-reference",
            Self::Uri => "uri",
            Self::IdnEmail => "idn-email",
        }
    }

    /// What it stands for, in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::DateTime => "a date and time with its offset, such as `2026-01-31T12:00:00Z`",
            Self::Date => "a date such as `2026-01-31`",
            Self::IriReference => "a reference (RFC 3987)",
            Self::Uri => "a URI (RFC 3986)",
            Self::IdnEmail => "an e-mail address",
        }
    }

    /// Has the text this format?
    #[must_use]
    pub fn is_match(self, text: &str) -> bool {
        match self {
            Self::DateTime => is_date_time(text.as_bytes()),
            Self::Date => is_date(text.as_bytes()),
            Self::IriReference => iri::is_iri_reference(text),
            Self::Uri => iri::is_uri(text),
            Self::IdnEmail => mailbox::is_mailbox(text),
        }
    }
}

/// Digits, and nothing else, as a number.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number: u32, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + u32::from(digit - b'0'))
    })
}

/// RFC 3339 §5.6 `full-date`, with the days of the month of appendix C.
fn is_date(text: &[u8]) -> bool {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (
        number(&[y0, y1, y2, y3]),
        number(&[m0, m1]),
        number(&[d0, d1]),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// RFC 3339 §5.6 `date-time`; `t` and `z` may be small.
fn is_date_time(text: &[u8]) -> bool {
    let Some((date, time)) = text.split_at_checked(10) else {
        return false;
    };
    let [b'T' | b't', time @ ..] = time else {
        return false;
    };
    is_date(date) && is_full_time(time)
}

/// RFC 3339 §5.6 `full-time`. A second 60 is a leap second, and those are inserted at
/// 23:59:60 UTC (§5.7).
fn is_full_time(text: &[u8]) -> bool {
    let &[h0, h1, b':', m0, m1, b':', s0, s1, ref rest @ ..] = text else {
        return false;
    };
    let (Some(hour), Some(minute), Some(second)) =
        (number(&[h0, h1]), number(&[m0, m1]), number(&[s0, s1]))
    else {
        return false;
    };
    if hour > 23 || minute > 59 || second > 60 {
        return false;
    }
    let Some(offset) = without_fraction(rest).and_then(offset_minutes) else {
        return false;
    };
    let day = 24 * 60;
    let utc = (i64::from(hour * 60 + minute) - offset).rem_euclid(day);
    second < 60 || utc == day - 1
}

/// What follows `time-secfrac`, which has a digit if it is there.
fn without_fraction(text: &[u8]) -> Option<&[u8]> {
    let [b'.', fraction @ ..] = text else {
        return Some(text);
    };
    let digits = fraction
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (digits > 0).then(|| fraction.get(digits..)).flatten()
}

/// RFC 3339 §5.6 `time-offset`, in minutes ahead of UTC.
fn offset_minutes(text: &[u8]) -> Option<i64> {
    match *text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
            let (hour, minute) = (number(&[h0, h1])?, number(&[m0, m1])?);
            let minutes = (hour < 24 && minute < 60).then(|| i64::from(hour * 60 + minute))?;
            Some(if sign == b'+' { minutes } else { -minutes })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_that_exist() {
        for text in ["2024-02-29", "2000-02-29", "0000-01-31", "9999-12-31"] {
            assert!(Format::Date.is_match(text), "{text}");
        }
        for text in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2024-00-10",
            "2024-13-10",
            "2024-01-00",
            "2024-04-31",
            "2024-1-01",
            "+024-01-01",
            "2024-01-01 ",
            "२०२४-01-01",
        ] {
            assert!(!Format::Date.is_match(text), "{text}");
        }
    }

    #[test]
    fn times_have_an_offset() {
        for text in [
            "2024-02-29T00:00:00Z",
            "2024-02-29t23:59:59.123456789012345678901234567890z",
            "2024-02-29T23:59:59-23:59",
            "2016-12-31T23:59:60Z",
            "2017-01-01T00:59:60+01:00",
            "2016-12-31T15:59:60.5-08:00",
        ] {
            assert!(Format::DateTime.is_match(text), "{text}");
        }
        for text in [
            "",
            "2024-02-29",
            "2024-02-29T00:00:00",
            "2024-02-29 00:00:00Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29T00:60:00Z",
            "2024-02-29T00:00:61Z",
            "2024-02-29T00:00:60Z",
            "2016-12-31T23:59:60+01:00",
            "2024-02-29T00:00:00.Z",
            "2024-02-29T00:00:00+24:00",
            "2024-02-29T00:00:00+0100",
            "2024-02-29T00:00:00+01",
            "2024-02-29T00:00Z",
            "2024-02-29T00:00:00Z\n",
            "2024-02-30T00:00:00Z",
            "2024-02-2१T00:00:00Z",
        ] {
            assert!(!Format::DateTime.is_match(text), "{text}");
        }
    }
}
