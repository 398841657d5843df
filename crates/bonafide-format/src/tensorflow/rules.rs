//! What can be wrong with a TensorFlow graph.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &PYTHON,
    &FILE,
    &READER,
    &NETWORK,
    &NATIVE,
    &CHECKPOINT,
    &CUSTOM,
    &CONTROL_FLOW,
    &NESTED_GRAPH,
    &TENSOR_SIZE,
    &CHECKPOINT_ABSENT,
];

pub(crate) const PYTHON: Rule = Rule {
    slug: "tensorflow-python-operator",
    title: "Operator that calls a Python function",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "It calls a function of the process by a number that the graph chooses.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[94],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) const FILE: Rule = Rule {
    slug: "tensorflow-file-operator",
    title: "Operator that reads, writes or lists files",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "It runs with the rights of whoever runs the model, on any file, also on other machines.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[73, 552],
    cve: &[],
    atlas: &["AML.T0018.001", "AML.T0011.000"],
};

pub(crate) const READER: Rule = Rule {
    slug: "tensorflow-reader-operator",
    title: "Operator that reads records from files",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "It belongs to training. In a model that is served, it reads files of the server.",
    remediation: "Look at which files it reads.",
    threats: &[ThreatId("ART-05")],
    cwe: &[73],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const NETWORK: Rule = Rule {
    slug: "tensorflow-network-operator",
    title: "Operator that talks to other machines",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "A model that computes needs no connection.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-05")],
    cwe: &[918],
    cve: &[],
    atlas: &["AML.T0018.001", "AML.T0011.000"],
};

pub(crate) const NATIVE: Rule = Rule {
    slug: "tensorflow-native-program",
    title: "Part of the graph is a compiled program",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "What it computes cannot be read from the graph.",
    remediation: "Compile it anew from a graph that can be examined.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const CHECKPOINT: Rule = Rule {
    slug: "tensorflow-checkpoint-operator",
    title: "Operator of the saver in another place",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Saving and restoring belong to the part of the graph that the loader runs for it. Elsewhere they \
        read and write files when the model computes.",
    remediation: "Look at which file it writes or reads.",
    threats: &[ThreatId("ART-05")],
    cwe: &[73],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const CUSTOM: Rule = Rule {
    slug: "tensorflow-custom-operator",
    title: "Operator of a library that is not TensorFlow's",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Its program is a library that has to be loaded into the process beside the model.",
    remediation: "Find out which library supplies the operator, and whether it is trusted.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const CONTROL_FLOW: Rule = Rule {
    slug: "tensorflow-control-flow",
    title: "Graph with branches or loops",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "Many models have them. They also are what a backdoor in a graph is made of.",
    remediation: "Compare the graph with that of the published architecture.",
    threats: &[ThreatId("ART-05")],
    cwe: &[912],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const NESTED_GRAPH: Rule = Rule {
    slug: "tensorflow-nested-graph",
    title: "Graph in a constant of a graph",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "An operator unpacks and runs it; tools that list the operators of a model do not see those in it.",
    remediation: "Look at what the inner graph does.",
    threats: &[ThreatId("ART-05")],
    cwe: &[506],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

pub(crate) const TENSOR_SIZE: Rule = Rule {
    slug: "tensorflow-tensor-size",
    title: "Tensor with more numbers than its shape says",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A reader that trusts the shape leaves bytes that nobody sees, or goes beyond the data.",
    remediation: "Do not load the model. Convert it anew from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[125, 131],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(crate) const CHECKPOINT_ABSENT: Rule = Rule {
    slug: "tensorflow-checkpoint-absent",
    title: "Checkpoint without the numbers of its variables",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "The file beside the index is not in the artifact, or ends before the variables do.",
    remediation: "Fetch the whole artifact from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[353],
    cve: &[],
    atlas: &["AML.T0018.000"],
};
