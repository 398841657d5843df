//! Times of capture, as datasets write them.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};

use crate::{TextColumn, number, whole_number};

const DAY: i64 = 86_400;
/// The years 1 to 9999, in seconds since 1970; what is outside is no time of capture.
const EARLIEST: i64 = -62_135_596_800;
const LATEST: i64 = 253_402_300_799;

/// What a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Seconds since 1970 in UTC. Local times without a zone are taken for UTC.
    At(i64),
    /// Nothing, or something that is no time.
    Nothing,
}

/// A column of times.
pub(super) struct Times<'a> {
    array: &'a ArrayRef,
    text: Option<TextColumn<'a>>,
}

impl<'a> Times<'a> {
    pub(super) fn of(array: &'a ArrayRef) -> Self {
        let is_number = array.data_type().is_numeric();
        Self {
            array,
            text: if is_number {
                None
            } else {
                TextColumn::of(array)
            },
        }
    }

    pub(super) fn get(&self, index: usize) -> Said {
        match self.seconds(index) {
            Some(seconds) if (EARLIEST..=LATEST).contains(&seconds) => Said::At(seconds),
            _ => Said::Nothing,
        }
    }

    fn seconds(&self, index: usize) -> Option<i64> {
        let array = self.array;
        if index >= array.len() || array.is_null(index) {
            return None;
        }
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => Some(
                array
                    .as_primitive_opt::<TimestampSecondType>()?
                    .value(index),
            ),
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                let value = array.as_primitive_opt::<TimestampMillisecondType>()?;
                Some(value.value(index).div_euclid(1_000))
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                let value = array.as_primitive_opt::<TimestampMicrosecondType>()?;
                Some(value.value(index).div_euclid(1_000_000))
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                let value = array.as_primitive_opt::<TimestampNanosecondType>()?;
                Some(value.value(index).div_euclid(1_000_000_000))
            }
            DataType::Date32 => {
                let days = array.as_primitive_opt::<Date32Type>()?.value(index);
                i64::from(days).checked_mul(DAY)
            }
            DataType::Date64 => {
                let value = array.as_primitive_opt::<Date64Type>()?;
                Some(value.value(index).div_euclid(1_000))
            }
            kind if kind.is_integer() => epoch(whole_number(array, index)?),
            kind if kind.is_floating() => {
                let value = number(array, index)?;
                // Beyond that a float has no whole seconds, and no year either.
                if value.is_nan() || value.abs() >= 9e15 {
                    return None;
                }
                #[expect(clippy::cast_possible_truncation, reason = "just compared")]
                let whole = value.floor() as i128;
                epoch(whole)
            }
            _ => text(&self.text.as_ref()?.get(index)?),
        }
    }
}

/// A number: `20260131`, `20260131235959` as web archives write it, or seconds, milli-,
/// micro- or nanoseconds since 1970, told by their size: seconds reach the year 5138
/// before they are taken for milliseconds.
fn epoch(value: i128) -> Option<i64> {
    let small = i64::try_from(value).ok()?;
    if let Some(seconds) = compact(small) {
        return Some(seconds);
    }
    Some(match small.unsigned_abs() {
        0..100_000_000_000 => small,
        100_000_000_000..100_000_000_000_000 => small.div_euclid(1_000),
        100_000_000_000_000..100_000_000_000_000_000 => small.div_euclid(1_000_000),
        _ => small.div_euclid(1_000_000_000),
    })
}

/// `YYYYMMDD` or `YYYYMMDDhhmmss` of the years 1990 to 2099. As seconds the first is a day
/// of 1970, and as milliseconds the second is after the year 2600.
fn compact(value: i64) -> Option<i64> {
    let (date, time) = match value {
        19_900_101..=20_991_231 => (value, 0),
        19_900_101_000_000..=20_991_231_235_959 => (value / 1_000_000, value % 1_000_000),
        _ => return None,
    };
    seconds(
        date / 10_000,
        date / 100 % 100,
        date % 100,
        [time / 10_000, time / 100 % 100, time % 100],
    )
}

/// RFC 3339 and what is near it: a date alone, a space for the `T`, no zone, no seconds,
/// parts of a second; also the numbers above.
fn text(value: &str) -> Option<i64> {
    let value = value.trim();
    if value.len() > 40 {
        return None;
    }
    let digits = value.strip_prefix('-').unwrap_or(value);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return epoch(value.parse().ok()?);
    }
    let (date, rest) = value.split_at_checked(10)?;
    let mut parts = date.split('-').map(digits_of);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if date.len() != 10 || parts.next().is_some() || date.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    if rest.is_empty() {
        return seconds(year, month, day, [0; 3]);
    }
    let rest = rest.strip_prefix(['T', 't', ' ', '_'])?.trim_end();
    let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    let clock = clock.trim_end();
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    digits_of(fraction)?;
    let mut parts = clock.split(':').map(digits_of);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = match parts.next() {
        None => 0,
        Some(second) => second?,
    };
    if parts.next().is_some() {
        return None;
    }
    // A leap second is the last second of its minute.
    let second = if second == 60 { 59 } else { second };
    seconds(year, month, day, [hour, minute, second])?.checked_sub(offset(zone)?)
}

/// The offset of a zone in seconds: none, `Z`, `+02:00`, `+0200`, `+02`.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1) {
        None => return Some(0),
        Some(("Z" | "z", "")) => return Some(0),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
    };
    let bare = digits.replacen(':', "", 1);
    let (hours, minutes) = match bare.len() {
        2 => (digits_of(&bare)?, 0),
        4 => (digits_of(bare.get(..2)?)?, digits_of(bare.get(2..)?)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn digits_of(text: &str) -> Option<i64> {
    let plain =
        !text.is_empty() && text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Seconds since 1970 of a date of the Gregorian calendar, which must exist.
fn seconds(year: i64, month: i64, day: i64, [hour, minute, second]: [i64; 3]) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of_month = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let exists = (1..=9_999).contains(&year)
        && (1..=days_of_month).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    if !exists {
        return None;
    }
    // Days before the first of the month, in years that begin with March.
    let (years, months) = match month {
        1 | 2 => (year - 1, month + 9),
        month => (year, month - 3),
    };
    let days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day
        - 719_469;
    Some(days * DAY + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{
        Date32Array, Float64Array, Int64Array, StringArray, TimestampNanosecondArray, UInt64Array,
    };
    use std::sync::Arc;

    fn all(array: ArrayRef) -> Vec<Option<i64>> {
        let times = Times::of(&array);
        (0..=array.len())
            .map(|index| match times.get(index) {
                Said::At(seconds) => Some(seconds),
                Said::Nothing => None,
            })
            .collect()
    }

    #[test]
    fn texts() {
        // Each by `date -u -d … +%s`.
        for (said, expected) in [
            ("1970-01-01", 0),
            ("2002-08-22T12:36:23Z", 1_030_019_783),
            ("2002-08-22 12:36:23.123+01:00", 1_030_016_183),
            ("2002-08-22T12:36:23-0700", 1_030_044_983),
            ("2000-02-29", 951_782_400),
            ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01", -62_135_596_800),
            ("9999-12-31T23:59:59", 253_402_300_799),
            ("20020822123623", 1_030_019_783),
            ("20020822", 1_029_974_400),
            ("1030019783", 1_030_019_783),
            ("-5", -5),
        ] {
            assert_eq!(text(said), Some(expected), "{said}");
        }
        for said in [
            "",
            "-",
            "soon",
            "2001-02-29",
            "2001-13-01",
            "2001-00-01",
            "2001-1-1",
            "01-01-2001",
            "2001-01-01T25:00:00Z",
            "2001-01-01T00:00:00+99:00",
            "2001-01-01Tä",
            "äöüäöüäöü",
            "10000-01-01",
            "2001-01-01T00",
            "99999999999999999999999999999999",
            "0000-01-01",
        ] {
            assert_eq!(text(said), None, "{said}");
        }
    }

    #[test]
    fn numbers_and_types_of_arrow() {
        let seconds = 1_030_019_783;
        let numbers = vec![
            seconds,
            seconds * 1_000 + 7,
            seconds * 1_000_000,
            seconds * 1_000_000_000,
            -1,
            i64::MAX,
            i64::MIN,
        ];
        assert_eq!(
            all(Arc::new(Int64Array::from(numbers))),
            [
                Some(seconds),
                Some(seconds),
                Some(seconds),
                Some(seconds),
                Some(-1),
                Some(9_223_372_036),
                Some(-9_223_372_037),
                None
            ]
        );
        assert_eq!(
            all(Arc::new(UInt64Array::from(vec![u64::MAX]))),
            [None, None]
        );
        assert_eq!(
            all(Arc::new(Float64Array::from(vec![
                1.5,
                f64::NAN,
                f64::INFINITY,
                1e300,
                -0.5
            ]))),
            [Some(1), None, None, None, Some(-1), None]
        );
        assert_eq!(
            all(Arc::new(Date32Array::from(vec![
                Some(1),
                None,
                Some(i32::MAX)
            ]))),
            [Some(DAY), None, None, None]
        );
        assert_eq!(
            all(Arc::new(TimestampNanosecondArray::from(vec![-1]))),
            [Some(-1), None]
        );
        assert_eq!(all(Arc::new(StringArray::from(vec!["x"]))), [None, None]);
    }
}
