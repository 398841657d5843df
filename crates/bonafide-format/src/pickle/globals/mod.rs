//! What importing a name does.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::facts::GlobalStanding;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&DANGEROUS];

const DANGEROUS: Rule = Rule {
    slug: "pickle-dangerous-global",
    title: "Pickle imports something that runs, loads, writes or sends",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "What a pickle imports it can call.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// What is known of a name.
pub(crate) enum Judgement {
    Allowed { reason: &'static str },
    Dangerous { effect: Effect },
    Unknown,
}

/// What it does.
pub(crate) enum Effect {
    Execution,
}

pub(crate) fn classify(module: &str, _name: &str) -> Judgement {
    match module {
        "os" | "posix" | "subprocess" | "builtins" | "sys" => Judgement::Dangerous {
            effect: Effect::Execution,
        },
        "collections" => Judgement::Allowed {
            reason: "builds data",
        },
        _ => Judgement::Unknown,
    }
}

pub(crate) fn report(visit: &mut Visit<'_>, module: &str, name: &str, range: Range<u64>) {
    let full = format!("{module}.{name}");
    let standing = match classify(module, name) {
        Judgement::Dangerous {
            effect: Effect::Execution,
        } => GlobalStanding::Dangerous,
        Judgement::Allowed { reason } if !reason.is_empty() => GlobalStanding::Allowed,
        _ => GlobalStanding::Unknown,
    };
    visit.facts().add_global(&full, standing);
    if standing == GlobalStanding::Dangerous {
        let message = format!("imports `{}`", excerpt(&full, 120));
        visit.report_about(&DANGEROUS, Some(range), &full, message);
    }
}
