//! Statements by their type, and from when they are.

use std::fmt;

use bonafide_attest::predicate::Predicate;
use bonafide_attest::statement::Statement;
use bonafide_attest::{Content, TextPattern, Verified};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::demand::Pointer;

/// Clocks differ by so much.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Most entries of a list.
const MOST: usize = 1_000;

/// Types of statements; never empty.
#[derive(Debug)]
pub(super) struct Types(Vec<TextPattern>);

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text or a list of texts")]
        enum Written {
            One(String),
            Several(Vec<String>),
        }
        let texts = match Written::deserialize(deserializer)? {
            Written::One(text) => vec![text],
            Written::Several(texts) => texts,
        };
        check_length(texts.len())?;
        let pattern = |text: &String| {
            if text.contains('*') {
                TextPattern::glob(text)
            } else {
                TextPattern::exact(text)
            }
        };
        let patterns = texts.iter().map(pattern).collect::<Result<_, _>>();
        patterns.map(Self).map_err(D::Error::custom)
    }
}

impl Types {
    /// Those of the texts, which are no patterns.
    pub(super) fn exactly(texts: &[&str]) -> Self {
        let patterns = texts
            .iter()
            .filter_map(|text| TextPattern::exact(text).ok());
        Self(patterns.collect())
    }

    /// True if the statement is of one of them.
    pub(super) fn matches(&self, statement: &Statement) -> bool {
        let mut patterns = self.0.iter();
        patterns.any(|pattern| pattern.matches(&statement.predicate_type))
    }
}

impl fmt::Display for Types {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types: Vec<String> = self.0.iter().map(describe).collect();
        formatter.write_str(&types.join(" or "))
    }
}

/// Lists that a statement has to be in are neither empty nor endless.
pub(super) fn check_length<E: serde::de::Error>(length: usize) -> Result<(), E> {
    match length {
        0 => Err(E::custom("list is empty, so that nothing could meet it")),
        1..=MOST => Ok(()),
        _ => Err(E::custom(format!("more than {MOST} entries"))),
    }
}

/// Times at which it was signed, by somebody else's word that was checked.
pub(super) fn proven_times(verified: &Verified<Content>) -> Vec<Timestamp> {
    let times = verified.support().times.iter();
    times
        .filter(|known| known.source.is_authenticated())
        .map(|known| known.time)
        .collect()
}

/// Where the standard of a predicate says when it was made.
pub(super) fn time_of(predicate: &Predicate) -> Option<Timestamp> {
    match predicate {
        Predicate::VerificationSummary(summary) => summary.time_verified,
        Predicate::SimpleVerificationResult(result) => Some(result.time_created),
        Predicate::SlsaProvenanceV1(provenance) => provenance.finished,
        Predicate::SlsaProvenanceV02(provenance) => provenance.finished,
        _ => None,
    }
}

/// The time at a place of a predicate: RFC 3339, or a date, which begins at midnight (UTC).
pub(super) fn stated(pointer: &Pointer, predicate: &Value) -> Result<Timestamp, String> {
    let Some(value) = pointer.of(predicate) else {
        return Err(format!(
            "its `{pointer}`, which says from when it is, is not there"
        ));
    };
    let text = value.as_str().unwrap_or_default();
    let date = |text: &str| {
        let date: Date = text.parse().ok()?;
        let midnight = date.to_zoned(TimeZone::UTC).ok()?;
        (text.len() == "2026-01-01".len()).then(|| midnight.timestamp())
    };
    text.parse()
        .ok()
        .or_else(|| date(text))
        .ok_or_else(|| format!("its `{pointer}` is no date and no time of RFC 3339"))
}

/// A type as the policy writes it.
fn describe(pattern: &TextPattern) -> String {
    match pattern {
        TextPattern::Exact(text) => format!("`{text}`"),
        TextPattern::Glob(glob) => format!("`{}`", glob.glob()),
        TextPattern::Regex(regex) => format!("`{regex}`"),
    }
}
