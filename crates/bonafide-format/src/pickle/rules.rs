//! What can be wrong with a pickle, beside what it imports.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &DANGEROUS_CALL,
    &COMPUTED_GLOBAL,
    &COMPUTED_CALL,
    &CHANGED_IMPORT,
    &EXTENSION,
    &PERSISTENT,
    &FRAMES,
    &ARRAYS,
    &CONSTRUCTED,
    &TYPE_CONFUSION,
    &STORAGE_MISMATCH,
    &EXPANSION,
];

pub(crate) const DANGEROUS_CALL: Rule = Rule {
    slug: "pickle-dangerous-call",
    title: "Pickle calls something that runs, loads, writes or sends",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "The call is made while the file is loaded, before the model can be looked at.",
    remediation: "Do not load the file. Ask for the model in a format that runs nothing, such as safetensors.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 94],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

pub(crate) const COMPUTED_GLOBAL: Rule = Rule {
    slug: "pickle-computed-global",
    title: "Pickle imports something whose name is not written in it",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "No program that writes pickles computes the name of an import; it keeps a reader from seeing what \
        is imported.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 506],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0076"],
};

pub(crate) const COMPUTED_CALL: Rule = Rule {
    slug: "pickle-computed-call",
    title: "Pickle calls something that is no import of its own",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "What is called is the result of another call, or a value of the loading process: its name is not \
        in the file.",
    remediation: "Ask the author what is called there, or for the model in a format that runs nothing.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const CHANGED_IMPORT: Rule = Rule {
    slug: "pickle-changes-import",
    title: "Pickle changes something that it imports",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "It sets attributes or items of a class, function or table of the loading program itself, which \
        changes what that program does from then on.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 915],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const EXTENSION: Rule = Rule {
    slug: "pickle-extension-code",
    title: "Pickle imports by a number of the extension registry",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "What stands behind the number is known to the loading process alone, so nobody can tell from the \
        file what is imported.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 506],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0076"],
};

pub(crate) const PERSISTENT: Rule = Rule {
    slug: "pickle-persistent-id",
    title: "Pickle refers to an object outside of it",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "The program that loads it decides what the reference means; only those to storages of tensors are \
        known to be harmless.",
    remediation: "Find out which program the file is made for, and what it makes of such references.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const FRAMES: Rule = Rule {
    slug: "pickle-frame-divergence",
    title: "Frames of a pickle do not hold whole opcodes",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Unpicklers take such bytes in different ways, so one that is examined is not the one that is run. \
        No program that writes pickles makes them.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[436, 506],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(crate) const ARRAYS: Rule = Rule {
    slug: "pickle-array-divergence",
    title: "Array between the opcodes that joblib did not write",
    hazard: Hazard::Hidden,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "joblib reads an array wherever its wrapper is filled, however that was made; made in another way \
        than joblib does, it turns opcodes into data for one reader, and data into opcodes for the other.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[436, 506],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(crate) const CONSTRUCTED: Rule = Rule {
    slug: "pickle-constructor-call",
    title: "Pickle calls a constructor that reads files or fetches",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Instances of the class are rebuilt without its constructor. Called with arguments of the file's \
        choice, it reads other files, fetches some and loads them, or changes the process.",
    remediation: "Do not load the file. Ask for the weights as safetensors.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 73],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const TYPE_CONFUSION: Rule = Rule {
    slug: "pickle-type-confusion",
    title: "Pickle puts items into something that takes none",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Restricted unpicklers that do not check the type write into the memory of a tensor or storage.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-01")],
    cwe: &[843, 787],
    cve: &["CVE-2026-24747"],
    atlas: &["AML.T0076", "AML.T0011.000"],
};

pub(crate) const STORAGE_MISMATCH: Rule = Rule {
    slug: "pickle-storage-mismatch",
    title: "Tensor does not fit the storage that it is in",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A loader that believes the numbers reads or writes beyond the bytes that are there.",
    remediation: "Fetch the file again from its origin; if it is the same there, do not load it.",
    threats: &[ThreatId("ART-06")],
    cwe: &[787, 125],
    cve: &["CVE-2026-24747"],
    atlas: &["AML.T0076"],
};

pub(crate) const EXPANSION: Rule = Rule {
    slug: "pickle-expansion",
    title: "Pickle stands for far more than is in it",
    hazard: Hazard::Expansion,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "What is shared is counted each time when such an object is hashed, compared or printed, and what \
        is nested very deeply ends the process.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-06")],
    cwe: &[776, 674, 400],
    cve: &[],
    atlas: &["AML.T0076"],
};
