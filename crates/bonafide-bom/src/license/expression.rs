//! What a document says about licences, as alternatives of licences that apply together.

use std::fmt;

use spdx::expression::{ExprNode, Operator};
use spdx::{LicenseItem, LicenseReq, ParseMode};

use super::catalogue;
use super::identifiers::{HUB_TO_SPDX, SAYS_NOTHING};
use super::terms::{Term, Terms};

/// Longest text that is read.
pub const MOST_BYTES: usize = 4096;

/// Most alternatives that an expression may come to once `AND` is spread over `OR`.
pub const MOST_ALTERNATIVES: usize = 64;

/// Deprecated ids occur in every second document and mean what they meant. Names that
/// are nearly ids are not guessed: the crate's own list takes `gnu gpl v2` for version 3.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// Most licences that may apply together: documents have lists of any length.
pub const MOST_TOGETHER: usize = 256;

/// How a licence is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenceKind {
    /// An id of the SPDX list.
    Spdx,
    /// A licence with a name of its own, known to the table here.
    Named,
    /// Anything else: a reference, a name nobody here knows, free text, `other`.
    Unrecognised,
}

/// One licence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Licence {
    /// SPDX id, name in lower case, or the text as it is.
    pub name: String,
    /// How it is known.
    pub kind: LicenceKind,
    /// With `+`: any later version serves too.
    pub or_later: bool,
    /// What follows `WITH`.
    pub exception: Option<String>,
    /// What it imposes.
    pub terms: Terms,
    /// The words of the licence that the terms rest on; empty if unknown.
    pub clause: &'static str,
}

/// All that one document says about the licence of one thing: alternatives (`OR`), each
/// of licences that apply together (`AND`). Without any, nothing is stated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenceSet {
    /// The alternatives, in the order of the text.
    pub alternatives: Vec<Vec<Licence>>,
}

/// Why text is not a licence expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LicenceError {
    /// Longer than [`MOST_BYTES`].
    #[error("a licence expression of {size} bytes, more than {MOST_BYTES}")]
    Size {
        /// Bytes of the text.
        size: usize,
    },
    /// Not an expression (SPDX 2.3 annex D).
    #[error("not a licence expression: {reason}, at byte {at}")]
    Syntax {
        /// What is wrong.
        reason: String,
        /// Where.
        at: usize,
    },
    /// `AND` over `OR` comes to more than [`MOST_ALTERNATIVES`].
    #[error("a licence expression with more than {MOST_ALTERNATIVES} alternatives")]
    Alternatives,
    /// More than [`MOST_TOGETHER`] licences in one alternative.
    #[error("more than {MOST_TOGETHER} licences that apply together")]
    Together,
}

impl Licence {
    /// A licence by SPDX id in any case, by an id of the Hugging Face Hub or by a name
    /// that the table knows; otherwise one that is kept as it is, with unknown terms.
    #[must_use]
    pub fn named(text: &str) -> Self {
        let text = text.trim();
        if text.len() > MOST_BYTES {
            return Self::unrecognised(text);
        }
        let lower = text.to_lowercase();
        let later = lower.strip_suffix('+').unwrap_or(&lower);
        let spdx_id = HUB_TO_SPDX
            .iter()
            .find_map(|(hub, spdx)| (*hub == lower).then_some(*spdx))
            .or_else(|| {
                // Exact first: two ids of the list may differ in case alone one day.
                spdx::license_id(text)
                    .map(|id| id.name)
                    .or_else(|| listed_in_any_case(later))
            });
        if let Some(id) = spdx_id {
            return Self::spdx(id, text.ends_with('+') && id.len() < text.len());
        }
        let bare = lower.replace([' ', '_'], "-");
        match catalogue::named(&bare) {
            Some(entry) => Self {
                name: bare,
                kind: LicenceKind::Named,
                or_later: false,
                exception: None,
                terms: entry.terms,
                clause: entry.clause,
            },
            None => Self::unrecognised(text),
        }
    }

    /// The ids `GPL-3.0` and `GPL-3.0+` are deprecated for `-only` and `-or-later`, which
    /// say the same: everything is compared in the newer words.
    fn spdx(id: &str, or_later: bool) -> Self {
        let gnu = spdx::license_id(id)
            .filter(|id| id.is_gnu())
            .and_then(|id| {
                let later = or_later || id.name.ends_with('+');
                spdx::gnu_license_id(id.name.trim_end_matches('+'), later)
            });
        let (id, or_later) = match gnu {
            Some(current) => (current.name, false),
            None => (id, or_later),
        };
        let entry = catalogue::spdx(id);
        Self {
            name: id.to_owned(),
            kind: LicenceKind::Spdx,
            or_later,
            exception: None,
            terms: entry.map_or(Terms::of(&[Term::Unknown]), |entry| entry.terms),
            clause: entry.map_or("", |entry| entry.clause),
        }
    }

    fn unrecognised(text: &str) -> Self {
        Self {
            name: text.chars().take(MOST_BYTES).collect(),
            kind: LicenceKind::Unrecognised,
            or_later: false,
            exception: None,
            terms: Terms::of(&[Term::Unknown]),
            clause: "",
        }
    }

    fn required(requirement: &LicenseReq) -> Self {
        let mut licence = match &requirement.license {
            LicenseItem::Spdx { id, or_later } => Self::spdx(id.name, *or_later),
            LicenseItem::Other(reference) => Self::unrecognised(&reference.to_string()),
        };
        // An exception permits more, never less; it stays part of the name.
        licence.exception = requirement.addition.as_ref().map(ToString::to_string);
        licence
    }

    /// True for `other`, `unknown` and their like: words that state nothing.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        let lower = self.name.to_lowercase();
        SAYS_NOTHING.contains(&lower.as_str()) || lower.is_empty()
    }
}

fn listed_in_any_case(lower: &str) -> Option<&'static str> {
    spdx::identifiers::LICENSES
        .iter()
        .map(|license| license.name)
        .find(|name| name.eq_ignore_ascii_case(lower))
}

impl LicenceSet {
    /// Nothing stated.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            alternatives: Vec::new(),
        }
    }

    /// One licence.
    #[must_use]
    pub fn one(licence: Licence) -> Self {
        Self {
            alternatives: vec![vec![licence]],
        }
    }

    /// Reads an expression (SPDX 2.3 annex D). Ids are taken in the case of the list.
    ///
    /// # Errors
    ///
    /// [`LicenceError`].
    pub fn expression(text: &str) -> Result<Self, LicenceError> {
        if text.len() > MOST_BYTES {
            return Err(LicenceError::Size { size: text.len() });
        }
        let parsed =
            spdx::Expression::parse_mode(text, MODE).map_err(|error| LicenceError::Syntax {
                reason: crate::excerpt(&error.reason.to_string(), 200),
                at: error.span.start,
            })?;
        let mut stack: Vec<Self> = Vec::new();
        for node in parsed.iter() {
            let next = match node {
                ExprNode::Req(requirement) => Self::one(Licence::required(&requirement.req)),
                ExprNode::Op(operator) => {
                    let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else {
                        return Err(LicenceError::Syntax {
                            reason: "an operator without operands".to_owned(),
                            at: 0,
                        });
                    };
                    match operator {
                        Operator::Or => left.or(right)?,
                        Operator::And => left.and(&right)?,
                    }
                }
            };
            stack.push(next);
        }
        Ok(stack.pop().unwrap_or_default())
    }

    /// What a field of free form says: an id, a name, an expression, or else a text that
    /// stays as it is with unknown terms. Empty text states nothing.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::none();
        }
        let licence = Licence::named(text);
        if licence.kind != LicenceKind::Unrecognised {
            return Self::one(licence);
        }
        Self::expression(text).unwrap_or_else(|_| Self::one(licence))
    }

    /// Several statements about the same thing, which all apply.
    ///
    /// # Errors
    ///
    /// [`LicenceError::Alternatives`] and [`LicenceError::Together`].
    pub fn all(sets: impl IntoIterator<Item = Self>) -> Result<Self, LicenceError> {
        let stated = sets.into_iter().filter(|set| !set.alternatives.is_empty());
        stated.into_iter().try_fold(Self::none(), |all, set| {
            if all.alternatives.is_empty() {
                Ok(set)
            } else {
                all.and(&set)
            }
        })
    }

    /// Either of both, as the licensee likes.
    fn or(mut self, other: Self) -> Result<Self, LicenceError> {
        for alternative in other.alternatives {
            self.push(alternative)?;
        }
        Ok(self)
    }

    /// Both at once.
    fn and(self, other: &Self) -> Result<Self, LicenceError> {
        let mut both = Self::none();
        // Long lists are of single licences: then nothing is copied but what is new.
        if let [another] = other.alternatives.as_slice() {
            for one in self.alternatives {
                both.push(joined(one, another)?)?;
            }
            return Ok(both);
        }
        for one in &self.alternatives {
            for another in &other.alternatives {
                both.push(joined(one.clone(), another)?)?;
            }
        }
        Ok(both)
    }

    fn push(&mut self, alternative: Vec<Licence>) -> Result<(), LicenceError> {
        if self.alternatives.contains(&alternative) {
            return Ok(());
        }
        if self.alternatives.len() == MOST_ALTERNATIVES {
            return Err(LicenceError::Alternatives);
        }
        self.alternatives.push(alternative);
        Ok(())
    }

    /// True if no licence is stated, or only words that state none.
    #[must_use]
    pub fn is_undeclared(&self) -> bool {
        self.alternatives
            .iter()
            .flatten()
            .all(Licence::says_nothing)
    }

    /// Every licence that is named, once.
    #[must_use]
    pub fn licences(&self) -> Vec<&Licence> {
        let mut all: Vec<&Licence> = self.alternatives.iter().flatten().collect();
        all.sort();
        all.dedup();
        all
    }

    /// The terms of each alternative, in their order.
    pub fn terms(&self) -> impl Iterator<Item = Terms> {
        self.alternatives
            .iter()
            .map(|alternative| together(alternative))
    }
}

/// The licences of both lists, each once.
fn joined(mut one: Vec<Licence>, another: &[Licence]) -> Result<Vec<Licence>, LicenceError> {
    for licence in another {
        if one.contains(licence) {
            continue;
        }
        if one.len() == MOST_TOGETHER {
            return Err(LicenceError::Together);
        }
        one.push(licence.clone());
    }
    Ok(one)
}

/// What licences impose that apply together.
pub(super) fn together(licences: &[Licence]) -> Terms {
    licences
        .iter()
        .fold(Terms::NONE, |terms, licence| terms.with(licence.terms))
}

impl fmt::Display for Licence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&crate::excerpt(&self.name, 100))?;
        if self.or_later {
            formatter.write_str("+")?;
        }
        match &self.exception {
            Some(exception) => write!(formatter, " WITH {}", crate::excerpt(exception, 100)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for LicenceSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alternatives.is_empty() {
            return formatter.write_str("no licence stated");
        }
        for (place, alternative) in self.alternatives.iter().enumerate() {
            if place > 0 {
                formatter.write_str(" OR ")?;
            }
            let brackets = self.alternatives.len() > 1 && alternative.len() > 1;
            formatter.write_str(if brackets { "(" } else { "" })?;
            for (place, licence) in alternative.iter().enumerate() {
                formatter.write_str(if place > 0 { " AND " } else { "" })?;
                fmt::Display::fmt(licence, formatter)?;
            }
            formatter.write_str(if brackets { ")" } else { "" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list in a model card may have as many entries as fit into the file.
    #[test]
    fn long_lists_are_refused_in_time() {
        let list = |count: usize| (0..count).map(|one| LicenceSet::text(&format!("x{one}")));
        assert_eq!(LicenceSet::all(list(100_000)), Err(LicenceError::Together));
        let most = LicenceSet::all(list(MOST_TOGETHER)).unwrap();
        assert_eq!(most.alternatives[0].len(), MOST_TOGETHER);
        let again = list(MOST_TOGETHER).chain(list(MOST_TOGETHER));
        assert_eq!(LicenceSet::all(again).unwrap(), most);
    }

    #[test]
    fn knows_the_ids_of_the_hub() {
        use LicenceKind::{Named, Spdx, Unrecognised};
        for (text, name, kind, terms) in [
            ("apache-2.0", "Apache-2.0", Spdx, "permissive, attribution"),
            ("MIT", "MIT", Spdx, "permissive, attribution"),
            (
                "cc-by-nc-4.0",
                "CC-BY-NC-4.0",
                Spdx,
                "attribution, non-commercial",
            ),
            (
                "cc-by-sa-3.0",
                "CC-BY-SA-3.0",
                Spdx,
                "attribution, share-alike",
            ),
            (
                "cc-by-nd-4.0",
                "CC-BY-ND-4.0",
                Spdx,
                "attribution, no derivatives",
            ),
            ("cc0-1.0", "CC0-1.0", Spdx, "permissive"),
            ("gpl-3.0", "GPL-3.0-only", Spdx, "attribution, share-alike"),
            ("GPL-3.0", "GPL-3.0-only", Spdx, "attribution, share-alike"),
            (
                "GPL-2.0+",
                "GPL-2.0-or-later",
                Spdx,
                "attribution, share-alike",
            ),
            (
                "agpl-3.0-or-later",
                "AGPL-3.0-or-later",
                Spdx,
                "attribution, share-alike",
            ),
            ("odbl", "ODbL-1.0", Spdx, "attribution, share-alike"),
            ("bsl-1.0", "BSL-1.0", Spdx, "permissive, attribution"),
            ("c-uda", "C-UDA-1.0", Spdx, "attribution, use-restricted"),
            ("lgpl-lr", "LGPLLR", Spdx, "attribution, share-alike"),
            (
                "openmdw-1.0",
                "OpenMDW-1.0",
                Spdx,
                "permissive, attribution",
            ),
            ("llama3.1", "llama3.1", Named, "attribution, use-restricted"),
            ("Gemma", "gemma", Named, "attribution, use-restricted"),
            (
                "openrail++",
                "openrail++",
                Named,
                "attribution, use-restricted",
            ),
            (
                "creativeml-openrail-m",
                "creativeml-openrail-m",
                Named,
                "attribution, use-restricted",
            ),
            (
                "Tongyi Qianwen",
                "tongyi-qianwen",
                Named,
                "attribution, use-restricted",
            ),
            (
                "deepfloyd-if-license",
                "deepfloyd-if-license",
                Named,
                "attribution, non-commercial, use-restricted",
            ),
            ("other", "other", Unrecognised, "unknown"),
            ("unknown", "unknown", Unrecognised, "unknown"),
            ("cc", "cc", Unrecognised, "unknown"),
            ("QPL-1.0", "QPL-1.0", Spdx, "unknown"),
            (
                "My very own terms",
                "My very own terms",
                Unrecognised,
                "unknown",
            ),
        ] {
            let licence = Licence::named(text);
            assert_eq!((&*licence.name, licence.kind), (name, kind), "{text}");
            assert_eq!(licence.terms.to_string(), terms, "{text}");
        }
    }

    #[test]
    fn spreads_and_over_or() {
        for (text, shown) in [
            ("MIT", "MIT"),
            ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
            (
                "MIT AND (Apache-2.0 OR GPL-2.0-only)",
                "(MIT AND Apache-2.0) OR (MIT AND GPL-2.0-only)",
            ),
            ("MIT OR Apache-2.0 AND ISC", "MIT OR (Apache-2.0 AND ISC)"),
            ("MIT AND MIT", "MIT"),
            ("MIT AND Apache-2.0 OR ISC", "(MIT AND Apache-2.0) OR ISC"),
            (
                "GPL-2.0-only WITH Classpath-exception-2.0",
                "GPL-2.0-only WITH Classpath-exception-2.0",
            ),
            ("MPL-1.1+", "MPL-1.1+"),
            ("GPL-2.0+", "GPL-2.0-or-later"),
            ("GPL-3.0 OR LGPL-2.1", "GPL-3.0-only OR LGPL-2.1-only"),
            ("LicenseRef-llama OR MIT", "LicenseRef-llama OR MIT"),
        ] {
            assert_eq!(
                LicenceSet::expression(text).unwrap().to_string(),
                shown,
                "{text}"
            );
        }
    }

    #[test]
    fn hostile_expressions_end() {
        let deep = format!("{}MIT{}", "(".repeat(2000), ")".repeat(2000));
        assert!(LicenceSet::expression(&deep).is_ok());
        let wide = ["(MIT OR ISC OR Zlib)"; 20]
            .join(" AND ")
            .replace("MIT", "MIT+");
        assert!(LicenceSet::expression(&wide).is_ok());
        let ids: Vec<&str> = spdx::identifiers::LICENSES
            .iter()
            .map(|license| license.name)
            .filter(|name| name.len() < 20 && !name.contains("GPL"))
            .take(40)
            .collect();
        let pairs: Vec<String> = ids
            .chunks(2)
            .map(|pair| format!("({})", pair.join(" OR ")))
            .collect();
        assert_eq!(
            LicenceSet::expression(&pairs.join(" AND ")),
            Err(LicenceError::Alternatives)
        );
        let long = "MIT ".repeat(5000);
        assert!(matches!(
            LicenceSet::expression(&long),
            Err(LicenceError::Size { .. })
        ));
        for bad in [
            "",
            "()",
            "(",
            ")",
            "MIT AND",
            "OR",
            "AND MIT",
            "MIT MIT",
            "MIT WITH",
            "MIT WITH MIT",
            "(MIT",
            "MIT)",
            "MIT +",
            "+",
            "é",
            "MIT/ISC",
            "\u{0}",
            "LicenseRef-",
            "GPL-2.0-or-later+",
        ] {
            let read = LicenceSet::expression(bad);
            assert!(read.is_err() || bad == "LicenseRef-", "{bad}: {read:?}");
            let _ = LicenceSet::text(bad).to_string();
        }
    }

    #[test]
    fn free_text_is_kept_and_unknown() {
        let set = LicenceSet::text("see \u{1b}[31mLICENSE");
        assert!(set.terms().all(|terms| terms.has(Term::Unknown)));
        assert_eq!(set.to_string(), "see \\u{1b}[31mLICENSE");
        assert!(!set.is_undeclared());
        assert!(LicenceSet::text(" ").is_undeclared());
        assert!(LicenceSet::text("Unknown").is_undeclared());
        assert!(LicenceSet::text("NOASSERTION").is_undeclared());
        assert!(LicenceSet::none().is_undeclared());
        let both = LicenceSet::all([
            LicenceSet::text("mit"),
            LicenceSet::none(),
            LicenceSet::text("cc-by-4.0"),
        ])
        .unwrap();
        assert_eq!(both.to_string(), "MIT AND CC-BY-4.0");
    }
}
