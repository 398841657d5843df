//! Findings that somebody answers for, until a day.

use serde::Serialize;

use crate::Finding;

/// A finding that does not count, and the waiver that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaivedFinding {
    /// Id of the waiver.
    pub waiver: String,
    /// What would have counted.
    pub finding: Finding,
}

/// Whether a waiver has an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverState {
    /// In force, and findings are waived by it.
    Used,
    /// In force, and there is nothing that it would waive.
    Unused,
    /// Its last day is over; what it waived is active again.
    Expired,
}

/// A waiver, as the report shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WaiverSummary {
    /// Its name.
    pub id: String,
    /// The control whose findings it waives.
    pub control: String,
    /// About what: a digest or a glob of package URLs.
    pub subject: String,
    /// Last day (UTC).
    pub until: String,
    /// Days until the end of that day; negative when it is over.
    pub days_left: i64,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who agreed.
    pub approved_by: String,
    /// Policy or waiver file that it stands in.
    pub source: String,
    /// Whether it has an effect.
    pub state: WaiverState,
    /// Findings that it waives in this run.
    pub findings: usize,
}
