//! Limits that a policy sets as numbers.

use serde::Deserialize;

/// A share from 0 to 1. What is no number would be a limit that nothing exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Share(f64);

/// A number that is not negative, and finite.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Limit(f64);

impl Share {
    pub(super) const NONE: Self = Self(0.0);

    /// From hundredths.
    pub(super) fn percent(hundredths: u8) -> Self {
        Self(f64::from(hundredths) / 100.0)
    }

    /// True for more than this, and for what cannot be compared with it.
    pub(super) fn is_exceeded_by(self, share: f64) -> bool {
        !matches!(
            share.partial_cmp(&self.0),
            Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
        )
    }
}

impl Limit {
    /// From hundredths.
    pub(super) fn percent(hundredths: u32) -> Self {
        Self(f64::from(hundredths) / 100.0)
    }

    /// True for more than this, and for what cannot be compared with it.
    pub(super) fn is_exceeded_by(self, number: f64) -> bool {
        Share(self.0).is_exceeded_by(number)
    }
}

impl TryFrom<f64> for Share {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, Self::Error> {
        if (0.0..=1.0).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("{number} is not from 0 to 1"))
        }
    }
}

impl TryFrom<f64> for Limit {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, Self::Error> {
        if number.is_finite() && number >= 0.0 {
            Ok(Self(number))
        } else {
            Err(format!("{number} is not a number from 0"))
        }
    }
}
