//! The storages that the pickle of an archive names.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[&MISMATCH];

pub(crate) const MISMATCH: Rule = Rule {
    slug: "pytorch-storage-mismatch",
    title: "Storage that is not as long as the pickle says",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A loader that believes the pickle reads, or writes, beyond the memory of the tensor.",
    remediation: "Do not load the file, not with `weights_only` either.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[787, 125],
    cve: &["CVE-2026-24747"],
    atlas: &["AML.T0011.000"],
};

/// A storage as a persistent id of the pickle has it: `('storage', class, key, place, n)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Storage {
    /// Name of its class: `FloatStorage`.
    pub(crate) class: String,
    /// Name of its member below `data/`.
    pub(crate) key: String,
    /// How many numbers it holds.
    pub(crate) elements: u64,
}

impl Storage {
    /// Its length in bytes; none if its class is not known.
    pub(crate) fn length(&self) -> Option<u64> {
        let name = self.class.rsplit('.').next().unwrap_or(&self.class);
        let size = match name {
            "ComplexDoubleStorage" => 16,
            "DoubleStorage" | "LongStorage" | "ComplexFloatStorage" => 8,
            "FloatStorage" | "IntStorage" | "QInt32Storage" => 4,
            "HalfStorage" | "BFloat16Storage" | "ShortStorage" => 2,
            "CharStorage" | "ByteStorage" | "BoolStorage" | "QInt8Storage" | "QUInt8Storage"
            | "QUInt4x2Storage" | "QUInt2x4Storage" | "UntypedStorage" => 1,
            _ => return None,
        };
        self.elements.checked_mul(size)
    }
}
