//! The report: everything that was found, in the order in which it is printed.
//!
//! A report is plain data. Renderers in `bonafide-report` print all of it and
//! decide nothing.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use crate::inspection::InspectionSummary;
use crate::standard::StandardSummary;
use crate::threat::ThreatSummary;
use crate::waiver::{WaivedFinding, WaiverSummary};
use crate::{Digest, Finding, Grade, Lineage, Mode, RawName, Severity, ThreatId, Verdict};

/// Version of the JSON form; it changes when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// What a policy does with the outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Printed, without weight.
    Audit,
    /// Printed as a warning; the verdict stays.
    Warn,
    /// A failure denies, and a check that could not run leaves it undecided.
    Deny,
}

/// Who made the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolSummary {
    /// Name of the command.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// SHA-256 of the program that ran, where whoever ran it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// What was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ArtifactSummary {
    /// The target as the user named it.
    pub target: RawName,
    /// `directory` or `file`.
    pub kind: &'static str,
    /// What the user says that it is: never taken from the artifact itself, because it
    /// decides which controls apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// OMS root digest (SHA-256) of all regular files, signature files left out, where every
    /// file was digested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Digest>,
    /// SHA-256 of every regular file, where the run was asked for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub digests: Vec<FileDigestSummary>,
    /// Regular files below the root, signature files included.
    pub files: u64,
    /// Their size in bytes.
    pub bytes: u64,
    /// Bytes that were read and hashed.
    pub bytes_hashed: u64,
    /// Every symbolic link with its target: none is followed silently.
    pub links: Vec<LinkSummary>,
    /// Entries that could not be read, with the reason.
    pub unreadable: Vec<UnreadableSummary>,
}

/// The digest of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileDigestSummary {
    /// Its name below the root.
    pub name: RawName,
    /// What its bytes hash to.
    pub digest: Digest,
}

/// A symbolic link in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LinkSummary {
    /// Name of the link.
    pub name: RawName,
    /// What it points at, as stored.
    pub target: RawName,
    /// Where that leads: `file`, `directory`, `outside`, `broken`, `loop`, `special`.
    pub leads_to: &'static str,
}

/// An entry whose bytes or listing we could not get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableSummary {
    /// Name of the entry.
    pub name: RawName,
    /// What happened.
    pub reason: String,
}

/// The policy in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PolicySummary {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// File it was read from; none for the embedded baseline.
    pub source: Option<RawName>,
    /// SHA-256 of its text.
    pub digest: Digest,
    /// What it builds on, outermost last: presets and files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extends: Vec<PolicyLayer>,
    /// Who signed it, if that was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// What happens to a component to which no control applies.
    pub no_match: &'static str,
    /// Date after which it is no longer valid.
    pub expires: Option<String>,
    /// Trusted signers of the policy, by name.
    pub trust: Vec<String>,
    /// Trusted signers that this run added on the command line.
    pub trust_added: Vec<String>,
    /// Revocation lists and deny-lists, of the policy and of this run.
    pub lists: Vec<String>,
    /// Files with trust material that were read: keys, authorities, trusted roots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub material: Vec<MaterialSummary>,
}

/// A policy that another one builds on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyLayer {
    /// Preset or file.
    pub source: RawName,
    /// Its own name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text.
    pub digest: Digest,
}

/// Trust material, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaterialSummary {
    /// File or built-in root.
    pub source: RawName,
    /// `key`, `authority`, `trusted-root`, `revocation-list`, `deny-list`, `waivers`.
    pub kind: &'static str,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// How far a signature got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureState {
    /// Valid, and its signer is trusted.
    Verified,
    /// Nobody whom the policy trusts; what it covers counts for nothing.
    Untrusted,
    /// The certificate is not valid for this purpose or at this time.
    CertificateNotValid,
    /// On a deny-list.
    Denied,
    /// Wrong, malformed or unacceptable.
    Rejected,
    /// A scheme or version that this release cannot check.
    Unsupported,
}

/// One signature file and what it proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignatureSummary {
    /// Where it was found.
    pub source: RawName,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// For example `OMS v1.0, method key`; empty when it could not be told.
    pub scheme: String,
    /// How far it got.
    pub state: SignatureState,
    /// Line of the file, where a file holds several signatures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Why it got no further.
    pub reason: Option<String>,
    /// What part of it that is about: `signature`, `inclusion-proof`, `identity`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    /// What was signed: `model`, `message` or the predicate type of a statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What the statement says of its subjects: `passed`, `warned` or `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_result: Option<&'static str>,
    /// Who signed.
    pub signer: Option<String>,
    /// How the signer is known: verified, or merely claimed by the file.
    pub signer_grade: Option<Grade>,
    /// Others who signed the same and are trusted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cosigners: Vec<String>,
    /// What else the signer's certificate says of the build, as `claim=value`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// When it was made, and who vouches for that; empty when nobody does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<SigningTime>,
    /// Transparency-log entries whose inclusion was proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_entries: Option<usize>,
    /// Their places in the log, where the log signed them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log_indices: Vec<u64>,
    /// For example `files, sha256`.
    pub serialization: Option<String>,
    /// Number of files it covers.
    pub covered: u64,
    /// OMS root digest of the signed manifest.
    pub root: Option<Digest>,
    /// How a statement hangs on the artifact: `files` or, weaker, `root`; none when
    /// it is about something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound_by: Option<&'static str>,
    /// Files of the tree that it does not cover, and why: every one for a manifest.
    pub gaps: Vec<CoverageGap>,
    /// How many more there are, where the list of an attestation was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gaps_omitted: Option<usize>,
}

/// A time of signing that somebody vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SigningTime {
    /// The time.
    pub time: Timestamp,
    /// Who vouches for it.
    pub source: String,
}

/// A file that a signature does not cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageGap {
    /// The file.
    pub name: RawName,
    /// Why it is not covered.
    pub reason: String,
}

/// A document about the artifact, and what of it was found to be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DocumentSummary {
    /// Where it was found.
    pub source: RawName,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// For example `CycloneDX 1.6, JSON`; none if it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it says that it is about; a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Who supplied that, as it says; a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Who signed it, and how; verified.
    pub signatures: Vec<DocumentSignature>,
    /// Rules of its format that it breaks.
    pub violations: usize,
    /// Contradictions in it.
    pub contradictions: usize,
    /// Parts that it lists.
    pub listed: usize,
    /// Parts whose bytes are here and have a strong digest that it gives.
    pub verified: usize,
    /// Parts whose bytes are here and differ.
    pub differing: usize,
    /// Parts that should be here and are not.
    pub missing: usize,
    /// Parts that could not be compared: without a digest, or with a weak one only.
    pub not_compared: usize,
    /// Files of the artifact that it does not mention.
    pub unlisted: usize,
}

/// A signature over a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DocumentSignature {
    /// Where it was found.
    pub source: RawName,
    /// Who signed.
    pub signer: String,
    /// How it is over the document.
    pub way: &'static str,
}

/// Where the artifact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LineageSummary {
    /// All that any source says.
    pub graph: Lineage,
    /// Artifacts that were examined along with the target.
    pub relatives: Vec<RelativeSummary>,
    /// What could not be read or examined: the graph may lack what it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
    /// What is not drawn because it is no part of a lineage, as far as can be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// An artifact that was examined along with the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RelativeSummary {
    /// Where it is.
    pub name: RawName,
    /// `given` or `found beside`.
    pub found: &'static str,
    /// What the policy makes of it.
    pub verdict: Option<Verdict>,
    /// Why it could not be examined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl LineageSummary {
    /// True if there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.graph.edges().is_empty() && self.relatives.is_empty() && self.gaps.is_empty()
    }
}

/// The outcome of one control: a check, with what a reader needs to understand it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CheckResult {
    /// Name of the control in the policy; the slug of the check unless the policy gives
    /// another.
    pub control: String,
    /// Slug of the check, or `PACKAGE.CODE` of a custom rule.
    pub check: Cow<'static, str>,
    /// Its title.
    pub title: Cow<'static, str>,
    /// What it weighs today.
    pub level: Level,
    /// First day on which it weighs `deny`, while that day has not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<String>,
    /// What it applies to, if not to everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<String>,
    /// Findings of the check that are outside of that; they count for nothing here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub out_of_scope: Vec<Finding>,
    /// False when the policy does not name the check: it ran for information.
    pub demanded: bool,
    /// `pass`, `fail`, `inconclusive` or `not-applicable`. A failure whose every finding is
    /// waived is a `pass`, and its findings are under `waived`.
    pub outcome: &'static str,
    /// Why it is inconclusive or not applicable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Severity of its findings.
    pub severity: Severity,
    /// Threats that it speaks to.
    pub threats: Cow<'static, [ThreatId]>,
    /// What has to hold for a pass.
    #[serde(skip)]
    pub demands: Cow<'static, str>,
    /// Why it matters.
    #[serde(skip)]
    pub rationale: Cow<'static, str>,
    /// What a pass does not show.
    #[serde(skip)]
    pub cannot_prove: Cow<'static, str>,
    /// How to fix it.
    pub remediation: Cow<'static, str>,
    /// What it found.
    pub findings: Vec<Finding>,
    /// What it found and somebody answers for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<WaivedFinding>,
    /// Files that the policy's own parameters excuse, with the parameter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excused: Vec<RawName>,
}

/// Everything that one run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The verdict. It does not depend on the mode.
    pub verdict: Verdict,
    /// What becomes of the verdict.
    pub mode: Mode,
    /// Why, in one line a reason.
    pub reasons: Vec<String>,
    /// The tool.
    pub tool: ToolSummary,
    /// The clock that validity was judged by.
    pub evaluated_at: Timestamp,
    /// The artifact.
    pub artifact: ArtifactSummary,
    /// The policy.
    pub policy: PolicySummary,
    /// Every signature that was looked at.
    pub signatures: Vec<SignatureSummary>,
    /// Every document about the artifact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentSummary>,
    /// Where the artifact comes from, if anything says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lineage: Option<LineageSummary>,
    /// What is in the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspection: Option<InspectionSummary>,
    /// Every control, in the order of the registry of checks, then the custom rules.
    pub checks: Vec<CheckResult>,
    /// Every waiver that was at hand, used or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverSummary>,
    /// What is wrong with the policy or its waivers without making it unusable: a waiver
    /// that has expired or is not used, a control that looked at nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Every threat of the catalogue, and what this run shows of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threats: Vec<ThreatSummary>,
    /// Provisions that the policy names, and what this run is evidence for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<StandardSummary>,
}

impl Report {
    /// Exit code of the command: that of the verdict when it is enforced; else the artifact is
    /// let through unless there was nothing to verify.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match (self.mode, self.verdict) {
            (Mode::Warn | Mode::Audit, Verdict::Deny | Verdict::Undecided) => 0,
            (_, verdict) => verdict.exit_code(),
        }
    }
}
