//! What a check found wrong with an artifact.

use std::fmt;

use serde::Serialize;

use crate::{Digest, RawName, Rule};

/// How much harm a defect can do, before any policy has weighed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; weakens the evidence.
    Low,
    /// Could hide or prepare an attack.
    Medium,
    /// Origin or integrity is not shown.
    High,
    /// Origin or integrity is shown to be broken.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// Identifier of a threat in the catalogue, for example `SIG-02`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ThreatId(pub &'static str);

impl fmt::Display for ThreatId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind", content = "name")]
pub enum Subject {
    /// The artifact as a whole.
    Artifact,
    /// A file or other entry, by its name below the artifact's root.
    File(RawName),
    /// A signature file, as it was found or given.
    Signature(RawName),
    /// A document about the artifact, as it was found or given.
    Document(RawName),
    /// An artifact that this one comes from, by its identifier.
    Ancestor(RawName),
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Artifact => formatter.write_str("the artifact"),
            Self::File(name)
            | Self::Signature(name)
            | Self::Document(name)
            | Self::Ancestor(name) => fmt::Display::fmt(name, formatter),
        }
    }
}

/// One defect: what is wrong, with what, and the numbers that show it.
///
/// It does not name the check that made it: whoever runs the check knows that,
/// and says so in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// What is wrong with it.
    pub subject: Subject,
    /// One sentence, lower case, no advice.
    pub message: String,
    /// The digest that somebody promised, where the finding is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Digest>,
    /// The digest that was measured, where the finding is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<Digest>,
    /// The rule about model files that is broken, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static Rule>,
    /// What to do about this very finding, where it is more than the check's general remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    /// A finding without digests or hint.
    pub fn new(subject: Subject, message: impl Into<String>) -> Self {
        Self {
            subject,
            message: message.into(),
            expected: None,
            measured: None,
            rule: None,
            hint: None,
        }
    }

    /// Adds the pair of digests that do not agree.
    #[must_use]
    pub fn with_digests(mut self, expected: Digest, measured: Digest) -> Self {
        self.expected = Some(expected);
        self.measured = Some(measured);
        self
    }

    /// Adds the rule that is broken.
    #[must_use]
    pub const fn with_rule(mut self, rule: &'static Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Adds advice for this very finding.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
