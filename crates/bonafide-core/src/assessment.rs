//! How well each element that a profile asks of a document is backed by evidence.
//!
//! Plain data, made in `bonafide-bom` and printed in `bonafide-report`. Presence alone is
//! never worth what a proof is worth: `docs/decisions/0013-score-of-evidence.md`.

use std::fmt;

use serde::Serialize;

/// What stands behind an element of a document, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Something that is known disagrees: bytes, another part of the document, a rule of
    /// its format.
    Contradicted,
    /// The document does not say it.
    Missing,
    /// The document says it, and nothing else does.
    Declared,
    /// Something else says the same: another place, the artifact's own files, references
    /// that lead where they should.
    Consistent,
    /// Bytes or a trusted signature prove it.
    Verified,
}

impl Evidence {
    /// Every grade, the worst first.
    pub const ALL: [Self; 5] = [
        Self::Contradicted,
        Self::Missing,
        Self::Declared,
        Self::Consistent,
        Self::Verified,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Contradicted => "contradicted",
            Self::Missing => "missing",
            Self::Declared => "declared",
            Self::Consistent => "consistent",
            Self::Verified => "verified",
        }
    }

    /// What it is worth in a score.
    #[must_use]
    pub const fn points(self) -> i64 {
        match self {
            Self::Contradicted => -100,
            Self::Missing => 0,
            Self::Declared => 25,
            Self::Consistent => 60,
            Self::Verified => 100,
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

/// Whether an element is asked of every document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// Of every one; without it, the score suffers.
    Always,
    /// Only of artifacts that have such a thing: where it is missing, it does not count.
    WhereItApplies,
}

/// How many elements have which evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tally {
    /// Proven.
    pub verified: usize,
    /// Said, and confirmed by something else.
    pub consistent: usize,
    /// Said.
    pub declared: usize,
    /// Not said.
    pub missing: usize,
    /// Said, and wrong.
    pub contradicted: usize,
}

impl Tally {
    /// The number for one grade.
    #[must_use]
    pub const fn of(&self, evidence: Evidence) -> usize {
        match evidence {
            Evidence::Contradicted => self.contradicted,
            Evidence::Missing => self.missing,
            Evidence::Declared => self.declared,
            Evidence::Consistent => self.consistent,
            Evidence::Verified => self.verified,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.verified + self.consistent + self.declared + self.missing + self.contradicted
    }

    fn add(&mut self, evidence: Evidence) {
        let place = match evidence {
            Evidence::Contradicted => &mut self.contradicted,
            Evidence::Missing => &mut self.missing,
            Evidence::Declared => &mut self.declared,
            Evidence::Consistent => &mut self.consistent,
            Evidence::Verified => &mut self.verified,
        };
        *place += 1;
    }
}

/// Points of evidence, out of those that the best possible evidence would give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Score {
    held: i64,
    attainable: i64,
    percent: i64,
}

impl Score {
    fn of<'r>(rows: impl IntoIterator<Item = &'r AssessmentRow>) -> Self {
        let counted = rows.into_iter().filter(|row| row.counts());
        let (held, attainable) = counted.fold((0_i64, 0_i64), |(held, attainable), row| {
            let best = row.attainable.points();
            (held + row.evidence.points().min(best), attainable + best)
        });
        let held = held.max(0);
        // Rounded down: all but everything is not everything.
        let percent = (held * 100).checked_div(attainable).unwrap_or(0);
        Self {
            held,
            attainable,
            percent,
        }
    }

    /// Points; contradictions take away, down to nothing.
    #[must_use]
    pub const fn held(self) -> i64 {
        self.held
    }

    /// Points that were to be had.
    #[must_use]
    pub const fn attainable(self) -> i64 {
        self.attainable
    }

    /// From 0 to 100, rounded down.
    #[must_use]
    pub const fn percent(self) -> i64 {
        self.percent
    }
}

/// Which profile was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProfileSummary {
    /// Its name, for example `g7-2026`.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Where its list is from.
    pub source: &'static str,
    /// What to keep in mind about it.
    pub caveat: &'static str,
}

/// One element, and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AssessmentRow {
    /// Its name in the profile, for example `MDL-07`.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What stands behind it.
    pub evidence: Evidence,
    /// The best that could.
    pub attainable: Evidence,
    /// Whether every document has to have it.
    pub demand: Demand,
    /// Why, in one sentence, fit to print.
    pub reason: String,
    /// Where in the document, as JSON Pointers, fit to print; not more than a few.
    pub pointers: Vec<String>,
}

impl AssessmentRow {
    /// False for what is missing and does not have to be there.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.demand == Demand::Always || self.evidence != Evidence::Missing
    }
}

/// Elements that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AssessmentCluster {
    /// What they are about.
    pub title: &'static str,
    /// How many have which evidence.
    pub tally: Tally,
    /// Their points.
    pub score: Score,
    /// The elements, in the order of the profile.
    pub rows: Vec<AssessmentRow>,
}

impl AssessmentCluster {
    /// Counts and adds up.
    #[must_use]
    pub fn new(title: &'static str, rows: Vec<AssessmentRow>) -> Self {
        let mut tally = Tally::default();
        for row in rows.iter().filter(|row| row.counts()) {
            tally.add(row.evidence);
        }
        Self {
            title,
            tally,
            score: Score::of(&rows),
            rows,
        }
    }
}

/// A document, held against a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Assessment {
    /// The profile.
    pub profile: ProfileSummary,
    /// Format of the document.
    pub format: String,
    /// What the document is about, as it says, fit to print.
    pub subject: Option<String>,
    /// How many elements have which evidence; those that do not apply are left out.
    pub tally: Tally,
    /// Points of all elements.
    pub score: Score,
    /// The elements.
    pub clusters: Vec<AssessmentCluster>,
}

impl Assessment {
    /// Counts and adds up.
    #[must_use]
    pub fn new(
        profile: ProfileSummary,
        format: String,
        subject: Option<String>,
        clusters: Vec<AssessmentCluster>,
    ) -> Self {
        let mut tally = Tally::default();
        let rows = || clusters.iter().flat_map(|cluster| &cluster.rows);
        for row in rows().filter(|row| row.counts()) {
            tally.add(row.evidence);
        }
        Self {
            profile,
            format,
            subject,
            tally,
            score: Score::of(rows()),
            clusters,
        }
    }

    /// Every element, in the order of the profile.
    pub fn rows(&self) -> impl Iterator<Item = &AssessmentRow> {
        self.clusters.iter().flat_map(|cluster| &cluster.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(evidence: Evidence, attainable: Evidence, demand: Demand) -> AssessmentRow {
        AssessmentRow {
            id: "X",
            title: "x",
            evidence,
            attainable,
            demand,
            reason: "so".to_owned(),
            pointers: Vec::new(),
        }
    }

    fn percent(rows: &[(Evidence, Evidence)]) -> i64 {
        let rows: Vec<AssessmentRow> = rows
            .iter()
            .map(|(evidence, attainable)| row(*evidence, *attainable, Demand::Always))
            .collect();
        Score::of(&rows).percent()
    }

    #[test]
    fn what_could_be_proven_and_is_only_said_is_worth_little() {
        use Evidence::{Consistent, Contradicted, Declared, Missing, Verified};
        assert_eq!(percent(&[]), 0);
        assert_eq!(percent(&[(Verified, Verified)]), 100);
        assert_eq!(percent(&[(Declared, Declared)]), 100);
        assert_eq!(percent(&[(Declared, Verified)]), 25);
        assert_eq!(percent(&[(Declared, Consistent)]), 41);
        assert_eq!(percent(&[(Missing, Declared)]), 0);
        // Better than what can be expected is worth no more.
        assert_eq!(percent(&[(Verified, Declared), (Missing, Declared)]), 50);
        assert_eq!(percent(&[(Contradicted, Declared)]), 0);
        assert_eq!(
            percent(&[(Contradicted, Verified), (Verified, Verified)]),
            0
        );
    }

    #[test]
    fn never_rounds_up_to_everything() {
        let mut rows = vec![(Evidence::Verified, Evidence::Verified); 10_000];
        rows.push((Evidence::Consistent, Evidence::Verified));
        assert_eq!(percent(&rows), 99);
    }

    #[test]
    fn what_does_not_apply_does_not_count() {
        let rows = vec![
            row(
                Evidence::Missing,
                Evidence::Declared,
                Demand::WhereItApplies,
            ),
            row(Evidence::Missing, Evidence::Declared, Demand::Always),
            row(
                Evidence::Declared,
                Evidence::Declared,
                Demand::WhereItApplies,
            ),
        ];
        let cluster = AssessmentCluster::new("x", rows);
        assert_eq!(cluster.tally.total(), 2);
        assert_eq!(cluster.tally.of(Evidence::Missing), 1);
        assert_eq!(cluster.score.percent(), 50);
    }

    #[test]
    fn grades_are_in_order() {
        assert!(Evidence::ALL.is_sorted());
        let points = Evidence::ALL.map(Evidence::points);
        assert!(points.is_sorted());
    }
}
