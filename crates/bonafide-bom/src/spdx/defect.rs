//! What the rules of SPDX allow or cannot see, and that cannot be right.

use std::fmt;

use bonafide_core::Severity;

use super::shared::nearest;
use crate::excerpt;
use crate::json::Pointer;

/// Most defects of one severity that are listed.
pub const MOST_DEFECTS: usize = 1_000;

/// Longest piece of a document in a sentence, in characters.
const EXCERPT: usize = 100;

/// Something that cannot be right, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
#[non_exhaustive]
pub struct SpdxDefect {
    /// Where in the document.
    pub pointer: Pointer,
    /// What is wrong.
    pub kind: SpdxDefectKind,
}

/// What is wrong. Texts of the document are cut and escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpdxDefectKind {
    /// Two objects with one identifier. A reader of JSON-LD makes one of them.
    #[error("`{id}` is the identifier of another object, too")]
    DuplicateIdentifier {
        /// The identifier.
        id: String,
    },
    /// A reference to what is neither here nor said to be elsewhere.
    #[error("`{id}` is no object of this document, and `import` does not name it")]
    DanglingReference {
        /// The reference.
        id: String,
    },
    /// A reference to an object of a class that cannot be meant.
    #[error("`{id}` is of the class `{found}`, not `{expected}`")]
    ReferenceClass {
        /// The reference.
        id: String,
        /// What it should refer to.
        expected: &'static str,
        /// What it refers to.
        found: &'static str,
    },
    /// Not one object of the class `SpdxDocument`.
    #[error("there are {count} objects of the class `SpdxDocument`; there must be one")]
    DocumentCount {
        /// How many.
        count: usize,
    },
    /// Nothing that the document is about.
    #[error("the document does not say what it is about: it has no `rootElement`")]
    NoRoot,
    /// An element of a profile that the document does not claim to follow.
    #[error(
        "`{class}` belongs to the profile `{profile}`, which `profileConformance` does not name"
    )]
    ProfileNotClaimed {
        /// The class.
        class: &'static str,
        /// Its profile.
        profile: &'static str,
    },
    /// Elements that were made by the rules of another version.
    #[error("`specVersion` is `{found}` in a document of 3.0.1")]
    OtherVersion {
        /// The version.
        found: String,
    },
    /// Several licences of one kind, where the profile asks for one.
    #[error("{count} licences are {kind}; SPDX 3.0.1 asks for one, an expression if need be")]
    SeveralLicences {
        /// `declared` or `concluded`.
        kind: &'static str,
        /// How many.
        count: usize,
    },
    /// A relationship with an end that it cannot have.
    #[error("`{kind}` leads to `{id}`, which is {found}, not {expected}")]
    RelationshipEnd {
        /// The type of the relationship.
        kind: &'static str,
        /// The end.
        id: String,
        /// What it is.
        found: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A relationship of an element with itself.
    #[error("`{kind}` leads from `{id}` to itself")]
    ItselfRelated {
        /// The type of the relationship.
        kind: &'static str,
        /// The element.
        id: String,
    },
    /// `NoneElement` or `NoAssertionElement` among others.
    #[error("`{individual}` stands among other elements, so the relationship denies itself")]
    NothingAmongOthers {
        /// Which of the two.
        individual: &'static str,
    },
    /// Ends before it starts.
    #[error("`endTime` is before `startTime`")]
    EndBeforeStart,
    /// Made from itself by a detour.
    #[error("`{id}` is {relation} itself, by way of {members} elements")]
    Cycle {
        /// One of them.
        id: String,
        /// `inside of`, `an ancestor of`.
        relation: &'static str,
        /// How many elements.
        members: usize,
    },
    /// More components inside each other than anything real.
    #[error("more than {limit} components are inside each other")]
    DeepContainment {
        /// Most of them.
        limit: usize,
    },
    /// Two package URLs of one element.
    #[error("the package URLs `{one}` and `{other}` are of one element")]
    PackageUrls {
        /// `software_packageUrl`, or the first.
        one: String,
        /// Another one.
        other: String,
    },
    /// A digest that is too long or too short. Those of algorithms that CycloneDX knows too
    /// are examined in the view, with the other rules for digests.
    #[error("a digest of {algorithm} has {expected} digits, not {found}")]
    DigestLength {
        /// The algorithm.
        algorithm: &'static str,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A digest of an algorithm that anybody can make a second file for, or that is none.
    #[error("{algorithm} is no function that a file could be told by")]
    NoDigest {
        /// The algorithm.
        algorithm: &'static str,
    },
    /// There are more.
    #[error("{omitted} more defects are not listed")]
    More {
        /// How many.
        omitted: usize,
    },
}

impl SpdxDefectKind {
    /// The stable name of the kind of defect.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::DuplicateIdentifier { .. } => "spdx-duplicate-identifier",
            Self::DanglingReference { .. } => "spdx-dangling-reference",
            Self::ReferenceClass { .. } => "spdx-reference-class",
            Self::DocumentCount { .. } => "spdx-document-count",
            Self::NoRoot => "spdx-no-root",
            Self::ProfileNotClaimed { .. } => "spdx-profile-not-claimed",
            Self::OtherVersion { .. } => "spdx-other-version",
            Self::SeveralLicences { .. } => "spdx-several-licences",
            Self::RelationshipEnd { .. } => "spdx-relationship-end",
            Self::ItselfRelated { .. } => "spdx-itself-related",
            Self::NothingAmongOthers { .. } => "spdx-nothing-among-others",
            Self::EndBeforeStart => "spdx-end-before-start",
            Self::Cycle { .. } => "spdx-cycle",
            Self::DeepContainment { .. } => "spdx-deep-containment",
            Self::PackageUrls { .. } => "spdx-package-urls",
            Self::DigestLength { .. } => "spdx-digest-length",
            Self::NoDigest { .. } => "spdx-no-digest",
            Self::More { .. } => "spdx-more-defects",
        }
    }

    /// How much harm it can do.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::DuplicateIdentifier { .. }
            | Self::Cycle { .. }
            | Self::DigestLength { .. }
            | Self::PackageUrls { .. } => Severity::High,
            Self::DanglingReference { .. }
            | Self::ReferenceClass { .. }
            | Self::DocumentCount { .. }
            | Self::NoRoot
            | Self::RelationshipEnd { .. }
            | Self::ItselfRelated { .. }
            | Self::NothingAmongOthers { .. }
            | Self::NoDigest { .. }
            | Self::DeepContainment { .. }
            | Self::EndBeforeStart => Severity::Medium,
            Self::ProfileNotClaimed { .. }
            | Self::OtherVersion { .. }
            | Self::SeveralLicences { .. }
            | Self::More { .. } => Severity::Low,
        }
    }
}

/// Defects as they are found, those of each severity up to a limit.
#[derive(Default)]
pub(super) struct Found {
    list: Vec<SpdxDefect>,
    /// How many there are of each severity.
    counts: [usize; 4],
    omitted: usize,
}

impl Found {
    pub(super) fn add(&mut self, pointer: &Pointer, kind: SpdxDefectKind) {
        let place = match kind.severity() {
            Severity::Low => 0,
            Severity::Medium => 1,
            Severity::High => 2,
            Severity::Critical => 3,
        };
        match self.counts.get_mut(place) {
            Some(count) if *count < MOST_DEFECTS => {
                *count += 1;
                self.list.push(SpdxDefect {
                    pointer: nearest(pointer),
                    kind,
                });
            }
            _ => self.omitted += 1,
        }
    }

    /// The most severe first.
    pub(super) fn into_list(mut self) -> Vec<SpdxDefect> {
        self.list.sort_by(|one, other| {
            let severity = other.kind.severity().cmp(&one.kind.severity());
            severity.then_with(|| one.pointer.cmp(&other.pointer))
        });
        if self.omitted > 0 {
            self.list.push(SpdxDefect {
                pointer: Pointer::root(),
                kind: SpdxDefectKind::More {
                    omitted: self.omitted,
                },
            });
        }
        self.list
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.list).finish()
    }
}

/// Text of the document as a sentence may hold it.
pub(super) fn quote(text: &str) -> String {
    excerpt(text, EXCERPT)
}
