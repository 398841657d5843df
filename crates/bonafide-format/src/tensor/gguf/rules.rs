//! What can be wrong with a GGUF file.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &DUPLICATE_KEY,
    &DUPLICATE_TENSOR,
    &LAYOUT,
    &ALIGNMENT,
    &VALUE,
    &UNKNOWN_TYPE,
    &VOCABULARY,
    &TOKEN_ID,
    &DUPLICATE_TOKEN,
    &EMBEDDING,
];

pub(super) const DUPLICATE_KEY: Rule = Rule {
    slug: "gguf-duplicate-key",
    title: "Key that is there twice",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "One reader takes the first value, another the last, a third refuses the file: a second chat \
        template can pass a review of the first.",
    remediation: "Do not load the file. Convert the model anew from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-03")],
    cwe: &[436, 694],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(super) const DUPLICATE_TENSOR: Rule = Rule {
    slug: "gguf-duplicate-tensor",
    title: "Tensor that is there twice",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Which of the two is loaded depends on the reader.",
    remediation: "Do not load the file. Convert the model anew from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[436, 694],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(super) const LAYOUT: Rule = Rule {
    slug: "gguf-layout",
    title: "Tensor whose place or shape is impossible",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Loaders map the file and compute with these numbers; wrong ones lead them beyond the data.",
    remediation: "Do not load the file. Convert the model anew from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[20, 190, 787, 1284],
    cve: &["CVE-2024-21802", "CVE-2024-21836", "CVE-2024-23605"],
    atlas: &["AML.T0076"],
};

pub(super) const ALIGNMENT: Rule = Rule {
    slug: "gguf-alignment",
    title: "Alignment that is not a power of two",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Where the tensors are follows from it; loaders divide by it.",
    remediation: "Do not load the file. Convert the model anew from its origin.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20, 369],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(super) const VALUE: Rule = Rule {
    slug: "gguf-value",
    title: "Key or value that the specification does not allow",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "No converter writes it, and loaders differ in what they make of it.",
    remediation: "Convert the model anew from its origin.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(super) const UNKNOWN_TYPE: Rule = Rule {
    slug: "gguf-unknown-type",
    title: "Tensor of a type that is not known",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "How many bytes it has cannot be said, so its end was not checked.",
    remediation: "Check with which release of ggml the file was written.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(super) const VOCABULARY: Rule = Rule {
    slug: "gguf-vocabulary",
    title: "Lists of the tokenizer that are not equally long",
    hazard: Hazard::Inconsistent,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Loaders take the score and the kind of each token from lists that they trust to be as long \
        as that of the tokens.",
    remediation: "Convert the model anew from its origin.",
    threats: &[ThreatId("ART-04"), ThreatId("ART-06")],
    cwe: &[125, 1284],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(super) const TOKEN_ID: Rule = Rule {
    slug: "gguf-token-id",
    title: "Special token beyond the vocabulary",
    hazard: Hazard::Tokenizer,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Loaders use another token instead, or read beyond the list.",
    remediation: "Compare the identifiers with those of the original tokenizer.",
    threats: &[ThreatId("ART-04"), ThreatId("ART-06")],
    cwe: &[129],
    cve: &[],
    atlas: &["AML.T0018"],
};

pub(super) const DUPLICATE_TOKEN: Rule = Rule {
    slug: "gguf-duplicate-token",
    title: "Token that is there twice",
    hazard: Hazard::Tokenizer,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Text and numbers no longer lead to each other: what a user sees is not what the model gets.",
    remediation: "Compare the vocabulary with that of the original tokenizer.",
    threats: &[ThreatId("ART-04")],
    cwe: &[694],
    cve: &[],
    atlas: &["AML.T0018"],
};

pub(super) const EMBEDDING: Rule = Rule {
    slug: "gguf-embedding",
    title: "Embedding that does not fit the vocabulary or the architecture",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Loaders take the row of a token, or the length of a row, without asking whether there is one.",
    remediation: "Convert the model anew from its origin.",
    threats: &[ThreatId("MDL-04"), ThreatId("ART-04")],
    cwe: &[125, 1284],
    cve: &[],
    atlas: &["AML.T0018.000"],
};
