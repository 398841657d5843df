//! What is reported of programs.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &PROGRAM,
    &LIBRARY,
    &MANAGED,
    &SCRIPT,
    &MARSHALLED,
    &COMPILED,
    &LLAMAFILE,
];

pub(super) const PROGRAM: Rule = Rule {
    slug: "executable-file",
    title: "Program among the files of a model",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A model is data that programs read. A program of its own does what it likes once somebody starts it.",
    remediation: "Do not start it. Leave it out, or build it from source.",
    threats: &[ThreatId("ART-01")],
    cwe: &[506, 434],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

pub(super) const LIBRARY: Rule = Rule {
    slug: "native-code",
    title: "Library of machine code among the files of a model",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Loading it runs its start code: custom operators of TensorFlow, ONNX Runtime and PyTorch are such libraries.",
    remediation: "Do not load it. Build it from source if the model needs it.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-02")],
    cwe: &[506, 829],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

pub(super) const MANAGED: Rule = Rule {
    slug: "virtual-machine-code",
    title: "Code for a virtual machine among the files of a model",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "It runs inside of a browser or a Java process, with the rights that this has.",
    remediation: "Find out what it is for; build it from source if it is needed.",
    threats: &[ThreatId("ART-01")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(super) const SCRIPT: Rule = Rule {
    slug: "shell-script",
    title: "Script among the files of a model",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Nothing runs it by itself, but instructions beside a model ask people to. It is not read here.",
    remediation: "Read it before anybody runs it.",
    threats: &[ThreatId("ART-02")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(super) const MARSHALLED: Rule = Rule {
    slug: "marshalled-code",
    title: "Python code in the form that the interpreter runs",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "`marshal` gives it back as a code object: the way to hide a program from those who read sources and imports.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 506],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(super) const COMPILED: Rule = Rule {
    slug: "compiled-python",
    title: "Compiled Python module",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "The interpreter may take it in place of the source beside it, and nobody can read it.",
    remediation: "Delete it; Python compiles the source again.",
    threats: &[ThreatId("ART-02")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(super) const LLAMAFILE: Rule = Rule {
    slug: "llamafile",
    title: "Model that is a program",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "A llamafile is a program with the weights inside of it. Using it is running it; only the weights are read here.",
    remediation: "Take the program from its own release, and the weights as GGUF.",
    threats: &[ThreatId("ART-01")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};
