//! `allow`: files that the policy, never the signer, excuses by name.

use bonafide_core::{Finding, Outcome, Subject};
use serde::Deserialize;

use super::unsigned::Unsigned;
use crate::declaration::{Judgement, Parameter};
use crate::facts::Facts;
use crate::globs::Globs;
use crate::survey::GapReason;

/// Documentation of the parameter, shared by the checks that take it.
pub(super) const ALLOW: Parameter = Parameter {
    name: "allow",
    kind: "list of globs",
    default: "[]",
    effect: "names below the root that are excused; `*` stays within a directory, `**` does not. \
             Every excused file is listed in the report",
};

/// The parameters of a check of files that no signature covers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Parameters {
    allow: Globs,
    without_signature: Unsigned,
}

impl Parameters {
    /// The judgement of a check over entries that no signature covers, unless
    /// they are excused.
    pub(super) fn judge(
        &self,
        facts: &Facts<'_>,
        concern: impl Fn(&GapReason) -> Concern,
    ) -> Judgement {
        if let Some(outcome) = facts.without_manifest() {
            return self.without_signature.instead_of(outcome).into();
        }
        let mut excused = Vec::new();
        let mut findings = Vec::new();
        let mut undecided = None;
        for gap in facts.survey.uncovered() {
            let concern = concern(&gap.reason);
            if concern == Concern::OfAnother {
                continue;
            }
            if self.allow.matches(&gap.name) {
                excused.push(gap.name.clone());
                continue;
            }
            match concern {
                Concern::OfAnother => {}
                Concern::Undecided => {
                    undecided.get_or_insert(format!("`{}` is {}", gap.name, gap.reason));
                }
                Concern::Finding(message) => {
                    findings.push(Finding::new(Subject::File(gap.name.clone()), message));
                }
            }
        }
        let outcome = match undecided {
            Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason),
            _ => facts.over_the_tree(findings),
        };
        Judgement { outcome, excused }
    }
}

/// What an entry that is not covered means to a check.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Concern {
    /// Another check speaks of it.
    OfAnother,
    /// It is a finding.
    Finding(String),
    /// It cannot be judged here, and must not pass if the check that can is not in force.
    Undecided,
}
