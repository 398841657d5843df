//! `allow`: files that the policy, never the signer, excuses by name.

use bonafide_core::{Finding, Outcome, RawName, Subject};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Deserializer};

use crate::declaration::{Judgement, Parameter};
use crate::facts::Facts;
use crate::survey::GapReason;

/// Documentation of the parameter, shared by the checks that take it.
pub(super) const ALLOW: Parameter = Parameter {
    name: "allow",
    kind: "list of globs",
    default: "[]",
    effect: "names below the root that are excused; `*` stays within a directory, `**` does not. \
             Every excused file is listed in the report",
};

/// The parameters of a check that takes `allow` alone.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Parameters {
    allow: Allowance,
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
            return outcome.into();
        }
        let mut excused = Vec::new();
        let mut findings = Vec::new();
        let mut undecided = None;
        for gap in facts.survey.uncovered() {
            let concern = concern(&gap.reason);
            if concern == Concern::OfAnother {
                continue;
            }
            if self.allow.excuses(&gap.name) {
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

/// Most globs in a list, and characters in a glob.
const MOST: usize = 1_000;

/// Compiled globs.
#[derive(Debug, Default)]
struct Allowance(Vec<GlobSet>);

impl Allowance {
    fn excuses(&self, name: &RawName) -> bool {
        use std::os::unix::ffi::OsStrExt as _;
        let path = std::ffi::OsStr::from_bytes(name.as_bytes());
        self.0.iter().any(|glob| glob.is_match(path))
    }
}

/// One glob, so that an error names the entry of the list that is wrong.
struct OneGlob(GlobSet);

impl<'de> Deserialize<'de> for OneGlob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let refused = |reason: &str| serde::de::Error::custom(format!("invalid glob: {reason}"));
        if text.is_empty() || text.len() > MOST {
            return Err(refused("it is empty or too long"));
        }
        // `[!x]` would match a `/`, so that a glob for one directory reached into others.
        if text.replace("\\\\", "").replace("\\[", "").contains('[') {
            return Err(refused(
                "character classes are not supported; write `\\[` for a bracket",
            ));
        }
        GlobBuilder::new(&text)
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .and_then(|glob| GlobSetBuilder::new().add(glob).build())
            .map(Self)
            .map_err(|error| refused(&error.kind().to_string()))
    }
}

impl<'de> Deserialize<'de> for Allowance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let globs = Vec::<OneGlob>::deserialize(deserializer)?;
        if globs.len() > MOST {
            return Err(serde::de::Error::custom(format!("more than {MOST} globs")));
        }
        Ok(Self(globs.into_iter().map(|glob| glob.0).collect()))
    }
}
