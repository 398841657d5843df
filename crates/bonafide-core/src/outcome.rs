//! What a check concludes. There is no fifth way, and no silent one.

use crate::Finding;

/// The result of one check over one artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that the check demands holds.
    Pass,
    /// The artifact is bad; never empty (see [`Outcome::from_findings`]).
    Fail(Vec<Finding>),
    /// The check could not be carried out, which is not a pass.
    Inconclusive(String),
    /// There is nothing here that the check is about.
    NotApplicable(String),
}

impl Outcome {
    /// `Pass` when there are no findings, `Fail` otherwise. Findings are sorted
    /// by subject, so that the order never depends on the order of work.
    #[must_use]
    pub fn from_findings(mut findings: Vec<Finding>) -> Self {
        if findings.is_empty() {
            return Self::Pass;
        }
        findings.sort_by(|left, right| {
            (&left.subject, &left.message).cmp(&(&right.subject, &right.message))
        });
        Self::Fail(findings)
    }
}
