//! `contentSize`: a number, or text with a unit.

use crate::json::{Node, Number};

/// How large a file is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentSize {
    /// So many bytes: a number, with the unit `B` or without one.
    Exact(u64),
    /// A rounded number with a larger unit, in bytes. It proves nothing about a file.
    About(u64),
}

/// Units and their factors. `KB` and `kB` are both written for 1,000.
const UNITS: [(&str, u64); 10] = [
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("pb", 1_000_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("pib", 1 << 50),
];

impl ContentSize {
    /// Reads a number or text; none if it is neither a size.
    pub(super) fn read(node: &Node<'_>) -> Option<Self> {
        match node {
            Node::Number(number) => Self::of_number(*number),
            Node::Text(text) => Self::of_text(text.trim()),
            _ => None,
        }
    }

    fn of_number(number: Number) -> Option<Self> {
        u64::try_from(number.whole()?).ok().map(Self::Exact)
    }

    fn of_text(text: &str) -> Option<Self> {
        let end = text
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(end)?;
        let unit = unit.trim_start();
        if matches!(
            unit.to_ascii_lowercase().as_str(),
            "" | "b" | "byte" | "bytes"
        ) {
            return number.parse().ok().map(Self::Exact);
        }
        let factor = UNITS
            .iter()
            .find_map(|(known, factor)| known.eq_ignore_ascii_case(unit).then_some(*factor))?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        // Further digits of the fraction are less than the rounding.
        let digits = fraction.get(..fraction.len().min(15))?;
        let scale = 10_u128.checked_pow(u32::try_from(digits.len()).ok()?)?;
        let part = u128::from(factor) * u128::from(digits.parse::<u64>().ok()?) / scale;
        let bytes = whole.parse::<u64>().ok()?.checked_mul(factor)?;
        bytes
            .checked_add(u64::try_from(part).ok()?)
            .map(Self::About)
    }

    /// The size, if it is exact.
    #[must_use]
    pub const fn exact(self) -> Option<u64> {
        match self {
            Self::Exact(bytes) => Some(bytes),
            Self::About(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    #[test]
    fn numbers_and_text() {
        for (text, expected) in [
            ("117743037", Some(ContentSize::Exact(117_743_037))),
            ("\"117743037\"", Some(ContentSize::Exact(117_743_037))),
            ("\"117743037 B\"", Some(ContentSize::Exact(117_743_037))),
            ("\"12bytes\"", Some(ContentSize::Exact(12))),
            ("0", Some(ContentSize::Exact(0))),
            ("\"2.5 MB\"", Some(ContentSize::About(2_500_000))),
            ("\"1 KiB\"", Some(ContentSize::About(1024))),
            ("\"3GB\"", Some(ContentSize::About(3_000_000_000))),
            ("-1", None),
            ("1.5", None),
            ("\"1.5 B\"", None),
            ("\"1,234 B\"", None),
            ("\"1.2.3 MB\"", None),
            ("\"unknown\"", None),
            ("\"\"", None),
            ("\"MB\"", None),
            ("\"99999999999999999999\"", None),
            ("\"99999999999999999 PB\"", None),
            ("null", None),
            ("[1]", None),
        ] {
            let node = admit(text.as_bytes(), 100).unwrap();
            assert_eq!(ContentSize::read(&node), expected, "{text}");
        }
    }
}
