//! What can be wrong with a chat template.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &ESCAPE,
    &INCLUDE,
    &HIDDEN_BRANCH,
    &CONTENT_BRANCH,
    &TIME,
    &REWRITE,
    &EXFILTRATION,
    &URL,
    &INSTRUCTION,
    &INVISIBLE,
    &ENCODED,
    &EXHAUSTION,
    &UNREADABLE,
];

const THREATS: &[ThreatId] = &[ThreatId("ART-03")];

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
        hazard: Hazard::Template,
        severity,
        confidence,
        rationale,
        remediation,
        threats: THREATS,
        cwe,
        cve: &[],
        atlas: &["AML.T0018"],
    }
}

pub(super) const ESCAPE: Rule = Rule {
    cve: &["CVE-2024-34359"],
    atlas: &["AML.T0011.000", "AML.T0018"],
    ..rule(
        "template-escape",
        "Template that reaches for Python's inside",
        Severity::Critical,
        Confidence::Certain,
        "Where a loader renders it without a sandbox it runs any program; a template that lays out messages \
            has no use for these names.",
        "Do not load the model. Ask for a template without them.",
        &[1336, 94],
    )
};

pub(super) const INCLUDE: Rule = rule(
    "template-include",
    "Template that loads another file",
    Severity::High,
    Confidence::Likely,
    "A renderer that has a loader reads a file that is not part of what was examined.",
    "Ask for a template that stands alone.",
    &[829, 1336],
);

pub(super) const HIDDEN_BRANCH: Rule = Rule {
    atlas: &["AML.T0018", "AML.T0043.004"],
    ..rule(
        "template-hidden-branch",
        "Template that adds text of its own when a message says a certain thing",
        Severity::High,
        Confidence::Likely,
        "It gives the model instructions that neither the user nor the operator wrote, and only when a trigger \
            occurs, so that no test without it shows them.",
        "Do not use the template. Take that of the model it is derived from.",
        &[506, 1336],
    )
};

pub(super) const CONTENT_BRANCH: Rule = rule(
    "template-content-branch",
    "Template that does something else when a message says a certain thing",
    Severity::Medium,
    Confidence::Possible,
    "What the model is given depends on words of the conversation, which is how a trigger is built.",
    "Read the branch, and say in the policy that it is known.",
    &[506],
);

pub(super) const TIME: Rule = rule(
    "template-time",
    "Template that depends on the date or on chance",
    Severity::Medium,
    Confidence::Possible,
    "It can behave from a certain day on, or now and then, as no test before has shown.",
    "Read the branch, and say in the policy that it is known.",
    &[511],
);

pub(super) const REWRITE: Rule = rule(
    "template-rewrite",
    "Template that changes words of the messages",
    Severity::Medium,
    Confidence::Possible,
    "The model is given something else than what was written, and nobody sees it.",
    "Read what is replaced, and say in the policy that it is known.",
    &[506],
);

pub(super) const EXFILTRATION: Rule = rule(
    "template-exfiltration",
    "Template that writes active markup, or an address with parts of the conversation in it",
    Severity::High,
    Confidence::Likely,
    "A client that shows the answer fetches the address, and gives away what is in it.",
    "Do not use the template.",
    &[79, 201],
);

pub(super) const URL: Rule = rule(
    "template-url",
    "Template that names an address on the network",
    Severity::Medium,
    Confidence::Possible,
    "A model that is given an address may recommend it, or have a tool fetch it.",
    "Read what the address is for.",
    &[506],
);

pub(super) const INSTRUCTION: Rule = rule(
    "template-instruction",
    "Template that tells the model to deceive or to disobey",
    Severity::Medium,
    Confidence::Possible,
    "Every conversation begins with it, and no user sees it.",
    "Read the text, and take the template of the model it is derived from.",
    &[506],
);

pub(super) const INVISIBLE: Rule = rule(
    "template-invisible-text",
    "Template with text that is not shown",
    Severity::High,
    Confidence::Likely,
    "Characters that no editor shows, or that turn the order of others around, are read by the model all the same.",
    "Do not use the template.",
    &[1007, 506],
);

pub(super) const ENCODED: Rule = rule(
    "template-encoded-text",
    "Template with a long encoded text",
    Severity::Medium,
    Confidence::Possible,
    "A model can decode base64; a reviewer does not.",
    "Decode the text and read it.",
    &[506],
);

pub(super) const EXHAUSTION: Rule = rule(
    "template-exhaustion",
    "Template that repeats without end",
    Severity::High,
    Confidence::Likely,
    "Rendering it takes the time or the memory of the machine that serves the model.",
    "Do not use the template.",
    &[834, 400],
);

pub(super) const UNREADABLE: Rule = rule(
    "template-unreadable",
    "Template that is not valid Jinja",
    Severity::Medium,
    Confidence::Certain,
    "What it does could not be judged; another renderer may read it in its own way.",
    "Render it with the library it is for, and read it.",
    &[20],
);
