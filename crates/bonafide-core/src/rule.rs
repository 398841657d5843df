//! A rule: one kind of defect, and everything that is said of it wherever it is found.

use std::fmt;

use serde::Serialize;
use serde::ser::SerializeStruct as _;

use crate::{Severity, ThreatId};

/// What a defect can do. Each has a check of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hazard {
    /// Loading the file runs what is in it, or may: pickles, marshalled code.
    CodeOnLoad,
    /// The graph of the model runs code, reads or writes files: Lambda layers, custom operators.
    CodeInGraph,
    /// Configuration or programs beside the weights that a loader runs.
    CodeInRepository,
    /// A chat template that does more than lay out messages.
    Template,
    /// A tokenizer that does not give back what goes in.
    Tokenizer,
    /// Bytes that break the rules of their format, aimed at a parser or at a scanner.
    Malformed,
    /// Something is where nothing should be: appended, between entries, in a tensor.
    Hidden,
    /// A name that says another format than the bytes.
    Masquerade,
    /// A path that leads out of the artifact.
    OutsideReference,
    /// Bytes that unpack to far more than they are.
    Expansion,
    /// Parts that do not fit each other: an index and its shards, a vocabulary and its embedding.
    Inconsistent,
    /// Software that the model asks for, without saying exactly which.
    UnpinnedDependency,
    /// Software with a published vulnerability that this model's formats are loaded by.
    VulnerableDependency,
    /// A credential.
    Secret,
}

/// How sure it is that the defect is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A sign: a person has to look.
    Possible,
    /// Hardly ever harmless.
    Likely,
    /// The bytes say it.
    Certain,
}

/// What follows from a defect, from its severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Worth knowing.
    Note,
    /// Nobody can tell from the bytes whether it is harmless: not clean until a person has looked.
    Review,
    /// Harmful.
    Deny,
}

/// One kind of defect.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The one name, which never changes: `pickle-dangerous-global`.
    pub slug: &'static str,
    /// Short, names the defect.
    pub title: &'static str,
    /// What it can do.
    pub hazard: Hazard,
    /// How much harm.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Why a reader should care, in one or two sentences.
    pub rationale: &'static str,
    /// What to do about it.
    pub remediation: &'static str,
    /// Threats of the catalogue, such as `ART-01`.
    pub threats: &'static [ThreatId],
    /// Numbers in the Common Weakness Enumeration.
    pub cwe: &'static [u32],
    /// Published vulnerabilities that work this way.
    pub cve: &'static [&'static str],
    /// Techniques of MITRE ATLAS, such as `AML.T0011.000`.
    pub atlas: &'static [&'static str],
}

impl Hazard {
    /// Every hazard, in the order of the checks.
    pub const ALL: [Self; 14] = [
        Self::CodeOnLoad,
        Self::CodeInGraph,
        Self::CodeInRepository,
        Self::Template,
        Self::Tokenizer,
        Self::Hidden,
        Self::Malformed,
        Self::Masquerade,
        Self::OutsideReference,
        Self::Expansion,
        Self::Inconsistent,
        Self::UnpinnedDependency,
        Self::VulnerableDependency,
        Self::Secret,
    ];
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        })
    }
}

impl Rule {
    /// What follows from it.
    #[must_use]
    pub const fn weight(&self) -> Weight {
        match self.severity {
            Severity::Critical | Severity::High => Weight::Deny,
            Severity::Medium => Weight::Review,
            Severity::Low => Weight::Note,
        }
    }
}

/// In a finding a rule is its name; what it says is told once ([`RuleSummary`]).
impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug)
    }
}

/// All that a rule says, for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSummary(pub &'static Rule);

impl Serialize for RuleSummary {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rule = self.0;
        let mut summary = serializer.serialize_struct("RuleSummary", 11)?;
        summary.serialize_field("rule", rule.slug)?;
        summary.serialize_field("title", rule.title)?;
        summary.serialize_field("hazard", &rule.hazard)?;
        summary.serialize_field("severity", &rule.severity)?;
        summary.serialize_field("confidence", &rule.confidence)?;
        summary.serialize_field("rationale", rule.rationale)?;
        summary.serialize_field("remediation", rule.remediation)?;
        summary.serialize_field("threats", rule.threats)?;
        summary.serialize_field("cwe", rule.cwe)?;
        summary.serialize_field("cve", rule.cve)?;
        summary.serialize_field("atlas", rule.atlas)?;
        summary.end()
    }
}
