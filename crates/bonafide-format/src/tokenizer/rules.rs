//! What can be wrong with a tokenizer.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &COLLISION,
    &REMAPPED,
    &REPLACEMENT,
    &INSERTED,
    &DEMOTED,
    &ROLE_DEMOTED,
    &SPECIAL_WORD,
    &MERGES,
    &DISAGREEMENT,
    &VOCABULARY_DISAGREEMENT,
    &BEYOND_EMBEDDING,
];

/// A rule of this module: what differs, and what is the same for all.
const fn rule(
    slug: &'static str,
    title: &'static str,
    severity: Severity,
    confidence: Confidence,
    rationale: &'static str,
    remediation: &'static str,
    cwe: &'static [u32],
) -> Rule {
    Rule {
        slug,
        title,
        hazard: Hazard::Tokenizer,
        severity,
        confidence,
        rationale,
        remediation,
        threats: &[ThreatId("ART-04")],
        cwe,
        cve: &[],
        atlas: &["AML.T0018"],
    }
}

pub(super) const COLLISION: Rule = rule(
    "tokenizer-collision",
    "Two tokens with one number",
    Severity::High,
    Confidence::Likely,
    "The model cannot tell them apart, and what it writes is shown as the other one: no trainer writes this.",
    "Take the tokenizer of the model it is derived from.",
    &[694],
);

pub(super) const REMAPPED: Rule = rule(
    "tokenizer-remapped-token",
    "One token with two numbers",
    Severity::High,
    Confidence::Likely,
    "Which number the model is given depends on the reader: a token can stand for another one.",
    "Take the tokenizer of the model it is derived from.",
    &[694, 436],
);

pub(super) const REPLACEMENT: Rule = rule(
    "tokenizer-replacement",
    "Tokenizer that replaces words",
    Severity::High,
    Confidence::Likely,
    "What the model reads is not what was written, or what is shown is not what it wrote: an address, a path or \
        a number becomes another one. Tokenizers change blanks and signs, not words.",
    "Take the tokenizer of the model it is derived from.",
    &[506, 349],
);

pub(super) const INSERTED: Rule = rule(
    "tokenizer-inserted-token",
    "Tokenizer that adds a token which is none of its markers",
    Severity::High,
    Confidence::Likely,
    "Every text that the model is given has something in it that nobody wrote.",
    "Take the tokenizer of the model it is derived from.",
    &[506],
);

pub(super) const DEMOTED: Rule = rule(
    "tokenizer-demoted-marker",
    "Marker of the end or the start that is an ordinary token",
    Severity::High,
    Confidence::Likely,
    "It is no longer left out of what is shown and no longer guarded where users write it, so that a message can \
        end itself and begin another.",
    "Take the tokenizer of the model it is derived from.",
    &[138, 693],
);

pub(super) const ROLE_DEMOTED: Rule = rule(
    "tokenizer-demoted-role",
    "Marker of a role that is an ordinary token",
    Severity::Medium,
    Confidence::Possible,
    "A user who writes it begins a message of another role; some models are published like this.",
    "Hold the tokenizer against that of the model it is derived from.",
    &[138],
);

pub(super) const SPECIAL_WORD: Rule = rule(
    "tokenizer-special-word",
    "Ordinary word that is a special token",
    Severity::Medium,
    Confidence::Possible,
    "It is left out of everything that is shown, and split from the words around it.",
    "Ask what the token is for.",
    &[506],
);

pub(super) const MERGES: Rule = rule(
    "tokenizer-merges",
    "Merges that do not fit the vocabulary",
    Severity::Medium,
    Confidence::Likely,
    "Merges are learnt together with the vocabulary; one that is there twice or makes no token was put in later.",
    "Take the tokenizer of the model it is derived from.",
    &[694],
);

pub(super) const DISAGREEMENT: Rule = rule(
    "tokenizer-disagreement",
    "Files of a tokenizer that give a token different numbers",
    Severity::High,
    Confidence::Likely,
    "One library reads one of them and the next another: the model is given other numbers than it was tested with.",
    "Take the tokenizer of the model it is derived from.",
    &[436, 694],
);

pub(super) const VOCABULARY_DISAGREEMENT: Rule = rule(
    "tokenizer-vocabulary-disagreement",
    "Files of a tokenizer with different vocabularies",
    Severity::Medium,
    Confidence::Possible,
    "One library reads one of them and the next another; one of the two may have been changed.",
    "Hold both against those of the model it is derived from.",
    &[436],
);

pub(super) const BEYOND_EMBEDDING: Rule = Rule {
    hazard: Hazard::Inconsistent,
    ..rule(
        "tokenizer-beyond-embedding",
        "Token without a row in the embedding",
        Severity::High,
        Confidence::Likely,
        "Looking it up reads beyond the table, or fails: the tokenizer belongs to another model, or was changed.",
        "Take the tokenizer of the model it is derived from.",
        &[129, 125],
    )
};
