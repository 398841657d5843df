//! What a configuration of Keras can do wrong.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &LAMBDA,
    &OUTSIDE_MODULE,
    &UNSAFE_FUNCTION,
    &UNSAFE_LAYER,
    &FILE_READ,
    &UNKNOWN_CLASS,
    &OWN_CLASS,
];

const GRAPH: &[ThreatId] = &[ThreatId("ART-05"), ThreatId("ART-01")];

pub(super) const LAMBDA: Rule = Rule {
    slug: "keras-lambda",
    title: "Layer that carries Python code",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The bytecode in a Lambda layer runs with the rights of whoever loads or uses the model. Keras before \
        2.13 asks nobody, and the loader of HDF5 files ignored `safe_mode` until 3.11.3.",
    remediation: "Do not load the model. Ask for one whose layers are classes, or for the weights alone.",
    threats: GRAPH,
    cwe: &[94, 502],
    cve: &["CVE-2024-3660", "CVE-2025-9905"],
    atlas: &["AML.T0018.002", "AML.T0011.000"],
};

pub(super) const OUTSIDE_MODULE: Rule = Rule {
    slug: "keras-outside-module",
    title: "Configuration that imports from outside of Keras",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "Keras before 3.9 imports the module that a configuration names, and calls what it names in it with \
        arguments from the file, also in safe mode.",
    remediation: "Do not load the model.",
    threats: GRAPH,
    cwe: &[470, 502],
    cve: &["CVE-2025-1550"],
    atlas: &["AML.T0018.002", "AML.T0011.000"],
};

pub(super) const UNSAFE_FUNCTION: Rule = Rule {
    slug: "keras-unsafe-function",
    title: "Configuration that calls a function of Keras that is no part of a model",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "Functions that fetch files, load other models or switch the safe mode off are reached through the \
        configuration in Keras before 3.11, also in safe mode.",
    remediation: "Do not load the model.",
    threats: GRAPH,
    cwe: &[470, 502],
    cve: &["CVE-2025-8747", "CVE-2025-9906"],
    atlas: &["AML.T0018.002", "AML.T0011.000"],
};

pub(super) const UNSAFE_LAYER: Rule = Rule {
    slug: "keras-unsafe-layer",
    title: "Layer that loads or runs something else",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Such a layer unpickles a Torch module, loads a SavedModel from a path, or runs operations that \
        read and write files.",
    remediation: "Do not load the model. Ask for one of ordinary layers.",
    threats: GRAPH,
    cwe: &[502, 829],
    cve: &["CVE-2025-49655"],
    atlas: &["AML.T0018.002", "AML.T0011.000"],
};

pub(super) const FILE_READ: Rule = Rule {
    slug: "keras-file-read",
    title: "Vocabulary that is the path of a file",
    hazard: Hazard::OutsideReference,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The layer reads the file on the machine that loads the model, or fetches the address, and shows what \
        is in it through its output.",
    remediation: "Do not load the model. Ask for one that has its vocabulary in it.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-05")],
    cwe: &[73, 918],
    cve: &["CVE-2025-12058"],
    atlas: &["AML.T0011.000"],
};

pub(super) const UNKNOWN_CLASS: Rule = Rule {
    slug: "keras-unknown-class",
    title: "Class or function that Keras does not have",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "The model runs only with code from elsewhere, which is not in this file and was not looked at.",
    remediation: "Find out whose code it is, and review that before it is registered with Keras.",
    threats: GRAPH,
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(super) const OWN_CLASS: Rule = Rule {
    slug: "keras-own-class",
    title: "Saved model with a class of the program that wrote it",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "The name makes nothing load: a program that has the class uses its own, any other uses the functions in \
        the graph.",
    remediation: "Nothing, unless the program that loads the model registers classes of this name.",
    threats: GRAPH,
    cwe: &[470],
    cve: &[],
    atlas: &[],
};
