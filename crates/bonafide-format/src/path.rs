//! Paths that files name, and where they lead.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[&OUTSIDE];

/// A path in a file that leads out of the artifact.
pub(crate) const OUTSIDE: Rule = Rule {
    slug: "outside-reference",
    title: "Path that leads out of the artifact",
    hazard: Hazard::OutsideReference,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A loader that follows it reads, or writes, a file of the machine that the model has no business with.",
    remediation: "Do not load or unpack the file.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-05")],
    cwe: &[22, 73],
    cve: &["CVE-2022-25882", "CVE-2024-27318", "CVE-2025-51480"],
    atlas: &["AML.T0011.000"],
};

/// Why a path, joined to the folder of the artifact by some loader on some system, would
/// not stay in it. None if it stays.
pub(crate) fn leads_outside(path: &str) -> Option<&'static str> {
    let bytes = path.as_bytes();
    if path.contains('\0') {
        return Some("it has a NUL, where other readers end it");
    }
    if path.starts_with('/') || path.starts_with('\\') {
        return Some("it is absolute");
    }
    if let [letter, b':', ..] = bytes
        && letter.is_ascii_alphabetic()
    {
        return Some("it starts with a drive");
    }
    if path.starts_with('~') {
        return Some("it starts at a home directory");
    }
    if path.split(['/', '\\']).any(|part| part == "..") {
        return Some("it has a `..`");
    }
    if path.contains("://") {
        return Some("it is a URL");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_below_passes() {
        for path in ["a", "a/b.bin", "a..b", "weights/..data", "c:"] {
            assert_eq!(leads_outside(path).is_some(), path == "c:", "{path}");
        }
        for path in [
            "/a",
            "\\\\host\\x",
            "C:\\x",
            "..",
            "a/../../b",
            "a\\..\\b",
            "~/x",
            "file:///x",
            "a\0b",
        ] {
            assert!(leads_outside(path).is_some(), "{path}");
        }
    }
}
