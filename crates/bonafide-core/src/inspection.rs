//! What the inspection of an artifact's files found, in the form that is printed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::ToolSummary;
use crate::rule::{Rule, RuleSummary, Weight};
use crate::{Digest, RawName, Verdict};

/// Everything that one inspection found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectionReport {
    /// Version of the JSON form.
    pub schema_version: u32,
    /// What follows: denied for what is harmful, undecided for what a person has to look
    /// at and for what was not read.
    pub verdict: Verdict,
    /// Why, in one line a reason.
    pub reasons: Vec<String>,
    /// The tool.
    pub tool: ToolSummary,
    /// SHA-256 over all rules: the same bytes and the same rules give the same findings.
    pub rule_set: Digest,
    /// Published vulnerabilities that dependencies were held against.
    pub advisories: Vec<AdvisorySummary>,
    /// The target as the user named it.
    pub target: RawName,
    /// `directory` or `file`.
    pub kind: &'static str,
    /// Every regular file.
    pub files: Vec<InspectedFile>,
    /// Everything else below the target, which was not inspected.
    pub uninspected: Vec<UninspectedSummary>,
    /// What the rules say that found something, each once.
    pub rules: Vec<RuleSummary>,
}

/// What the inspection of the files adds to a report about an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectionSummary {
    /// SHA-256 over all rules.
    pub rule_set: Digest,
    /// Published vulnerabilities that dependencies were held against.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advisories: Vec<AdvisorySummary>,
    /// Files that were read to their ends and show nothing, by the title of their format.
    pub clean: BTreeMap<&'static str, u64>,
    /// Every other file.
    pub files: Vec<InspectedFile>,
    /// What the rules say that found something, each once.
    pub rules: Vec<RuleSummary>,
}

/// A snapshot of published vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AdvisorySummary {
    /// Where it was read from.
    pub source: RawName,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// How many vulnerabilities it tells of.
    pub entries: usize,
    /// When the newest of them was changed, as it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
}

/// An entry that is no regular file, or that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct UninspectedSummary {
    /// Its name.
    pub name: RawName,
    /// Why it was not inspected.
    pub reason: String,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectedFile {
    /// Its name.
    pub name: RawName,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes that were inspected, where they were hashed as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Name of its format; none if it is unknown.
    pub format: Option<&'static str>,
    /// The same for people.
    #[serde(skip)]
    pub title: Option<&'static str>,
    /// How much of it was looked at.
    pub coverage: CoverageSummary,
    /// The file and what is in it, down to runs of bytes.
    pub parts: Vec<PartSummary>,
    /// What is wrong with it, the worst first.
    pub findings: Vec<ModelFinding>,
    /// Findings beyond those listed, by rule.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub omitted: BTreeMap<&'static str, u64>,
    /// What is in it.
    pub content: ContentSummary,
}

/// How much of something was looked at; the order is from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageSummary {
    /// All of it.
    Scanned,
    /// Its format is known, its content was not read.
    Identified,
    /// Parts were not read.
    Partly,
    /// No reader is built in for it.
    Unsupported,
    /// Not read.
    Skipped,
}

impl CoverageSummary {
    /// True unless something was left out that could hold anything.
    #[must_use]
    pub const fn is_complete(self) -> bool {
        matches!(self, Self::Scanned | Self::Identified)
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scanned => "scanned",
            Self::Identified => "identified",
            Self::Partly => "partly",
            Self::Unsupported => "unsupported",
            Self::Skipped => "skipped",
        }
    }
}

/// A file, or something in it that was read as one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PartSummary {
    /// Path in the file; empty for the file itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Name of its format; none if it is unknown.
    pub format: Option<&'static str>,
    /// Its length in bytes.
    pub size: u64,
    /// All of its bytes, in order.
    pub spans: Vec<SpanSummary>,
}

/// A run of bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SpanSummary {
    /// Offset of the first.
    pub start: u64,
    /// Offset behind the last.
    pub end: u64,
    /// `scanned`, `data`, `identified`, `unsupported` or `skipped`.
    pub state: &'static str,
    /// Why it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A defect of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ModelFinding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What follows from it.
    pub weight: Weight,
    /// Part of the file that it is in; empty for the file itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Offset of its first byte in that part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<u64>,
    /// Offset behind its last byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<u64>,
    /// Exact name of what it is about, by which a policy can excuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// One sentence.
    pub message: String,
}

/// What a file says or shows of the model in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ContentSummary {
    /// Names of architectures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub architectures: Vec<String>,
    /// Programs that wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub producers: Vec<String>,
    /// Licences that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<String>,
    /// How many tensors there are.
    pub tensors: u64,
    /// How many numbers they hold.
    pub parameters: u128,
    /// The same by type of number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dtypes: BTreeMap<String, u128>,
    /// Operators or layers, with how often each occurs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub operators: BTreeMap<String, u64>,
    /// What pickles import, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub globals: Vec<GlobalSummary>,
    /// Other files and programs that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Other things that it says of itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// What a pickle asks the loader to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GlobalSummary {
    /// Module and name.
    pub name: String,
    /// `allowed`, `unknown` or `dangerous`.
    pub standing: &'static str,
    /// How often.
    pub uses: u64,
}
