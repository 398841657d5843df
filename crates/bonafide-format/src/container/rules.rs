//! What can be wrong with anything that holds other files.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[&EXPANSION, &LINK, &THROUGH_LINK, &SPECIAL, &NOT_READ];

pub(crate) const EXPANSION: Rule = Rule {
    slug: "archive-expansion",
    title: "Packed bytes that become far more than they are",
    hazard: Hazard::Expansion,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Whoever unpacks it, or scans it, runs out of memory, disk or time.",
    remediation: "Do not unpack the file.",
    threats: &[ThreatId("ART-06")],
    cwe: &[409],
    cve: &[],
    atlas: &["AML.T0029"],
};

pub(crate) const LINK: Rule = Rule {
    slug: "archive-link",
    title: "Link in an archive",
    hazard: Hazard::OutsideReference,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "What is read under one name is the content of another.",
    remediation: "Unpack with a tool that does not follow links, and look where they lead.",
    threats: &[ThreatId("ART-06")],
    cwe: &[59],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const THROUGH_LINK: Rule = Rule {
    slug: "archive-through-link",
    title: "Member of an archive below a link",
    hazard: Hazard::OutsideReference,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A tool that makes the link first writes the member wherever the link leads.",
    remediation: "Do not unpack the file.",
    threats: &[ThreatId("ART-06")],
    cwe: &[59, 22],
    cve: &["CVE-2007-4559"],
    atlas: &["AML.T0011.000"],
};

pub(crate) const SPECIAL: Rule = Rule {
    slug: "archive-special-file",
    title: "Device or pipe in an archive",
    hazard: Hazard::OutsideReference,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "No model needs one. Unpacked with privileges it opens a device of the machine.",
    remediation: "Do not unpack the file.",
    threats: &[ThreatId("ART-06")],
    cwe: &[73],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const NOT_READ: Rule = Rule {
    slug: "archive-not-read",
    title: "Archive that could not be looked into",
    hazard: Hazard::Hidden,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Scanners that cannot open it call it clean, and a loader that can open it runs what is in it.",
    remediation: "Unpack it in a place where nothing can be lost, and inspect what comes out.",
    threats: &[ThreatId("ART-01")],
    cwe: &[506],
    cve: &[],
    atlas: &["AML.T0076"],
};
