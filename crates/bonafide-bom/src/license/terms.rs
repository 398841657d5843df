//! Kinds of terms.

use std::fmt;

use serde::Serialize;

/// A kind of term that a licence imposes on whoever passes the work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// Notices or names of the authors must be kept.
    Attribution,
    /// Derived works come under the same licence, or one that it names.
    ShareAlike,
    /// No commercial use, or research only.
    NonCommercial,
    /// Derived works must not be passed on.
    NoDerivatives,
    /// Some uses or users are excluded, and that must be passed on.
    UseRestricted,
    /// The text is not known to this table: it may say anything.
    Unknown,
}

/// A set of terms; the empty set is a dedication to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Terms(u8);

impl Term {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Attribution,
        Self::ShareAlike,
        Self::NonCommercial,
        Self::NoDerivatives,
        Self::UseRestricted,
        Self::Unknown,
    ];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The kind in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Attribution => "attribution",
            Self::ShareAlike => "share-alike",
            Self::NonCommercial => "non-commercial",
            Self::NoDerivatives => "no derivatives",
            Self::UseRestricted => "use-restricted",
            Self::Unknown => "unknown",
        }
    }
}

impl Terms {
    /// No term at all.
    pub const NONE: Self = Self(0);

    /// The set of these.
    #[must_use]
    pub const fn of(terms: &[Term]) -> Self {
        let mut bits = 0;
        let mut rest = terms;
        while let [first, others @ ..] = rest {
            bits |= first.bit();
            rest = others;
        }
        Self(bits)
    }

    /// True if the term is among them.
    #[must_use]
    pub const fn has(self, term: Term) -> bool {
        self.0 & term.bit() != 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True if nothing but keeping notices is asked.
    #[must_use]
    pub const fn is_permissive(self) -> bool {
        self.0 & !Term::Attribution.bit() == 0
    }

    /// The terms, in the order of [`Term::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Term> {
        Term::ALL.into_iter().filter(move |term| self.has(*term))
    }
}

impl fmt::Display for Terms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_permissive() {
            formatter.write_str("permissive")?;
            if self.has(Term::Attribution) {
                formatter.write_str(", attribution")?;
            }
            return Ok(());
        }
        for (place, term) in self.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            write!(formatter, "{separator}{}", term.words())?;
        }
        Ok(())
    }
}
