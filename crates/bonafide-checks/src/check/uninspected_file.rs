//! `uninspected-file`: something of the artifact was not looked at.

use bonafide_core::{Outcome, RawName, Severity, ThreatId};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::globs::Globs;

/// Most files that a reason names.
const SHOWN: usize = 5;

pub(super) const CHECK: Check = Check {
    slug: "uninspected-file",
    title: "File was not inspected, or not wholly",
    severity: Severity::Medium,
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    demands: "Every file is of a format that is known, and was read to its end. It is never a finding, but \
        `inconclusive`, so that a file which cannot be read is not taken for a clean one.",
    rationale: "What a scanner passes over is where a payload goes.",
    cannot_prove: "Anything about the content of formats that are only told apart (`identified`).",
    remediation: "Remove what the model does not need, or excuse it by its name in `allow`.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[Parameter {
        name: "allow",
        kind: "list of globs",
        default: "[]",
        effect: "names below the root that are excused. Every excused file is listed in the report",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    allow: Globs,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let mut excused = Vec::new();
    let mut unread: Vec<(&RawName, String)> = Vec::new();
    for file in &facts.models {
        let Some(reason) = file.unread() else {
            continue;
        };
        if parameters.allow.matches(&file.name) {
            excused.push(file.name.clone());
        } else {
            unread.push((&file.name, reason));
        }
    }
    let outcome = if facts.models.is_empty() {
        Outcome::NotApplicable("there is no file to inspect".to_owned())
    } else if unread.is_empty() {
        facts.over_the_tree(Vec::new())
    } else {
        let shown = unread.iter().take(SHOWN);
        let shown: Vec<String> = shown
            .map(|(name, reason)| format!("`{name}`: {reason}"))
            .collect();
        let more = match unread.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!("; and {more} more files"),
        };
        Outcome::Inconclusive(format!("{}{more}", shown.join("; ")))
    };
    Judgement { outcome, excused }
}
