//! The versions of the specification.

use std::fmt;
use std::str::FromStr;

/// A version of CycloneDX whose JSON rules are known here, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecVersion {
    /// 1.3, of May 2021.
    V1_3,
    /// 1.4, of January 2022: vulnerabilities, signatures.
    V1_4,
    /// 1.5, of June 2023: models, datasets, formulation.
    V1_5,
    /// 1.6, of April 2024: cryptography, declarations.
    V1_6,
    /// 1.7, of October 2025: citations, patents.
    V1_7,
}

impl SpecVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 5] = [Self::V1_3, Self::V1_4, Self::V1_5, Self::V1_6, Self::V1_7];

    /// The version as documents write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
            Self::V1_5 => "1.5",
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }
}

impl fmt::Display for SpecVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The text is none of the versions in [`SpecVersion::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a version from 1.3 to 1.7")]
pub struct UnknownVersion;

impl FromStr for SpecVersion {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
            .ok_or(UnknownVersion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_print_as_they_are_read() {
        for version in SpecVersion::ALL {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        assert!(SpecVersion::V1_3 < SpecVersion::V1_7);
        for text in ["", "1", "1.2", "1.8", "1.6.0", " 1.6", "01.6"] {
            assert_eq!(text.parse::<SpecVersion>(), Err(UnknownVersion));
        }
    }
}
