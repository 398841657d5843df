//! What a run shows of the threats of the catalogue.

use serde::Serialize;

use crate::Severity;

/// How far this tool can speak to a threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Checks measure it.
    Checked,
    /// Only a statement bound to the digest can speak to it.
    Attested,
    /// Nothing that is at hand can show it.
    OutOfReach,
}

/// What a run shows of a threat. Never that it is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThreatStanding {
    /// A check that speaks to it has findings.
    Found,
    /// A check that speaks to it could not be carried out.
    Undecided,
    /// Every check that speaks to it and applies passed.
    Evidence,
    /// Findings of checks that speak to it are all waived.
    Waived,
    /// No check that speaks to it was carried out.
    NotChecked,
}

/// A threat, and what a run shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ThreatSummary {
    /// For example `SIG-02`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Group of the catalogue: `signature`, `bill of materials`, `lineage`, …
    pub group: String,
    /// Where in the life cycle it strikes.
    pub stages: Vec<String>,
    /// How much harm it does to whoever deploys the artifact.
    pub severity: Severity,
    /// How far the tool can speak to it.
    pub reach: Reach,
    /// What the run shows.
    pub standing: ThreatStanding,
    /// Controls of the run that speak to it.
    pub controls: Vec<String>,
    /// What cannot be proven about it.
    pub limit: String,
    /// Provisions of frameworks that it maps to; only where something was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<MappingSummary>,
}

/// A provision that a threat maps to. A mapping is a judgement, not a statement of
/// conformity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappingSummary {
    /// Framework with its version or year.
    pub framework: String,
    /// Identifier there.
    pub reference: String,
    /// Title there.
    pub title: String,
    /// How they relate: `instance of`, `mitigated by`, `evidence for`, …
    pub relation: String,
}
