//! `allow`: files that the policy, never the signer, excuses by name.

use bonafide_core::RawName;
use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Deserializer};

use crate::declaration::Parameter;

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
    pub(super) allow: Allowance,
}

/// Compiled globs.
#[derive(Debug, Default)]
pub(super) struct Allowance(Vec<GlobMatcher>);

impl Allowance {
    pub(super) fn excuses(&self, name: &RawName) -> bool {
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
