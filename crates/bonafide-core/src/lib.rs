//! The vocabulary that every other crate speaks.
//!
//! Nothing in here reads a file, a clock or the network. Bytes that somebody
//! else measured become [`Digest`]s, names that somebody else read become
//! [`ArtifactName`]s, and what the checks conclude becomes a [`Report`].

pub mod assessment;
mod budget;
mod digest;
mod evidence;
mod finding;
mod inspection;
pub mod lineage;
mod look;
mod name;
mod outcome;
mod read;
mod recorded;
mod report;
mod rule;
mod standard;
mod subtrees;
mod text;
mod threat;
mod verdict;
mod waiver;

pub use assessment::{Assessment, Evidence};
pub use budget::Budget;
pub use digest::{Algorithm, Digest, DigestError};
pub use evidence::{Claimed, Grade, Measured};
pub use finding::{Finding, Severity, Subject, ThreatId};
pub use inspection::{
    AdvisorySummary, ContentSummary, CoverageSummary, GlobalSummary, InspectedFile,
    InspectionReport, InspectionSummary, ModelFinding, PartSummary, SpanSummary,
    UninspectedSummary,
};
pub use lineage::{
    EdgeEvidence, EdgeGrade, EdgeIndex, Lineage, LineageAnalysis, LineageEdge, LineageError,
    LineageLimits, LineageNode, MaterialProof, Mention, NodeIndex, NodeKind, NodeTime, Relation,
    RelationClass, RevisionPin, Scope, SignedMaterial, Testimony, TimeEvent,
};
pub use look::Look;
pub use name::{ArtifactName, NameError, RawName};
pub use outcome::Outcome;
pub use read::{ReadAt, ReadError, Window};
pub use recorded::{RecordedError, RecordedName};
pub use report::{
    ArtifactSummary, CheckResult, CoverageGap, DocumentSignature, DocumentSummary,
    FileDigestSummary, Level, LineageSummary, LinkSummary, MaterialSummary, PolicyLayer,
    PolicySummary, RelativeSummary, Report, SCHEMA_VERSION, SignatureState, SignatureSummary,
    SigningTime, ToolSummary, UnreadableSummary,
};
pub use rule::{Confidence, Hazard, Rule, RuleSummary, Weight};
pub use standard::{RequirementClass, RequirementStanding, RequirementSummary, StandardSummary};
pub use subtrees::Subtrees;
pub use text::excerpt;
pub use threat::{MappingSummary, Reach, ThreatStanding, ThreatSummary};
pub use verdict::{Mode, UnknownMode, Verdict};
pub use waiver::{WaivedFinding, WaiverState, WaiverSummary};
