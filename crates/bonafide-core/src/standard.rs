//! Provisions that a policy names, and what a run is evidence for.

use serde::Serialize;

/// How a provision can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequirementClass {
    /// By the controls of the policy alone.
    Automated,
    /// By a signed statement that is bound to the artifact.
    Attestation,
    /// By a document that a person has to read.
    Document,
    /// Not by this tool.
    Outside,
}

/// What a run is for a provision. Never that it is fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequirementStanding {
    /// Every control that speaks to it and applies passed.
    Supported,
    /// A control that speaks to it has findings.
    Contradicted,
    /// A control that speaks to it could not be carried out.
    Undecided,
    /// Findings are waived: somebody answers for them.
    Waived,
    /// No control speaks to it, or none applies.
    NoEvidence,
}

/// A collection of provisions, in a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StandardSummary {
    /// Short name, such as `aisvs`.
    pub id: String,
    /// Its title.
    pub name: String,
    /// Version or year.
    pub version: String,
    /// Who issues it.
    pub owner: String,
    /// Its provisions, as far as the policy names them.
    pub requirements: Vec<RequirementSummary>,
}

/// A provision, and what the run is for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RequirementSummary {
    /// Identifier in the standard, or of our assertion.
    pub id: String,
    /// Short title in our own words or as the standard permits.
    pub title: String,
    /// What is tested: input, procedure, expected result.
    pub assertion: String,
    /// How it can be shown.
    pub class: RequirementClass,
    /// Controls that speak to it.
    pub controls: Vec<String>,
    /// What the run is for it.
    pub standing: RequirementStanding,
    /// In one sentence, why.
    pub reason: String,
    /// What even a pass does not show.
    pub limit: String,
}
