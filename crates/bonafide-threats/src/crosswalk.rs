//! Which threat goes with which provision, and where the provision was read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A threat and a provision that it is related to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mapping {
    /// Id of the threat.
    pub threat: String,
    /// Id of the framework.
    pub framework: String,
    /// Its version.
    pub version: String,
    /// Identifier of the provision; empty where it is not public.
    pub reference: String,
    /// Short title of the provision.
    pub title: String,
    /// How the two are related.
    pub relation: Relation,
    /// Where identifier and title were read.
    pub source: String,
    /// How they were read.
    pub verification: Verification,
    /// Line of the data that says so.
    #[serde(skip)]
    pub line: u64,
}

/// How a threat is related to a provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The threat is one of what the provision describes.
    #[serde(rename = "instance of")]
    InstanceOf,
    /// The threat belongs to the category.
    #[serde(rename = "in category")]
    InCategory,
    /// Both are about the same matter.
    Related,
    /// The provision works against the threat.
    #[serde(rename = "mitigated by")]
    MitigatedBy,
    /// The provision tests for the threat.
    #[serde(rename = "tested by")]
    TestedBy,
    /// Checks of the threat are evidence related to the provision.
    #[serde(rename = "evidence for")]
    EvidenceFor,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::InstanceOf,
        Self::InCategory,
        Self::Related,
        Self::MitigatedBy,
        Self::TestedBy,
        Self::EvidenceFor,
    ];

    /// Its words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InstanceOf => "instance of",
            Self::InCategory => "in category",
            Self::Related => "related",
            Self::MitigatedBy => "mitigated by",
            Self::TestedBy => "tested by",
            Self::EvidenceFor => "evidence for",
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How identifier and title of a provision were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// In the issuer's own file.
    Primary,
    /// In the issuer's own draft, with later texts that give the same.
    PrimaryDraft,
    /// In somebody else's copy, word for word.
    SecondaryVerbatim,
    /// In somebody else's list or article.
    Secondary,
    /// The label alone is public.
    PublicLabel,
    /// In a file that the user gave.
    User,
}

impl Verification {
    /// Its name in data.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::PrimaryDraft => "primary-draft",
            Self::SecondaryVerbatim => "secondary-verbatim",
            Self::Secondary => "secondary",
            Self::PublicLabel => "public-label",
            Self::User => "user",
        }
    }

    /// In words, for readers.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Primary => "read in the issuer's own file",
            Self::PrimaryDraft => "read in the issuer's own draft",
            Self::SecondaryVerbatim => "read in a verbatim copy",
            Self::Secondary => "read in a secondary source",
            Self::PublicLabel => "public label only",
            Self::User => "from the mapping file",
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
