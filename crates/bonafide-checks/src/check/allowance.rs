//! `allow`: files that the policy, never the signer, excuses by name.

use bonafide_core::{Finding, RawName, Subject};
use globset::{GlobBuilder, GlobMatcher};
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
    /// The judgement of a check over files that no signature covers: those that
    /// `message` speaks of are findings, unless they are excused.
    pub(super) fn judge(
        &self,
        facts: &Facts<'_>,
        message: impl Fn(&GapReason) -> Option<String>,
    ) -> Judgement {
        if let Some(outcome) = facts.without_manifest() {
            return outcome.into();
        }
        let mut excused = Vec::new();
        let mut findings = Vec::new();
        for gap in facts.survey.uncovered() {
            let Some(message) = message(&gap.reason) else {
                continue;
            };
            if self.allow.excuses(&gap.name) {
                excused.push(gap.name.clone());
            } else {
                findings.push(Finding::new(Subject::File(gap.name.clone()), message));
            }
        }
        Judgement {
            outcome: facts.over_the_tree(findings),
            excused,
        }
    }
}

/// Compiled globs.
#[derive(Debug, Default)]
struct Allowance(Vec<GlobMatcher>);

impl Allowance {
    fn excuses(&self, name: &RawName) -> bool {
        use std::os::unix::ffi::OsStrExt as _;
        let path = std::ffi::OsStr::from_bytes(name.as_bytes());
        self.0.iter().any(|glob| glob.is_match(path))
    }
}

/// One glob, so that an error names the entry of the list that is wrong.
struct Glob(GlobMatcher);

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        GlobBuilder::new(&text)
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .map(|glob| Self(glob.compile_matcher()))
            .map_err(|error| serde::de::Error::custom(format!("invalid glob: {}", error.kind())))
    }
}

impl<'de> Deserialize<'de> for Allowance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let globs = Vec::<Glob>::deserialize(deserializer)?;
        Ok(Self(globs.into_iter().map(|glob| glob.0).collect()))
    }
}
