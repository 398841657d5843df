//! A threat: what can go wrong, how to notice it, and what cannot be proven about it.

use std::fmt;

use bonafide_core::{Reach, Severity};
use serde::{Deserialize, Serialize};

/// A threat to the supply chain of models and datasets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// For example `SIG-02`.
    pub id: String,
    /// What goes wrong.
    pub title: String,
    /// What kind of thing it strikes: `signature`, `lineage`, `model weights`, …
    pub group: String,
    /// Where in the life cycle it strikes.
    pub stages: Vec<Stage>,
    /// How much harm it does to whoever deploys the artifact.
    #[serde(deserialize_with = "severity")]
    pub severity: Severity,
    /// What it is in the terms of STRIDE.
    pub stride: Vec<Stride>,
    /// How it comes about.
    pub causes: String,
    /// What follows from it.
    pub consequences: String,
    /// How to notice it.
    pub detection: String,
    /// What to do about it.
    pub mitigation: String,
    /// What a static verifier can look at.
    pub evidence: String,
    /// What it cannot prove.
    pub limit: String,
    /// How far this tool can speak to it.
    #[serde(deserialize_with = "reach")]
    pub reach: Reach,
    /// How far the checks go, or why there are none.
    pub extent: String,
}

impl Threat {
    /// Every field that is text, with its name.
    pub(crate) fn texts(&self) -> [(&'static str, &str); 9] {
        [
            ("title", &self.title),
            ("group", &self.group),
            ("causes", &self.causes),
            ("consequences", &self.consequences),
            ("detection", &self.detection),
            ("mitigation", &self.mitigation),
            ("evidence", &self.evidence),
            ("limit", &self.limit),
            ("extent", &self.extent),
        ]
    }
}

/// A stage of the life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Choosing and putting together what a model is made of.
    Development,
    /// Training and fine-tuning.
    Training,
    /// From the registry to the machine that runs it.
    Deployment,
    /// While it runs, and learns.
    Operation,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [
        Self::Development,
        Self::Training,
        Self::Deployment,
        Self::Operation,
    ];

    /// Its name in data and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Training => "training",
            Self::Deployment => "deployment",
            Self::Operation => "operation",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A letter of STRIDE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Stride {
    /// Somebody passes for somebody else.
    #[serde(rename = "S")]
    Spoofing,
    /// Something is changed.
    #[serde(rename = "T")]
    Tampering,
    /// Nobody can be held to what was done.
    #[serde(rename = "R")]
    Repudiation,
    /// Something secret gets out.
    #[serde(rename = "I")]
    InformationDisclosure,
    /// Something stops working.
    #[serde(rename = "D")]
    DenialOfService,
    /// Somebody gets rights.
    #[serde(rename = "E")]
    ElevationOfPrivilege,
}

impl fmt::Display for Stride {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Spoofing => "spoofing",
            Self::Tampering => "tampering",
            Self::Repudiation => "repudiation",
            Self::InformationDisclosure => "information disclosure",
            Self::DenialOfService => "denial of service",
            Self::ElevationOfPrivilege => "elevation of privilege",
        })
    }
}

/// The words of [`Severity`], which the core only writes.
fn severity<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        Low,
        Medium,
        High,
        Critical,
    }
    Ok(match Word::deserialize(deserializer)? {
        Word::Low => Severity::Low,
        Word::Medium => Severity::Medium,
        Word::High => Severity::High,
        Word::Critical => Severity::Critical,
    })
}

/// The words of [`Reach`], which the core only writes.
fn reach<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Reach, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Word {
        Checked,
        Attested,
        OutOfReach,
    }
    Ok(match Word::deserialize(deserializer)? {
        Word::Checked => Reach::Checked,
        Word::Attested => Reach::Attested,
        Word::OutOfReach => Reach::OutOfReach,
    })
}
