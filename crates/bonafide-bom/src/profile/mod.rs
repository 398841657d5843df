//! Profiles: lists of what a document about a model should say, element by element, each
//! with the evidence that stands behind it.
//!
//! Other tools ask whether a field is there. Here a field that is there is no more than
//! declared; what confirms or refutes it decides ([`Evidence`]).

mod aisvs;
mod cisa;
mod evidence;
mod examined;
mod g7;
mod judge;
mod judged;
mod ntia;
mod owasp;
mod page;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use bonafide_core::assessment::{
    Assessment, AssessmentCluster, AssessmentRow, Demand, Evidence, ProfileSummary,
};

pub use evidence::{
    ArtifactFacts, ByteEvidence, DigestStrength, Evaluation, PartEvidence, SignatureEvidence,
};
pub use examined::Examined;
pub use judged::Judged;
pub use page::page;

use crate::document::Format;
use crate::excerpt;
use crate::grammar::SpecVersion;

/// Every profile, in the order of the documentation.
pub const PROFILES: &[Profile] = &[
    g7::PROFILE,
    ntia::PROFILE,
    cisa::PROFILE,
    owasp::PROFILE,
    aisvs::PROFILE,
];

/// Which profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProfileId {
    /// G7, "SBOM for AI – Minimum Elements", 2026.
    G7,
    /// NTIA, "The Minimum Elements For a Software Bill of Materials", 2021.
    Ntia,
    /// CISA, draft of the minimum elements, 2025.
    Cisa,
    /// Fields of the OWASP AIBOM Generator.
    OwaspAibom,
    /// OWASP AISVS 1.0, C6.2.
    Aisvs,
}

impl ProfileId {
    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::G7 => "g7-2026",
            Self::Ntia => "ntia-2021",
            Self::Cisa => "cisa-2025",
            Self::OwaspAibom => "owasp-aibom",
            Self::Aisvs => "aisvs-6.2",
        }
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// No profile has the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a profile")]
pub struct UnknownProfile;

impl FromStr for ProfileId {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        PROFILES
            .iter()
            .map(|profile| profile.id)
            .find(|id| id.name() == text)
            .ok_or(UnknownProfile)
    }
}

/// A list of elements.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// Its name.
    pub id: ProfileId,
    /// What it is.
    pub title: &'static str,
    /// Where the list is from.
    pub source: &'static str,
    /// What to keep in mind about it.
    pub caveat: &'static str,
    /// Its elements.
    pub clusters: &'static [Cluster],
}

/// Elements that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Cluster {
    /// What they are about.
    pub title: &'static str,
    /// The elements.
    pub elements: &'static [Element],
}

/// Finds what stands behind an element.
pub(crate) type Judge = for<'x, 'e> fn(&'x Examined<'e>) -> Judged;

/// One thing that a profile asks for.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// Its name in the profile.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What is looked at, in CycloneDX terms.
    pub looked_at: &'static str,
    /// The best evidence that there can be.
    pub attainable: Evidence,
    /// Whether every document has to have it.
    pub demand: Demand,
    /// The first version of CycloneDX that has a place for it.
    pub since: SpecVersion,
    judge: Judge,
}

impl Element {
    const fn new(
        id: &'static str,
        title: &'static str,
        looked_at: &'static str,
        attainable: Evidence,
        judge: Judge,
    ) -> Self {
        Self {
            id,
            title,
            looked_at,
            attainable,
            demand: Demand::Always,
            since: SpecVersion::V1_3,
            judge,
        }
    }

    /// Older documents have no place for it.
    const fn since(self, since: SpecVersion) -> Self {
        Self { since, ..self }
    }

    /// Not every artifact has such a thing.
    const fn where_it_applies(self) -> Self {
        Self {
            demand: Demand::WhereItApplies,
            ..self
        }
    }

    fn evaluate(&self, examined: &Examined<'_>, format: Format) -> Judged {
        let judged = (self.judge)(examined);
        let Some(version) = cyclonedx(format) else {
            return judged;
        };
        if judged.evidence == Evidence::Missing && version < self.since {
            return Judged {
                reason: format!(
                    "CycloneDX {version} has no place for it; version {} has",
                    self.since
                ),
                ..judged
            };
        }
        judged
    }
}

/// The version, of formats whose versions have more and more places.
const fn cyclonedx(format: Format) -> Option<SpecVersion> {
    match format {
        Format::CycloneDxJson(version) | Format::CycloneDxXml(version) => Some(version),
        Format::Spdx3 => None,
    }
}

impl Profile {
    /// The profile of that name.
    #[must_use]
    pub fn of(id: ProfileId) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.id == id)
    }

    /// Every element.
    pub fn elements(&self) -> impl Iterator<Item = &'static Element> {
        self.clusters.iter().flat_map(|cluster| cluster.elements)
    }
}

/// Holds a document against a profile.
#[must_use]
pub fn evaluate(profile: &Profile, evaluation: &Evaluation<'_>) -> Assessment {
    let examined = Examined::of(evaluation);
    let format = evaluation.document.format;
    let clusters = profile
        .clusters
        .iter()
        .map(|cluster| {
            let rows = cluster
                .elements
                .iter()
                .map(|element| row(element, element.evaluate(&examined, format)))
                .collect();
            AssessmentCluster::new(cluster.title, rows)
        })
        .collect();
    let summary = ProfileSummary {
        name: profile.id.name(),
        title: profile.title,
        source: profile.source,
        caveat: profile.caveat,
    };
    let subject = evaluation.document.bom.get().subject();
    let subject = subject.and_then(|subject| subject.name.as_deref());
    Assessment::new(
        summary,
        format.to_string(),
        subject.map(|name| excerpt(name, 200)),
        clusters,
    )
}

fn row(element: &Element, judged: Judged) -> AssessmentRow {
    AssessmentRow {
        id: element.id,
        title: element.title,
        evidence: judged.evidence,
        attainable: element.attainable,
        demand: element.demand,
        reason: judged.reason,
        pointers: judged
            .pointers
            .iter()
            .map(|pointer| excerpt(&pointer.to_string(), 200))
            .collect(),
    }
}
