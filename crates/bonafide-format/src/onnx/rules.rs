//! What can be wrong with an ONNX model.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &CUSTOM_DOMAIN,
    &UNKNOWN_OPERATOR,
    &PYTHON_OPERATOR,
    &NATIVE_CONTEXT,
    &FUNCTION_SHADOW,
    &FUNCTION_RECURSION,
    &FUNCTION_EXPANSION,
    &CONTROL_FLOW,
    &TENSOR_SIZE,
    &EXTERNAL_KEY,
    &EXTERNAL_RANGE,
    &EXTERNAL_OVERLAP,
    &EXTERNAL_ABSENT,
    &MEMORY_ADDRESS,
];

pub(crate) const CUSTOM_DOMAIN: Rule = Rule {
    slug: "onnx-custom-domain",
    title: "Operator of a domain that no published runtime supplies",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Its program is a library that has to be loaded into the process beside the model; what it does \
        cannot be seen here.",
    remediation: "Find out which library supplies the operator, and whether it is trusted.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.001", "AML.T0011.000"],
};

pub(crate) const UNKNOWN_OPERATOR: Rule = Rule {
    slug: "onnx-unknown-operator",
    title: "Operator of the standard domain that the standard does not have",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "No published version of ONNX has it. Runtimes refuse the model, unless a library that is loaded \
        beside it supplies the operator.",
    remediation: "Find out which library supplies the operator, and whether it is trusted.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const PYTHON_OPERATOR: Rule = Rule {
    slug: "onnx-python-operator",
    title: "Operator that calls a Python function",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The model names the module and the function; the runtime imports the one and calls the other.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[94, 829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const NATIVE_CONTEXT: Rule = Rule {
    slug: "onnx-native-context",
    title: "Part of the graph is a compiled program",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "An execution provider loads it as it is. What it computes cannot be read from the graph.",
    remediation: "Compile it anew from a graph that can be examined.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const FUNCTION_SHADOW: Rule = Rule {
    slug: "onnx-function-shadow",
    title: "Function of the model in the place of a standard operator",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Whoever reads the graph sees a standard operator; the runtime computes something else.",
    remediation: "Do not use the model before the function was compared with the operator.",
    threats: &[ThreatId("ART-05")],
    cwe: &[436],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const FUNCTION_RECURSION: Rule = Rule {
    slug: "onnx-function-recursion",
    title: "Function of the model that calls itself",
    hazard: Hazard::Expansion,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The format forbids it. A runtime that puts the function in the place of the call never ends.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-06")],
    cwe: &[674, 835],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const FUNCTION_EXPANSION: Rule = Rule {
    slug: "onnx-function-expansion",
    title: "Functions of the model that grow without measure",
    hazard: Hazard::Expansion,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Each calls the next several times. A runtime that puts them in the place of the calls runs out \
        of memory.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-06")],
    cwe: &[409, 400],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const CONTROL_FLOW: Rule = Rule {
    slug: "onnx-control-flow",
    title: "Graph with branches or loops",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "Many models have them. They also are what a backdoor in a graph is made of: a branch that is \
        taken for certain inputs only.",
    remediation: "Compare the graph with that of the published architecture.",
    threats: &[ThreatId("ART-05")],
    cwe: &[912],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const TENSOR_SIZE: Rule = Rule {
    slug: "onnx-tensor-size",
    title: "Tensor with more or fewer numbers than its shape says",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A reader that trusts the shape goes beyond the data; one that trusts the length leaves bytes \
        that nobody sees.",
    remediation: "Do not load the model. Convert it anew from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[125, 131],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(crate) const EXTERNAL_KEY: Rule = Rule {
    slug: "onnx-external-key",
    title: "Description of an external tensor with a key that there is not",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Loaders have set attributes of their own objects by these names.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-06")],
    cwe: &[915],
    cve: &["CVE-2026-34445"],
    atlas: &["AML.T0011.000"],
};

pub(crate) const EXTERNAL_RANGE: Rule = Rule {
    slug: "onnx-external-range",
    title: "External tensor whose place is no place",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "An offset or length that is negative, no number or does not fit the shape makes a loader read \
        elsewhere, or allocate without measure.",
    remediation: "Do not load the model. Convert it anew from its origin.",
    threats: &[ThreatId("ART-06")],
    cwe: &[125, 190, 770],
    cve: &["CVE-2026-34445"],
    atlas: &["AML.T0076"],
};

pub(crate) const EXTERNAL_OVERLAP: Rule = Rule {
    slug: "onnx-external-overlap",
    title: "External tensors that share a part of their bytes",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Tied tensors share all of their bytes or none. Bytes that mean two things are the sign of a file \
        that was put together by hand.",
    remediation: "Convert the model anew from its origin.",
    threats: &[ThreatId("ART-06")],
    cwe: &[1284],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(crate) const EXTERNAL_ABSENT: Rule = Rule {
    slug: "onnx-external-absent",
    title: "External tensor without its bytes",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "The file that it names is not in the artifact, or ends before the tensor does. Whatever lies \
        there on the machine that loads the model is what it computes with.",
    remediation: "Fetch the whole artifact from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[353, 125],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

pub(crate) const MEMORY_ADDRESS: Rule = Rule {
    slug: "onnx-memory-address",
    title: "Tensor that is said to lie in the memory of the process",
    hazard: Hazard::OutsideReference,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "ONNX Runtime uses this name for tensors that it holds itself. From a file, it makes the runtime \
        read any address.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-05")],
    cwe: &[822],
    cve: &[],
    atlas: &["AML.T0011.000"],
};
