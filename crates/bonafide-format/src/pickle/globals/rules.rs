//! What is reported of importable names.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &DANGEROUS,
    &FILE,
    &STANDARD,
    &SUSPICIOUS,
    &OTHER_FILE,
    &UNKNOWN,
];

/// Known to run, load or send something, or to reach what does.
pub(super) const DANGEROUS: Rule = Rule {
    slug: "pickle-dangerous-global",
    title: "Import of something that runs, loads or sends",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "Loading the file gives it the function, with arguments of its choice. No pickle of a model needs it.",
    remediation: "Do not load the file. Ask for the weights as safetensors.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 94],
    cve: &["CVE-2025-32434", "CVE-2025-1716"],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

/// Known to read, write or look up files.
pub(super) const FILE: Rule = Rule {
    slug: "pickle-file-access",
    title: "Import of something that reads or writes files",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Loading the file makes it read or write others on the machine. A model brings its data along.",
    remediation: "Do not load the file. Ask for the weights as safetensors.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 73],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Of the standard library, and not among the few names that models need.
pub(super) const STANDARD: Rule = Rule {
    slug: "pickle-unreviewed-standard-library",
    title: "Import from Python's standard library that models have no use for",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "It is installed wherever Python is, so exploits are built from it, from ever new corners. What \
        models need of it is a short list, and this is not on it.",
    remediation: "Do not load the file until someone has found out why it needs the import; allow the exact name then.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 184],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Unknown, but its name says that it runs or loads something.
pub(super) const SUSPICIOUS: Rule = Rule {
    slug: "pickle-suspicious-name",
    title: "Import of something that is named like a loader or launcher",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Classes of models are named after what they are. A function named after running, loading or \
        fetching does that with arguments that the file chooses.",
    remediation: "Do not load the file until someone has read the function; allow the exact name then.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Kept by joblib before 0.10 in files of their own.
pub(super) const OTHER_FILE: Rule = Rule {
    slug: "pickle-array-elsewhere",
    title: "Array that is kept in a file beside the pickle",
    hazard: Hazard::OutsideReference,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "joblib before 0.10 wrote arrays into files of their own. The pickle names the file, with any path, and \
        the loader reads what is there, pickled objects included.",
    remediation: "Write the model anew with a joblib of today, which needs one file only.",
    threats: &[ThreatId("ART-01")],
    cwe: &[73, 502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// On no list.
pub(super) const UNKNOWN: Rule = Rule {
    slug: "pickle-unknown-global",
    title: "Import of something that is on no list",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Loading the file imports it, and may call it. Whether it is a plain class cannot be told from the file.",
    remediation: "Look at what it is; if it only holds data, allow the exact name. Better: ask for the weights as safetensors.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};
